package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;

/**
 * Where an expression looks at pixels: {@code M[x + r] + M[x + r + (0, 1)]} is a function of the pixel at {@code x + r}.
 *
 * @param grid the pixels that are looked at
 * @param subscript the one around which it looks
 */
record Place(Grid grid, List<IndexForm> subscript) {
    Place {
        subscript = List.copyOf(subscript);
    }

    /** The place of an expression that mentions a pixel index; nothing where it is a function of no single pixel. */
    static Optional<Place> of(Expression expression) {
        Place place = null;
        for (Expression node : Expressions.nodes(expression)) {
            if (node instanceof Read read) {
                for (int axis = 0; axis < read.subscripts().size() && place == null; axis++) {
                    List<IndexForm> subscript = read.subscripts().get(axis);
                    if (read.tensor().axes().get(axis) instanceof Grid grid && mentionsPixel(subscript)) {
                        place = new Place(grid, subscript);
                    }
                }
            } else if (node instanceof Coordinate || node instanceof Member) {
                // A number made of the pixel's position moves with the pixel index and with nothing else.
                Optional<Index> pixel = pixels(Expressions.forms(node)).stream().findFirst();
                if (pixel.isPresent()) {
                    place = new Place((Grid) pixel.get().domain(), IndexForm.of(pixel.get()));
                    break;
                }
            }
        }
        return Optional.ofNullable(place);
    }

    private static Set<Index> pixels(List<IndexForm> forms) {
        Set<Index> pixels = new HashSet<>();
        forms.forEach(form -> form.indices().stream().filter(Index::isPixel).forEach(pixels::add));
        return pixels;
    }

    private static boolean mentionsPixel(List<IndexForm> forms) {
        return !pixels(forms).isEmpty();
    }

    /** Whether two places are at a distance that is the same for all values of the indices. */
    boolean isBeside(Place other) {
        return grid.equals(other.grid) && differences(subscript, other.subscript).stream().allMatch(IndexForm::isConstant);
    }

    private static List<IndexForm> differences(List<IndexForm> left, List<IndexForm> right) {
        List<IndexForm> differences = new ArrayList<>();
        for (int c = 0; c < left.size(); c++) {
            differences.add(left.get(c).minus(right.get(c)));
        }
        return differences;
    }

    /**
     * An expression as a function of {@code pixel}, which stands where this place was.
     *
     * @return nothing where it looks elsewhere, too
     */
    Optional<Expression> seenFrom(Index pixel, Expression expression) {
        Map<Index, List<IndexForm>> replacement = new HashMap<>();
        pixels(subscript).stream().filter(own -> IndexForm.of(own).equals(subscript))
                .forEach(own -> replacement.put(own, IndexForm.of(pixel)));
        boolean[] elsewhere = {false};
        Expression seen = Expressions.rewrite(expression, node -> switch (node) {
            case Read read -> {
                List<List<IndexForm>> subscripts = new ArrayList<>();
                for (int axis = 0; axis < read.subscripts().size(); axis++) {
                    List<IndexForm> old = read.subscripts().get(axis);
                    List<IndexForm> moved = old;
                    if (mentionsPixel(old) && grid.equals(read.tensor().axes().get(axis))) {
                        moved = sums(differences(old, subscript), IndexForm.of(pixel));
                        elsewhere[0] |= mentionsPixel(differences(old, subscript));
                    } else {
                        elsewhere[0] |= mentionsPixel(old);
                    }
                    subscripts.add(moved);
                }
                yield Expressions.read(read.tensor(), subscripts);
            }
            case Coordinate _, Member _ -> {
                Expression moved = Expressions.substitute(node, replacement);
                elsewhere[0] |= pixels(Expressions.forms(moved)).stream().anyMatch(index -> index != pixel);
                yield moved;
            }
            case Expression _ -> node;
        });
        return elsewhere[0] ? Optional.empty() : Optional.of(seen);
    }

    private static List<IndexForm> sums(List<IndexForm> left, List<IndexForm> right) {
        List<IndexForm> sums = new ArrayList<>();
        for (int c = 0; c < left.size(); c++) {
            sums.add(left.get(c).plus(right.get(c)));
        }
        return sums;
    }
}
