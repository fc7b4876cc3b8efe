package org.mcrc.runtime.engine.cuda;

/** Memory of a {@link CudaDevice}. */
final class CudaBuffer implements Device.Buffer {
    private final CudaDevice device;
    private final CudaPointers.OnDevice pointer;
    private final long bytes;
    private boolean closed;

    CudaBuffer(CudaDevice device, CudaPointers.OnDevice pointer, long bytes) {
        this.device = device;
        this.pointer = pointer;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Where it is. */
    long address() {
        return pointer().address();
    }

    CudaPointers.OnDevice pointer() {
        if (closed) {
            throw new IllegalStateException("the buffer is closed");
        }
        return pointer;
    }

    @Override
    public void close() {
        if (!closed) {
            device.free(this);
            closed = true;
        }
    }
}
