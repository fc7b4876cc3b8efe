package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.backend.IntegerForms;
import org.mcrc.compiler.backend.Levels;
import org.mcrc.compiler.backend.LoopScope;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.index.WithDerivative;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Vectorizable;

/**
 * Writes expressions into the loops of one method. Every value lands in the outermost loop in which its indices are known;
 * what is used once and where it is made stays a part of the expression that uses it.
 */
final class ExpressionEmitter {
    private static final String SUPPORT = "org.mcrc.runtime.engine.cpu.support";
    static final ClassName VECTOR_MATH = ClassName.get(SUPPORT, "VectorMath");
    static final ClassName SCALAR_MATH = ClassName.get(SUPPORT, "ScalarMath");
    static final ClassName LANES = ClassName.get(SUPPORT, "Lanes");

    /** Longer expressions are broken into named parts. */
    private static final int LONGEST_INLINE = 90;

    /** The largest constant exponent that is written as repeated multiplication. */
    private static final int LARGEST_POWER = 16;

    /** Powers of two to this exponent have reciprocals in single precision. */
    private static final int LARGEST_EXPONENT = 126;

    private final ClassContext context;
    private final Precision precision;
    private final Names names;
    private final Levels levels = new Levels();
    private final IntegerForms integers = new IntegerForms(new Integers(), levels);
    private final Map<Expression, Integer> uses = new IdentityHashMap<>();
    private IndexForm.Component lane;
    private Scope scope;

    ExpressionEmitter(ClassContext context, Scope method) {
        this.context = context;
        this.precision = context.precision();
        this.names = context.localNames();
        this.scope = method;
    }

    Scope scope() {
        return scope;
    }

    Names names() {
        return names;
    }

    // Loops

    /** Opens a loop or block: later statements go into it. */
    void open() {
        scope = new Scope(scope);
    }

    /** Closes it: {@code header} and what was written inside become one statement of the scope around. */
    void close(String header, Object... arguments) {
        CodeBlock body = scope.code().build();
        scope = scope.parent();
        scope.code().beginControlFlow(header, arguments);
        scope.code().add(body);
        scope.code().endControlFlow();
        levels.close();
    }

    /** Makes the position of an index known in the current scope, as the Java variable {@code variable}. */
    void bindOrdinal(Index index, String variable) {
        scope.name(LoopScope.ordinalKey(index), new Value(variable, Value.Type.NUMBER));
        levels.bindOrdinal(index, scope.depth());
    }

    /** Makes one component of an index known in the current scope. */
    void bindComponent(Index index, int c, String variable) {
        IndexForm.Component component = new IndexForm.Component(index, c);
        scope.name(component, new Value(variable, Value.Type.NUMBER));
        levels.bindComponent(component, scope.depth());
    }

    /** Lets a component run through the lanes: {@code variable} is its value in lane 0. Null ends it. */
    void vectorize(Index index, int c, String variable) {
        bindComponent(index, c, variable);
        lane = new IndexForm.Component(index, c);
    }

    /** Gives a read a value that the surrounding code provides. */
    void provide(Expression read, Value value) {
        scope.name(read, value);
        levels.provide(read, scope.depth());
    }

    /** Opens a loop over all elements of a finite index or, component by component, of a pixel index. */
    void openLoop(Index index) {
        switch (index.domain()) {
            case Grid grid -> {
                for (int c = 0; c < grid.rank(); c++) {
                    open();
                    bindComponent(index, c, names.fresh(index.name() + "_" + (c + 1)));
                }
            }
            case IntegerDomain _, VectorDomain _ -> {
                open();
                bindFinite(index, names.fresh(index.name()));
            }
        }
    }

    /** Binds a finite index to a loop variable: the value of an integer, the position of a vector. */
    void bindFinite(Index index, String variable) {
        if (index.domain() instanceof IntegerDomain) {
            bindComponent(index, 0, variable);
            levels.bindPosition(index, scope.depth());
        } else {
            bindOrdinal(index, variable);
        }
    }

    void closeLoop(Index index) {
        switch (index.domain()) {
            case Grid grid -> {
                for (int c = grid.rank() - 1; c >= 0; c--) {
                    String variable = scope.find(new IndexForm.Component(index, c)).code();
                    close("for (int $1L = 0; $1L < $2L; $1L++)", variable, grid.extent(c));
                }
            }
            case IntegerDomain range -> {
                String variable = scope.find(new IndexForm.Component(index, 0)).code();
                close("for (int $1L = $2L; $1L <= $3L; $1L++)", variable, range.low(), range.high());
            }
            case VectorDomain set -> {
                String variable = scope.find(LoopScope.ordinalKey(index)).code();
                close("for (int $1L = 0; $1L < $2L; $1L++)", variable, set.size());
            }
        }
    }

    private boolean varies(IndexForm form) {
        return lane != null && form.mentions(lane);
    }

    // Values

    /** Writes what is needed to know {@code root} in the current scope, and gives it. */
    Value emit(Expression root) {
        return emit(root, List.of(root));
    }

    /**
     * The same for one of several values that are written one after another.
     *
     * @param together all of them: what they have in common gets a name
     */
    Value emit(Expression root, List<Expression> together) {
        uses.clear();
        Set<Expression> nodes = new LinkedHashSet<>();
        together.forEach(each -> nodes.addAll(Expressions.nodes(each)));
        nodes.forEach(node -> node.children().forEach(child -> uses.merge(child, 1, Integer::sum)));
        if (together.size() > 1) {
            together.forEach(each -> uses.merge(each, 1, Integer::sum));
        }
        return value(root);
    }

    /** The same of several that are used together: what they have in common is written once. */
    List<Value> emitAll(List<Expression> roots) {
        return roots.stream().map(root -> emit(root, roots)).toList();
    }

    /** The same as a vector of the program's precision, ready to be stored. */
    Value emitVector(Expression root) {
        return asVector(emit(root));
    }

    Value asVector(Value value) {
        return value.type() == Value.Type.VECTOR ? value : new Value(
                context.vectorName() + ".broadcast(SPECIES, " + precision.narrow(value.code()) + ")", Value.Type.VECTOR);
    }

    private Value value(Expression node) {
        Value known = scope.find(node);
        if (known != null) {
            return known;
        }
        if (node instanceof Constant constant) {
            return new Value(number(constant.value()), Value.Type.NUMBER);
        }
        if (node instanceof Argument argument) {
            return new Value(context.argument(argument.name()), Value.Type.NUMBER);
        }
        if (Expressions.isAlways(node) || Expressions.isNever(node)) {
            return new Value(String.valueOf(Expressions.isAlways(node)), Value.Type.TRUTH);
        }
        Scope current = scope;
        Scope home = scope.at(levels.of(node));
        scope = home;
        Value value = node instanceof Reduce reduce ? reduction(reduce) : operation(node);
        boolean inline = home == current && uses.getOrDefault(node, 0) <= 1 && value.code().length() <= LONGEST_INLINE;
        if (!inline && !IntegerForms.isName(value.code())) {
            String name = names.fresh(suggestion(node));
            scope.code().addStatement("final $T $L = $L", type(value.type()), name, bare(value.code()));
            value = new Value(name, value.type());
        }
        if (!inline || IntegerForms.isName(value.code())) {
            home.name(node, value);
        }
        scope = current;
        return value;
    }

    private static String suggestion(Expression node) {
        return switch (node) {
            case Read read -> read.tensor().name().toLowerCase(java.util.Locale.ROOT);
            case Unary unary -> unary.operator() == UnaryOperator.NEGATE ? "negated"
                    : unary.operator().name().toLowerCase(java.util.Locale.ROOT);
            case Binary binary -> switch (binary.operator()) {
                case ADD -> "sum";
                case SUBTRACT -> "difference";
                case MULTIPLY -> "product";
                case DIVIDE -> "quotient";
                case POWER -> "power";
                case MINIMUM, MAXIMUM, ATAN2, POLYGAMMA -> binary.operator().name().toLowerCase(java.util.Locale.ROOT);
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> "condition";
            };
            case Select _ -> "choice";
            case Coordinate _ -> "coordinate";
            case Member _ -> "member";
            case Reduce reduce -> reduce.operator().symbol();
            case Constant _, Argument _, WithDerivative _ -> "value";
        };
    }

    TypeName type(Value.Type type) {
        return switch (type) {
            case NUMBER -> TypeName.DOUBLE;
            case TRUTH -> TypeName.BOOLEAN;
            case VECTOR -> precision.vector();
            case MASK -> ParameterizedTypeName.get(Precision.vectorClass("VectorMask"), precision.boxed());
        };
    }

    static String number(double value) {
        return Double.isNaN(value) ? "Double.NaN" : Double.isInfinite(value)
                ? value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY"
                : value < 0 || 1 / value < 0 ? "(" + value + ")" : String.valueOf(value);
    }

    private Value operation(Expression node) {
        return switch (node) {
            case Read read -> read(read);
            case Coordinate coordinate -> coordinate(coordinate);
            case Member member -> new Value("(" + integers.position(member.vector(), member.domain()) + " >= 0)",
                    Value.Type.TRUTH);
            case Unary unary -> unary(unary, value(unary.operand()));
            case Binary binary -> binary(binary);
            case Select select -> select(value(select.condition()), value(select.then()), value(select.otherwise()));
            case WithDerivative declared -> value(declared.value());
            case Constant _, Argument _, Reduce _ -> throw new IllegalArgumentException(node.toString());
        };
    }

    private Value read(Read read) {
        Storage storage = context.storage(read.tensor());
        String array = context.array(read.tensor());
        if (read.tensor().axes().isEmpty()) {
            return new Value(array + "[0]", Value.Type.NUMBER);
        }
        Storage.Address address = storage.address(read.subscripts());
        String position = address(address);
        if (!varies(address.linear())) {
            return new Value(array + "[" + position + "]", Value.Type.NUMBER);
        }
        return new Value(switch (Vectorizable.access(address.linear(), lane)) {
            case CONTIGUOUS -> load(array, position);
            case EVERY_OTHER -> context.type(LANES) + ".everyOther(" + load(array, position) + ", "
                    + load(array, position + " + LANES") + ")";
            case REPEATED -> {
                String repeated = load(array, position);
                for (int times = Vectorizable.repetitions(address.linear(), lane); times > 1; times /= 2) {
                    repeated = context.type(LANES) + ".eachTwice(" + repeated + ")";
                }
                yield repeated;
            }
            case UNIFORM, SCATTERED -> throw new IllegalArgumentException(read.toString());
        }, Value.Type.VECTOR);
    }

    private String load(String array, String position) {
        return context.vectorName() + ".fromArray(SPECIES, " + array + ", " + position + ")";
    }

    private Value coordinate(Coordinate coordinate) {
        String base = integer(coordinate.form());
        if (!varies(coordinate.form())) {
            return new Value("(double) " + parenthesized(base), Value.Type.NUMBER);
        }
        int step = coordinate.form().linearCoefficient(lane);
        return new Value(context.vectorName() + ".broadcast(SPECIES, " + base + ").addIndex(" + step + ")",
                Value.Type.VECTOR);
    }

    // Addresses

    /** An address as a Java expression: the part that an outer loop knows is computed there. */
    String address(Storage.Address address) {
        String linear = integer(address.linear());
        for (Storage.Lookup lookup : address.lookups()) {
            linear += " + " + lookup(lookup);
        }
        return linear;
    }

    private String lookup(Storage.Lookup lookup) {
        int level = lookup.components().stream().mapToInt(levels::of).max().orElse(0);
        Scope current = scope;
        scope = scope.at(level);
        Value known = scope.find(lookup);
        if (known == null) {
            String ordinal = switch (lookup.domain()) {
                case IntegerDomain range -> "Math.clamp(" + integer(lookup.components().getFirst().plus(-range.low()))
                        + ", 0, " + Math.max(0, range.size() - 1) + ")";
                case VectorDomain set -> "Math.max(0, " + integers.position(lookup.components(), set) + ")";
            };
            String name = names.fresh("position");
            scope.code().addStatement("final int $L = $L", name,
                    lookup.stride() == 1 ? ordinal : lookup.stride() + " * " + ordinal);
            known = new Value(name, Value.Type.NUMBER);
            scope.name(lookup, known);
        }
        scope = current;
        return known.code();
    }

    /** A form as a Java expression of type int: terms of outer loops are summed there and have a name. */
    String integer(IndexForm form) {
        return integers.write(form);
    }

    /** What Java adds to {@link IntegerForms}. */
    private final class Integers implements IntegerForms.Writer {
        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public String name(Object key, String suggestion, String value, int depth) {
            String name = names.fresh(suggestion);
            scope.at(depth).code().addStatement("final int $L = $L", name, value);
            scope.at(depth).name(key, new Value(name, Value.Type.NUMBER));
            return name;
        }

        @Override
        public String floorDivide(String dividend, int divisor) {
            return "Math.floorDiv(" + dividend + ", " + divisor + ")";
        }

        @Override
        public String position(List<String> vector, VectorDomain set) {
            return context.table(set) + ".position(" + String.join(", ", vector) + ")";
        }

        @Override
        public String component(VectorDomain set, int component, String position) {
            return context.tableAxis(set, component) + "[" + position + "]";
        }

        @Override
        public String componentOrZero(VectorDomain set, int component, String position) {
            return context.table(set) + ".component(" + component + ", " + position + ")";
        }
    }

    // Operators

    private Value unary(Unary node, Value operand) {
        UnaryOperator operator = node.operator();
        String x = operand.code();
        if (operand.type() == Value.Type.VECTOR) {
            String code = switch (operator) {
                case NEGATE -> x + ".neg()";
                case SQRT -> x + ".sqrt()";
                case RELU -> x + ".max(" + precision.narrow("0.0") + ")";
                case ABS, EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, SIGN, STEP, FLOOR,
                        LGAMMA, DIGAMMA -> context.type(VECTOR_MATH) + "." + operator.symbol() + "(" + x + ")";
                case NOT -> throw new IllegalArgumentException(node.toString());
            };
            return new Value(code, Value.Type.VECTOR);
        }
        if (operand.type() == Value.Type.MASK) {
            return new Value(x + ".not()", Value.Type.MASK);
        }
        String code = switch (operator) {
            case NEGATE -> "-" + parenthesized(x);
            case ABS -> "Math.abs(" + x + ")";
            case SQRT -> "Math.sqrt(" + x + ")";
            case RELU -> "Math.max(" + x + ", 0.0)";
            case NOT -> "!" + parenthesized(x);
            case EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, SIGN, STEP, FLOOR, LGAMMA,
                    DIGAMMA -> context.type(SCALAR_MATH) + "." + operator.symbol() + "(" + x + ")";
        };
        return new Value(code, operator == UnaryOperator.NOT ? Value.Type.TRUTH : Value.Type.NUMBER);
    }

    /** Code as it stands beside a sign or behind a cast. */
    static String parenthesized(String code) {
        int start = 0;
        while (start < code.length() && (Character.isJavaIdentifierPart(code.charAt(start)) || code.charAt(start) == '.')) {
            start++;
        }
        return start == code.length() || closes(code, start) ? code : "(" + code + ")";
    }

    /** Code as it stands where nothing is beside it: without parentheses around all of it. */
    static String bare(String code) {
        return code.startsWith("(") && closes(code, 0) ? code.substring(1, code.length() - 1) : code;
    }

    /** Whether a bracket at this place is closed by the last character. */
    private static boolean closes(String code, int start) {
        int open = 0;
        for (int k = start; k < code.length(); k++) {
            char character = code.charAt(k);
            open += character == '(' || character == '[' ? 1 : character == ')' || character == ']' ? -1 : 0;
            if (open == 0) {
                return k > start && k == code.length() - 1;
            }
        }
        return false;
    }

    private Value binary(Binary node) {
        if (node.operator() == BinaryOperator.POWER && node.right() instanceof Constant(double exponent)
                && exponent == Math.rint(exponent) && Math.abs(exponent) <= LARGEST_POWER) {
            return power(value(node.left()), (int) exponent);
        }
        Value left = value(node.left());
        Value right = value(node.right());
        return left.isUniform() && right.isUniform() ? scalar(node, left, right) : lanewise(node, left, right);
    }

    private Value power(Value base, int exponent) {
        String name = base.code();
        if (!IntegerForms.isName(name)) {
            name = names.fresh("factor");
            scope.code().addStatement("final $T $L = $L", type(base.type()), name, bare(base.code()));
        }
        boolean vector = base.type() == Value.Type.VECTOR;
        String product = name;
        String result = null;
        for (int rest = Math.abs(exponent); rest > 0; rest /= 2) {
            if (rest % 2 == 1) {
                result = result == null ? product : vector ? result + ".mul(" + product + ")" : result + " * " + product;
            }
            if (rest > 1) {
                String square = names.fresh("square");
                scope.code().addStatement("final $T $L = $L", type(base.type()), square,
                        vector ? product + ".mul(" + product + ")" : product + " * " + product);
                product = square;
            }
        }
        if (exponent == 0) {
            return new Value("1.0", Value.Type.NUMBER);
        }
        if (exponent < 0) {
            result = vector ? context.vectorName() + ".broadcast(SPECIES, 1).div(" + result + ")" : "1.0 / (" + result + ")";
        }
        return new Value(vector ? result : "(" + result + ")", base.type());
    }

    private Value scalar(Binary node, Value left, Value right) {
        String a = left.code();
        String b = right.code();
        String code = switch (node.operator()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> "(" + a + " " + node.operator().symbol() + " " + b + ")";
            case POWER -> context.type(SCALAR_MATH) + ".pow(" + a + ", " + b + ")";
            case MINIMUM -> "Math.min(" + a + ", " + b + ")";
            case MAXIMUM -> "Math.max(" + a + ", " + b + ")";
            case ATAN2 -> context.type(SCALAR_MATH) + ".atan2(" + a + ", " + b + ")";
            case POLYGAMMA -> context.type(SCALAR_MATH) + ".polygamma(" + a + ", " + b + ")";
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL -> "(" + a + " " + node.operator().symbol() + " " + b + ")";
            case AND -> "(" + a + " && " + b + ")";
            case OR -> "(" + a + " || " + b + ")";
        };
        return new Value(code, node.operator().isLogical() ? Value.Type.TRUTH : Value.Type.NUMBER);
    }

    private Value lanewise(Binary node, Value left, Value right) {
        BinaryOperator operator = node.operator();
        if (operator == BinaryOperator.AND || operator == BinaryOperator.OR) {
            String method = operator == BinaryOperator.AND ? ".and(" : ".or(";
            return new Value(asMask(left) + method + asMask(right) + ")", Value.Type.MASK);
        }
        boolean commutes = operator == BinaryOperator.ADD || operator == BinaryOperator.MULTIPLY
                || operator == BinaryOperator.MINIMUM || operator == BinaryOperator.MAXIMUM;
        if (commutes && left.isUniform()) {
            Value swapped = left;
            left = right;
            right = swapped;
        }
        String a = asVector(left).code();
        String b = right.isUniform() ? precision.narrow(right.code()) : right.code();
        return switch (operator) {
            case ADD -> new Value(a + ".add(" + b + ")", Value.Type.VECTOR);
            case SUBTRACT -> new Value(a + ".sub(" + b + ")", Value.Type.VECTOR);
            case MULTIPLY -> new Value(a + ".mul(" + b + ")", Value.Type.VECTOR);
            case DIVIDE -> new Value(isPowerOfTwo(node.right())
                    ? a + ".mul(" + precision.narrow(number(1 / ((Constant) node.right()).value())) + ")"
                    : a + ".div(" + b + ")", Value.Type.VECTOR);
            case MINIMUM -> new Value(a + ".min(" + b + ")", Value.Type.VECTOR);
            case MAXIMUM -> new Value(a + ".max(" + b + ")", Value.Type.VECTOR);
            case POWER, ATAN2 -> new Value(context.type(VECTOR_MATH) + "." + (operator == BinaryOperator.POWER ? "pow"
                    : "atan2") + "(" + a + ", " + asVector(right).code() + ")", Value.Type.VECTOR);
            case EQUAL -> comparison(a, "EQ", b);
            case NOT_EQUAL -> comparison(a, "NE", b);
            case LESS -> comparison(a, "LT", b);
            case LESS_OR_EQUAL -> comparison(a, "LE", b);
            case POLYGAMMA, AND, OR -> throw new IllegalArgumentException(node.toString());
        };
    }

    /** Whether to divide by it is the same as to multiply by its reciprocal, in either precision. */
    private static boolean isPowerOfTwo(Expression divisor) {
        return divisor instanceof Constant(double value) && Math.abs(Math.getExponent(value)) <= LARGEST_EXPONENT
                && Math.abs(value) == Math.scalb(1.0, Math.getExponent(value));
    }

    private Value comparison(String left, String operator, String right) {
        return new Value(left + ".compare(" + context.type(Precision.vectorClass("VectorOperators")) + "." + operator
                + ", " + right + ")", Value.Type.MASK);
    }

    private String asMask(Value value) {
        return value.type() == Value.Type.MASK ? value.code() : "SPECIES.maskAll(" + value.code() + ")";
    }

    private Value select(Value condition, Value then, Value otherwise) {
        if (condition.type() == Value.Type.MASK) {
            return new Value(asVector(otherwise).code() + ".blend(" + asVector(then).code() + ", " + condition.code()
                    + ")", Value.Type.VECTOR);
        }
        if (then.isUniform() && otherwise.isUniform()) {
            return new Value("(" + condition.code() + " ? " + then.code() + " : " + otherwise.code() + ")", then.type());
        }
        return then.type() == Value.Type.MASK || otherwise.type() == Value.Type.MASK
                ? new Value("(" + condition.code() + " ? " + asMask(then) + " : " + asMask(otherwise) + ")",
                        Value.Type.MASK)
                : new Value("(" + condition.code() + " ? " + asVector(then).code() + " : "
                        + asVector(otherwise).code() + ")", Value.Type.VECTOR);
    }

    // Reductions inside an expression

    /** Writes the loops of a reduction into the current scope; its value is a variable there. */
    private Value reduction(Reduce reduce) {
        boolean vector = lane != null && Levels.mentions(reduce, lane);
        Accumulator accumulator = new Accumulator(this, context, reduce.operator(), vector);
        accumulator.declare();
        Map<Expression, Integer> outerUses = new IdentityHashMap<>(uses);
        reduce.indices().forEach(this::openLoop);
        boolean guarded = !Expressions.isAlways(reduce.guard());
        Value guard = guarded ? value(reduce.guard()) : null;
        if (guarded) {
            open();
        }
        Value body = value(reduce.body());
        if (guard != null && guard.type() == Value.Type.MASK) {
            body = select(guard, body, new Value(number(reduce.operator().identity()), Value.Type.NUMBER));
        }
        accumulator.add(body, reduce.indices());
        if (guarded) {
            close("if ($L)", guard.type() == Value.Type.TRUTH ? bare(guard.code()) : "true");
        }
        reduce.indices().reversed().forEach(this::closeLoop);
        uses.putAll(outerUses);
        return accumulator.result();
    }

    Precision precision() {
        return precision;
    }

    /** The identity of a reduction as a Java expression. */
    static String identity(ReductionOperator operator) {
        return number(operator.identity());
    }
}
