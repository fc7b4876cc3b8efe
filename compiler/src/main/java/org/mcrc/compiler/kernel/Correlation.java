package org.mcrc.compiler.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Tensor;

/**
 * The correlation of two stored arrays over a periodic grid, at some vectors:
 * {@code target[axes] = sum[pixel, inner | guard](left[pixel] * right[pixel + shift])}, by the theorem that the correlation
 * at all vectors together has the spectrum conj(left^) right^, in N log N operations.
 *
 * @param definition what is computed: a sum over one pixel index and perhaps others
 * @param left the first factor as its array and its spectrum
 * @param right the second
 * @param shift the vector between them, of the target's indices, component by component
 * @param product a workspace as long as a spectrum: the product of the spectra, then the correlation at all vectors
 */
public record Correlation(Definition definition, Transformed left, Transformed right, List<IndexForm> shift,
        Tensor product) implements Kernel {
    public Correlation {
        shift = List.copyOf(shift);
    }

    public Grid grid() {
        return left.array().tensor().grid();
    }

    /** The target's indices on which the operands depend: one transform for each of their values. */
    public List<Index> batch() {
        Set<Index> ofOperands = ofOperands();
        return definition.axes().stream().filter(ofOperands::contains).toList();
    }

    /** The target's other indices: the elements that are found in the same transform. */
    public List<Index> vectors() {
        Set<Index> ofOperands = ofOperands();
        return definition.axes().stream().filter(index -> !ofOperands.contains(index)).toList();
    }

    /** What is summed over besides pixels. */
    public List<Index> inner() {
        return reduction().indices().stream().filter(index -> !index.isPixel()).toList();
    }

    /** For which elements of the target there is anything to sum; of the others none is written. */
    public Expression guard() {
        return reduction().guard();
    }

    private Reduce reduction() {
        return definition.reduction();
    }

    private Set<Index> ofOperands() {
        Set<Index> indices = new HashSet<>(Expressions.freeIndices(left.array()));
        indices.addAll(Expressions.freeIndices(right.array()));
        return indices;
    }

    @Override
    public List<Tensor> writes() {
        return List.of(definition.tensor(), product);
    }

    @Override
    public List<Expression> expressions() {
        return List.of(left.spectrum(), right.spectrum());
    }

    @Override
    public String formula() {
        return definition.formula() + "  // by FFT";
    }
}
