package org.mcrc.runtime.engine.cuda;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The driver's answers. */
final class CudaError {
    private CudaError() {
    }

    /** @throws IllegalStateException unless an answer is success, with what was to be done */
    static void require(int result, String what) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException(what + " failed: " + text(result));
        }
    }

    /** Its name and what it means: {@code CUDA_ERROR_ILLEGAL_ADDRESS, an illegal memory access was encountered}. */
    static String text(int result) {
        String[] name = new String[1];
        String[] meaning = new String[1];
        boolean known = JCudaDriver.cuGetErrorName(result, name) == CUresult.CUDA_SUCCESS
                && JCudaDriver.cuGetErrorString(result, meaning) == CUresult.CUDA_SUCCESS;
        return known ? name[0] + ", " + meaning[0] : "error " + result;
    }
}
