package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mcrc.compiler.check.StaticType.Integrality;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.check.StaticType.Position;
import org.mcrc.compiler.check.StaticType.Unknown;
import org.mcrc.compiler.check.StaticType.Variability;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.Vocabulary;

/** Finds the static type of calls of built-in and declared functions. */
final class CallTyping {

    private final TypeChecker checker;
    private final Expectations expect;
    private final Symbols symbols;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;
    private final Map<String, FunctionUses> functions = new HashMap<>();

    CallTyping(
            TypeChecker checker, Expectations expect, Symbols symbols,
            Constants constants, Dimensions dimensions, CheckReporter reporter, List<String> order) {
        this.checker = checker;
        this.expect = expect;
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

    StaticType call(Expression.Call call, Context context) {
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
                    .hint(isArray && !checker.subscripts().axesOf(declared.get()).isEmpty()
                            ? "elements are read with brackets, as in "
                                    + checker.subscripts().element(declared.get(), context)
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
            case "len" -> "count";
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
        return expect.asNumber(argument, expect.type(argument, context));
    }

    private StaticType builtIn(Expression.Call call, BuiltInFunction function, List<StaticType> types) {
        if (call.primes() > 0 && function.arity() > 1) {
            reporter.report(
                    call.function().span(), CheckError.DERIVATIVE_OF_SEVERAL, function.word(), function.arity());
            return StaticType.UNKNOWN;
        }
        int most = function.isVariadic() ? Integer.MAX_VALUE : function.arity();
        if (!expect.checkArguments(call.function(), types.size(), function.arity(), most)) {
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
        Integrality result = call.primes() > 0
                ? Integrality.PERHAPS
                : switch (function) {
                    case FLOOR, SIGN, STEP -> Integrality.YES;
                    default -> function.isIntegerOfIntegers() ? integrality : Integrality.PERHAPS;
                };
        return new Number(result, variability == Variability.CONSTANT
                ? variability
                : variability.and(Variability.INDEX_VALUE));
    }

    private StaticType function(
            Expression.Call call, FunctionDeclaration function, List<StaticType> types, Context context) {
        String name = function.name().text();
        if (call.primes() > 0 && function.parameters().size() != 1) {
            reporter.report(
                    call.function().span(), CheckError.DERIVATIVE_OF_SEVERAL, name, function.parameters().size());
            return StaticType.UNKNOWN;
        }
        int arity = function.parameters().size();
        if (!expect.checkArguments(call.function(), types.size(), arity, arity)) {
            return StaticType.UNKNOWN;
        }
        FunctionUses uses = functions.getOrDefault(name, FunctionUses.NOTHING);
        checkUses(call, uses, context.role());
        Variability variability = uses.array().isPresent() ? Variability.ARRAY : Variability.CONSTANT;
        for (StaticType type : types) {
            variability = variability.and(StaticType.variabilityOf(type));
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
        Optional<String> forbidden = role.mayReadArrays() ? Optional.empty()
                : role.mayReadData() ? uses.array() : uses.array().or(uses::data);
        forbidden.ifPresent(array -> reporter.report(span, CheckError.NOT_CONSTANT, role.words(),
                "call '" + name + "', which reads '" + array + "'"));
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
                if (!expect.checkArguments(call.function(), arguments.size(), 1, 1)) {
                    return StaticType.UNKNOWN;
                }
                Variability variability = StaticType.variabilityOf(expect.vector(arguments.getFirst(), context));
                return new Number(Integrality.PERHAPS, variability == Variability.CONSTANT
                        ? variability
                        : variability.and(Variability.INDEX_VALUE));
            }
            case "dot" -> {
                if (!expect.checkArguments(call.function(), arguments.size(), 2, 2)) {
                    return StaticType.UNKNOWN;
                }
                Variability first = StaticType.variabilityOf(expect.vector(arguments.getFirst(), context));
                Variability second = StaticType.variabilityOf(expect.vector(arguments.getLast(), context));
                return new Number(Integrality.YES, first.and(second));
            }
            default -> {
                boolean isSize = name.equals("size");
                if (!expect.checkArguments(call.function(), arguments.size(), isSize ? 1 : 2, isSize ? 1 : 2)) {
                    return StaticType.UNKNOWN;
                }
                StaticType pixel = expect.type(arguments.getFirst(), context);
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
        StaticType type = expect.integer(axis, context);
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
                dimensions.atLeast((int) number, CheckError.NO_SUCH_AXIS, axis.span(), checker.inPenalty());
            }
        }
    }
}
