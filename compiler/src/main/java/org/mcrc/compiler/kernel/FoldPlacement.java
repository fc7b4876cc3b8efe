package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;

/**
 * Where folds are computed: one for all targets of what is folded, where the first of them is computed, if all that it
 * reads is there by then; otherwise one beside each target.
 */
final class FoldPlacement {
    private final IndexProgram program;
    private final Folds folds;
    private final Inliner inliner;
    private final UniqueNames names;
    private final Set<String> targets = new HashSet<>();
    private final Map<String, List<Kernel>> kernels = new HashMap<>();

    /** What is contributed to a target before it is computed. */
    private final Map<String, List<Expression>> parts = new HashMap<>();

    private FoldPlacement(IndexProgram program, Folds folds, Inliner inliner) {
        this.program = program;
        this.folds = folds;
        this.inliner = inliner;
        this.names = UniqueNames.in(program);
    }

    /** @param inliner puts in what is fused */
    static FoldPlacement of(IndexProgram program, Folds folds, StorageDecision storage, Inliner inliner) {
        FoldPlacement placement = new FoldPlacement(program, folds, inliner);
        folds.all().forEach(folded -> placement.place(folded, folds.targets(folded.definition().name(), storage)));
        return placement;
    }

    /** The folds that are computed after what a definition computes itself. */
    List<Kernel> kernelsAt(String definition) {
        return kernels.getOrDefault(definition, List.of());
    }

    /** What a definition computes itself, with what is fused put in. */
    Expression ownBody(Definition definition) {
        Definition rest = targets.contains(definition.name()) ? folds.withoutContributions(definition, inliner) : definition;
        Expression body = inliner.inline(rest.body());
        for (Expression part : parts.getOrDefault(definition.name(), List.of())) {
            body = Expressions.add(body, part);
        }
        return body;
    }

    private void place(Folded folded, List<Definition> readers) {
        Map<Definition, List<Fold.Contribution>> contributions = new LinkedHashMap<>();
        readers.forEach(target -> {
            targets.add(target.name());
            contributions.put(target, folds.contributions(target, folded.definition().name(), inliner));
        });
        if (readsOnlyBefore(readers.getFirst(), folded, contributions)) {
            foldTogether(folded, contributions);
        } else {
            contributions.forEach((target, own) -> add(target, folded.fold(inliner, own)));
        }
    }

    private void add(Definition target, Kernel kernel) {
        kernels.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(kernel);
    }

    /**
     * One fold for all targets, where the first of them is computed. What it contributes to the others is kept beside them
     * until they are computed: they may read the first.
     */
    private void foldTogether(Folded folded, Map<Definition, List<Fold.Contribution>> contributions) {
        Definition first = contributions.keySet().iterator().next();
        List<Fold.Contribution> all = new ArrayList<>();
        contributions.forEach((target, own) -> {
            if (target == first) {
                all.addAll(own);
                return;
            }
            Tensor part = Tensor.defined(names.fresh(target.name() + "_folded"), target.axes());
            add(first, new Nest(new Definition(part, target.axes(), Expressions.constant(0),
                    "what is folded into " + target.name()), target.pixelAxis()));
            own.forEach(each -> all.add(new Fold.Contribution(part, each.subscripts(), each.value())));
            parts.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(Expressions.readAt(part, target.axes()));
        });
        add(first, folded.fold(inliner, all));
    }

    /** Whether everything that a fold with these contributions reads is computed before {@code first}. */
    private boolean readsOnlyBefore(Definition first, Folded folded,
            Map<Definition, List<Fold.Contribution>> contributions) {
        Set<String> later = new HashSet<>();
        boolean before = true;
        for (Definition definition : program.definitions()) {
            before &= definition != first;
            if (!before) {
                later.add(definition.name());
            }
        }
        List<Expression> read = new ArrayList<>(folded.operands().stream().map(inliner::inline).toList());
        contributions.values().forEach(own -> own.forEach(each -> read.add(each.value())));
        return read.stream().flatMap(expression -> Expressions.reads(expression).stream())
                .noneMatch(each -> later.contains(each.tensor().name()));
    }
}
