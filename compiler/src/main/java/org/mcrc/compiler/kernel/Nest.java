package org.mcrc.compiler.kernel;

import java.util.List;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Tensor;

/**
 * Loops around one scalar expression: {@code target[axes] = body}, where the body is a reduction or pointwise, and may
 * hold further reductions of what was fused into it.
 *
 * @param definition the target with its axes, and the body after fusion
 * @param vector the pixel index whose last component runs through the lanes of a vector, or null for scalar loops
 */
public record Nest(Definition definition, Index vector) implements Kernel {
    /** The reduction at the top, or null. */
    public Reduce reduction() {
        return definition.reduction();
    }

    @Override
    public List<Tensor> writes() {
        return List.of(definition.tensor());
    }

    @Override
    public List<Expression> expressions() {
        return List.of(definition.body());
    }

    @Override
    public String formula() {
        return definition.formula();
    }
}
