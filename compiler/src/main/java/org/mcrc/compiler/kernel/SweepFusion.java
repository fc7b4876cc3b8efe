package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Tensor;

/**
 * Puts nests over the same pixels that read the same arrays into one pass, as far as what they need is there: arrays of
 * pixels are then read once instead of once for each nest. What the loss needs of the pixels is computed along with the
 * outputs, where these read the same.
 */
final class SweepFusion {
    /** Longer loops run out of registers, and methods that are too long are not compiled at all. */
    private static final int MOST_NODES = 160;

    private final List<Decision> decisions;
    private final List<Slot> slots = new ArrayList<>();

    private SweepFusion(List<Decision> decisions) {
        this.decisions = decisions;
    }

    private record Slot(Phase phase, Kernel kernel) {}

    /** The same kernels in fewer passes. Which nests were joined is added to {@code decisions}. */
    static Map<Phase, List<Kernel>> fuse(Map<Phase, List<Kernel>> phases, List<Decision> decisions) {
        SweepFusion fusion = new SweepFusion(decisions);
        Map<Phase, List<Kernel>> fused = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            phases.get(phase).forEach(kernel -> fusion.add(phase, kernel));
            fused.put(phase, new ArrayList<>());
        }
        fusion.slots.forEach(slot -> fused.get(slot.phase()).add(slot.kernel()));
        return fused;
    }

    private void add(Phase phase, Kernel kernel) {
        int place = kernel instanceof Nest nest && Sweep.of(nest) != null ? place(phase, nest) : -1;
        if (place < 0) {
            slots.add(new Slot(phase, kernel));
            return;
        }
        Slot host = slots.get(place);
        slots.set(place, new Slot(host.phase(), join(host.kernel(), (Nest) kernel)));
        decisions.add(new Decision(kernel.writes().getFirst().name(), "one pass",
                "with " + host.kernel().writes().getFirst().name() + ": they read the same pixels"));
    }

    /** The last slot whose pass the nest can join; -1 where there is none. */
    private int place(Phase phase, Nest nest) {
        Set<Tensor> reads = reads(nest);
        boolean needsTargets = reads.stream().anyMatch(tensor -> tensor.kind() == Tensor.Kind.TARGET);
        for (int place = slots.size() - 1; place >= 0; place--) {
            Slot slot = slots.get(place);
            boolean early = phase == Phase.LOSS && slot.phase() == Phase.OUTPUTS && !needsTargets;
            if (slot.phase() != phase && !early) {
                return -1;
            }
            if (slot.kernel().writes().stream().anyMatch(reads::contains)
                    || slot.kernel().writes().contains(nest.definition().tensor())
                    || reads(slot.kernel()).contains(nest.definition().tensor())) {
                return -1;
            }
            if (canJoin(slot.kernel(), nest, reads)) {
                return place;
            }
        }
        return -1;
    }

    private static boolean canJoin(Kernel host, Nest nest, Set<Tensor> reads) {
        Sweep sweep = sweep(host);
        if (sweep == null || !sweep.pixel().domain().equals(nest.vector().domain())
                || reads(host).stream().noneMatch(tensor -> tensor.grid() != null && reads.contains(tensor))) {
            return false;
        }
        Set<Expression> nodes = new HashSet<>();
        List<Nest> members = new ArrayList<>(sweep.members());
        members.add(renamed(nest, sweep.pixel()));
        long elements = 0;
        long unrolled = 0;
        for (Nest member : members) {
            Set<Expression> own = new HashSet<>(Expressions.nodes(member.definition().body()));
            elements += Sweep.elements(member);
            unrolled += (Sweep.elements(member) - 1) * own.size();
            nodes.addAll(own);
        }
        return Sweep.holds(elements) && nodes.size() + unrolled <= MOST_NODES;
    }

    private static Sweep sweep(Kernel kernel) {
        return kernel instanceof Sweep sweep ? sweep : kernel instanceof Nest nest ? Sweep.of(nest) : null;
    }

    private static Sweep join(Kernel host, Nest nest) {
        Sweep sweep = sweep(host);
        List<Nest> members = new ArrayList<>(sweep.members());
        members.add(renamed(nest, sweep.pixel()));
        return new Sweep(sweep.pixel(), members);
    }

    /** The same nest with another pixel index over the same grid. */
    private static Nest renamed(Nest nest, Index pixel) {
        Definition definition = nest.definition();
        Map<Index, List<IndexForm>> renaming = new HashMap<>(Map.of(nest.vector(), IndexForm.of(pixel)));
        Expression body = definition.body();
        if (body instanceof Reduce reduce) {
            body = Expressions.reduce(reduce.operator(), renamed(reduce.indices(), nest.vector(), pixel),
                    Expressions.substitute(reduce.guard(), renaming), Expressions.substitute(reduce.body(), renaming));
        } else {
            body = Expressions.substitute(body, renaming);
        }
        return new Nest(new Definition(definition.tensor(), renamed(definition.axes(), nest.vector(), pixel), body,
                definition.comment()), pixel);
    }

    private static List<Index> renamed(List<Index> indices, Index from, Index to) {
        return indices.stream().map(index -> index == from ? to : index).toList();
    }

    private static Set<Tensor> reads(Kernel kernel) {
        Set<Tensor> tensors = new LinkedHashSet<>();
        kernel.expressions().forEach(expression ->
                Expressions.reads(expression).forEach(read -> tensors.add(read.tensor())));
        return tensors;
    }
}
