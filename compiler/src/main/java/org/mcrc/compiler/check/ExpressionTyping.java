package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
import org.mcrc.compiler.syntax.Name;
import org.mcrc.compiler.syntax.Vocabulary;

/** Finds the static type of expressions: names, conditionals, reductions and vectors; the rest is shared out. */
final class ExpressionTyping {

    private final TypeChecker checker;
    private final Expectations expect;
    private final Symbols symbols;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;

    ExpressionTyping(
            TypeChecker checker, Expectations expect, Symbols symbols,
            Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.checker = checker;
        this.expect = expect;
        this.symbols = symbols;
        this.constants = constants;
        this.dimensions = dimensions;
        this.reporter = reporter;
    }

    StaticType type(Expression expression, Context context) {
        return switch (expression) {
            case Expression.NumberLiteral literal -> new Number(
                    Expectations.isInteger(literal.value()) ? Integrality.YES : Integrality.NO,
                    Variability.CONSTANT);
            case Expression.NameReference reference -> reference(reference, context);
            case Expression.Call call -> checker.calls().call(call, context);
            case Expression.Count count -> {
                if (!context.role().mayUseSets()) {
                    reporter.report(
                            count.span(), CheckError.NOT_CONSTANT, context.role().words(),
                            "count the members of a set");
                }
                checker.sets().set(count.set(), context.as(context.role().ofSets()));
                yield new Number(Integrality.YES, Variability.CONSTANT);
            }
            case Expression.Subscript subscript -> checker.subscripts().subscript(subscript, context);
            case Expression.Unary unary -> checker.operators().unary(unary, context);
            case Expression.Binary binary -> checker.operators().binary(binary, context);
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
                case PARAMETER -> StaticType.REAL;
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
                return StaticType.REAL;
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
                    case SET -> Optional.of(
                            "write the set where its index is introduced, as in [r: halfwindow(level)]");
                    default -> Optional.empty();
                })
                .report();
    }

    void checkPhases(Span span, Context context) {
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
                        : Expectations.isInteger(value.getAsDouble()) ? Integrality.YES : Integrality.NO;
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
                if (checker.subscripts().axesOf(declared).isEmpty()) {
                    yield element(context, Variability.CONSTANT);
                }
                reporter.at(span, CheckError.MISSING_SUBSCRIPTS, name, SubscriptTyping.signature(declared))
                        .hint("write " + checker.subscripts().element(declared, context))
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
                    reference.span(), CheckError.INDEX_OUT_OF_REACH, name,
                    absent.get().absence().orElse(context.reason()));
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

    void reportUnknown(
            Span span, String kind, String name, Context context, Predicate<Named> fitting,
            Collection<String> builtIn) {
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
    static Optional<String> choice(List<String> names) {
        return switch (names.size()) {
            case 0 -> Optional.empty();
            case 1, 2, 3, 4, 5 -> Optional.of(
                    (names.size() == 1 ? "there is '" : "there are '") + String.join("', '", names) + "'");
            default -> Optional.empty();
        };
    }

    /** Whether what is {@code declared} can be read here; reports if not. */
    boolean mayRead(Span span, String name, Named declared, Context context) {
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
        boolean known = declared instanceof Declaration.DataDeclaration && role.mayReadData();
        if (!role.mayReadArrays() && !known) {
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

    /**
     * The type of an array's element: of data, which alone is read where values must be constant, it is known.
     *
     * @param subscripts what the subscripts depend on
     */
    static StaticType element(Context context, Variability subscripts) {
        return context.role().mayReadArrays() ? StaticType.REAL : new Number(Integrality.PERHAPS, subscripts);
    }

    /** Whether {@code declared} can be read in formulas. */
    static boolean isArray(Named declared) {
        return declared instanceof FieldDeclaration || declared instanceof Declaration.DataDeclaration
                || declared instanceof LetDeclaration;
    }

    /** Whether {@code declared} can be read in reports only. */
    static boolean isResult(Named declared) {
        return declared instanceof OutputDeclaration || declared instanceof ReportDeclaration;
    }

    private StaticType conditional(Expression.Conditional conditional, Context context) {
        StaticType condition = expect.truth(conditional.condition(), context);
        StaticType first = type(conditional.consequence(), context);
        StaticType second = type(conditional.alternative(), context);
        if (first instanceof Unknown || second instanceof Unknown) {
            return StaticType.UNKNOWN;
        }
        boolean vectors = first instanceof Vector && (second instanceof Vector || Expectations.isZero(conditional.alternative()))
                || second instanceof Vector && Expectations.isZero(conditional.consequence());
        if (vectors) {
            Variability chosen = StaticType.variabilityOf(first).and(StaticType.variabilityOf(second))
                    .and(StaticType.variabilityOf(condition));
            return new Vector(chosen == Variability.CONSTANT ? chosen : chosen.and(Variability.INDEX_VALUE));
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
        Variability variability = a.variability().and(b.variability()).and(StaticType.variabilityOf(condition));
        return new Number(a.integrality().and(b.integrality()), variability == Variability.CONSTANT
                ? variability
                : variability.and(Variability.INDEX_VALUE));
    }

    private StaticType reduction(Expression.Reduction reduction, Context context) {
        Context inside = checker.indices().bind(reduction.indices(), context);
        reduction.guard().ifPresent(guard -> expect.truth(guard, inside));
        StaticType body = expect.number(reduction.body(), inside);
        checker.indices().checkPixelsAreRead(inside.scope(), reduction.indices());
        if (!(body instanceof Number number)) {
            return StaticType.UNKNOWN;
        }
        boolean mean = reduction.operator() == Expression.ReductionOperator.MEAN;
        return new Number(
                mean ? Integrality.PERHAPS : number.integrality(), number.variability().and(Variability.INDEX_VALUE));
    }

    private StaticType literal(Expression.VectorLiteral vector, Context context) {
        int size = vector.components().size();
        if (size > 3) {
            reporter.report(vector.span(), CheckError.DIMENSION_RANGE, size);
        } else {
            dimensions.exactly(size, vector.span(), checker.inPenalty());
        }
        Variability variability = Variability.CONSTANT;
        for (Expression component : vector.components()) {
            StaticType type = expect.integer(component, context);
            if (type instanceof Number number) {
                expect.checkForm(component, type);
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
                        select.component(), CheckError.NO_SUCH_COMPONENT, select.span(), checker.inPenalty());
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
}
