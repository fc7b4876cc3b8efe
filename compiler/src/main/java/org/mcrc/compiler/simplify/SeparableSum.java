package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;

/**
 * An expression as a sum of parts that each know fewer indices than the whole: {@code (M[x] + M[x + r]) / 2 + c} has the
 * parts {@code M[x] / 2}, {@code M[x + r] / 2} and the constant {@code c}. Products with a sum are multiplied out.
 */
final class SeparableSum {
    /** A sum of more is not worth separating. */
    private static final int MOST_TERMS = 12;

    /**
     * What one place of the pixels contributes, or, where {@code place} is null, what no pixel enters.
     *
     * @param value over the indices of the whole expression
     */
    record Part(Place place, Expression value) {}

    /**
     * The parts of a sum.
     *
     * @param parts at different places or over different indices; what depends on no index is not among them
     * @param constant what depends on no index; 0 where there is none
     */
    record Parts(List<Part> parts, Expression constant) {}

    private final Map<String, Definition> definitions;
    private final Map<Expression, List<Expression>> known = new IdentityHashMap<>();

    /** @param definitions of the program: arrays over pixels and vectors are looked through, for they are never stored */
    SeparableSum(Map<String, Definition> definitions) {
        this.definitions = definitions;
    }

    /** The parts of {@code sum}; nothing where it cannot be taken apart. */
    Optional<Parts> parts(Expression sum) {
        List<Expression> terms = terms(sum);
        if (terms.size() < 2) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        List<Expression> constants = new ArrayList<>();
        for (Expression term : terms) {
            Set<Index> free = Expressions.freeIndices(term);
            if (free.isEmpty()) {
                constants.add(term);
                continue;
            }
            Place place = Place.of(term).orElse(null);
            if (place == null && free.stream().anyMatch(Index::isPixel)) {
                return Optional.empty();
            }
            add(parts, place, term);
        }
        return Optional.of(new Parts(parts, constants.stream().reduce(Expressions::add)
                .orElse(Expressions.constant(0))));
    }

    private static void add(List<Part> parts, Place place, Expression term) {
        for (int k = 0; k < parts.size(); k++) {
            Part part = parts.get(k);
            Expression together = Expressions.add(part.value(), term);
            if (place == null ? part.place() == null && isNoWider(together, part.value(), term)
                    : part.place() != null && part.place().isBeside(place)
                            && isNoWider(seen(part.place(), together), seen(part.place(), part.value()),
                                    seen(part.place(), term))) {
                parts.set(k, new Part(part.place(), together));
                return;
            }
        }
        parts.add(new Part(place, term));
    }

    private static Expression seen(Place place, Expression value) {
        return place.seenFrom(new Index("y", place.grid()), value).orElse(value);
    }

    /** Whether one of two terms knows as many finite indices as their sum. */
    private static boolean isNoWider(Expression together, Expression left, Expression right) {
        int finite = finite(together);
        return finite == finite(left) || finite == finite(right);
    }

    private static int finite(Expression expression) {
        return (int) Expressions.freeIndices(expression).stream().filter(index -> !index.isPixel()).count();
    }

    private List<Expression> terms(Expression node) {
        List<Expression> terms = known.get(node);
        if (terms == null) {
            terms = Expressions.freeIndices(node).isEmpty() ? List.of(node) : termsOf(node);
            terms = terms.size() > MOST_TERMS ? List.of(node) : terms;
            known.put(node, terms);
        }
        return terms;
    }

    private List<Expression> termsOf(Expression node) {
        return switch (node) {
            case Binary binary -> switch (binary.operator()) {
                case ADD, SUBTRACT -> {
                    List<Expression> terms = new ArrayList<>(terms(binary.left()));
                    boolean minus = binary.operator() == BinaryOperator.SUBTRACT;
                    terms(binary.right()).forEach(term -> terms.add(minus ? Expressions.negate(term) : term));
                    yield terms;
                }
                case MULTIPLY -> {
                    List<Expression> left = terms(binary.left());
                    List<Expression> right = terms(binary.right());
                    // A product of two sums is a sum of products over the indices of both: nothing is won by that.
                    yield left.size() > 1 && right.size() > 1 ? List.of(node)
                            : left.size() > 1 ? left.stream().map(term -> Expressions.multiply(term, binary.right())).toList()
                            : right.stream().map(term -> Expressions.multiply(binary.left(), term)).toList();
                }
                case DIVIDE -> terms(binary.left()).stream().map(term -> Expressions.divide(term, binary.right())).toList();
                case POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR ->
                        List.of(node);
            };
            case Unary(UnaryOperator operator, Expression operand) when operator == UnaryOperator.NEGATE ->
                    terms(operand).stream().map(Expressions::negate).toList();
            case Read read when isNeverStored(definitions.get(read.tensor().name())) -> terms(bodyOf(read));
            case Expression _ -> List.of(node);
        };
    }

    private static boolean isNeverStored(Definition producer) {
        return producer != null && producer.pixelAxis() != null && !(producer.body() instanceof Reduce)
                && producer.axes().stream().anyMatch(index -> index.domain() instanceof VectorDomain);
    }

    private Expression bodyOf(Read read) {
        Definition producer = definitions.get(read.tensor().name());
        Map<Index, List<IndexForm>> replacement = new HashMap<>();
        for (int axis = 0; axis < producer.axes().size(); axis++) {
            replacement.put(producer.axes().get(axis), read.subscripts().get(axis));
        }
        return Expressions.substitute(producer.body(), replacement);
    }
}
