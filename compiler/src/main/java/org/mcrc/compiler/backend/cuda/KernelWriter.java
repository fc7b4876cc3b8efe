package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.index.WithDerivative;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes the text of one kernel: loops and the expressions in them. Every value lands in the outermost loop in which its
 * indices are known; what is used once and where it is made stays a part of the expression that uses it.
 */
final class KernelWriter {
    /** Longer expressions are broken into named parts. */
    private static final int LONGEST_INLINE = 90;

    /** The largest constant exponent that is written as repeated multiplication. */
    private static final int LARGEST_POWER = 16;

    private final ProgramText program;
    private final String number;
    private final Names names;
    private final KernelParameters parameters;
    private final Levels levels = new Levels();
    private final IntegerForms integers = new IntegerForms(new Integers(), levels);
    private final Map<Expression, Integer> uses = new IdentityHashMap<>();
    private Scope scope = new Scope(null);
    private Index neighbours;

    /**
     * A kernel without text.
     *
     * @param number the type in which it computes: {@code float} or {@code double}
     */
    KernelWriter(ProgramText program, String number) {
        this.program = program;
        this.number = number;
        this.names = program.localNames();
        this.parameters = new KernelParameters(program, names);
    }

    /** The type in which it computes. */
    String numberType() {
        return number;
    }

    /** A name that resembles {@code suggestion} and nothing else in the kernel has. */
    String fresh(String suggestion) {
        return names.fresh(suggestion);
    }

    /** Adds a line to the current scope. */
    void line(String format, Object... values) {
        scope.line(format.formatted(values));
    }

    /** Its parameters. */
    KernelParameters parameters() {
        return parameters;
    }

    /**
     * The whole kernel.
     *
     * @param kernel its name
     * @param block the threads of a block
     * @param comment lines in front of it, each with its end
     */
    String text(String kernel, int block, String comment) {
        return text(kernel, "", String.valueOf(block), comment);
    }

    /** The same of blocks that are pairs (halves.cuh). */
    String textInPairs(String kernel, int block, String comment) {
        return text(kernel, "MCRC_IN_PAIRS ", String.valueOf(block), comment);
    }

    /** The same with two blocks at a time on a multiprocessor, for which registers are saved. */
    String textOfTwo(String kernel, int block, String comment) {
        return text(kernel, "", block + ", 2", comment);
    }

    private String text(String kernel, String how, String bounds, String comment) {
        return comment + "extern \"C\" __global__ void %s__launch_bounds__(%s) %s(".formatted(how, bounds, kernel)
                + parameters.declarations() + ") {\n" + scope.indented() + "}\n";
    }

    // Loops

    /** Opens a loop or block: later lines go into it. */
    void open() {
        scope = new Scope(scope);
    }

    /** Closes it: {@code header} and what was written inside are added to the scope around. */
    void close(String header, Object... values) {
        Scope inner = scope;
        scope = scope.parent();
        scope.line((header.formatted(values) + " {").strip());
        scope.block(inner.indented());
        scope.line("}");
        levels.close();
    }

    /**
     * The same of a loop that is unrolled. What it needs once may have been written in front of it meanwhile, so that how it
     * is unrolled cannot be said before.
     *
     * @param times how often; 0 for all turns
     */
    void closeUnrolled(int times, String header, Object... values) {
        close("#pragma unroll" + (times == 0 ? "" : " " + times) + "\n" + header, values);
    }

    /** Ends what was closed as a statement: a function without a name is one. */
    void endStatement() {
        scope.endStatement();
    }

    /** Makes the position of an index known in the current scope. */
    void bindOrdinal(Index index, String variable) {
        scope.name(LoopScope.ordinalKey(index), Value.number(variable));
        levels.bindOrdinal(index, scope.depth());
    }

    /** Makes one component of an index known in the current scope. */
    void bindComponent(Index index, int c, String variable) {
        IndexForm.Component component = new IndexForm.Component(index, c);
        scope.name(component, Value.number(variable));
        levels.bindComponent(component, scope.depth());
    }

    /** Gives an expression a value that the surrounding code provides. */
    void provide(Expression expression, String code) {
        scope.name(expression, Value.number(code));
        levels.provide(expression, scope.depth());
    }

    /** Binds a finite index to a variable: the value of an integer, the position of a vector. */
    void bindFinite(Index index, String variable) {
        if (index.domain() instanceof IntegerDomain) {
            bindComponent(index, 0, variable);
            levels.bindPosition(index, scope.depth());
        } else {
            bindOrdinal(index, variable);
        }
    }

    /** Binds a finite index to the value of another one over the same domain. */
    void bindSame(Index index, Index other) {
        bindFinite(index, scope.find(other.domain() instanceof IntegerDomain ? new IndexForm.Component(other, 0)
                : LoopScope.ordinalKey(other)).code());
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

    void closeLoop(Index index) {
        switch (index.domain()) {
            case Grid grid -> {
                for (int c = grid.rank() - 1; c >= 0; c--) {
                    String variable = scope.find(new IndexForm.Component(index, c)).code();
                    close("for (int %1$s = 0; %1$s < %2$d; ++%1$s)", variable, grid.extent(c));
                }
            }
            case IntegerDomain range -> {
                String variable = scope.find(new IndexForm.Component(index, 0)).code();
                close("for (int %1$s = %2$d; %1$s <= %3$d; ++%1$s)", variable, range.low(), range.high());
            }
            case VectorDomain set -> {
                String variable = scope.find(LoopScope.ordinalKey(index)).code();
                close("for (int %1$s = 0; %1$s < %2$d; ++%1$s)", variable, set.size());
            }
        }
    }

    /** Binds indices to the variable {@code flat}, which counts their values, the last index fastest. */
    void bindFlat(List<Index> indices, String flat) {
        record Digit(Index index, int component, int extent) {}
        List<Digit> digits = new ArrayList<>();
        for (Index index : indices) {
            if (index.domain() instanceof Grid grid) {
                for (int c = 0; c < grid.rank(); c++) {
                    digits.add(new Digit(index, c, grid.extent(c)));
                }
            } else {
                digits.add(new Digit(index, -1, index.domain().size()));
            }
        }
        String rest = flat;
        long values = digits.stream().mapToLong(Digit::extent).reduce(1, Math::multiplyExact);
        for (int k = digits.size() - 1; k >= 0; k--) {
            Digit digit = digits.get(k);
            values /= digit.extent();
            Index index = digit.index();
            String variable = names.fresh(digit.component() < 0 ? index.name()
                    : index.name() + "_" + (digit.component() + 1));
            int low = index.domain() instanceof IntegerDomain range ? range.low() : 0;
            String ordinal = k == 0 ? rest : rest + " % " + digit.extent();
            line("const int %s = %s%s;", variable, ordinal, low == 0 ? "" : low < 0 ? " - " + -low : " + " + low);
            if (k == 1) {
                rest += " / " + digit.extent();
            } else if (k > 1) {
                String above = names.fresh("rest");
                line("const %s %s = %s / %d;", values <= Integer.MAX_VALUE ? "int" : "long long", above, rest, digit.extent());
                rest = above;
            }
            if (digit.component() < 0) {
                bindFinite(index, variable);
            } else {
                bindComponent(index, digit.component(), variable);
            }
        }
    }

    // Values

    /** Writes what is needed to know {@code root} in the current scope, and gives it as C++. */
    String emit(Expression root) {
        uses.clear();
        Expressions.nodes(root).forEach(node -> node.children().forEach(child -> uses.merge(child, 1, Integer::sum)));
        return value(root).code();
    }

    /** The same for an expression that stands alone: on the right of an assignment, or as the only argument. */
    String emitAlone(Expression root) {
        return bare(emit(root));
    }

    private Value value(Expression node) {
        Value known = scope.find(node);
        if (known != null) {
            return known;
        }
        if (node instanceof Constant constant) {
            return Value.number(literal(constant.value()));
        }
        if (node instanceof Argument argument) {
            return Value.number(cast("double", parameters.argument(argument.name())));
        }
        if (Expressions.isAlways(node) || Expressions.isNever(node)) {
            return new Value(String.valueOf(Expressions.isAlways(node)), true);
        }
        Scope current = scope;
        Scope home = scope.at(levels.of(node));
        scope = home;
        Value value = node instanceof Reduce reduce ? reduction(reduce) : operation(node);
        boolean inline = home == current && uses.getOrDefault(node, 0) <= 1 && value.code().length() <= LONGEST_INLINE;
        if (!inline && !IntegerForms.isName(value.code())) {
            String name = names.fresh(suggestion(node));
            scope.line("const " + (value.truth() ? "bool" : number) + " " + name + " = " + bare(value.code()) + ";");
            value = new Value(name, value.truth());
        }
        if (!inline || IntegerForms.isName(value.code())) {
            home.name(node, value);
        }
        scope = current;
        return value;
    }

    private static String suggestion(Expression node) {
        return switch (node) {
            case Read read -> read.tensor().name() + "_value";
            case Unary unary -> unary.operator() == UnaryOperator.NEGATE ? "negated"
                    : unary.operator().name().toLowerCase(Locale.ROOT) + "_value";
            case Binary binary -> switch (binary.operator()) {
                case ADD -> "added";
                case SUBTRACT -> "difference";
                case MULTIPLY -> "product";
                case DIVIDE -> "quotient";
                case POWER -> "power";
                case MINIMUM -> "minimum";
                case MAXIMUM -> "maximum";
                case ATAN2 -> "angle";
                case POLYGAMMA -> "polygamma_value";
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR -> "condition";
            };
            case Select _ -> "choice";
            case Coordinate _ -> "coordinate";
            case Member _ -> "member";
            case Reduce reduce -> reduce.operator().symbol() + "_value";
            case Constant _, Argument _, WithDerivative _ -> "value";
        };
    }

    /** A constant of the type in which the kernel computes. */
    String literal(double value) {
        if (Double.isNaN(value)) {
            return cast("float", "mcrc_nan()");
        }
        if (number.equals("double")) {
            return Double.isInfinite(value) ? infinite(value > 0) : signed(Double.toString(value));
        }
        float rounded = (float) value;
        return Float.isInfinite(rounded) ? infinite(rounded > 0) : signed(Float.toString(rounded) + "f");
    }

    private String infinite(boolean positive) {
        return cast("float", positive ? "mcrc_infinity()" : "-mcrc_infinity()");
    }

    private static String signed(String literal) {
        return literal.startsWith("-") ? "(" + literal + ")" : literal;
    }

    /** A value of a type as one of the type in which the kernel computes. */
    private String cast(String type, String code) {
        return type.equals(number) ? code : "static_cast<" + number + ">(" + code + ")";
    }

    private Value operation(Expression node) {
        return switch (node) {
            case Read read -> read(read);
            case Coordinate coordinate -> Value.number("static_cast<" + number + ">(" + integer(coordinate.form()) + ")");
            case Member member -> new Value("(" + integers.position(member.vector(), member.domain()) + " >= 0)", true);
            case Unary unary -> unary(unary, value(unary.operand()));
            case Binary binary -> binary(binary);
            case Select select -> {
                Value then = value(select.then());
                yield new Value("(" + value(select.condition()).code() + " ? " + then.code() + " : "
                        + value(select.otherwise()).code() + ")", then.truth());
            }
            case WithDerivative declared -> value(declared.value());
            case Constant _, Argument _, Reduce _ -> throw new IllegalArgumentException(node.toString());
        };
    }

    /** Tells which index differs between neighbouring threads: targets are read along it, transposed where need be. */
    void runsThrough(Index index) {
        neighbours = index;
    }

    /** Whether neighbouring threads would read elements of a target that are a row apart. */
    private boolean walksDownColumns(Read read) {
        if (neighbours == null || read.tensor().kind() != Tensor.Kind.TARGET || read.tensor().axes().size() != 2
                || read.tensor().grid() != null) {
            return false;
        }
        return mentionsNeighbours(read.subscripts().getFirst()) && !mentionsNeighbours(read.subscripts().getLast());
    }

    private boolean mentionsNeighbours(List<IndexForm> subscript) {
        return subscript.stream().anyMatch(form -> form.indices().contains(neighbours));
    }

    /**
     * (x - T[a, b]) + (x - T[b, a]) as 2 x - (T[a, b] + T[b, a]), where the last sum does not change in an evaluation: so the
     * derivative by a symmetric matrix reads its target once. Null for anything else.
     */
    private Value differenceFromBoth(Binary node) {
        if (node.operator() != BinaryOperator.ADD
                || !(node.left() instanceof Binary left && left.operator() == BinaryOperator.SUBTRACT)
                || !(node.right() instanceof Binary right && right.operator() == BinaryOperator.SUBTRACT)
                || left.left() != right.left()
                || !(left.right() instanceof Read one) || !(right.right() instanceof Read other)
                || !one.tensor().equals(other.tensor()) || !one.subscripts().equals(other.subscripts().reversed())
                || walksDownColumns(one) == walksDownColumns(other)) {
            return null;
        }
        Tensor sum = program.symmetrized(one.tensor());
        String array = parameters.workspace(sum.name(), sum.name(), "const " + program.precision().element());
        Read along = walksDownColumns(one) ? other : one;
        String position = address(new Storage(sum, false, List.of()).address(along.subscripts()));
        return Value.number("(%s * %s - %s)".formatted(literal(2), value(left.left()).code(),
                cast(program.precision().element(), array + "[" + position + "]")));
    }

    private Value read(Read read) {
        if (walksDownColumns(read)) {
            Tensor transposed = program.transposed(read.tensor());
            String array = parameters.workspace(transposed.name(), transposed.name(),
                    "const " + program.precision().element());
            String position = address(new Storage(transposed, false, List.of()).address(read.subscripts().reversed()));
            return Value.number(cast(program.precision().element(), array + "[" + position + "]"));
        }
        Storage storage = program.storage(read.tensor());
        String array = parameters.array(read.tensor());
        String position = read.tensor().axes().isEmpty() ? "0" : address(storage.address(read.subscripts()));
        return Value.number(cast(program.elementType(read.tensor()), array + "[" + position + "]"));
    }

    // Addresses

    /** An address: the part that an outer loop knows is computed there. */
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
                case IntegerDomain range -> "mcrc_clamp(" + integer(lookup.components().getFirst().plus(-range.low()))
                        + ", " + Math.max(0, range.size() - 1) + ")";
                case VectorDomain set -> "mcrc_clamp(" + integers.position(lookup.components(), set) + ", "
                        + Math.max(0, set.size() - 1) + ")";
            };
            String name = names.fresh("position");
            scope.line("const int " + name + " = " + (lookup.stride() == 1 ? ordinal : lookup.stride() + " * " + ordinal)
                    + ";");
            known = Value.number(name);
            scope.name(lookup, known);
        }
        scope = current;
        return known.code();
    }

    /** A form as an expression of type int: terms of outer loops are summed there and have a name. */
    String integer(IndexForm form) {
        return integers.write(form);
    }

    /** What CUDA adds to {@link IntegerForms}. */
    private final class Integers implements IntegerForms.Writer {
        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public String name(Object key, String suggestion, String value, int depth) {
            String name = names.fresh(suggestion);
            scope.at(depth).line("const int " + name + " = " + value + ";");
            scope.at(depth).name(key, Value.number(name));
            return name;
        }

        @Override
        public String floorDivide(String dividend, int divisor) {
            return "mcrc_floor_divide(" + dividend + ", " + divisor + ")";
        }

        @Override
        public String position(List<String> vector, VectorDomain set) {
            VectorPlaces places = program.places(set);
            return "mcrc_position(" + parameters.integers(places.positionsName(), places.positions()) + ", "
                    + String.join(", ", vector) + places.box() + ")";
        }

        @Override
        public String component(VectorDomain set, int component, String position) {
            return axis(set, component) + "[" + position + "]";
        }

        @Override
        public String componentOrZero(VectorDomain set, int component, String position) {
            return "mcrc_component(" + axis(set, component) + ", " + set.size() + ", " + position + ")";
        }

        private String axis(VectorDomain set, int component) {
            VectorPlaces places = program.places(set);
            return parameters.integers(places.axisName(component), places.axis(component));
        }
    }

    // Operators

    private static Value unary(Unary node, Value operand) {
        String x = operand.code();
        return switch (node.operator()) {
            case NEGATE -> Value.number("-" + parenthesized(x));
            case NOT -> new Value("!" + parenthesized(x), true);
            case ABS, SQRT, EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, RELU, SIGN, STEP, FLOOR,
                    LGAMMA, DIGAMMA -> Value.number("mcrc_" + node.operator().symbol() + "(" + bare(x) + ")");
        };
    }

    private static String parenthesized(String code) {
        return IntegerForms.isName(code) || code.startsWith("(") && closes(code) ? code : "(" + code + ")";
    }

    /** Without the parentheses around all of it: where it stands alone. */
    private static String bare(String code) {
        return code.startsWith("(") && closes(code) ? code.substring(1, code.length() - 1) : code;
    }

    /** Whether the parenthesis with which it begins is closed at its end. */
    private static boolean closes(String code) {
        int open = 0;
        for (int k = 0; k < code.length(); k++) {
            open += code.charAt(k) == '(' ? 1 : code.charAt(k) == ')' ? -1 : 0;
            if (open == 0) {
                return k == code.length() - 1;
            }
        }
        return false;
    }

    private Value binary(Binary node) {
        if (node.operator() == BinaryOperator.POWER && node.right() instanceof Constant(double exponent)
                && exponent == Math.rint(exponent) && Math.abs(exponent) <= LARGEST_POWER) {
            return power(value(node.left()), (int) exponent);
        }
        Value fromBoth = differenceFromBoth(node);
        if (fromBoth != null) {
            return fromBoth;
        }
        String a = value(node.left()).code();
        String b = value(node.right()).code();
        if (node.operator() == BinaryOperator.DIVIDE && node.left() instanceof Constant(double dividend) && dividend == 1) {
            return Value.number(reciprocal(b));
        }
        String code = switch (node.operator()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL ->
                    "(" + a + " " + node.operator().symbol() + " " + b + ")";
            case POWER -> "mcrc_power(" + bare(a) + ", " + bare(b) + ")";
            case ATAN2 -> "mcrc_atan2(" + bare(a) + ", " + bare(b) + ")";
            case MINIMUM -> "mcrc_minimum(" + bare(a) + ", " + bare(b) + ")";
            case MAXIMUM -> "mcrc_maximum(" + bare(a) + ", " + bare(b) + ")";
            case POLYGAMMA -> "mcrc_polygamma(static_cast<int>(" + bare(a) + "), " + bare(b) + ")";
            case AND -> "(" + a + " && " + b + ")";
            case OR -> "(" + a + " || " + b + ")";
        };
        return new Value(code, node.operator().isLogical());
    }

    private Value power(Value base, int exponent) {
        if (exponent == 0) {
            return Value.number(literal(1));
        }
        String product = base.code();
        if (!IntegerForms.isName(product)) {
            product = names.fresh("factor");
            line("const %s %s = %s;", number, product, base.code());
        }
        String result = null;
        for (int rest = Math.abs(exponent); rest > 0; rest /= 2) {
            if (rest % 2 == 1) {
                result = result == null ? product : result + " * " + product;
            }
            if (rest > 1) {
                String square = names.fresh("square");
                line("const %s %s = %s * %s;", number, square, product, product);
                product = square;
            }
        }
        return Value.number(exponent < 0 ? reciprocal("(" + result + ")") : "(" + result + ")");
    }

    private String reciprocal(String code) {
        return number.equals("float") ? "mcrc_reciprocal(" + bare(code) + ")" : "(" + literal(1) + " / " + code + ")";
    }

    // Reductions inside an expression

    /** Writes the loops of a reduction into the current scope; its value is a variable there. */
    private Value reduction(Reduce reduce) {
        String total = names.fresh(reduce.operator().symbol() + "_value");
        ReductionOperator operator = reduce.operator();
        boolean position = operator == ReductionOperator.ARGMAX || operator == ReductionOperator.ARGMIN;
        String at = position ? names.fresh("position") : null;
        line("%s %s = %s;", number, total, literal(Reductions.start(operator)));
        if (position) {
            line("int %s = -1;", at);
        }
        Map<Expression, Integer> outerUses = new IdentityHashMap<>(uses);
        reduce.indices().forEach(this::openLoop);
        boolean guarded = !Expressions.isAlways(reduce.guard());
        String guard = guarded ? value(reduce.guard()).code() : null;
        if (guarded) {
            open();
        }
        String body = value(reduce.body()).code();
        if (position) {
            String candidate = names.fresh("candidate");
            line("const %s %s = %s;", number, candidate, body);
            open();
            line("%s = %s;", total, candidate);
            line("%s = %s;", at, integer(IndexForm.position(reduce.indices())));
            close("if (%s %s %s || %s < 0)", candidate, operator == ReductionOperator.ARGMAX ? ">" : "<", total, at);
        } else {
            line("%s = %s;", total, Reductions.combined(operator, total, body));
        }
        if (guarded) {
            close("if (%s)", guard);
        }
        reduce.indices().reversed().forEach(this::closeLoop);
        uses.putAll(outerUses);
        return Value.number(position ? cast("int", at) : total);
    }
}
