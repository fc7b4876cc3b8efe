package org.mcrc.runtime.engine.cuda;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one GPU that all engines of a process share: one after another, unless they are made {@link #apart}. Opened when the
 * first of them asks for it.
 */
public final class SharedCudaDevice {
    private static final ScopedValue<CudaDevice> OWN = ScopedValue.newInstance();

    private static CudaDevice device;

    private SharedCudaDevice() {}

    /**
     * The device.
     *
     * @throws org.mcrc.runtime.InputError where none can be used, with the reason and what to do
     */
    public static CudaDevice get() {
        return OWN.isBound() ? OWN.get() : shared();
    }

    private static synchronized CudaDevice shared() {
        if (device == null) {
            device = CudaDevice.open();
        }
        return device;
    }

    /**
     * Runs something whose engines have a stream of launches of their own: of several threads that do so, the GPU runs as
     * many kernels at once as it has room for.
     *
     * @throws org.mcrc.runtime.InputError as {@link #get}
     */
    public static <T> T apart(Supplier<T> work) {
        try (CudaDevice own = CudaDevice.open()) {
            return ScopedValue.where(OWN, own).call(work::get);
        }
    }

    /** Why no GPU can be used on this computer, as one clause; empty where one can. */
    public static Optional<String> absence() {
        return CudaDriver.find() instanceof CudaDriver.Absent absent ? Optional.of(absent.reason()) : Optional.empty();
    }
}
