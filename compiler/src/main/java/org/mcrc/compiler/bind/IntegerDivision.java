package org.mcrc.compiler.bind;

import java.util.Optional;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.source.Span;

/**
 * Binds {@code div} and {@code mod}. A divisor that is 0 is an error, as far as it is made of indices, unless a guard, an
 * {@code if}, or the left operand of an {@code and} or {@code or} keeps from it.
 */
final class IntegerDivision {
    static final DiagnosticKind DIVISION_BY_ZERO = DiagnosticKind.error("division-by-zero");

    private final ExpressionBinder binder;

    IntegerDivision(ExpressionBinder binder) {
        this.binder = binder;
    }

    /**
     * The integer quotient or remainder.
     *
     * @param span of the divisor
     */
    Number bind(Number dividend, Number divisor, boolean remainder, Span span) {
        Optional<Double> everywhere = binder.constant(divisor);
        if (everywhere.isPresent()) {
            if (everywhere.get() != 0) {
                return Arithmetic.divideDown(dividend, divisor, remainder);
            }
            requireNot(Expressions.always(), span);
            binder.session().fold(ExpressionBinder.dependencies(divisor));
            // No more than a place: what never counts may have any value.
            return Number.of(0);
        }
        boolean neverZero = divisor.form() != null && (divisor.form().bounds()[0] > 0 || divisor.form().bounds()[1] < 0);
        if (divisor.structural() != null && !neverZero) {
            requireNot(Expressions.binary(BinaryOperator.EQUAL, divisor.structural(), Expressions.constant(0)), span);
        }
        return Arithmetic.divideDown(dividend, divisor, remainder);
    }

    /** A divisor is zero under this condition: it must hold nowhere. */
    private void requireNot(Expression zero, Span span) {
        try {
            Optional<String> found = binder.searchOfOperand().counterexample(Expressions.freeIndices(zero),
                    (compiler, space) -> {
                        FormulaCompiler.Formula isZero = compiler.compile(zero);
                        return slots -> !isZero.holds(slots);
                    });
            if (found.isPresent()) {
                throw binder.error(DIVISION_BY_ZERO, span,
                        "division by zero" + (found.get().isEmpty() ? "" : ", for " + found.get()));
            }
        } catch (FormulaCompiler.Unknown tooMany) {
            // Then a quotient by zero shows as one of real numbers does, in what is computed.
        }
    }
}
