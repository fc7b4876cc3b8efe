package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/**
 * The reverse contraction: {@code z[pixel, rows]} is the sum over terms of
 * {@code sum[inner](matrix[rows, inner] * operand[pixel, inner])}, tile by tile, and for every finished element what it
 * contributes to other tensors. z itself is never stored.
 *
 * @param z how the targets' values name the element that was just computed: a read of z at its own indices
 * @param batch indices on which the operand depends besides the pixel: one contraction for each of their values
 */
public record Fold(Read z, List<Index> batch, List<Index> rows, Index pixel, List<Term> terms,
        List<Contribution> contributions, String comment) implements Kernel {
    /**
     * A part of the sum.
     *
     * @param matrix an expression without pixels
     * @param operand an expression that is produced while a panel of pixels is staged
     */
    public record Term(List<Index> inner, Expression matrix, Expression operand) {
        public Term {
            inner = List.copyOf(inner);
        }

        @Override
        public String toString() {
            return Expressions.sum(inner, Expressions.always(), Expressions.multiply(matrix, operand)).toString();
        }
    }

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
        terms = List.copyOf(terms);
        contributions = List.copyOf(contributions);
    }

    /** How the sum of what is contributed to a target lies in memory: with a halo as wide as contributions reach. */
    public Storage accumulator(Tensor target) {
        return accumulator(target, contributions);
    }

    /** The same for any contributions. */
    static Storage accumulator(Tensor target, List<Contribution> contributions) {
        int[] halo = new int[target.grid().rank()];
        for (Contribution contribution : contributions) {
            if (contribution.target().equals(target)) {
                Halos.extend(halo, target, contribution.subscripts());
            }
        }
        return new Storage(target, false, Arrays.stream(halo).boxed().toList());
    }

    /**
     * Whether what is contributed to a target can be written into it at once: each finished element is the only one that
     * contributes to its element of the target.
     */
    public boolean isDirect(Tensor target) {
        List<Contribution> own = contributions.stream().filter(each -> each.target().equals(target)).toList();
        if (own.size() != 1) {
            return false;
        }
        Set<List<IndexForm>> subscripts = new HashSet<>(own.getFirst().subscripts());
        List<Index> indices = new ArrayList<>(batch);
        indices.addAll(rows);
        indices.add(pixel);
        return subscripts.equals(indices.stream().map(IndexForm::of).collect(Collectors.toSet()));
    }

    @Override
    public List<Tensor> writes() {
        return contributions.stream().map(Contribution::target).distinct().toList();
    }

    @Override
    public List<Expression> expressions() {
        List<Expression> all = new ArrayList<>();
        terms.forEach(term -> all.addAll(List.of(term.matrix(), term.operand())));
        contributions.forEach(contribution -> all.add(contribution.value()));
        return all;
    }

    @Override
    public String formula() {
        StringBuilder text = new StringBuilder("let " + z + " = ").append(terms.stream().map(Term::toString)
                .collect(Collectors.joining(" + ")));
        contributions.forEach(each -> text.append("\n  ").append(Expressions.read(each.target(), each.subscripts()))
                .append(" += ").append(each.value()));
        return text.toString();
    }
}
