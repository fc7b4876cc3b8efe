package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

class LanesTest {
    @Test
    void lanesAreAddedFromTheFirstToTheLast() {
        // ((1e8 + 1) - 1e8) + 1 is 1 in single precision; any other order gives 2 or 0.
        FloatVector vector = FloatVector.fromArray(FloatVector.SPECIES_128, new float[] {1e8f, 1, -1e8f, 1}, 0);
        for (int repetition = 0; repetition < 20_000; repetition++) {
            assertEquals(1, Lanes.sum(vector));
        }
    }

    @Test
    void foldsRespectTheMask() {
        DoubleVector vector = DoubleVector.fromArray(DoubleVector.SPECIES_256, new double[] {3, -5, 7, 2}, 0);
        VectorMask<Double> mask = VectorMask.fromLong(DoubleVector.SPECIES_256, 0b1001);
        assertEquals(5, Lanes.sum(vector, mask));
        assertEquals(6, Lanes.product(vector, mask));
        assertEquals(3, Lanes.max(vector, mask));
        assertEquals(2, Lanes.min(vector, mask));
        assertEquals(7, Lanes.sum(vector));
        assertEquals(-210, Lanes.product(vector));
        assertEquals(7, Lanes.max(vector));
        assertEquals(-5, Lanes.min(vector));
    }

    @Test
    void foldsOverNoLaneAreNeutral() {
        FloatVector vector = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 9);
        VectorMask<Float> none = FloatVector.SPECIES_PREFERRED.maskAll(false);
        assertEquals(0, Lanes.sum(vector, none));
        assertEquals(1, Lanes.product(vector, none));
        assertEquals(Float.NEGATIVE_INFINITY, Lanes.max(vector, none));
        assertEquals(Float.POSITIVE_INFINITY, Lanes.min(vector, none));
    }

    @Test
    void lanesAreAddedInDoublePrecision() {
        float[] lanes = {1e8f, 1, 2, 3, 4, 5, 6, 7};
        DoubleVector total = DoubleVector.broadcast(DoubleVector.SPECIES_256, 0.5);
        DoubleVector sum = Lanes.addTo(total, FloatVector.fromArray(FloatVector.SPECIES_256, lanes, 0));
        assertArrayEquals(new double[] {1e8 + 4.5, 6.5, 8.5, 10.5}, sum.toArray());
        assertArrayEquals(new double[] {1, 1, 1, 1}, Lanes.addTo(total, total).toArray());
    }

    @Test
    void lanesAreTakenAndDoubledInOrder() {
        VectorSpecies<Float> floats = FloatVector.SPECIES_PREFERRED;
        FloatVector first = FloatVector.zero(floats).addIndex(1);
        float[] every = Lanes.everyOther(first, first.add(floats.length())).toArray();
        float[] twice = Lanes.eachTwice(first).toArray();
        for (int lane = 0; lane < floats.length(); lane++) {
            assertEquals(2 * lane, every[lane]);
            assertEquals(lane / 2, twice[lane]);
        }
        VectorSpecies<Double> doubles = DoubleVector.SPECIES_PREFERRED;
        DoubleVector one = DoubleVector.zero(doubles).addIndex(1);
        double[] everyDouble = Lanes.everyOther(one, one.add(doubles.length())).toArray();
        double[] twiceDouble = Lanes.eachTwice(one).toArray();
        for (int lane = 0; lane < doubles.length(); lane++) {
            assertEquals(2 * lane, everyDouble[lane]);
            assertEquals(lane / 2, twiceDouble[lane]);
        }
    }
}
