package org.mcrc.compiler.backend.cuda;

import java.util.List;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.kernel.KernelProgram;

/** Scheduled programs for tests of what prints them. */
final class PrintedProgram {
    private PrintedProgram() {}

    static KernelProgram scheduled(String text, List<Integer> extents) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, extents).program()));
    }

    /** What kernels share before any is written, of a program that does not matter. */
    static ProgramText text(CudaPrecision precision) {
        return new ProgramText(scheduled("descriptor d\nfield M in [0, 1]\noutput S = mean[x](M[x])\n", List.of(4, 4)),
                precision);
    }
}
