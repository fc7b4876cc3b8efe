package org.mcrc.compiler.kernel;

import java.util.Arrays;
import java.util.List;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/**
 * The reverse contraction: {@code z[pixel, rows] = sum[inner](matrix[rows, inner] * operand[pixel, inner])}, tile by tile,
 * and for every finished element what it contributes to other tensors. z itself is never stored.
 *
 * @param z how the targets' values name the element that was just computed: a read of z at its own indices
 * @param batch indices on which the operand depends besides the pixel: one contraction for each of their values
 * @param matrix an expression without pixels
 * @param operand an expression that is produced while a panel of pixels is staged
 */
public record Fold(Read z, List<Index> batch, List<Index> rows, List<Index> inner, Index pixel, Expression matrix,
        Expression operand, List<Contribution> contributions, String comment) implements Kernel {
    /**
     * {@code target[subscripts] += value}, for every pixel and row.
     *
     * @param subscripts forms of the pixel and the rows: the pixel plus an offset for the target's grid
     * @param value an expression in z, the pixel and the rows
     */
    public record Contribution(Tensor target, List<List<IndexForm>> subscripts, Expression value) {}

    public Fold {
        batch = List.copyOf(batch);
        rows = List.copyOf(rows);
        inner = List.copyOf(inner);
        contributions = List.copyOf(contributions);
    }

    /** How the sum of what is contributed to a target lies in memory: with a halo as wide as contributions reach. */
    public Storage accumulator(Tensor target) {
        return accumulator(target, contributions);
    }

    /** The same for any contributions. */
    static Storage accumulator(Tensor target, List<Contribution> contributions) {
        Grid grid = target.grid();
        int axis = target.axes().indexOf(grid);
        int[] halo = new int[grid.rank()];
        for (Contribution contribution : contributions) {
            if (contribution.target().equals(target)) {
                for (int c = 0; c < halo.length; c++) {
                    long[] bounds = contribution.subscripts().get(axis).get(c).bounds();
                    halo[c] = Math.max(halo[c], Math.toIntExact(Math.max(-bounds[0], bounds[1] - grid.extent(c) + 1)));
                }
            }
        }
        return new Storage(target, false, Arrays.stream(halo).boxed().toList());
    }

    @Override
    public List<Tensor> writes() {
        return contributions.stream().map(Contribution::target).distinct().toList();
    }

    @Override
    public List<Expression> expressions() {
        List<Expression> all = new java.util.ArrayList<>(List.of(matrix, operand));
        contributions.forEach(contribution -> all.add(contribution.value()));
        return all;
    }

    @Override
    public String formula() {
        StringBuilder text = new StringBuilder("let " + z + " = " + Expressions.sum(inner, Expressions.always(),
                Expressions.multiply(matrix, operand)));
        contributions.forEach(each -> text.append("\n  ").append(Expressions.read(each.target(), each.subscripts()))
                .append(" += ").append(each.value()));
        return text.toString();
    }
}
