package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Unary;

/**
 * The symmetric matrices of a program, and reads of them along their rows: where {@code S[b, a]} is {@code S[a, b]}, a loop
 * over b reads the latter, whose elements lie side by side.
 */
final class Symmetry {
    private final Set<String> symmetric = new HashSet<>();

    Symmetry(IndexProgram program) {
        for (Definition definition : program.definitions()) {
            List<Index> axes = definition.axes();
            if (axes.size() == 2 && axes.getFirst().domain().equals(axes.getLast().domain())) {
                Expression transposed = Expressions.substitute(definition.body(), Map.of(
                        axes.getFirst(), IndexForm.of(axes.getLast()), axes.getLast(), IndexForm.of(axes.getFirst())));
                if (isSame(definition.body(), transposed, new HashSet<>())) {
                    symmetric.add(definition.name());
                }
            }
        }
    }

    /** Whether a tensor's elements are the same with its two subscripts exchanged, to the last bit. */
    boolean contains(String tensor) {
        return symmetric.contains(tensor);
    }

    private record Pair(Expression left, Expression right) {}

    /**
     * Whether two expressions have the same value for the same operations, operands exchanged where that changes nothing.
     *
     * @param different pairs that are known not to
     */
    private boolean isSame(Expression left, Expression right, Set<Pair> different) {
        if (left == right) {
            return true;
        }
        Pair pair = new Pair(left, right);
        if (different.contains(pair)) {
            return false;
        }
        boolean same = switch (left) {
            case Read read -> right instanceof Read other && read.tensor().equals(other.tensor())
                    && symmetric.contains(read.tensor().name()) && read.subscripts().reversed().equals(other.subscripts());
            case Binary binary -> right instanceof Binary other && binary.operator() == other.operator()
                    && (areSame(left, right, different) || commutes(binary.operator())
                            && isSame(binary.left(), other.right(), different)
                            && isSame(binary.right(), other.left(), different));
            case Unary unary -> right instanceof Unary other && unary.operator() == other.operator()
                    && areSame(left, right, different);
            case Select _ -> right instanceof Select && areSame(left, right, different);
            case Reduce reduce -> right instanceof Reduce other && reduce.operator() == other.operator()
                    && reduce.indices().equals(other.indices()) && areSame(left, right, different);
            case Expression _ -> false;
        };
        if (!same) {
            different.add(pair);
        }
        return same;
    }

    private boolean areSame(Expression left, Expression right, Set<Pair> different) {
        boolean same = true;
        for (int k = 0; k < left.children().size() && same; k++) {
            same = isSame(left.children().get(k), right.children().get(k), different);
        }
        return same;
    }

    private static boolean commutes(BinaryOperator operator) {
        return switch (operator) {
            case ADD, MULTIPLY, MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, AND, OR -> true;
            case SUBTRACT, DIVIDE, POWER, ATAN2, POLYGAMMA, LESS, LESS_OR_EQUAL -> false;
        };
    }

    /** A kernel that reads symmetric matrices along their rows. */
    Kernel alongRows(Kernel kernel) {
        return switch (kernel) {
            case Nest nest -> {
                Definition definition = nest.definition();
                List<Index> loops = new ArrayList<>(definition.axes());
                if (definition.reduction() != null) {
                    loops.addAll(definition.reduction().indices());
                }
                yield new Nest(definition.withBody(alongRows(definition.body(), loops)), nest.vector());
            }
            case Fold fold -> {
                List<Fold.Term> terms = fold.terms().stream().map(term -> {
                    List<Index> loops = new ArrayList<>(fold.rows());
                    loops.addAll(term.inner());
                    return new Fold.Term(term.inner(), alongRows(term.matrix(), loops), term.operand());
                }).toList();
                yield new Fold(fold.z(), fold.batch(), fold.rows(), fold.pixel(), terms, fold.contributions(),
                        fold.comment());
            }
            case Gram _, ChainedProduct _, Sweep _, Scan _, ReverseScan _, Spectrum _, Correlation _, Convolution _, Wrap _ ->
                    kernel;
        };
    }

    /** @param loops the indices that are looped over, from outside in */
    private Expression alongRows(Expression expression, List<Index> loops) {
        Map<Index, Integer> depths = new HashMap<>();
        loops.forEach(index -> depths.put(index, depths.size()));
        return Expressions.rewrite(expression, node -> node instanceof Read read && contains(read.tensor().name())
                && depth(read.subscripts().getFirst(), depths) > depth(read.subscripts().getLast(), depths)
                ? Expressions.read(read.tensor(), read.subscripts().reversed()) : node);
    }

    /** How deep in the loops a subscript changes. */
    private static int depth(List<IndexForm> subscript, Map<Index, Integer> depths) {
        return subscript.stream().flatMap(form -> form.indices().stream()).mapToInt(index -> depths.getOrDefault(index, -1))
                .max().orElse(-1);
    }
}
