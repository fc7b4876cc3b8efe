package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Tensor;

/**
 * A contraction over pixels: {@code target[rows, columns] = scale * sum[pixel](left[rows, pixel] * right[columns, pixel])}.
 * The operands are expressions: they are produced while a panel of pixels is staged, and never stored for the whole image.
 *
 * @param batch the target's first axes, on which both operands depend: one contraction for each of their values
 * @param rows the indices of the rows, the target's next axes
 * @param columns the indices of the columns, the target's last axes
 * @param symmetric whether {@code right} is {@code left} with rows renamed to columns: only tiles on and above the
 *     diagonal are computed
 */
public record Gram(Tensor target, List<Index> batch, List<Index> rows, List<Index> columns, Index pixel,
        Expression left, Expression right, boolean symmetric, Expression scale, String comment) implements Kernel {
    @Override
    public List<Tensor> writes() {
        return List.of(target);
    }

    @Override
    public List<Expression> expressions() {
        return List.of(left, right, scale);
    }

    @Override
    public String formula() {
        List<Index> axes = new ArrayList<>(batch);
        axes.addAll(rows);
        axes.addAll(columns);
        Expression sum = Expressions.sum(List.of(pixel), Expressions.always(), Expressions.multiply(left, right));
        return "let " + Expressions.readAt(target, axes) + " = " + Expressions.multiply(scale, sum)
                + (symmetric ? "  // symmetric" : "");
    }
}
