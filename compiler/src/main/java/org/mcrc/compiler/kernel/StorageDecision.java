package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.VectorDomain;

/**
 * What of a program is stored and what is produced where it is used, with the reason of each. What is folded is neither.
 *
 * <p>An array over pixels and vectors is never stored for the whole image (unless it is itself asked for): memory grows
 * with the pixels and with the square of the vectors, not with their product.
 */
final class StorageDecision {
    /**
     * Recomputing up to this cost, and this often, is cheaper than storing and loading. For arrays of pixels it is the cost
     * of all but the first use: storing one is a pass over memory, its halo another, and loading it a third.
     */
    private static final double CHEAP_COST = 16;
    private static final double CHEAP_USES = 4;

    private final IndexProgram program;
    private final Correlations correlations;
    private final Folds folds;
    private final Map<String, Definition> definitions;
    private final Set<String> roots;
    private final Map<String, Boolean> readFolded = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> fused = new HashSet<>();
    private final List<Decision> decisions = new ArrayList<>();

    private StorageDecision(IndexProgram program, Correlations correlations, Folds folds) {
        this.program = program;
        this.correlations = correlations;
        this.folds = folds;
        this.definitions = program.definitionsByName();
        this.roots = program.rootNames();
    }

    /** Decides for every definition, from the last one on: how often one is needed depends on those that read it. */
    static StorageDecision of(IndexProgram program, Correlations correlations, Folds folds) {
        StorageDecision decision = new StorageDecision(program, correlations, folds);
        decision.decide();
        return decision;
    }

    boolean isStored(String definition) {
        return stored.contains(definition);
    }

    boolean isFused(String definition) {
        return fused.contains(definition);
    }

    /** The choices and their reasons. */
    List<Decision> decisions() {
        return decisions;
    }

    /** Puts what is fused in the place of its reads. */
    Inliner inliner() {
        return new Inliner(definitions, fused);
    }

    /** Whether an array would have an element for each pixel and vector. */
    static boolean isPixelsByVectors(Definition definition) {
        return definition.pixelAxis() != null
                && definition.axes().stream().anyMatch(index -> index.domain() instanceof VectorDomain);
    }

    private void decide() {
        Map<String, Double> uses = new HashMap<>();
        for (Definition definition : program.definitions().reversed()) {
            String name = definition.name();
            double size = definition.tensor().size();
            double used = uses.getOrDefault(name, 0.0);
            Folded folded = folds.get(name);
            if (folded != null) {
                List<String> decision = folded.decision();
                decisions.add(new Decision(name, decision.getFirst(), decision.getLast()));
                for (Expression operand : folded.operands()) {
                    Expressions.reads(operand).forEach(read ->
                            uses.merge(read.tensor().name(), folded.evaluations(operand), Double::sum));
                }
                continue;
            }
            boolean store = stores(definition, used / size);
            (store ? stored : fused).add(name);
            double evaluations = (store ? size : used)
                    * (definition.reduction() == null ? 1 : Count.real(definition.reduction().indices()));
            for (Read read : Expressions.reads(definition.body())) {
                uses.merge(read.tensor().name(), evaluations, Double::sum);
            }
        }
    }

    private boolean stores(Definition definition, double multiplicity) {
        double cost = Cost.of(definition.body());
        boolean pixels = definition.pixelAxis() != null;
        if (roots.contains(definition.name())) {
            return decided(definition, true, "it is asked for");
        }
        if (correlations.contains(definition.name())) {
            return decided(definition, true, "computed by FFT");
        }
        if (correlations.needs(definition.name())) {
            return decided(definition, true, "computed once for its spectrum");
        }
        if (definition.axes().stream().filter(Index::isPixel).count() > 1) {
            return decided(definition, false, "pixels × pixels: produced where it is used");
        }
        if (isPixelsByVectors(definition)) {
            return decided(definition, false, "pixels × vectors: produced where it is used");
        }
        if (definition.reduction() != null) {
            if (!pixels) {
                return decided(definition, true, "a reduction");
            }
            if (RunningReduction.match(definition.reduction(), definition.axes()) != null) {
                return decided(definition, false, "pixels × steps: it runs along in what uses it");
            }
            if (readsFolded(definition)) {
                return decided(definition, true, "target of a fold");
            }
            return multiplicity > 1 ? decided(definition, true, "a reduction that is used more than once")
                    : decided(definition, false, "a reduction that is used once");
        }
        if (pixels && readsFolded(definition)) {
            return decided(definition, true, "target of a fold");
        }
        if (cost <= 1) {
            return decided(definition, false, "trivial");
        }
        if (definition.axes().isEmpty()) {
            return decided(definition, true, "a number");
        }
        if (multiplicity <= 1) {
            return decided(definition, false, "used once");
        }
        boolean cheap = pixels ? cost * (multiplicity - 1) <= CHEAP_COST && !compares(definition)
                : cost <= CHEAP_COST && multiplicity <= CHEAP_USES;
        return cheap
                ? decided(definition, false, "cheaper to compute again than to store")
                : decided(definition, true, "used %.3g times at a cost of %.3g".formatted(multiplicity, cost));
    }

    private boolean decided(Definition definition, boolean store, String reason) {
        decisions.add(new Decision(definition.name(), store ? "store" : "fuse", reason));
        return store;
    }

    /** Whether a definition reads what is folded, directly or through what cannot be stored. */
    private boolean readsFolded(Definition definition) {
        Boolean known = readFolded.get(definition.name());
        if (known == null) {
            known = false;
            for (Read read : Expressions.reads(definition.body())) {
                Definition producer = definitions.get(read.tensor().name());
                known |= folds.contains(read.tensor().name()) || producer != null
                        && isPixelsByVectors(producer) && readsFolded(producer);
            }
            readFolded.put(definition.name(), known);
        }
        return known;
    }

    /**
     * Whether a definition compares numbers: equal ones must stay equal, and those of vector loops are not always those
     * of scalar loops.
     */
    private static boolean compares(Definition definition) {
        return Expressions.nodes(definition.body()).stream().anyMatch(node -> node instanceof Select select
                && !Expressions.reads(select.condition()).isEmpty());
    }
}
