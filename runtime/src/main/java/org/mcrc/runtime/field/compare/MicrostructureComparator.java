package org.mcrc.runtime.field.compare;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.FourierTransform;
import org.mcrc.runtime.field.Microstructure;

/**
 * Compares two microstructures, exactly. The number of pixels in which they agree after a translation is, for all
 * translations together, a sum of cross-correlations of indicators, which fast Fourier transforms compute; being an
 * integer it survives their rounding errors. What is reported was then counted pixel by pixel.
 */
public final class MicrostructureComparator {

    private final Microstructure first;
    private final Microstructure second;
    private final Extents extents;

    private MicrostructureComparator(Microstructure first, Microstructure second) {
        this.first = first;
        this.second = second;
        extents = first.extents();
    }

    /** How A and B differ; labels are compared as they are, no phases are exchanged. */
    public static Comparison compare(Microstructure a, Microstructure b) {
        if (!a.extents().equals(b.extents())) {
            return new Comparison.DifferentExtents(a.extents(), b.extents(), fractions(a), fractions(b));
        }
        return new MicrostructureComparator(a, b).compare();
    }

    private Comparison compare() {
        double[] agreements = agreements();
        Alignment translation = best(agreements, 0, false);
        Alignment reflection = best(agreements, 1, true);
        int differing = differing(new int[extents.rank()], false);
        return new Comparison.SameExtents(
                extents, differing, fractions(first), fractions(second), translation, reflection);
    }

    private static List<Double> fractions(Microstructure microstructure) {
        List<Double> fractions = new ArrayList<>();
        for (int count : microstructure.counts()) {
            fractions.add((double) count / microstructure.labels().length);
        }
        return fractions;
    }

    /**
     * For every shift s the number of pixels with A(x) = B(x + s), in the real parts, and with A(x) = B(s - x), in the
     * imaginary parts.
     *
     * <p>With F and G the transforms of a phase's indicators in A and B, those numbers are the inverse transforms of
     * the sums over the phases of conj(F)·G and F·G. One transform of A + iB gives F and G, because that of a real
     * array is Hermitian; one inverse transform of conj(F)·G + i·F·G gives both numbers.
     */
    private double[] agreements() {
        double[] sum = FourierTransform.allocate(extents, 2, "comparing microstructures");
        double[] transform = new double[sum.length];
        int phases = Math.min(first.phases(), second.phases());
        for (int phase = 0; phase < phases; phase++) {
            for (int pixel = 0; pixel < extents.pixels(); pixel++) {
                transform[2 * pixel] = first.labels()[pixel] == phase ? 1 : 0;
                transform[2 * pixel + 1] = second.labels()[pixel] == phase ? 1 : 0;
            }
            FourierTransform.forward(extents, transform);
            for (int pixel = 0; pixel < extents.pixels(); pixel++) {
                int opposite = opposite(pixel);
                double real = transform[2 * pixel];
                double imaginary = transform[2 * pixel + 1];
                double oppositeReal = transform[2 * opposite];
                double oppositeImaginary = transform[2 * opposite + 1];
                double fReal = (real + oppositeReal) / 2;
                double fImaginary = (imaginary - oppositeImaginary) / 2;
                double gReal = (imaginary + oppositeImaginary) / 2;
                double gImaginary = (oppositeReal - real) / 2;
                double translationReal = fReal * gReal + fImaginary * gImaginary;
                double translationImaginary = fReal * gImaginary - fImaginary * gReal;
                double reflectionReal = fReal * gReal - fImaginary * gImaginary;
                double reflectionImaginary = fReal * gImaginary + fImaginary * gReal;
                sum[2 * pixel] += translationReal - reflectionImaginary;
                sum[2 * pixel + 1] += translationImaginary + reflectionReal;
            }
        }
        FourierTransform.inverse(extents, sum);
        return sum;
    }

    /** The position of minus the wave vector at a position. */
    private int opposite(int position) {
        int[] vector = vector(position);
        int opposite = 0;
        for (int axis = 0; axis < vector.length; axis++) {
            opposite = opposite * extents.get(axis) + (extents.get(axis) - vector[axis]) % extents.get(axis);
        }
        return opposite;
    }

    private int[] vector(int position) {
        int[] vector = new int[extents.rank()];
        int rest = position;
        for (int axis = vector.length - 1; axis >= 0; axis--) {
            vector[axis] = rest % extents.get(axis);
            rest /= extents.get(axis);
        }
        return vector;
    }

    /** The shift with the most agreements, of equally good ones the shortest and then the first. */
    private Alignment best(double[] agreements, int part, boolean reflected) {
        long most = -1;
        long shortest = 0;
        int best = 0;
        for (int position = 0; position < extents.pixels(); position++) {
            long agreeing = Math.round(agreements[2 * position + part]);
            if (agreeing >= most) {
                long squaredLength = squaredLength(position);
                if (agreeing > most || squaredLength < shortest) {
                    most = agreeing;
                    shortest = squaredLength;
                    best = position;
                }
            }
        }
        int[] vector = vector(best);
        List<Integer> shift = new ArrayList<>();
        for (int axis = 0; axis < vector.length; axis++) {
            shift.add(centred(vector[axis], extents.get(axis)));
        }
        return new Alignment(shift, differing(vector, reflected));
    }

    private long squaredLength(int position) {
        long squared = 0;
        int rest = position;
        for (int axis = extents.rank() - 1; axis >= 0; axis--) {
            long component = centred(rest % extents.get(axis), extents.get(axis));
            squared += component * component;
            rest /= extents.get(axis);
        }
        return squared;
    }

    /** The representative of a component between minus and plus half the extent. */
    private static int centred(int component, int extent) {
        return component > extent / 2 ? component - extent : component;
    }

    /** Counts the pixels with A(x) ≠ B(x + shift), or A(x) ≠ B(shift - x). */
    private int differing(int[] shift, boolean reflected) {
        int differing = 0;
        int[] place = new int[extents.rank()];
        for (int pixel = 0; pixel < extents.pixels(); pixel++) {
            int other = 0;
            for (int axis = 0; axis < place.length; axis++) {
                int along = reflected ? shift[axis] - place[axis] : shift[axis] + place[axis];
                other = other * extents.get(axis) + Math.floorMod(along, extents.get(axis));
            }
            if (first.labels()[pixel] != second.labels()[other]) {
                differing++;
            }
            for (int axis = place.length - 1; axis >= 0 && ++place[axis] == extents.get(axis); axis--) {
                place[axis] = 0;
            }
        }
        return differing;
    }
}
