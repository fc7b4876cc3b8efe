package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.source.Span;

/**
 * Makes forms of integers that are no polynomials of indices, as {@code abs(a - b)} or {@code floor(norm(r))}: by a table of
 * their values over those of the polynomials that they are made of, here {@code a - b}, or {@code r.1} and {@code r.2}.
 */
final class Tabulation {
    private static final long MOST_VALUES = 1 << 16;
    private static final long GREATEST = 1 << 30;

    private Tabulation() {}

    /**
     * The form of an integer that depends on indices.
     *
     * @param structural its value, made of indices, constants and elements of data
     * @throws Abandoned where it is no integer for values of the indices that can occur here, or where the table would be too
     *     large
     */
    static IndexForm of(Expression structural, Span span, ExpressionBinder binder) {
        Map<IndexForm, Index> variables = new LinkedHashMap<>();
        for (Expression node : Expressions.nodes(structural)) {
            for (IndexForm form : Expressions.forms(node)) {
                long[] bounds = form.bounds();
                if (!form.isConstant()) {
                    variables.computeIfAbsent(form,
                            unknown -> new Index("v", new IntegerDomain((int) bounds[0], (int) bounds[1])));
                }
            }
        }
        long size = Count.of(variables.values());
        if (size > MOST_VALUES || Expressions.nodes(structural).stream().anyMatch(Reduce.class::isInstance)) {
            throw binder.session().error(Session.TOO_LARGE, span, "'" + span.text() + "' has too many values for a table of "
                    + "them; at most " + MOST_VALUES + " are allowed, unless it is made of indices by +, -, *, div and mod");
        }
        Expression ofVariables = Expressions.rewrite(structural, node -> switch (node) {
            case Coordinate coordinate -> Expressions.coordinate(replaced(coordinate.form(), variables));
            case Member member -> Expressions.member(
                    member.vector().stream().map(form -> replaced(form, variables)).toList(), member.domain());
            case Read read -> Expressions.read(read.tensor(), read.subscripts().stream()
                    .map(subscript -> subscript.stream().map(form -> replaced(form, variables)).toList()).toList());
            default -> node;
        });
        double[] values = values(ofVariables, variables.values().stream().toList(), (int) size, span, binder);
        List<int[]> members = new ArrayList<>();
        boolean allIntegers = true;
        for (int position = 0; position < values.length; position++) {
            allIntegers &= isInteger(values[position]);
            members.add(new int[] {position, isInteger(values[position]) ? (int) values[position] : 0});
        }
        if (!allIntegers) {
            requireIntegers(structural, span, binder);
        }
        return IndexForm.member(position(variables), new VectorDomain("table", 2, members), 1);
    }

    private static IndexForm replaced(IndexForm form, Map<IndexForm, Index> variables) {
        return form.isConstant() ? form : IndexForm.of(variables.get(form), 0);
    }

    private static boolean isInteger(double value) {
        return value == Math.rint(value) && Math.abs(value) <= GREATEST;
    }

    /** The values in the order of the variables', the last one fastest. */
    private static double[] values(Expression expression, List<Index> variables, int size, Span span,
            ExpressionBinder binder) {
        IndexSpace space = new IndexSpace();
        IndexSpace.Cursor cursor = space.cursor(variables);
        FormulaCompiler.Formula formula;
        try {
            formula = new FormulaCompiler(space, binder.session()).compile(expression);
        } catch (FormulaCompiler.Unknown unknown) {
            throw binder.error(ExpressionBinder.NOT_AN_INTEGER, span, "an integer made of indices is needed here");
        }
        double[] values = new double[size];
        int[] slots = space.slots();
        int position = 0;
        for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
            values[position++] = formula.at(slots);
        }
        return values;
    }

    /** The place in the table of values, where those of the last variable lie side by side. */
    private static IndexForm position(Map<IndexForm, Index> variables) {
        IndexForm position = IndexForm.constant(0);
        for (Map.Entry<IndexForm, Index> variable : variables.entrySet()) {
            IntegerDomain range = (IntegerDomain) variable.getValue().domain();
            position = position.times(range.size()).plus(variable.getKey()).plus(-range.low());
        }
        return position;
    }

    /** Polynomials may have values, each by itself, that the indices never have together: only what can occur counts. */
    private static void requireIntegers(Expression structural, Span span, ExpressionBinder binder) {
        double[] offending = new double[1];
        try {
            Optional<String> found = binder.search().counterexample(Expressions.freeIndices(structural),
                    (compiler, space) -> {
                        FormulaCompiler.Formula formula = compiler.compile(structural);
                        return slots -> {
                            double value = formula.at(slots);
                            if (!isInteger(value)) {
                                offending[0] = value;
                            }
                            return isInteger(value);
                        };
                    });
            if (found.isPresent()) {
                throw binder.error(ExpressionBinder.NOT_AN_INTEGER, span, "an integer is needed here, and '" + span.text()
                        + "' is " + Numbers.text(offending[0]) + " for " + found.get());
            }
        } catch (FormulaCompiler.Unknown unknown) {
            throw binder.session().error(Session.TOO_LARGE, span, "there are too many values of '" + span.text()
                    + "' to see that all are integers");
        }
    }
}
