package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
import org.mcrc.compiler.syntax.SetExpression;
import org.mcrc.compiler.syntax.Vocabulary;

/** Checks sets: what indices range over. */
final class SetTyping {

    /** What a set holds. */
    enum Members {
        INTEGERS,
        VECTORS,
        UNKNOWN
    }

    private final TypeChecker checker;
    private final Expectations expect;
    private final Symbols symbols;
    private final Constants constants;
    private final Dimensions dimensions;
    private final CheckReporter reporter;
    private final Map<SetExpression, Members> known = new IdentityHashMap<>();

    SetTyping(
            TypeChecker checker, Expectations expect, Symbols symbols,
            Constants constants, Dimensions dimensions, CheckReporter reporter) {
        this.checker = checker;
        this.expect = expect;
        this.symbols = symbols;
        this.constants = constants;
        this.dimensions = dimensions;
        this.reporter = reporter;
    }

    /** What a set holds that was checked before. */
    Members membersOf(SetExpression set) {
        return known.getOrDefault(set, Members.UNKNOWN);
    }

    Members set(SetExpression set, Context context) {
        Members members = switch (set) {
            case SetExpression.SetReference reference -> reference(reference, context);
            case SetExpression.SetCall call -> constructed(call, fixed(context));
            case SetExpression.RangeSet range -> {
                bound(range.low(), context);
                bound(range.high(), context);
                yield Members.INTEGERS;
            }
            case SetExpression.PhasesSet phases -> {
                checker.expressions().checkPhases(phases.span(), context);
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
        known.put(set, members);
        return members;
    }

    private Members filtered(SetExpression.FilteredSet filtered, Context context) {
        Members members = set(filtered.set(), context);
        Local.Kind kind = switch (members) {
            case INTEGERS -> Local.Kind.INTEGER;
            case VECTORS -> Local.Kind.VECTOR;
            case UNKNOWN -> Local.Kind.UNKNOWN;
        };
        Context inside = checker.indices().introduce(filtered.index(), kind, context, context.scope());
        expect.truth(filtered.condition(), inside);
        return members;
    }

    private Members mapped(SetExpression.MappedSet mapped, Context context) {
        Context inside = checker.indices().bind(mapped.generators(), context);
        for (IndexBinding generator : mapped.generators()) {
            if (generator.isPixel()) {
                reporter.report(generator.span(), CheckError.UNEXPECTED_PIXEL_INDEX, "a set", generator.name());
            }
        }
        StaticType type = Expectations.isZero(mapped.value())
                ? new Vector(Variability.CONSTANT)
                : expect.type(mapped.value(), inside);
        switch (type) {
            case Vector _ -> {
                return Members.VECTORS;
            }
            case Number number -> {
                expect.checkIntegerSubscript(mapped.value(), number);
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

    Members vectorSet(SetExpression set, Context context) {
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
                            .or(() -> ExpressionTyping.choice(symbols.names(VectorsDeclaration.class::isInstance))))
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
                if (expect.checkArguments(call.constructor(), given, 1, 3)) {
                    arguments.forEach(each -> constantInteger(each, context, 0, "the length of a vector"));
                    if (given > 1) {
                        dimensions.exactly(given, call.span(), checker.inPenalty());
                    }
                }
            }
            case "box" -> {
                if (expect.checkArguments(call.constructor(), given, 1, 3)) {
                    arguments.forEach(each -> constantInteger(each, context, 0, "the size of a box"));
                    if (given > 1) {
                        dimensions.exactly(given, call.span(), checker.inPenalty());
                    }
                }
            }
            case "axes" -> {
                if (expect.checkArguments(call.constructor(), given, 1, 1)) {
                    constantInteger(arguments.getFirst(), context, 0, "the length of a vector");
                }
            }
            case "line" -> {
                if (expect.checkArguments(call.constructor(), given, 2, 2)) {
                    expect.vector(arguments.getFirst(), context);
                    constantInteger(arguments.getLast(), context, 0, "the length of a line");
                }
            }
            case "random" -> {
                if (expect.checkArguments(call.constructor(), given, 3, 3)) {
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
                    .hint(() -> name.equals("range") ? Optional.of("the integers from 0 to n, n included, are 0..n")
                            : Suggestions.didYouMean(name, Vocabulary.SET_CONSTRUCTORS)
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
            StaticType type = Expectations.isZero(each) ? new Vector(Variability.CONSTANT) : expect.type(each, context);
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
        StaticType type = expect.integer(expression, context);
        if (type instanceof Number number && number.variability() == Variability.ARRAY) {
            reporter.report(
                    expression.span(), CheckError.NOT_CONSTANT, "a bound", "depend on the argument of a function");
        } else if (type instanceof Number) {
            expect.checkForm(expression, type);
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
        StaticType type = expect.integer(expression, context);
        if (type instanceof Number number) {
            if (number.variability() != Variability.CONSTANT) {
                reporter.report(expression.span(), CheckError.NOT_CONSTANT, what, "depend on an index or an argument");
                return;
            }
            OptionalDouble value = constants.evaluate(expression);
            if (value.isPresent() && Expectations.isInteger(value.getAsDouble()) && value.getAsDouble() < least) {
                reporter.report(
                        expression.span(), CheckError.INVALID_SET_SIZE, what, Words.number(value.getAsDouble()));
            }
        }
    }
}
