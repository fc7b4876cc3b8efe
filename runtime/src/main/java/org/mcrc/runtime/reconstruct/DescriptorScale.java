package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.Map;
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

    /** An error relative to the norm of the target, as a ratio of lengths whatever the loss. */
    public double relative(double error) {
        return Math.pow(error / norm, 1.0 / degree);
    }

    /**
     * Measures with the engine itself, which alone knows the weights: the target is set so that the descriptor of the given
     * fields differs from it by exactly D*, and by 2 D*. Leaves the engine with D* as its target.
     *
     * @param target D*, for each output
     * @param fields any fields of which the descriptor is finite
     */
    public static DescriptorScale measure(Engine engine, Map<String, double[]> target, Map<String, double[]> fields) {
        engine.characterize(fields);
        Map<String, double[]> descriptor = new LinkedHashMap<>();
        for (Signature.Entry output : engine.signature().outputs()) {
            descriptor.put(output.name(), engine.values(output.name()).clone());
        }
        DescriptorScale scale = by(engine, descriptor, target);
        if (!(scale.norm() > 0)) {
            // A target of zeros has no size of its own; that of the fields' descriptor is the next best.
            scale = by(engine, descriptor, descriptor);
        }
        target.forEach(engine::setTarget);
        if (!(scale.norm() > 0 && Double.isFinite(scale.norm()))) {
            return new DescriptorScale(1, 1);
        }
        engine.setErrorScale(scale.norm(), scale.degree());
        return scale;
    }

    private static DescriptorScale by(
            Engine engine, Map<String, double[]> descriptor, Map<String, double[]> difference) {
        Map<String, double[]> shifted = new LinkedHashMap<>();
        descriptor.forEach((output, values) -> shifted.put(output, values.clone()));
        double once = errorFurther(engine, shifted, difference);
        double twice = errorFurther(engine, shifted, difference);
        return new DescriptorScale(once, twice > 3 * once ? 2 : 1);
    }

    /** Shifts targets by a difference, and gives the error. */
    private static double errorFurther(Engine engine, Map<String, double[]> targets, Map<String, double[]> difference) {
        targets.forEach((output, shifted) -> {
            double[] shift = difference.get(output);
            for (int position = 0; position < shifted.length; position++) {
                shifted[position] -= shift[position];
            }
            engine.setTarget(output, shifted);
        });
        return engine.losses().error();
    }
}
