package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;

/**
 * An array over pixels together with its {@link Spectrum}.
 *
 * @param array the array at a pixel index, for some values of its other axes
 * @param spectrum the spectrum of the grid of these values, at an index over its numbers
 */
public record Transformed(Read array, Read spectrum) {
    /** An array with the tensor that holds its spectra. */
    static Transformed of(Read array, Tensor spectra) {
        List<List<IndexForm>> subscripts = new ArrayList<>(ofPlane(array));
        subscripts.add(IndexForm.of(new Index("k", spectra.axes().getLast())));
        return new Transformed(array, (Read) Expressions.read(spectra, subscripts));
    }

    private static List<List<IndexForm>> ofPlane(Read array) {
        List<List<IndexForm>> subscripts = new ArrayList<>();
        List<Domain> axes = array.tensor().axes();
        for (int axis = 0; axis < axes.size(); axis++) {
            if (!(axes.get(axis) instanceof Grid)) {
                subscripts.add(array.subscripts().get(axis));
            }
        }
        return subscripts;
    }

    /** Where the spectrum begins, as subscripts of its tensor. */
    public List<List<IndexForm>> origin() {
        List<List<IndexForm>> subscripts = new ArrayList<>(ofPlane(array));
        subscripts.add(List.of(IndexForm.constant(0)));
        return subscripts;
    }
}
