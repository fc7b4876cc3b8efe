package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.backend.java.Precision;

/** The kernel cache finds kernels by their source: params that are arguments of a program do not enter it. */
class NumericParamsTest {
    private static String source(Map<String, Double> params) {
        return JavaBackend.print(Pipeline.schedule(Pipeline.differentiate(Bound.at("s2s3", List.of(32, 32), 2, params))),
                Precision.SINGLE).text();
    }

    @Test
    void anotherSlopeOrPenaltyIsTheSameSource() {
        String source = source(Map.of("P", 4.0));
        assertEquals(source, source(Map.of("P", 4.0, "alpha", 11.0)));
        assertEquals(source, source(Map.of("P", 4.0, "lambda", 3.0)));
    }

    @Test
    void otherVectorsAreAnotherSource() {
        assertNotEquals(source(Map.of("P", 4.0)), source(Map.of("P", 3.0)));
    }
}
