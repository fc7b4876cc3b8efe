package org.mcrc.runtime.reconstruct;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;

/**
 * Decides whether a rounded field is exact: whether it has the target's descriptor up to rounding errors of the arithmetic.
 *
 * <p>The engine that reconstructs usually computes in single precision. There the relative error E/‖w·D*‖ of an exact field
 * is about 1e-7, while one wrong pixel makes it 2e-3 at 64² pixels but only 3e-5 at 512²: too little room for a decision.
 * So a field whose relative error falls below {@link #CANDIDATE} is evaluated once more in double precision, and is exact if
 * its relative error there is at most the bound. One pixel's share in the descriptor, about 1/pixels, is above
 * {@link #DOUBLE_BOUND} for every size that can be run.
 */
public final class Referee implements AutoCloseable {

    /** A relative error below which a field is worth an evaluation in double precision. */
    static final double CANDIDATE = 1e-4;

    /** The relative error of an exact field where target and evaluation are in double precision. */
    public static final double DOUBLE_BOUND = 1e-9;

    /** The same where the target's numbers, or the evaluation, have single precision only. */
    public static final double SINGLE_BOUND = 1e-6;

    private final Supplier<Engine> source;
    private final double bound;
    private final boolean owns;
    private Engine engine;
    private String refusal;

    /**
     * A referee that makes its engine when it is first asked; most runs take long until then. Where there is no memory for it,
     * the reconstructing engine's error is compared with {@link #SINGLE_BOUND} instead: a run that has come that far is not
     * lost for it.
     *
     * @param source makes an engine in double precision, its targets set. Called at most once; the engine is closed with
     *     the referee
     * @param bound the greatest relative error of an exact field
     */
    public Referee(Supplier<Engine> source, double bound) {
        this(source, bound, true);
    }

    private Referee(Supplier<Engine> source, double bound, boolean owns) {
        this.source = source;
        this.bound = bound;
        this.owns = owns;
    }

    /** A referee that uses the reconstructing engine, which has double precision itself; the caller closes that. */
    public static Referee sharing(Engine engine, double bound) {
        return new Referee(() -> engine, bound, false);
    }

    /** The bound for a target: single precision is what it has if every number of it is representable in it. */
    public static double bound(Map<String, double[]> target) {
        for (double[] values : target.values()) {
            for (double value : values) {
                if (!Double.isNaN(value) && value != (float) value) {
                    return DOUBLE_BOUND;
                }
            }
        }
        return SINGLE_BOUND;
    }

    /** The greatest relative error of an exact field, as it is, or would be, applied. */
    public double bound() {
        return refusal != null ? SINGLE_BOUND : bound;
    }

    /** Why there is no engine in double precision, where one was wanted and could not be made. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Whether fields with this relative error are worth an evaluation in double precision. */
    boolean isCandidate(double relativeError) {
        return relativeError <= CANDIDATE;
    }

    /**
     * Whether the rounded fields are exact.
     *
     * @param relativeError their relative error as the reconstructing engine has it
     */
    boolean exact(Map<String, double[]> roundedFields, double relativeError, DescriptorScale scale) {
        if (!isCandidate(relativeError)) {
            return false;
        }
        if (engine == null && refusal == null) {
            try {
                engine = source.get();
            } catch (InputError tooLarge) {
                refusal = tooLarge.getMessage();
            }
        }
        return (refusal != null ? relativeError : scale.relative(engine.evaluate(roundedFields).error())) <= bound();
    }

    @Override
    public void close() {
        if (engine != null && owns) {
            engine.close();
        }
    }
}
