package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An integer as a polynomial in the components of indices, in canonical form: sums cancel, equal forms are equal
 * objects in the sense of {@link #equals}. Vector arithmetic is arithmetic on the components.
 */
public final class IndexForm {
    /** Something a form is a polynomial of. */
    public sealed interface Factor permits Component, Quotient, Ordinal, MemberComponent {}

    /** Component {@code component} (from 0) of an index: of a pixel's position, of a vector, or an integer itself. */
    public record Component(Index index, int component) implements Factor {}

    /** {@code dividend} divided by the positive constant {@code divisor}, rounded down. */
    public record Quotient(IndexForm dividend, int divisor) implements Factor {}

    /** The position of a vector in a set; -1 where it is no member. */
    public record Ordinal(List<IndexForm> vector, VectorDomain domain) implements Factor {
        public Ordinal {
            vector = List.copyOf(vector);
        }
    }

    /**
     * Component {@code component} (from 0) of the member of {@code domain} at {@code position}; 0 where there is none. Of a
     * set of pairs (position, value) it is a table: how functions of indices that are no polynomials become forms.
     */
    public record MemberComponent(IndexForm position, VectorDomain domain, int component) implements Factor {
        /** The value at a position. */
        public int at(int position) {
            return position < 0 || position >= domain.size() ? 0 : domain.component(position, component);
        }
    }

    /** A product of factors, in canonical order. */
    public record Monomial(List<Factor> factors) {
        public Monomial {
            factors = factors.stream().sorted(Comparator.comparing(IndexForm::key)).toList();
        }

        private String key() {
            return factors.stream().map(IndexForm::key).collect(Collectors.joining("*"));
        }
    }

    private static final Comparator<Monomial> ORDER = Comparator.comparing(Monomial::key);

    private final Map<Monomial, Integer> terms;
    private final int constant;

    private IndexForm(TreeMap<Monomial, Integer> terms, int constant) {
        terms.values().removeIf(coefficient -> coefficient == 0);
        this.terms = java.util.Collections.unmodifiableSortedMap(terms);
        this.constant = constant;
    }

    /** Equal for equal factors and for no others: what has the same key cancels. */
    private static String key(Factor factor) {
        return switch (factor) {
            case Component c -> "%019d.%d".formatted(c.index().serial(), c.component());
            case Quotient q -> "(" + q.dividend().key() + ")/" + q.divisor();
            case Ordinal o -> "#" + o.vector().stream().map(IndexForm::key).collect(Collectors.joining(","))
                    + "@" + o.domain().fingerprint();
            case MemberComponent m -> "[" + m.position().key() + "]" + m.component() + "@" + m.domain().fingerprint();
        };
    }

    private String key() {
        return terms.entrySet().stream().map(term -> term.getValue() + "*" + term.getKey().key())
                .collect(Collectors.joining("+")) + "+" + constant;
    }

    public static IndexForm constant(int value) {
        return new IndexForm(new TreeMap<>(ORDER), value);
    }

    public static IndexForm of(Factor factor) {
        TreeMap<Monomial, Integer> terms = new TreeMap<>(ORDER);
        terms.put(new Monomial(List.of(factor)), 1);
        return new IndexForm(terms, 0);
    }

    /** Component {@code component} (from 0) of {@code index}. */
    public static IndexForm of(Index index, int component) {
        return of(new Component(index, component));
    }

    /** The value of an index, component by component. */
    public static List<IndexForm> of(Index index) {
        List<IndexForm> components = new ArrayList<>();
        for (int c = 0; c < index.domain().components(); c++) {
            components.add(of(index, c));
        }
        return List.copyOf(components);
    }

    /** The terms with their coefficients, in canonical order, without the constant. */
    public Map<Monomial, Integer> terms() {
        return terms;
    }

    /** The constant term. */
    public int constant() {
        return constant;
    }

    public boolean isConstant() {
        return terms.isEmpty();
    }

    public IndexForm plus(IndexForm other) {
        TreeMap<Monomial, Integer> sum = new TreeMap<>(ORDER);
        sum.putAll(terms);
        other.terms.forEach((monomial, coefficient) -> sum.merge(monomial, coefficient, Math::addExact));
        return new IndexForm(sum, Math.addExact(constant, other.constant));
    }

    public IndexForm plus(int value) {
        return plus(constant(value));
    }

    public IndexForm minus(IndexForm other) {
        return plus(other.times(-1));
    }

    public IndexForm times(int factor) {
        TreeMap<Monomial, Integer> product = new TreeMap<>(ORDER);
        terms.forEach((monomial, coefficient) -> product.put(monomial, Math.multiplyExact(coefficient, factor)));
        return new IndexForm(product, Math.multiplyExact(constant, factor));
    }

    public IndexForm times(IndexForm other) {
        IndexForm product = times(other.constant);
        for (Map.Entry<Monomial, Integer> right : other.terms.entrySet()) {
            TreeMap<Monomial, Integer> partial = new TreeMap<>(ORDER);
            for (Map.Entry<Monomial, Integer> left : terms.entrySet()) {
                List<Factor> factors = new ArrayList<>(left.getKey().factors());
                factors.addAll(right.getKey().factors());
                partial.merge(new Monomial(factors), Math.multiplyExact(left.getValue(), right.getValue()),
                        Math::addExact);
            }
            partial.merge(right.getKey(), Math.multiplyExact(constant, right.getValue()), Math::addExact);
            product = product.plus(new IndexForm(partial, 0));
        }
        return product;
    }

    /** This divided by a positive constant, rounded down. */
    public IndexForm floorDivide(int divisor) {
        if (divisor < 1) {
            throw new IllegalArgumentException("divisor " + divisor);
        }
        if (divisor == 1) {
            return this;
        }
        TreeMap<Monomial, Integer> whole = new TreeMap<>(ORDER);
        TreeMap<Monomial, Integer> rest = new TreeMap<>(ORDER);
        terms.forEach((monomial, coefficient) -> (coefficient % divisor == 0 ? whole : rest)
                .put(monomial, coefficient % divisor == 0 ? coefficient / divisor : coefficient));
        int remainder = Math.floorMod(constant, divisor);
        IndexForm outside = new IndexForm(whole, Math.floorDiv(constant, divisor));
        IndexForm inside = new IndexForm(rest, remainder);
        if (inside.isConstant()) {
            return outside;
        }
        if (rest.size() == 1 && rest.firstEntry().getValue() == 1 && rest.firstKey().factors().size() == 1
                && rest.firstKey().factors().getFirst() instanceof Quotient(IndexForm dividend, int first)) {
            // (a div m + r) div n is (a + m r) div (m n).
            return outside.plus(dividend.plus(Math.multiplyExact(first, remainder))
                    .floorDivide(Math.multiplyExact(first, divisor)));
        }
        return outside.plus(of(new Quotient(inside, divisor)));
    }

    /** The remainder of {@link #floorDivide}: between 0 and {@code divisor - 1}, as in Python. */
    public IndexForm floorModulo(int divisor) {
        return minus(floorDivide(divisor).times(divisor));
    }

    /** Every index that occurs. */
    public Set<Index> indices() {
        Set<Index> found = new LinkedHashSet<>();
        terms.keySet().forEach(monomial -> monomial.factors().forEach(factor -> {
            switch (factor) {
                case Component c -> found.add(c.index());
                case Quotient q -> found.addAll(q.dividend().indices());
                case Ordinal o -> o.vector().forEach(form -> found.addAll(form.indices()));
                case MemberComponent m -> found.addAll(m.position().indices());
            }
        }));
        return found;
    }

    /** The coefficient of {@code component} where the form is that times the component plus something without it, else 0. */
    public int linearCoefficient(Component component) {
        Monomial alone = new Monomial(List.of(component));
        int coefficient = terms.getOrDefault(alone, 0);
        if (coefficient == 0) {
            return 0;
        }
        return minus(of(component).times(coefficient)).mentions(component) ? 0 : coefficient;
    }

    /** Whether {@code component} occurs anywhere. */
    public boolean mentions(Component component) {
        return terms.keySet().stream().flatMap(monomial -> monomial.factors().stream()).anyMatch(factor ->
                switch (factor) {
                    case Component c -> c.equals(component);
                    case Quotient q -> q.dividend().mentions(component);
                    case Ordinal o -> o.vector().stream().anyMatch(form -> form.mentions(component));
                    case MemberComponent m -> m.position().mentions(component);
                });
    }

    /** This form with components replaced; {@code replacement} answers null for those that stay. */
    public IndexForm substitute(Function<Component, IndexForm> replacement) {
        IndexForm result = constant(constant);
        for (Map.Entry<Monomial, Integer> term : terms.entrySet()) {
            IndexForm product = constant(term.getValue());
            for (Factor factor : term.getKey().factors()) {
                product = product.times(switch (factor) {
                    case Component c -> {
                        IndexForm replaced = replacement.apply(c);
                        yield replaced == null ? of(c) : replaced;
                    }
                    case Quotient q -> q.dividend().substitute(replacement).floorDivide(q.divisor());
                    case Ordinal o -> ordinal(o.vector().stream().map(f -> f.substitute(replacement)).toList(),
                            o.domain());
                    case MemberComponent m -> member(m.position().substitute(replacement), m.domain(), m.component());
                });
            }
            result = result.plus(product);
        }
        return result;
    }

    /** The position of {@code vector} in {@code domain}. */
    public static IndexForm ordinal(List<IndexForm> vector, VectorDomain domain) {
        if (vector.stream().allMatch(IndexForm::isConstant)) {
            return constant(domain.ordinal(vector.stream().mapToInt(IndexForm::constant).toArray()));
        }
        return of(new Ordinal(vector, domain));
    }

    /** Component {@code component} (from 0) of the member of {@code domain} at {@code position}, 0 where there is none. */
    public static IndexForm member(IndexForm position, VectorDomain domain, int component) {
        MemberComponent factor = new MemberComponent(position, domain, component);
        return position.isConstant() ? constant(factor.at(position.constant())) : of(factor);
    }

    /** The position of the indices' values in their joint domain, the last index fastest. */
    public static IndexForm position(List<Index> indices) {
        return position(indices.stream().map(Index::domain).toList(), indices.stream().map(IndexForm::of).toList());
    }

    /**
     * The position of an element in C order.
     *
     * @param axes what the subscripts range over
     * @param subscripts for each axis the components of a value in its domain
     */
    public static IndexForm position(List<Domain> axes, List<List<IndexForm>> subscripts) {
        IndexForm position = constant(0);
        for (int axis = 0; axis < axes.size(); axis++) {
            List<IndexForm> value = subscripts.get(axis);
            position = switch (axes.get(axis)) {
                case Grid grid -> {
                    IndexForm linear = position;
                    for (int c = 0; c < grid.rank(); c++) {
                        linear = linear.times(grid.extent(c)).plus(value.get(c));
                    }
                    yield linear;
                }
                case IntegerDomain range -> position.times(range.size()).plus(value.getFirst()).plus(-range.low());
                case VectorDomain set -> position.times(set.size()).plus(ordinal(value, set));
            };
        }
        return position;
    }

    /** The value where every component has the value that {@code values} gives it. */
    public int evaluate(java.util.function.ToIntFunction<Component> values) {
        int sum = constant;
        for (Map.Entry<Monomial, Integer> term : terms.entrySet()) {
            int product = term.getValue();
            for (Factor factor : term.getKey().factors()) {
                product *= switch (factor) {
                    case Component c -> values.applyAsInt(c);
                    case Quotient q -> Math.floorDiv(q.dividend().evaluate(values), q.divisor());
                    case Ordinal o -> o.domain().ordinal(
                            o.vector().stream().mapToInt(form -> form.evaluate(values)).toArray());
                    case MemberComponent m -> m.at(m.position().evaluate(values));
                };
            }
            sum += product;
        }
        return sum;
    }

    /** The least and greatest value over all values of the indices, by interval arithmetic: {low, high}. */
    public long[] bounds() {
        long low = constant;
        long high = constant;
        for (Map.Entry<Monomial, Integer> term : terms.entrySet()) {
            long[] product = {term.getValue(), term.getValue()};
            for (Factor factor : term.getKey().factors()) {
                long[] range = bounds(factor);
                long[] corners = {product[0] * range[0], product[0] * range[1],
                        product[1] * range[0], product[1] * range[1]};
                product = new long[] {java.util.Arrays.stream(corners).min().getAsLong(),
                        java.util.Arrays.stream(corners).max().getAsLong()};
            }
            low += product[0];
            high += product[1];
        }
        return new long[] {low, high};
    }

    private static long[] bounds(Factor factor) {
        return switch (factor) {
            case Component c -> switch (c.index().domain()) {
                case Grid grid -> new long[] {0, grid.extent(c.component()) - 1};
                case IntegerDomain range -> new long[] {range.low(), Math.max(range.low(), range.high())};
                case VectorDomain set -> {
                    long low = 0;
                    long high = 0;
                    for (int i = 0; i < set.size(); i++) {
                        low = i == 0 ? set.component(i, c.component()) : Math.min(low, set.component(i, c.component()));
                        high = i == 0 ? low : Math.max(high, set.component(i, c.component()));
                    }
                    yield new long[] {low, high};
                }
            };
            case Quotient q -> {
                long[] range = q.dividend().bounds();
                yield new long[] {Math.floorDiv(range[0], q.divisor()), Math.floorDiv(range[1], q.divisor())};
            }
            case Ordinal o -> new long[] {-1, o.domain().size() - 1};
            case MemberComponent m -> {
                long[] positions = m.position().bounds();
                boolean beyond = positions[0] < 0 || positions[1] >= m.domain().size();
                int first = (int) Math.max(0, positions[0]);
                int last = (int) Math.min(m.domain().size() - 1L, positions[1]);
                long low = beyond ? 0 : Long.MAX_VALUE;
                long high = beyond ? 0 : Long.MIN_VALUE;
                for (int position = first; position <= last; position++) {
                    low = Math.min(low, m.at(position));
                    high = Math.max(high, m.at(position));
                }
                yield new long[] {low, high};
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof IndexForm that && constant == that.constant && terms.equals(that.terms);
    }

    @Override
    public int hashCode() {
        return 31 * terms.hashCode() + constant;
    }

    @Override
    public String toString() {
        return IndexPrinter.form(this);
    }
}
