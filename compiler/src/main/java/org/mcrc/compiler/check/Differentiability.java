package org.mcrc.compiler.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Name;

/**
 * Finds out how outputs and penalties depend on the fields, and reports where the dependence has no derivative.
 *
 * <p>A condition that chooses between smooth formulas, as in {@code if z > 0 then z^2 else 0}, is no fault: the
 * derivative is that of the chosen formula. It is one where what it chooses between does not depend smoothly on a
 * field. What has an error is taken to be smooth, so that one error does not lead to another.
 */
final class Differentiability {

    /** How a value depends on a field or an argument, each stronger than those before it. */
    private enum Dependence {
        NONE,
        /** It depends on it, but its derivative is zero everywhere. */
        FLAT,
        /** A condition that compares something smooth. */
        SWITCH,
        SMOOTH;

        Dependence and(Dependence other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** A place at which a smooth dependence ends. */
    private record FlatPlace(Span span, String what) {}

    /** What was found out about a declaration. */
    private static final class Finding {
        private Dependence dependence = Dependence.NONE;
        /** For functions, how the value depends on each parameter; the same for all where there are many. */
        private final List<Dependence> parameters = new ArrayList<>();
        private final List<FlatPlace> places = new ArrayList<>();
        /** The lets that it reads, and the functions that it calls with something smooth. */
        private final Set<String> uses = new LinkedHashSet<>();
    }

    private static final int PARAMETERS_TOLD_APART = 8;

    private final Symbols symbols;
    private final CheckReporter reporter;
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private final Map<String, Dependence> locals = new HashMap<>();
    private Finding current = new Finding();

    Differentiability(Symbols symbols, CheckReporter reporter) {
        this.symbols = symbols;
        this.reporter = reporter;
    }

    /**
     * Checks what is declared, in {@code order}: each after what it reads.
     *
     * @param complete whether all declarations are known, so that it can be said that no output is smooth
     * @param correct whether no error was found, so that it can be said that an output is constant
     */
    void check(List<String> order, boolean complete, boolean correct) {
        for (String name : order) {
            current = new Finding();
            locals.clear();
            analyze(symbols.find(name).orElseThrow());
            findings.put(name, current);
        }
        reportFlatPlaces();
        List<Named> outputs = symbols.all().stream().filter(OutputDeclaration.class::isInstance).toList();
        boolean anySmooth = outputs.stream().anyMatch(output -> dependenceOf(output) == Dependence.SMOOTH);
        if (complete && !outputs.isEmpty() && !anySmooth) {
            reporter.report(outputs.getFirst().name().span(), CheckError.NOT_DIFFERENTIABLE);
        }
        for (Named declaration : symbols.all()) {
            boolean result = declaration instanceof OutputDeclaration && (anySmooth || !complete)
                    || declaration instanceof PenaltyDeclaration;
            if (correct && result && dependenceOf(declaration) == Dependence.NONE) {
                reporter.report(declaration.name().span(), CheckError.CONSTANT_OUTPUT, Symbols.keyword(declaration),
                        declaration.name());
            }
        }
    }

    private Dependence dependenceOf(Named declaration) {
        return findings.get(declaration.name().text()).dependence;
    }

    private void analyze(Named declaration) {
        switch (declaration) {
            case FieldDeclaration _ -> current.dependence = Dependence.SMOOTH;
            case LetDeclaration let -> current.dependence = analyze(let.indices(), let.body());
            case OutputDeclaration output -> current.dependence = analyze(output.indices(), output.body());
            case PenaltyDeclaration penalty -> current.dependence = of(penalty.body());
            case FunctionDeclaration function -> analyze(function);
            case ParamDeclaration _, DataDeclaration _, Declaration.VectorsDeclaration _,
                    Declaration.ReportDeclaration _, Declaration.UseDeclaration _ -> { }
        }
    }

    private Dependence analyze(List<IndexBinding> indices, Expression body) {
        indices.forEach(index -> locals.put(index.name().text(), Dependence.NONE));
        return of(body);
    }

    private void analyze(FunctionDeclaration function) {
        function.unknowns().forEach(unknown -> locals.put(unknown.name().text(), Dependence.NONE));
        if (function.derivative().isPresent()) {
            boolean zero = isZero(function.derivative().get());
            function.parameters().forEach(_ -> current.parameters.add(zero ? Dependence.FLAT : Dependence.SMOOTH));
            function.parameters().forEach(parameter -> locals.put(parameter.text(), Dependence.NONE));
            current.dependence = of(function.body());
            current.places.clear();
            return;
        }
        boolean apart = function.parameters().size() <= PARAMETERS_TOLD_APART;
        Finding whole = current;
        if (apart) {
            for (Name parameter : function.parameters()) {
                current = new Finding();
                function.parameters().forEach(each -> locals.put(each.text(), Dependence.NONE));
                locals.put(parameter.text(), Dependence.SMOOTH);
                whole.parameters.add(of(function.body()));
            }
        }
        current = new Finding();
        function.parameters().forEach(each -> locals.put(each.text(), Dependence.NONE));
        whole.dependence = of(function.body());
        current = whole;
        function.parameters().forEach(each -> locals.put(each.text(), Dependence.SMOOTH));
        Dependence all = of(function.body());
        if (!apart) {
            function.parameters().forEach(_ -> whole.parameters.add(all));
        }
    }

    private void reportFlatPlaces() {
        Deque<String> pending = new ArrayDeque<>();
        Set<String> reached = new HashSet<>();
        for (Named declaration : symbols.all()) {
            if (declaration instanceof OutputDeclaration || declaration instanceof PenaltyDeclaration) {
                pending.add(declaration.name().text());
            }
        }
        while (!pending.isEmpty()) {
            String name = pending.poll();
            if (reached.add(name) && findings.containsKey(name)) {
                Finding finding = findings.get(name);
                finding.places.forEach(place -> reporter.at(place.span(), CheckError.ZERO_DERIVATIVE, place.what())
                        .hint("use a smooth function such as sigmoid, or declare the derivative to use: "
                                + "function NAME(z) = … derivative …")
                        .report());
                pending.addAll(finding.uses);
            }
        }
    }

    // Expressions

    private Dependence of(Expression expression) {
        return switch (expression) {
            case Expression.NumberLiteral _, Expression.Count _, Expression.VectorLiteral _,
                    Expression.ComponentSelect _ -> Dependence.NONE;
            case Expression.NameReference reference -> read(reference.name());
            case Expression.Subscript subscript -> read(subscript.array().text());
            case Expression.Call call -> call(call);
            case Expression.Unary unary -> of(unary.operand());
            case Expression.Binary binary -> binary(binary);
            case Expression.Conditional conditional -> chosen(
                    conditional.condition(), of(conditional.condition()),
                    of(conditional.consequence()).and(of(conditional.alternative())));
            case Expression.Reduction reduction -> {
                reduction.indices().forEach(index -> locals.put(index.name().text(), Dependence.NONE));
                Optional<Expression> guard = reduction.guard();
                Dependence body = of(reduction.body());
                yield guard.isPresent() ? chosen(guard.get(), of(guard.get()), body) : body;
            }
        };
    }

    /** How what is called {@code name} depends on a field; what cannot be read was reported. */
    private Dependence read(String name) {
        if (locals.containsKey(name)) {
            return locals.get(name);
        }
        return switch (symbols.find(name).orElse(null)) {
            case FieldDeclaration _, LetDeclaration _ -> {
                current.uses.add(name);
                yield findings.containsKey(name) ? findings.get(name).dependence : Dependence.SMOOTH;
            }
            case ParamDeclaration _, DataDeclaration _ -> Dependence.NONE;
            case FunctionDeclaration _, Declaration.VectorsDeclaration _, OutputDeclaration _,
                    Declaration.ReportDeclaration _, PenaltyDeclaration _, Declaration.UseDeclaration _ ->
                Dependence.SMOOTH;
            case null -> switch (name) {
                case "pi", "level", "phases" -> Dependence.NONE;
                default -> Dependence.SMOOTH;
            };
        };
    }

    private Dependence chosen(Expression condition, Dependence deciding, Dependence chosen) {
        if (chosen == Dependence.SMOOTH || deciding == Dependence.NONE) {
            return chosen;
        }
        if (deciding == Dependence.SWITCH) {
            current.places.add(new FlatPlace(condition.span(), "this condition"));
        }
        return Dependence.FLAT;
    }

    private Dependence binary(Expression.Binary binary) {
        Dependence left = of(binary.left());
        Dependence right = of(binary.right());
        Dependence both = left.and(right);
        return switch (binary.operator()) {
            case ADD, SUBTRACT, DIVIDE, DIV, MOD, AND, OR -> both;
            case MULTIPLY -> isZero(binary.left()) || isZero(binary.right()) ? Dependence.NONE : both;
            case POWER -> isZero(binary.right()) ? Dependence.NONE : both;
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                both == Dependence.SMOOTH ? Dependence.SWITCH : both;
        };
    }

    private static boolean isZero(Expression expression) {
        return expression instanceof Expression.NumberLiteral literal && literal.value() == 0;
    }

    private Dependence call(Expression.Call call) {
        String name = call.function().text();
        if (name.equals("size") || name.equals("extent") || name.equals("norm") || name.equals("dot")) {
            return Dependence.NONE;
        }
        List<Dependence> arguments = call.arguments().stream().map(this::of).toList();
        Dependence any = arguments.stream().reduce(Dependence.NONE, Dependence::and);
        Optional<BuiltInFunction> builtIn = BuiltInFunction.find(name);
        if (builtIn.isPresent()) {
            if (call.primes() > 0 && !builtIn.get().hasDerivative()) {
                return Dependence.NONE;
            }
            boolean stepwise = call.primes() > 0
                    && (builtIn.get() == BuiltInFunction.RELU || builtIn.get() == BuiltInFunction.ABS);
            if (!stepwise && builtIn.get().hasDerivative() || any == Dependence.NONE) {
                return any;
            }
            if (any == Dependence.SMOOTH) {
                current.places.add(new FlatPlace(call.span(), "'" + name + "'".repeat(call.primes() + 1)));
            }
            return Dependence.FLAT;
        }
        Finding function = findings.get(name);
        if (function == null || call.primes() > 0 || function.parameters.size() != arguments.size()) {
            return function == null ? Dependence.SMOOTH : any.and(function.dependence);
        }
        if (any == Dependence.SMOOTH || function.dependence != Dependence.NONE) {
            current.uses.add(name);
        }
        Dependence result = function.dependence;
        for (int position = 0; position < arguments.size(); position++) {
            result = result.and(composed(function.parameters.get(position), arguments.get(position)));
        }
        return result;
    }

    private static Dependence composed(Dependence outer, Dependence inner) {
        if (outer == Dependence.NONE || inner == Dependence.NONE) {
            return Dependence.NONE;
        }
        return outer == Dependence.SMOOTH && inner == Dependence.SMOOTH ? Dependence.SMOOTH : Dependence.FLAT;
    }
}
