package org.mcrc.compiler.simplify;

import java.util.List;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Reduce;

/**
 * Makes of a maximum, or minimum, of very many terms one of maxima: {@code max[x, y](f)} is {@code max[x](max[y](f))}, and the
 * first term that attains the one is the first that attains the other. The number of that term, which the derivative asks
 * for, is a number among others: in single precision it is exact up to 2^24.
 */
public final class SplitExtrema implements Pass {
    /** All integers up to here are numbers of single precision. */
    private static final long MOST_TERMS = 1 << 24;

    private final long most;

    public SplitExtrema() {
        this(MOST_TERMS);
    }

    /** @param most terms that are not split */
    SplitExtrema(long most) {
        this.most = most;
    }

    @Override
    public IndexProgram run(IndexProgram program) {
        return program.withDefinitions(program.definitions().stream().map(definition -> definition.withBody(
                Expressions.rewrite(definition.body(), this::split))).toList());
    }

    private Expression split(Expression node) {
        if (!(node instanceof Reduce reduce) || reduce.indices().size() < 2 || Count.real(reduce.indices()) <= most) {
            return node;
        }
        return switch (reduce.operator()) {
            case MAXIMUM, MINIMUM -> {
                List<Index> outer = reduce.indices().subList(0, 1);
                List<Index> inner = reduce.indices().subList(1, reduce.indices().size());
                yield Expressions.reduce(reduce.operator(), outer, Expressions.always(), split(
                        Expressions.reduce(reduce.operator(), inner, reduce.guard(), reduce.body())));
            }
            case SUM, PRODUCT, ARGMAX, ARGMIN -> node;
        };
    }
}
