package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.mcrc.compiler.check.StaticType.Integrality;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.check.StaticType.Position;
import org.mcrc.compiler.check.StaticType.Truth;
import org.mcrc.compiler.check.StaticType.Unknown;
import org.mcrc.compiler.check.StaticType.Variability;
import org.mcrc.compiler.check.StaticType.Vector;
import org.mcrc.compiler.diagnostic.Suggestions;
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
import org.mcrc.compiler.syntax.SetExpression;
import org.mcrc.compiler.syntax.Vocabulary;

/** Resolves names and checks the static type of every expression and set. */
final class TypeChecker {

    private static final StaticType REAL = new Number(Integrality.PERHAPS, Variability.ARRAY);

    /** What an index ranges over. */
    private enum Members {
        INTEGERS,
        VECTORS,
        UNKNOWN
    }

    private final Symbols symbols;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;
    private final Map<SetExpression, Members> sets = new IdentityHashMap<>();
    private final Map<String, FunctionUses> functions = new HashMap<>();
    private final Map<String, List<Local>> pixels = new HashMap<>();
    private final Map<String, Local> ownPixels = new HashMap<>();
    private String current = "";
    private boolean inPenalty;

    TypeChecker(
            Symbols symbols, List<String> order, Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.symbols = symbols;
        this.constants = constants;
        this.dimensions = dimensions;
        this.reporter = reporter;
        for (String name : order) {
            if (symbols.find(name).orElse(null) instanceof FunctionDeclaration function) {
                functions.put(name, FunctionUses.of(function, symbols, functions));
            }
        }
    }

    /** The pixel indices that are introduced in what {@code name} declares, its own among them. */
    List<Local> pixelsOf(String name) {
        return pixels.getOrDefault(name, List.of());
    }

    /** The pixel index of the array that {@code name} declares. */
    Optional<Local> ownPixelOf(String name) {
        return Optional.ofNullable(ownPixels.get(name));
    }

    // Declarations

    /** Checks {@code declaration}; those that it refers to were checked before, recursion apart. */
    void check(Declaration declaration) {
        current = declaration instanceof Named named ? named.name().text() : "";
        inPenalty = declaration instanceof PenaltyDeclaration;
        switch (declaration) {
            case ParamDeclaration param -> {
                number(param.value(), Context.of(Role.PARAM));
                param.range().ifPresent(this::checkInterval);
                param.range().ifPresent(range -> checkRange(
                        param.name().text(), range, constants.evaluate(param.value()), param.value().span(), constants));
            }
            case FieldDeclaration field -> {
                field.range().ifPresent(this::checkInterval);
                checkDeclaredIndices(field.indices(), "a field");
            }
            case Declaration.DataDeclaration data -> checkDeclaredIndices(data.indices(), "data");
            case VectorsDeclaration vectors -> vectorSet(vectors.set(), Context.of(Role.SET));
            case FunctionDeclaration function -> checkFunction(function);
            case Declaration.MultigridDeclaration multigrid -> {
                number(multigrid.coarsest(), Context.of(Role.COARSEST));
                multigrid.factor().ifPresent(this::checkFactor);
                multigrid.weight().ifPresent(weight -> number(weight, Context.of(Role.LEVEL_WEIGHT)));
            }
            case Declaration.SlicesDeclaration _, Declaration.LossDeclaration _ -> { }
            case LetDeclaration let -> {
                Context context = bindOwn(let.name(), let.indices(), Context.of(Role.BODY));
                number(let.body(), context);
                checkPixelsAreRead(context.scope(), let.indices());
            }
            case OutputDeclaration output -> {
                Context context = bindOwn(output.name(), output.indices(), Context.of(Role.BODY));
                output.guard().ifPresent(guard -> truth(guard, context.as(Role.ELEMENTS)));
                number(output.body(), context);
                checkPixelsAreRead(context.scope(), output.indices());
                output.weight().ifPresent(weight -> number(weight, Context.of(Role.WEIGHT).outside(
                        context.scope(), "a weight is one number for the whole output; multiply the formula instead")));
            }
            case ReportDeclaration report -> {
                Context context = bindOwn(report.name(), report.indices(), Context.of(Role.REPORT));
                report.guard().ifPresent(guard -> truth(guard, context.as(Role.ELEMENTS)));
                number(report.body(), context);
                checkPixelsAreRead(context.scope(), report.indices());
            }
            case PenaltyDeclaration penalty -> {
                number(penalty.body(), Context.of(Role.PENALTY));
                number(penalty.weight(), Context.of(Role.PENALTY_WEIGHT));
            }
            case UseDeclaration use -> {
                use.assignments().forEach(assignment -> number(assignment.value(), Context.of(Role.USED_PARAM)));
                use.weight().ifPresent(weight -> number(weight, Context.of(Role.WEIGHT)));
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
        number(interval.low(), Context.of(Role.RANGE));
        number(interval.high(), Context.of(Role.RANGE));
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
        if (number(factor, context) instanceof Number) {
            OptionalDouble value = constants.evaluate(factor);
            if (value.isPresent() && (value.getAsDouble() < 2 || !isInteger(value.getAsDouble()))) {
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
        bind(indices, Context.of(Role.SET));
    }

    private void checkFunction(FunctionDeclaration function) {
        String name = function.name().text();
        Context solved = Context.of(Role.FUNCTION);
        Context whole = solved;
        for (Name parameter : function.parameters()) {
            whole = introduce(parameter, Local.Kind.PARAMETER, whole, whole.scope());
        }
        for (Declaration.Unknown unknown : function.unknowns()) {
            whole = introduce(unknown.name(), Local.Kind.SOLVED, whole, whole.scope());
            solved = solved.with(whole.scope().find(unknown.name().text()).orElseThrow());
            number(unknown.start(), Context.of(Role.START));
        }
        number(function.body(), whole);
        Context equations = solved.as(Role.EQUATION)
                .outside(whole.scope(), "an equation has no argument; write '" + name + "(…)' of a number");
        for (Declaration.Equation equation : function.equations()) {
            number(equation.left(), equations);
            number(equation.right(), equations);
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
            number(function.derivative().get(), whole);
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

    // Indices

    /** Introduces the indices of an array that is declared. */
    private Context bindOwn(Name array, List<IndexBinding> indices, Context context) {
        Context bound = bind(indices, context);
        List<IndexBinding> own = indices.stream().filter(IndexBinding::isPixel).toList();
        if (own.size() > 1) {
            reporter.report(own.get(1).span(), CheckError.SEVERAL_PIXEL_INDICES, array);
        } else if (own.size() == 1) {
            bound.scope().find(own.getFirst().name().text()).ifPresent(local -> ownPixels.put(array.text(), local));
        }
        return bound;
    }

    private Context bind(List<IndexBinding> indices, Context context) {
        Context bound = context;
        Scope later = context.outOfReach();
        for (IndexBinding index : indices) {
            later = later.with(
                    new Local(index.name(), Local.Kind.UNKNOWN, Optional.of("it is introduced further on")));
        }
        for (IndexBinding index : indices) {
            Local.Kind kind = Local.Kind.PIXEL;
            if (index.set().isPresent()) {
                Context here = bound.as(bound.role().ofSets()).outside(later, bound.reason());
                kind = switch (set(index.set().get(), here)) {
                    case INTEGERS -> Local.Kind.INTEGER;
                    case VECTORS -> Local.Kind.VECTOR;
                    case UNKNOWN -> Local.Kind.UNKNOWN;
                };
            }
            bound = introduce(index.name(), kind, bound, context.scope());
        }
        return bound;
    }

    /** Adds a local name; {@code enclosing} holds those of the surroundings, in contrast to those of the same list. */
    private Context introduce(Name name, Local.Kind kind, Context context, Scope enclosing) {
        Local local = new Local(name, kind);
        Optional<Local> other = context.scope().find(name.text());
        Optional<Named> declared = symbols.find(name.text());
        if (declared.isPresent()) {
            reporter.at(name.span(), CheckError.SHADOWED_NAME, kind.words(), name, Symbols.describe(declared.get()))
                    .note(declared.get().name().span(), "it is declared here")
                    .report();
        } else if (other.isPresent()) {
            local.markRead();
            other.get().markRead();
            boolean sameList = enclosing.find(name.text()).isEmpty() || kind == Local.Kind.PARAMETER
                    || kind == Local.Kind.SOLVED;
            reporter.at(name.span(), sameList ? CheckError.DUPLICATE_LOCAL : CheckError.SHADOWED_NAME,
                            sameList ? new Object[] {kind.words(), name}
                                    : new Object[] {kind.words(), name, "one that encloses it"})
                    .note(other.get().name().span(), "it is introduced here")
                    .report();
        }
        if (kind == Local.Kind.PIXEL) {
            pixels.computeIfAbsent(current, _ -> new ArrayList<>()).add(local);
        }
        return context.with(local);
    }

    private void checkPixelsAreRead(Scope scope, List<IndexBinding> indices) {
        for (IndexBinding index : indices) {
            Optional<Local> local = scope.find(index.name().text());
            if (index.isPixel() && local.isPresent() && !local.get().isRead()) {
                reporter.report(index.span(), CheckError.PIXEL_INDEX_WITHOUT_GRID, index.name());
            }
        }
    }

    // Sets

    private Members set(SetExpression set, Context context) {
        Members members = switch (set) {
            case SetExpression.SetReference reference -> reference(reference, context);
            case SetExpression.SetCall call -> constructed(call, fixed(context));
            case SetExpression.RangeSet range -> {
                bound(range.low(), context);
                bound(range.high(), context);
                yield Members.INTEGERS;
            }
            case SetExpression.PhasesSet phases -> {
                checkPhases(phases.span(), context);
                yield Members.INTEGERS;
            }
            case SetExpression.EnumeratedSet enumerated -> enumerated(enumerated, fixed(context));
            case SetExpression.FilteredSet filtered -> filtered(filtered, fixed(context));
            case SetExpression.MappedSet mapped -> mapped(mapped, fixed(context));
            case SetExpression.SetBinary binary -> {
                Members left = set(binary.left(), context);
                Members right = set(binary.right(), context);
                if (left != Members.UNKNOWN && right != Members.UNKNOWN && left != right) {
                    reportNoVectors(left == Members.INTEGERS ? binary.left() : binary.right());
                    yield Members.UNKNOWN;
                }
                yield left == Members.UNKNOWN ? right : left;
            }
        };
        sets.put(set, members);
        return members;
    }

    private Members filtered(SetExpression.FilteredSet filtered, Context context) {
        Members members = set(filtered.set(), context);
        Local.Kind kind = switch (members) {
            case INTEGERS -> Local.Kind.INTEGER;
            case VECTORS -> Local.Kind.VECTOR;
            case UNKNOWN -> Local.Kind.UNKNOWN;
        };
        truth(filtered.condition(), introduce(filtered.index(), kind, context, context.scope()));
        return members;
    }

    private Members mapped(SetExpression.MappedSet mapped, Context context) {
        Context inside = bind(mapped.generators(), context);
        for (IndexBinding generator : mapped.generators()) {
            if (generator.isPixel()) {
                reporter.report(generator.span(), CheckError.UNEXPECTED_PIXEL_INDEX, "a set", generator.name());
            }
        }
        StaticType type = isZero(mapped.value()) ? new Vector(Variability.CONSTANT) : type(mapped.value(), inside);
        switch (type) {
            case Vector _ -> {
                return Members.VECTORS;
            }
            case Number number -> {
                checkIntegerSubscript(mapped.value(), number);
                return Members.INTEGERS;
            }
            case Truth _, Position _ -> reporter.report(
                    mapped.value().span(), CheckError.VECTOR_EXPECTED, Words.describe(type));
            case Unknown _ -> { }
        }
        return Members.UNKNOWN;
    }

    /** The context of a set that is the same for all elements: it uses none of the indices around it. */
    private static Context fixed(Context context) {
        return context.role() == Role.SET && context.scope() == Scope.EMPTY
                ? context
                : context.withoutLocals("a set is the same for all elements; use a guard instead");
    }

    private Members vectorSet(SetExpression set, Context context) {
        Members members = set(set, context);
        if (members == Members.INTEGERS) {
            reportNoVectors(set);
            return Members.UNKNOWN;
        }
        return members;
    }

    private void reportNoVectors(SetExpression integers) {
        reporter.at(integers.span(), CheckError.VECTOR_SET_EXPECTED)
                .hint("make vectors of them, as in {(k, 0) for k in " + Words.excerpt(integers.span()) + "}")
                .report();
    }

    private Members reference(SetExpression.SetReference reference, Context context) {
        String name = reference.name();
        Optional<Local> local = context.scope().find(name);
        if (local.isPresent()) {
            reporter.report(reference.span(), CheckError.WRONG_KIND, name, "an index", "a set");
            return Members.UNKNOWN;
        }
        if (Vocabulary.SET_CONSTRUCTORS.contains(name)) {
            reporter.at(reference.span(), CheckError.ARGUMENT_COUNT, name, arguments(name), "none")
                    .hint("as in " + example(name))
                    .report();
            return Members.UNKNOWN;
        }
        if (symbols.isBroken(name)) {
            return Members.UNKNOWN;
        }
        Optional<Named> declared = symbols.find(name);
        if (declared.isEmpty()) {
            List<String> candidates = new ArrayList<>(symbols.names(VectorsDeclaration.class::isInstance));
            candidates.addAll(Vocabulary.SET_CONSTRUCTORS);
            reporter.at(reference.span(), CheckError.UNKNOWN_NAME, "vector set", name)
                    .hint(() -> Suggestions.didYouMean(name, candidates)
                            .or(() -> choice(symbols.names(VectorsDeclaration.class::isInstance))))
                    .report();
            return Members.UNKNOWN;
        }
        return switch (declared.get()) {
            case VectorsDeclaration _ -> Members.VECTORS;
            case ParamDeclaration param -> {
                reporter.at(reference.span(), CheckError.WRONG_KIND, name, Symbols.describe(param), "a set")
                        .hint("did you mean 0.." + name + "?")
                        .report();
                yield Members.UNKNOWN;
            }
            case FieldDeclaration _, Declaration.DataDeclaration _, FunctionDeclaration _, LetDeclaration _,
                    OutputDeclaration _, ReportDeclaration _, PenaltyDeclaration _, UseDeclaration _ -> {
                reporter.report(
                        reference.span(), CheckError.WRONG_KIND, name, Symbols.describe(declared.get()), "a set");
                yield Members.UNKNOWN;
            }
        };
    }

    private Members constructed(SetExpression.SetCall call, Context context) {
        String name = call.constructor().text();
        List<Expression> arguments = call.arguments();
        int given = arguments.size();
        switch (name) {
            case "window", "halfwindow" -> {
                if (checkArguments(call.constructor(), given, 1, 3)) {
                    arguments.forEach(each -> constantInteger(each, context, 0, "the length of a vector"));
                    if (given > 1) {
                        dimensions.exactly(given, call.span(), inPenalty);
                    }
                }
            }
            case "box" -> {
                if (checkArguments(call.constructor(), given, 1, 3)) {
                    arguments.forEach(each -> constantInteger(each, context, 0, "the size of a box"));
                    if (given > 1) {
                        dimensions.exactly(given, call.span(), inPenalty);
                    }
                }
            }
            case "axes" -> {
                if (checkArguments(call.constructor(), given, 1, 1)) {
                    constantInteger(arguments.getFirst(), context, 0, "the length of a vector");
                }
            }
            case "line" -> {
                if (checkArguments(call.constructor(), given, 2, 2)) {
                    vector(arguments.getFirst(), context);
                    constantInteger(arguments.getLast(), context, 0, "the length of a line");
                }
            }
            case "random" -> {
                if (checkArguments(call.constructor(), given, 3, 3)) {
                    constantInteger(arguments.get(0), context, 1, "the number of members");
                    constantInteger(arguments.get(1), context, 0, "the length of a vector");
                    constantInteger(arguments.get(2), context, Long.MIN_VALUE, "the seed");
                }
            }
            default -> {
                reportNoConstructor(call);
                return Members.UNKNOWN;
            }
        }
        return Members.VECTORS;
    }

    private void reportNoConstructor(SetExpression.SetCall call) {
        String name = call.constructor().text();
        Span span = call.constructor().span();
        Optional<Named> declared = symbols.find(name);
        if (declared.isPresent()) {
            boolean isSet = declared.get() instanceof VectorsDeclaration;
            reporter.at(span, CheckError.WRONG_KIND, name, Symbols.describe(declared.get()), "a set constructor")
                    .hint(() -> isSet ? Optional.of("write '" + name + "' alone") : Optional.empty())
                    .report();
        } else if (BuiltInFunction.find(name).isPresent()) {
            reporter.report(span, CheckError.WRONG_KIND, name, "a function", "a set constructor");
        } else if (!symbols.isBroken(name)) {
            reporter.at(span, CheckError.UNKNOWN_NAME, "set constructor", name)
                    .hint(() -> Suggestions.didYouMean(name, Vocabulary.SET_CONSTRUCTORS)
                            .or(() -> Optional.of("there are " + String.join(", ", Vocabulary.SET_CONSTRUCTORS))))
                    .report();
        }
    }

    private static String arguments(String constructor) {
        return switch (constructor) {
            case "window", "halfwindow", "box" -> "1 to 3 arguments";
            case "axes" -> "1 argument";
            case "line" -> "2 arguments";
            default -> "3 arguments";
        };
    }

    private static String example(String constructor) {
        return switch (constructor) {
            case "line" -> "line((1, 0), 5)";
            case "random" -> "random(20, 5, 1)";
            default -> constructor + "(5)";
        };
    }

    private Members enumerated(SetExpression.EnumeratedSet set, Context context) {
        Members members = Members.VECTORS;
        for (Expression each : set.members()) {
            StaticType type = isZero(each) ? new Vector(Variability.CONSTANT) : type(each, context);
            if (type instanceof Vector) {
                continue;
            }
            if (type instanceof Number && members == Members.VECTORS) {
                reporter.at(each.span(), CheckError.VECTOR_SET_EXPECTED)
                        .hint("the members of such a set are vectors like (1, 0); an index over integers is written "
                                + "k: 0..3")
                        .report();
            } else if (type instanceof Truth || type instanceof Position) {
                reporter.report(each.span(), CheckError.VECTOR_EXPECTED, Words.describe(type));
            }
            members = Members.UNKNOWN;
        }
        return members;
    }

    /** Checks the bound of a range. */
    private void bound(Expression expression, Context context) {
        StaticType type = integer(expression, context);
        if (type instanceof Number number && number.variability() == Variability.ARRAY) {
            reporter.report(expression.span(), CheckError.NOT_CONSTANT, "a bound", "depend on the argument of a function");
        } else if (type instanceof Number) {
            checkForm(expression, type);
            References.in(expression).all().forEach((name, span) -> context.scope().find(name).ifPresent(local -> {
                if (local.kind() == Local.Kind.VECTOR) {
                    reporter.at(span, CheckError.BOUND_INDEX, name, "a vector")
                            .hint("use a guard, as in [k: 0..9 | k <= " + name + ".1]")
                            .report();
                }
            }));
        }
    }

    private void constantInteger(Expression expression, Context context, long least, String what) {
        StaticType type = integer(expression, context);
        if (type instanceof Number number) {
            if (number.variability() != Variability.CONSTANT) {
                reporter.report(expression.span(), CheckError.NOT_CONSTANT, what, "depend on an index or an argument");
                return;
            }
            OptionalDouble value = constants.evaluate(expression);
            if (value.isPresent() && isInteger(value.getAsDouble()) && value.getAsDouble() < least) {
                reporter.report(
                        expression.span(), CheckError.INVALID_SET_SIZE, what, Words.number(value.getAsDouble()));
            }
        }
    }

    // What is expected of an expression

    /** Checks that {@code expression} is a number. */
    private StaticType number(Expression expression, Context context) {
        return asNumber(expression, type(expression, context));
    }

    private StaticType asNumber(Expression expression, StaticType type) {
        return switch (type) {
            case Number number -> number;
            case Unknown unknown -> unknown;
            case Position position -> {
                reportPositionAsNumber(expression, position);
                yield StaticType.UNKNOWN;
            }
            case Vector _ -> {
                String text = Words.excerpt(expression.span());
                reporter.at(expression.span(), CheckError.NUMBER_EXPECTED, "a vector")
                        .hint("take norm(" + text + ") or a component"
                                + (expression instanceof Expression.NameReference ? ", " + text + ".1" : ""))
                        .report();
                yield StaticType.UNKNOWN;
            }
            case Truth _ -> {
                reporter.at(expression.span(), CheckError.NUMBER_EXPECTED, "a condition")
                        .hint("write 'if " + Words.excerpt(expression.span()) + " then 1 else 0'")
                        .report();
                yield StaticType.UNKNOWN;
            }
        };
    }

    private void reportPositionAsNumber(Expression expression, Position position) {
        String index = position.index().name().text();
        String array = symbols.names(FieldDeclaration.class::isInstance).stream().findFirst().orElse("M");
        reporter.at(expression.span(), CheckError.PIXEL_INDEX_AS_NUMBER, index)
                .hint("did you mean the value there, as in " + array + "[" + Words.excerpt(expression.span()) + "]?")
                .report();
    }

    /** Checks that {@code expression} is an integer, as far as can be known. */
    private StaticType integer(Expression expression, Context context) {
        StaticType type = number(expression, context);
        if (!(type instanceof Number number)) {
            return type;
        }
        OptionalDouble value = number.variability() == Variability.CONSTANT
                ? constants.evaluate(expression)
                : OptionalDouble.empty();
        boolean wrong = value.isPresent() ? !isInteger(value.getAsDouble()) : number.integrality() == Integrality.NO;
        boolean doubtful = number.variability() != Variability.CONSTANT && number.variability() != Variability.ARRAY
                && number.integrality() != Integrality.YES;
        if (wrong || doubtful) {
            reporter.at(expression.span(), CheckError.INTEGER_EXPECTED,
                            value.isPresent() ? Words.number(value.getAsDouble()) : "a real number")
                    .hint(() -> divHint(expression))
                    .report();
            return StaticType.UNKNOWN;
        }
        return number;
    }

    /** Checks that {@code expression} is a condition. */
    private StaticType truth(Expression expression, Context context) {
        StaticType type = type(expression, context);
        switch (type) {
            case Truth _, Unknown _ -> { }
            case Position position -> reportPositionAsNumber(expression, position);
            case Number _ -> reporter.at(expression.span(), CheckError.CONDITION_EXPECTED, "a number")
                    .hint("compare it, as in '" + Words.excerpt(expression.span()) + " != 0'")
                    .report();
            case Vector _ -> reporter.at(expression.span(), CheckError.CONDITION_EXPECTED, "a vector")
                    .hint("compare it, as in '" + Words.excerpt(expression.span()) + " != 0'")
                    .report();
        }
        return type;
    }

    /** Checks that {@code expression} is a vector; 0 is one. */
    private StaticType vector(Expression expression, Context context) {
        return asVector(expression, type(expression, context));
    }

    private StaticType asVector(Expression expression, StaticType type) {
        if (isZero(expression)) {
            return new Vector(Variability.CONSTANT);
        }
        switch (type) {
            case Vector _, Unknown _ -> {
                return type;
            }
            case Number number -> reporter.at(expression.span(), CheckError.VECTOR_EXPECTED, Words.describe(number))
                    .hint(() -> vectorHint(expression))
                    .report();
            case Position position -> reporter.report(
                    expression.span(), CheckError.VECTOR_EXPECTED, "the position of pixel '" + position.index().name() + "'");
            case Truth _ -> reporter.report(expression.span(), CheckError.VECTOR_EXPECTED, "a condition");
        }
        return StaticType.UNKNOWN;
    }

    private Optional<String> vectorHint(Expression number) {
        boolean simple = number instanceof Expression.NumberLiteral || number instanceof Expression.NameReference;
        return simple
                ? Optional.of("did you mean " + dimensions.alongFirstAxis(Words.excerpt(number.span())) + "?")
                : Optional.empty();
    }

    private static boolean isZero(Expression expression) {
        return expression instanceof Expression.NumberLiteral literal && literal.value() == 0;
    }

    private static boolean isInteger(double value) {
        return value == Math.rint(value);
    }

    // Expressions

    private StaticType type(Expression expression, Context context) {
        return switch (expression) {
            case Expression.NumberLiteral literal ->
                new Number(isInteger(literal.value()) ? Integrality.YES : Integrality.NO, Variability.CONSTANT);
            case Expression.NameReference reference -> reference(reference, context);
            case Expression.Call call -> call(call, context);
            case Expression.Count count -> {
                if (!context.role().mayUseSets()) {
                    reporter.report(
                            count.span(), CheckError.NOT_CONSTANT, context.role().words(), "count the members of a set");
                }
                set(count.set(), context.as(context.role().ofSets()));
                yield new Number(Integrality.YES, Variability.CONSTANT);
            }
            case Expression.Subscript subscript -> subscript(subscript, context);
            case Expression.Unary unary -> unary(unary, context);
            case Expression.Binary binary -> binary(binary, context);
            case Expression.Conditional conditional -> conditional(conditional, context);
            case Expression.Reduction reduction -> reduction(reduction, context);
            case Expression.VectorLiteral vector -> literal(vector, context);
            case Expression.ComponentSelect select -> component(select, context);
        };
    }

    private StaticType reference(Expression.NameReference reference, Context context) {
        String name = reference.name();
        Optional<Local> local = context.scope().find(name);
        if (local.isPresent()) {
            return switch (local.get().kind()) {
                case PIXEL -> new Position(local.get(), OptionalInt.of(1), true);
                case INTEGER -> new Number(Integrality.YES, Variability.INDEX_FORM);
                case VECTOR -> new Vector(Variability.INDEX_FORM);
                case PARAMETER -> REAL;
                case SOLVED -> new Number(Integrality.PERHAPS, Variability.CONSTANT);
                case UNKNOWN -> StaticType.UNKNOWN;
            };
        }
        switch (name) {
            case "pi" -> {
                return new Number(Integrality.NO, Variability.CONSTANT);
            }
            case "level" -> {
                if (!context.role().mayUseLevel()) {
                    reportLevel(reference.span(), context.role());
                }
                return new Number(Integrality.YES, Variability.CONSTANT);
            }
            case "phases" -> {
                checkPhases(reference.span(), context);
                return new Number(Integrality.YES, Variability.CONSTANT);
            }
            case "E" -> {
                if (!context.role().mayUseError()) {
                    reporter.report(reference.span(), CheckError.ERROR_OUT_OF_PLACE);
                    return StaticType.UNKNOWN;
                }
                return REAL;
            }
            default -> {
                if (symbols.isBroken(name)) {
                    return StaticType.UNKNOWN;
                }
                return symbols.find(name)
                        .map(declared -> declared(reference, declared, context))
                        .orElseGet(() -> unknown(reference, context));
            }
        }
    }

    private void reportLevel(Span span, Role role) {
        reporter.at(span, CheckError.LEVEL_OUT_OF_PLACE, role.words())
                .hint(() -> switch (role) {
                    case WEIGHT -> Optional.of("the weight of each level belongs to 'multigrid'");
                    case SET -> Optional.of("write the set where its index is introduced, as in [r: halfwindow(level)]");
                    case PENALTY, PENALTY_WEIGHT -> Optional.of("penalties are evaluated on level 1 only");
                    default -> Optional.empty();
                })
                .report();
    }

    private void checkPhases(Span span, Context context) {
        if (!context.role().mayUsePhases()) {
            reporter.report(span, CheckError.PHASES_OUT_OF_PLACE, context.role().words());
        }
    }

    private StaticType declared(Expression.NameReference reference, Named declared, Context context) {
        String name = reference.name();
        Span span = reference.span();
        return switch (declared) {
            case ParamDeclaration _ -> {
                OptionalDouble value = constants.evaluate(reference);
                Integrality integrality = value.isEmpty()
                        ? Integrality.PERHAPS
                        : isInteger(value.getAsDouble()) ? Integrality.YES : Integrality.NO;
                yield new Number(integrality, Variability.CONSTANT);
            }
            case VectorsDeclaration _ -> {
                reporter.at(span, CheckError.WRONG_KIND, name, "a vector set", "a number")
                        .hint("take an index of it, as in sum[r: " + name + "](…), or count(" + name + ")")
                        .report();
                yield StaticType.UNKNOWN;
            }
            case FunctionDeclaration function -> {
                reporter.at(span, CheckError.WRONG_KIND, name, "a function", "a number")
                        .hint("call it, as in " + name + "(" + parameters(function) + ")")
                        .report();
                yield StaticType.UNKNOWN;
            }
            case FieldDeclaration _, Declaration.DataDeclaration _, LetDeclaration _, OutputDeclaration _,
                    ReportDeclaration _, PenaltyDeclaration _, UseDeclaration _ -> {
                if (!mayRead(reference.span(), name, declared, context)) {
                    yield StaticType.UNKNOWN;
                }
                if (axesOf(declared).isEmpty()) {
                    yield REAL;
                }
                reporter.at(span, CheckError.MISSING_SUBSCRIPTS, name, signature(declared))
                        .hint("write " + element(declared, context))
                        .report();
                yield StaticType.UNKNOWN;
            }
        };
    }

    private static String parameters(FunctionDeclaration function) {
        return String.join(", ", function.parameters().stream().map(Name::text).toList());
    }

    private StaticType unknown(Expression.NameReference reference, Context context) {
        String name = reference.name();
        Optional<Local> absent = context.outOfReach().find(name);
        if (absent.isPresent()) {
            reporter.report(
                    reference.span(), CheckError.INDEX_OUT_OF_REACH, name, absent.get().absence().orElse(context.reason()));
            return StaticType.UNKNOWN;
        }
        if (BuiltInFunction.find(name).isPresent() || Vocabulary.FUNCTIONS.contains(name)) {
            reporter.at(reference.span(), CheckError.WRONG_KIND, name, "a function", "a number")
                    .hint("call it, as in " + name + "(…)")
                    .report();
            return StaticType.UNKNOWN;
        }
        if (Vocabulary.SET_CONSTRUCTORS.contains(name)) {
            reporter.report(reference.span(), CheckError.WRONG_KIND, name, "a set constructor", "a number");
            return StaticType.UNKNOWN;
        }
        boolean readsArrays = context.role().mayReadArrays();
        reportUnknown(reference.span(), readsArrays ? "param, index or array" : "param", name, context,
                declared -> declared instanceof ParamDeclaration || readsArrays && isArray(declared)
                        || context.role().mayReadOutputs() && isResult(declared),
                List.of("pi", "phases", "level"));
        return StaticType.UNKNOWN;
    }

    private void reportUnknown(
            Span span, String kind, String name, Context context, Predicate<Named> fitting, Collection<String> builtIn) {
        reporter.at(span, CheckError.UNKNOWN_NAME, kind, name)
                .hint(() -> {
                    List<String> candidates = new ArrayList<>(context.scope().names());
                    candidates.addAll(symbols.names(fitting));
                    candidates.addAll(builtIn);
                    return Suggestions.didYouMean(name, candidates)
                            .or(() -> kind.equals("array") ? choice(symbols.names(fitting)) : Optional.empty());
                })
                .report();
    }

    /** Tells what there is to choose from, if that is little. */
    private static Optional<String> choice(List<String> names) {
        return switch (names.size()) {
            case 0 -> Optional.empty();
            case 1, 2, 3, 4, 5 -> Optional.of(
                    (names.size() == 1 ? "there is '" : "there are '") + String.join("', '", names) + "'");
            default -> Optional.empty();
        };
    }

    /** Whether what is {@code declared} can be read here; reports if not. */
    private boolean mayRead(Span span, String name, Named declared, Context context) {
        Role role = context.role();
        boolean isResult = isResult(declared);
        if (!isArray(declared) && !(isResult && role.mayReadOutputs())) {
            reporter.at(span, CheckError.NOT_READABLE, name, Symbols.describe(declared), role.words())
                    .hint(() -> isResult
                            ? Optional.of("make '" + name + "' a let, and declare an "
                                    + Symbols.keyword(declared).replace("report", "additional report")
                                    + " that reads it")
                            : Optional.empty())
                    .report();
            return false;
        }
        if (!role.mayReadArrays()) {
            if (role == Role.ELEMENTS) {
                reporter.at(span, CheckError.GUARD_READS_ARRAY, name)
                        .hint("put the dependence into the formula, as in 'if C then … else 0'")
                        .report();
            } else {
                reporter.report(span, CheckError.NOT_CONSTANT, role.words(),
                        "read " + Symbols.describe(declared).replaceFirst("an? ", "") + " '" + name + "'");
            }
            return false;
        }
        return true;
    }

    /** Whether {@code declared} can be read in formulas. */
    private static boolean isArray(Named declared) {
        return declared instanceof FieldDeclaration || declared instanceof Declaration.DataDeclaration
                || declared instanceof LetDeclaration;
    }

    /** Whether {@code declared} can be read in reports only. */
    private static boolean isResult(Named declared) {
        return declared instanceof OutputDeclaration || declared instanceof ReportDeclaration;
    }

    // Subscripts

    private enum Axis {
        PIXEL,
        INTEGER,
        VECTOR,
        UNKNOWN
    }

    private List<Axis> axesOf(Named array) {
        List<Axis> kinds = new ArrayList<>();
        if (array instanceof FieldDeclaration) {
            kinds.add(Axis.PIXEL);
        }
        for (IndexBinding index : Symbols.indices(array).orElse(List.of())) {
            boolean mayBePixel = array instanceof LetDeclaration || array instanceof OutputDeclaration
                    || array instanceof ReportDeclaration;
            kinds.add(index.set().map(this::axis).orElse(mayBePixel ? Axis.PIXEL : Axis.UNKNOWN));
        }
        return kinds;
    }

    /** What a set holds; the declaration that it is part of was checked before. */
    private Axis axis(SetExpression set) {
        return switch (sets.getOrDefault(set, Members.UNKNOWN)) {
            case INTEGERS -> Axis.INTEGER;
            case VECTORS -> Axis.VECTOR;
            case UNKNOWN -> Axis.UNKNOWN;
        };
    }

    /** An array's name and indices as they are declared. */
    private static String signature(Named array) {
        List<String> indices = new ArrayList<>();
        if (array instanceof FieldDeclaration) {
            indices.add("x");
        }
        Symbols.indices(array).orElse(List.of()).forEach(index -> indices.add(Words.excerpt(index.span())));
        return array.name() + (indices.isEmpty() ? " without indices" : "[" + String.join(", ", indices) + "]");
    }

    /** An element of an array, as it might be read here. */
    private String element(Named array, Context context) {
        List<String> subscripts = new ArrayList<>();
        if (array instanceof FieldDeclaration) {
            subscripts.add(context.scope().names().stream()
                    .filter(name -> context.scope().find(name).orElseThrow().kind() == Local.Kind.PIXEL)
                    .findFirst()
                    .orElse("x"));
        }
        Symbols.indices(array).orElse(List.of()).forEach(index -> subscripts.add(index.name().text()));
        return array.name() + "[" + String.join(", ", subscripts) + "]";
    }

    private StaticType subscript(Expression.Subscript subscript, Context context) {
        List<StaticType> types = new ArrayList<>();
        for (Expression each : subscript.subscripts()) {
            StaticType type = type(each, context);
            if (type instanceof Position position) {
                position.index().markRead();
            }
            types.add(type);
        }
        String name = subscript.array().text();
        Span span = subscript.array().span();
        Optional<Local> local = context.scope().find(name);
        if (local.isPresent()) {
            reportNoArray(subscript, local.get().kind() == Local.Kind.PARAMETER ? "a parameter" : "an index");
            return StaticType.UNKNOWN;
        }
        if (Vocabulary.isReserved(name)) {
            boolean isFunction = Vocabulary.FUNCTIONS.contains(name);
            reporter.at(span, CheckError.NOT_AN_ARRAY, name, isFunction ? "a function" : "reserved")
                    .hint(() -> isFunction ? Optional.of("call it, as in " + name + "(…)") : Optional.empty())
                    .report();
            return StaticType.UNKNOWN;
        }
        if (symbols.isBroken(name)) {
            return StaticType.UNKNOWN;
        }
        Optional<Named> declared = symbols.find(name);
        if (declared.isEmpty()) {
            reportUnknown(span, "array", name, new Context(context.role(), Scope.EMPTY, Scope.EMPTY, ""),
                    each -> isArray(each) || context.role().mayReadOutputs() && isResult(each), List.of());
            return StaticType.UNKNOWN;
        }
        switch (declared.get()) {
            case FieldDeclaration _, Declaration.DataDeclaration _, LetDeclaration _, OutputDeclaration _,
                    ReportDeclaration _, PenaltyDeclaration _, UseDeclaration _ -> {
                if (!mayRead(span, name, declared.get(), context)) {
                    return StaticType.UNKNOWN;
                }
            }
            case ParamDeclaration _, VectorsDeclaration _, FunctionDeclaration _ -> {
                reportNoArray(subscript, Symbols.describe(declared.get()));
                return StaticType.UNKNOWN;
            }
        }
        checkSubscripts(subscript, types, declared.get(), context);
        return REAL;
    }

    private void reportNoArray(Expression.Subscript subscript, String what) {
        String name = subscript.array().text();
        reporter.at(subscript.array().span(), CheckError.NOT_AN_ARRAY, name, what)
                .hint(() -> what.equals("a function")
                        ? Optional.of("functions are called with parentheses, as in " + name + "(…)")
                        : what.equals("a vector set") ? Optional.of("an index over it is introduced by r: " + name)
                                : Optional.empty())
                .report();
    }

    private void checkSubscripts(
            Expression.Subscript subscript, List<StaticType> types, Named array, Context context) {
        List<Axis> axes = axesOf(array);
        if (axes.isEmpty()) {
            reporter.at(subscript.span(), CheckError.SUBSCRIPT_COUNT, array.name(), signature(array),
                            Words.count(types.size(), "subscript"))
                    .hint("write '" + array.name() + "' alone")
                    .report();
            return;
        }
        if (axes.size() != types.size()) {
            reporter.at(subscript.span(), CheckError.SUBSCRIPT_COUNT, array.name(), signature(array),
                            Words.count(types.size(), "subscript"))
                    .hint("an array is always read with all its indices, as in " + element(array, context))
                    .report();
            return;
        }
        for (int axis = 0; axis < axes.size(); axis++) {
            Expression expression = subscript.subscripts().get(axis);
            StaticType type = types.get(axis);
            switch (axes.get(axis)) {
                case PIXEL -> checkPixelSubscript(subscript, expression, type, array);
                case INTEGER -> checkIntegerSubscript(expression, type);
                case VECTOR -> checkForm(expression, asVector(expression, type));
                case UNKNOWN -> { }
            }
        }
    }

    private void checkPixelSubscript(
            Expression.Subscript subscript, Expression expression, StaticType type, Named array) {
        switch (type) {
            case Position position -> position.index().reads().add(
                    new Local.PixelRead(array.name().text(), position.factor(), subscript.span()));
            case Unknown _ -> { }
            case Vector _, Number _, Truth _ -> reporter.at(
                            expression.span(), CheckError.POSITION_EXPECTED, array.name(), Words.describe(type))
                    .hint(() -> type instanceof Vector
                            ? Optional.of("add it to a pixel index, as in " + array.name() + "[x + "
                                    + Words.excerpt(expression.span()) + (axesOf(array).size() > 1 ? ", …]" : "]"))
                            : Optional.of("write a pixel index, as in " + array.name()
                                    + (axesOf(array).size() > 1 ? "[x, …]" : "[x]")))
                    .report();
        }
    }

    private void checkIntegerSubscript(Expression expression, StaticType type) {
        StaticType number = asNumber(expression, type);
        if (!(number instanceof Number value)) {
            return;
        }
        if (value.variability() == Variability.ARRAY) {
            checkForm(expression, number);
            return;
        }
        boolean constant = value.variability() == Variability.CONSTANT;
        OptionalDouble known = constant ? constants.evaluate(expression) : OptionalDouble.empty();
        boolean isInteger = known.isPresent()
                ? isInteger(known.getAsDouble())
                : constant ? value.integrality() != Integrality.NO : value.integrality() == Integrality.YES;
        if (!isInteger) {
            reporter.at(expression.span(), CheckError.INTEGER_EXPECTED,
                            known.isPresent() ? Words.number(known.getAsDouble()) : "a real number")
                    .hint(() -> divHint(expression))
                    .report();
        } else {
            checkForm(expression, number);
        }
    }

    private static Optional<String> divHint(Expression expression) {
        return expression instanceof Expression.Binary binary
                        && binary.operator() == Expression.BinaryOperator.DIVIDE
                ? Optional.of("integer division is written '" + Words.excerpt(binary.left().span()) + " div "
                        + Words.excerpt(binary.right().span()) + "'")
                : Optional.empty();
    }

    /** Checks that a subscript or an offset can be inverted. */
    private void checkForm(Expression expression, StaticType type) {
        Optional<Variability> variability = switch (type) {
            case Number number -> Optional.of(number.variability());
            case Vector vector -> Optional.of(vector.variability());
            case Truth _, Position _, Unknown _ -> Optional.empty();
        };
        if (variability.isPresent() && variability.get().compareTo(Variability.INDEX_FORM) > 0) {
            reporter.report(expression.span(), CheckError.INDEX_FORM_EXPECTED,
                    variability.get() == Variability.ARRAY
                            ? "it depends on the value of an array or on an argument"
                            : "it is not made of indices by +, -, *, div and mod");
        }
    }

    // Operators

    private StaticType unary(Expression.Unary unary, Context context) {
        if (unary.operator() == Expression.UnaryOperator.NOT) {
            StaticType type = truth(unary.operand(), context);
            return type instanceof Truth ? type : StaticType.UNKNOWN;
        }
        StaticType type = type(unary.operand(), context);
        return switch (type) {
            case Number number -> number;
            case Vector vector -> vector;
            case Unknown unknown -> unknown;
            case Position position -> {
                reporter.report(unary.span(), CheckError.PIXEL_ARITHMETIC,
                        "the pixel index '" + position.index().name() + "' cannot be negated");
                yield StaticType.UNKNOWN;
            }
            case Truth _ -> {
                reporter.at(unary.operand().span(), CheckError.NUMBER_EXPECTED, "a condition")
                        .hint("the opposite of a condition is written 'not'")
                        .report();
                yield StaticType.UNKNOWN;
            }
        };
    }

    private StaticType binary(Expression.Binary binary, Context context) {
        return switch (binary.operator()) {
            case AND, OR -> {
                StaticType left = truth(binary.left(), context);
                StaticType right = truth(binary.right(), context);
                yield left instanceof Truth first && right instanceof Truth second
                        ? new Truth(first.variability().and(second.variability()))
                        : StaticType.UNKNOWN;
            }
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> comparison(binary, context);
            case ADD, SUBTRACT -> sum(binary, type(binary.left(), context), type(binary.right(), context));
            case MULTIPLY -> product(binary, type(binary.left(), context), type(binary.right(), context));
            case DIVIDE, DIV, MOD -> quotient(binary, type(binary.left(), context), type(binary.right(), context));
            case POWER -> power(binary, type(binary.left(), context), type(binary.right(), context));
        };
    }

    private StaticType sum(Expression.Binary binary, StaticType left, StaticType right) {
        boolean adds = binary.operator() == Expression.BinaryOperator.ADD;
        if (left instanceof Position first && right instanceof Position second) {
            reporter.at(binary.span(), CheckError.PIXEL_ARITHMETIC,
                            "two pixel indices cannot be " + (adds ? "added" : "subtracted"))
                    .hint("add an offset vector, as in " + first.index().name() + " + r")
                    .report();
            second.index().markRead();
            first.index().markRead();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Position position) {
            return offset(position, binary.right(), right, adds ? " + " : " - ");
        }
        if (right instanceof Position position) {
            if (!adds) {
                reporter.report(binary.span(), CheckError.PIXEL_ARITHMETIC,
                        "the pixel index '" + position.index().name() + "' cannot be subtracted");
                position.index().markRead();
                return StaticType.UNKNOWN;
            }
            return offset(position, binary.left(), left, " + ");
        }
        if (left instanceof Unknown || right instanceof Unknown) {
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector || right instanceof Vector) {
            return vectorSum(binary, left, right);
        }
        return numbers(binary, left, right, false);
    }

    /** The type of a pixel index plus {@code offset}. */
    private StaticType offset(Position position, Expression offset, StaticType type, String operator) {
        Position result = new Position(position.index(), position.factor(), false);
        if (isZero(offset)) {
            return result;
        }
        switch (type) {
            case Vector _ -> checkForm(offset, type);
            case Unknown _ -> { }
            case Number _ -> reporter.at(offset.span(), CheckError.PIXEL_OFFSET)
                    .hint("write " + position.index().name() + operator
                            + dimensions.alongFirstAxis(Words.excerpt(offset.span())) + " for the neighbour along axis 1")
                    .report();
            case Truth _ -> reporter.report(offset.span(), CheckError.VECTOR_EXPECTED, "a condition");
            case Position _ -> { }
        }
        return result;
    }

    private StaticType vectorSum(Expression.Binary binary, StaticType left, StaticType right) {
        Variability variability = Variability.CONSTANT;
        for (boolean first : new boolean[] {true, false}) {
            Expression operand = first ? binary.left() : binary.right();
            StaticType type = first ? left : right;
            if (type instanceof Vector vector) {
                variability = variability.and(vector.variability());
            } else if (type instanceof Truth) {
                reporter.report(operand.span(), CheckError.VECTOR_EXPECTED, "a condition");
            } else if (type instanceof Number && !isZero(operand)) {
                reporter.at(operand.span(), CheckError.VECTOR_PLUS_NUMBER)
                        .hint(() -> vectorHint(operand))
                        .report();
            }
        }
        return new Vector(variability);
    }

    private StaticType product(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Position || right instanceof Position) {
            return scaled(binary, left, right);
        }
        if (left instanceof Vector && right instanceof Vector) {
            reporter.at(binary.span(), CheckError.VECTOR_PRODUCT)
                    .hint("the scalar product is dot(" + Words.excerpt(binary.left().span()) + ", "
                            + Words.excerpt(binary.right().span()) + ")")
                    .report();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector vector) {
            return multiple(vector, binary.right(), right);
        }
        if (right instanceof Vector vector) {
            return multiple(vector, binary.left(), left);
        }
        return numbers(binary, left, right, false);
    }

    /** The type of a pixel index times a number. */
    private StaticType scaled(Expression.Binary binary, StaticType left, StaticType right) {
        boolean isLeft = left instanceof Position;
        Position position = (Position) (isLeft ? left : right);
        StaticType other = isLeft ? right : left;
        Expression factor = isLeft ? binary.right() : binary.left();
        position.index().markRead();
        switch (other) {
            case Unknown _ -> { }
            case Number number when number.variability() == Variability.ARRAY ->
                reportPositionAsNumber(isLeft ? binary.left() : binary.right(), position);
            case Number number -> {
                OptionalDouble value = number.variability() == Variability.CONSTANT
                        ? constants.evaluate(factor)
                        : OptionalDouble.empty();
                boolean unknown = number.variability() == Variability.CONSTANT && value.isEmpty();
                if (unknown && number.integrality() != Integrality.NO) {
                    return new Position(position.index(), OptionalInt.empty(), false);
                }
                if (value.isPresent() && isInteger(value.getAsDouble()) && value.getAsDouble() >= 1
                        && position.factor().isPresent()
                        && value.getAsDouble() * position.factor().getAsInt() <= Integer.MAX_VALUE) {
                    int product = (int) value.getAsDouble() * position.factor().getAsInt();
                    return new Position(position.index(), OptionalInt.of(product), false);
                }
                reporter.report(factor.span(), CheckError.INVALID_PIXEL_FACTOR,
                        value.isPresent() ? Words.number(value.getAsDouble()) : "not constant");
            }
            case Vector _ -> reporter.report(
                    binary.span(), CheckError.PIXEL_ARITHMETIC, "a pixel index and a vector cannot be multiplied");
            case Position _ -> reporter.report(
                    binary.span(), CheckError.PIXEL_ARITHMETIC, "two pixel indices cannot be multiplied");
            case Truth _ -> reporter.report(factor.span(), CheckError.INVALID_PIXEL_FACTOR, "a condition");
        }
        return StaticType.UNKNOWN;
    }

    /** The type of a vector times a number. */
    private StaticType multiple(Vector vector, Expression factor, StaticType type) {
        switch (type) {
            case Number number -> {
                OptionalDouble value = number.variability() == Variability.CONSTANT
                        ? constants.evaluate(factor)
                        : OptionalDouble.empty();
                boolean isInteger = switch (number.variability()) {
                    case CONSTANT -> value.isPresent()
                            ? isInteger(value.getAsDouble())
                            : number.integrality() != Integrality.NO;
                    case INDEX_FORM, INDEX_VALUE -> number.integrality() == Integrality.YES;
                    case ARRAY -> false;
                };
                if (!isInteger) {
                    reporter.report(factor.span(), CheckError.VECTOR_FACTOR,
                            value.isPresent() ? Words.number(value.getAsDouble()) : "a real number");
                    return StaticType.UNKNOWN;
                }
                return new Vector(vector.variability().and(number.variability()));
            }
            case Truth _ -> reporter.report(factor.span(), CheckError.VECTOR_FACTOR, "a condition");
            case Vector _, Position _, Unknown _ -> { }
        }
        return StaticType.UNKNOWN;
    }

    private StaticType quotient(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Position position) {
            reporter.at(binary.span(), CheckError.PIXEL_ARITHMETIC, "a pixel index cannot be divided")
                    .hint("the finer array is read at a multiple, as in G[2*" + position.index().name() + " + d]")
                    .report();
            position.index().markRead();
            return StaticType.UNKNOWN;
        }
        if (left instanceof Vector) {
            reporter.report(binary.left().span(), CheckError.VECTOR_DIVISION);
            return StaticType.UNKNOWN;
        }
        StaticType type = numbers(binary, left, right, true);
        if (binary.operator() == Expression.BinaryOperator.DIVIDE || !(type instanceof Number number)) {
            return type;
        }
        for (boolean first : new boolean[] {true, false}) {
            Number operand = (Number) (first ? left : right);
            if (operand.integrality() == Integrality.NO || operand.variability() == Variability.ARRAY) {
                Expression place = first ? binary.left() : binary.right();
                reporter.at(place.span(), CheckError.INTEGER_EXPECTED, "a real number")
                        .hint("'" + binary.operator().symbol() + "' is for integers; of real numbers take floor(a / b)")
                        .report();
                return StaticType.UNKNOWN;
            }
        }
        boolean form = ((Number) right).variability() == Variability.CONSTANT;
        return new Number(number.integrality(), form
                ? number.variability()
                : number.variability().and(Variability.INDEX_VALUE));
    }

    private StaticType power(Expression.Binary binary, StaticType left, StaticType right) {
        if (left instanceof Vector) {
            String text = Words.excerpt(binary.left().span());
            reporter.at(binary.span(), CheckError.VECTOR_PRODUCT)
                    .hint("the squared length is dot(" + text + ", " + text + ")")
                    .report();
            return StaticType.UNKNOWN;
        }
        StaticType type = numbers(binary, left, right, false);
        if (!(type instanceof Number number)) {
            return type;
        }
        OptionalDouble exponent = constants.evaluate(binary.right());
        boolean form = ((Number) right).variability() == Variability.CONSTANT
                && exponent.isPresent() && exponent.getAsDouble() >= 0 && isInteger(exponent.getAsDouble());
        boolean constant = number.variability() == Variability.CONSTANT;
        return new Number(form ? number.integrality() : Integrality.PERHAPS,
                form || constant ? number.variability() : number.variability().and(Variability.INDEX_VALUE));
    }

    /** The type of an operation on numbers, {@code divides} telling that its result is perhaps no integer. */
    private StaticType numbers(Expression.Binary binary, StaticType left, StaticType right, boolean divides) {
        StaticType first = asNumber(binary.left(), left);
        StaticType second = asNumber(binary.right(), right);
        if (!(first instanceof Number a) || !(second instanceof Number b)) {
            return StaticType.UNKNOWN;
        }
        Variability variability = a.variability().and(b.variability());
        if (divides && binary.operator() == Expression.BinaryOperator.DIVIDE) {
            boolean constant = variability == Variability.CONSTANT;
            return new Number(Integrality.PERHAPS, constant ? variability : variability.and(Variability.INDEX_VALUE));
        }
        return new Number(a.integrality().and(b.integrality()), variability);
    }

    private StaticType comparison(Expression.Binary binary, Context context) {
        StaticType left = type(binary.left(), context);
        StaticType right = type(binary.right(), context);
        boolean equality = binary.operator() == Expression.BinaryOperator.EQUAL
                || binary.operator() == Expression.BinaryOperator.NOT_EQUAL;
        if (left instanceof Unknown || right instanceof Unknown) {
            return new Truth(Variability.CONSTANT);
        }
        if (left instanceof Position || right instanceof Position) {
            boolean isLeft = left instanceof Position;
            reportPositionAsNumber(isLeft ? binary.left() : binary.right(), (Position) (isLeft ? left : right));
            return StaticType.UNKNOWN;
        }
        if (left instanceof Truth && right instanceof Truth) {
            reporter.at(binary.span(), CheckError.CONDITION_COMPARISON, binary.operator().symbol())
                    .hint("join conditions by 'and', 'or', 'not'")
                    .report();
            return StaticType.UNKNOWN;
        }
        boolean vectors = left instanceof Vector && (right instanceof Vector || isZero(binary.right()))
                || right instanceof Vector && isZero(binary.left());
        if (vectors && !equality) {
            String first = Words.excerpt(binary.left().span());
            String second = Words.excerpt(binary.right().span());
            reporter.at(binary.span(), CheckError.VECTOR_COMPARISON, binary.operator().symbol())
                    .hint("compare lengths or components, as in norm(" + first + ") " + binary.operator().symbol() + " "
                            + (right instanceof Vector ? "norm(" + second + ")" : second))
                    .report();
            return StaticType.UNKNOWN;
        }
        boolean numbers = left instanceof Number && right instanceof Number;
        if (!vectors && !numbers) {
            reporter.at(binary.span(), CheckError.INCOMPARABLE, Words.describe(left), Words.describe(right))
                    .hint(() -> left instanceof Vector
                            ? vectorHint(binary.right())
                            : right instanceof Vector ? vectorHint(binary.left()) : Optional.empty())
                    .report();
            return StaticType.UNKNOWN;
        }
        return new Truth(variability(left).and(variability(right)));
    }

    private static Variability variability(StaticType type) {
        return switch (type) {
            case Number number -> number.variability();
            case Vector vector -> vector.variability();
            case Truth truth -> truth.variability();
            case Position _, Unknown _ -> Variability.CONSTANT;
        };
    }

    private StaticType conditional(Expression.Conditional conditional, Context context) {
        StaticType condition = truth(conditional.condition(), context);
        StaticType first = type(conditional.consequence(), context);
        StaticType second = type(conditional.alternative(), context);
        if (first instanceof Unknown || second instanceof Unknown) {
            return StaticType.UNKNOWN;
        }
        if (!(first instanceof Number a) || !(second instanceof Number b)) {
            if (first.getClass() == second.getClass()) {
                reporter.at(conditional.span(), CheckError.CONDITIONAL_VALUE, Words.describe(first))
                        .hint(first instanceof Truth
                                ? "join conditions by 'and', 'or', 'not'"
                                : "choose between what is read there, as in 'if C then A[r] else A[s]'")
                        .report();
            } else {
                reporter.report(conditional.span(), CheckError.DIFFERENT_BRANCHES, Words.describe(first),
                        Words.describe(second));
            }
            return StaticType.UNKNOWN;
        }
        Variability variability = a.variability().and(b.variability()).and(variability(condition));
        return new Number(a.integrality().and(b.integrality()), variability == Variability.CONSTANT
                ? variability
                : variability.and(Variability.INDEX_VALUE));
    }

    private StaticType reduction(Expression.Reduction reduction, Context context) {
        Context inside = bind(reduction.indices(), context);
        reduction.guard().ifPresent(guard -> truth(guard, inside));
        StaticType body = number(reduction.body(), inside);
        checkPixelsAreRead(inside.scope(), reduction.indices());
        if (!(body instanceof Number number)) {
            return StaticType.UNKNOWN;
        }
        boolean mean = reduction.operator() == Expression.ReductionOperator.MEAN;
        return new Number(
                mean ? Integrality.PERHAPS : number.integrality(), number.variability().and(Variability.INDEX_VALUE));
    }

    // Vectors

    private StaticType literal(Expression.VectorLiteral vector, Context context) {
        int size = vector.components().size();
        if (size > 3) {
            reporter.report(vector.span(), CheckError.DIMENSION_RANGE, size);
        } else {
            dimensions.exactly(size, vector.span(), inPenalty);
        }
        Variability variability = Variability.CONSTANT;
        for (Expression component : vector.components()) {
            StaticType type = integer(component, context);
            if (type instanceof Number number) {
                checkForm(component, type);
                Variability known = number.variability() == Variability.CONSTANT
                        ? Variability.CONSTANT
                        : Variability.INDEX_FORM;
                variability = variability.and(known);
            }
        }
        return new Vector(variability);
    }

    private StaticType component(Expression.ComponentSelect select, Context context) {
        StaticType type = type(select.vector(), context);
        switch (type) {
            case Vector vector -> {
                if (select.component() < 1 || select.component() > 3) {
                    reporter.at(select.span(), CheckError.NO_SUCH_COMPONENT, select.component())
                            .hint("components are counted from 1")
                            .report();
                    return StaticType.UNKNOWN;
                }
                dimensions.atLeast(
                        select.component(), CheckError.NO_SUCH_COMPONENT, select.span(), inPenalty);
                return new Number(Integrality.YES, vector.variability());
            }
            case Position position -> {
                reporter.report(select.span(), CheckError.PIXEL_INDEX_AS_NUMBER, position.index().name());
                return StaticType.UNKNOWN;
            }
            case Unknown _ -> {
                return StaticType.UNKNOWN;
            }
            case Number _, Truth _ -> {
                reporter.report(select.span(), CheckError.NO_COMPONENTS, Words.describe(type));
                return StaticType.UNKNOWN;
            }
        }
    }

    // Calls

    private StaticType call(Expression.Call call, Context context) {
        String name = call.function().text();
        Span span = call.function().span();
        Optional<BuiltInFunction> builtIn = BuiltInFunction.find(name);
        boolean special = name.equals("norm") || name.equals("dot") || name.equals("size") || name.equals("extent");
        if (special && call.primes() > 0) {
            reporter.report(span, CheckError.NO_DERIVATIVE, name);
        }
        if (special) {
            return special(call, context);
        }
        List<StaticType> types = call.arguments().stream().map(argument -> argument(argument, context)).toList();
        if (builtIn.isPresent()) {
            return builtIn(call, builtIn.get(), types);
        }
        Optional<Local> local = context.scope().find(name);
        if (local.isPresent()) {
            String what = switch (local.get().kind()) {
                case PIXEL, INTEGER, VECTOR, UNKNOWN -> "an index";
                case PARAMETER -> "a parameter";
                case SOLVED -> "a constant";
            };
            reporter.at(span, CheckError.NOT_A_FUNCTION, name, what)
                    .hint("a product needs its '*'")
                    .report();
            return StaticType.UNKNOWN;
        }
        if (Vocabulary.SET_CONSTRUCTORS.contains(name)) {
            reporter.at(span, CheckError.WRONG_KIND, name, "a set constructor", "a number")
                    .hint("take an index of the set, as in sum[r: " + name + "(…)](…), or count(" + name + "(…))")
                    .report();
            return StaticType.UNKNOWN;
        }
        if (symbols.isBroken(name)) {
            return StaticType.UNKNOWN;
        }
        Optional<Named> declared = symbols.find(name);
        if (declared.isEmpty()) {
            List<String> candidates = new ArrayList<>(symbols.names(FunctionDeclaration.class::isInstance));
            candidates.addAll(Vocabulary.FUNCTIONS);
            reporter.at(span, CheckError.UNKNOWN_NAME, "function", name)
                    .hint(() -> otherName(name).or(() -> Suggestions.didYouMean(name, candidates)))
                    .report();
            return StaticType.UNKNOWN;
        }
        if (!(declared.get() instanceof FunctionDeclaration function)) {
            boolean isArray = Symbols.indices(declared.get()).isPresent();
            reporter.at(span, CheckError.NOT_A_FUNCTION, name, Symbols.describe(declared.get()))
                    .hint(isArray && !axesOf(declared.get()).isEmpty()
                            ? "elements are read with brackets, as in " + element(declared.get(), context)
                            : "a product needs its '*'")
                    .report();
            return StaticType.UNKNOWN;
        }
        return function(call, function, types, context);
    }

    /** The name here of a function that is called {@code name} elsewhere. */
    private static Optional<String> otherName(String name) {
        return Optional.ofNullable(switch (name) {
            case "ln" -> "log";
            case "arctan" -> "atan";
            case "arcsin" -> "asin";
            case "arccos" -> "acos";
            case "arctan2" -> "atan2";
            case "logistic", "expit" -> "sigmoid";
            case "heaviside", "Heaviside" -> "step";
            case "gammaln" -> "lgamma";
            case "fabs" -> "abs";
            case "clip" -> "clamp";
            default -> null;
        }).map(known -> "did you mean '" + known + "'?");
    }

    private StaticType argument(Expression argument, Context context) {
        return asNumber(argument, type(argument, context));
    }

    private StaticType builtIn(Expression.Call call, BuiltInFunction function, List<StaticType> types) {
        if (call.primes() > 0 && function.arity() > 1) {
            reporter.report(
                    call.function().span(), CheckError.DERIVATIVE_OF_SEVERAL, function.word(), function.arity());
            return StaticType.UNKNOWN;
        }
        int most = function.isVariadic() ? Integer.MAX_VALUE : function.arity();
        if (!checkArguments(call.function(), types.size(), function.arity(), most)) {
            return StaticType.UNKNOWN;
        }
        Integrality integrality = Integrality.YES;
        Variability variability = Variability.CONSTANT;
        for (StaticType type : types) {
            if (!(type instanceof Number number)) {
                return StaticType.UNKNOWN;
            }
            integrality = integrality.and(number.integrality());
            variability = variability.and(number.variability());
        }
        Integrality result = call.primes() > 0 ? Integrality.PERHAPS : function == BuiltInFunction.FLOOR || function == BuiltInFunction.SIGN
                        || function == BuiltInFunction.STEP
                ? Integrality.YES
                : function.isIntegerOfIntegers() ? integrality : Integrality.PERHAPS;
        return new Number(result, variability == Variability.CONSTANT
                ? variability
                : variability.and(Variability.INDEX_VALUE));
    }

    private StaticType function(
            Expression.Call call, FunctionDeclaration function, List<StaticType> types, Context context) {
        String name = function.name().text();
        if (call.primes() > 0 && function.parameters().size() != 1) {
            reporter.report(call.function().span(), CheckError.DERIVATIVE_OF_SEVERAL, name, function.parameters().size());
            return StaticType.UNKNOWN;
        }
        int arity = function.parameters().size();
        if (!checkArguments(call.function(), types.size(), arity, arity)) {
            return StaticType.UNKNOWN;
        }
        FunctionUses uses = functions.getOrDefault(name, FunctionUses.NOTHING);
        checkUses(call, uses, context.role());
        Variability variability = uses.array().isPresent() ? Variability.ARRAY : Variability.CONSTANT;
        for (StaticType type : types) {
            variability = variability.and(variability(type));
        }
        // Of indices it may be an integer made of these, which is seen when it is put in.
        return variability == Variability.INDEX_FORM || variability == Variability.INDEX_VALUE
                ? StaticType.UNKNOWN
                : new Number(Integrality.PERHAPS, variability);
    }

    /** Reports what a function uses that is out of place where it is called. */
    private void checkUses(Expression.Call call, FunctionUses uses, Role role) {
        String name = call.function().text();
        Span span = call.function().span();
        if (uses.array().isPresent() && !role.mayReadArrays()) {
            reporter.report(span, CheckError.NOT_CONSTANT, role.words(),
                    "call '" + name + "', which reads '" + uses.array().get() + "'");
        }
        if (uses.level() && !role.mayUseLevel()) {
            reporter.at(span, CheckError.LEVEL_OUT_OF_PLACE, role.words())
                    .hint("'" + name + "' uses it")
                    .report();
        }
        if (uses.phases() && !role.mayUsePhases()) {
            reporter.at(span, CheckError.PHASES_OUT_OF_PLACE, role.words())
                    .hint("'" + name + "' uses it, or the size of a set")
                    .report();
        }
    }

    private StaticType special(Expression.Call call, Context context) {
        String name = call.function().text();
        List<Expression> arguments = call.arguments();
        switch (name) {
            case "norm" -> {
                if (!checkArguments(call.function(), arguments.size(), 1, 1)) {
                    return StaticType.UNKNOWN;
                }
                Variability variability = variability(vector(arguments.getFirst(), context));
                return new Number(Integrality.PERHAPS, variability == Variability.CONSTANT
                        ? variability
                        : variability.and(Variability.INDEX_VALUE));
            }
            case "dot" -> {
                if (!checkArguments(call.function(), arguments.size(), 2, 2)) {
                    return StaticType.UNKNOWN;
                }
                Variability first = variability(vector(arguments.getFirst(), context));
                return new Number(Integrality.YES, first.and(variability(vector(arguments.getLast(), context))));
            }
            default -> {
                boolean isSize = name.equals("size");
                if (!checkArguments(call.function(), arguments.size(), isSize ? 1 : 2, isSize ? 1 : 2)) {
                    return StaticType.UNKNOWN;
                }
                StaticType pixel = type(arguments.getFirst(), context);
                if (!(pixel instanceof Position position && position.bare()) && !(pixel instanceof Unknown)) {
                    reporter.at(arguments.getFirst().span(), CheckError.PIXEL_INDEX_EXPECTED, name)
                            .hint("as in " + (isSize ? "size(x)" : "extent(x, 1)"))
                            .report();
                }
                if (!isSize) {
                    checkAxis(arguments.getLast(), context);
                }
                return new Number(Integrality.YES, Variability.CONSTANT);
            }
        }
    }

    private void checkAxis(Expression axis, Context context) {
        StaticType type = integer(axis, context);
        if (type instanceof Number number && number.variability() != Variability.CONSTANT) {
            reporter.report(axis.span(), CheckError.NOT_CONSTANT, "an axis", "depend on an index or an array");
            return;
        }
        OptionalDouble value = constants.evaluate(axis);
        if (type instanceof Number && value.isPresent()) {
            double number = value.getAsDouble();
            if (number < 1 || number > 3) {
                reporter.at(axis.span(), CheckError.NO_SUCH_AXIS, Words.number(number))
                        .hint("axes are counted from 1")
                        .report();
            } else {
                dimensions.atLeast((int) number, CheckError.NO_SUCH_AXIS, axis.span(), inPenalty);
            }
        }
    }

    private boolean checkArguments(Name function, int given, int least, int most) {
        if (given >= least && given <= most) {
            return true;
        }
        String takes = least == most
                ? Words.count(least, "argument")
                : most == Integer.MAX_VALUE ? "at least " + Words.count(least, "argument")
                        : least + " to " + Words.count(most, "argument");
        reporter.report(function.span(), CheckError.ARGUMENT_COUNT, function, takes, given);
        return false;
    }
}
