package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An optimizer whose state is on a device and whose steps are kernels: what it does after an evaluation needs no host. */
interface DeviceOptimizer {
    /** The threads of a block. */
    int THREADS = 256;

    /** Launches what makes it know nothing. The point may be set before or after. */
    void begin();

    /**
     * Launches what takes loss and gradient at the point and writes the next one.
     *
     * @param losses the loss and its parts
     */
    void advance(Device.Buffer losses);

    /** Compiles and loads the kernels of all optimizers. */
    static Device.Module load(Device device) {
        return device.load("optimizers", source());
    }

    /** The text of these kernels. They use nothing of the hardware that has a name of its own. */
    static String source() {
        try (InputStream stream = DeviceOptimizer.class.getResourceAsStream("optimizers.cu")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A launch of so many blocks. */
    static Launch launch(String kernel, int gridX, int gridY, Object... arguments) {
        return new Launch(kernel, gridX, gridY, 1, THREADS, 0, List.of(arguments));
    }

    /** The blocks with a thread for each of so many elements. */
    static int blocks(int elements) {
        return Math.ceilDiv(elements, THREADS);
    }

    /** The blocks of a sum over so many elements: a block sums what they have found. */
    static int blocksOfSum(int elements) {
        return Math.clamp(Math.ceilDiv(elements, 2L * THREADS), 1, THREADS);
    }
}
