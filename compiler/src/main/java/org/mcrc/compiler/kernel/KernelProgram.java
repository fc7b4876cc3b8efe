package org.mcrc.compiler.kernel;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;

/**
 * A scheduled program.
 *
 * @param index the Index IR that it computes
 * @param storage every stored tensor, by name, in order
 * @param kernels what runs in each phase, in order
 * @param decisions what was chosen and why
 */
public record KernelProgram(IndexProgram index, Map<String, Storage> storage, Map<Phase, List<Kernel>> kernels,
        List<Decision> decisions) {
    public KernelProgram {
        storage = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(storage));
        kernels = java.util.Collections.unmodifiableMap(new EnumMap<>(kernels));
        decisions = List.copyOf(decisions);
    }

    public Storage storage(Tensor tensor) {
        return storage.get(tensor.name());
    }

    /** The bytes of all stored tensors. */
    public long bytes(int bytesPerNumber) {
        return storage.values().stream().mapToLong(s -> s.length() * (s.exact() ? Double.BYTES : bytesPerNumber)).sum();
    }

    /** The bytes that the kernels take on a processor besides these: {@link Workspace}. */
    public long workspace(int bytesPerNumber) {
        return Workspace.bytes(kernels, bytesPerNumber);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("kernels " + index.name() + "\n");
        storage.values().forEach(s -> text.append("store ").append(s.tensor().name()).append(s.tensor().axes())
                .append(s.halo().isEmpty() ? "" : " halo " + s.halo()).append('\n'));
        kernels.forEach((phase, list) -> {
            text.append("phase ").append(phase.name().toLowerCase(java.util.Locale.ROOT)).append('\n');
            list.forEach(kernel -> text.append("  ").append(kernel.getClass().getSimpleName()).append(' ')
                    .append(kernel.formula()).append('\n'));
        });
        return text.toString();
    }
}
