package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Whole pages of zeros between two that cannot be accessed. */
final class GuardedMemory implements AutoCloseable {
    private static final long PAGE = 4096;
    private static final int NO_ACCESS = 0;
    private static final int READ_WRITE = 1 | 2;
    /** Private, anonymous, and nothing reserved before it is used. */
    private static final int FLAGS = 0x2 | 0x20 | 0x4000;

    private static final MethodHandle MAP = handle("mmap", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG));
    private static final MethodHandle PROTECT = handle("mprotect", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle UNMAP = handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final long bytes;
    private final long address;
    private boolean closed;

    /** @param bytes a multiple of the pages' 4096 */
    GuardedMemory(long bytes) {
        this.bytes = bytes;
        try {
            long all = (long) MAP.invokeExact(0L, bytes + 2 * PAGE, NO_ACCESS, FLAGS, -1, 0L);
            if (all == -1) {
                throw new OutOfMemoryError(bytes + " bytes");
            }
            address = all + PAGE;
            if ((int) PROTECT.invokeExact(address, bytes, READ_WRITE) != 0) {
                throw new OutOfMemoryError(bytes + " bytes");
            }
        } catch (RuntimeException | Error exception) {
            throw exception;
        } catch (Throwable throwable) {
            throw new IllegalStateException(throwable);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor types) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types);
    }

    MemorySegment segment() {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                int ignored = (int) UNMAP.invokeExact(address - PAGE, bytes + 2 * PAGE);
            } catch (RuntimeException | Error exception) {
                throw exception;
            } catch (Throwable throwable) {
                throw new IllegalStateException(throwable);
            }
        }
    }
}
