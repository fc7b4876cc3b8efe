package org.mcrc.runtime.engine.cuda;

import java.util.Optional;

/** The one GPU that all engines of a process share, one after another; opened when the first of them asks for it. */
public final class SharedCudaDevice {
    private static CudaDevice device;

    private SharedCudaDevice() {}

    /**
     * The device.
     *
     * @throws org.mcrc.runtime.InputError where none can be used, with the reason and what to do
     */
    public static synchronized CudaDevice get() {
        if (device == null) {
            device = CudaDevice.open();
        }
        return device;
    }

    /** Why no GPU can be used on this computer, as one clause; empty where one can. */
    public static Optional<String> absence() {
        return CudaDriver.find() instanceof CudaDriver.Absent absent ? Optional.of(absent.reason()) : Optional.empty();
    }
}
