package org.mcrc.compiler.simplify;

import java.util.Optional;
import org.mcrc.compiler.index.Expression;

/** One rewriting of one node, whose operands are simplified already. */
public interface Rule {
    /** The rule's name in printed forms. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** The better node, or nothing where the rule does not apply. */
    Optional<Expression> apply(Expression node);
}
