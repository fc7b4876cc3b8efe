package org.mcrc.compiler.kernel;

import java.util.List;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Reduce;

/** Which kernel computes a definition that is stored: a matrix product, running sums, or else a nest of loops. */
final class KernelForm {
    private KernelForm() {}

    /** The kernel of a definition. What was chosen for a reason is added to {@code decisions}. */
    static Kernel of(Definition definition, List<Decision> decisions) {
        Kernel gram = GramMatcher.match(definition, Scheduler.LEAST_ROWS);
        if (gram != null) {
            return gram;
        }
        Scan scan = Scan.match(definition);
        if (scan != null) {
            int steps = scan.along().domain().size();
            decisions.add(new Decision(definition.name(), "running " + scan.running().stream().map(each ->
                    each.reduction().operator().symbol()).distinct().collect(Collectors.joining(", ")),
                    "one step for each of the %d values of %s, not %d".formatted(steps, scan.along().name(),
                            steps * (steps + 1L) / 2)));
            return scan;
        }
        Nest nest = new Nest(definition, Vectorizable.vectorIndex(definition));
        return Sweep.of(nest) == null ? nest : withLikeTerms(nest, decisions);
    }

    private static Nest withLikeTerms(Nest nest, List<Decision> decisions) {
        Reduce reduce = nest.reduction();
        Expression body = reduce == null ? nest.definition().body() : reduce.body();
        Expression collected = LikeTerms.collect(body, nest.vector());
        if (collected == body) {
            return nest;
        }
        decisions.add(new Decision(nest.definition().name(), "like terms", "a cost of %.3g for each pixel, not %.3g"
                .formatted(Cost.of(collected), Cost.of(body))));
        return new Nest(nest.definition().withBody(reduce == null ? collected : Expressions.reduce(reduce.operator(),
                reduce.indices(), reduce.guard(), collected)), nest.vector());
    }
}
