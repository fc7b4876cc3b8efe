package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;

/**
 * Puts kernels into phases: into the first one in which something asks for what they compute, or before all of them where
 * nothing that varies enters. Halos are filled after what computes their array.
 */
final class PhaseOrder {
    private final Map<String, List<Kernel>> kernels;

    /** For each tensor the definition with whose kernels it is computed. */
    private final Map<String, String> homes = new HashMap<>();
    private final Map<String, Phase> phase = new HashMap<>();

    private PhaseOrder(Map<String, List<Kernel>> kernels) {
        this.kernels = kernels;
        kernels.forEach((name, list) -> written(list).forEach(tensor -> homes.put(tensor.name(), name)));
    }

    /**
     * What runs in each phase, in order.
     *
     * @param kernels for each definition those that compute it, in an order in which each reads only what comes before it
     */
    static Map<Phase, List<Kernel>> of(IndexProgram program, Map<String, List<Kernel>> kernels,
            Map<String, Storage> storage) {
        return new PhaseOrder(kernels).order(program, storage);
    }

    private Map<Phase, List<Kernel>> order(IndexProgram program, Map<String, Storage> storage) {
        // From the last phase to the first: what several need belongs to the earliest of them.
        need(names(program.gradients().values()), Phase.GRADIENT);
        List<Tensor> losses = new ArrayList<>(List.of(program.loss(), program.error()));
        program.penalties().forEach(penalty -> losses.add(penalty.value()));
        need(names(losses), Phase.LOSS);
        List<Tensor> outputs = new ArrayList<>();
        program.outputs().forEach(output -> outputs.add(output.value()));
        program.reports().forEach(report -> outputs.add(report.value()));
        need(names(outputs), Phase.OUTPUTS);
        Set<String> varying = new HashSet<>();
        program.fields().forEach(field -> varying.add(field.name()));
        program.targets().forEach(target -> varying.add(target.name()));
        Map<Phase, List<Kernel>> phases = new EnumMap<>(Phase.class);
        for (Phase each : Phase.values()) {
            phases.put(each, new ArrayList<>());
        }
        kernels.forEach((definition, list) -> {
            Set<Tensor> written = written(list);
            boolean constant = reads(list).stream().noneMatch(varying::contains);
            if (!constant) {
                written.forEach(tensor -> varying.add(tensor.name()));
            }
            List<Kernel> when = phases.get(constant ? Phase.PREPARE : phase.getOrDefault(definition, Phase.GRADIENT));
            when.addAll(list);
            for (Tensor tensor : written) {
                if (storage.get(tensor.name()).halo().stream().anyMatch(halo -> halo > 0)) {
                    when.add(new Wrap(tensor));
                }
            }
        });
        return phases;
    }

    /** Notes that a phase needs tensors, and all that they are computed from. */
    private void need(Collection<String> tensors, Phase when) {
        for (String tensor : tensors) {
            String home = homes.get(tensor);
            if (home != null && phase.put(home, when) != when) {
                need(reads(kernels.get(home)), when);
            }
        }
    }

    private static List<String> names(Collection<Tensor> tensors) {
        return tensors.stream().map(Tensor::name).toList();
    }

    private static Set<Tensor> written(List<Kernel> kernels) {
        Set<Tensor> written = new LinkedHashSet<>();
        kernels.forEach(kernel -> written.addAll(kernel.writes()));
        return written;
    }

    private static Set<String> reads(List<Kernel> kernels) {
        Set<String> names = new LinkedHashSet<>();
        kernels.forEach(kernel -> kernel.expressions().forEach(expression ->
                Expressions.reads(expression).forEach(read -> names.add(read.tensor().name()))));
        return names;
    }
}
