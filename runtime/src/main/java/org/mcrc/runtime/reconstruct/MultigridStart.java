package org.mcrc.runtime.reconstruct;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Resampling;

/**
 * A start that is reconstructed itself: on the coarsest level from noise, on each finer one from the level before, every pixel
 * of which becomes a block of pixels. A level has so many pixels fewer that all of them together take a fraction of the time
 * of the finest, which is then spared most of its iterations.
 *
 * <p>Coarse fields are means over pixels: they are not rounded. What was found is pulled half-way to the middle of the fields'
 * ranges, with a little noise, before the next level moves it: a field that lies at its bounds has little slope.
 */
final class MultigridStart implements Start {
    /** What is tried again on a level is tried on all levels below it: so many times on all of them together. */
    private static final int MOST_RETRIES = 6;

    private final List<CoarseLevel> coarser;
    private final Signature finest;
    private final int factor;
    private final ReconstructionSettings settings;
    private final AutomaticSettings automatic;
    private final ProgressListener listener;
    private final Cancellation cancellation;

    /** How often something may still be tried again for the start that is being made. */
    private int retries;

    /**
     * @param coarser the levels, the finest first; each has extents {@code factor} times smaller than the one before, the first
     *     of them than {@code finest}
     * @param settings of the whole reconstruction
     * @param automatic of the whole reconstruction
     * @param listener is told how each level ended
     */
    MultigridStart(List<CoarseLevel> coarser, Signature finest, int factor, ReconstructionSettings settings,
            AutomaticSettings automatic, ProgressListener listener, Cancellation cancellation) {
        this.coarser = List.copyOf(coarser);
        this.finest = finest;
        this.factor = factor;
        this.settings = settings;
        this.automatic = automatic;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    @Override
    public double[] point(long seed) {
        retries = MOST_RETRIES;
        return point(0, seed);
    }

    /** The start of a level: 0 is the finest. */
    private double[] point(int level, long seed) {
        Signature signature = level == 0 ? finest : coarser.get(level - 1).full().signature();
        if (level == coarser.size()) {
            return settings.initialization().draw(signature, seed);
        }
        Optional<ReconstructionResult> found = best(level, seed);
        return found.isPresent() ? refined(signature, found.get(), new Random(seed + level))
                : settings.initialization().draw(signature, seed);
    }

    /**
     * What was found on the level below: from another start where that was not good enough, the best of a few. Empty where the
     * descriptor of so few pixels, or of means over pixels, is no finite number.
     */
    private Optional<ReconstructionResult> best(int level, long seed) {
        ReconstructionResult best = null;
        long of = seed;
        for (int attempt = 1; attempt <= automatic.coarseAttempts(); attempt++) {
            ReconstructionResult found;
            try {
                found = reconstruct(coarser.get(level), point(level + 1, of), of);
            } catch (NotFiniteStart _) {
                listener.happened(new Event(0, 0, Event.Kind.COARSE, pixels(level)
                        + ": left out, its loss or the gradient is not a finite number"));
                return Optional.empty();
            }
            boolean enough = found.reason() == StopReason.TOLERANCE || cancellation.requested()
                    || attempt == automatic.coarseAttempts() || retries == 0;
            listener.happened(new Event(0, found.seconds(), Event.Kind.COARSE, String.format(Locale.ROOT,
                    "%s: relative error %.2g after %d iterations, %.1f s%s", pixels(level), found.relativeError(),
                    found.iterations().size(), found.seconds(), enough ? "" : "; tried again from another start")));
            best = best == null || found.relativeError() < best.relativeError() ? found : best;
            if (enough) {
                break;
            }
            retries--;
            of = new Random(of).nextLong();
        }
        return Optional.of(best);
    }

    private String pixels(int level) {
        return new Extents(coarser.get(level).full().signature().extents()) + " pixels";
    }

    private ReconstructionResult reconstruct(CoarseLevel level, double[] start, long seed) {
        Map<String, Rounding> roundings = new LinkedHashMap<>();
        finest.fields().forEach(field -> roundings.put(field.name(), Rounding.NONE));
        ReconstructionSettings limits = new ReconstructionSettings(seed, settings.initialization(),
                automatic.coarseIterations(), OptionalDouble.of(automatic.coarseTolerance()), settings.plateau(),
                settings.projected(), settings.roundedEvery());
        // Nothing is rounded, so that nothing can be exact: a referee is never asked.
        try (Referee none = new Referee(() -> level.full(), Referee.DOUBLE_BOUND)) {
            return new AutomaticReconstruction(level.full(), level.sketch(), level.target(), roundings, none, limits,
                    automatic.once(), _ -> start).run(_ -> {}, cancellation);
        }
    }

    private double[] refined(Signature signature, ReconstructionResult found, Random random) {
        int pixels = signature.extents().stream().reduce(1, Math::multiplyExact);
        double[] point = new double[signature.fields().stream().mapToInt(Signature.Field::size).sum()];
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            double[] fine = Resampling.refine(found.continuous().get(field.name()), signature.extents(),
                    field.size() / pixels, factor);
            boolean bounded = Double.isFinite(field.low()) && Double.isFinite(field.high());
            double unit = bounded ? field.high() - field.low() : 1;
            double middle = !bounded ? 0 : field.indicators() ? 1.0 / signature.phases() : (field.low() + field.high()) / 2;
            double share = bounded ? automatic.softened() : 1;
            for (double value : fine) {
                double inside = Math.clamp(value, field.low(), field.high());
                point[position++] = middle + share * (inside - middle) + automatic.noise() * unit * random.nextGaussian();
            }
        }
        return point;
    }
}
