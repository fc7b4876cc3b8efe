package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.adjoint.IndexSolver;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * A definition over pixels and more that is too large to be stored and is computed piece by piece: whatever reads it is
 * given what each of its elements contributes when it is finished.
 */
sealed interface Folded permits ReverseContraction, RunningAdjoint {
    Definition definition();

    /** What computes it, with these contributions. */
    Kernel fold(Inliner inliner, List<Fold.Contribution> contributions);

    /** What it is computed from. */
    List<Expression> operands();

    /** How often one of {@link #operands()} is evaluated. */
    double evaluations(Expression operand);

    /** What was decided about it, for the user: the choice and its reason. */
    List<String> decision();

    /** Whether a kernel can be written for it with these contributions. */
    boolean canFold(Inliner inliner, List<Fold.Contribution> contributions);

    /**
     * What one term of a target adds where an element is finished: the term seen from that element. Null where the
     * element does not determine the target's element, or where elements of the target's sum read no element of their
     * own: what the term is there would be lost.
     */
    default Fold.Contribution contribution(Definition target, Read read, Expression term) {
        if (target.pixelAxis() == null) {
            return null;
        }
        List<Index> indices = new ArrayList<>(target.axes());
        if (target.reduction() != null) {
            indices.addAll(target.reduction().indices());
        }
        Definition definition = definition();
        IndexSolver.Solution solution = IndexSolver.solve(read, indices, definition.axes());
        if (!solution.remaining().isEmpty() || Count.of(indices) != definition.tensor().size()
                || !Expressions.isAlways(Simplifier.simplify(solution.guard()))) {
            return null;
        }
        Map<Index, List<IndexForm>> seen = new HashMap<>(solution.solved());
        Expression value = Expressions.substitute(term, seen);
        Expression z = Expressions.readAt(definition.tensor(), definition.axes());
        boolean whole = Expressions.reads(value).stream().filter(r -> r.tensor().equals(definition.tensor()))
                .allMatch(r -> r == z);
        return whole ? new Fold.Contribution(target.tensor(), target.axes().stream().map(seen::get).toList(),
                Simplifier.simplify(value)) : null;
    }
}
