package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Tensor;

/**
 * The adjoints of the factors of a running product, and for each of them what it contributes to other tensors. With the
 * factors m[k] and the adjoints g[n] of the products {@code prod[k: low..n](m[k])}, the adjoint of factor k is
 *
 * <pre>{@code
 * z[k] = p[k] * h[k],   p[low] = 1,   p[k + 1] = p[k] * m[k],   h[k] = g[k] + m[k + 1] * h[k + 1]
 * }</pre>
 *
 * <p>the product of the factors before it times a sum over the products that it is in: 2n steps, and no division, so that
 * factors may be 0. The products p are kept for a block of pixels; z itself is never stored.
 *
 * @param z how the contributions' values name the element that was just computed: a read of z at its own indices
 * @param product the running product, whose step is the index of the factors in z
 * @param others the indices of z besides the pixel and the step
 * @param seed the adjoint of the product, for each value of the index along which it runs
 */
public record ReverseScan(Read z, RunningReduction product, List<Index> others, Index pixel, Expression seed,
        List<Fold.Contribution> contributions, String comment) implements Kernel {
    public ReverseScan {
        others = List.copyOf(others);
        contributions = List.copyOf(contributions);
    }

    /** The index of the factors. */
    public Index step() {
        return product.step();
    }

    /** A factor. */
    public Expression factor() {
        return product.reduction().body();
    }

    /** The adjoint of the product whose last factor is that of the step; 0 where there is no such product. */
    public Expression seedAtStep() {
        IntegerDomain steps = (IntegerDomain) step().domain();
        IntegerDomain range = (IntegerDomain) product.along().domain();
        IndexForm place = IndexForm.of(step(), 0).plus(-product.offset());
        Expression seeded = Expressions.substitute(seed, Map.of(product.along(), List.of(place)));
        Expression exists = Expressions.always();
        if (steps.low() - product.offset() < range.low()) {
            exists = Expressions.and(exists, Expressions.binary(BinaryOperator.LESS_OR_EQUAL,
                    Expressions.constant(range.low()), Expressions.coordinate(place)));
        }
        if (steps.high() - product.offset() > range.high()) {
            exists = Expressions.and(exists, Expressions.binary(BinaryOperator.LESS_OR_EQUAL,
                    Expressions.coordinate(place), Expressions.constant(range.high())));
        }
        return Expressions.isAlways(exists) ? seeded : Expressions.select(exists, seeded, Expressions.constant(0));
    }

    /** How the sum of what is contributed to a target lies in memory: with a halo as wide as contributions reach. */
    public Storage accumulator(Tensor target) {
        return Fold.accumulator(target, contributions);
    }

    /**
     * How far contributions reach along the first axis of the grid: the most pixels below and above the pixel that
     * contributes, together.
     */
    public int reach() {
        int below = 0;
        int above = 0;
        for (Fold.Contribution contribution : contributions) {
            Tensor target = contribution.target();
            IndexForm first = contribution.subscripts().get(target.axes().indexOf(target.grid())).getFirst();
            long[] bounds = first.minus(IndexForm.of(pixel, 0)).bounds();
            below = Math.max(below, Math.toIntExact(-bounds[0]));
            above = Math.max(above, Math.toIntExact(bounds[1]));
        }
        return Math.addExact(below, above);
    }

    /** Whether the last component of the pixel can run through the lanes of vectors in all that it computes. */
    static boolean isVectorizable(Expression factor, Expression seed, List<Fold.Contribution> contributions, Index pixel) {
        return Vectorizable.test(factor, pixel) && Vectorizable.test(seed, pixel)
                && contributions.stream().allMatch(each -> Vectorizable.test(each.value(), pixel)
                        && Vectorizable.isContiguous(each.subscripts(), each.target(), pixel));
    }

    @Override
    public List<Tensor> writes() {
        return contributions.stream().map(Fold.Contribution::target).distinct().toList();
    }

    @Override
    public List<Expression> expressions() {
        List<Expression> all = new ArrayList<>(List.of(factor(), seedAtStep()));
        contributions.forEach(contribution -> all.add(contribution.value()));
        return all;
    }

    @Override
    public String formula() {
        Reduce reduction = product.reduction();
        StringBuilder text = new StringBuilder("let " + z + " = " + Expressions.sum(List.of(product.along()),
                reduction.guard(), Expressions.multiply(seed, reduction)) + " without factor " + step().name());
        contributions.forEach(each -> text.append("\n  ").append(Expressions.read(each.target(), each.subscripts()))
                .append(" += ").append(each.value()));
        return text.toString();
    }
}
