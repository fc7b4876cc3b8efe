package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * A definition {@code z[pixel, k, …] = sum[n | k <= n + c](seed * prod[k' | k' <= n + c and not (k' == k)](factor(k')))}
 * that was recognized: the adjoints of the factors of a running product.
 *
 * @param product the running product with all its factors, over k
 * @param seed the adjoint of the product
 */
record RunningAdjoint(Definition definition, RunningReduction product, Expression seed) implements Folded {

    /** The parts of it; null where the definition is none. */
    static RunningAdjoint match(Definition definition, Map<String, Definition> definitions) {
        Reduce sum = definition.reduction();
        if (sum == null || sum.operator() != ReductionOperator.SUM || definition.pixelAxis() == null
                || sum.indices().size() != 1 || sum.indices().getFirst().isPixel()) {
            return null;
        }
        Index along = sum.indices().getFirst();
        List<Expression> factors = new ArrayList<>(Product.factors(sum.body()));
        for (Expression factor : List.copyOf(factors)) {
            RunningReduction product = factor instanceof Read read && definitions.containsKey(read.tensor().name())
                    ? product(definition, sum, along, read, definitions.get(read.tensor().name())) : null;
            if (product != null) {
                factors.remove(factor);
                Expression seed = Product.of(factors);
                return Expressions.freeIndices(seed).contains(product.step()) ? null
                        : new RunningAdjoint(definition, product, seed);
            }
        }
        return null;
    }

    /** The product whose other factors {@code read} gives, over all of them; null where it reads anything else. */
    private static RunningReduction product(Definition definition, Reduce sum, Index along, Read read, Definition others) {
        Reduce rest = others.reduction();
        if (rest == null || rest.operator() != ReductionOperator.PRODUCT || rest.indices().size() != 1
                || !(rest.guard() instanceof Binary guard) || guard.operator() != BinaryOperator.AND) {
            return null;
        }
        Map<Index, List<IndexForm>> here = new HashMap<>();
        for (int axis = 0; axis < others.axes().size(); axis++) {
            here.put(others.axes().get(axis), read.subscripts().get(axis));
        }
        Index factor = rest.indices().getFirst();
        for (Index step : definition.axes()) {
            OptionalInt growth = RunningReduction.growth(sum.guard(), step, along);
            if (growth.isEmpty() || !step.domain().equals(factor.domain())
                    || !isOther(Expressions.substitute(guard.right(), here), factor, step)
                    || !growth.equals(RunningReduction.growth(Expressions.substitute(guard.left(), here), factor, along))) {
                continue;
            }
            here.put(factor, IndexForm.of(step));
            Expression all = Expressions.reduce(ReductionOperator.PRODUCT, List.of(step), sum.guard(),
                    Expressions.substitute(rest.body(), here));
            return RunningReduction.match((Reduce) all, List.of(along));
        }
        return null;
    }

    /** Whether a condition says that {@code factor} is not {@code step}. */
    private static boolean isOther(Expression condition, Index factor, Index step) {
        Expression a = Expressions.coordinate(IndexForm.of(factor, 0));
        Expression b = Expressions.coordinate(IndexForm.of(step, 0));
        return condition instanceof Unary(UnaryOperator not, Expression same) && not == UnaryOperator.NOT
                && (same == Expressions.binary(BinaryOperator.EQUAL, a, b)
                        || same == Expressions.binary(BinaryOperator.EQUAL, b, a));
    }

    @Override
    public Kernel fold(Inliner inliner, List<Fold.Contribution> contributions) {
        Index pixel = definition.pixelAxis();
        Reduce all = product.reduction();
        Reduce inlined = (Reduce) Expressions.reduce(all.operator(), all.indices(), all.guard(), factor(inliner));
        return new ReverseScan((Read) Expressions.readAt(definition.tensor(), definition.axes()),
                new RunningReduction(inlined, product.step(), product.along(), product.offset()),
                definition.axes().stream().filter(index -> index != pixel && index != product.step()).toList(), pixel,
                seed(inliner), contributions, definition.comment());
    }

    private Expression factor(Inliner inliner) {
        return Simplifier.simplify(inliner.inline(product.reduction().body()));
    }

    private Expression seed(Inliner inliner) {
        return Simplifier.simplify(inliner.inline(seed));
    }

    @Override
    public List<Expression> operands() {
        return List.of(product.reduction().body(), seed);
    }

    @Override
    public double evaluations(Expression operand) {
        return definition.tensor().size();
    }

    @Override
    public List<String> decision() {
        int steps = product.step().domain().size();
        return List.of("running product", "the products before each of the %d factors, the sums after it: %d steps, not %d"
                .formatted(steps, 2 * steps, (long) steps * product.along().domain().size()));
    }

    @Override
    public boolean canFold(Inliner inliner, List<Fold.Contribution> contributions) {
        return ReverseScan.isVectorizable(factor(inliner), seed(inliner), contributions, definition.pixelAxis());
    }
}
