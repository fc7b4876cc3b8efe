package org.mcrc.compiler.bind;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;

/** Gives params their values: from outside, from the file that uses this one, or the default. */
final class ParameterBinder {
    static final DiagnosticKind OUT_OF_RANGE = DiagnosticKind.error("param-out-of-range");

    private final FileBinder file;
    private final Map<String, Number> assigned;
    private final Map<String, Optional<Number>> values = new HashMap<>();

    /** @param assigned the values that the using file gives, by name */
    ParameterBinder(FileBinder file, Map<String, Number> assigned) {
        this.file = file;
        this.assigned = assigned;
    }

    /** The param of that name, or null where there is none. */
    Number value(String name) {
        Optional<Number> known = values.get(name);
        if (known == null) {
            ParamDeclaration declaration = file.declaration(name, ParamDeclaration.class);
            if (declaration == null) {
                return null;
            }
            values.put(name, Optional.empty());
            known = Optional.of(bind(declaration));
            values.put(name, known);
        }
        return known.orElseThrow(Abandoned::new);
    }

    private Number bind(ParamDeclaration declaration) {
        String name = declaration.name().text();
        Session session = file.session();
        ExpressionBinder binder = new ExpressionBinder(file, null, null);
        Double override = session.override(file.prefix() + name);
        double value;
        List<String> from = List.of();
        if (override != null) {
            value = override;
        } else {
            Number number = assigned.containsKey(name) ? assigned.get(name)
                    : binder.number(declaration.value(), Scope.EMPTY);
            value = binder.constant(number).orElseThrow(() -> binder.error(ExpressionBinder.NOT_CONSTANT,
                    declaration.value().span(), "the value of a param must be known when the descriptor is bound"));
            from = ExpressionBinder.dependencies(number);
        }
        if (!Double.isFinite(value)) {
            throw binder.error(ExpressionBinder.NOT_FINITE, declaration.value().span(),
                    "'" + name + "' is not a finite number: " + value);
        }
        declaration.range().ifPresent(range -> {
            // Looked at once, so that what they depend on need not become part of the structure.
            double low = binder.bound(range.low(), Scope.EMPTY);
            double high = binder.bound(range.high(), Scope.EMPTY);
            if (value < low || value > high) {
                throw binder.error(OUT_OF_RANGE, range.span(), name + " = " + Numbers.text(value) + " is not in ["
                        + Numbers.text(low) + ", " + Numbers.text(high) + "]");
            }
        });
        return session.argument(file.prefix() + name, value, from);
    }
}
