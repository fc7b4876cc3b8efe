package org.mcrc.compiler.simplify;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;

/** Applies the rules on expressions, from the leaves up, until none applies any more. */
public final class Simplifier implements Pass {
    private static final List<Rule> RULES = List.of(new ConstantFolding(), new NeutralOperand(), new ZeroFactor(),
            new Negation(), new ZeroBranch(), new Selection(), new OneRemainder(), new SquareAsProduct(), new Logistic(),
            new CommonFactor(), new ScalarFactors());

    /**
     * A bound far above what any chain of rules needs on one node: every rule makes the node smaller or canonical. What a rule
     * does at one node may be for another one to go on with above it, so that there may be as many steps more as nodes.
     */
    private static final int MOST_STEPS = 64;

    /** The characters of an expression in a message. */
    private static final int MOST_SHOWN = 300;

    /**
     * Nodes in which no rule applies anywhere. A rule sees nothing but a node and what it is made of, so that they stay so
     * wherever they occur.
     */
    public static final class Resting {
        private final Set<Expression> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** The rules, in the order in which they are tried. */
    public static List<Rule> rules() {
        return RULES;
    }

    @Override
    public IndexProgram run(IndexProgram program) {
        return program.withDefinitions(program.definitions().stream().map(Simplifier::simplify).toList());
    }

    /** The same definition with its body simplified. */
    public static Definition simplify(Definition definition) {
        return definition.withBody(simplify(definition.body()));
    }

    /** The same value, simplified. */
    public static Expression simplify(Expression expression) {
        return simplify(expression, new Resting());
    }

    /**
     * The same value, simplified.
     *
     * @param resting what was found to be simple before, and is not looked at again: an expression that grows term by term is
     *     then not simplified anew for every term
     */
    public static Expression simplify(Expression expression, Resting resting) {
        Expression current = expression;
        for (int step = 0; step < MOST_STEPS || step < MOST_STEPS + Expressions.nodes(expression).size(); step++) {
            Expression next = Expressions.rewrite(current, Simplifier::atNode, resting.nodes);
            if (next == current) {
                return current;
            }
            current = next;
        }
        String text = expression.toString();
        throw new IllegalStateException("the rules do not come to rest on "
                + (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text));
    }

    private static Expression atNode(Expression node) {
        for (Rule rule : RULES) {
            Optional<Expression> better = rule.apply(node);
            if (better.isPresent()) {
                return better.get();
            }
        }
        return node;
    }
}
