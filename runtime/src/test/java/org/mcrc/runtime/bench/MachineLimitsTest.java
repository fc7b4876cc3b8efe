package org.mcrc.runtime.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.engine.cpu.support.Workers;

class MachineLimitsTest {
    @Test
    void theMatrixProductIsAProduct() {
        try (Workers workers = new Workers(2)) {
            MachineLimits limits = new MachineLimits(workers);
            MachineLimits.MatrixProduct product = limits.product(37, 320);
            product.run();
            // Halves times halves, 320 of them; the pixels are whole vectors on every machine.
            assertEquals(80, product.element(0, 0));
            assertEquals(80, product.element(36, 5));
            assertEquals(2.0 * 37 * 37 * 320, product.flops());
            assertEquals(2.0 * (1 << 25) * 4, limits.copiedBytes());
        }
    }

    @Test
    void theLongerOfComputingAndMovingIsTheRoof() {
        assertEquals(new Roofline(5, Roofline.Bound.PRODUCT), Roofline.of(10, 6, Roofline.Bound.PRODUCT, 2, 3));
        assertEquals(new Roofline(3, Roofline.Bound.COPY), Roofline.of(4, 9, Roofline.Bound.PEAK, 2, 3));
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertEquals(2.5, new Timings(List.of(4.0, 1.0, 2.0, 3.0)).median());
        assertEquals(2, new Timings(List.of(9.0, 1.0, 2.0)).median());
        assertEquals(1, new Timings(List.of(9.0)).plus(new Timings(List.of(1.0))).least());
        assertTrue(Timings.of(() -> {}).least() >= 0);
    }
}
