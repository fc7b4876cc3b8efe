package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Declaration.ReportDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Interval;
import org.mcrc.compiler.syntax.Name;

/** Resolves names and checks the static type of every expression and set, one declaration after another. */
final class TypeChecker {

    private final Constants constants;
    private final CheckReporter reporter;
    private final Indices indices;
    private final SetTyping sets;
    private final Expectations expect;
    private final ExpressionTyping expressions;
    private final SubscriptTyping subscripts;
    private final OperatorTyping operators;
    private final CallTyping calls;
    private final Map<String, List<Local>> pixels = new HashMap<>();
    private final Map<String, Local> ownPixels = new HashMap<>();
    private String current = "";
    private boolean inPenalty;

    TypeChecker(
            Symbols symbols, List<String> order, Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.constants = constants;
        this.reporter = reporter;
        expect = new Expectations(this, symbols, constants, dimensions, reporter);
        indices = new Indices(this, symbols, reporter);
        sets = new SetTyping(this, expect, symbols, constants, dimensions, reporter);
        expressions = new ExpressionTyping(this, expect, symbols, constants, dimensions, reporter);
        subscripts = new SubscriptTyping(this, expect, symbols, reporter);
        operators = new OperatorTyping(this, expect, constants, dimensions, reporter);
        calls = new CallTyping(this, expect, symbols, constants, dimensions, reporter, order);
    }

    Indices indices() {
        return indices;
    }

    SetTyping sets() {
        return sets;
    }

    Expectations expect() {
        return expect;
    }

    ExpressionTyping expressions() {
        return expressions;
    }

    SubscriptTyping subscripts() {
        return subscripts;
    }

    OperatorTyping operators() {
        return operators;
    }

    CallTyping calls() {
        return calls;
    }

    /** Whether what is being checked is a penalty, which sees the whole volume where there are slices. */
    boolean inPenalty() {
        return inPenalty;
    }

    /** Notes a pixel index of what is being checked. */
    void notePixel(Local pixel) {
        pixels.computeIfAbsent(current, _ -> new ArrayList<>()).add(pixel);
    }

    /** The pixel indices that are introduced in what {@code name} declares, its own among them. */
    List<Local> pixelsOf(String name) {
        return pixels.getOrDefault(name, List.of());
    }

    /** The pixel index of the array that {@code name} declares. */
    Optional<Local> ownPixelOf(String name) {
        return Optional.ofNullable(ownPixels.get(name));
    }

    /** Checks {@code declaration}; those that it refers to were checked before, recursion apart. */
    void check(Declaration declaration) {
        current = declaration instanceof Named named ? named.name().text() : "";
        inPenalty = declaration instanceof PenaltyDeclaration;
        switch (declaration) {
            case ParamDeclaration param -> {
                expect().number(param.value(), Context.of(Role.PARAM));
                param.range().ifPresent(this::checkInterval);
                OptionalDouble value = constants.evaluate(param.value());
                param.range().ifPresent(range ->
                        checkRange(param.name().text(), range, value, param.value().span(), constants));
            }
            case FieldDeclaration field -> {
                field.range().ifPresent(this::checkInterval);
                checkDeclaredIndices(field.indices(), "a field");
            }
            case Declaration.DataDeclaration data -> checkDeclaredIndices(data.indices(), "data");
            case VectorsDeclaration vectors -> sets().vectorSet(vectors.set(), Context.of(Role.SET));
            case FunctionDeclaration function -> checkFunction(function);
            case Declaration.MultigridDeclaration multigrid -> {
                expect().number(multigrid.coarsest(), Context.of(Role.COARSEST));
                multigrid.factor().ifPresent(this::checkFactor);
                multigrid.weight().ifPresent(weight -> expect().number(weight, Context.of(Role.LEVEL_WEIGHT)));
            }
            case Declaration.SlicesDeclaration _, Declaration.LossDeclaration _ -> { }
            case LetDeclaration let -> {
                Context context = bindOwn(let.name(), let.indices(), Context.of(Role.BODY));
                expect().number(let.body(), context);
                indices().checkPixelsAreRead(context.scope(), let.indices());
            }
            case OutputDeclaration output -> {
                Context context = bindOwn(output.name(), output.indices(), Context.of(Role.BODY));
                output.guard().ifPresent(guard -> expect().truth(guard, context.as(Role.ELEMENTS)));
                expect().number(output.body(), context);
                indices().checkPixelsAreRead(context.scope(), output.indices());
                output.weight().ifPresent(weight -> expect().number(weight, Context.of(Role.OUTPUT_WEIGHT).outside(
                        context.scope(), "a weight is one number for the whole output; multiply the formula instead")));
            }
            case ReportDeclaration report -> {
                Context context = bindOwn(report.name(), report.indices(), Context.of(Role.REPORT));
                report.guard().ifPresent(guard -> expect().truth(guard, context.as(Role.ELEMENTS)));
                expect().number(report.body(), context);
                indices().checkPixelsAreRead(context.scope(), report.indices());
            }
            case PenaltyDeclaration penalty -> {
                expect().number(penalty.body(), Context.of(Role.PENALTY));
                expect().number(penalty.weight(), Context.of(Role.PENALTY_WEIGHT));
            }
            case UseDeclaration use -> {
                use.assignments().forEach(
                        assignment -> expect().number(assignment.value(), Context.of(Role.USED_PARAM)));
                use.weight().ifPresent(weight -> expect().number(weight, Context.of(Role.WEIGHT)));
            }
        }
    }

    /** Reports a value outside the range of a param. */
    void checkRange(
            String param, Interval range, OptionalDouble value, Span span, Constants bounds) {
        OptionalDouble low = bounds.evaluate(range.low());
        OptionalDouble high = bounds.evaluate(range.high());
        boolean below = value.isPresent() && low.isPresent() && value.getAsDouble() < low.getAsDouble();
        boolean above = value.isPresent() && high.isPresent() && value.getAsDouble() > high.getAsDouble();
        boolean ordered = low.isEmpty() || high.isEmpty() || low.getAsDouble() <= high.getAsDouble();
        if (ordered && (below || above)) {
            reporter.report(span, CheckError.VALUE_OUT_OF_RANGE, param, shown(low, range.low()),
                    shown(high, range.high()), Words.number(value.getAsDouble()));
        }
    }

    private static String shown(OptionalDouble value, Expression expression) {
        return value.isPresent() ? Words.number(value.getAsDouble()) : Words.excerpt(expression.span());
    }

    private void checkInterval(Interval interval) {
        expect().number(interval.low(), Context.of(Role.RANGE));
        expect().number(interval.high(), Context.of(Role.RANGE));
        OptionalDouble low = constants.evaluate(interval.low());
        OptionalDouble high = constants.evaluate(interval.high());
        if (low.isPresent() && high.isPresent() && low.getAsDouble() > high.getAsDouble()) {
            reporter.at(interval.span(), CheckError.EMPTY_INTERVAL, Words.number(low.getAsDouble()),
                            Words.number(high.getAsDouble()))
                    .hint("did you mean [" + Words.excerpt(interval.high().span()) + ", "
                            + Words.excerpt(interval.low().span()) + "]?")
                    .report();
        }
    }

    private void checkFactor(Expression factor) {
        Context context = Context.of(Role.COARSEST);
        if (expect().number(factor, context) instanceof Number) {
            OptionalDouble value = constants.evaluate(factor);
            if (value.isPresent() && (value.getAsDouble() < 2 || !Expectations.isInteger(value.getAsDouble()))) {
                reporter.report(factor.span(), CheckError.INVALID_FACTOR, Words.number(value.getAsDouble()));
            }
        }
    }

    private void checkDeclaredIndices(List<IndexBinding> indices, String owner) {
        for (IndexBinding index : indices) {
            if (index.isPixel()) {
                reporter.report(index.span(), CheckError.UNEXPECTED_PIXEL_INDEX, owner, index.name());
            }
        }
        indices().bind(indices, Context.of(Role.SET));
    }

    private void checkFunction(FunctionDeclaration function) {
        String name = function.name().text();
        Context solved = Context.of(Role.FUNCTION);
        Context whole = solved;
        for (Name parameter : function.parameters()) {
            whole = indices().introduce(parameter, Local.Kind.PARAMETER, whole, whole.scope());
        }
        for (Declaration.Unknown unknown : function.unknowns()) {
            whole = indices().introduce(unknown.name(), Local.Kind.SOLVED, whole, whole.scope());
            solved = solved.with(whole.scope().find(unknown.name().text()).orElseThrow());
            expect().number(unknown.start(), Context.of(Role.START));
        }
        expect().number(function.body(), whole);
        Context equations = solved.as(Role.EQUATION)
                .outside(whole.scope(), "an equation has no argument; write '" + name + "(…)' of a number");
        for (Declaration.Equation equation : function.equations()) {
            expect().number(equation.left(), equations);
            expect().number(equation.right(), equations);
        }
        int unknowns = function.unknowns().size();
        if (unknowns != function.equations().size()) {
            Span span = function.unknowns().isEmpty()
                    ? function.equations().getFirst().span()
                    : function.unknowns().getFirst().span().to(function.unknowns().getLast().span());
            reporter.at(span, CheckError.SOLVE_COUNT,
                            Words.count(unknowns, "constant") + (unknowns == 1 ? " is" : " are"),
                            Words.count(function.equations().size(), "equation"))
                    .hint("there is one equation for each constant")
                    .report();
        }
        checkSolvedAreUsed(function);
        function.derivative().ifPresent(derivative -> {
            if (function.parameters().size() != 1) {
                reporter.report(derivative.span(), CheckError.DECLARED_DERIVATIVE, name, function.parameters().size());
            }
        });
        if (function.derivative().isPresent()) {
            expect().number(function.derivative().get(), whole);
        }
    }

    private void checkSolvedAreUsed(FunctionDeclaration function) {
        Set<String> used = References.in((Declaration) function).all().keySet();
        for (Declaration.Unknown unknown : function.unknowns()) {
            if (!used.contains(unknown.name().text())) {
                reporter.report(unknown.span(), CheckError.UNUSED_SOLVED, unknown.name());
            }
        }
    }

    /** Introduces the indices of an array that is declared. */
    private Context bindOwn(Name array, List<IndexBinding> indices, Context context) {
        Context bound = indices().bind(indices, context);
        List<IndexBinding> own = indices.stream().filter(IndexBinding::isPixel).toList();
        if (own.size() > 1) {
            reporter.report(own.get(1).span(), CheckError.SEVERAL_PIXEL_INDICES, array);
        } else if (own.size() == 1) {
            bound.scope().find(own.getFirst().name().text()).ifPresent(local -> ownPixels.put(array.text(), local));
        }
        return bound;
    }
}
