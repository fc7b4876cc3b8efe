package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;

/**
 * Looks for values of indices at which something goes wrong, among those that the conditions in force allow: the guards of
 * enclosing reductions, the branch of a conditional that an expression stands in.
 */
final class IndexSearch {
    private static final long MOST_WITNESSES = 1_000_000;

    /**
     * A condition in force.
     *
     * @param expression made of indices only
     * @param arguments the arguments whose values went into it
     */
    record Condition(Expression expression, Set<String> arguments) {}

    /** Says whether the values of indices in slots are as they should be. */
    interface Test {
        boolean passes(int[] slots);
    }

    /** Makes a test of formulas over the search's indices. */
    interface TestMaker {
        Test make(FormulaCompiler compiler, IndexSpace space) throws FormulaCompiler.Unknown;
    }

    private final Session session;
    private final List<Condition> path;

    /** @param path all of it holds wherever the search looks */
    IndexSearch(Session session, Collection<Condition> path) {
        this.session = session;
        this.path = List.copyOf(path);
    }

    /**
     * Values of {@code indices} at which the test fails, as text. The arguments that the conditions depend on are folded
     * where the answer depends on the conditions.
     *
     * @throws FormulaCompiler.Unknown where the test depends on arrays, or where there is too much to go through
     */
    Optional<String> counterexample(Collection<Index> indices, TestMaker maker) throws FormulaCompiler.Unknown {
        if (!session.allowsCombinations(Count.of(indices))) {
            throw new FormulaCompiler.Unknown("too many combinations");
        }
        IndexSpace space = new IndexSpace();
        IndexSpace.Cursor cursor = space.cursor(indices);
        FormulaCompiler compiler = new FormulaCompiler(space, session);
        Test test = maker.make(compiler, space);
        List<Condition> relevant = new ArrayList<>();
        Set<Index> others = connected(indices, relevant);
        List<FormulaCompiler.Formula> formulas = new ArrayList<>();
        for (Condition condition : relevant) {
            formulas.add(compiler.compile(condition.expression()));
        }
        IndexSpace.Cursor witnesses = space.cursor(others);
        boolean few = Count.of(others) <= MOST_WITNESSES;
        int[] slots = space.slots();
        for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
            if (test.passes(slots)) {
                continue;
            }
            boolean reached = formulas.isEmpty() || !few;
            for (boolean next = !reached && witnesses.first(slots); next && !reached; next = witnesses.next(slots)) {
                reached = formulas.stream().allMatch(formula -> formula.holds(slots));
            }
            if (reached) {
                return Optional.of(space.describe(indices, slots));
            }
            relevant.forEach(condition -> session.fold(condition.arguments()));
        }
        return Optional.empty();
    }

    /** The conditions that say something about {@code indices}, and the other indices in them. */
    private Set<Index> connected(Collection<Index> indices, List<Condition> relevant) {
        Set<Index> known = new LinkedHashSet<>(indices);
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Condition condition : path) {
                Set<Index> free = Expressions.freeIndices(condition.expression());
                boolean concerns = free.isEmpty() || free.stream().anyMatch(known::contains);
                if (concerns && !relevant.contains(condition)) {
                    relevant.add(condition);
                    known.addAll(free);
                    grows = true;
                }
            }
        }
        known.removeAll(indices);
        return known;
    }
}
