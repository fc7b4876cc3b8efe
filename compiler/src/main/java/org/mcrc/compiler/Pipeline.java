package org.mcrc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.mcrc.compiler.adjoint.Adjoint;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Scheduler;
import org.mcrc.compiler.kernel.Sums;
import org.mcrc.compiler.simplify.DropUnused;
import org.mcrc.compiler.simplify.HoistInvariants;
import org.mcrc.compiler.simplify.HoistReductions;
import org.mcrc.compiler.simplify.Pass;
import org.mcrc.compiler.simplify.Reassociate;
import org.mcrc.compiler.simplify.SeparateExponentials;
import org.mcrc.compiler.simplify.Simplifier;
import org.mcrc.compiler.simplify.SplitExtrema;

/** The passes between a bound program and its kernels, from top to bottom, in the one place where their order is said. */
public final class Pipeline {
    private static final List<Pass> BEFORE_ADJOINT = List.of(new SplitExtrema(), new HoistReductions(), new Simplifier(),
            new Reassociate(), new DropUnused());
    private static final List<Pass> AFTER_ADJOINT = List.of(new Simplifier(), new DropUnused());
    private static final List<Pass> BEFORE_SCHEDULE = List.of(new HoistInvariants(), new SeparateExponentials(),
            new Simplifier(), new DropUnused());

    private Pipeline() {}

    /** The program in normal form without a gradient: for outputs and losses alone. */
    public static IndexProgram normalize(IndexProgram bound) {
        return run(BEFORE_ADJOINT, bound, "", (_, _) -> {}, _ -> {});
    }

    /** The program in normal form with the gradient of its loss: what the evaluator runs. */
    public static IndexProgram differentiate(IndexProgram bound) {
        return differentiate(bound, (_, _) -> {});
    }

    /**
     * The same, with a look at every stage.
     *
     * @param stage is told the name of each pass and what came out of it
     */
    public static IndexProgram differentiate(IndexProgram bound, BiConsumer<String, Object> stage) {
        IndexProgram program = run(BEFORE_ADJOINT, bound, "", stage, _ -> {});
        program = Adjoint.derive(program);
        IndexVerifier.verify(program, "Adjoint");
        stage.accept("Adjoint", program);
        return run(AFTER_ADJOINT, program, "after the adjoint", stage, _ -> {});
    }

    /**
     * Whether the kernels of a bound program are right only while fields stay within their ranges and
     * {@link SeparateExponentials#MARGIN} of their width on either side.
     */
    public static boolean needsRanges(IndexProgram bound) {
        List<Decision> decisions = new ArrayList<>();
        new SeparateExponentials().run(normalize(bound), decisions::add);
        return !decisions.isEmpty();
    }

    /** The kernels of a program in normal form, with its gradient if it has one. */
    public static KernelProgram schedule(IndexProgram differentiated) {
        return schedule(differentiated, Sums.FASTEST, (_, _) -> {});
    }

    /** The same, with a look at every stage. */
    public static KernelProgram schedule(IndexProgram differentiated, BiConsumer<String, Object> stage) {
        return schedule(differentiated, Sums.FASTEST, stage);
    }

    /** The same, with a choice how sums are computed. */
    public static KernelProgram schedule(IndexProgram differentiated, Sums sums) {
        return schedule(differentiated, sums, (_, _) -> {});
    }

    private static KernelProgram schedule(IndexProgram differentiated, Sums sums, BiConsumer<String, Object> stage) {
        List<Decision> decisions = new ArrayList<>();
        IndexProgram prepared = run(BEFORE_SCHEDULE, differentiated, "before the schedule", stage, decisions::add);
        KernelProgram kernels = Scheduler.schedule(prepared, decisions, sums);
        stage.accept("Scheduler", kernels);
        return kernels;
    }

    private static IndexProgram run(List<Pass> passes, IndexProgram program, String when,
            BiConsumer<String, Object> stage, Consumer<Decision> decisions) {
        IndexProgram current = program;
        for (Pass pass : passes) {
            String name = when.isEmpty() ? pass.name() : pass.name() + " " + when;
            current = pass.run(current, decisions);
            IndexVerifier.verify(current, name);
            stage.accept(name, current);
        }
        return current;
    }
}
