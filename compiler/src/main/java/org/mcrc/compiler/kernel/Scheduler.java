package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Makes kernels of a program: finds what transforms compute ({@link Correlations}) and what is computed piece by piece
 * ({@link Folds}), decides what is stored ({@link StorageDecision}), chooses kernels ({@link KernelForm}) and puts them in
 * order ({@link PhaseOrder}). {@link #run} says what follows what.
 */
public final class Scheduler {
    /** A contraction is worth its packing from this many rows and columns. */
    static final int LEAST_ROWS = 8;

    private final IndexProgram program;
    private final Correlations correlations;
    private final List<Decision> decisions;

    private Scheduler(IndexProgram given, List<Decision> before, Sums sums) {
        this.decisions = new ArrayList<>(before);
        this.correlations = Correlations.of(given, sums, decisions);
        IndexVerifier.verify(correlations.program(), "Correlations");
        this.program = Projections.split(correlations.program(), LEAST_ROWS, correlations);
        IndexVerifier.verify(program, "Projections");
    }

    /** Schedules a program in normal form. */
    public static KernelProgram schedule(IndexProgram program) {
        return schedule(program, List.of(), Sums.FASTEST);
    }

    /** The same, with what was decided before. */
    public static KernelProgram schedule(IndexProgram program, List<Decision> before, Sums sums) {
        return new Scheduler(program, before, sums).run();
    }

    private KernelProgram run() {
        Folds folds = Folds.find(program, correlations);
        StorageDecision stored;
        do {
            stored = StorageDecision.of(program, correlations, folds);
        } while (folds.dropUnfoldable(stored));
        decisions.addAll(folds.givenUp());
        decisions.addAll(stored.decisions());
        Map<String, List<Kernel>> kernels = kernels(folds, stored);
        ScaleFusion.fuse(kernels, program.rootNames(), decisions);
        Symmetry symmetry = new Symmetry(program);
        kernels.replaceAll((_, list) -> list.stream().map(symmetry::alongRows).toList());
        Map<String, Storage> storage = Halos.storage(program, kernels.values().stream().flatMap(List::stream).toList(),
                folds);
        Map<Phase, List<Kernel>> phases = SweepFusion.fuse(PhaseOrder.of(program, kernels, storage), decisions);
        phases.replaceAll((_, list) -> ChainedProduct.join(list, decisions));
        return new KernelProgram(program, storage, ContractionOrder.order(phases, decisions), decisions);
    }

    /** For each stored definition the kernels that compute it, in the order of the program. */
    private Map<String, List<Kernel>> kernels(Folds folds, StorageDecision stored) {
        Inliner inliner = stored.inliner();
        FoldPlacement placement = FoldPlacement.of(program, folds, stored, inliner);
        Map<String, List<Kernel>> kernels = new LinkedHashMap<>();
        for (Definition definition : program.definitions()) {
            if (!stored.isStored(definition.name())) {
                continue;
            }
            if (correlations.contains(definition.name())) {
                kernels.put(definition.name(), correlations.kernels(definition.name(), inliner));
                continue;
            }
            List<Kernel> list = new ArrayList<>(List.of(KernelForm.of(definition.withBody(
                    Simplifier.simplify(placement.ownBody(definition))), decisions)));
            list.addAll(placement.kernelsAt(definition.name()));
            kernels.put(definition.name(), list);
        }
        return kernels;
    }
}
