package org.mcrc.compiler.backend.cuda;

import org.mcrc.compiler.index.ReductionOperator;

/** How terms of reductions are combined in generated code. */
final class Reductions {
    private Reductions() {}

    /** What an accumulator is before the first term. */
    static double start(ReductionOperator operator) {
        return switch (operator) {
            case ARGMAX -> ReductionOperator.MAXIMUM.identity();
            case ARGMIN -> ReductionOperator.MINIMUM.identity();
            case SUM, PRODUCT, MAXIMUM, MINIMUM -> operator.identity();
        };
    }

    /** Two partial results as one. */
    static String combined(ReductionOperator operator, String left, String right) {
        return switch (operator) {
            case SUM -> left + " + " + right;
            case PRODUCT -> left + " * " + right;
            case MAXIMUM -> "mcrc_maximum(" + left + ", " + right + ")";
            case MINIMUM -> "mcrc_minimum(" + left + ", " + right + ")";
            case ARGMAX, ARGMIN -> throw new IllegalArgumentException("positions are compared, not combined");
        };
    }

    /** The function of the prelude that combines what the threads of a block have. */
    static String ofBlock(ReductionOperator operator) {
        return switch (operator) {
            case SUM -> "mcrc_block_sum";
            case PRODUCT -> "mcrc_block_product";
            case MAXIMUM -> "mcrc_block_maximum";
            case MINIMUM -> "mcrc_block_minimum";
            case ARGMAX, ARGMIN -> throw new IllegalArgumentException("positions are found by one thread");
        };
    }
}
