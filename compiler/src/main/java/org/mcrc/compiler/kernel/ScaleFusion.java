package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.simplify.Simplifier;

/** {@code S = G * constant}, where G is a Gram matrix that nothing else reads, scales the tiles of G as they finish. */
final class ScaleFusion {
    private ScaleFusion() {}

    /**
     * Fuses all that can be. What was fused is added to {@code decisions}.
     *
     * @param kernels for each definition those that compute it
     * @param roots what is asked for, and stays as it is
     */
    static void fuse(Map<String, List<Kernel>> kernels, Set<String> roots, List<Decision> decisions) {
        for (String name : List.copyOf(kernels.keySet())) {
            List<Kernel> list = kernels.get(name);
            if (list.size() != 1 || !(list.getFirst() instanceof Nest nest) || nest.reduction() != null) {
                continue;
            }
            List<Read> grams = Expressions.reads(nest.definition().body()).stream()
                    .filter(read -> gram(kernels, read) != null).toList();
            if (grams.size() != 1 || roots.contains(grams.getFirst().tensor().name())) {
                continue;
            }
            Read read = grams.getFirst();
            List<Expression> factors = new ArrayList<>(Product.factors(nest.definition().body()));
            boolean own = read.subscripts().equals(nest.definition().axes().stream().map(IndexForm::of).toList());
            if (own && isReadOnlyBy(kernels, read, name) && factors.remove(read) && factors.stream().allMatch(factor ->
                    Expressions.freeIndices(factor).isEmpty() && Expressions.reads(factor).isEmpty())) {
                Gram gram = gram(kernels, read);
                factors.add(gram.scale());
                kernels.put(name, List.of(new Gram(nest.definition().tensor(), gram.batch(), gram.rows(), gram.columns(),
                        gram.pixel(), gram.left(), gram.right(), gram.symmetric(), Simplifier.simplify(Product.of(factors)),
                        nest.definition().comment())));
                kernels.remove(read.tensor().name());
                decisions.add(new Decision(read.tensor().name(), "fuse", "scaled as the tiles of " + name + " finish"));
            }
        }
    }

    /** The matrix that a read reads, or null where it reads something else. */
    private static Gram gram(Map<String, List<Kernel>> kernels, Read read) {
        return kernels.containsKey(read.tensor().name())
                && kernels.get(read.tensor().name()).getFirst() instanceof Gram gram ? gram : null;
    }

    /** Whether no other kernels than those of one definition read a tensor. */
    private static boolean isReadOnlyBy(Map<String, List<Kernel>> kernels, Read read, String reader) {
        return kernels.entrySet().stream().filter(each -> !each.getKey().equals(reader))
                .flatMap(each -> each.getValue().stream()).flatMap(kernel -> kernel.expressions().stream())
                .flatMap(expression -> Expressions.reads(expression).stream())
                .noneMatch(other -> other.tensor().equals(read.tensor()));
    }
}
