package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Stored arrays weighted and summed over vectors, at every pixel of a periodic grid:
 * {@code target[pixel, batch] = sum[indices | guard](coefficient * array[pixel + shift] + ...)}, as the adjoint of a
 * {@link Correlation} is. The coefficients of an array, each put at the pixel to which its shift points, are an image: the
 * target has the spectrum sum(conj(image^) array^), in N log N operations.
 *
 * @param definition what is computed: a sum over finite indices
 * @param images what is summed, by array
 * @param image a workspace as long as a spectrum: an image, then its spectrum
 * @param product another: the sum of the products of spectra, then the target
 */
public record Convolution(Definition definition, List<Image> images, Tensor image, Tensor product) implements Kernel {
    /**
     * The coefficients of an array.
     *
     * @param terms what is added up in the image
     */
    public record Image(Transformed array, List<Term> terms) {
        public Image {
            terms = List.copyOf(terms);
        }
    }

    /**
     * A coefficient for each value of the indices.
     *
     * @param coefficient an expression without pixels
     * @param shift where it stands in the image, component by component
     */
    public record Term(Expression coefficient, List<IndexForm> shift) {
        public Term {
            shift = List.copyOf(shift);
        }
    }

    public Convolution {
        images = List.copyOf(images);
    }

    /** The same with what is not stored put in. */
    Convolution with(Inliner inliner) {
        return new Convolution(definition.withBody(Simplifier.simplify(inliner.inline(definition.body()))),
                images.stream().map(each -> new Image(each.array(), each.terms().stream().map(term ->
                        new Term(Simplifier.simplify(inliner.inline(term.coefficient())), term.shift())).toList())).toList(),
                image, product);
    }

    public Grid grid() {
        return definition.tensor().grid();
    }

    /** The target's finite indices: one transform back for each of their values. */
    public List<Index> batch() {
        return definition.axes().stream().filter(index -> !index.isPixel()).toList();
    }

    /** The indices of the sum on which an array depends: one image for each of their values. */
    public List<Index> inner(Image of) {
        Set<Index> ofArray = new HashSet<>(Expressions.freeIndices(of.array().array()));
        return definition.reduction().indices().stream().filter(ofArray::contains).toList();
    }

    /** The indices of the sum whose values share an image. */
    public List<Index> vectors(Image of) {
        List<Index> vectors = new ArrayList<>(definition.reduction().indices());
        vectors.removeAll(inner(of));
        return vectors;
    }

    /** For which values of the indices there is anything to sum. */
    public Expression guard() {
        return definition.reduction().guard();
    }

    @Override
    public List<Tensor> writes() {
        return List.of(definition.tensor(), image, product);
    }

    @Override
    public List<Expression> expressions() {
        List<Expression> all = new ArrayList<>();
        for (Image each : images) {
            all.add(each.array().spectrum());
            each.terms().forEach(term -> all.add(term.coefficient()));
        }
        return all;
    }

    @Override
    public String formula() {
        return definition.formula() + "  // by FFT";
    }
}
