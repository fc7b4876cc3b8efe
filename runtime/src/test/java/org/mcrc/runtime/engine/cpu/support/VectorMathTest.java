package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final List<VectorSpecies<Float>> FLOAT_SPECIES = List.of(FloatVector.SPECIES_64,
            FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512, FloatVector.SPECIES_PREFERRED);
    private static final List<VectorSpecies<Double>> DOUBLE_SPECIES = List.of(DoubleVector.SPECIES_64,
            DoubleVector.SPECIES_128, DoubleVector.SPECIES_256, DoubleVector.SPECIES_512,
            DoubleVector.SPECIES_PREFERRED);

    private static final double[] EDGES = {0.0, -0.0, 1, -1, 0.5, -0.5, 0.625, -0.625, 1e-45, -1e-45, 1e-40, 1e-310,
        -1e-310, Float.MIN_NORMAL, Double.MIN_NORMAL, Double.MIN_VALUE, 1e-8, -1e-8, 1e-20, 88.72, 88.73, 89, -87.3, -87.4,
        -103.2, -103.9, -104.1, 709.7, 709.8, -708.3, -708.5, -745.1, -745.2, 1e4, -1e4, 1e30, -1e30, 1e300, -1e300,
        Float.MAX_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN,
        StrictMath.PI / 2, StrictMath.PI, 3 * StrictMath.PI / 2, (float) StrictMath.PI, (float) (StrictMath.PI / 2),
        16777216, 8388607.5, 4503599627370495.5, -2.5, 2.5};

    @Test
    void exponentialIsAccurateAndSaturates() {
        checkFloat(VectorMath::exp, StrictMath::exp, -110, 92, 2);
        checkDouble(VectorMath::exp, StrictMath::exp, -750, 712, 2);
    }

    @Test
    void logarithmIsAccurateDownToSubnormals() {
        checkFloat(VectorMath::log, StrictMath::log, 0, 4, 2);
        checkFloat(VectorMath::log, StrictMath::log, 0, 1e38, 2);
        checkFloat(VectorMath::log, StrictMath::log, 0, 1e-37, 2);
        checkDouble(VectorMath::log, StrictMath::log, 0, 4, 2);
        checkDouble(VectorMath::log, StrictMath::log, 0, 1e300, 2);
        checkDouble(VectorMath::log, StrictMath::log, 0, 1e-307, 2);
    }

    @Test
    void sigmoidKeepsItsRelativeAccuracyFarBelowZero() {
        checkFloat(VectorMath::sigmoid, VectorMathTest::sigmoid, -106, 30, 2);
        checkDouble(VectorMath::sigmoid, VectorMathTest::sigmoid, -746, 50, 3);
        checkDouble(VectorMath::sigmoid, VectorMathTest::sigmoid, -3, 3, 3);
    }

    @Test
    void hyperbolicTangentIsAccurateOnBothBranches() {
        checkFloat(VectorMath::tanh, StrictMath::tanh, -12, 12, 2);
        checkFloat(VectorMath::tanh, StrictMath::tanh, -0.7, 0.7, 2);
        checkDouble(VectorMath::tanh, StrictMath::tanh, -24, 24, 3);
        checkDouble(VectorMath::tanh, StrictMath::tanh, -0.7, 0.7, 3);
    }

    @Test
    void sineAndCosineAreAccurateForSmallAndHugeArguments() {
        for (double range : new double[] {1, 10, 60_000, 1.1e6, 1e20}) {
            checkFloat(VectorMath::sin, StrictMath::sin, -range, range, 2);
            checkFloat(VectorMath::cos, StrictMath::cos, -range, range, 2);
            checkDouble(VectorMath::sin, StrictMath::sin, -range, range, 2);
            checkDouble(VectorMath::cos, StrictMath::cos, -range, range, 2);
        }
    }

    @Test
    void cornersArePlacedWhereTheScalarFunctionsHaveThem() {
        checkFloat(VectorMath::floor, StrictMath::floor, -20, 20, 0);
        checkFloat(VectorMath::floor, StrictMath::floor, -2e7, 2e7, 0);
        checkDouble(VectorMath::floor, StrictMath::floor, -1e16, 1e16, 0);
        checkFloat(VectorMath::abs, Math::abs, -2, 2, 0);
        checkDouble(VectorMath::abs, Math::abs, -2, 2, 0);
        checkFloat(VectorMath::sign, StrictMath::signum, -2, 2, 0);
        checkDouble(VectorMath::sign, StrictMath::signum, -2, 2, 0);
        checkFloat(VectorMath::step, z -> z > 0 ? 1 : 0, -2, 2, 0, false);
        checkDouble(VectorMath::step, z -> z > 0 ? 1 : 0, -2, 2, 0, false);
        assertEquals(0, VectorMath.step(FloatVector.zero(FloatVector.SPECIES_PREFERRED)).lane(0));
    }

    @Test
    void rarelyUsedFunctionsAreTheScalarOnes() {
        checkFloat(VectorMath::tan, StrictMath::tan, -3, 3, 0.51);
        checkFloat(VectorMath::asin, StrictMath::asin, -1.2, 1.2, 0.51);
        checkFloat(VectorMath::acos, StrictMath::acos, -1.2, 1.2, 0.51);
        checkDouble(VectorMath::atan, StrictMath::atan, -30, 30, 0);
        checkDouble(VectorMath::sinh, StrictMath::sinh, -30, 30, 0);
        checkDouble(VectorMath::cosh, StrictMath::cosh, -30, 30, 0);
        DoubleVector two = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 2);
        DoubleVector half = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 0.5);
        assertEquals(StrictMath.sqrt(2), VectorMath.pow(two, half).lane(0));
        assertEquals(StrictMath.atan2(2, 0.5), VectorMath.atan2(two, half).lane(0));
        assertEquals(0.5, VectorMath.floorMod(half.neg().add(3), two).lane(0));
        assertEquals(-1, VectorMath.floorDiv(half.neg(), two).lane(0));
    }

    @Test
    void bitsDoNotChangeWithTheWidthOfVectorsNorWithWarmUp() {
        float[] floats = new float[1024];
        double[] doubles = new double[1024];
        SplittableRandom random = new SplittableRandom(7);
        for (int index = 0; index < floats.length; index++) {
            doubles[index] = index < EDGES.length ? EDGES[index] : random.nextDouble(-60, 60);
            floats[index] = (float) doubles[index];
        }
        List<UnaryOperator<FloatVector>> floatFunctions = List.of(VectorMath::exp, VectorMath::log, VectorMath::sigmoid,
                VectorMath::tanh, VectorMath::sin, VectorMath::cos);
        List<UnaryOperator<DoubleVector>> doubleFunctions = List.of(VectorMath::exp, VectorMath::log,
                VectorMath::sigmoid, VectorMath::tanh, VectorMath::sin, VectorMath::cos);
        List<float[]> firstFloats = new ArrayList<>();
        List<double[]> firstDoubles = new ArrayList<>();
        for (int function = 0; function < floatFunctions.size(); function++) {
            firstFloats.add(map(floatFunctions.get(function), FloatVector.SPECIES_64, floats));
            firstDoubles.add(map(doubleFunctions.get(function), DoubleVector.SPECIES_64, doubles));
        }
        for (int repetition = 0; repetition < 300; repetition++) {
            int species = repetition % FLOAT_SPECIES.size();
            for (int function = 0; function < floatFunctions.size(); function++) {
                assertArrayEquals(firstFloats.get(function),
                        map(floatFunctions.get(function), FLOAT_SPECIES.get(species), floats));
                assertArrayEquals(firstDoubles.get(function),
                        map(doubleFunctions.get(function), DOUBLE_SPECIES.get(species), doubles));
            }
        }
    }

    private static double sigmoid(double z) {
        return z < 0 ? StrictMath.exp(z) / (1 + StrictMath.exp(z)) : 1 / (1 + StrictMath.exp(-z));
    }

    private static void checkFloat(UnaryOperator<FloatVector> function, DoubleUnaryOperator reference, double from,
            double to, double tolerance) {
        checkFloat(function, reference, from, to, tolerance, true);
    }

    private static void checkFloat(UnaryOperator<FloatVector> function, DoubleUnaryOperator reference, double from,
            double to, double tolerance, boolean edges) {
        double[] arguments = arguments(from, to, edges);
        float[] single = new float[arguments.length];
        for (int index = 0; index < single.length; index++) {
            single[index] = (float) arguments[index];
        }
        float[] result = map(function, FloatVector.SPECIES_PREFERRED, single);
        for (int index = 0; index < single.length; index++) {
            double expected = reference.applyAsDouble(single[index]);
            float rounded = (float) expected;
            if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0) {
                // A value just at the limit of the format may fall on either side of it.
                boolean atLimit = Math.abs(expected) >= Float.MAX_VALUE && Math.abs(result[index]) >= Float.MAX_VALUE
                        || Math.abs(expected) < Float.MIN_VALUE && Math.abs(result[index]) <= Float.MIN_VALUE;
                assertTrue(Float.compare(rounded, result[index]) == 0
                                || atLimit && expected != 0 && !Double.isInfinite(expected),
                        "f(" + single[index] + ") is " + expected + ", not " + result[index]);
            } else {
                double error = Math.abs(result[index] - expected) / Math.ulp(rounded);
                assertTrue(error <= tolerance, "f(" + single[index] + ") is " + expected + ", not " + result[index]
                        + ": " + error + " ulp");
            }
        }
    }

    private static void checkDouble(UnaryOperator<DoubleVector> function, DoubleUnaryOperator reference, double from,
            double to, double tolerance) {
        checkDouble(function, reference, from, to, tolerance, true);
    }

    private static void checkDouble(UnaryOperator<DoubleVector> function, DoubleUnaryOperator reference, double from,
            double to, double tolerance, boolean edges) {
        double[] arguments = arguments(from, to, edges);
        double[] result = map(function, DoubleVector.SPECIES_PREFERRED, arguments);
        for (int index = 0; index < arguments.length; index++) {
            double expected = reference.applyAsDouble(arguments[index]);
            if (Double.isNaN(expected) || Double.isInfinite(expected) || expected == 0) {
                assertEquals(expected, result[index], "at " + arguments[index]);
            } else {
                double error = Math.abs(result[index] - expected) / Math.ulp(expected);
                assertTrue(error <= tolerance, "f(" + arguments[index] + ") is " + expected + ", not " + result[index]
                        + ": " + error + " ulp");
            }
        }
    }

    private static double[] arguments(double from, double to, boolean edges) {
        int count = 1 << 14;
        int first = edges ? EDGES.length : 0;
        double[] arguments = new double[first + count];
        System.arraycopy(EDGES, 0, arguments, 0, first);
        SplittableRandom random = new SplittableRandom(1);
        for (int index = 0; index < count; index++) {
            arguments[first + index] = from + (to - from) * (index + random.nextDouble()) / count;
        }
        return arguments;
    }

    private static float[] map(UnaryOperator<FloatVector> function, VectorSpecies<Float> species, float[] arguments) {
        float[] result = new float[arguments.length];
        for (int index = 0; index < arguments.length; index += species.length()) {
            var mask = species.indexInRange(index, arguments.length);
            function.apply(FloatVector.fromArray(species, arguments, index, mask)).intoArray(result, index, mask);
        }
        return result;
    }

    private static double[] map(UnaryOperator<DoubleVector> function, VectorSpecies<Double> species, double[] arguments) {
        double[] result = new double[arguments.length];
        for (int index = 0; index < arguments.length; index += species.length()) {
            var mask = species.indexInRange(index, arguments.length);
            function.apply(DoubleVector.fromArray(species, arguments, index, mask)).intoArray(result, index, mask);
        }
        return result;
    }
}
