package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Expressions;

/**
 * Brings contractions that do not need each other, as those of multigrid levels, next to each other: they are one list of
 * work for all processors then, so that none is idle at the end of a small one.
 *
 * <p>Within a phase, what no contraction has to precede comes first, then the contractions that need nothing else, what
 * needs those, the contractions that need this, and so on; kernels of the same rank keep their order.
 */
public final class ContractionOrder {
    private ContractionOrder() {}

    /** The same kernels in this order. Which contractions came together is added to {@code decisions}. */
    static Map<Phase, List<Kernel>> order(Map<Phase, List<Kernel>> phases, List<Decision> decisions) {
        Map<Phase, List<Kernel>> ordered = new EnumMap<>(Phase.class);
        phases.forEach((phase, kernels) -> {
            List<Kernel> list = order(kernels);
            ordered.put(phase, list);
            groups(list).stream().filter(group -> group.size() > 1).forEach(group -> {
                List<String> names = group.stream().map(kernel -> kernel.writes().getFirst().name()).toList();
                decisions.add(new Decision(names.getFirst(), "one list of work",
                        "with the contractions of " + String.join(", ", names.subList(1, names.size()))));
            });
        });
        return ordered;
    }

    private static List<Kernel> order(List<Kernel> kernels) {
        // By place and not by kernel: a halo may be filled twice.
        int[] ranks = new int[kernels.size()];
        for (int place = 0; place < ranks.length; place++) {
            Kernel kernel = kernels.get(place);
            int contractionsBefore = 0;
            for (int earlier = 0; earlier < place; earlier++) {
                if (conflict(kernels.get(earlier), kernel)) {
                    contractionsBefore = Math.max(contractionsBefore, (ranks[earlier] + 1) / 2);
                }
            }
            // Odd ranks are those of contractions.
            ranks[place] = 2 * contractionsBefore + (isContraction(kernel) ? 1 : 0);
        }
        return IntStream.range(0, ranks.length).boxed().sorted(Comparator.comparing(place -> ranks[place]))
                .map(kernels::get).toList();
    }

    /**
     * The kernels in order, those in one list that may run at the same time: contractions of which none reads or writes what
     * another writes. All others are alone.
     */
    public static List<List<Kernel>> groups(List<Kernel> kernels) {
        List<List<Kernel>> groups = new ArrayList<>();
        for (Kernel kernel : kernels) {
            List<Kernel> last = groups.isEmpty() ? List.of() : groups.getLast();
            boolean joins = !last.isEmpty() && isContraction(kernel)
                    && last.stream().allMatch(other -> isContraction(other) && !conflict(other, kernel));
            if (joins) {
                last.add(kernel);
            } else {
                groups.add(new ArrayList<>(List.of(kernel)));
            }
        }
        return groups;
    }

    private static boolean isContraction(Kernel kernel) {
        return kernel instanceof Gram || kernel instanceof Fold || kernel instanceof ChainedProduct;
    }

    /** Whether the order of two kernels matters. */
    static boolean conflict(Kernel first, Kernel second) {
        Set<String> writtenFirst = written(first);
        Set<String> writtenSecond = written(second);
        return touched(first).stream().anyMatch(writtenSecond::contains)
                || touched(second).stream().anyMatch(writtenFirst::contains);
    }

    private static Set<String> written(Kernel kernel) {
        return kernel.writes().stream().map(tensor -> tensor.name()).collect(Collectors.toSet());
    }

    private static Set<String> touched(Kernel kernel) {
        Set<String> names = new HashSet<>(written(kernel));
        kernel.expressions().forEach(expression ->
                Expressions.reads(expression).forEach(read -> names.add(read.tensor().name())));
        return names;
    }
}
