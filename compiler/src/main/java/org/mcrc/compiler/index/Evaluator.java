package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives a program its meaning, in double precision: what every other way to run it is tested against.
 *
 * <p>Expressions are compiled to closures once; an evaluation then loops over the axes of each definition that is asked
 * for. Sums are compensated (Neumaier 1974) and every order is fixed, so results are the same from run to run.
 *
 * <p>Conventions: a guard that is false leaves its term unevaluated; {@code select}, {@code and} and {@code or} look
 * only at what they need; an array is in C order of its axes, a grid expanded in place. The position that
 * {@code argmax} and {@code argmin} give counts all index values, those that the guard leaves out included.
 * A read outside of a finite axis is a defect of the compiler and throws {@link IllegalStateException}.
 *
 * <p>An evaluator may be used by several threads at once after its construction.
 */
public final class Evaluator {
    /** The memory that the arrays of one evaluation may take, in bytes, unless told otherwise. */
    public static final long DEFAULT_LIMIT = 2L << 30;

    private static final double GIBIBYTE = 1L << 30;

    private final IndexProgram program;
    private final long limit;
    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Set<String>> reads = new HashMap<>();
    private final Map<String, CompiledDefinition> compiled = new HashMap<>();
    private final ExpressionCompiler compiler;

    public Evaluator(IndexProgram program) {
        this(program, DEFAULT_LIMIT);
    }

    /** @param limit the memory that the arrays of one evaluation may take, in bytes */
    public Evaluator(IndexProgram program, long limit) {
        this.program = program;
        this.limit = limit;
        program.fields().forEach(field -> declare(field.tensor()));
        program.data().forEach(data -> declare(data.tensor()));
        program.targets().forEach(this::declare);
        program.definitions().forEach(definition -> declare(definition.tensor()));
        compiler = new ExpressionCompiler(slots, program.arguments());
        for (Definition definition : program.definitions()) {
            reads.put(definition.name(), Expressions.reads(definition.body()).stream().map(read -> read.tensor().name())
                    .collect(Collectors.toSet()));
        }
    }

    private void declare(Tensor tensor) {
        slots.put(tensor.name(), slots.size());
        tensors.put(tensor.name(), tensor);
    }

    public IndexProgram program() {
        return program;
    }

    /** The values of everything that the program asks for: outputs, reports, penalties, error, loss and gradients. */
    public Map<String, double[]> evaluate(Map<String, double[]> fields, Map<String, double[]> targets) {
        return evaluate(fields, targets, program.roots().stream().map(Tensor::name).collect(Collectors.toSet()));
    }

    /**
     * The values of tensors.
     *
     * @param fields the fields' values by name, in C order
     * @param targets the targets' values by the name of their tensor; those that nothing wanted needs may be absent
     * @param wanted names of tensors
     * @throws IllegalArgumentException where a name or a size is wrong, or where it would take more memory than allowed
     */
    public Map<String, double[]> evaluate(Map<String, double[]> fields, Map<String, double[]> targets,
            Set<String> wanted) {
        Set<String> needed = needed(wanted);
        memoryRefusal(needed).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        Frame frame = new Frame(slots.size());
        program.fields().forEach(field -> give(frame, field.tensor(), fields.get(field.name()), needed));
        program.data().forEach(data -> give(frame, data.tensor(), data.values(), needed));
        program.targets().forEach(target -> give(frame, target, targets.get(target.name()), needed));
        for (Definition definition : program.definitions()) {
            if (needed.contains(definition.name())) {
                compiledDefinition(frame, definition).run(frame);
            }
        }
        Map<String, double[]> values = new LinkedHashMap<>();
        for (String name : slots.keySet()) {
            if (wanted.contains(name)) {
                values.put(name, frame.arrays[slots.get(name)]);
            }
        }
        return values;
    }

    private synchronized CompiledDefinition compiledDefinition(Frame frame, Definition definition) {
        CompiledDefinition known = compiled.get(definition.name());
        if (known == null) {
            known = new CompiledDefinition(definition);
            compiled.put(definition.name(), known);
        }
        compiler.extend(frame);
        return known;
    }

    private Set<String> needed(Set<String> wanted) {
        for (String name : wanted) {
            if (!tensors.containsKey(name)) {
                throw new IllegalArgumentException("the program has no tensor " + name);
            }
        }
        Set<String> needed = new HashSet<>(wanted);
        List<Definition> definitions = program.definitions();
        for (int i = definitions.size() - 1; i >= 0; i--) {
            if (needed.contains(definitions.get(i).name())) {
                needed.addAll(reads.get(definitions.get(i).name()));
            }
        }
        return needed;
    }

    /** Why these tensors cannot be evaluated within the limit of memory, with the amount; empty if they can. */
    public Optional<String> refusal(Set<String> wanted) {
        return memoryRefusal(needed(wanted));
    }

    private Optional<String> memoryRefusal(Set<String> needed) {
        double bytes = 0;
        double most = 0;
        String largest = "";
        for (String name : needed) {
            // As real numbers: the number of elements may be larger than any integer type.
            double size = tensors.get(name).axes().stream().mapToDouble(Domain::size).reduce(1, (a, b) -> a * b);
            bytes += Double.BYTES * size;
            if (size > most) {
                most = size;
                largest = name;
            }
        }
        if (bytes <= limit && most <= Integer.MAX_VALUE - 8) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT,
                "evaluating it element by element would take %.1f GiB of memory, %.1f GiB of them for %s;"
                        + " %.1f GiB are available",
                bytes / GIBIBYTE, most * Double.BYTES / GIBIBYTE, largest, limit / GIBIBYTE));
    }

    private void give(Frame frame, Tensor tensor, double[] values, Set<String> needed) {
        if (!needed.contains(tensor.name())) {
            return;
        }
        if (values == null) {
            throw new IllegalArgumentException("no values for " + tensor.name());
        }
        if (values.length != tensor.size()) {
            throw new IllegalArgumentException(
                    tensor.name() + " has " + tensor.size() + " elements, not " + values.length);
        }
        frame.arrays[slots.get(tensor.name())] = values;
    }

    /** The state of one evaluation: where the loops are, and what was computed there. */
    private static final class Frame {
        /** For each index its components and then its position in its domain. */
        int[] indices;
        /** For each index a number that changes whenever its value does, greater than all before it. */
        long[] stamps;
        double[] kept;
        long[] keptAt;
        final double[][] arrays;
        long clock = 1;

        Frame(int arrays) {
            this.arrays = new double[arrays][];
            indices = new int[0];
            stamps = new long[0];
            kept = new double[0];
            keptAt = new long[0];
        }
    }

    @FunctionalInterface
    private interface Scalar {
        double at(Frame frame);
    }

    @FunctionalInterface
    private interface Form {
        int at(int[] indices);
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(Frame frame, int position);
    }

    /** One index as a loop. */
    private static final class Loop {
        private final Domain domain;
        private final int slot;
        private final int components;
        private final int stamp;

        Loop(Domain domain, int slot, int stamp) {
            this.domain = domain;
            this.slot = slot;
            this.components = domain.components();
            this.stamp = stamp;
        }

        void each(Frame frame, Visitor visitor) {
            int[] indices = frame.indices;
            int size = domain.size();
            if (domain instanceof Grid) {
                for (int c = 0; c < components; c++) {
                    indices[slot + c] = 0;
                }
            }
            for (int ordinal = 0; ordinal < size; ordinal++) {
                indices[slot + components] = ordinal;
                if (domain instanceof FiniteDomain finite) {
                    for (int c = 0; c < components; c++) {
                        indices[slot + c] = finite.component(ordinal, c);
                    }
                }
                frame.stamps[stamp] = ++frame.clock;
                visitor.visit(frame, ordinal);
                if (domain instanceof Grid grid) {
                    for (int c = components - 1; c >= 0 && ++indices[slot + c] == grid.extent(c); c--) {
                        indices[slot + c] = 0;
                    }
                }
            }
        }
    }

    /** Visits all index tuples in order, the last index fastest, with their position in that order. */
    private static void each(List<Loop> loops, int depth, Frame frame, int position, Visitor visitor) {
        if (depth == loops.size()) {
            visitor.visit(frame, position);
            return;
        }
        Loop loop = loops.get(depth);
        int size = loop.domain.size();
        if (depth == loops.size() - 1) {
            loop.each(frame, (f, ordinal) -> visitor.visit(f, position * size + ordinal));
        } else {
            loop.each(frame, (f, ordinal) -> each(loops, depth + 1, f, position * size + ordinal, visitor));
        }
    }

    private final class CompiledDefinition {
        private final int slot;
        private final int size;
        private final List<Loop> loops;
        private final Scalar body;

        CompiledDefinition(Definition definition) {
            slot = slots.get(definition.name());
            size = Math.toIntExact(definition.tensor().size());
            loops = definition.axes().stream().map(compiler::loop).toList();
            body = compiler.compile(definition);
        }

        void run(Frame frame) {
            double[] values = new double[size];
            each(loops, 0, frame, 0, (f, position) -> values[position] = body.at(f));
            frame.arrays[slot] = values;
        }
    }

    /** Combines terms one after the other. */
    private abstract static class Accumulator {
        abstract void add(double term, int position);

        abstract double result();

        static Accumulator of(ReductionOperator operator) {
            return switch (operator) {
                case SUM -> new Sum();
                case PRODUCT -> new Product();
                case MAXIMUM -> new Extremum(1, false);
                case MINIMUM -> new Extremum(-1, false);
                case ARGMAX -> new Extremum(1, true);
                case ARGMIN -> new Extremum(-1, true);
            };
        }
    }

    private static final class Sum extends Accumulator {
        private double sum;
        private double compensation;

        @Override
        void add(double term, int position) {
            double next = sum + term;
            compensation += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
            sum = next;
        }

        @Override
        double result() {
            // Where the sum is infinite the compensation is not a number.
            return Double.isFinite(sum) ? sum + compensation : sum;
        }
    }

    private static final class Product extends Accumulator {
        private double product = 1;

        @Override
        void add(double term, int position) {
            product *= term;
        }

        @Override
        double result() {
            return product;
        }
    }

    /** The greatest term, or the least one as the greatest of the negated; the first of equal ones. */
    private static final class Extremum extends Accumulator {
        private final double sign;
        private final boolean wantsPosition;
        private double best = Double.NEGATIVE_INFINITY;
        private int bestPosition = -1;

        Extremum(double sign, boolean wantsPosition) {
            this.sign = sign;
            this.wantsPosition = wantsPosition;
        }

        @Override
        void add(double term, int position) {
            double signed = sign * term;
            // What is not a number stays: no comparison with it holds.
            if (bestPosition < 0 || signed > best || Double.isNaN(signed) && !Double.isNaN(best)) {
                best = signed;
                bestPosition = position;
            }
        }

        @Override
        double result() {
            return wantsPosition ? bestPosition : sign * best;
        }
    }

    /** Makes closures of expressions. Shared nodes and nodes that an inner loop does not change are computed once. */
    private static final class ExpressionCompiler {
        private final Map<String, Integer> arrays;
        private final Map<String, Double> arguments;
        private final Map<Index, Loop> loops = new IdentityHashMap<>();
        private final Map<VectorDomain, Lookup> lookups = new HashMap<>();
        private final Map<Expression, Set<Index>> free = new IdentityHashMap<>();
        private Map<Expression, Scalar> done;
        private Set<Expression> keep;
        private int indexSlots;
        private int keptSlots;

        ExpressionCompiler(Map<String, Integer> arrays, Map<String, Double> arguments) {
            this.arrays = arrays;
            this.arguments = arguments;
        }

        /** Gives the frame room for what was compiled since it was made. */
        void extend(Frame frame) {
            frame.indices = Arrays.copyOf(frame.indices, indexSlots);
            frame.stamps = Arrays.copyOf(frame.stamps, loops.size());
            frame.kept = Arrays.copyOf(frame.kept, keptSlots);
            frame.keptAt = Arrays.copyOf(frame.keptAt, keptSlots);
        }

        Loop loop(Index index) {
            Loop known = loops.get(index);
            if (known == null) {
                known = new Loop(index.domain(), indexSlots, loops.size());
                indexSlots += index.domain().components() + 1;
                loops.put(index, known);
            }
            return known;
        }

        Scalar compile(Definition definition) {
            done = new IdentityHashMap<>();
            keep = worthKeeping(definition);
            return compile(definition.body());
        }

        /** Nodes with several uses, and nodes that do not depend on the fastest index where they stand. */
        private Set<Expression> worthKeeping(Definition definition) {
            Set<Expression> found = Collections.newSetFromMap(new IdentityHashMap<>());
            Map<Expression, Integer> uses = new IdentityHashMap<>();
            for (Expression node : Expressions.nodes(definition.body())) {
                for (Expression child : node.children()) {
                    boolean varies = node instanceof Reduce reduce
                            ? !reduce.indices().isEmpty() && free(child).contains(reduce.indices().getLast())
                            : free(child).equals(free(node));
                    if (uses.merge(child, 1, Integer::sum) > 1 || !varies) {
                        found.add(child);
                    }
                }
            }
            found.removeIf(node -> node.children().isEmpty());
            return found;
        }

        private Set<Index> free(Expression node) {
            Set<Index> known = free.get(node);
            if (known == null) {
                known = Expressions.freeIndices(node);
                free.put(node, known);
            }
            return known;
        }

        private Scalar compile(Expression node) {
            Scalar known = done.get(node);
            if (known == null) {
                Scalar plain = plain(node);
                known = keep.contains(node) ? kept(node, plain) : plain;
                done.put(node, known);
            }
            return known;
        }

        private Scalar kept(Expression node, Scalar plain) {
            int slot = keptSlots++;
            int[] depends = free(node).stream().mapToInt(index -> loop(index).stamp).toArray();
            return frame -> {
                // Of the loops around, the innermost has the greatest stamp, and it determines the others'.
                long now = 1;
                for (int stamp : depends) {
                    now = Math.max(now, frame.stamps[stamp]);
                }
                if (frame.keptAt[slot] != now) {
                    frame.kept[slot] = plain.at(frame);
                    frame.keptAt[slot] = now;
                }
                return frame.kept[slot];
            };
        }

        private Scalar plain(Expression node) {
            return switch (node) {
                case Constant constant -> {
                    double value = constant.value();
                    yield frame -> value;
                }
                case Argument argument -> {
                    Double value = arguments.get(argument.name());
                    if (value == null) {
                        throw new IllegalStateException("argument " + argument.name() + " has no value");
                    }
                    double number = value;
                    yield frame -> number;
                }
                case Coordinate coordinate -> {
                    Form form = form(coordinate.form());
                    yield frame -> form.at(frame.indices);
                }
                case Member member -> {
                    Form ordinal = ordinal(member.vector(), member.domain());
                    yield frame -> ordinal.at(frame.indices) >= 0 ? 1 : 0;
                }
                case Read read -> read(read);
                case Unary unary -> unary(unary);
                case Binary binary -> binary(binary);
                case Select select -> {
                    Scalar condition = compile(select.condition());
                    Scalar then = compile(select.then());
                    Scalar otherwise = compile(select.otherwise());
                    yield frame -> condition.at(frame) != 0 ? then.at(frame) : otherwise.at(frame);
                }
                case Reduce reduce -> reduce(reduce);
                case WithDerivative with -> compile(with.value());
            };
        }

        private Scalar unary(Unary unary) {
            UnaryOperator operator = unary.operator();
            Scalar operand = compile(unary.operand());
            return operator == UnaryOperator.NEGATE ? frame -> -operand.at(frame)
                    : frame -> ScalarOperations.apply(operator, operand.at(frame));
        }

        private Scalar binary(Binary binary) {
            Scalar left = compile(binary.left());
            Scalar right = compile(binary.right());
            return switch (binary.operator()) {
                case ADD -> frame -> left.at(frame) + right.at(frame);
                case SUBTRACT -> frame -> left.at(frame) - right.at(frame);
                case MULTIPLY -> frame -> left.at(frame) * right.at(frame);
                case DIVIDE -> frame -> left.at(frame) / right.at(frame);
                case AND -> frame -> left.at(frame) != 0 && right.at(frame) != 0 ? 1 : 0;
                case OR -> frame -> left.at(frame) != 0 || right.at(frame) != 0 ? 1 : 0;
                case POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL -> {
                    BinaryOperator operator = binary.operator();
                    yield frame -> ScalarOperations.apply(operator, left.at(frame), right.at(frame));
                }
            };
        }

        private Scalar reduce(Reduce reduce) {
            ReductionOperator operator = reduce.operator();
            List<Loop> bound = reduce.indices().stream().map(this::loop).toList();
            Scalar body = compile(reduce.body());
            Scalar guard = Expressions.isAlways(reduce.guard()) ? null : compile(reduce.guard());
            double terms = bound.stream().mapToDouble(loop -> loop.domain.size()).reduce(1, (a, b) -> a * b);
            if (terms > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("evaluating it element by element would take sums of "
                        + String.format(Locale.ROOT, "%.1e", terms) + " terms");
            }
            return frame -> {
                Accumulator accumulator = Accumulator.of(operator);
                each(bound, 0, frame, 0, (f, position) -> {
                    if (guard == null || guard.at(f) != 0) {
                        accumulator.add(body.at(f), position);
                    }
                });
                return accumulator.result();
            };
        }

        private Scalar read(Read read) {
            int array = arrays.get(read.tensor().name());
            int axes = read.subscripts().size();
            Form[] positions = new Form[axes];
            int[] sizes = new int[axes];
            for (int axis = 0; axis < axes; axis++) {
                Domain domain = read.tensor().axes().get(axis);
                positions[axis] = position(read.subscripts().get(axis), domain);
                sizes[axis] = domain.size();
            }
            return frame -> {
                int offset = 0;
                for (int axis = 0; axis < positions.length; axis++) {
                    int position = positions[axis].at(frame.indices);
                    if (position < 0) {
                        throw new IllegalStateException(read + " is read outside of axis " + (axis + 1));
                    }
                    offset = offset * sizes[axis] + position;
                }
                return frame.arrays[array][offset];
            };
        }

        /** The position along an axis, -1 outside of it. */
        private Form position(List<IndexForm> subscript, Domain domain) {
            if (!subscript.isEmpty() && subscript.getFirst().indices().size() == 1) {
                Index index = subscript.getFirst().indices().iterator().next();
                if (index.domain().equals(domain) && subscript.equals(IndexForm.of(index))) {
                    Loop loop = loop(index);
                    int slot = loop.slot + loop.components;
                    return indices -> indices[slot];
                }
            }
            return switch (domain) {
                case Grid grid -> {
                    Form[] forms = subscript.stream().map(this::form).toArray(Form[]::new);
                    int[] extents = grid.extents().stream().mapToInt(Integer::intValue).toArray();
                    yield indices -> {
                        int flat = 0;
                        for (int axis = 0; axis < forms.length; axis++) {
                            flat = flat * extents[axis] + Math.floorMod(forms[axis].at(indices), extents[axis]);
                        }
                        return flat;
                    };
                }
                case IntegerDomain range -> {
                    Form form = form(subscript.getFirst());
                    yield indices -> {
                        int value = form.at(indices);
                        return value < range.low() || value > range.high() ? -1 : value - range.low();
                    };
                }
                case VectorDomain set -> ordinal(subscript, set);
            };
        }

        private Form ordinal(List<IndexForm> vector, VectorDomain domain) {
            Form[] forms = vector.stream().map(this::form).toArray(Form[]::new);
            Lookup lookup = lookups.computeIfAbsent(domain, Lookup::new);
            return indices -> lookup.ordinal(forms, indices);
        }

        private Form form(IndexForm form) {
            List<Form> terms = new ArrayList<>();
            form.terms().forEach((monomial, coefficient) -> {
                List<Form> factors = monomial.factors().stream().map(this::factor).toList();
                Form product = factors.getFirst();
                for (Form factor : factors.subList(1, factors.size())) {
                    Form left = product;
                    product = indices -> left.at(indices) * factor.at(indices);
                }
                Form whole = product;
                int times = coefficient;
                terms.add(times == 1 ? whole : indices -> times * whole.at(indices));
            });
            int constant = form.constant();
            if (terms.isEmpty()) {
                return indices -> constant;
            }
            Form sum = terms.getFirst();
            for (Form term : terms.subList(1, terms.size())) {
                Form left = sum;
                sum = indices -> left.at(indices) + term.at(indices);
            }
            Form total = sum;
            return constant == 0 ? total : indices -> total.at(indices) + constant;
        }

        private Form factor(IndexForm.Factor factor) {
            return switch (factor) {
                case IndexForm.Component component -> {
                    int slot = loop(component.index()).slot + component.component();
                    yield indices -> indices[slot];
                }
                case IndexForm.Quotient quotient -> {
                    Form dividend = form(quotient.dividend());
                    int divisor = quotient.divisor();
                    yield indices -> Math.floorDiv(dividend.at(indices), divisor);
                }
                case IndexForm.Ordinal ordinal -> ordinal(ordinal.vector(), ordinal.domain());
                case IndexForm.MemberComponent member -> {
                    Form position = form(member.position());
                    yield indices -> member.at(position.at(indices));
                }
            };
        }
    }

    /** From a vector to its position in a set, by a table over the set's bounding box. */
    private static final class Lookup {
        private static final long LARGEST_TABLE = 1 << 22;

        private final VectorDomain domain;
        private final int[] low;
        private final int[] extent;
        private final int[] table;

        Lookup(VectorDomain domain) {
            this.domain = domain;
            int dimension = domain.components();
            low = new int[dimension];
            extent = new int[dimension];
            long volume = 1;
            for (int c = 0; c < dimension; c++) {
                int least = Integer.MAX_VALUE;
                int greatest = Integer.MIN_VALUE;
                for (int i = 0; i < domain.size(); i++) {
                    least = Math.min(least, domain.component(i, c));
                    greatest = Math.max(greatest, domain.component(i, c));
                }
                low[c] = least;
                long length = domain.size() == 0 ? 0 : (long) greatest - least + 1;
                extent[c] = (int) Math.min(length, Integer.MAX_VALUE);
                volume = Math.min(LARGEST_TABLE + 1, volume * length);
            }
            table = volume > LARGEST_TABLE ? null : new int[(int) volume];
            if (table != null) {
                Arrays.fill(table, -1);
                for (int i = 0; i < domain.size(); i++) {
                    int position = 0;
                    for (int c = 0; c < dimension; c++) {
                        position = position * extent[c] + domain.component(i, c) - low[c];
                    }
                    table[position] = i;
                }
            }
        }

        int ordinal(Form[] vector, int[] indices) {
            if (table == null) {
                int[] components = new int[vector.length];
                for (int c = 0; c < vector.length; c++) {
                    components[c] = vector[c].at(indices);
                }
                return domain.ordinal(components);
            }
            int position = 0;
            for (int c = 0; c < vector.length; c++) {
                int offset = vector[c].at(indices) - low[c];
                if (offset < 0 || offset >= extent[c]) {
                    return -1;
                }
                position = position * extent[c] + offset;
            }
            return table[position];
        }
    }
}
