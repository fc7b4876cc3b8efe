package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.cuda.HostDevice.Order;

/** That the device for tests computes what kernels say, and that each fault that it should see is seen, with its place. */
class HostDeviceTest {
    private static final long MEMORY = 1 << 26;

    private static final String ADD = """
            // device
            extern "C" __global__ void __launch_bounds__(256) add(const float *first, const float *second, float *sum,
                                                                   int count) {
                const int index = blockIdx.x * blockDim.x + threadIdx.x;
                if (index < count) {
                    sum[index] = first[index] + second[index];
                }
            }
            """;

    private static final String REDUCE = """
            // device
            extern "C" __global__ void reduce(const int *values, int *sums) {
                __shared__ int part[256];
                part[threadIdx.x] = values[blockIdx.x * 256 + threadIdx.x];
                __syncthreads();
                for (int step = 128; step > 0; step /= 2) {
                    if (threadIdx.x < step) {
                        part[threadIdx.x] += part[threadIdx.x + step];
                    }
                    __syncthreads();
                }
                if (threadIdx.x == 0) {
                    sums[blockIdx.x] = part[0];
                }
            }
            """;

    /** Square matrices, a tile of 16 x 16 a block. */
    private static final String MULTIPLY = """
            // device
            extern "C" __global__ void multiply(const float *rows, const float *columns, float *product, int size) {
                MCRC_DYNAMIC_SHARED(float, shared);
                float *const left = shared;
                float *const right = shared + 256;
                const int x = threadIdx.x % 16;
                const int y = threadIdx.x / 16;
                float sum = 0;
                for (int from = 0; from < size; from += 16) {
                    left[y * 16 + x] = rows[(blockIdx.y * 16 + y) * size + from + x];
                    right[y * 16 + x] = columns[(from + y) * size + blockIdx.x * 16 + x];
                    __syncthreads(); // filled
                    for (int index = 0; index < 16; index++) {
                        sum += left[y * 16 + index] * right[index * 16 + x];
                    }
                    __syncthreads(); // read
                }
                product[(blockIdx.y * 16 + y) * size + blockIdx.x * 16 + x] = sum;
            }
            """;

    /** A matrix of 16 x 16 by one of 16 x 8, given by rows; the second by columns where it is loaded transposed. */
    private static final String TENSOR = """
            // device
            extern "C" __global__ void tensor(const float *rows, const float *columns, float *product, int transposed) {
                __shared__ __align__(16) unsigned short left[16 * 16];
                __shared__ __align__(16) unsigned short right[32 * 8];
                const int lane = threadIdx.x;
                for (int index = lane; index < 256; index += 32) {
                    left[index] = mcrc_to_half(rows[index]);
                }
                // By rows of 8 elements; by columns of 16: two matrices of 8 x 8, the first for elements 0 to 7.
                for (int index = lane; index < 128; index += 32) {
                    const int row = index / 8;
                    const int column = index % 8;
                    right[transposed != 0 ? index : row / 8 * 64 + column * 8 + row % 8] = mcrc_to_half(columns[index]);
                }
                __syncthreads();
                unsigned a[4];
                mcrc_load_matrices(a, left + lane % 16 * 16 + lane / 16 * 8);
                unsigned b[4];
                if (transposed != 0) {
                    mcrc_load_transposed(b, right + lane * 8);
                } else {
                    mcrc_load_matrices(b, right + lane * 8);
                }
                float sum[4] = {1, 2, 3, 4};
                mcrc_multiply(sum, a, b[0], b[1]);
                const int row = lane / 4;
                const int column = lane % 4 * 2;
                product[row * 8 + column] = sum[0];
                product[row * 8 + column + 1] = sum[1];
                product[(row + 8) * 8 + column] = sum[2];
                product[(row + 8) * 8 + column + 1] = sum[3];
            }
            """;

    private static final String COPY = """
            // device
            extern "C" __global__ void copy(const float4 *from, float4 *to) {
                __shared__ __align__(16) float4 stage[2][64];
                const int thread = threadIdx.x;
                stage[0][thread] = make_float4(0, 1, 2, 3);
                mcrc_copy_16(&stage[0][thread], from + thread);
                mcrc_copy_commit();
                mcrc_copy_16(&stage[1][thread], from + 64 + thread);
                mcrc_copy_commit();
                mcrc_copy_wait<1>();
                to[thread] = stage[0][thread];
                mcrc_copy_wait<0>();
                to[64 + thread] = stage[1][thread];
            }
            """;

    private static final String HALVES = """
            // device
            extern "C" __global__ void widen(float *values, unsigned short *again) {
                const int index = blockIdx.x * 256 + threadIdx.x;
                values[index] = mcrc_from_half(index);
                again[index] = mcrc_to_half(values[index]);
            }

            extern "C" __global__ void narrow(const float *values, unsigned short *halves, int count) {
                const int index = blockIdx.x * 256 + threadIdx.x;
                if (index < count) {
                    halves[index] = mcrc_to_half(values[index]);
                }
            }
            """;

    @BeforeAll
    static void available() {
        HostDevice.assumeAvailable();
    }

    private static HostDevice device(Order order) {
        return new HostDevice(order, MEMORY);
    }

    private static Device.Buffer floats(HostDevice device, float... values) {
        ByteBuffer memory = device.hostMemory(values.length * Float.BYTES);
        memory.asFloatBuffer().put(values);
        Device.Buffer buffer = device.allocate(memory.capacity());
        device.copyToDevice(memory, buffer);
        return buffer;
    }

    private static Device.Buffer integers(HostDevice device, int... values) {
        ByteBuffer memory = device.hostMemory(values.length * Integer.BYTES);
        memory.asIntBuffer().put(values);
        Device.Buffer buffer = device.allocate(memory.capacity());
        device.copyToDevice(memory, buffer);
        return buffer;
    }

    private static ByteBuffer read(HostDevice device, Device.Buffer buffer) {
        ByteBuffer memory = device.hostMemory((int) buffer.bytes());
        device.copyToHost(buffer, memory);
        device.synchronize();
        return memory;
    }

    private static float[] readFloats(HostDevice device, Device.Buffer buffer) {
        float[] result = new float[(int) buffer.bytes() / Float.BYTES];
        read(device, buffer).asFloatBuffer().get(result);
        return result;
    }

    private static int[] readIntegers(HostDevice device, Device.Buffer buffer) {
        int[] result = new int[(int) buffer.bytes() / Integer.BYTES];
        read(device, buffer).asIntBuffer().get(result);
        return result;
    }

    private static Launch launch(String kernel, int blocks, int threads, Object... arguments) {
        return new Launch(kernel, blocks, 1, 1, threads, 0, List.of(arguments));
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] result = new float[count];
        for (int index = 0; index < count; index++) {
            result[index] = random.nextFloat() - 0.5f;
        }
        return result;
    }

    /** What a kernel of this body says that fails; its argument is a buffer of so many floats. */
    private static String failure(String body, int floats, int threads) {
        String text = "// device\nextern \"C\" __global__ void failing(float *values) {\n" + body + "\n}\n";
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Buffer values = device.allocate((long) floats * Float.BYTES);
            device.launch(device.load("failing", text), launch("failing", 2, threads, values));
            return assertThrows(IllegalStateException.class, device::synchronize).getMessage();
        }
    }

    private static void assertMatches(String pattern, String message) {
        assertTrue(Pattern.matches(pattern, message), message);
    }

    private static void assertFails(String pattern, String body, int floats, int threads) {
        assertMatches("kernel failing" + pattern, failure(body, floats, threads));
    }

    @ParameterizedTest
    @EnumSource
    void addition(Order order) {
        int count = 1000;
        float[] first = new float[count];
        float[] second = new float[count];
        float[] expected = new float[count];
        for (int index = 0; index < count; index++) {
            first[index] = index;
            second[index] = 3 * index + 0.5f;
            expected[index] = 4 * index + 0.5f;
        }
        try (HostDevice device = device(order)) {
            Device.Buffer sum = device.allocate(count * Float.BYTES);
            device.launch(device.load("addition", ADD), launch("add", 4, 256, floats(device, first), floats(device, second),
                    sum, count));
            assertArrayEquals(expected, readFloats(device, sum));
        }
    }

    @ParameterizedTest
    @EnumSource
    void reductionOfBlocks(Order order) {
        int[] values = new int[8 * 256];
        int[] expected = new int[8];
        for (int index = 0; index < values.length; index++) {
            values[index] = index;
        }
        for (int block = 0; block < expected.length; block++) {
            expected[block] = 256 * 256 * block + 255 * 128;
        }
        try (HostDevice device = device(order)) {
            Device.Buffer sums = device.allocate(expected.length * Integer.BYTES);
            device.launch(device.load("reduction", REDUCE), launch("reduce", 8, 256, integers(device, values), sums));
            assertArrayEquals(expected, readIntegers(device, sums));
        }
    }

    private static float[] product(String text, Order order) {
        int size = 64;
        try (HostDevice device = device(order)) {
            Device.Buffer product = device.allocate(size * size * Float.BYTES);
            device.launch(device.load("product", text), new Launch("multiply", size / 16, size / 16, 1, 256, 2048,
                    List.of(floats(device, random(size * size, 1)), floats(device, random(size * size, 2)), product, size)));
            return readFloats(device, product);
        }
    }

    @Test
    void productThroughSharedMemory() {
        int size = 64;
        float[] rows = random(size * size, 1);
        float[] columns = random(size * size, 2);
        float[] product = product(MULTIPLY, Order.ASCENDING);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                double expected = 0;
                for (int index = 0; index < size; index++) {
                    expected += (double) rows[row * size + index] * columns[index * size + column];
                }
                assertEquals(expected, product[row * size + column], 1e-5);
            }
        }
        assertArrayEquals(product, product(MULTIPLY, Order.DESCENDING));
        assertArrayEquals(product, product(MULTIPLY, Order.SHUFFLED));
    }

    @Test
    void aMissingBarrierIsSeen() {
        float[] product = product(MULTIPLY, Order.ASCENDING);
        for (String barrier : List.of("__syncthreads(); // filled", "__syncthreads(); // read")) {
            String without = MULTIPLY.replace(barrier, "");
            List<Order> different = new ArrayList<>();
            for (Order order : Order.values()) {
                float[] other = product(without, order);
                for (int index = 0; index < product.length; index++) {
                    if (product[index] != other[index]) {
                        different.add(order);
                        break;
                    }
                }
            }
            assertFalse(different.isEmpty(), barrier);
        }
    }

    @Test
    void anEarlyEndBeforeABarrierIsSeen() {
        assertEquals("kernel failing, block (0, 0, 0): not all threads come to the same barrier: threads 0 to 39 at"
                + " __syncthreads in line 4; threads 40 to 63 ended", failure("""
                if (threadIdx.x >= 40) return;
                __syncthreads();""", 1, 64));
    }

    @Test
    void differentBarriersAreSeen() {
        assertEquals("kernel failing, block (0, 0, 0): threads come to different barriers: thread 0 at __syncthreads in"
                + " line 4; threads 1 to 63 at __syncthreads in line 6", failure("""
                if (threadIdx.x == 0) {
                    __syncthreads();
                } else {
                    __syncthreads();
                }""", 1, 64));
    }

    @Test
    void aPartOfAWarpAtAShuffleIsSeen() {
        assertEquals("kernel failing, block (0, 0, 0): not all threads come to the same barrier: threads 0 to 15 at"
                + " __shfl_xor_sync in line 4; threads 16 to 63 at __syncthreads in line 6", failure("""
                if (threadIdx.x < 16) {
                    values[0] = __shfl_xor_sync(0xffffffffu, 1.0f, 1);
                }
                __syncthreads();""", 1, 64));
    }

    @Test
    void differentShufflesInAWarpAreSeen() {
        assertFails(", block \\(0, 0, 0\\): lanes of a warp come to different calls for all lanes: threads 0 to 7 at"
                + " __shfl_xor_sync in line 3; threads 8 to 31 at __shfl_down_sync in line 3; threads 32 to 63 did not wait",
                "values[0] = threadIdx.x < 8 ? __shfl_xor_sync(~0u, 1.0f, 1) : __shfl_down_sync(~0u, 1.0f, 1);", 1, 64);
        assertFails(", block \\(0, 0, 0\\): lanes of a warp come to different calls for all lanes: threads 0 to 7 at"
                + " __syncwarp in line 3; threads 8 to 31 at __syncwarp in line 4",
                "if (threadIdx.x < 8) __syncwarp();\nelse __syncwarp();", 1, 32);
        assertFails(", block \\(0, 0, 0\\), thread 32: __syncwarp in line 3: the block's last warp is not whole",
                "__syncwarp();", 1, 40);
        assertFails(", block \\(0, 0, 0\\), thread 0: __shfl_sync in line 3: for lanes 0x0000ffff instead of all",
                "values[0] = __shfl_sync(0xffffu, 1.0f, 1);", 1, 32);
    }

    @Test
    void accessesOutOfBoundsAreSeen() {
        assertFails(", block \\(0, 0, 0\\), thread 12: (write|access) out of bounds, address 0x[0-9a-f]+: at byte 48"
                + " of a buffer of 48 bytes, argument 0", "values[threadIdx.x] = 1;", 12, 32);
        assertFails(", block \\(1, 0, 0\\), thread 12: (read|access) out of bounds, address 0x[0-9a-f]+: at byte 176"
                + " of a buffer of 176 bytes, argument 0", "values[0] += values[blockIdx.x * 32 + threadIdx.x];", 44, 32);
        assertFails(": write out of bounds: at byte 40 of a buffer of 40 bytes, argument 0", "values[10] = 1;", 10, 1);
        assertFails(": write out of bounds: at byte -4 of a buffer of 40 bytes, argument 0", "values[-1] = 1;", 10, 1);
        assertFails(", block \\(0, 0, 0\\), thread 3: (write|access) out of bounds, address 0x10",
                "if (threadIdx.x == 3) *reinterpret_cast<int *>(16) = 1;", 10, 32);
        assertFails(", block \\(0, 0, 0\\), thread 3: access to a misaligned address, or to one that cannot be",
                "if (threadIdx.x == 3) *reinterpret_cast<char *>(-1ull / 3) = 1;", 10, 32);
    }

    @Test
    void accessesOutsideOfSharedMemoryAreSeen() {
        assertFails(", block \\(0, 0, 0\\), thread 10: line 4: index 10 is out of the bounds of 'float \\[10\\]'",
                "__shared__ float part[10];\npart[threadIdx.x] = 1;", 10, 32);
        assertFails(", block \\(0, 0, 0\\), thread 0: (write|access) behind the end of 0 bytes of dynamic shared memory",
                "MCRC_DYNAMIC_SHARED(float, part);\npart[threadIdx.x] = 1;", 10, 32);
        assertFails(", block \\(0, 0, 0\\): write before the beginning of dynamic shared memory",
                "MCRC_DYNAMIC_SHARED(float, part);\npart[-3] = 1;", 10, 32);
        assertFails(", block \\(0, 0, 0\\), thread 0: mcrc_load_matrices in line 4: no address of shared memory",
                "unsigned fragment[4];\nmcrc_load_matrices(fragment, values);", 12, 32);
        assertFails(", block \\(0, 0, 0\\), thread 1: mcrc_load_transposed in line 5: misaligned address", """
                __shared__ __align__(16) float part[64];
                unsigned fragment[4];
                mcrc_load_transposed(fragment, part + threadIdx.x);""", 12, 32);
    }

    @Test
    void tooLargeLocalVariablesAreSeen() {
        assertFails(", block \\(0, 0, 0\\), thread 1: local variables take more than 60 KiB", """
                if (threadIdx.x == 1) {
                    volatile float local[20000];
                    for (int index = 0; index < 20000; index++) {
                        local[index] = index;
                    }
                }""", 10, 32);
    }

    @Test
    void misalignedAccessesAreSeen() {
        String misaligned = ", block \\(0, 0, 0\\), thread %d: line 3: '.*float4' at address 0x[0-9a-f]+, which is no"
                + " multiple of 16";
        assertFails(misaligned.formatted(1), "reinterpret_cast<float4 *>(values + threadIdx.x)->x = 1;", 64, 32);
        assertFails(misaligned.formatted(0),
                "const float4 all = *reinterpret_cast<float4 *>(values + 2);\nvalues[0] = all.w;", 64, 32);
    }

    @Test
    void integerFaultsAreSeen() {
        assertFails(", block \\(0, 0, 0\\), thread 0: line 3: division by zero, or overflow, of type 'int'",
                "values[0] = 7 / static_cast<int>(values[1]);", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 0: integer division by zero, or its quotient is too large",
                "asm volatile(\"xorl %%ecx, %%ecx; movl $1, %%eax; xorl %%edx, %%edx; divl %%ecx\" ::: \"rax\", \"rcx\","
                        + " \"rdx\");", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 2: line 3: overflow of a product of type 'int'",
                "values[0] = static_cast<int>(threadIdx.x) * 0x7fffffff;", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 1: line 3: overflow of a sum of type 'int'",
                "values[0] = static_cast<int>(threadIdx.x) + 0x7fffffff;", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 2: line 3: overflow of a difference of type 'int'",
                "values[0] = -0x7fffffff - static_cast<int>(threadIdx.x);", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 0: line 3: overflow of a negation of type 'int'",
                "values[0] = -(static_cast<int>(threadIdx.x) + static_cast<int>(values[0]) - 0x7fffffff - 1);", 8, 32);
        assertFails(", block \\(0, 0, 0\\), thread 32: line 3: shift by too many bits, or of a negative number",
                "values[0] = 1 << threadIdx.x;", 8, 64);
        assertFails(", block \\(0, 0, 0\\), thread 5: __trap in line 3", "if (threadIdx.x == 5) __trap();", 8, 64);
    }

    @Test
    void aLaunchThatDoesNotEndIsSeen() {
        try (HostDevice device = new HostDevice(Order.ASCENDING, MEMORY, 1)) {
            Device.Module module = device.load("waiting", """
                    // device
                    extern "C" __global__ void waiting(volatile int *flag) {
                        if (blockIdx.x == 1) {
                            *flag = 1;
                        }
                        while (*flag == 0) {
                        }
                    }
                    """);
            device.launch(module, launch("waiting", 2, 32, device.allocate(4)));
            assertEquals("kernel waiting, block (0, 0, 0), thread 0: the launch takes longer than 1 s: does a block wait for"
                    + " another one?", assertThrows(IllegalStateException.class, device::synchronize).getMessage());
        }
    }

    /** What a virtual machine that interprets answers by the same signal as that of an access out of bounds. */
    static final class NullAccess implements IntSupplier {
        private int[] nothing;

        @Override
        public int getAsInt() {
            try {
                return nothing.length;
            } catch (NullPointerException exception) {
                return -1;
            }
        }
    }

    @Test
    void faultsOfOtherThreadsAreTheirs() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger faults = new AtomicInteger();
        Thread other = new Thread(() -> {
            try (InputStream file = NullAccess.class.getResourceAsStream("HostDeviceTest$NullAccess.class")) {
                byte[] text = file.readAllBytes();
                while (!ended.get()) {
                    // A new class each time, since a compiled method looks whether it is null.
                    IntSupplier access = (IntSupplier) MethodHandles.lookup().defineHiddenClass(text, true).lookupClass()
                            .getDeclaredConstructor().newInstance();
                    faults.addAndGet(-access.getAsInt());
                }
            } catch (IOException | ReflectiveOperationException exception) {
                throw new IllegalStateException(exception);
            }
        });
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("long", """
                    // device
                    extern "C" __global__ void slow(float *values, int count) {
                        for (int index = 0; index < count; index++) {
                            __syncthreads();
                        }
                        values[threadIdx.x] = 1;
                    }
                    """);
            other.start();
            device.launch(module, launch("slow", 1, 32, device.allocate(40), 1 << 21));
            IllegalStateException fault = assertThrows(IllegalStateException.class, device::synchronize);
            // Thousands, but none where the other thread could go on only after the launch.
            int during = faults.get();
            assertMatches("kernel slow, .* of a buffer of 40 bytes, argument 0", fault.getMessage());
            assertTrue(during > 100, "" + during);
        } finally {
            ended.set(true);
            other.join();
        }
    }

    /** The threads in the order in which they came to a first and to a second place, a barrier of warps between them. */
    private static List<Integer> order(Order order) {
        try (HostDevice device = device(order)) {
            Device.Module module = device.load("order", """
                    // device
                    extern "C" __global__ void order(int *count, int *threads) {
                        const int thread = blockIdx.x * blockDim.x + threadIdx.x;
                        threads[atomicAdd(count, 1)] = thread;
                        __syncwarp();
                        threads[atomicAdd(count, 1)] = thread + 10000;
                    }
                    """);
            Device.Buffer threads = device.allocate(2 * 3 * 96 * Integer.BYTES);
            device.launch(module, launch("order", 3, 96, device.allocate(4), threads));
            return Arrays.stream(readIntegers(device, threads)).boxed().toList();
        }
    }

    @Test
    void ordersAreWhatTheySay() {
        List<Integer> ascending = new ArrayList<>();
        List<Integer> descending = new ArrayList<>();
        for (int warp = 0; warp < 9; warp++) {
            for (int place = 0; place < 2; place++) {
                for (int lane = 0; lane < 32; lane++) {
                    ascending.add(warp * 32 + lane + place * 10000);
                    descending.add((8 - warp) * 32 + 31 - lane + place * 10000);
                }
            }
        }
        assertEquals(ascending, order(Order.ASCENDING));
        assertEquals(descending, order(Order.DESCENDING));
        List<Integer> shuffled = order(Order.SHUFFLED);
        assertEquals(Set.copyOf(ascending), Set.copyOf(shuffled));
        assertEquals(shuffled, order(Order.SHUFFLED));
        List<List<Integer>> lanes = new ArrayList<>();
        for (int block = 0; block < 3; block++) {
            List<Integer> inBlock = shuffled.subList(192 * block, 192 * block + 192);
            // All warps come to the first place before one comes to the second.
            assertTrue(inBlock.subList(0, 96).stream().allMatch(thread -> thread < 10000));
            lanes.add(inBlock.subList(0, 32).stream().map(thread -> thread % 32).toList());
        }
        assertEquals(3, Set.copyOf(lanes).size());
    }

    @Test
    void sharedMemoryAndLocalVariablesBeginWithoutNumbers() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("uninitialised", """
                    // device
                    extern "C" __global__ void uninitialised(float *values) {
                        __shared__ float fixed[32];
                        MCRC_DYNAMIC_SHARED(float, variable);
                        float local[2];
                        values[blockIdx.x * 3] = fixed[5];
                        values[blockIdx.x * 3 + 1] = variable[7];
                        values[blockIdx.x * 3 + 2] = local[threadIdx.x];
                        fixed[5] = 1;
                        variable[7] = 1;
                    }
                    """);
            Device.Buffer values = device.allocate(24);
            device.launch(module, new Launch("uninitialised", 2, 1, 1, 1, 128, List.of(values)));
            for (float value : readFloats(device, values)) {
                assertTrue(Float.isNaN(value) || value < -1e38f, "" + value);
            }
        }
    }

    @Test
    void whatKernelsAreWrittenWith() {
        try (HostDevice device = device(Order.SHUFFLED)) {
            Device.Module module = device.load("language", """
                    // device
                    __constant__ float table[4] = {1, 2, 4, 8};

                    template <int COUNT>
                    __device__ __forceinline__ float total(const float *__restrict__ values) {
                        __shared__ float part[COUNT];
                        part[threadIdx.x] = values[threadIdx.x] * table[threadIdx.x % 4];
                        __syncthreads();
                        float sum = 0;
                        #pragma unroll
                        for (int index = 0; index < COUNT; index++) {
                            sum += part[index];
                        }
                        __syncthreads();
                        return sum;
                    }

                    extern "C" __global__ void __launch_bounds__(64, 2)
                    language(const float *__restrict__ values, float *totals, int *counts, const int which,
                             const long long large, const double fraction) {
                        const float one = total<64>(values);
                        const float two = total<64>(values + 64) + exp(0.0f) + fmaxf(1, which)
                                + static_cast<float>(fraction);
                        atomicAdd(counts, 1);
                        atomicMax(counts + 1, static_cast<int>(threadIdx.x + blockIdx.y * gridDim.x));
                        atomicAdd(reinterpret_cast<unsigned long long *>(counts + 2), large);
                        if (threadIdx.x == 0 && blockIdx.z == gridDim.z - 1) {
                            *reinterpret_cast<float2 *>(totals) = make_float2(one, two);
                        }
                    }
                    """);
            float[] values = new float[128];
            for (int index = 0; index < values.length; index++) {
                values[index] = index;
            }
            Device.Buffer totals = device.allocate(8);
            Device.Buffer counts = device.allocate(16);
            device.launch(module, new Launch("language", 2, 3, 4, 64, 0, List.of(floats(device, values), totals, counts, 7,
                    1L << 40, 0.5)));
            float one = 0;
            float two = 8.5f;
            for (int index = 0; index < 64; index++) {
                one += index * (1 << index % 4);
                two += (64 + index) * (1 << index % 4);
            }
            assertArrayEquals(new float[] {one, two}, readFloats(device, totals));
            ByteBuffer integers = read(device, counts);
            assertEquals(24 * 64, integers.getInt(0));
            assertEquals(63 + 2 * 2, integers.getInt(4));
            assertEquals(24 * 64 * (1L << 40), integers.getLong(8));
        }
    }

    @Test
    void aClosedModuleIsUnloaded() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        long before;
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("addition", ADD);
            Device.Buffer buffer = device.allocate(64);
            device.launch(module, launch("add", 1, 32, buffer, buffer, buffer, 16));
            device.synchronize();
            before = Files.readAllLines(maps).stream().filter(line -> line.contains("host-kernels")).count();
            module.close();
            assertThrows(IllegalStateException.class,
                    () -> device.launch(module, launch("add", 1, 32, buffer, buffer, buffer, 16)));
        }
        assertTrue(before > 0);
        assertEquals(0, Files.readAllLines(maps).stream().filter(line -> line.contains("host-kernels")).count());
    }

    @ParameterizedTest
    @EnumSource
    void shufflesOfAWarp(Order order) {
        try (HostDevice device = device(order)) {
            Device.Module module = device.load("shuffles", """
                    // device
                    extern "C" __global__ void shuffles(const int *values, int *results, double *doubles) {
                        const int thread = threadIdx.x;
                        int sum = values[thread];
                        for (int step = 16; step > 0; step /= 2) {
                            sum += __shfl_xor_sync(0xffffffffu, sum, step);
                        }
                        double prefix = values[thread];
                        for (int step = 1; step < 32; step *= 2) {
                            const double other = __shfl_up_sync(0xffffffffu, prefix, step);
                            prefix += thread % 32 >= step ? other : 0;
                        }
                        doubles[thread] = prefix;
                        const int next = __shfl_down_sync(0xffffffffu, values[thread], 1);
                        const float third = __shfl_sync(0xffffffffu, static_cast<float>(values[thread]), 3);
                        const unsigned odd = __ballot_sync(0xffffffffu, values[thread] % 2);
                        results[4 * thread] = sum;
                        results[4 * thread + 1] = next;
                        results[4 * thread + 2] = static_cast<int>(third);
                        results[4 * thread + 3] = static_cast<int>(odd);
                    }
                    """);
            int[] values = new int[96];
            for (int index = 0; index < values.length; index++) {
                values[index] = index * index;
            }
            Device.Buffer results = device.allocate(4 * 96 * Integer.BYTES);
            Device.Buffer doubles = device.allocate(96 * Double.BYTES);
            device.launch(module, launch("shuffles", 1, 96, integers(device, values), results, doubles));
            int[] all = readIntegers(device, results);
            ByteBuffer prefixes = read(device, doubles);
            for (int thread = 0; thread < 96; thread++) {
                int first = thread / 32 * 32;
                int sum = 0;
                int prefix = 0;
                for (int lane = 0; lane < 32; lane++) {
                    sum += values[first + lane];
                    prefix += first + lane <= thread ? values[first + lane] : 0;
                }
                assertEquals(sum, all[4 * thread]);
                assertEquals(prefix, prefixes.getDouble(8 * thread));
                assertEquals(values[thread % 32 == 31 ? thread : thread + 1], all[4 * thread + 1]);
                assertEquals(values[first + 3], all[4 * thread + 2]);
                assertEquals(0xaaaaaaaa, all[4 * thread + 3]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void productOfATensorCore(Order order) {
        float[] rows = random(256, 3);
        float[] columns = random(128, 4);
        for (int transposed = 0; transposed < 2; transposed++) {
            try (HostDevice device = device(order)) {
                Device.Buffer product = device.allocate(128 * Float.BYTES);
                device.launch(device.load("tensor", TENSOR), launch("tensor", 1, 32, floats(device, rows),
                        floats(device, columns), product, transposed));
                float[] result = readFloats(device, product);
                for (int row = 0; row < 16; row++) {
                    for (int column = 0; column < 8; column++) {
                        double expected = 1 + column % 2 + row / 8 * 2;
                        for (int index = 0; index < 16; index++) {
                            expected += (double) half(rows[row * 16 + index]) * half(columns[index * 8 + column]);
                        }
                        assertEquals(expected, result[row * 8 + column], 2e-6);
                    }
                }
            }
        }
    }

    private static float half(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    private static float[] copy(String text) {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Buffer to = device.allocate(512 * Float.BYTES);
            device.launch(device.load("copy", text), launch("copy", 1, 64, floats(device, random(512, 5)), to));
            return readFloats(device, to);
        }
    }

    @Test
    void copiesArriveWhenTheyAreWaitedFor() {
        assertArrayEquals(random(512, 5), copy(COPY));
        float[] early = copy(COPY.replace("mcrc_copy_wait<1>();", ""));
        for (int index = 0; index < 512; index++) {
            assertEquals(index < 256, Float.isNaN(early[index]));
        }
        for (String without : List.of(COPY.replace("mcrc_copy_wait<0>();", ""), COPY.replace("mcrc_copy_commit();", ""))) {
            assertMatches("kernel copy, block \\(0, 0, 0\\), thread 0: ends while copies are under way: mcrc_copy_wait is"
                    + " missing", assertThrows(IllegalStateException.class, () -> copy(without)).getMessage());
        }
        assertMatches("kernel copy, block \\(0, 0, 0\\), thread 0: mcrc_copy_16 in line 6: misaligned address",
                assertThrows(IllegalStateException.class, () -> copy(COPY.replace("from + thread",
                        "reinterpret_cast<const float *>(from) + 1"))).getMessage());
        assertMatches("kernel copy, block \\(0, 0, 0\\), thread 0: mcrc_copy_16 in line 6: not from global to shared memory",
                assertThrows(IllegalStateException.class, () -> copy(COPY.replace("&stage[0][thread], from + thread",
                        "to + thread, from + thread"))).getMessage());
    }

    @Test
    void halvesAreThoseOfTheStandard() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("halves", HALVES);
            Device.Buffer values = device.allocate(65536 * Float.BYTES);
            Device.Buffer again = device.allocate(65536 * Short.BYTES);
            device.launch(module, launch("widen", 256, 256, values, again));
            float[] widened = readFloats(device, values);
            ByteBuffer halves = read(device, again);
            for (int bits = 0; bits < 65536; bits++) {
                float expected = Float.float16ToFloat((short) bits);
                assertEquals(expected, widened[bits]);
                assertEquals(Float.isNaN(expected) ? 0x7fff : (short) bits, halves.getShort(2 * bits));
            }
        }
    }

    @Test
    void numbersAreRoundedToHalvesAsTheStandardSays() {
        List<Float> all = new ArrayList<>(List.of(0f, -0f, 1f, -2f, 65504f, 65519.996f, 65520f, -65520f, 1e30f,
                Float.POSITIVE_INFINITY, 0x1p-14f, 0x1.ffcp-15f, 0x1p-24f, 0x1p-25f, 0x1.000002p-25f, 0x1.8p-24f, 0x1p-26f,
                0x1p-149f, 1 + 0x1p-11f, 1 + 0x1.8p-10f, 0.1f, 1 / 3f));
        Random random = new Random(6);
        while (all.size() < 1 << 16) {
            all.add(Float.intBitsToFloat(random.nextInt()));
            // Midway between two halves, or next to it.
            all.add(Float.intBitsToFloat((random.nextInt() & 0x1fffe000 | 0x30001000) + random.nextInt(3) - 1));
        }
        float[] values = new float[all.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = all.get(index);
        }
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Buffer halves = device.allocate(values.length * Short.BYTES);
            device.launch(device.load("halves", HALVES), launch("narrow", values.length / 256 + 1, 256,
                    floats(device, values), halves, values.length));
            ByteBuffer results = read(device, halves);
            for (int index = 0; index < values.length; index++) {
                short expected = Float.isNaN(values[index]) ? 0x7fff : Float.floatToFloat16(values[index]);
                assertEquals(expected, results.getShort(2 * index), "" + values[index]);
            }
        }
    }

    @Test
    void recordingsPlayTwice() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("addition", ADD);
            Device.Buffer sum = floats(device, 1, 2, 3);
            Device.Buffer summand = floats(device, 10, 20, 30);
            ByteBuffer result = device.hostMemory(12);
            Device.Recording recording = device.record(() -> {
                device.launch(module, launch("add", 1, 32, sum, summand, sum, 3));
                device.copyToHost(sum, result);
                assertThrows(IllegalStateException.class, () -> device.allocate(4));
                assertThrows(IllegalStateException.class, device::synchronize);
            });
            assertArrayEquals(new float[] {1, 2, 3}, readFloats(device, sum));
            recording.play();
            recording.play();
            assertArrayEquals(new float[] {21, 42, 63}, readFloats(device, sum));
            assertEquals(63, result.getFloat(8));
            recording.close();
            assertThrows(IllegalStateException.class, recording::play);
        }
    }

    @Test
    void whatIsNotWaitedForIsNotThere() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Buffer buffer = floats(device, 1, 2);
            ByteBuffer memory = device.hostMemory(8);
            device.copyToHost(buffer, memory);
            assertTrue(Float.isNaN(memory.getFloat(0)));
            device.synchronize();
            assertEquals(1, memory.getFloat(0));
        }
    }

    @Test
    void launchesThatCannotBe() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("addition", ADD);
            Device.Buffer buffer = device.allocate(1024);
            for (Launch wrong : List.of(launch("subtract", 1, 32, buffer), launch("add", 1, 32, buffer, buffer, buffer),
                    launch("add", 1, 32, buffer, buffer, buffer, 3f), launch("add", 1, 32, buffer, buffer, 3, buffer),
                    launch("add", 0, 32, buffer, buffer, buffer, 3), launch("add", 1, 288, buffer, buffer, buffer, 3),
                    new Launch("add", 1, 1, 1, 32, 1 << 20, List.of(buffer, buffer, buffer, 3)),
                    new Launch("add", 1, 65536, 1, 32, 0, List.of(buffer, buffer, buffer, 3)))) {
                String message = assertThrows(IllegalStateException.class, () -> device.launch(module, wrong)).getMessage();
                assertTrue(message.contains("kernel " + wrong.kernel()), message);
            }
            buffer.close();
            assertThrows(IllegalStateException.class, () -> device.launch(module,
                    launch("add", 1, 32, buffer, buffer, buffer, 3)));
        }
    }

    @Test
    void memoryIsLimitedAndComesBack() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Buffer half = device.allocate(MEMORY / 2);
            assertEquals(MEMORY / 2, device.freeBytes());
            String message = assertThrows(InputError.class, () -> device.allocate(MEMORY / 2 + 1)).getMessage();
            assertTrue(message.contains("" + (MEMORY / 2 + 1)) && message.contains("" + MEMORY / 2), message);
            half.close();
            device.allocate(MEMORY).close();
            assertEquals(MEMORY, device.freeBytes());
        }
    }

    @Test
    void afterAFailureTheDeviceIsOfNoUse() {
        try (HostDevice device = device(Order.ASCENDING)) {
            Device.Module module = device.load("addition", ADD);
            Device.Buffer buffer = device.allocate(64);
            device.launch(module, launch("add", 1, 32, buffer, buffer, buffer, 32));
            assertThrows(IllegalStateException.class, device::synchronize);
            assertThrows(IllegalStateException.class, device::synchronize);
            assertThrows(IllegalStateException.class,
                    () -> device.launch(module, launch("add", 1, 32, buffer, buffer, buffer, 16)));
        }
    }

    @Test
    void aTextThatDoesNotCompileIsShownWithItsPlace() {
        try (HostDevice device = device(Order.ASCENDING)) {
            String message = assertThrows(IllegalStateException.class,
                    () -> device.load("wrong text", ADD.replace("sum[index] = ", "sums[index] = "))).getMessage();
            assertTrue(message.startsWith("wrong text does not compile") && message.contains("wrong text:6"), message);
        }
    }
}
