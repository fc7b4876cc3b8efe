package org.mcrc.runtime.reconstruct;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Signature;

/** How a field of real numbers becomes one of phases. */
public enum Rounding {

    /** The values are numbers in their own right, such as an orientation: not rounded. */
    NONE,

    /** An indicator: 1 where the value is at least 0.5, and 0 elsewhere. */
    THRESHOLD,

    /** The indicators of all phases: 1 for the phase with the greatest value, the first of equals, and 0 for the others. */
    GREATEST;

    /**
     * What is known from the signature alone: indicators of all phases are rounded to the greatest, a field with the range
     * [0, 1] at the threshold, any other not at all.
     */
    public static SequencedMap<String, Rounding> of(Signature signature) {
        SequencedMap<String, Rounding> roundings = new LinkedHashMap<>();
        for (Signature.Field field : signature.fields()) {
            Rounding rounding = field.indicators() ? GREATEST
                    : field.low() == 0 && field.high() == 1 ? THRESHOLD
                    : NONE;
            roundings.put(field.name(), rounding);
        }
        return roundings;
    }

    /**
     * What is known when there is a microstructure to be like: as {@link #of(Signature)}, but a field that is no indicator
     * of all phases is rounded if and only if the original holds nothing but zeros and ones.
     */
    public static SequencedMap<String, Rounding> of(Signature signature, Map<String, double[]> original) {
        SequencedMap<String, Rounding> roundings = of(signature);
        roundings.replaceAll((field, rounding) -> rounding == GREATEST ? GREATEST
                : Arrays.stream(original.get(field)).allMatch(value -> value == 0 || value == 1) ? THRESHOLD
                : NONE);
        return roundings;
    }

    /**
     * Rounds.
     *
     * @param values a field's values in C order, its own indices last
     * @param phases the number of phases: the extent of the last axis of {@link #GREATEST}
     * @return an array of its own, also for {@link #NONE}
     */
    public double[] round(double[] values, int phases) {
        double[] rounded = new double[values.length];
        switch (this) {
            case NONE -> System.arraycopy(values, 0, rounded, 0, values.length);
            case THRESHOLD -> {
                for (int position = 0; position < values.length; position++) {
                    rounded[position] = values[position] >= 0.5 ? 1 : 0;
                }
            }
            case GREATEST -> {
                for (int start = 0; start < values.length; start += phases) {
                    int greatest = start;
                    for (int position = start + 1; position < start + phases; position++) {
                        greatest = values[position] > values[greatest] ? position : greatest;
                    }
                    rounded[greatest] = 1;
                }
            }
        }
        return rounded;
    }
}
