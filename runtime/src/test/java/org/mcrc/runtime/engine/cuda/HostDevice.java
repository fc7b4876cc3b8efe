package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.mcrc.runtime.InputError;

/**
 * A device without a graphics processor: it runs the very texts of kernels on this computer, a fiber for each thread, and
 * is as unkind as the interface allows. Nothing runs before {@link #synchronize}, so that what was not waited for is not
 * there; shared memory and what a copy has not yet brought is not a number; an access out of bounds, a misaligned one, a
 * barrier that not all threads come to, or a copy that is not waited for is an error with its place. What it shows by the
 * order of threads is seen where a kernel's results in all orders are compared.
 */
public final class HostDevice implements Device {
    /** In which order the threads of a block run between two barriers, and the blocks. */
    public enum Order {
        ASCENDING,
        DESCENDING,
        /** By fixed random numbers, others in each block; its warps take turns at what all their lanes do together. */
        SHUFFLED
    }

    private static final int MAXIMAL_THREADS = 1024;
    /** Of a block, in bytes: the most that any processor up to now gives. */
    private static final int MAXIMAL_SHARED = 227 * 1024;
    private static final int MAXIMAL_BLOCKS_YZ = 65535;
    private static final int MESSAGE = 8192;
    private static final int SECONDS = 600;
    private static final int STAGING_BYTES = 1 << 10;
    private static final byte POISON = (byte) 0xff;
    private static final MemorySegment POISONED = Arena.global().allocate(HostBuffer.PAGE).fill(POISON);
    /** Faults are caught for the whole process, and a library's state is one: launches of all devices run one by one. */
    private static final Object LAUNCHES = new Object();

    private final Order order;
    private final long memory;
    private final int seconds;
    private final boolean warpgroups;
    private final Arena arena = Arena.ofShared();
    private final Set<HostBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<HostModule> modules = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<MemorySegment> hostMemory = new ArrayList<>();
    private final List<Runnable> pending = new ArrayList<>();
    private List<Runnable> recorded;
    private long used;
    private String failure;
    private ByteBuffer staging;
    private boolean closed;

    public HostDevice() {
        this(Order.ASCENDING, 1L << 32);
    }

    /** @param memory so many bytes it says to have */
    public HostDevice(Order order, long memory) {
        this(order, memory, SECONDS);
    }

    /** @param seconds after which a launch is said not to end */
    HostDevice(Order order, long memory, int seconds) {
        this(order, memory, seconds, false);
    }

    /** @param warpgroups whether its tensor cores multiply as those of sm_90a: in warpgroups, and in pairs of blocks */
    public HostDevice(Order order, long memory, boolean warpgroups) {
        this(order, memory, SECONDS, warpgroups);
    }

    private HostDevice(Order order, long memory, int seconds, boolean warpgroups) {
        this.order = order;
        this.memory = memory;
        this.seconds = seconds;
        this.warpgroups = warpgroups;
    }

    /** Whether this computer has what it needs: Linux and g++ 12 or later. */
    public static boolean available() {
        return HostCompiler.available();
    }

    /** Skips a test where it is not {@link #available}. */
    public static void assumeAvailable() {
        Assumptions.assumeTrue(available(), "kernels are not tested: that needs Linux and g++ 12 or later");
    }

    /** An odd number, as few devices have. */
    @Override
    public int multiprocessors() {
        return 7;
    }

    @Override
    public boolean multipliesInWarpgroups() {
        return warpgroups;
    }

    @Override
    public String description() {
        return "this computer in place of a graphics processor, threads " + order.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long freeBytes() {
        return memory - used;
    }

    @Override
    public Module load(String name, String source) {
        notWhileRecording("load " + name);
        HostModule module = new HostModule(this, HostCompiler.compile(name, source, warpgroups));
        modules.add(module);
        return module;
    }

    @Override
    public Buffer allocate(long bytes) {
        notWhileRecording("allocate " + bytes + " bytes");
        if (bytes > freeBytes()) {
            throw new InputError("The device has no memory for " + bytes + " bytes: " + freeBytes() + " are free.");
        }
        HostBuffer buffer = new HostBuffer(this, bytes);
        buffers.add(buffer);
        used += bytes;
        return buffer;
    }

    @Override
    public ByteBuffer hostMemory(int bytes) {
        notWhileRecording("allocate " + bytes + " bytes of this computer");
        MemorySegment result = arena.allocate(bytes, Long.BYTES).fill(POISON);
        hostMemory.add(result);
        return result.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void freeHostMemory(ByteBuffer freed) {
        long address = MemorySegment.ofBuffer(freed.duplicate().clear()).address();
        hostMemory.removeIf(each -> each.address() == address);
    }

    /** So little that larger arrays go in pieces. */
    @Override
    public ByteBuffer staging() {
        if (staging == null) {
            staging = hostMemory(STAGING_BYTES);
        }
        return staging.clear();
    }

    @Override
    public void copyToDevice(ByteBuffer from, Buffer to, long offset) {
        MemorySegment source = hostSegment(from, to);
        HostBuffer target = own(to);
        add(() -> target.segment().asSlice(offset, source.byteSize()).copyFrom(source));
    }

    @Override
    public void copyToHost(Buffer from, long offset, ByteBuffer to) {
        MemorySegment target = hostSegment(to, from);
        HostBuffer source = own(from);
        if (recorded == null) {
            target.fill(POISON);
        }
        add(() -> target.copyFrom(source.segment().asSlice(offset, target.byteSize())));
    }

    @Override
    public void copy(Buffer from, long fromOffset, Buffer to, long toOffset, long bytes) {
        HostBuffer source = own(from);
        HostBuffer target = own(to);
        source.segment().asSlice(fromOffset, bytes);
        target.segment().asSlice(toOffset, bytes);
        add(() -> target.segment().asSlice(toOffset, bytes).copyFrom(source.segment().asSlice(fromOffset, bytes)));
    }

    @Override
    public void launch(Module module, Launch launch) {
        HostModule kernels = (HostModule) module;
        if (kernels.device != this) {
            throw new IllegalStateException("kernel " + launch.kernel() + " is of another device");
        }
        kernels.check(launch);
        add(() -> run(kernels, launch));
    }

    @Override
    public Recording record(Runnable work) {
        notWhileRecording("record");
        recorded = new ArrayList<>();
        try {
            work.run();
            return new HostRecording(this, List.copyOf(recorded));
        } finally {
            recorded = null;
        }
    }

    @Override
    public void synchronize() {
        notWhileRecording("synchronize");
        notFailed();
        List<Runnable> work = List.copyOf(pending);
        pending.clear();
        try {
            work.forEach(Runnable::run);
        } catch (RuntimeException exception) {
            failure = exception.getMessage();
            throw exception;
        }
    }

    /** What still waits is not run. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pending.clear();
            List.copyOf(modules).forEach(HostModule::close);
            List.copyOf(buffers).forEach(HostBuffer::close);
            arena.close();
        }
    }

    private void add(Runnable work) {
        notFailed();
        (recorded == null ? pending : recorded).add(work);
    }

    /** As on a graphics processor: after a kernel's failure nothing can be used. */
    private void notFailed() {
        if (closed) {
            throw new IllegalStateException("the device is closed");
        }
        if (failure != null) {
            throw new IllegalStateException("the device failed before: " + failure);
        }
    }

    private void notWhileRecording(String what) {
        if (recorded != null) {
            throw new IllegalStateException("cannot " + what + " while launches are recorded");
        }
    }

    /** Freeing waits for what uses the memory. */
    private void beforeFreeing() {
        notWhileRecording("free");
        if (!closed && failure == null) {
            synchronize();
        }
    }

    private HostBuffer own(Buffer buffer) {
        HostBuffer result = (HostBuffer) buffer;
        if (result.device != this) {
            throw new IllegalStateException("a buffer of another device");
        }
        result.segment();
        return result;
    }

    /** Memory of this computer that the device reaches. */
    private MemorySegment own(ByteBuffer memory) {
        MemorySegment segment = MemorySegment.ofBuffer(memory);
        if (segment.byteSize() > 0 && hostMemory.stream().noneMatch(all -> all.asOverlappingSlice(segment)
                .filter(slice -> slice.byteSize() == segment.byteSize()).isPresent())) {
            throw new IllegalStateException("the device copies only from and to memory that it gave");
        }
        return segment;
    }

    private MemorySegment hostSegment(ByteBuffer memory, Buffer buffer) {
        MemorySegment segment = own(memory);
        if (memory.remaining() > buffer.bytes()) {
            throw new IllegalStateException("copy of " + memory.remaining() + " bytes, the buffer has " + buffer.bytes());
        }
        return segment;
    }

    private void run(HostModule module, Launch launch) {
        try (Arena values = Arena.ofConfined()) {
            List<HostBuffer> used = new ArrayList<>();
            MemorySegment arguments = values.allocate(ValueLayout.ADDRESS, Math.max(1, launch.arguments().size()));
            for (int index = 0; index < launch.arguments().size(); index++) {
                MemorySegment value = switch (launch.arguments().get(index)) {
                    case HostBuffer buffer -> {
                        used.add(buffer);
                        yield values.allocateFrom(ValueLayout.ADDRESS, buffer.segment());
                    }
                    case ByteBuffer memory -> values.allocateFrom(ValueLayout.ADDRESS, MemorySegment.ofBuffer(memory));
                    case Integer number -> values.allocateFrom(ValueLayout.JAVA_INT, number);
                    case Long number -> values.allocateFrom(ValueLayout.JAVA_LONG, number);
                    case Float number -> values.allocateFrom(ValueLayout.JAVA_FLOAT, number);
                    case Double number -> values.allocateFrom(ValueLayout.JAVA_DOUBLE, number);
                    default -> throw new IllegalStateException("argument " + index);
                };
                arguments.setAtIndex(ValueLayout.ADDRESS, index, value);
            }
            MemorySegment message = values.allocate(MESSAGE);
            MemorySegment address = values.allocate(ValueLayout.JAVA_LONG);
            int succeeded;
            synchronized (LAUNCHES) {
                succeeded = (int) module.launch().invokeExact(values.allocateFrom(launch.kernel()), launch.gridX(),
                        launch.gridY(), launch.gridZ(), launch.blockX(), launch.sharedBytes(), arguments, order.ordinal(),
                        seconds, message, MESSAGE, address);
            }
            if (succeeded == 0) {
                throw new IllegalStateException(message.getString(0)
                        + place(address.get(ValueLayout.JAVA_LONG, 0), launch));
            }
            for (HostBuffer buffer : used) {
                buffer.checkMargins("kernel " + launch.kernel(), launch.arguments().indexOf(buffer));
            }
        } catch (RuntimeException | Error exception) {
            throw exception;
        } catch (Throwable throwable) {
            throw new IllegalStateException(throwable);
        }
    }

    /** Where an access out of bounds was, by the buffer that is nearest to it. */
    private String place(long address, Launch launch) {
        HostBuffer nearest = null;
        for (HostBuffer buffer : buffers) {
            if (address != 0 && (nearest == null || buffer.distance(address) < nearest.distance(address))) {
                nearest = buffer;
            }
        }
        if (nearest == null || nearest.distance(address) > HostBuffer.PAGE) {
            return "";
        }
        int argument = launch.arguments().indexOf(nearest);
        return ": at byte " + (address - nearest.segment().address()) + " of a buffer of " + nearest.bytes() + " bytes"
                + (argument < 0 ? ", which is no argument" : ", argument " + argument);
    }

    private static final class HostRecording implements Recording {
        private final HostDevice device;
        private final List<Runnable> work;
        private boolean closed;

        HostRecording(HostDevice device, List<Runnable> work) {
            this.device = device;
            this.work = work;
        }

        @Override
        public void play() {
            if (closed) {
                throw new IllegalStateException("the recording is closed");
            }
            device.notWhileRecording("play a recording");
            device.notFailed();
            device.pending.addAll(work);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A loaded library of kernels. */
    private static final class HostModule implements Module {
        private static final Linker LINKER = Linker.nativeLinker();

        private final HostDevice device;
        private final Arena arena = Arena.ofShared();
        private final Map<String, Integer> bounds;
        private final MethodHandle parameters;
        private final MethodHandle launch;

        HostModule(HostDevice device, HostCompiler.Library library) {
            this.device = device;
            bounds = library.bounds();
            SymbolLookup symbols = SymbolLookup.libraryLookup(library.file(), arena);
            parameters = LINKER.downcallHandle(symbols.findOrThrow("mcrc_host_parameters"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            launch = LINKER.downcallHandle(symbols.findOrThrow("mcrc_host_launch"), FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));
        }

        MethodHandle launch() {
            notClosed();
            return launch;
        }

        /** That a launch is one that the kernel and a graphics processor can take. */
        void check(Launch launch) {
            notClosed();
            String kernel = "kernel " + launch.kernel();
            String expected = letters(launch.kernel());
            StringBuilder given = new StringBuilder();
            for (Object argument : launch.arguments()) {
                given.append(switch (argument) {
                    case HostBuffer buffer -> {
                        device.own(buffer);
                        yield 'p';
                    }
                    case ByteBuffer memory -> {
                        device.own(memory);
                        yield 'p';
                    }
                    case Integer number -> 'i';
                    case Long number -> 'l';
                    case Float number -> 'f';
                    case Double number -> 'd';
                    default -> throw new IllegalStateException(kernel + ": an argument is a " + argument.getClass());
                });
            }
            if (!expected.contentEquals(given)) {
                throw new IllegalStateException(kernel + ": arguments of the types \"" + given + "\", its parameters are \""
                        + expected + "\"");
            }
            if (launch.gridX() < 1 || launch.gridY() < 1 || launch.gridZ() < 1 || launch.gridY() > MAXIMAL_BLOCKS_YZ
                    || launch.gridZ() > MAXIMAL_BLOCKS_YZ) {
                throw new IllegalStateException(kernel + ": no grid of " + launch.gridX() + " x " + launch.gridY() + " x "
                        + launch.gridZ() + " blocks");
            }
            int bound = bounds.getOrDefault(launch.kernel(), MAXIMAL_THREADS);
            if (launch.blockX() < 1 || launch.blockX() > bound) {
                throw new IllegalStateException(kernel + ": no block of " + launch.blockX() + " threads, at most " + bound);
            }
            if (launch.sharedBytes() < 0 || launch.sharedBytes() > MAXIMAL_SHARED) {
                throw new IllegalStateException(kernel + ": no " + launch.sharedBytes() + " bytes of shared memory");
            }
        }

        private String letters(String kernel) {
            try (Arena values = Arena.ofConfined()) {
                MemorySegment result = (MemorySegment) parameters.invokeExact(values.allocateFrom(kernel));
                if (result.equals(MemorySegment.NULL)) {
                    throw new IllegalStateException("there is no kernel " + kernel);
                }
                return result.reinterpret(Long.MAX_VALUE).getString(0);
            } catch (RuntimeException | Error exception) {
                throw exception;
            } catch (Throwable throwable) {
                throw new IllegalStateException(throwable);
            }
        }

        private void notClosed() {
            if (!arena.scope().isAlive()) {
                throw new IllegalStateException("the module is closed");
            }
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                device.beforeFreeing();
                device.modules.remove(this);
                arena.close();
            }
        }
    }

    /**
     * Memory that ends where a page begins that cannot be accessed, and begins behind another one: but for a margin, which
     * is looked at after each launch. Aligned to 16 bytes and no more, as far as its size allows.
     */
    private static final class HostBuffer implements Buffer {
        static final long PAGE = 4096;
        private static final int ALIGNMENT = 16;

        private final HostDevice device;
        private final long bytes;
        private final GuardedMemory pages;
        private final MemorySegment segment;

        HostBuffer(HostDevice device, long bytes) {
            this.device = device;
            this.bytes = bytes;
            pages = new GuardedMemory(Math.max(1, (bytes + PAGE - 1) / PAGE) * PAGE);
            MemorySegment all = pages.segment();
            long end = all.byteSize() - Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
            segment = all.asSlice(end, bytes);
            before().fill(POISON);
            behind().fill(POISON);
        }

        private MemorySegment before() {
            return pages.segment().asSlice(0, segment.address() - pages.segment().address());
        }

        private MemorySegment behind() {
            return pages.segment().asSlice(before().byteSize() + bytes);
        }

        MemorySegment segment() {
            if (pages.closed()) {
                throw new IllegalStateException("a buffer of " + bytes + " bytes is used after it was closed");
            }
            return segment;
        }

        void checkMargins(String who, int argument) {
            for (MemorySegment margin : List.of(before(), behind())) {
                long at = margin.mismatch(POISONED.asSlice(0, margin.byteSize()));
                if (at >= 0) {
                    throw new IllegalStateException(who + ": write out of bounds: at byte "
                            + (margin.address() + at - segment.address()) + " of a buffer of " + bytes + " bytes, argument "
                            + argument);
                }
            }
        }

        /** Of an address from the buffer, in bytes. */
        long distance(long address) {
            long first = segment.address();
            return address < first ? first - address : Math.max(0, address - (first + bytes) + 1);
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (!pages.closed()) {
                device.beforeFreeing();
                device.buffers.remove(this);
                device.used -= bytes;
                pages.close();
            }
        }
    }
}
