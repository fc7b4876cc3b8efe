package org.mcrc.runtime.engine.cuda;

import java.util.Set;
import jcuda.driver.CUgraphExec;

/** Launches of a {@link CudaDevice} that run together: a CUDA graph. */
final class CudaRecording implements Device.Recording {
    private final CudaDevice device;
    private final CUgraphExec graph;
    private final Set<String> kernels;
    private boolean closed;

    CudaRecording(CudaDevice device, CUgraphExec graph, Set<String> kernels) {
        this.device = device;
        this.graph = graph;
        this.kernels = Set.copyOf(kernels);
    }

    @Override
    public void play() {
        if (closed) {
            throw new IllegalStateException("the recording is closed");
        }
        device.play(graph, kernels);
    }

    @Override
    public void close() {
        if (!closed) {
            device.discard(this, graph);
            closed = true;
        }
    }
}
