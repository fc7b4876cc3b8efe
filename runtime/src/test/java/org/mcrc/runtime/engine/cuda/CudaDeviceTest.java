package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;

/** What needs a GPU; skipped where there is none. */
class CudaDeviceTest {
    private static final int COUNT = 1000;
    private static final int LARGE_SHARED = 64 << 10;

    private static final String SOURCE = NvrtcFixture.deviceText() + """
            extern "C" __global__ void combine(float *out, const float *in, int n, long long stride, float a, double b) {
                const int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) out[i] = a * in[i * stride] + (float) b + out[i];
            }
            extern "C" __global__ void reverse(float *out, int n) {
                MCRC_DYNAMIC_SHARED(float, values);
                for (int i = threadIdx.x; i < n; i += blockDim.x) values[i] = i;
                __syncthreads();
                for (int i = threadIdx.x; i < n; i += blockDim.x) out[i] = values[n - 1 - i];
            }
            extern "C" __global__ void trap(float *out) {
                if (out[0] == 0.f) asm("trap;");
            }
            """;

    private static CudaDevice device;

    @BeforeAll
    static void open() {
        device = NvrtcFixture.device();
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
            device.close();
        }
    }

    private static Launch combine(Device.Buffer out, Device.Buffer in) {
        return new Launch("combine", 4, 1, 1, 256, 0, List.of(out, in, COUNT, 2L, 3f, 0.5));
    }

    private static ByteBuffer numbers(int count) {
        ByteBuffer numbers = device.hostMemory(Float.BYTES * count);
        for (int index = 0; index < count; index++) {
            numbers.putFloat(Float.BYTES * index, index);
        }
        return numbers;
    }

    private static void assertCombined(ByteBuffer result, int times) {
        for (int index = 0; index < COUNT; index++) {
            assertEquals(times * (6f * index + 0.5f), result.getFloat(Float.BYTES * index), "" + index);
        }
    }

    @Test
    void saysWhatItIs() {
        CudaInformation information = device.information();
        assertTrue(device.description().startsWith(information.name() + ", compute capability "), device.description());
        assertTrue(information.memoryBytes() >= device.freeBytes() && device.freeBytes() > 0);
        assertTrue(information.multiprocessors() > 0 && information.sharedBytesPerBlock() >= 48 << 10);
    }

    @Test
    void memoryIsZeroAndCopiesArriveInOrder() {
        try (Device.Buffer buffer = device.allocate(1 << 20)) {
            ByteBuffer host = numbers(1000);
            ByteBuffer back = device.hostMemory(1 << 20);
            assertEquals(1 << 20, buffer.bytes());
            host.position(40);
            device.copyToDevice(host, buffer);
            device.copyToHost(buffer, back);
            device.synchronize();
            assertEquals(10f, back.getFloat(0));
            assertEquals(999f, back.getFloat(3956));
            for (int index = 990; index < back.capacity() / Float.BYTES; index++) {
                assertEquals(0, back.getInt(Float.BYTES * index));
            }
            assertThrows(IllegalArgumentException.class, () -> device.copyToDevice(ByteBuffer.allocate(4), buffer));
            ByteBuffer larger = device.hostMemory((1 << 20) + 1);
            assertThrows(IllegalArgumentException.class, () -> device.copyToDevice(larger, buffer));
        }
    }

    @Test
    void copiesFromOnePlaceOfItsMemoryToAnother() {
        try (Device.Buffer from = device.allocate(4L * COUNT); Device.Buffer to = device.allocate(4L * COUNT)) {
            ByteBuffer back = device.hostMemory(4 * COUNT);
            device.copyToDevice(numbers(COUNT), from);
            try (Device.Recording recording = device.record(() -> device.copy(from, 400, to, 40, 80))) {
                recording.play();
                device.copyToHost(to, back);
                device.synchronize();
            }
            for (int index = 0; index < COUNT; index++) {
                assertEquals(index >= 10 && index < 30 ? index + 90f : 0f, back.getFloat(Float.BYTES * index), "" + index);
            }
            assertThrows(IllegalArgumentException.class, () -> device.copy(from, 0, to, 4L * COUNT - 4, 8));
            assertThrows(IllegalArgumentException.class, () -> device.copy(from, -4, to, 0, 8));
        }
    }

    @Test
    void runsKernelsWithArgumentsOfEveryKind() {
        try (Device.Module module = device.load("test", SOURCE);
                Device.Buffer in = device.allocate(8L * COUNT);
                Device.Buffer out = device.allocate(4L * COUNT)) {
            ByteBuffer host = numbers(2 * COUNT);
            ByteBuffer back = device.hostMemory(4 * COUNT);
            device.copyToDevice(host, in);
            device.launch(module, combine(out, in));
            device.copyToHost(out, back);
            device.synchronize();
            assertCombined(back, 1);
        }
    }

    @Test
    void playsWhatWasRecordedAsOftenAsAsked() {
        Device.Module module = device.load("test", SOURCE);
        Device.Buffer in = device.allocate(8L * COUNT);
        Device.Buffer out = device.allocate(4L * COUNT);
        ByteBuffer host = numbers(2 * COUNT);
        ByteBuffer back = device.hostMemory(4 * COUNT);
        Device.Recording recording = device.record(() -> {
            device.copyToDevice(host, in);
            device.launch(module, combine(out, in));
            device.launch(module, combine(out, in));
            device.copyToHost(out, back);
            assertThrows(IllegalStateException.class, () -> device.allocate(1));
            assertThrows(IllegalStateException.class, device::synchronize);
        });
        device.synchronize();
        assertCombined(back, 0);
        recording.play();
        device.synchronize();
        assertCombined(back, 2);
        recording.play();
        recording.play();
        device.synchronize();
        assertCombined(back, 6);
        recording.close();
        recording.close();
        assertThrows(IllegalStateException.class, recording::play);
        assertThrows(IllegalArgumentException.class, () -> device.record(() -> {
            throw new IllegalArgumentException("from the work");
        }));
        device.launch(module, combine(out, in));
        device.synchronize();
        module.close();
        module.close();
        in.close();
        in.close();
        assertThrows(IllegalStateException.class, () -> device.launch(module, combine(out, in)));
        out.close();
    }

    @Test
    void blocksMayHaveMuchSharedMemory() {
        assumeTrue(device.information().sharedBytesPerBlock() >= LARGE_SHARED, "no more than 48 KiB");
        int count = LARGE_SHARED / Float.BYTES;
        try (Device.Module module = device.load("test", SOURCE); Device.Buffer out = device.allocate(LARGE_SHARED)) {
            ByteBuffer back = device.hostMemory(LARGE_SHARED);
            Launch reverse = new Launch("reverse", 1, 1, 1, 256, LARGE_SHARED, List.of(out, count));
            device.record(() -> device.launch(module, reverse)).close();
            device.launch(module, reverse);
            device.copyToHost(out, back);
            device.synchronize();
            for (int index = 0; index < count; index++) {
                assertEquals(count - 1f - index, back.getFloat(Float.BYTES * index));
            }
            int most = device.information().sharedBytesPerBlock();
            String message = assertThrows(IllegalStateException.class, () -> device.launch(module,
                    new Launch("reverse", 1, 1, 1, 256, most + 4, List.of(out, count)))).getMessage();
            assertTrue(message.startsWith("kernel reverse needs "), message);
        }
    }

    @Test
    void errorsNameTheKernel() {
        try (Device.Module module = device.load("test", SOURCE); Device.Buffer out = device.allocate(16)) {
            String unknown = assertThrows(IllegalStateException.class, () -> device.launch(module,
                    new Launch("nothing", 1, 1, 1, 1, 0, List.of(out)))).getMessage();
            assertEquals("kernel nothing cannot be launched: test has only combine, reverse, trap",
                    unknown.replaceAll("only .*", "only " + String.join(", ", device.resources(module).stream()
                            .map(KernelResources::kernel).sorted().toList())));
            String large = assertThrows(IllegalStateException.class, () -> device.launch(module,
                    new Launch("reverse", 1, 1, 1, 4096, 16, List.of(out, 4)))).getMessage();
            assertTrue(large.startsWith("kernel reverse cannot be launched with 1 x 1 x 1 blocks of 4096 threads"), large);
        }
    }

    @Test
    void tooLittleMemoryIsSaid() {
        long tooMuch = 2 * device.information().memoryBytes();
        InputError error = assertThrows(InputError.class, () -> device.allocate(tooMuch));
        assertTrue(error.getMessage().contains(CudaInformation.gibibytes(tooMuch) + " more are needed"), error.text());
        device.allocate(16).close();
    }

    /** In a process of its own: after a kernel failed, the process cannot use the GPU any more. */
    static final class Fault {
        public static void main(String[] arguments) {
            CudaDevice broken = NvrtcFixture.device();
            Device.Module module = broken.load("test", SOURCE);
            Device.Buffer out = broken.allocate(16);
            broken.launch(module, new Launch("reverse", 1, 1, 1, 32, 16, List.of(broken.allocate(16), 4)));
            broken.synchronize();
            // What was recorded and never played is not at fault.
            broken.record(() -> broken.launch(module, new Launch("reverse", 1, 1, 1, 32, 16, List.of(out, 4))));
            broken.launch(module, new Launch("trap", 1, 1, 1, 32, 0, List.of(out)));
            try {
                broken.synchronize();
            } catch (IllegalStateException failure) {
                System.out.println(failure.getMessage());
            }
            out.close();
            broken.close();
            System.out.println("closed");
        }
    }

    @Test
    void aFailureIsReportedOnceWithItsKernelAndAllIsClosed() throws Exception {
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Fault.class.getName())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.startsWith("kernel trap failed on GPU " + device.information().name() + ": CUDA_ERROR_"), output);
        assertTrue(output.endsWith("closed\n"), output);
    }
}
