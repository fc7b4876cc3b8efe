package org.mcrc.compiler.backend.cuda;

import java.util.List;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.Storage;

/** Kernels with a thread for each element of a stored array, its halo included. */
final class Halo {
    private Halo() {}

    /** Whether an array has one. */
    static boolean isThere(Storage storage) {
        return storage.halo().stream().anyMatch(halo -> halo > 0);
    }

    /** The elements of an array and of its halo. */
    static long elements(Storage storage) {
        return Math.multiplyExact(storage.planes(), storage.plane());
    }

    /** Begins a kernel: binds the indices of the array's axes to the element of the thread, in the halo to its opposite. */
    static void open(KernelWriter kernel, Storage storage, List<Index> axes) {
        NestWriter.openElements(kernel, elements(storage));
        List<Index> finite = axes.stream().filter(index -> !index.isPixel()).toList();
        if (!finite.isEmpty()) {
            kernel.line("const int plane = element / %d;", storage.plane());
            kernel.bindFlat(finite, "plane");
        }
        bindPixel(kernel, storage, axes.stream().filter(Index::isPixel).findFirst().orElseThrow());
    }

    /** Binds a pixel index to the pixel of which the kernel's {@code element} is, or repeats, the value. */
    private static void bindPixel(KernelWriter kernel, Storage storage, Index pixel) {
        for (int c = 0; c < storage.halo().size(); c++) {
            String name = kernel.fresh(pixel.name() + "_" + (c + 1));
            int stride = storage.gridStride(c);
            kernel.line("const int %s = mcrc_wrap(element%s %% %d - %d, %d);", name, stride == 1 ? "" : " / " + stride,
                    storage.paddedExtent(c), storage.halo().get(c), storage.tensor().grid().extent(c));
            kernel.bindComponent(pixel, c, name);
        }
    }

    /** Writes the kernel that copies the border of every grid of an array into its halo; none where it has no halo. */
    static void fill(ProgramText program, Tensor tensor) {
        Storage storage = program.storage(tensor);
        if (!isThere(storage)) {
            return;
        }
        KernelWriter kernel = new KernelWriter(program, program.elementType(tensor));
        NestWriter.openElements(kernel, elements(storage));
        Index pixel = new Index("x", tensor.grid());
        bindPixel(kernel, storage, pixel);
        IndexForm linear = IndexForm.constant(storage.origin());
        for (int c = 0; c < storage.halo().size(); c++) {
            linear = linear.plus(IndexForm.of(pixel, c).times(storage.gridStride(c)));
        }
        String plane = storage.planes() == 1 ? "" : "element / %1$d * %1$d + ".formatted(storage.plane());
        kernel.line("const int origin = %s%s;", plane, kernel.integer(linear));
        String array = kernel.parameters().writtenArray(tensor);
        kernel.line("if (element != origin) {");
        kernel.line("    %1$s[element] = %1$s[origin];", array);
        kernel.line("}");
        String name = program.kernelName("wrap_" + tensor.name());
        program.add(kernel.text(name, NestWriter.BLOCK, Comments.of("Fills the halo of " + tensor.name(), "")));
        program.launchForEach(name, elements(storage), NestWriter.BLOCK, kernel.parameters().arguments());
    }
}
