package org.mcrc.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cuda.CudaEngine;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.HostDevice;
import org.mcrc.runtime.engine.cuda.HostDevice.Order;

/**
 * In whatever order threads and blocks run, kernels compute the same bits: no thread reads what another one has written
 * without a barrier between them, and sums have an order of their own.
 */
class CudaThreadOrderTest {
    private static final long MEMORY = 1L << 32;

    /** What an evaluation gives. */
    private record Result(Losses losses, Map<String, double[]> gradients) {
        static Result of(ConformanceCase each, CudaProgram compiled, Order order) {
            Map<String, double[]> gradients = new LinkedHashMap<>();
            try (HostDevice device = new HostDevice(order, MEMORY);
                    Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
                assertEquals(Optional.empty(), each.compare(engine, 1e-9, gradients), order.toString());
                return new Result(engine.losses(), gradients);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s2s3", "s2s3_multigrid", "lineal_path", "s2", "minkowski"})
    void doesNotMatter(String name) {
        HostDevice.assumeAvailable();
        ConformanceCase each = ConformanceCase.of(name);
        CudaProgram compiled = CudaProgram.of(each.program(), Precision.DOUBLE, true);
        Map<Order, Result> results = new EnumMap<>(Order.class);
        for (Order order : Order.values()) {
            results.put(order, Result.of(each, compiled, order));
        }
        Result first = results.get(Order.ASCENDING);
        results.forEach((order, result) -> {
            assertEquals(first.losses(), result.losses(), order.toString());
            assertTrue(!first.gradients().isEmpty());
            first.gradients().forEach((field, gradient) ->
                    assertArrayEquals(gradient, result.gradients().get(field), "d" + field + ", " + order));
        });
    }
}
