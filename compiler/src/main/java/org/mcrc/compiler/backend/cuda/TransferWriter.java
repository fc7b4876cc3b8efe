package org.mcrc.compiler.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes the kernels through which values come into arrays and are taken from them: between the workspaces
 * {@link LaunchPlan#VALUES} and {@link LaunchPlan#LOSSES}, in C order and double precision, and the arrays as they are
 * stored.
 */
final class TransferWriter {
    private static final int BLOCK = NestWriter.BLOCK;
    private static final int WARP = 32;

    private final ProgramText program;

    TransferWriter(ProgramText program) {
        this.program = program;
    }

    /** Puts values into an array, its halo, and what is kept of it with its axes exchanged or added to itself so. */
    void place(Tensor tensor) {
        Storage storage = program.storage(tensor);
        if (Halo.isThere(storage)) {
            placeWithHalo(tensor, storage);
        } else {
            copy(tensor, true);
        }
        Tensor transposed = program.transposed().get(tensor);
        if (transposed != null) {
            transpose(tensor, transposed);
        }
        Tensor symmetrized = program.symmetrized().get(tensor);
        if (symmetrized != null) {
            symmetrize(tensor, symmetrized);
        }
    }

    private void placeWithHalo(Tensor tensor, Storage storage) {
        List<Index> axes = axes(tensor);
        KernelWriter kernel = new KernelWriter(program, program.elementType(tensor));
        Halo.open(kernel, storage, axes);
        kernel.line("%s[element] = %s[%s];", kernel.parameters().writtenArray(tensor),
                kernel.parameters().workspace(LaunchPlan.VALUES, LaunchPlan.VALUES, "const double"),
                kernel.integer(IndexForm.position(axes)));
        String name = program.kernelName("place_" + tensor.name());
        program.add(kernel.text(name, BLOCK, Comments.of("Puts values into " + tensor.name() + " and its halo", "")));
        program.launchForEach(name, Halo.elements(storage), BLOCK, kernel.parameters().arguments());
        program.needWorkspace(LaunchPlan.VALUES, tensor.size() * Double.BYTES);
    }

    /** Keeps a target with its axes exchanged too, for kernels that read it along the first one. */
    private void transpose(Tensor target, Tensor transposed) {
        long columns = target.axes().getLast().size();
        KernelWriter kernel = new KernelWriter(program, program.elementType(target));
        NestWriter.openElements(kernel, target.size());
        kernel.line("%s[element %% %d * %d + element / %d] = %s[element];", kernel.parameters().workspace(
                transposed.name(), transposed.name(), program.precision().element()), columns, target.axes().getFirst().size(), columns,
                kernel.parameters().array(target));
        String name = program.kernelName("transpose_" + target.name());
        program.add(kernel.text(name, BLOCK, Comments.of("Puts " + target.name() + " into memory with its axes exchanged",
                "")));
        program.launchForEach(name, target.size(), BLOCK, kernel.parameters().arguments());
    }

    /** Keeps the sum of a target and of itself with its axes exchanged, for kernels that need nothing else of it. */
    private void symmetrize(Tensor target, Tensor sum) {
        int size = target.axes().getFirst().size();
        KernelWriter kernel = new KernelWriter(program, program.elementType(target));
        NestWriter.openElements(kernel, target.size());
        String array = kernel.parameters().array(target);
        kernel.line("%1$s[element] = %2$s[element] + %2$s[element %% %3$d * %3$d + element / %3$d];",
                kernel.parameters().workspace(sum.name(), sum.name(), program.precision().element()), array, size);
        String name = program.kernelName("symmetrize_" + target.name());
        program.add(kernel.text(name, BLOCK, Comments.of("Adds " + target.name() + " and itself with its axes exchanged", "")));
        program.launchForEach(name, target.size(), BLOCK, kernel.parameters().arguments());
    }

    /** Takes the values of an array. */
    void take(Tensor tensor) {
        copy(tensor, false);
    }

    private void copy(Tensor tensor, boolean into) {
        if (tensor.size() == 0) {
            return;
        }
        List<Index> axes = axes(tensor);
        KernelWriter kernel = new KernelWriter(program, program.elementType(tensor));
        String element = NestWriter.openElements(kernel, tensor.size());
        kernel.bindFlat(axes, element);
        String values = kernel.parameters().workspace(LaunchPlan.VALUES, LaunchPlan.VALUES,
                into ? "const double" : "double");
        String array = into ? kernel.parameters().writtenArray(tensor) : kernel.parameters().array(tensor);
        String place = axes.isEmpty() ? "0" : kernel.address(program.storage(tensor).address(
                axes.stream().map(IndexForm::of).toList()));
        kernel.line(into ? "%1$s[%2$s] = %3$s[%4$s];" : "%3$s[%4$s] = %1$s[%2$s];", array, place, values, element);
        String name = program.kernelName((into ? "place_" : "take_") + tensor.name());
        program.add(kernel.text(name, BLOCK, Comments.of((into ? "Puts values into " : "Takes the values of ")
                + tensor.name(), "")));
        program.launchForEach(name, tensor.size(), BLOCK, kernel.parameters().arguments());
        program.needWorkspace(LaunchPlan.VALUES, tensor.size() * Double.BYTES);
    }

    private static List<Index> axes(Tensor tensor) {
        return tensor.axes().stream().map(axis -> new Index("x", axis)).toList();
    }

    /** Takes the loss, the error and the penalties, in this order. */
    void takeLosses(IndexProgram index) {
        List<Tensor> all = new ArrayList<>(List.of(index.loss(), index.error()));
        index.penalties().forEach(penalty -> all.add(penalty.value()));
        KernelWriter kernel = new KernelWriter(program, "double");
        String losses = kernel.parameters().workspace(LaunchPlan.LOSSES, LaunchPlan.LOSSES, "double");
        kernel.open();
        for (int k = 0; k < all.size(); k++) {
            kernel.line("%s[%d] = %s[0];", losses, k, kernel.parameters().array(all.get(k)));
        }
        kernel.close("if (threadIdx.x == 0)");
        String name = program.kernelName("take_losses");
        program.add(kernel.text(name, WARP, Comments.of("Takes the loss, the error and the penalties", "")));
        program.launch(new LaunchPlan.Step(name, 1, 1, WARP, kernel.parameters().arguments()));
        program.needWorkspace(LaunchPlan.LOSSES, (long) all.size() * Double.BYTES);
    }
}
