package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;

/**
 * Chains of products in the order that costs least: {@code sum over b (G[a, b] * W[b, c])} with
 * {@code G[a, b] = sum over x (A[x, a] * B[x, b])} is {@code sum over x (A[x, a] * P[x, c])} with
 * {@code P[x, c] = sum over b (B[x, b] * W[b, c])}.
 *
 * <p>Runs on a program in normal form, before the adjoint, which then has the better order too.
 */
public final class Reassociate implements Pass {
    @Override
    public IndexProgram run(IndexProgram program) {
        return run(program, _ -> {});
    }

    @Override
    public IndexProgram run(IndexProgram program, Consumer<Decision> decisions) {
        return new Run(program, decisions).run();
    }

    private static final class Run {
        private final IndexProgram program;
        private final Consumer<Decision> decisions;
        private final Map<String, Definition> definitions;
        private final Map<String, Integer> readers = new HashMap<>();
        private final Set<String> roots;
        private final UniqueNames names;
        private final List<Definition> result = new ArrayList<>();

        Run(IndexProgram program, Consumer<Decision> decisions) {
            this.program = program;
            this.decisions = decisions;
            this.definitions = program.definitionsByName();
            this.roots = program.rootNames();
            this.names = UniqueNames.in(program);
            for (Definition definition : program.definitions()) {
                Expressions.reads(definition.body()).stream().map(read -> read.tensor().name()).distinct()
                        .forEach(name -> readers.merge(name, 1, Integer::sum));
            }
        }

        IndexProgram run() {
            for (Definition definition : program.definitions()) {
                Chain chain = chain(definition);
                if (chain != null && chain.pays()) {
                    rewrite(definition, chain);
                } else {
                    result.add(definition);
                }
            }
            return program.withDefinitions(result);
        }

        /** A definition that is a chain of two products; null where it is none. */
        private Chain chain(Definition definition) {
            Reduce outer = definition.reduction();
            if (outer == null || !isPlainSum(outer) || outer.indices().stream().anyMatch(Index::isPixel)
                    || definition.pixelAxis() != null) {
                return null;
            }
            List<Expression> factors = Product.factors(outer.body());
            for (Expression factor : factors) {
                if (factor instanceof Read read && read.tensor().kind() == Tensor.Kind.DEFINED) {
                    List<Expression> others = new ArrayList<>(factors);
                    others.remove(factor);
                    Chain chain = throughRead(definition, outer, read, others);
                    if (chain != null) {
                        return chain;
                    }
                }
            }
            return null;
        }

        private Chain throughRead(Definition definition, Reduce outer, Read read, List<Expression> others) {
            List<Expression> scale = new ArrayList<>();
            Definition producer = definitions.get(read.tensor().name());
            Map<Index, List<IndexForm>> seen = subscripts(producer, read);
            boolean kept = isNeeded(producer);
            // The product may be scaled where it is named.
            if (producer.reduction() == null) {
                List<Read> products = new ArrayList<>();
                for (Expression factor : Product.factors(producer.body())) {
                    if (factor instanceof Read inner && !inner.tensor().axes().isEmpty()) {
                        products.add(inner);
                    } else {
                        scale.add(factor);
                    }
                }
                if (products.size() != 1 || scale.stream().anyMatch(factor -> !Expressions.freeIndices(factor).isEmpty())
                        || products.getFirst().tensor().kind() != Tensor.Kind.DEFINED) {
                    return null;
                }
                Read inner = (Read) Expressions.substitute(products.getFirst(), seen);
                producer = definitions.get(inner.tensor().name());
                seen = subscripts(producer, inner);
                kept |= isNeeded(producer);
            }
            Reduce sum = producer.reduction();
            if (sum == null || !isPlainSum(sum) || !sum.indices().stream().allMatch(Index::isPixel)) {
                return null;
            }
            List<Expression> withInner = new ArrayList<>(others);
            List<Expression> without = new ArrayList<>();
            for (Expression factor : Product.factors(Expressions.substitute(sum.body(), seen))) {
                Set<Index> free = Expressions.freeIndices(factor);
                (outer.indices().stream().anyMatch(free::contains) ? withInner : without).add(factor);
            }
            List<Index> axes = new ArrayList<>(sum.indices());
            Expressions.freeIndices(Product.of(withInner)).stream().filter(definition.axes()::contains).forEach(axes::add);
            boolean separate = definition.axes().stream().filter(axes::contains)
                    .noneMatch(index -> Expressions.freeIndices(Product.of(without)).contains(index));
            return separate ? new Chain(definition, outer, sum, Product.of(without), Product.of(withInner), List.copyOf(axes),
                    scale, producer.tensor().size(), kept) : null;
        }

        /** Whether something else than the chain needs what a definition computes. */
        private boolean isNeeded(Definition definition) {
            return roots.contains(definition.name()) || readers.getOrDefault(definition.name(), 0) > 1;
        }

        private void rewrite(Definition definition, Chain chain) {
            Tensor inner = Tensor.defined(names.fresh(definition.name() + "_inner"), chain.axes);
            result.add(new Definition(inner, chain.axes, Expressions.sum(chain.outer.indices(), Expressions.always(),
                    chain.withInner), "part of " + definition.name()));
            Expression sum = Expressions.sum(chain.sum.indices(), Expressions.always(),
                    Expressions.multiply(chain.without, Expressions.readAt(inner, chain.axes)));
            if (chain.scale.isEmpty()) {
                result.add(definition.withBody(sum));
            } else {
                Tensor unscaled = Tensor.defined(names.part(definition.name()), definition.axes());
                result.add(new Definition(unscaled, definition.axes(), sum, "part of " + definition.name()));
                result.add(definition.withBody(Expressions.multiply(Expressions.readAt(unscaled, definition.axes()),
                        Product.of(chain.scale))));
            }
            decisions.accept(new Decision(definition.name(), "reassociate", String.format(Locale.ROOT,
                    "the inner product first: %.3g instead of %.3g multiplications", chain.reassociated(), chain.direct())));
        }
    }

    /**
     * {@code definition[…] = scale * sum over outer (withInner * sum over pixels (without * …))}.
     *
     * @param without the factors that do not depend on the indices of the outer sum
     * @param withInner those that do
     * @param axes the axes of the new inner sum: the pixels, and those of the definition that it depends on
     * @param elements how many elements the product has that is given up
     * @param kept whether that product is needed all the same
     */
    private record Chain(Definition definition, Reduce outer, Reduce sum, Expression without, Expression withInner,
            List<Index> axes, List<Expression> scale, double elements, boolean kept) {
        private double direct() {
            return (kept ? 0 : elements * Count.real(sum.indices()))
                    + definition.tensor().size() * Count.real(outer.indices());
        }

        private double reassociated() {
            return Count.real(axes) * Count.real(outer.indices())
                    + definition.tensor().size() * Count.real(sum.indices());
        }

        private boolean pays() {
            return reassociated() < direct();
        }
    }

    private static boolean isPlainSum(Reduce reduce) {
        return reduce.operator() == ReductionOperator.SUM && Expressions.isAlways(reduce.guard());
    }

    private static Map<Index, List<IndexForm>> subscripts(Definition producer, Read read) {
        Map<Index, List<IndexForm>> seen = new HashMap<>();
        for (int axis = 0; axis < producer.axes().size(); axis++) {
            seen.put(producer.axes().get(axis), read.subscripts().get(axis));
        }
        return seen;
    }
}
