package org.mcrc.compiler.kernel;

import java.util.List;
import java.util.function.Predicate;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;

/** Whether the last component of a pixel index can run through the lanes of a vector. */
public final class Vectorizable {
    private Vectorizable() {}

    /** Which elements the lanes of a vector read, whose first one is at a multiple of their number. */
    public enum Access {
        /** All of them the same one. */
        UNIFORM,
        /** Neighbouring ones. */
        CONTIGUOUS,
        /** Every other one, as pooling by two does. */
        EVERY_OTHER,
        /** Neighbouring ones, each of them {@link #repetitions} times, as its adjoint does. */
        REPEATED,
        /** Any others. */
        SCATTERED
    }

    /** How an address, or the fastest subscript in it, moves with the lanes. */
    public static Access access(IndexForm form, IndexForm.Component lane) {
        if (!form.mentions(lane)) {
            return Access.UNIFORM;
        }
        return switch (form.linearCoefficient(lane)) {
            case 1 -> Access.CONTIGUOUS;
            case 2 -> Access.EVERY_OTHER;
            default -> repetitions(form, lane) == 0 ? Access.SCATTERED : Access.REPEATED;
        };
    }

    /**
     * How many lanes after one another read the same element: d where the form is lane div d and something without it. Of
     * powers of two all vectors read alike, wherever they begin. 0 where there is no such number.
     */
    public static int repetitions(IndexForm form, IndexForm.Component lane) {
        for (IndexForm.Monomial monomial : form.terms().keySet()) {
            if (monomial.factors().getFirst() instanceof IndexForm.Quotient(IndexForm dividend, int divisor)
                    && dividend.equals(IndexForm.of(lane)) && Integer.bitCount(divisor) == 1
                    && !form.minus(dividend.floorDivide(divisor)).mentions(lane)) {
                return divisor;
            }
        }
        return 0;
    }

    /** The pixel index of a definition along whose last axis every read is one that vectors do; null where there is none. */
    static Index vectorIndex(Definition definition) {
        Index pixel = definition.pixelAxis();
        Reduce reduction = definition.reduction();
        if (pixel == null && reduction != null) {
            List<Index> pixels = reduction.indices().stream().filter(Index::isPixel).toList();
            pixel = pixels.size() == 1 ? pixels.getFirst() : null;
        }
        return pixel != null && test(definition.body(), pixel) ? pixel : null;
    }

    /** Whether every read in an expression is one that vectors along the last axis of the pixel index do. */
    public static boolean test(Expression body, Index pixel) {
        IndexForm.Component lane = new IndexForm.Component(pixel, ((Grid) pixel.domain()).rank() - 1);
        return Expressions.nodes(body).stream().allMatch(node -> isVectorizable(node, lane));
    }

    private static boolean isVectorizable(Expression node, IndexForm.Component lane) {
        return switch (node) {
            case Read read -> isRead(read, lane);
            case Coordinate coordinate -> !coordinate.form().mentions(lane)
                    || coordinate.form().linearCoefficient(lane) != 0;
            case Member member -> member.vector().stream().noneMatch(form -> form.mentions(lane));
            case Reduce reduce -> reduce.operator() != ReductionOperator.ARGMAX
                    && reduce.operator() != ReductionOperator.ARGMIN;
            case Binary binary -> binary.operator() != BinaryOperator.POLYGAMMA;
            case Expression _ -> true;
        };
    }

    private static boolean isRead(Read read, IndexForm.Component lane) {
        return fastest(read.subscripts(), read.tensor(), lane, access -> access != Access.SCATTERED);
    }

    /** Whether neighbouring pixels along the last axis write neighbouring elements. */
    public static boolean isContiguous(List<List<IndexForm>> subscripts, Tensor target, Index pixel) {
        return fastest(subscripts, target, new IndexForm.Component(pixel, ((Grid) pixel.domain()).rank() - 1),
                access -> access == Access.CONTIGUOUS);
    }

    /** Whether the lane is in no subscript but those along the last axis of a grid, and these are as asked for. */
    private static boolean fastest(List<List<IndexForm>> subscripts, Tensor tensor, IndexForm.Component lane,
            Predicate<Access> allowed) {
        boolean all = true;
        for (int axis = 0; axis < subscripts.size(); axis++) {
            List<IndexForm> subscript = subscripts.get(axis);
            boolean grid = tensor.axes().get(axis) instanceof Grid;
            for (int c = 0; c < subscript.size(); c++) {
                boolean fastest = grid && c == subscript.size() - 1;
                all &= fastest ? allowed.test(access(subscript.get(c), lane)) : !subscript.get(c).mentions(lane);
            }
        }
        return all;
    }
}
