package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Count;

/**
 * What the kernels of a program take on a processor besides its stored arrays: the packed coefficients of reverse
 * contractions, accumulators, and results that are copied to their places. Arrays that one contraction after another may
 * use count for each, since all of them may be under way at once. What grows with caches only, the panels of the workers, is
 * not counted.
 */
public final class Workspace {
    /** A contraction has as many accumulators as this number of bytes allows, and one at least. */
    public static final long ACCUMULATED_BYTES = 32L << 20;

    /** And no more than this: enough for every worker of a large machine. */
    public static final int MOST_CHUNKS = 32;

    private final int bytesPerNumber;

    private Workspace(int bytesPerNumber) {
        this.bytesPerNumber = bytesPerNumber;
    }

    /** The bytes that all kernels of a program take; negative where they are more than a long can hold. */
    static long bytes(Map<Phase, List<Kernel>> kernels, int bytesPerNumber) {
        Workspace workspace = new Workspace(bytesPerNumber);
        List<Kernel> all = new ArrayList<>();
        kernels.values().forEach(all::addAll);
        long numbers = all.stream().mapToLong(workspace::numbers).reduce(0, Workspace::sum);
        return numbers > Long.MAX_VALUE / bytesPerNumber ? -1 : numbers * bytesPerNumber;
    }

    private long numbers(Kernel kernel) {
        return switch (kernel) {
            case Fold fold -> sum(packed(fold), accumulated(fold.writes().stream()
                    .filter(target -> !fold.isDirect(target)).map(target -> fold.accumulator(target).length())
                    .reduce(0L, Workspace::sum)));
            case Gram gram -> gram.batch().isEmpty() ? 0 : Count.product(Count.of(gram.rows()), Count.of(gram.columns()));
            case ChainedProduct chain -> sum(packed(chain.first()), accumulated(Count.product(
                    Count.of(chain.second().rows()), Count.of(chain.second().columns()))));
            case ReverseScan scan -> scan.writes().stream().mapToLong(target -> scan.accumulator(target).length())
                    .reduce(0, Workspace::sum);
            case Nest _, Sweep _, Scan _, Spectrum _, Correlation _, Convolution _, Wrap _ -> 0;
        };
    }

    private static long packed(Fold fold) {
        return Count.product(Count.of(fold.rows()), fold.terms().stream().mapToLong(term -> Count.of(term.inner()))
                .reduce(0, Workspace::sum));
    }

    /** The accumulators of all chunks together, of which each has so many numbers. */
    private long accumulated(long each) {
        long bytes = Count.product(Math.max(1, each), bytesPerNumber);
        return Count.product(each, Math.clamp(ACCUMULATED_BYTES / bytes, 1, MOST_CHUNKS));
    }

    private static long sum(long left, long right) {
        return left > Long.MAX_VALUE - right ? Long.MAX_VALUE : left + right;
    }
}
