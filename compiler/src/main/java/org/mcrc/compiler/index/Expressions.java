package org.mcrc.compiler.index;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The factories of expression nodes, and walks over them that visit a shared node once.
 *
 * <p>The factories intern: the same call gives the same object. They do not simplify.
 */
public final class Expressions {
    private record Key(Class<?> type, Object first, Object second, Object third, Object fourth) {}

    private static final class Entry extends WeakReference<Expression> {
        private final Key key;

        Entry(Key key, Expression value) {
            super(value, COLLECTED);
            this.key = key;
        }
    }

    private static final ReferenceQueue<Expression> COLLECTED = new ReferenceQueue<>();
    private static final Map<Key, Entry> NODES = new ConcurrentHashMap<>();

    /** The free indices of nodes that were asked for: passes ask for them node by node. */
    private static final Map<Expression, Set<Index>> FREE_INDICES = Collections.synchronizedMap(new WeakHashMap<>());

    private Expressions() {}

    private static Expression intern(Key key, Expression candidate) {
        for (Object gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            Entry entry = (Entry) gone;
            NODES.remove(entry.key, entry);
        }
        while (true) {
            Entry present = NODES.computeIfAbsent(key, k -> new Entry(k, candidate));
            Expression node = present.get();
            if (node != null) {
                return node;
            }
            NODES.remove(key, present);
        }
    }

    public static Expression constant(double value) {
        return intern(new Key(Constant.class, Double.doubleToLongBits(value), null, null, null), new Constant(value));
    }

    /** The truth value as an expression. */
    public static Expression truth(boolean value) {
        return binary(BinaryOperator.EQUAL, constant(0), constant(value ? 0 : 1));
    }

    /** The condition that always holds: the guard of a reduction that has none. */
    public static Expression always() {
        return truth(true);
    }

    public static boolean isAlways(Expression condition) {
        return condition == truth(true);
    }

    public static boolean isNever(Expression condition) {
        return condition == truth(false);
    }

    public static Expression argument(String name) {
        return intern(new Key(Argument.class, name, null, null, null), new Argument(name));
    }

    public static Expression coordinate(IndexForm form) {
        return form.isConstant() ? constant(form.constant())
                : intern(new Key(Coordinate.class, form, null, null, null), new Coordinate(form));
    }

    public static Expression member(List<IndexForm> vector, VectorDomain domain) {
        if (vector.stream().allMatch(IndexForm::isConstant)) {
            return truth(domain.ordinal(vector.stream().mapToInt(IndexForm::constant).toArray()) >= 0);
        }
        return intern(new Key(Member.class, List.copyOf(vector), domain, null, null), new Member(vector, domain));
    }

    /** An element of a tensor; see {@link Read} for the subscripts. */
    public static Expression read(Tensor tensor, List<List<IndexForm>> subscripts) {
        Read node = new Read(tensor, subscripts);
        return intern(new Key(Read.class, tensor, node.subscripts(), null, null), node);
    }

    /** A tensor at the values of these indices. */
    public static Expression readAt(Tensor tensor, List<Index> indices) {
        return read(tensor, indices.stream().map(IndexForm::of).toList());
    }

    public static Expression unary(org.mcrc.compiler.index.UnaryOperator operator, Expression operand) {
        return intern(new Key(Unary.class, operator, operand, null, null), new Unary(operator, operand));
    }

    public static Expression binary(BinaryOperator operator, Expression left, Expression right) {
        return intern(new Key(Binary.class, operator, left, right, null), new Binary(operator, left, right));
    }

    public static Expression select(Expression condition, Expression then, Expression otherwise) {
        return intern(new Key(Select.class, condition, then, otherwise, null), new Select(condition, then, otherwise));
    }

    public static Expression reduce(ReductionOperator operator, List<Index> indices, Expression guard, Expression body) {
        return intern(new Key(Reduce.class, operator, List.copyOf(indices), guard, body),
                new Reduce(operator, indices, guard, body));
    }

    public static Expression sum(List<Index> indices, Expression guard, Expression body) {
        return reduce(ReductionOperator.SUM, indices, guard, body);
    }

    public static Expression withDerivative(Expression value, Expression argument, Expression derivative) {
        return intern(new Key(WithDerivative.class, value, argument, derivative, null),
                new WithDerivative(value, argument, derivative));
    }

    public static Expression add(Expression left, Expression right) {
        return binary(BinaryOperator.ADD, left, right);
    }

    public static Expression subtract(Expression left, Expression right) {
        return binary(BinaryOperator.SUBTRACT, left, right);
    }

    public static Expression multiply(Expression left, Expression right) {
        return binary(BinaryOperator.MULTIPLY, left, right);
    }

    public static Expression divide(Expression left, Expression right) {
        return binary(BinaryOperator.DIVIDE, left, right);
    }

    public static Expression negate(Expression operand) {
        return unary(org.mcrc.compiler.index.UnaryOperator.NEGATE, operand);
    }

    public static Expression and(Expression left, Expression right) {
        return isAlways(left) ? right : isAlways(right) ? left : binary(BinaryOperator.AND, left, right);
    }

    public static Expression not(Expression operand) {
        return unary(org.mcrc.compiler.index.UnaryOperator.NOT, operand);
    }

    /** The same node with other operands, in the order of {@link Expression#children}. */
    public static Expression withChildren(Expression node, List<Expression> children) {
        return switch (node) {
            case Constant _, Argument _, Coordinate _, Member _, Read _ -> node;
            case Unary unary -> unary(unary.operator(), children.get(0));
            case Binary binary -> binary(binary.operator(), children.get(0), children.get(1));
            case Select _ -> select(children.get(0), children.get(1), children.get(2));
            case Reduce reduce -> reduce(reduce.operator(), reduce.indices(), children.get(0), children.get(1));
            case WithDerivative _ -> withDerivative(children.get(0), children.get(1), children.get(2));
        };
    }

    /** Rebuilds from the leaves up: {@code rule} sees every node once, after its operands. */
    public static Expression rewrite(Expression root, UnaryOperator<Expression> rule) {
        return rewrite(root, rule, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /**
     * The same, but for nodes of {@code resting}, which stay as they are. Nodes that come out as they went in are added to it:
     * for a rule that sees nothing but a node and what it is made of, they need not be looked at another time.
     */
    public static Expression rewrite(Expression root, UnaryOperator<Expression> rule, Set<Expression> resting) {
        return rewrite(root, rule, resting, new IdentityHashMap<>());
    }

    private static Expression rewrite(Expression node, UnaryOperator<Expression> rule, Set<Expression> resting,
            Map<Expression, Expression> done) {
        if (resting.contains(node)) {
            return node;
        }
        Expression known = done.get(node);
        if (known != null) {
            return known;
        }
        List<Expression> children = new ArrayList<>();
        boolean changed = false;
        for (Expression child : node.children()) {
            Expression rewritten = rewrite(child, rule, resting, done);
            changed |= rewritten != child;
            children.add(rewritten);
        }
        Expression result = rule.apply(changed ? withChildren(node, children) : node);
        done.put(node, result);
        if (!changed && result == node) {
            resting.add(node);
        }
        return result;
    }

    /** Every node reachable from {@code root}, operands before what uses them. */
    public static Set<Expression> nodes(Expression root) {
        Set<Expression> found = new LinkedHashSet<>();
        collect(root, found);
        return found;
    }

    private static void collect(Expression node, Set<Expression> found) {
        if (found.contains(node)) {
            return;
        }
        node.children().forEach(child -> collect(child, found));
        found.add(node);
    }

    /** How many nodes an expression has when what it shares is written as often as it is used; there may be very many. */
    public static long writtenOut(Expression root) {
        return writtenOut(root, new IdentityHashMap<>());
    }

    private static long writtenOut(Expression node, Map<Expression, Long> known) {
        Long before = known.get(node);
        if (before != null) {
            return before;
        }
        long count = 1;
        for (Expression child : node.children()) {
            long more = writtenOut(child, known);
            count = count > Long.MAX_VALUE - more ? Long.MAX_VALUE : count + more;
        }
        known.put(node, count);
        return count;
    }

    /** Every read in an expression, each once. */
    public static List<Read> reads(Expression root) {
        return nodes(root).stream().filter(Read.class::isInstance).map(Read.class::cast).toList();
    }

    /** The indices that occur free: neither bound by a reduction inside nor absent. */
    public static Set<Index> freeIndices(Expression root) {
        Set<Index> known = FREE_INDICES.get(root);
        if (known != null) {
            return known;
        }
        Set<Index> free = new LinkedHashSet<>();
        forms(root).forEach(form -> free.addAll(form.indices()));
        Set<Index> ofChild = Set.of();
        for (Expression child : root.children()) {
            ofChild = freeIndices(child);
            free.addAll(ofChild);
        }
        if (root instanceof Reduce reduce) {
            reduce.indices().forEach(free::remove);
        }
        Set<Index> result = List.copyOf(free).equals(List.copyOf(ofChild)) ? ofChild : Collections.unmodifiableSet(free);
        FREE_INDICES.put(root, result);
        return result;
    }

    /** The index forms that stand in the node itself. */
    public static List<IndexForm> forms(Expression node) {
        return switch (node) {
            case Coordinate coordinate -> List.of(coordinate.form());
            case Member member -> member.vector();
            case Read read -> read.subscripts().stream().flatMap(List::stream).toList();
            case Constant _, Argument _, Unary _, Binary _, Select _, Reduce _, WithDerivative _ -> List.of();
        };
    }

    /**
     * Replaces free indices by forms. Subscripts into a grid wrap by themselves; where the position of a pixel is used
     * as a number, the replacement is wrapped into the grid.
     *
     * @param replacements for each replaced index the components of its new value
     */
    public static Expression substitute(Expression root, Map<Index, List<IndexForm>> replacements) {
        if (replacements.isEmpty()) {
            return root;
        }
        Map<IndexForm, IndexForm> subscripts = new HashMap<>();
        Map<IndexForm, IndexForm> numbers = new HashMap<>();
        Function<IndexForm.Component, IndexForm> plain = component -> {
            List<IndexForm> value = replacements.get(component.index());
            return value == null ? null : value.get(component.component());
        };
        Function<IndexForm.Component, IndexForm> wrapped = component -> {
            IndexForm value = plain.apply(component);
            if (value == null || !(component.index().domain() instanceof Grid grid)) {
                return value;
            }
            long[] bounds = value.bounds();
            int extent = grid.extent(component.component());
            return bounds[0] >= 0 && bounds[1] < extent ? value : value.floorModulo(extent);
        };
        UnaryOperator<IndexForm> inSubscript = form -> subscripts.computeIfAbsent(form, f -> f.substitute(plain));
        UnaryOperator<IndexForm> asNumber = form -> numbers.computeIfAbsent(form, f -> f.substitute(wrapped));
        return rewrite(root, node -> switch (node) {
            case Coordinate coordinate -> coordinate(asNumber.apply(coordinate.form()));
            case Member member -> member(member.vector().stream().map(asNumber).toList(), member.domain());
            case Read read -> {
                List<List<IndexForm>> replaced = new ArrayList<>();
                for (int axis = 0; axis < read.subscripts().size(); axis++) {
                    UnaryOperator<IndexForm> use = read.tensor().axes().get(axis) instanceof Grid ? inSubscript : asNumber;
                    replaced.add(read.subscripts().get(axis).stream().map(use).toList());
                }
                yield read(read.tensor(), replaced);
            }
            case Constant _, Argument _, Unary _, Binary _, Select _, Reduce _, WithDerivative _ -> node;
        });
    }
}
