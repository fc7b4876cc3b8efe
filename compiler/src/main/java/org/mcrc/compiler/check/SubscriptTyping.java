package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.check.StaticType.Number;
import org.mcrc.compiler.check.StaticType.Position;
import org.mcrc.compiler.check.StaticType.Truth;
import org.mcrc.compiler.check.StaticType.Unknown;
import org.mcrc.compiler.check.StaticType.Variability;
import org.mcrc.compiler.check.StaticType.Vector;
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

/** Checks reads of arrays: that there is one subscript for each index, of its kind. */
final class SubscriptTyping {

    private final TypeChecker checker;
    private final Expectations expect;
    private final Symbols symbols;
    private final CheckReporter reporter;

    SubscriptTyping(TypeChecker checker, Expectations expect, Symbols symbols, CheckReporter reporter) {
        this.checker = checker;
        this.expect = expect;
        this.symbols = symbols;
        this.reporter = reporter;
    }

    private enum Axis {
        PIXEL,
        INTEGER,
        VECTOR,
        UNKNOWN
    }

    List<Axis> axesOf(Named array) {
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
        return switch (checker.sets().membersOf(set)) {
            case INTEGERS -> Axis.INTEGER;
            case VECTORS -> Axis.VECTOR;
            case UNKNOWN -> Axis.UNKNOWN;
        };
    }

    /** An array's name and indices as they are declared. */
    static String signature(Named array) {
        List<String> indices = new ArrayList<>();
        if (array instanceof FieldDeclaration) {
            indices.add("x");
        }
        Symbols.indices(array).orElse(List.of()).forEach(index -> indices.add(Words.excerpt(index.span())));
        return array.name() + (indices.isEmpty() ? " without indices" : "[" + String.join(", ", indices) + "]");
    }

    /** An element of an array, as it might be read here. */
    String element(Named array, Context context) {
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

    StaticType subscript(Expression.Subscript subscript, Context context) {
        List<StaticType> types = new ArrayList<>();
        for (Expression each : subscript.subscripts()) {
            StaticType type = expect.type(each, context);
            if (type instanceof Position position) {
                position.index().markRead();
            }
            types.add(type);
        }
        String name = subscript.array().text();
        Span span = subscript.array().span();
        Optional<Local> local = context.scope().find(name);
        if (local.isPresent()) {
            reportNoArray(subscript, switch (local.get().kind()) {
                case PARAMETER -> "a parameter";
                case VECTOR -> "a vector";
                case PIXEL -> "a pixel index";
                case INTEGER, SOLVED, UNKNOWN -> "an index";
            });
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
            boolean mayReadOutputs = context.role().mayReadOutputs();
            checker.expressions().reportUnknown(span, "array", name, Context.of(context.role()),
                    each -> ExpressionTyping.isArray(each) || mayReadOutputs && ExpressionTyping.isResult(each),
                    List.of());
            return StaticType.UNKNOWN;
        }
        switch (declared.get()) {
            case FieldDeclaration _, Declaration.DataDeclaration _, LetDeclaration _, OutputDeclaration _,
                    ReportDeclaration _, PenaltyDeclaration _, UseDeclaration _ -> {
                if (!checker.expressions().mayRead(span, name, declared.get(), context)) {
                    return StaticType.UNKNOWN;
                }
            }
            case ParamDeclaration _, VectorsDeclaration _, FunctionDeclaration _ -> {
                reportNoArray(subscript, Symbols.describe(declared.get()));
                return StaticType.UNKNOWN;
            }
        }
        checkSubscripts(subscript, types, declared.get(), context);
        Variability variability = types.stream().map(StaticType::variabilityOf)
                .reduce(Variability.CONSTANT, Variability::and);
        return ExpressionTyping.element(context, variability);
    }

    private void reportNoArray(Expression.Subscript subscript, String what) {
        String name = subscript.array().text();
        reporter.at(subscript.array().span(), CheckError.NOT_AN_ARRAY, name, what)
                .hint(() -> Optional.ofNullable(switch (what) {
                    case "a function" -> "functions are called with parentheses, as in " + name + "(…)";
                    case "a vector set" -> "an index over it is introduced by r: " + name;
                    case "a vector" -> "its components are " + name + ".1, " + name + ".2";
                    case "a pixel index" -> "arrays are read at it, as in M[" + name + "]";
                    default -> null;
                }))
                .report();
    }

    private void checkSubscripts(
            Expression.Subscript subscript, List<StaticType> types, Named array, Context context) {
        List<Axis> axes = axesOf(array);
        if (axes.contains(Axis.UNKNOWN)) {
            // What is wrong with its indices was reported where they are declared.
            return;
        }
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
                case INTEGER -> expect.checkIntegerSubscript(expression, type);
                case VECTOR -> expect.checkForm(expression, expect.asVector(expression, type));
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
}
