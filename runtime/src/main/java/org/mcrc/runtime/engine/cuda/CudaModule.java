package org.mcrc.runtime.engine.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** Kernels of a {@link CudaDevice}. */
final class CudaModule implements Device.Module {
    private final CudaDevice device;
    private final String name;
    private final CUmodule module;
    private final List<KernelResources> resources;
    private final Map<String, CudaKernel> kernels = new LinkedHashMap<>();
    private boolean closed;

    CudaModule(CudaDevice device, String name, Cubin cubin) {
        this.device = device;
        this.name = name;
        resources = cubin.kernels();
        module = new CUmodule();
        CudaError.require(JCudaDriver.cuModuleLoadData(module, cubin.bytes()), "loading the kernels of " + name);
        try {
            for (KernelResources kernel : resources) {
                kernels.put(kernel.kernel(), new CudaKernel(module, kernel.kernel()));
            }
        } catch (RuntimeException failure) {
            JCudaDriver.cuModuleUnload(module);
            throw failure;
        }
    }

    CudaKernel kernel(String kernel) {
        CudaKernel found = kernels.get(kernel);
        if (closed || found == null) {
            throw new IllegalStateException("kernel " + kernel + " cannot be launched: " + name + " "
                    + (closed ? "is closed" : "has only " + String.join(", ", kernels.keySet())));
        }
        return found;
    }

    /** What its kernels take. */
    List<KernelResources> resources() {
        return resources;
    }

    @Override
    public void close() {
        if (!closed) {
            device.unload(this, module);
            closed = true;
        }
    }
}
