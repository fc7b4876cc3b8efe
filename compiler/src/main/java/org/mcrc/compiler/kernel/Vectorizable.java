package org.mcrc.compiler.kernel;

import java.util.List;
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

    /** The pixel index of a definition along whose last axis everything is contiguous or the same; null where there is none. */
    static Index vectorIndex(Definition definition) {
        Index pixel = definition.pixelAxis();
        Reduce reduction = definition.reduction();
        if (pixel == null && reduction != null) {
            List<Index> pixels = reduction.indices().stream().filter(Index::isPixel).toList();
            pixel = pixels.size() == 1 ? pixels.getFirst() : null;
        }
        return pixel != null && test(definition.body(), pixel) ? pixel : null;
    }

    /** Whether every read in an expression is contiguous along the last axis of the pixel index, or the same for all of it. */
    public static boolean test(Expression body, Index pixel) {
        IndexForm.Component lane = new IndexForm.Component(pixel, ((Grid) pixel.domain()).rank() - 1);
        return Expressions.nodes(body).stream().allMatch(node -> isVectorizable(node, lane));
    }

    private static boolean isVectorizable(Expression node, IndexForm.Component lane) {
        return switch (node) {
            case Read read -> isContiguous(read.subscripts(), read.tensor(), lane, false);
            case Coordinate coordinate -> !coordinate.form().mentions(lane)
                    || coordinate.form().linearCoefficient(lane) != 0;
            case Member member -> member.vector().stream().noneMatch(form -> form.mentions(lane));
            case Reduce reduce -> reduce.operator() != ReductionOperator.ARGMAX
                    && reduce.operator() != ReductionOperator.ARGMIN;
            case Binary binary -> binary.operator() != BinaryOperator.POLYGAMMA;
            case Expression _ -> true;
        };
    }

    /** Whether neighbouring pixels along the last axis write neighbouring elements. */
    public static boolean isContiguous(List<List<IndexForm>> subscripts, Tensor target, Index pixel) {
        return isContiguous(subscripts, target, new IndexForm.Component(pixel, ((Grid) pixel.domain()).rank() - 1), true);
    }

    private static boolean isContiguous(List<List<IndexForm>> subscripts, Tensor tensor, IndexForm.Component lane,
            boolean always) {
        boolean contiguous = true;
        for (int axis = 0; axis < subscripts.size(); axis++) {
            List<IndexForm> subscript = subscripts.get(axis);
            boolean grid = tensor.axes().get(axis) instanceof Grid;
            for (int c = 0; c < subscript.size(); c++) {
                boolean fastest = grid && c == subscript.size() - 1;
                boolean moves = subscript.get(c).mentions(lane);
                contiguous &= fastest ? !moves && !always || subscript.get(c).linearCoefficient(lane) == 1 : !moves;
            }
        }
        return contiguous;
    }
}
