package org.mcrc.compiler.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mcrc.compiler.check.Local.PixelRead;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;

/** Infers by how much the grid of each array and pixel index is coarser than the fields'; reports contradictions. */
final class GridInference {

    private GridInference() {}

    /** Checks what is declared, in {@code order}: each after what it reads. */
    static void check(Symbols symbols, List<String> order, TypeChecker types, CheckReporter reporter) {
        Map<String, Integer> factors = new HashMap<>();
        symbols.names(FieldDeclaration.class::isInstance).forEach(field -> factors.put(field, 1));
        for (String name : order) {
            Optional<Local> own = types.ownPixelOf(name);
            for (Local pixel : types.pixelsOf(name)) {
                OptionalInt factor = infer(pixel, factors, reporter);
                if (own.isPresent() && own.get() == pixel && factor.isPresent()) {
                    factors.put(name, factor.getAsInt());
                }
            }
        }
    }

    private static OptionalInt infer(Local pixel, Map<String, Integer> factors, CheckReporter reporter) {
        PixelRead first = null;
        long known = 0;
        for (PixelRead read : pixel.reads()) {
            Integer array = factors.get(read.array());
            if (array == null || read.factor().isEmpty()) {
                continue;
            }
            long factor = (long) array * read.factor().getAsInt();
            if (first == null) {
                first = read;
                known = factor;
            } else if (factor != known) {
                reporter.at(read.span(), CheckError.DIFFERENT_GRIDS, pixel.name(), grid(known) + " and " + grid(factor))
                        .note(first.span(), "this makes '" + pixel.name() + "' a pixel of " + grid(known))
                        .report();
                break;
            }
        }
        return first == null || known > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) known);
    }

    private static String grid(long factor) {
        return factor == 1 ? "the field's grid" : "a grid coarser by " + factor;
    }
}
