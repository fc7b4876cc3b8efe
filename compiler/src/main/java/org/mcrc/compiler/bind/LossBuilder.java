package org.mcrc.compiler.bind;

import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.divide;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.read;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.unary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.LossKind;

/** Builds the descriptor error E from all outputs of all levels and slices, and the loss L (Seibert et al. 2021, eq. 6). */
final class LossBuilder {
    static final DiagnosticKind NOTHING_COMPARED = DiagnosticKind.error("nothing-compared");

    /** The descriptor error. */
    static final Tensor ERROR = new Tensor("E", Tensor.Kind.DEFINED, List.of());

    /**
     * An output that is compared with its target.
     *
     * @param entry its name in files
     * @param compared its elements, of each slice by itself
     * @param axes indices over the target, of which guard and weight are made
     * @param slice an index over the slices, or null
     * @param guard which elements are compared
     * @param count the number of elements that are compared, of the average over slices
     */
    record Comparison(String entry, Tensor compared, Tensor target, List<Index> axes, Index slice, Expression guard,
            Expression weight, int slices, Expression count, Span span) {}

    /** A penalty with its weight, in which E may occur. */
    record WeightedPenalty(String name, Tensor value, Expression weight) {}

    private final Session session;
    private final LossKind kind;
    private final Span span;

    LossBuilder(Session session, LossKind kind, Span span) {
        this.session = session;
        this.kind = kind;
        this.span = span;
    }

    /** The product of weights; one of 1 leaves no trace. */
    static Number product(Number left, Number right) {
        return isOne(left) ? right : isOne(right) ? left : Arithmetic.binary(BinaryOperator.MULTIPLY, left, right);
    }

    private static boolean isOne(Number number) {
        return number.expression() instanceof Constant constant && constant.value() == 1;
    }

    /** Defines E and L. */
    Tensor build() {
        Expression sum = null;
        Expression count = null;
        for (Comparison comparison : session.comparisons) {
            Expression part = read(session.define(IndexProgram.Output.partOfError(comparison.entry()), List.of(),
                    part(comparison), "the part of " + comparison.entry() + " in E", comparison.span()), List.of());
            sum = sum == null ? part : add(sum, part);
            count = count == null ? comparison.count() : plus(count, comparison.count());
        }
        if (sum == null || count instanceof Constant known && known.value() == 0) {
            throw session.error(NOTHING_COMPARED, span, "the descriptor has no output that can be compared");
        }
        Expression total = sum;
        Expression error = switch (kind) {
            case SSE, L1 -> total;
            case MSE -> divide(total, count);
            case L2 -> root(named("E.squared", total));
            case RMS -> root(named("E.squared", divide(total, count)));
        };
        session.define(ERROR.name(), List.of(), error, "the descriptor error", span);
        Expression loss = read(ERROR, List.of());
        for (WeightedPenalty penalty : session.penalties) {
            loss = add(loss, multiply(penalty.weight(), read(penalty.value(), List.of())));
        }
        return session.define(session.freeName("L"), List.of(), loss, "the loss", span);
    }

    private Expression named(String name, Expression value) {
        return read(session.define(name, List.of(), value, "", span), List.of());
    }

    private static Expression plus(Expression left, Expression right) {
        return left instanceof Constant first && right instanceof Constant second
                ? constant(first.value() + second.value()) : add(left, right);
    }

    /** The sum over elements, averaged over slices. */
    private Expression part(Comparison comparison) {
        Map<Index, List<IndexForm>> renamed = new HashMap<>();
        List<Index> axes = new ArrayList<>();
        for (Index index : comparison.axes()) {
            Index own = index.fresh();
            axes.add(own);
            renamed.put(index, IndexForm.of(own));
        }
        List<Index> all = new ArrayList<>();
        if (comparison.slice() != null) {
            all.add(comparison.slice().fresh());
        }
        all.addAll(axes);
        Expression difference = Expressions.subtract(Expressions.readAt(comparison.compared(), all),
                Expressions.readAt(comparison.target(), axes));
        Expression weight = Expressions.substitute(comparison.weight(), renamed);
        Expression weighted = weight == constant(1) ? difference : multiply(weight, difference);
        Expression term = kind == LossKind.L1 ? unary(org.mcrc.compiler.index.UnaryOperator.ABS, weighted)
                : multiply(weighted, weighted);
        Expression guard = Expressions.substitute(comparison.guard(), renamed);
        Expression sum = !all.isEmpty() ? Expressions.sum(all, guard, term)
                : Expressions.isAlways(guard) ? term : select(guard, term, constant(0));
        return comparison.slices() == 1 ? sum : divide(sum, constant(comparison.slices()));
    }

    /** The square root, whose derivative is 0 where it is 0. */
    private static Expression root(Expression squared) {
        Expression root = unary(UnaryOperator.SQRT, squared);
        return Expressions.withDerivative(root, squared, select(binary(BinaryOperator.LESS, constant(0), squared),
                divide(constant(0.5), root), constant(0)));
    }
}
