package org.mcrc.runtime.field;

import java.util.Arrays;

/**
 * A microstructure: to which phase each pixel belongs.
 *
 * @param extents the pixels along each axis
 * @param labels the phase of each pixel in C order; shared, not copied, because it may be large
 * @param phases the number of phases, at least 1; not every one need occur
 */
public record Microstructure(Extents extents, int[] labels, int phases) {

    /** More grey levels than this are not taken for phases. */
    public static final int MOST_PHASES = 16;

    public Microstructure {
        if (labels.length != extents.pixels()) {
            throw new IllegalArgumentException(labels.length + " labels for " + extents + " pixels");
        }
        for (int label : labels) {
            if (label < 0 || label >= phases) {
                throw new IllegalArgumentException("label " + label + " in a microstructure of " + phases + " phases");
            }
        }
    }

    /** The indicator of a phase, 1 where it is and 0 elsewhere; its shape is the extents. */
    public NdArray indicator(int phase) {
        double[] values = new double[labels.length];
        for (int pixel = 0; pixel < labels.length; pixel++) {
            values[pixel] = labels[pixel] == phase ? 1 : 0;
        }
        return NdArray.of(extents.toArray(), values);
    }

    /** The same with two phases: 1 where this one was, 0 elsewhere. */
    public Microstructure only(int phase) {
        return new Microstructure(extents, Arrays.stream(labels).map(label -> label == phase ? 1 : 0).toArray(), 2);
    }

    /** The indicators of all phases; its shape is the extents, then the number of phases. */
    public NdArray indicators() {
        int[] shape = Arrays.copyOf(extents.toArray(), extents.rank() + 1);
        shape[extents.rank()] = phases;
        NdArray array = NdArray.zeros(shape);
        for (int pixel = 0; pixel < labels.length; pixel++) {
            array.values()[pixel * phases + labels[pixel]] = 1;
        }
        return array;
    }

    /** The number of pixels of each phase. */
    public int[] counts() {
        int[] counts = new int[phases];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** The volume fraction of a phase. */
    public double fraction(int phase) {
        return (double) counts()[phase] / labels.length;
    }

    /** Equal extents, labels and number of phases. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Microstructure microstructure
                && extents.equals(microstructure.extents)
                && phases == microstructure.phases
                && Arrays.equals(labels, microstructure.labels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * extents.hashCode() + phases) + Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
        return "Microstructure[" + extents + ", " + phases + " phases]";
    }
}
