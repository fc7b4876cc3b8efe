package org.mcrc.runtime.engine.cuda;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** A kernel in the device's memory. */
final class CudaKernel {
    private final String name;
    private final CUfunction function = new CUfunction();
    private final int staticShared;

    /** The dynamic shared memory that it may be launched with; every kernel may have 48 KiB in all. */
    private int dynamicShared;

    CudaKernel(CUmodule module, String name) {
        this.name = name;
        CudaError.require(JCudaDriver.cuModuleGetFunction(function, module, name), "looking up kernel " + name);
        // Drivers load a kernel only when something is asked of it, which they must not do while launches are recorded.
        staticShared = attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
        dynamicShared = attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        CudaError.require(JCudaDriver.cuFuncGetAttribute(value, attribute, function), "loading kernel " + name);
        return value[0];
    }

    /**
     * The function, which may then be launched with so much dynamic shared memory.
     *
     * @param most that a block of this device may have, with what the kernel has statically
     */
    CUfunction function(int shared, int most) {
        if (shared > dynamicShared) {
            if (shared + staticShared > most) {
                throw new IllegalStateException("kernel " + name + " needs " + (shared + staticShared)
                        + " bytes of shared memory, and a block of this GPU may have " + most);
            }
            CudaError.require(JCudaDriver.cuFuncSetAttribute(function,
                    CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, shared),
                    "asking for " + shared + " bytes of shared memory for kernel " + name);
            dynamicShared = shared;
        }
        return function;
    }
}
