package org.mcrc.compiler.kernel;

import java.util.List;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Tensor;

/** Copies the border of a stored grid into its halo, so that reads beyond an edge find the opposite one. */
public record Wrap(Tensor target) implements Kernel {
    @Override
    public List<Tensor> writes() {
        return List.of(target);
    }

    @Override
    public List<Expression> expressions() {
        return List.of();
    }

    @Override
    public String formula() {
        return "wrap " + target.name();
    }
}
