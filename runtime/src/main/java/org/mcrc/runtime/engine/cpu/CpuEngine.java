package org.mcrc.runtime.engine.cpu;

import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.ManifestSignature;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.engine.cpu.support.Workers;

/** Runs a compiled program on the machine's processors. */
public final class CpuEngine implements Engine {
    private final Manifest manifest;
    private final Signature signature;
    private final KernelMemory memory;
    private final Workers workers;
    private final CpuKernels kernels;

    /**
     * Binds a compiled program.
     *
     * @param kernels the generated class that the manifest names
     * @param threads how many threads it may use; results do not depend on it
     * @throws org.mcrc.runtime.InputError where there is not enough memory, with the amount
     */
    public CpuEngine(Manifest manifest, Class<? extends CpuKernels> kernels, int threads) {
        VectorModule.load();
        this.manifest = manifest;
        this.signature = ManifestSignature.of(manifest);
        this.workers = new Workers(threads);
        this.memory = new KernelMemory(manifest, workers);
        manifest.data().forEach(memory::store);
        try {
            this.kernels = kernels.getConstructor(KernelMemory.class, Workers.class).newInstance(memory, workers);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("the kernels of " + manifest.name() + " cannot be bound", failed.getCause());
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException(manifest.className() + " is no class of kernels", failed);
        }
        this.kernels.prepare();
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void characterize(Map<String, double[]> fields) {
        fields.forEach(memory::store);
        kernels.outputs();
    }

    @Override
    public double[] values(String entry) {
        Manifest.Output output = Stream.concat(manifest.outputs().stream(), manifest.reports().stream())
                .filter(each -> each.entry().equals(entry)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no output or report " + entry));
        double[] values = new double[memory.size(output.array())];
        memory.load(output.array(), values);
        return values;
    }

    @Override
    public void setTarget(String entry, double[] values) {
        String target = manifest.targets().stream().filter(each -> each.equals(entry + "*")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + entry));
        int size = memory.size(target);
        if (values.length != size) {
            throw new IllegalArgumentException(entry + " has " + size + " elements, not " + values.length);
        }
        memory.store(target, values);
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields) {
        characterize(fields);
        return losses();
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients) {
        if (!manifest.gradients().keySet().containsAll(gradients.keySet())) {
            throw new IllegalArgumentException(manifest.name() + " was compiled without " + gradients.keySet());
        }
        characterize(fields);
        kernels.loss();
        kernels.gradient();
        gradients.forEach((field, gradient) -> memory.load(manifest.gradients().get(field), gradient));
        return computed();
    }

    @Override
    public Losses losses() {
        kernels.loss();
        return computed();
    }

    private Losses computed() {
        Map<String, Double> penalties = new LinkedHashMap<>();
        manifest.penalties().forEach(penalty -> penalties.put(penalty.name(), memory.number(penalty.array())));
        return new Losses(memory.number(manifest.loss()), memory.number(manifest.error()), penalties);
    }

    @Override
    public void close() {
        workers.close();
    }
}
