package org.mcrc.compiler.syntax;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.LossDeclaration;
import org.mcrc.compiler.syntax.Declaration.MultigridDeclaration;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Declaration.ReportDeclaration;
import org.mcrc.compiler.syntax.Declaration.SlicesDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;
import org.mcrc.compiler.syntax.Expression.Binary;
import org.mcrc.compiler.syntax.Expression.BinaryOperator;
import org.mcrc.compiler.syntax.Expression.Call;
import org.mcrc.compiler.syntax.Expression.ComponentSelect;
import org.mcrc.compiler.syntax.Expression.Conditional;
import org.mcrc.compiler.syntax.Expression.Count;
import org.mcrc.compiler.syntax.Expression.NameReference;
import org.mcrc.compiler.syntax.Expression.NumberLiteral;
import org.mcrc.compiler.syntax.Expression.Reduction;
import org.mcrc.compiler.syntax.Expression.Subscript;
import org.mcrc.compiler.syntax.Expression.Unary;
import org.mcrc.compiler.syntax.Expression.VectorLiteral;
import org.mcrc.compiler.syntax.SetExpression.EnumeratedSet;
import org.mcrc.compiler.syntax.SetExpression.FilteredSet;
import org.mcrc.compiler.syntax.SetExpression.MappedSet;
import org.mcrc.compiler.syntax.SetExpression.PhasesSet;
import org.mcrc.compiler.syntax.SetExpression.RangeSet;
import org.mcrc.compiler.syntax.SetExpression.SetBinary;
import org.mcrc.compiler.syntax.SetExpression.SetCall;
import org.mcrc.compiler.syntax.SetExpression.SetOperator;
import org.mcrc.compiler.syntax.SetExpression.SetReference;

/**
 * Prints syntax trees as source, with no parentheses but those that are needed. Parsing what is printed gives the same
 * tree again, but for the spans. Comments other than documentation comments are not in the tree and are lost.
 */
public final class Formatter {

    // How tightly an expression holds together: what binds less than its place demands is parenthesized.
    private static final int CONDITIONAL = 0;
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int COMPARISON = 4;
    private static final int SUM = 5;
    private static final int PRODUCT = 6;
    private static final int NEGATION = 7;
    private static final int POWER = 8;
    private static final int COMPONENT = 9;
    private static final int OPERAND = 10;

    private Formatter() {}

    /** The whole file, ending with a line feed. */
    public static String format(DescriptorFile file) {
        StringBuilder text = new StringBuilder();
        appendDocumentation(text, file.documentation());
        text.append("descriptor ").append(file.name()).append('\n');
        Optional<Declaration> previous = Optional.empty();
        for (Declaration declaration : file.declarations()) {
            boolean continues = previous
                    .map(before -> before.getClass() == declaration.getClass() && declaration.documentation().isEmpty())
                    .orElse(false);
            text.append(continues ? "" : "\n").append(format(declaration));
            previous = Optional.of(declaration);
        }
        return text.toString();
    }

    /** One declaration with its documentation comment, ending with a line feed. */
    public static String format(Declaration declaration) {
        StringBuilder text = new StringBuilder();
        appendDocumentation(text, declaration.documentation());
        text.append(switch (declaration) {
            case ParamDeclaration param ->
                    "param " + param.name() + " = " + format(param.value()) + range(param.range());
            case FieldDeclaration field -> "field " + field.name() + indices(field.indices(), Optional.empty())
                    + range(field.range())
                    + (field.rank().isPresent() ? " rank " + field.rank().getAsInt() : "")
                    + (field.boundary() == Boundary.PERIODIC ? "" : " boundary " + field.boundary().word());
            case DataDeclaration data -> "data " + data.name() + indices(data.indices(), Optional.empty())
                    + " from \"" + data.file().text() + "\"";
            case VectorsDeclaration vectors -> "vectors " + vectors.name() + " = " + format(vectors.set());
            case FunctionDeclaration function -> function(function);
            case MultigridDeclaration multigrid -> "multigrid coarsest " + format(multigrid.coarsest())
                    + multigrid.factor().map(factor -> " factor " + format(factor)).orElse("")
                    + weight(multigrid.weight());
            case SlicesDeclaration slices -> "slices " + (slices.axes().size() == 3
                    ? "all"
                    : slices.axes().stream().map(String::valueOf).collect(Collectors.joining(", ")));
            case LetDeclaration let ->
                    "let " + let.name() + indices(let.indices(), Optional.empty()) + " = " + format(let.body());
            case OutputDeclaration output -> "output " + output.name() + indices(output.indices(), output.guard())
                    + " = " + format(output.body()) + weight(output.weight());
            case ReportDeclaration report -> "report " + report.name() + indices(report.indices(), report.guard())
                    + " = " + format(report.body());
            case PenaltyDeclaration penalty -> "penalty " + penalty.name() + " = " + format(penalty.body())
                    + weight(Optional.of(penalty.weight()));
            case LossDeclaration loss -> "loss " + loss.kind().word();
            case UseDeclaration use -> use(use);
        });
        return text.append('\n').toString();
    }

    private static void appendDocumentation(StringBuilder text, String documentation) {
        if (!documentation.isEmpty()) {
            for (String line : documentation.split("\n", -1)) {
                text.append(("/// " + line).stripTrailing()).append('\n');
            }
        }
    }

    private static String range(Optional<Interval> interval) {
        return interval.map(given -> " in [" + format(given.low()) + ", " + format(given.high()) + "]").orElse("");
    }

    private static String weight(Optional<Expression> weight) {
        return weight.map(given -> " weight " + format(given)).orElse("");
    }

    private static String indices(List<IndexBinding> indices, Optional<Expression> guard) {
        if (indices.isEmpty()) {
            return "";
        }
        return indices.stream()
                .map(index -> index.name() + index.set().map(set -> ": " + format(set)).orElse(""))
                .collect(Collectors.joining(", ", "[", guard.map(given -> " | " + format(given)).orElse("") + "]"));
    }

    private static String function(FunctionDeclaration function) {
        StringBuilder text = new StringBuilder("function ").append(function.name());
        text.append(function.parameters().stream().map(Name::text).collect(Collectors.joining(", ", "(", ")")));
        text.append(" = ").append(format(function.body()));
        if (!function.unknowns().isEmpty()) {
            text.append(function.unknowns().stream()
                    .map(unknown -> unknown.name() + " = " + format(unknown.start()))
                    .collect(Collectors.joining(", ", "\n  solve ", "")));
            text.append(function.equations().stream()
                    .map(equation -> format(equation.left()) + " = " + format(equation.right()))
                    .collect(Collectors.joining(", ", "\n  where ", "")));
        }
        function.derivative().ifPresent(derivative -> text.append("\n  derivative ").append(format(derivative)));
        return text.toString();
    }

    private static String use(UseDeclaration use) {
        String with = use.assignments().isEmpty() ? "" : use.assignments().stream()
                .map(assignment -> assignment.name() + " = " + format(assignment.value()))
                .collect(Collectors.joining(", ", " with ", ""));
        return "use " + use.name() + " from \"" + use.file().text() + "\"" + with + weight(use.weight());
    }

    /** An expression, without parentheses around it. */
    public static String format(Expression expression) {
        return switch (expression) {
            case NumberLiteral literal -> number(literal);
            case NameReference reference -> reference.name();
            case Call call -> call.function() + "'".repeat(call.primes()) + "(" + list(call.arguments()) + ")";
            case Count count -> "count(" + format(count.set()) + ")";
            case Subscript subscript -> subscript.array() + "[" + list(subscript.subscripts()) + "]";
            case Unary unary -> switch (unary.operator()) {
                case NEGATE -> "-" + within(unary.operand(), POWER);
                case NOT -> "not " + within(unary.operand(), NOT);
            };
            case Binary binary -> binary(binary);
            case Conditional conditional -> "if " + within(conditional.condition(), OR)
                    + " then " + within(conditional.consequence(), OR)
                    + " else " + format(conditional.alternative());
            case Reduction reduction -> reduction.operator().word() + indices(reduction.indices(), reduction.guard())
                    + "(" + format(reduction.body()) + ")";
            case VectorLiteral vector -> "(" + list(vector.components()) + ")";
            case ComponentSelect select -> {
                // 1.1 would be another number.
                boolean number = select.vector() instanceof NumberLiteral;
                String vector = within(select.vector(), OPERAND);
                yield (number ? "(" + vector + ")" : vector) + "." + select.component();
            }
        };
    }

    private static String binary(Binary binary) {
        BinaryOperator operator = binary.operator();
        int binding = binding(binary);
        if (operator == BinaryOperator.POWER) {
            // Right-associative; a sign after it needs no parentheses.
            boolean sign = binding(binary.right()) == NEGATION;
            return within(binary.left(), COMPONENT) + "^" + within(binary.right(), sign ? NEGATION : POWER);
        }
        int left = operator.isComparison() ? binding + 1 : binding;
        return within(binary.left(), left) + " " + operator.symbol() + " " + within(binary.right(), binding + 1);
    }

    private static String list(List<Expression> expressions) {
        return expressions.stream().map(Formatter::format).collect(Collectors.joining(", "));
    }

    private static String within(Expression expression, int binding) {
        String text = format(expression);
        return binding(expression) < binding ? "(" + text + ")" : text;
    }

    private static int binding(Expression expression) {
        return switch (expression) {
            case NumberLiteral _, NameReference _, Call _, Count _ -> OPERAND;
            case Subscript _, Reduction _, VectorLiteral _ -> OPERAND;
            case ComponentSelect _ -> COMPONENT;
            case Conditional _ -> CONDITIONAL;
            case Unary unary -> switch (unary.operator()) {
                case NEGATE -> NEGATION;
                case NOT -> NOT;
            };
            case Binary binary -> switch (binary.operator()) {
                case ADD, SUBTRACT -> SUM;
                case MULTIPLY, DIVIDE, DIV, MOD -> PRODUCT;
                case POWER -> POWER;
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> COMPARISON;
                case AND -> AND;
                case OR -> OR;
            };
        };
    }

    private static String number(NumberLiteral literal) {
        if (literal.integer()) {
            return new BigDecimal(literal.value()).toBigInteger().toString();
        }
        return Double.toString(literal.value()).replace(".0E", "e").replace('E', 'e');
    }

    /** A set expression, without parentheses around it. */
    public static String format(SetExpression set) {
        return switch (set) {
            case SetReference reference -> reference.name();
            case SetCall call -> call.constructor() + "(" + list(call.arguments()) + ")";
            case RangeSet range -> within(range.low(), SUM) + ".." + within(range.high(), SUM);
            case PhasesSet _ -> "phases";
            case EnumeratedSet enumerated -> "{" + list(enumerated.members()) + "}";
            case FilteredSet filtered -> "{" + filtered.index() + " in " + format(filtered.set())
                    + " | " + format(filtered.condition()) + "}";
            case MappedSet mapped -> "{" + format(mapped.value()) + " for " + mapped.generators().stream()
                    .map(generator -> generator.name() + " in " + format(generator.set().orElseThrow()))
                    .collect(Collectors.joining(", ")) + "}";
            case SetBinary binary -> within(binary.left(), binding(binary)) + " " + binary.operator().symbol() + " "
                    + within(binary.right(), binding(binary) + 1);
        };
    }

    private static String within(SetExpression set, int binding) {
        String text = format(set);
        return binding(set) < binding ? "(" + text + ")" : text;
    }

    private static int binding(SetExpression set) {
        return switch (set) {
            case RangeSet _ -> 0;
            case SetBinary binary -> switch (binary.operator()) {
                case UNION, DIFFERENCE -> 1;
                case INTERSECTION -> 2;
            };
            case SetReference _, SetCall _, PhasesSet _, EnumeratedSet _, FilteredSet _, MappedSet _ -> 3;
        };
    }
}
