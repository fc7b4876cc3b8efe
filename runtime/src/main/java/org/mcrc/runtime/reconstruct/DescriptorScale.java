package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Signature;

/**
 * How large the error E is when it is as large as the target itself, so that errors can be given relative to it: they then
 * do not depend on the descriptor's size and weights, nor on the kind of its loss.
 *
 * @param norm E of a descriptor that differs from its target by the target: ‖w·D*‖
 * @param degree the power of the difference that E is: 1 for the losses l2, rms and l1, 2 for sse and mse
 */
public record DescriptorScale(double norm, int degree) {
    /** How many times the target's size a distance is in which no spread of slices counts. */
    private static final double FAR = 1 << 20;

    /** A spread of this share of the error is one of rounding errors. */
    private static final double NO_SPREAD = 1e-4;

    /** Where nothing could be measured: errors stay what they are. */
    static final DescriptorScale NONE = new DescriptorScale(1, 1);

    /** An error, or a loss, relative to the norm of the target, as a ratio of lengths whatever the kind of the loss. */
    public double relative(double error) {
        // A penalty may make the loss negative.
        return Math.copySign(Math.pow(Math.abs(error / norm), 1.0 / degree), error);
    }

    /**
     * Measures with the engine itself, which alone knows the weights: the target is set so that the descriptor of the given
     * fields differs from it by exactly D*, and by 2 D*. Leaves the engine with D* as its target.
     *
     * @param target D*, for each output
     * @param fields any fields of which the descriptor is finite
     */
    public static DescriptorScale measure(Engine engine, Map<String, double[]> target, Map<String, double[]> fields) {
        return measure(engine, target, fields, OptionalInt.empty());
    }

    /**
     * The same where the degree may be known from another engine, of whose descriptor the loss is the same.
     *
     * @param degree empty where it is not known: then twice as much is to be computed
     */
    static DescriptorScale measure(Engine engine, Map<String, double[]> target, Map<String, double[]> fields,
            OptionalInt degree) {
        engine.characterize(fields);
        DescriptorScale scale = by(engine, target, degree);
        if (!(scale.norm() > 0)) {
            // A target of zeros has no size of its own; that of the fields' descriptor is the next best.
            scale = by(engine, descriptor(engine), degree);
        }
        target.forEach(engine::setTarget);
        if (!(scale.norm() > 0 && Double.isFinite(scale.norm()))) {
            return NONE;
        }
        engine.setErrorScale(scale.norm(), scale.degree());
        return scale;
    }

    private static Map<String, double[]> descriptor(Engine engine) {
        Map<String, double[]> descriptor = new LinkedHashMap<>();
        for (Signature.Entry output : engine.signature().outputs()) {
            descriptor.put(output.name(), engine.values(output.name()));
        }
        return descriptor;
    }

    private static DescriptorScale by(Engine engine, Map<String, double[]> difference, OptionalInt degree) {
        Map<String, double[]> targets = descriptor(engine);
        double spread = errorFurther(engine, targets, difference, 0);
        double once = errorFurther(engine, targets, difference, 1);
        // Slices differ from their mean, which is what there is of their descriptor: far off that does not count.
        double step = spread > NO_SPREAD * once ? FAR : 1;
        double far = step == 1 ? once : errorFurther(engine, targets, difference, step - 1);
        int power = degree.orElseGet(() -> errorFurther(engine, targets, difference, step) > 3 * far ? 2 : 1);
        return new DescriptorScale(far / Math.pow(step, power), power);
    }

    /** Shifts targets by so many differences, and gives the error. */
    private static double errorFurther(Engine engine, Map<String, double[]> targets, Map<String, double[]> difference,
            double times) {
        targets.forEach((output, shifted) -> {
            double[] shift = difference.get(output);
            for (int position = 0; position < shifted.length; position++) {
                // Where nothing is compared, the shift need not be a number.
                shifted[position] -= times == 0 ? 0 : times * shift[position];
            }
            engine.setTarget(output, shifted);
        });
        return engine.losses().error();
    }
}
