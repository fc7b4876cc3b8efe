package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/**
 * Two products of one operand, the second with what the first one gives for the same pixels:
 * {@code p[x, c] = Σ_b W[b, c] * e[x, b]} and then {@code T[a, c] = Σ_x e[x, a] * p[x, c]}, as in a sketched correlation
 * matrix S·Ω = eᵀ(e·Ω)/N. The operand is produced once for each group of pixels, and serves both.
 *
 * @param first whose finished elements are written where they belong
 * @param second whose left operand is the first one's
 */
public record ChainedProduct(Fold first, Gram second) implements Kernel {
    /** The same kernels with chains for such pairs. Which were joined is added to {@code decisions}. */
    static List<Kernel> join(List<Kernel> kernels, List<Decision> decisions) {
        List<Kernel> joined = new ArrayList<>(kernels);
        for (int place = 0; place < joined.size(); place++) {
            if (joined.get(place) instanceof Fold fold) {
                for (int later = place + 1; later < joined.size(); later++) {
                    if (joined.get(later) instanceof Gram gram && areChained(fold, gram)
                            && isFree(gram, joined.subList(place + 1, later))) {
                        joined.set(place, new ChainedProduct(fold, gram));
                        joined.remove(later);
                        decisions.add(new Decision(gram.target().name(), "one pass", "with the product "
                                + fold.z().tensor().name() + ": their operand is the same"));
                        break;
                    }
                }
            }
        }
        return joined;
    }

    /** Whether a kernel may come before others. */
    private static boolean isFree(Gram gram, List<Kernel> others) {
        return others.stream().noneMatch(other -> ContractionOrder.conflict(other, gram));
    }

    private static boolean areChained(Fold fold, Gram gram) {
        if (fold.terms().size() != 1 || !fold.batch().isEmpty() || !gram.batch().isEmpty() || gram.symmetric()
                || fold.writes().size() != 1 || !fold.isDirect(fold.writes().getFirst())) {
            return false;
        }
        Tensor product = fold.writes().getFirst();
        Fold.Term term = fold.terms().getFirst();
        List<Read> reads = Expressions.reads(gram.right()).stream().filter(read -> read.tensor().equals(product)).toList();
        boolean samePixels = !reads.isEmpty() && reads.stream().allMatch(read ->
                read.subscripts().get(product.axes().indexOf(product.grid())).equals(IndexForm.of(gram.pixel())));
        return samePixels && fold.pixel().domain().equals(gram.pixel().domain())
                && domains(term.inner()).equals(domains(gram.rows()))
                && renamed(term.operand(), fold, gram).equals(gram.left());
    }

    /** The first product's operand with the second one's indices. */
    private static Expression renamed(Expression operand, Fold fold, Gram gram) {
        Map<Index, List<IndexForm>> renaming = new HashMap<>(Map.of(fold.pixel(), IndexForm.of(gram.pixel())));
        List<Index> inner = fold.terms().getFirst().inner();
        for (int k = 0; k < inner.size(); k++) {
            renaming.put(inner.get(k), IndexForm.of(gram.rows().get(k)));
        }
        return Expressions.substitute(operand, renaming);
    }

    private static List<Object> domains(List<Index> indices) {
        return indices.stream().<Object>map(Index::domain).toList();
    }

    /** The two, one after the other. */
    public List<Kernel> parts() {
        return List.of(first, second);
    }

    @Override
    public List<Tensor> writes() {
        return Stream.concat(first.writes().stream(), second.writes().stream()).toList();
    }

    @Override
    public List<Expression> expressions() {
        return Stream.concat(first.expressions().stream(), second.expressions().stream()).distinct().toList();
    }

    @Override
    public String formula() {
        return first.formula() + "\n" + second.formula();
    }
}
