package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;

/**
 * The discrete Fourier transform of every grid of a stored array: with n_c pixels along axis c,
 * {@code target[k] = sum[x](source[x] * exp(-2 pi i sum[c](k_c x_c / n_c)))}.
 *
 * <p>A spectrum of real numbers holds every frequency but those along the last axis above n / 2, which are the complex
 * conjugates of others. It lies in memory in C order, real and imaginary parts side by side, in double precision whatever
 * the precision of the program.
 *
 * @param target its axes are the finite ones of the source and then one over the numbers of a grid's spectrum
 */
public record Spectrum(Tensor target, Tensor source) implements Kernel {
    /** The numbers of the spectrum of a grid, real and imaginary parts each counted. */
    static int length(Grid grid) {
        int last = grid.extent(grid.rank() - 1);
        return Math.multiplyExact(grid.size() / last, 2 * (last / 2 + 1));
    }

    /** The positions of these numbers. */
    static IntegerDomain numbers(Grid grid) {
        return new IntegerDomain(0, length(grid) - 1);
    }

    /** The grid that is transformed. */
    public Grid grid() {
        return source.grid();
    }

    /** Indices over the source's finite axes. */
    public List<Index> planes() {
        return source.axes().stream().filter(axis -> !(axis instanceof Grid)).map(axis -> new Index("plane", axis)).toList();
    }

    /** Where the grid of each plane begins, as subscripts of the source. */
    public static List<List<IndexForm>> origin(Tensor tensor, List<Index> planes) {
        List<Index> rest = new ArrayList<>(planes);
        return tensor.axes().stream().map(axis -> axis instanceof Grid grid
                ? Collections.nCopies(grid.rank(), IndexForm.constant(0))
                : rest.isEmpty() ? List.of(IndexForm.constant(0)) : IndexForm.of(rest.removeFirst())).toList();
    }

    @Override
    public List<Tensor> writes() {
        return List.of(target);
    }

    @Override
    public List<Expression> expressions() {
        return List.of(Expressions.readAt(source, source.axes().stream().map(axis -> new Index("x", axis)).toList()));
    }

    @Override
    public String formula() {
        return "let " + target.name() + " = the discrete Fourier transform of " + source.name();
    }
}
