package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;

/**
 * Sums over vectors for each pixel and each of a few columns, {@code p[x, c] = sum[b](e[x, b] * W[b, c])}, as matrix
 * products: the sum becomes a definition of its own, which is computed as a reverse contraction and whose finished
 * elements are written where they belong.
 */
final class Projections {
    private Projections() {}

    /**
     * A program whose sums of this kind are definitions of their own.
     *
     * @param correlations what is computed by transforms stays as it is
     */
    static IndexProgram split(IndexProgram program, int leastRows, Correlations correlations) {
        UniqueNames names = UniqueNames.in(program);
        Set<String> roots = program.rootNames();
        List<Definition> definitions = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            if (definition.pixelAxis() == null || StorageDecision.isPixelsByVectors(definition)
                    || roots.contains(definition.name()) || correlations.contains(definition.name())
                    || ReverseContraction.match(definition, leastRows) == null) {
                definitions.add(definition);
                continue;
            }
            Tensor sum = Tensor.defined(names.fresh(definition.name() + "_sum"), definition.axes());
            List<Index> axes = definition.axes().stream().map(Index::fresh).toList();
            Map<Index, List<IndexForm>> renaming = new HashMap<>();
            for (int axis = 0; axis < axes.size(); axis++) {
                renaming.put(definition.axes().get(axis), IndexForm.of(axes.get(axis)));
            }
            definitions.add(new Definition(sum, axes, Expressions.substitute(definition.body(), renaming),
                    "a finished element of " + definition.name()));
            definitions.add(definition.withBody(Expressions.readAt(sum, definition.axes())));
        }
        return program.withDefinitions(definitions);
    }
}
