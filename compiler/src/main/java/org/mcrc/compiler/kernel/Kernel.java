package org.mcrc.compiler.kernel;

import java.util.List;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Tensor;

/** A unit of work that fills stored tensors or adds to them. */
public sealed interface Kernel
        permits Nest, Sweep, Scan, Gram, Fold, ChainedProduct, ReverseScan, Spectrum, Correlation, Convolution, Wrap {
    /** The stored tensors that it writes. */
    List<Tensor> writes();

    /** The expressions that it evaluates. */
    List<Expression> expressions();

    /** What it computes, as a formula. */
    String formula();
}
