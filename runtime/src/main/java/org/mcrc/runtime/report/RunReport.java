package org.mcrc.runtime.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.OptimizerSettings;
import org.mcrc.runtime.reconstruct.AutomaticSettings;
import org.mcrc.runtime.reconstruct.Noise;
import org.mcrc.runtime.reconstruct.ReconstructionResult;
import org.mcrc.runtime.reconstruct.ReconstructionSettings;
import org.mcrc.runtime.reconstruct.Strategy;

/**
 * The record of a run, {@code run.json}: enough to repeat it and to see what came of it. Names are written in snake case;
 * what does not apply is left out.
 *
 * @param command the command line
 * @param started date and time with zone, ISO 8601
 * @param inputs the files that were read
 * @param descriptor what was bound
 * @param settings every setting as it was used
 * @param versions what it ran on
 * @param result what came of it
 * @param files the names of the files written beside this one
 */
public record RunReport(
        List<String> command,
        String started,
        List<InputFile> inputs,
        Descriptor descriptor,
        Settings settings,
        Versions versions,
        Result result,
        List<String> files) {

    /**
     * The bound descriptor.
     *
     * @param parameters every param with its value, the defaults included
     * @param rounding how each field is rounded to phases
     */
    public record Descriptor(
            String name, List<Integer> size, int phases, SequencedMap<String, Double> parameters,
            SequencedMap<String, String> rounding) {
    }

    /** Every setting as it was used, whether given or not. */
    public record Settings(
            long seed, String initialization, Double initialMean, Double initialDeviation, String optimizer,
            Double learningRate, Double learningRateDecay, Double beta1, Double beta2, Double epsilon, Integer history,
            Double firstStep, Integer block, Integer sketchColumns, Integer levels, Automatic automatic, int iterations,
            Double tolerance, Integer plateau, boolean projected, int roundedEvery, double exactBound, String backend, String precision, int threads) {

        /**
         * Collects the settings of a run; those of other optimizers are left out.
         *
         * @param exactBound the greatest relative error of an exact field
         */
        public static Settings of(
                ReconstructionSettings loop, Strategy strategy, double exactBound, String backend, String precision,
                int threads) {
            Noise noise = loop.initialization() instanceof Noise drawn ? drawn : null;
            boolean normal = noise != null && !noise.uniform();
            OptimizerSettings optimizer = strategy.optimizer();
            Strategy.Automatic automatic = strategy instanceof Strategy.Automatic chosen ? chosen : null;
            AdamSettings adam = optimizer instanceof AdamSettings settings ? settings : null;
            LimitedMemoryBfgsSettings bfgs = optimizer instanceof LimitedMemoryBfgsSettings settings ? settings : null;
            return new Settings(loop.seed(), noise == null ? "given" : normal ? "normal" : "uniform", normal ? noise.mean() : null,
                    normal ? noise.deviation() : null, strategy.name(),
                    adam == null ? null : adam.learningRate(),
                    adam == null || !Double.isFinite(adam.decay()) ? null : (Double) adam.decay(),
                    adam == null ? null : adam.beta1(), adam == null ? null : adam.beta2(),
                    adam == null ? null : adam.epsilon(), bfgs == null ? null : bfgs.history(),
                    bfgs == null ? null : bfgs.firstStep(),
                    automatic == null ? null : automatic.settings().block(),
                    automatic == null ? null : automatic.columns(), automatic == null ? null : automatic.levels(),
                    automatic == null ? null : Automatic.of(automatic.settings()), loop.iterations(),
                    loop.tolerance().isPresent() ? loop.tolerance().getAsDouble() : null, automatic == null ? loop.plateau() : null,
                    loop.projected(), loop.roundedEvery(), exactBound, backend, precision, threads);
        }
    }

    /** By what the default optimizer decides: {@link AutomaticSettings} says what each of these means. */
    public record Automatic(double improvement, double settled, int patience, double softened, double noise, int softenings,
            int plateauSoftenings, int searched, double nearlyExact, double coarseTolerance, int coarseIterations, int coarseAttempts) {
        private static Automatic of(AutomaticSettings settings) {
            return new Automatic(settings.improvement(), settings.settled(), settings.patience(), settings.softened(),
                    settings.noise(), settings.softenings(), settings.plateauSoftenings(), settings.searched(), settings.nearlyExact(),
                    settings.coarseTolerance(), settings.coarseIterations(), settings.coarseAttempts());
        }
    }

    /**
     * What came of a run.
     *
     * @param stopped the reason to stop
     * @param exact whether the rounded fields have the target's descriptor up to rounding errors
     * @param iterations how many evaluations of loss and gradient there were
     * @param bestIteration the one whose fields are the result
     * @param loss L of the fields before rounding, with its parts
     * @param roundedError E of the rounded fields
     * @param relativeError the error of the result relative to the norm of the target
     * @param events what was done besides iterating, in order; left out where there was nothing
     */
    public record Result(
            String stopped, boolean exact, int iterations, int bestIteration, double seconds, double loss, double error,
            Map<String, Double> penalties, Double roundedError, double relativeError, double targetNorm,
            List<Done> events) {

        /**
         * What was done besides iterating.
         *
         * @param iteration after which
         * @param seconds since the start
         */
        public record Done(int iteration, double seconds, String kind, String detail) {
        }

        public static Result of(ReconstructionResult result) {
            Losses losses = result.losses();
            return new Result(result.reason().text(), result.exact(), result.iterations().size(), result.bestIteration(),
                    result.seconds(), losses.loss(), losses.error(), losses.penalties(),
                    result.roundedError().isPresent() ? result.roundedError().getAsDouble() : null,
                    result.relativeError(), result.scale().norm(), result.events().isEmpty() ? null
                            : result.events().stream().map(event -> new Done(event.iteration(), event.seconds(),
                                    event.kind().name().toLowerCase(Locale.ROOT), event.detail())).toList());
        }
    }

    /** The text of the file. */
    public String json() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
        try {
            return mapper.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
