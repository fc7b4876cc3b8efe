package org.mcrc.compiler.backend.cuda;

import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.kernel.Storage;

/** Kernels with a thread for each element of a stored array, its halo included. */
final class Halo {
    private Halo() {}

    /** Binds a pixel index to the pixel of which the kernel's {@code element} is, or repeats, the value. */
    static void bindPixel(KernelWriter kernel, Storage storage, Index pixel) {
        for (int c = 0; c < storage.halo().size(); c++) {
            String name = kernel.fresh(pixel.name() + "_" + (c + 1));
            int stride = storage.gridStride(c);
            kernel.line("const int %s = mcrc_wrap(element%s %% %d - %d, %d);", name, stride == 1 ? "" : " / " + stride,
                    storage.paddedExtent(c), storage.halo().get(c), storage.tensor().grid().extent(c));
            kernel.bindComponent(pixel, c, name);
        }
    }

    static boolean isThere(Storage storage) {
        return storage.halo().stream().anyMatch(halo -> halo > 0);
    }
}
