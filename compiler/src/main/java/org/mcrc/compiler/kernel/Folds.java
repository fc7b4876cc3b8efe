package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;

/**
 * The definitions of a program that are computed piece by piece ({@link Folded}), and what each of them contributes to the
 * definitions that read it: its targets.
 */
final class Folds {
    private final IndexProgram program;
    private final Map<String, Folded> folded = new LinkedHashMap<>();
    private final Set<String> unfoldable = new LinkedHashSet<>();

    private Folds(IndexProgram program) {
        this.program = program;
    }

    /** All definitions that could be folded, were their targets such that they can: {@link #dropUnfoldable} sees to that. */
    static Folds find(IndexProgram program, Correlations correlations) {
        Folds folds = new Folds(program);
        Map<String, Definition> definitions = program.definitionsByName();
        Set<String> roots = program.rootNames();
        for (Definition definition : program.definitions()) {
            if (definition.pixelAxis() != null && !roots.contains(definition.name())) {
                Folded found = RunningAdjoint.match(definition, definitions);
                if (found == null && !correlations.contains(definition.name())) {
                    found = ReverseContraction.match(definition, Scheduler.LEAST_ROWS);
                }
                if (found != null) {
                    folds.folded.put(definition.name(), found);
                }
            }
        }
        return folds;
    }

    boolean contains(String definition) {
        return folded.containsKey(definition);
    }

    /** How a definition is folded, or null. */
    Folded get(String definition) {
        return folded.get(definition);
    }

    /** What is folded, in the order of the program. */
    List<Folded> all() {
        return List.copyOf(folded.values());
    }

    /**
     * Gives up those whose use is no fold: they are then summed where they are used.
     *
     * @return whether there were any, so that what is stored has to be decided again
     */
    boolean dropUnfoldable(StorageDecision storage) {
        int dropped = unfoldable.size();
        for (String name : List.copyOf(folded.keySet())) {
            boolean foldable = true;
            for (Definition target : targets(name, storage)) {
                Inliner inliner = storage.inliner();
                List<Fold.Contribution> contributions = contributions(target, name, inliner);
                foldable &= storage.isStored(target.name()) && contributions != null
                        && folded.get(name).canFold(inliner, contributions);
            }
            if (!foldable) {
                folded.remove(name);
                unfoldable.add(name);
            }
        }
        return unfoldable.size() > dropped;
    }

    /** Why those that were given up are not folded. */
    List<Decision> givenUp() {
        return unfoldable.stream().map(name -> new Decision(name, "fuse", "its use is no fold at shifted pixels")).toList();
    }

    /** The definitions that read what is folded and are not fused themselves, directly or through what is. */
    List<Definition> targets(String name, StorageDecision storage) {
        Set<String> carriers = new HashSet<>(Set.of(name));
        List<Definition> targets = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            if (Expressions.reads(definition.body()).stream().anyMatch(read -> carriers.contains(read.tensor().name()))) {
                if (storage.isFused(definition.name())) {
                    carriers.add(definition.name());
                } else {
                    targets.add(definition);
                }
            }
        }
        return targets;
    }

    /**
     * What is contributed to a target: one for each term of the target's sum that reads what is folded. Null where the
     * target is no sum of terms that each read one element of it.
     */
    List<Fold.Contribution> contributions(Definition target, String name, Inliner inliner) {
        Reduce reduction = target.reduction();
        if (reduction != null && (reduction.operator() != ReductionOperator.SUM
                || !Expressions.isAlways(reduction.guard()))) {
            return null;
        }
        List<Fold.Contribution> found = new ArrayList<>();
        for (Expression term : terms(target, inliner)) {
            Expression inlinedTerm = inliner.inline(term);
            List<Read> reads = Expressions.reads(inlinedTerm).stream()
                    .filter(read -> read.tensor().name().equals(name)).toList();
            if (reads.isEmpty()) {
                continue;
            }
            // An element of another one is nowhere to be found while this one's are finished.
            boolean alone = Expressions.reads(inlinedTerm).stream().filter(read -> !reads.contains(read))
                    .noneMatch(this::isFolded);
            Fold.Contribution contribution = reads.size() == 1 && alone
                    ? folded.get(name).contribution(target, reads.getFirst(), inlinedTerm) : null;
            if (contribution == null) {
                return null;
            }
            found.add(contribution);
        }
        return found;
    }

    /** A target without the terms that folds contribute. */
    Definition withoutContributions(Definition target, Inliner inliner) {
        Reduce reduction = target.reduction();
        List<Expression> rest = terms(target, inliner).stream()
                .filter(term -> Expressions.reads(inliner.inline(term)).stream().noneMatch(this::isFolded)).toList();
        Expression body = Product.sumOf(rest);
        return target.withBody(reduction == null || rest.isEmpty() ? body
                : Expressions.reduce(reduction.operator(), reduction.indices(), reduction.guard(), body));
    }

    /** The terms of a target's sum: those that read several elements of what is folded multiplied out. */
    private List<Expression> terms(Definition target, Inliner inliner) {
        Expression sum = target.reduction() == null ? target.body() : target.reduction().body();
        return Product.terms(sum).stream().flatMap(term -> (Expressions.reads(inliner.inline(term)).stream()
                .filter(this::isFolded).count() > 1 ? Product.expandedTerms(term) : List.of(term)).stream()).toList();
    }

    private boolean isFolded(Read read) {
        return contains(read.tensor().name());
    }
}
