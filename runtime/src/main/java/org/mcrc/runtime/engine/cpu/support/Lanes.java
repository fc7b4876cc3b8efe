package org.mcrc.runtime.engine.cpu.support;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Folds the lanes of a vector from the first to the last, one after another, and puts lanes where others were.
 *
 * <p>{@code reduceLanes(ADD)} may associate differently when interpreted and when compiled; these do not. The variants
 * with a mask leave out the lanes that are not set: a fold over no lane is the neutral element (0, 1, -∞, +∞).
 */
public final class Lanes {
    private static final VectorShuffle<Float> EVERY_OTHER_FLOAT = VectorShuffle.makeUnzip(FloatVector.SPECIES_PREFERRED, 0);
    private static final VectorShuffle<Double> EVERY_OTHER_DOUBLE =
            VectorShuffle.makeUnzip(DoubleVector.SPECIES_PREFERRED, 0);
    private static final VectorShuffle<Float> EACH_TWICE_FLOAT =
            VectorShuffle.fromOp(FloatVector.SPECIES_PREFERRED, lane -> lane / 2);
    private static final VectorShuffle<Double> EACH_TWICE_DOUBLE =
            VectorShuffle.fromOp(DoubleVector.SPECIES_PREFERRED, lane -> lane / 2);

    private Lanes() {
    }

    // Lanes in another order

    /** Every other lane of two vectors, one after the other, from the first one on. */
    public static FloatVector everyOther(FloatVector first, FloatVector second) {
        return first.rearrange(EVERY_OTHER_FLOAT, second);
    }

    /** The same in double precision. */
    public static DoubleVector everyOther(DoubleVector first, DoubleVector second) {
        return first.rearrange(EVERY_OTHER_DOUBLE, second);
    }

    /** Each of the first half of the lanes twice. */
    public static FloatVector eachTwice(FloatVector vector) {
        return vector.rearrange(EACH_TWICE_FLOAT);
    }

    /** The same in double precision. */
    public static DoubleVector eachTwice(DoubleVector vector) {
        return vector.rearrange(EACH_TWICE_DOUBLE);
    }

    // Folds

    /** {@code total} and all lanes of {@code block}, those that share a lane of the total in the order of their lanes. */
    public static DoubleVector addTo(DoubleVector total, FloatVector block) {
        DoubleVector sum = total;
        for (int part = 0; part < 2; part++) {
            sum = sum.add(block.convertShape(VectorOperators.F2D, total.species(), part));
        }
        return sum;
    }

    /** {@code total} and {@code block}, lane by lane. */
    public static DoubleVector addTo(DoubleVector total, DoubleVector block) {
        return total.add(block);
    }

    /** The sum of all lanes. */
    public static float sum(FloatVector vector) {
        float[] lanes = vector.toArray();
        float sum = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            sum += lanes[lane];
        }
        return sum;
    }

    /** The sum of the lanes that are set in {@code mask}. */
    public static float sum(FloatVector vector, VectorMask<Float> mask) {
        return sum(vector.broadcast(0).blend(vector, mask));
    }

    /** The product of all lanes. */
    public static float product(FloatVector vector) {
        float[] lanes = vector.toArray();
        float product = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            product *= lanes[lane];
        }
        return product;
    }

    /** The product of the lanes that are set in {@code mask}. */
    public static float product(FloatVector vector, VectorMask<Float> mask) {
        return product(vector.broadcast(1).blend(vector, mask));
    }

    /** The largest lane; NaN if any lane is. */
    public static float max(FloatVector vector) {
        float[] lanes = vector.toArray();
        float max = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            max = Math.max(max, lanes[lane]);
        }
        return max;
    }

    /** The largest of the lanes that are set in {@code mask}. */
    public static float max(FloatVector vector, VectorMask<Float> mask) {
        return max(vector.broadcast(Float.NEGATIVE_INFINITY).blend(vector, mask));
    }

    /** The smallest lane; NaN if any lane is. */
    public static float min(FloatVector vector) {
        float[] lanes = vector.toArray();
        float min = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            min = Math.min(min, lanes[lane]);
        }
        return min;
    }

    /** The smallest of the lanes that are set in {@code mask}. */
    public static float min(FloatVector vector, VectorMask<Float> mask) {
        return min(vector.broadcast(Float.POSITIVE_INFINITY).blend(vector, mask));
    }

    /** The sum of all lanes. */
    public static double sum(DoubleVector vector) {
        double[] lanes = vector.toArray();
        double sum = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            sum += lanes[lane];
        }
        return sum;
    }

    /** The sum of the lanes that are set in {@code mask}. */
    public static double sum(DoubleVector vector, VectorMask<Double> mask) {
        return sum(vector.broadcast(0).blend(vector, mask));
    }

    /** The product of all lanes. */
    public static double product(DoubleVector vector) {
        double[] lanes = vector.toArray();
        double product = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            product *= lanes[lane];
        }
        return product;
    }

    /** The product of the lanes that are set in {@code mask}. */
    public static double product(DoubleVector vector, VectorMask<Double> mask) {
        return product(vector.broadcast(1).blend(vector, mask));
    }

    /** The largest lane; NaN if any lane is. */
    public static double max(DoubleVector vector) {
        double[] lanes = vector.toArray();
        double max = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            max = Math.max(max, lanes[lane]);
        }
        return max;
    }

    /** The largest of the lanes that are set in {@code mask}. */
    public static double max(DoubleVector vector, VectorMask<Double> mask) {
        return max(vector.broadcast(Double.NEGATIVE_INFINITY).blend(vector, mask));
    }

    /** The smallest lane; NaN if any lane is. */
    public static double min(DoubleVector vector) {
        double[] lanes = vector.toArray();
        double min = lanes[0];
        for (int lane = 1; lane < lanes.length; lane++) {
            min = Math.min(min, lanes[lane]);
        }
        return min;
    }

    /** The smallest of the lanes that are set in {@code mask}. */
    public static double min(DoubleVector vector, VectorMask<Double> mask) {
        return min(vector.broadcast(Double.POSITIVE_INFINITY).blend(vector, mask));
    }
}
