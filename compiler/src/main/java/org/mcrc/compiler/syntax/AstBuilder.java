package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.Assignment;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.Equation;
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
import org.mcrc.compiler.syntax.Declaration.Unknown;
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
import org.mcrc.compiler.syntax.Expression.ReductionOperator;
import org.mcrc.compiler.syntax.Expression.Subscript;
import org.mcrc.compiler.syntax.Expression.Unary;
import org.mcrc.compiler.syntax.Expression.UnaryOperator;
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
import org.mcrc.grammar.McrParser;

/**
 * Makes the syntax tree of one declaration from ANTLR's parse tree, and reports what the grammar lets through but the
 * language does not. No other class knows ANTLR's tree types.
 */
final class AstBuilder {

    /** What a declaration gives. */
    sealed interface Parsed {}

    /**
     * {@code descriptor NAME}.
     *
     * @param name the descriptor's name
     * @param documentation its documentation comment
     */
    record Header(Name name, String documentation) implements Parsed {}

    /**
     * Any other declaration.
     *
     * @param declaration the declaration
     */
    record Body(Declaration declaration) implements Parsed {}

    private final String documentation;
    private final SyntaxReporter reporter;
    private boolean broken;

    AstBuilder(String documentation, SyntaxReporter reporter) {
        this.documentation = documentation;
        this.reporter = reporter;
    }

    /**
     * Has {@code parser} parse a declaration and builds its tree; absent, with a diagnostic, where a part is missing or
     * invalid. A declaration with any other error is built as if it were mended.
     */
    Optional<Parsed> build(McrParser parser) {
        McrParser.DeclarationContext context = parser.declaration();
        if (context.descriptor() != null) {
            return Optional.of(new Header(name(context.descriptor().name()), documentation));
        }
        Declaration declaration = declaration(context);
        return broken ? Optional.empty() : Optional.of(new Body(declaration));
    }

    private Declaration declaration(McrParser.DeclarationContext context) {
        ParserRuleContext child = (ParserRuleContext) context.getChild(0);
        return switch (child) {
            case McrParser.ParamContext param -> param(param);
            case McrParser.FieldContext field -> field(field);
            case McrParser.DataContext data -> new DataDeclaration(
                    documentation, name(data.name()), indices(data.indices(), "data"),
                    fileName(data.STRING().getSymbol()), span(data));
            case McrParser.VectorsContext vectors -> new VectorsDeclaration(
                    documentation, name(vectors.name()), set(vectors.set()), span(vectors));
            case McrParser.FunctionContext function -> function(function);
            case McrParser.MultigridContext multigrid -> multigrid(multigrid);
            case McrParser.SlicesContext slices -> slices(slices);
            case McrParser.LetContext let -> new LetDeclaration(
                    documentation, name(let.name()), indices(let.indices(), "let"), expression(let.expression()),
                    span(let));
            case McrParser.OutputContext output -> new OutputDeclaration(
                    documentation, name(output.name()), bindings(output.indices()), guard(output.indices()),
                    expression(output.body), optional(output.weight), span(output));
            case McrParser.ReportContext report -> new ReportDeclaration(
                    documentation, name(report.name()), bindings(report.indices()), guard(report.indices()),
                    expression(report.expression()), span(report));
            case McrParser.PenaltyContext penalty -> penalty(penalty);
            case McrParser.LossContext loss -> loss(loss);
            case McrParser.UseContext use -> new UseDeclaration(
                    documentation, name(use.name()), fileName(use.STRING().getSymbol()),
                    use.assignment().stream()
                            .map(each -> new Assignment(name(each.name()), expression(each.expression()), span(each)))
                            .toList(),
                    optional(use.weight), span(use));
            default -> throw new IllegalStateException("no declaration: " + child.getClass());
        };
    }

    private ParamDeclaration param(McrParser.ParamContext param) {
        return new ParamDeclaration(
                documentation, name(param.name()), expression(param.expression()),
                Optional.ofNullable(param.interval()).map(this::interval), span(param));
    }

    private FieldDeclaration field(McrParser.FieldContext field) {
        Optional<Interval> range = Optional.empty();
        OptionalInt rank = OptionalInt.empty();
        Boundary boundary = Boundary.PERIODIC;
        Set<Class<?>> seen = new HashSet<>();
        for (McrParser.FieldPropertyContext property : field.fieldProperty()) {
            if (!seen.add(property.getClass())) {
                reportRepeated(property, "field");
            }
            switch (property) {
                case McrParser.FieldRangeContext given -> range = Optional.of(interval(given.interval()));
                case McrParser.FieldRankContext given -> rank = rank(given.expression());
                case McrParser.FieldBoundaryContext given -> boundary = boundary(given.identifier());
                default -> throw new IllegalStateException("no property: " + property.getClass());
            }
        }
        return new FieldDeclaration(
                documentation, name(field.name()), indices(field.indices(), "field"), range, rank, boundary,
                span(field));
    }

    private void reportRepeated(ParserRuleContext property, String declaration) {
        reporter.report(
                SyntaxErrors.UNEXPECTED_PART, span(property.getStart()),
                "'" + declaration + "' has one '" + property.getStart().getText() + "' only");
    }

    private OptionalInt rank(McrParser.ExpressionContext context) {
        String text = context.getText();
        if (text.equals("2") || text.equals("3")) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        reporter.report(SyntaxErrors.INVALID_PART, span(context), "the rank of a field is 2 or 3");
        return OptionalInt.empty();
    }

    private Boundary boundary(McrParser.IdentifierContext context) {
        for (Boundary boundary : Boundary.values()) {
            if (boundary.word().equals(context.getText())) {
                return boundary;
            }
        }
        reporter.report(
                SyntaxErrors.INVALID_PART, span(context), "the boundary of a field is 'periodic' or 'open'",
                Suggestions.didYouMean(context.getText(), List.of("periodic", "open")));
        return Boundary.PERIODIC;
    }

    private Interval interval(McrParser.IntervalContext context) {
        return new Interval(
                expression(context.low), expression(context.high),
                span(context.getToken(McrParser.OPEN_BRACKET, 0).getSymbol()).to(span(context.getStop())));
    }

    private FunctionDeclaration function(McrParser.FunctionContext function) {
        List<Name> names = function.name().stream().map(this::name).toList();
        return new FunctionDeclaration(
                documentation, names.getFirst(), names.subList(1, names.size()), expression(function.body),
                function.unknown().stream()
                        .map(each -> new Unknown(name(each.name()), expression(each.expression()), span(each)))
                        .toList(),
                function.equation().stream()
                        .map(each -> new Equation(expression(each.left), expression(each.right), span(each)))
                        .toList(),
                optional(function.derivative), span(function));
    }

    private MultigridDeclaration multigrid(McrParser.MultigridContext multigrid) {
        Optional<Expression> factor = Optional.empty();
        Optional<Expression> weight = Optional.empty();
        Set<Class<?>> seen = new HashSet<>();
        for (McrParser.MultigridPropertyContext property : multigrid.multigridProperty()) {
            if (!seen.add(property.getClass())) {
                reportRepeated(property, "multigrid");
            }
            switch (property) {
                case McrParser.MultigridFactorContext given -> factor = Optional.of(expression(given.expression()));
                case McrParser.MultigridWeightContext given -> weight = Optional.of(expression(given.expression()));
                default -> throw new IllegalStateException("no property: " + property.getClass());
            }
        }
        return new MultigridDeclaration(
                documentation, expression(multigrid.coarsest), factor, weight, span(multigrid));
    }

    private SlicesDeclaration slices(McrParser.SlicesContext slices) {
        if (slices.identifier() != null) {
            if (!slices.identifier().getText().equals("all")) {
                reporter.report(
                        SyntaxErrors.INVALID_PART, span(slices.identifier()),
                        "slices are perpendicular to 'all' axes or to some of 1, 2, 3",
                        "the form is: slices all, or slices 1, 3");
            }
            return new SlicesDeclaration(documentation, List.of(1, 2, 3), span(slices));
        }
        Set<Integer> axes = new TreeSet<>();
        for (int position = 0; position < slices.INTEGER().size(); position++) {
            Token token = slices.INTEGER(position).getSymbol();
            boolean axis = token.getText().matches("[123]");
            if (!axis) {
                reporter.report(SyntaxErrors.INVALID_PART, span(token), "an axis is 1, 2 or 3",
                        token.getText().equals("0") ? Optional.of("they are counted from 1") : Optional.empty());
            } else if (!axes.add(Integer.parseInt(token.getText()))) {
                reporter.report(SyntaxErrors.INVALID_PART, span(token), "axis " + token.getText() + " is named twice");
            }
        }
        broken |= axes.isEmpty();
        return new SlicesDeclaration(documentation, List.copyOf(axes), span(slices));
    }

    private PenaltyDeclaration penalty(McrParser.PenaltyContext penalty) {
        if (penalty.indices() != null) {
            reporter.report(
                    SyntaxErrors.UNEXPECTED_PART, span(penalty.indices()), "a penalty is one number: it has no indices",
                    "reduce over them, as in mean[x](…)");
        }
        Expression body = expression(penalty.body);
        if (penalty.weight == null) {
            reporter.report(
                    SyntaxErrors.INCOMPLETE_DECLARATION, span(penalty.name()),
                    "the penalty '" + penalty.name().getText() + "' lacks its weight",
                    "add 'weight 1', or 'weight E' for one relative to the descriptor error");
        }
        // Without a weight the weight is as good as 1: what else is wrong with the penalty can still be said.
        Expression weight = penalty.weight == null
                ? new NumberLiteral(1, true, span(penalty).end())
                : expression(penalty.weight);
        return new PenaltyDeclaration(documentation, name(penalty.name()), body, weight, span(penalty));
    }

    private LossDeclaration loss(McrParser.LossContext loss) {
        String word = loss.identifier().getText();
        for (LossKind kind : LossKind.values()) {
            if (kind.word().equals(word)) {
                return new LossDeclaration(documentation, kind, span(loss));
            }
        }
        reporter.report(
                SyntaxErrors.INVALID_PART, span(loss.identifier()),
                "there is no loss '" + Lexeme.shortened(word) + "'",
                Suggestions.didYouMean(word, List.of("l2", "l1", "sse", "mse", "rms"))
                        .or(() -> Optional.of("the losses are l2, sse, mse, rms and l1")));
        return new LossDeclaration(documentation, LossKind.L2, span(loss));
    }

    private Name name(McrParser.NameContext context) {
        String text = context.getText();
        Vocabulary.meaning(text).ifPresent(meaning -> reporter.report(
                SyntaxErrors.RESERVED_WORD, span(context),
                "'" + text + "' is a reserved word and cannot be a name: " + meaning));
        return new Name(text, span(context));
    }

    private FileName fileName(Token token) {
        String quoted = token.getText();
        String text = quoted.substring(1, quoted.length() - 1);
        if (text.isBlank()) {
            reporter.report(SyntaxErrors.INVALID_PART, span(token), "the name of the file is empty");
            broken = true;
        }
        return new FileName(text, span(token));
    }

    /** The indices of a declaration that has no guard. */
    private List<IndexBinding> indices(McrParser.IndicesContext context, String declaration) {
        if (context != null && context.guard != null) {
            reporter.report(
                    SyntaxErrors.UNEXPECTED_PART, span(context.guard), "a '" + declaration + "' has no guard",
                    declaration.equals("let")
                            ? "use 'if' in its value, or put the guard where the array is read"
                            : "leave it out");
        }
        return bindings(context);
    }

    private List<IndexBinding> bindings(McrParser.IndicesContext context) {
        return context == null
                ? List.of()
                : context.binding().stream()
                        .map(binding -> new IndexBinding(
                                name(binding.name()), Optional.ofNullable(binding.set()).map(this::set), span(binding)))
                        .toList();
    }

    private Optional<Expression> guard(McrParser.IndicesContext context) {
        return context == null ? Optional.empty() : optional(context.guard);
    }

    private Optional<Expression> optional(McrParser.ExpressionContext context) {
        return Optional.ofNullable(context).map(this::expression);
    }

    private List<Expression> expressions(List<McrParser.ExpressionContext> contexts) {
        return contexts.stream().map(this::expression).toList();
    }

    private Expression expression(McrParser.ExpressionContext context) {
        return switch (context) {
            case McrParser.PrimaryExpressionContext primary -> primary(primary.primary());
            case McrParser.ComponentContext component -> component(component);
            case McrParser.UnaryContext unary -> new Unary(
                    unary.operator.getType() == McrParser.MINUS ? UnaryOperator.NEGATE : UnaryOperator.NOT,
                    expression(unary.expression()), span(unary));
            case McrParser.BinaryContext binary -> binary(binary);
            case McrParser.ConditionalContext conditional -> new Conditional(
                    expression(conditional.condition), expression(conditional.consequence),
                    expression(conditional.alternative), span(conditional));
            default -> throw new IllegalStateException("no expression: " + context.getClass());
        };
    }

    private Expression component(McrParser.ComponentContext context) {
        Token number = context.INTEGER().getSymbol();
        if (!number.getText().matches("[123]")) {
            reporter.report(
                    SyntaxErrors.INVALID_PART, span(number), "the components of a vector are .1, .2 and .3");
            broken = true;
            return expression(context.expression());
        }
        return new ComponentSelect(
                expression(context.expression()), Integer.parseInt(number.getText()), span(context));
    }

    private Expression binary(McrParser.BinaryContext context) {
        if (context.operator.getType() == McrParser.AMPERSAND) {
            return noExpression(
                    span(context.operator), "'&' is the intersection of sets", "conditions are joined by 'and'");
        }
        BinaryOperator operator = operator(context.operator);
        Expression left = expression(context.left);
        Expression right = expression(context.right);
        if (operator.isComparison()
                && left instanceof Binary chainedOperation && chainedOperation.operator().isComparison()
                && context.left instanceof McrParser.BinaryContext chained) {
            String middle = reporter.span(start(chained.right), stop(chained.right)).text();
            String mend = span(chained).text() + " and "
                    + middle + " " + operator.symbol() + " " + span(context.right).text();
            reporter.report(
                    SyntaxErrors.CHAINED_COMPARISON, span(context.operator),
                    "comparisons cannot be chained",
                    mend.length() <= 60 && mend.indexOf('\n') < 0
                            ? "write '" + mend + "'" : "join two comparisons with 'and'");
            broken = true;
        }
        return new Binary(operator, left, right, span(context));
    }

    private static BinaryOperator operator(Token token) {
        return switch (token.getType()) {
            case McrParser.PLUS -> BinaryOperator.ADD;
            case McrParser.MINUS -> BinaryOperator.SUBTRACT;
            case McrParser.TIMES -> BinaryOperator.MULTIPLY;
            case McrParser.OVER -> BinaryOperator.DIVIDE;
            case McrParser.DIV -> BinaryOperator.DIV;
            case McrParser.MOD -> BinaryOperator.MOD;
            case McrParser.POWER -> BinaryOperator.POWER;
            case McrParser.EQUAL -> BinaryOperator.EQUAL;
            case McrParser.NOT_EQUAL -> BinaryOperator.NOT_EQUAL;
            case McrParser.LESS -> BinaryOperator.LESS;
            case McrParser.LESS_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
            case McrParser.GREATER -> BinaryOperator.GREATER;
            case McrParser.GREATER_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
            case McrParser.AND -> BinaryOperator.AND;
            case McrParser.OR -> BinaryOperator.OR;
            default -> throw new IllegalStateException("no operator: " + token);
        };
    }

    private Expression primary(McrParser.PrimaryContext context) {
        return switch (context) {
            case McrParser.NumberContext number -> number(number);
            case McrParser.ReferenceContext reference -> new NameReference(reference.getText(), span(reference));
            case McrParser.CountContext count -> new Count(set(count.set()), span(count));
            case McrParser.CallContext call -> call(call);
            case McrParser.SubscriptContext subscript -> new Subscript(
                    new Name(subscript.identifier().getText(), span(subscript.identifier())),
                    expressions(subscript.expression()), span(subscript));
            case McrParser.ReductionContext reduction -> new Reduction(
                    reducer(reduction.reducer()), bindings(reduction.indices()), guard(reduction.indices()),
                    expression(reduction.expression()), span(reduction));
            case McrParser.VectorOrGroupContext group -> vectorOrGroup(group);
            case McrParser.FilteredSetContext _, McrParser.MappedOrEnumeratedSetContext _ -> noExpression(
                    span(context), "a set has no place here",
                    "expressions are grouped by '(' and ')'; the number of members is count(…)");
            default -> throw new IllegalStateException("no operand: " + context.getClass());
        };
    }

    private Expression vectorOrGroup(McrParser.VectorOrGroupContext context) {
        McrParser.SetContext first = context.set();
        if (first.high != null) {
            return noExpression(
                    span(first), "a range has no place here: it is a set",
                    "give it to an index, as in sum[k: 0..3](…)");
        }
        if (context.expression().isEmpty()) {
            return expression(first.low);
        }
        List<Expression> components = new ArrayList<>();
        components.add(expression(first.low));
        components.addAll(expressions(context.expression()));
        return new VectorLiteral(components, span(context));
    }

    private NumberLiteral number(McrParser.NumberContext context) {
        double value = Double.parseDouble(context.getText());
        if (Double.isInfinite(value)) {
            reporter.report(
                    SyntaxErrors.MALFORMED_NUMBER, span(context), "this number is too large",
                    "the largest is about 1.8e308");
            broken = true;
            value = Double.MAX_VALUE;
        }
        return new NumberLiteral(value, context.INTEGER() != null, span(context));
    }

    private Call call(McrParser.CallContext context) {
        Token function = context.getStart();
        int primes = context.PRIMES() == null ? 0 : context.PRIMES().getText().length();
        if (primes > 2) {
            reporter.report(
                    SyntaxErrors.TOO_MANY_PRIMES, span(context.PRIMES().getSymbol()),
                    "a function has a first and a second derivative only: one prime or two");
            primes = 2;
        }
        return new Call(
                new Name(function.getText(), span(function)), primes, expressions(context.expression()), span(context));
    }

    private static ReductionOperator reducer(McrParser.ReducerContext context) {
        return switch (context.getStart().getType()) {
            case McrParser.SUM -> ReductionOperator.SUM;
            case McrParser.MEAN -> ReductionOperator.MEAN;
            case McrParser.PROD -> ReductionOperator.PROD;
            case McrParser.MAX -> ReductionOperator.MAX;
            case McrParser.MIN -> ReductionOperator.MIN;
            default -> throw new IllegalStateException("no reduction: " + context.getText());
        };
    }

    private SetExpression set(McrParser.SetContext context) {
        return context.high == null
                ? set(context.low)
                : new RangeSet(expression(context.low), expression(context.high), span(context));
    }

    private SetExpression set(McrParser.ExpressionContext context) {
        return switch (context) {
            case McrParser.PrimaryExpressionContext primary -> set(primary.primary());
            case McrParser.BinaryContext binary when setOperator(binary.operator).isPresent() -> new SetBinary(
                    setOperator(binary.operator).get(), set(binary.left), set(binary.right), span(binary));
            default -> noSet(context);
        };
    }

    private static Optional<SetOperator> setOperator(Token token) {
        return switch (token.getType()) {
            case McrParser.PLUS -> Optional.of(SetOperator.UNION);
            case McrParser.MINUS -> Optional.of(SetOperator.DIFFERENCE);
            case McrParser.AMPERSAND -> Optional.of(SetOperator.INTERSECTION);
            default -> Optional.empty();
        };
    }

    private SetExpression set(McrParser.PrimaryContext context) {
        return switch (context) {
            case McrParser.ReferenceContext reference when reference.identifier() != null ->
                    new SetReference(reference.getText(), span(reference));
            case McrParser.ReferenceContext reference when reference.PHASES() != null -> new PhasesSet(span(reference));
            case McrParser.CallContext call when call.identifier() != null && call.PRIMES() == null -> new SetCall(
                    new Name(call.identifier().getText(), span(call.identifier())),
                    expressions(call.expression()), span(call));
            case McrParser.FilteredSetContext filtered -> new FilteredSet(
                    name(filtered.name()), set(filtered.set()), expression(filtered.condition), span(filtered));
            case McrParser.MappedOrEnumeratedSetContext braces -> braces.generator().isEmpty()
                    ? new EnumeratedSet(expressions(braces.expression()), span(braces))
                    : new MappedSet(
                            expression(braces.expression(0)), generators(braces.generator()), span(braces));
            case McrParser.VectorOrGroupContext group when group.expression().isEmpty() -> set(group.set());
            default -> noSet(context);
        };
    }

    private SetExpression noSet(ParserRuleContext context) {
        boolean vector = context instanceof McrParser.VectorOrGroupContext;
        boolean number = context instanceof McrParser.NumberContext;
        reporter.report(
                SyntaxErrors.SET_EXPECTED, span(context),
                "a set is expected here, not " + (vector ? "a vector" : "an expression"),
                vector ? Optional.of("the members of a set stand in braces: {(0, 0), (1, 0)}")
                        : number ? Optional.of("the integers from 0 to 3 are the set 0..3") : Optional.empty());
        broken = true;
        return new PhasesSet(span(context));
    }

    private Expression noExpression(Span span, String message, String hint) {
        reporter.report(SyntaxErrors.EXPRESSION_EXPECTED, span, message, hint);
        broken = true;
        return new NumberLiteral(0, true, span);
    }

    private List<IndexBinding> generators(List<McrParser.GeneratorContext> contexts) {
        List<IndexBinding> generators = new ArrayList<>();
        for (McrParser.GeneratorContext context : contexts) {
            generators.add(new IndexBinding(name(context.name()), Optional.of(set(context.set())), span(context)));
        }
        return generators;
    }

    private Span span(ParserRuleContext context) {
        return reporter.span(start(context), stop(context));
    }

    private Span span(Token token) {
        return reporter.span(token.getStartIndex(), token.getStopIndex() + 1);
    }

    private static int start(ParserRuleContext context) {
        return context.getStart().getStartIndex();
    }

    private static int stop(ParserRuleContext context) {
        return context.getStop().getStopIndex() + 1;
    }
}
