package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** JCuda's pointers with the addresses that they have, which JCuda itself does not tell. */
final class CudaPointers {
    private CudaPointers() {
    }

    /** To memory of this computer that stays where it is. */
    static Pointer to(MemorySegment segment) {
        return new Host(segment.address());
    }

    /** To a direct buffer's next byte. */
    static Pointer to(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a buffer in the heap is none that a device copies from or to");
        }
        return to(MemorySegment.ofBuffer(buffer));
    }

    /** To memory of this computer. */
    private static final class Host extends Pointer {
        Host(long address) {
            super(address);
        }
    }

    /** To memory of the device. */
    static final class OnDevice extends CUdeviceptr {
        long address() {
            return getNativePointer();
        }
    }
}
