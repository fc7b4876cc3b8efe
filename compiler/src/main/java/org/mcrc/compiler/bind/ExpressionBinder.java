package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.bind.Value.Vector;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Expression;

/** Binds the formulas of one definition. */
final class ExpressionBinder {
    static final DiagnosticKind NOT_AN_INTEGER = DiagnosticKind.error("not-an-integer");
    static final DiagnosticKind NOT_CONSTANT = DiagnosticKind.error("not-constant");
    static final DiagnosticKind WRONG_DIMENSION = DiagnosticKind.error("wrong-dimension");
    static final DiagnosticKind NOT_FINITE = DiagnosticKind.error("not-finite");
    static final DiagnosticKind MISPLACED = DiagnosticKind.error("misplaced");

    private final FileBinder file;
    private final Context context;
    private final Index slice;
    private final List<IndexSearch.Condition> path = new ArrayList<>();
    /** What the operands of {@code and} and {@code or} further left leave to the one that is being bound. */
    private final List<IndexSearch.Condition> operands = new ArrayList<>();
    private final ReadBinder reads;
    private final ReductionBinder reductions;
    private final IntegerDivision integerDivision;
    private final VectorArithmetic vectors;
    private Validity validity = new Validity();
    private boolean readsOpen;
    private boolean readsGrid;

    /**
     * @param context the level, or null where there is none, as in the value of a param
     * @param slice the index over the slices, or null
     */
    ExpressionBinder(FileBinder file, Context context, Index slice) {
        this.file = file;
        this.context = context;
        this.slice = slice;
        this.reads = new ReadBinder(this);
        this.reductions = new ReductionBinder(this);
        this.integerDivision = new IntegerDivision(this);
        this.vectors = new VectorArithmetic(this);
    }

    FileBinder file() {
        return file;
    }

    Session session() {
        return file.session();
    }

    /** The level that is being bound; what has none never asks for it in a checked file. */
    Context context(Span span) {
        if (context == null) {
            throw error(MISPLACED, span, "this needs a microstructure and there is none here");
        }
        return context;
    }

    Index slice() {
        return slice;
    }

    /** What the expressions bound so far require of pixel indices that are still free. */
    Validity validity() {
        return validity;
    }

    void noteGridRead(boolean open) {
        readsGrid = true;
        readsOpen |= open;
    }

    /** Whether anything bound so far has an open boundary. */
    boolean readsOpen() {
        return readsOpen;
    }

    boolean readsGrid() {
        return readsGrid;
    }

    Abandoned error(DiagnosticKind kind, Span span, String message) {
        return session().error(kind, span, message);
    }

    /** Searches the values of indices that are possible at this place. */
    IndexSearch search() {
        return new IndexSearch(session(), path);
    }

    /** Searches the values of indices at which the operand that is being bound counts. */
    IndexSearch searchOfOperand() {
        List<IndexSearch.Condition> conditions = new ArrayList<>(path);
        conditions.addAll(operands);
        return new IndexSearch(session(), conditions);
    }

    /** What {@code action} requires of pixel indices, apart from what was required before. */
    <T> T collecting(Validity collector, Supplier<T> action) {
        Validity outer = validity;
        validity = collector;
        try {
            return action.get();
        } finally {
            validity = outer;
        }
    }

    /** Does something where a condition on indices is in force. */
    <T> T where(IndexSearch.Condition condition, Supplier<T> action) {
        return among(path, condition, action);
    }

    private static <T> T among(List<IndexSearch.Condition> conditions, IndexSearch.Condition condition, Supplier<T> action) {
        conditions.addLast(condition);
        try {
            return action.get();
        } finally {
            conditions.removeLast();
        }
    }

    Value bind(Expression expression, Scope scope) {
        session().step(expression.span());
        return switch (expression) {
            case Expression.NumberLiteral literal -> Number.of(literal.value());
            case Expression.NameReference reference -> reference(reference, scope);
            case Expression.Call call -> call(call, scope);
            case Expression.Count count -> Number.of(file.sets().domain(count.set(), scope, this).domain().size());
            case Expression.Subscript subscript -> reads.read(subscript, scope);
            case Expression.Unary unary -> switch (unary.operator()) {
                case NEGATE -> negate(bind(unary.operand(), scope), unary.span());
                case NOT -> Arithmetic.not(truth(unary.operand(), scope));
            };
            case Expression.Binary binary -> binary(binary, scope);
            case Expression.Conditional conditional -> conditional(conditional, scope);
            case Expression.Reduction reduction -> reductions.bind(reduction, scope);
            case Expression.VectorLiteral literal -> new Vector(literal.components().stream()
                    .map(component -> integerForm(component, scope)).toList());
            case Expression.ComponentSelect select -> component(select, scope);
        };
    }

    /** Binds each of some expressions, so that what is wrong with one is reported although it is with another too. */
    private List<Value> all(List<Expression> expressions, Scope scope) {
        List<Supplier<Value>> parts = new ArrayList<>();
        expressions.forEach(expression -> parts.add(() -> bind(expression, scope)));
        return all(parts);
    }

    /** Does each of some things, and gives up after all of them where one of them did. */
    static <T> List<T> all(List<Supplier<T>> parts) {
        List<T> values = new ArrayList<>();
        Abandoned first = null;
        for (Supplier<T> part : parts) {
            try {
                values.add(part.get());
            } catch (Abandoned abandoned) {
                if (abandoned.atLimit()) {
                    throw abandoned;
                }
                first = first == null ? abandoned : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return values;
    }

    Number number(Expression expression, Scope scope) {
        return number(bind(expression, scope), expression.span());
    }

    /** The value as a number. */
    Number number(Value value, Span span) {
        if (value instanceof Number number) {
            return number;
        }
        throw error(MISPLACED, span, "a number is needed here");
    }

    Truth truth(Expression expression, Scope scope) {
        if (bind(expression, scope) instanceof Truth truth) {
            return truth;
        }
        throw error(MISPLACED, expression.span(), "a condition is needed here");
    }

    /** A vector of {@code dimension} components; the number 0 is the zero vector. */
    Vector vector(Value value, int dimension, Span span) {
        return switch (value) {
            case Vector vector when vector.dimension() == dimension -> vector;
            case Vector vector -> throw error(WRONG_DIMENSION, span, "this vector has " + vector.dimension()
                    + " components; " + dimension + " are needed here");
            case Number number when number.isZero() -> new Vector(
                    java.util.Collections.nCopies(dimension, IndexForm.constant(0)));
            case Number _, Truth _ -> throw error(MISPLACED, span, "a vector is needed here");
        };
    }

    /** An integer made of indices. What it depends on becomes part of the structure. */
    IndexForm integerForm(Expression expression, Scope scope) {
        return integerForm(number(expression, scope), expression.span());
    }

    IndexForm integerForm(Number number, Span span) {
        session().fold(number.arguments());
        if (number.form() != null) {
            return number.form();
        }
        Optional<Double> constant = constant(number);
        if (constant.isPresent()) {
            throw notAnInteger(constant.get(), span);
        }
        if (number.structural() == null) {
            throw error(NOT_AN_INTEGER, span, "an integer made of indices is needed here");
        }
        return Tabulation.of(number.structural(), span, this);
    }

    /** An integer that is the same everywhere. */
    int integer(Expression expression, Scope scope) {
        Number number = number(expression, scope);
        double value = constant(number, expression.span());
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw notAnInteger(value, expression.span());
        }
        return (int) value;
    }

    private Abandoned notAnInteger(double value, Span span) {
        return error(NOT_AN_INTEGER, span, value == Math.rint(value) && Double.isFinite(value)
                ? "this integer is too large: " + Numbers.text(value)
                : "an integer is needed here, and this is " + Numbers.text(value));
    }

    /** A number that is the same everywhere. What it depends on becomes part of the structure. */
    double constant(Expression expression, Scope scope) {
        return constant(number(expression, scope), expression.span());
    }

    private double constant(Number number, Span span) {
        Optional<Double> value = constant(number);
        if (value.isEmpty()) {
            throw error(NOT_CONSTANT, span, "this must be known when the descriptor is bound, and depends on "
                    + (Expressions.reads(number.expression()).isEmpty() ? "an index" : "the microstructure"));
        }
        session().fold(dependencies(number));
        return value.get();
    }

    /**
     * A weight: a number that is finite, as far as it is the same everywhere and so known now.
     *
     * @param owner what it is the weight of, as in "output 'S'"
     */
    Number weight(Expression expression, Scope scope, String owner) {
        Number number = number(expression, scope);
        constant(number).ifPresent(value -> requireFinite(value, expression.span(), "the weight of " + owner));
        return number;
    }

    /** The end of a range: a finite number. What it depends on becomes no part of the structure. */
    double bound(Expression expression, Scope scope) {
        return bound(number(expression, scope), expression.span());
    }

    /** The same of a range that becomes part of the structure. */
    double structuralBound(Expression expression, Scope scope) {
        Number number = number(expression, scope);
        double value = bound(number, expression.span());
        session().fold(dependencies(number));
        return value;
    }

    private double bound(Number number, Span span) {
        double value = constant(number).orElseThrow(() -> error(NOT_CONSTANT, span,
                "a bound must be known when the descriptor is bound"));
        requireFinite(value, span, "this end of the range");
        return value;
    }

    private void requireFinite(double value, Span span, String what) {
        if (!Double.isFinite(value)) {
            throw error(NOT_FINITE, span, what + " is not a finite number: " + Numbers.text(value));
        }
    }

    /** The value of a number that depends on neither indices nor arrays. */
    Optional<Double> constant(Number number) {
        if (number.constant().isPresent()) {
            return Optional.of(number.constant().getAsDouble());
        }
        if (!Expressions.freeIndices(number.expression()).isEmpty()) {
            return Optional.empty();
        }
        try {
            IndexSpace space = new IndexSpace();
            FormulaCompiler.Formula formula =
                    new FormulaCompiler(space, session()).compile(number.expression());
            return Optional.of(formula.at(space.slots()));
        } catch (FormulaCompiler.Unknown unknown) {
            return Optional.empty();
        }
    }

    /** The arguments that a number depends on. */
    static List<String> dependencies(Number number) {
        List<String> names = new ArrayList<>(number.arguments());
        names.addAll(dependencies(number.expression()));
        return names;
    }

    /** The arguments that occur in an expression. */
    static List<String> dependencies(org.mcrc.compiler.index.Expression expression) {
        return Expressions.nodes(expression).stream().filter(Argument.class::isInstance)
                .map(node -> ((Argument) node).name()).toList();
    }

    private Value reference(Expression.NameReference reference, Scope scope) {
        String name = reference.name();
        Index index = scope.index(name);
        if (index != null) {
            return index.domain() instanceof Grid || index.domain() instanceof VectorDomain set && set.components() > 1
                    ? new Vector(IndexForm.of(index)) : Number.of(IndexForm.of(index, 0));
        }
        Value local = scope.value(name);
        if (local != null) {
            return local;
        }
        return switch (name) {
            case "pi" -> Number.of(Math.PI);
            case "level" -> Number.of(context(reference.span()).level());
            case "phases" -> Number.of(session().binding().phases());
            case "E" -> Number.computed(Expressions.read(LossBuilder.ERROR, List.of()));
            default -> {
                Number param = file.parameter(name);
                yield param != null ? param : reads.scalar(name, reference.span());
            }
        };
    }

    private Value negate(Value value, Span span) {
        return value instanceof Vector vector ? vectors.negate(vector, span)
                : Arithmetic.unary(UnaryOperator.NEGATE, number(value, span));
    }

    private Value binary(Expression.Binary node, Scope scope) {
        Value[] first = new Value[1];
        List<Value> both = all(List.of(() -> first[0] = bind(node.left(), scope), () -> switch (node.operator()) {
            case AND -> operand(node.right(), scope, first[0], true);
            case OR -> operand(node.right(), scope, first[0], false);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, DIV, MOD, POWER, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER,
                    GREATER_OR_EQUAL -> bind(node.right(), scope);
        }));
        return combine(node, both.get(0), both.get(1));
    }

    /**
     * The right operand of {@code and} and {@code or}, which counts where the left one does not decide by itself.
     *
     * @param left null where it is wrong: then nobody knows where the right one counts
     * @param wanted the value of the left one with which the right one counts
     */
    private Value operand(Expression expression, Scope scope, Value left, boolean wanted) {
        if (left != null && !(left instanceof Truth truth && truth.structural() != null)) {
            return bind(expression, scope);
        }
        Truth counts = left == null ? Truth.of(false) : wanted ? (Truth) left : Arithmetic.not((Truth) left);
        return among(operands, new IndexSearch.Condition(counts.structural(), counts.arguments()),
                () -> bind(expression, scope));
    }

    private Value combine(Expression.Binary node, Value left, Value right) {
        Span span = node.span();
        if (left instanceof Truth first && right instanceof Truth second) {
            return switch (node.operator()) {
                case AND -> Arithmetic.and(first, second);
                case OR -> Arithmetic.or(first, second);
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, DIV, MOD, POWER, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER,
                        GREATER_OR_EQUAL -> throw error(MISPLACED, span, "numbers are needed here, not conditions");
            };
        }
        if (left instanceof Vector || right instanceof Vector) {
            return vectors.combine(node, left, right);
        }
        Number first = number(left, node.left().span());
        Number second = number(right, node.right().span());
        return switch (node.operator()) {
            case ADD -> Arithmetic.binary(BinaryOperator.ADD, first, second);
            case SUBTRACT -> Arithmetic.binary(BinaryOperator.SUBTRACT, first, second);
            case MULTIPLY -> Arithmetic.binary(BinaryOperator.MULTIPLY, first, second);
            case DIVIDE -> Arithmetic.binary(BinaryOperator.DIVIDE, first, second);
            case DIV, MOD -> integerDivision.bind(first, second, node.operator() == Expression.BinaryOperator.MOD,
                    node.right().span());
            case POWER -> power(first, second);
            case EQUAL -> Arithmetic.compare(BinaryOperator.EQUAL, first, second);
            case NOT_EQUAL -> Arithmetic.compare(BinaryOperator.NOT_EQUAL, first, second);
            case LESS -> Arithmetic.compare(BinaryOperator.LESS, first, second);
            case LESS_OR_EQUAL -> Arithmetic.compare(BinaryOperator.LESS_OR_EQUAL, first, second);
            case GREATER -> Arithmetic.compare(BinaryOperator.LESS, second, first);
            case GREATER_OR_EQUAL -> Arithmetic.compare(BinaryOperator.LESS_OR_EQUAL, second, first);
            case AND, OR -> throw error(MISPLACED, span, "conditions are needed here, not numbers");
        };
    }

    /** A power whose exponent is an integer is a structural thing: it is fine for every base. */
    private Number power(Number base, Number exponent) {
        if (base.structural() == null && exponent.form() != null) {
            session().fold(exponent.arguments());
            return Arithmetic.binary(BinaryOperator.POWER, base, Number.of(exponent.form()));
        }
        return Arithmetic.binary(BinaryOperator.POWER, base, exponent);
    }

    private Value conditional(Expression.Conditional node, Scope scope) {
        Truth condition = truth(node.condition(), scope);
        if (condition.arguments().isEmpty() && condition.structural() != null) {
            if (Expressions.isAlways(condition.structural())) {
                return bind(node.consequence(), scope);
            }
            if (Expressions.isNever(condition.structural())) {
                return bind(node.alternative(), scope);
            }
        }
        List<Value> branches = all(List.of(() -> branch(node.consequence(), scope, condition),
                () -> branch(node.alternative(), scope, Arithmetic.not(condition))));
        Value then = branches.get(0);
        Value otherwise = branches.get(1);
        if (then instanceof Truth first && otherwise instanceof Truth second) {
            return Arithmetic.select(condition, first, second);
        }
        if (then instanceof Vector || otherwise instanceof Vector) {
            return vectors.select(condition, then, otherwise, node);
        }
        return Arithmetic.select(condition, number(then, node.consequence().span()),
                number(otherwise, node.alternative().span()));
    }

    private Value branch(Expression expression, Scope scope, Truth condition) {
        if (condition.structural() == null) {
            return bind(expression, scope);
        }
        Validity required = new Validity();
        Value value = collecting(required, () -> where(
                new IndexSearch.Condition(condition.structural(), condition.arguments()), () -> bind(expression, scope)));
        if (!required.isEmpty()) {
            session().fold(condition.arguments());
            validity.addAll(required, condition.structural());
        }
        return value;
    }

    private Value component(Expression.ComponentSelect select, Scope scope) {
        if (!(bind(select.vector(), scope) instanceof Vector vector)) {
            throw error(MISPLACED, select.vector().span(), "a vector is needed here");
        }
        if (select.component() < 1 || select.component() > vector.dimension()) {
            throw error(WRONG_DIMENSION, select.span(), "a vector has " + vector.dimension() + " components here");
        }
        return Number.of(vector.components().get(select.component() - 1));
    }

    private Value call(Expression.Call call, Scope scope) {
        String name = call.function().text();
        List<Expression> arguments = call.arguments();
        return switch (name) {
            case "size" -> Number.of(grid(arguments.getFirst(), scope).size());
            case "extent" -> {
                Grid grid = grid(arguments.getFirst(), scope);
                int axis = integer(arguments.get(1), scope);
                if (axis < 1 || axis > grid.rank()) {
                    throw error(WRONG_DIMENSION, arguments.get(1).span(), "there is no axis " + axis
                            + "; the microstructure has " + grid.rank());
                }
                yield Number.of(grid.extent(axis - 1));
            }
            case "norm" -> Arithmetic.norm(anyVector(arguments.getFirst(), scope));
            case "dot" -> {
                List<Value> factors = all(arguments, scope);
                Value left = factors.get(0);
                Value right = factors.get(1);
                OptionalInt dimension = left instanceof Vector vector ? OptionalInt.of(vector.dimension())
                        : right instanceof Vector vector ? OptionalInt.of(vector.dimension()) : OptionalInt.empty();
                yield dimension.isEmpty() ? Number.of(0) : Arithmetic.dot(
                        vector(left, dimension.getAsInt(), arguments.get(0).span()),
                        vector(right, dimension.getAsInt(), arguments.get(1).span()));
            }
            default -> {
                List<Value> values = all(arguments, scope);
                List<Number> numbers = new ArrayList<>();
                for (int position = 0; position < values.size(); position++) {
                    numbers.add(number(values.get(position), arguments.get(position).span()));
                }
                yield file.functions().call(call, numbers, this);
            }
        };
    }

    private Vector anyVector(Expression expression, Scope scope) {
        Value value = bind(expression, scope);
        return value instanceof Vector vector ? vector
                : vector(value, context(expression.span()).dimension(), expression.span());
    }

    private Grid grid(Expression expression, Scope scope) {
        if (expression instanceof Expression.NameReference reference && scope.index(reference.name()) != null
                && scope.index(reference.name()).domain() instanceof Grid grid) {
            return grid;
        }
        throw error(MISPLACED, expression.span(), "a pixel index is needed here");
    }
}
