package org.mcrc.compiler.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Tensor;

/**
 * Sums over pixels of what running reductions give: {@code target[n, …] = sum[pixel](… prod[k: 0..n](…) …)}. The pixels of
 * a block go through the values of n together, and each value takes one step: n values cost n steps, not n².
 *
 * @param definition the target with its axes, and the body after fusion: a sum over the pixel
 * @param pixel its last component runs through the lanes of a vector
 * @param along the axis of the target along which the reductions run
 * @param running the reductions in the body that run along it
 */
public record Scan(Definition definition, Index pixel, Index along, List<RunningReduction> running) implements Kernel {
    /** Shorter reductions are written out, and share their terms without a scan. */
    private static final int LEAST_STEPS = 5;

    public Scan {
        running = List.copyOf(running);
    }

    /** A definition as a scan; null where it is none. */
    static Scan match(Definition definition) {
        Reduce sum = definition.reduction();
        if (sum == null || sum.operator() != ReductionOperator.SUM || definition.pixelAxis() != null
                || sum.indices().size() != 1 || Vectorizable.vectorIndex(definition) == null) {
            return null;
        }
        for (Index along : definition.axes()) {
            List<RunningReduction> running = Expressions.nodes(sum.body()).stream().filter(Reduce.class::isInstance)
                    .map(node -> RunningReduction.match((Reduce) node, List.of(along)))
                    .filter(java.util.Objects::nonNull).toList();
            if (!running.isEmpty() && along.domain().size() >= LEAST_STEPS
                    && running.stream().allMatch(each -> isAlone(each, definition, sum))) {
                return new Scan(definition, sum.indices().getFirst(), along, running);
            }
        }
        return null;
    }

    /** Whether a reduction is the same for all that it is used in: it stands in no other that gives an index to it. */
    private static boolean isAlone(RunningReduction running, Definition definition, Reduce sum) {
        return Expressions.freeIndices(running.reduction()).stream()
                .allMatch(index -> definition.axes().contains(index) || sum.indices().contains(index));
    }

    /** The axes of the target along which nothing runs. */
    public List<Index> others() {
        return definition.axes().stream().filter(index -> index != along).toList();
    }

    /** What a pixel adds, in terms of the running reductions. */
    public Expression value() {
        Reduce sum = definition.reduction();
        return Expressions.isAlways(sum.guard()) ? sum.body()
                : Expressions.select(sum.guard(), sum.body(), Expressions.constant(0));
    }

    @Override
    public List<Tensor> writes() {
        return List.of(definition.tensor());
    }

    @Override
    public List<Expression> expressions() {
        Set<Expression> all = new LinkedHashSet<>(List.of(definition.body()));
        running.forEach(each -> all.add(each.term()));
        return List.copyOf(all);
    }

    @Override
    public String formula() {
        return definition.formula();
    }
}
