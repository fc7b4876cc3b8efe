package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;

/** Finds the grid of a pixel index from the reads that it occurs in: {@code G[K*x + d]} says that it is G's, coarser by K. */
final class GridInference {
    static final DiagnosticKind NOT_DIVISIBLE = DiagnosticKind.error("extent-not-divisible");
    static final DiagnosticKind GRIDS_DIFFER = DiagnosticKind.error("grids-differ");
    static final DiagnosticKind FACTOR = DiagnosticKind.error("pixel-factor");

    private record Evidence(Grid grid, Span span) {}

    private final String index;
    private final Scope scope;
    private final ExpressionBinder binder;
    private final List<Evidence> found = new ArrayList<>();

    private GridInference(String index, Scope scope, ExpressionBinder binder) {
        this.index = index;
        this.scope = scope;
        this.binder = binder;
    }

    /**
     * The grid of the pixel index that {@code binding} introduces.
     *
     * @param formulas where it is known
     * @param scope what was known before it
     */
    static Grid infer(IndexBinding binding, List<Expression> formulas, Scope scope, ExpressionBinder binder) {
        GridInference inference = new GridInference(binding.name().text(), scope, binder);
        formulas.forEach(inference::collect);
        if (inference.found.isEmpty()) {
            return binder.context(binding.span()).grid();
        }
        Evidence first = inference.found.getFirst();
        for (Evidence other : inference.found) {
            if (!other.grid().equals(first.grid())) {
                binder.session().diagnostics().report(new Diagnostic(GRIDS_DIFFER, other.span(),
                        "here " + inference.index + " ranges over a grid of " + other.grid()
                                + ", elsewhere over one of " + first.grid(),
                        Optional.empty(), List.of(new Diagnostic.Note(first.span(),
                                "here it ranges over a grid of " + first.grid()))));
                throw new Abandoned();
            }
        }
        return first.grid();
    }

    private void collect(Expression formula) {
        if (formula instanceof Expression.Subscript subscript) {
            for (int axis = 0; axis < subscript.subscripts().size(); axis++) {
                Expression position = subscript.subscripts().get(axis);
                if (SyntaxTree.mentions(position, index)) {
                    int factor = coefficient(position);
                    Grid grid = binder.file().array(subscript.array().text(), binder.context(subscript.span()),
                            subscript.array().span()).grid();
                    if (factor != 0 && grid != null) {
                        found.add(new Evidence(coarser(grid, factor, subscript), subscript.span()));
                    }
                }
            }
        }
        SyntaxTree.children(formula).forEach(this::collect);
    }

    private Grid coarser(Grid grid, int factor, Expression.Subscript subscript) {
        if (factor < 1) {
            throw binder.error(FACTOR, subscript.span(), "a pixel index is multiplied by a positive integer, not by "
                    + factor);
        }
        List<Integer> extents = new ArrayList<>();
        for (int axis = 0; axis < grid.rank(); axis++) {
            if (grid.extent(axis) % factor != 0) {
                // Of a grid that is coarser than the microstructure, by what it is coarser too.
                int finest = binder.session().binding().extents().getFirst();
                binder.session().noteDivisor((long) factor * Math.max(1, finest / grid.extent(0)));
                throw binder.error(NOT_DIVISIBLE, subscript.span(), "'" + subscript.span().text() + "' needs extents that "
                        + factor + " divides, and '" + subscript.array().text() + "' has " + grid + " pixels: " + factor
                        + " does not divide " + grid.extent(axis));
            }
            extents.add(grid.extent(axis) / factor);
        }
        return new Grid(extents);
    }

    /** How often the index is contained in a subscript; 0 where it occurs otherwise, which its reading reports. */
    private int coefficient(Expression position) {
        if (!SyntaxTree.mentions(position, index)) {
            return 0;
        }
        return switch (position) {
            case Expression.NameReference _ -> 1;
            case Expression.Unary unary -> -coefficient(unary.operand());
            case Expression.Binary binary -> switch (binary.operator()) {
                case ADD -> coefficient(binary.left()) + coefficient(binary.right());
                case SUBTRACT -> coefficient(binary.left()) - coefficient(binary.right());
                case MULTIPLY -> SyntaxTree.mentions(binary.right(), index)
                        ? product(binary.left(), binary.right()) : product(binary.right(), binary.left());
                case DIVIDE, DIV, MOD, POWER, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, AND, OR -> 0;
            };
            case Expression.NumberLiteral _, Expression.Call _, Expression.Count _, Expression.Subscript _,
                    Expression.Conditional _, Expression.Reduction _, Expression.VectorLiteral _,
                    Expression.ComponentSelect _ -> 0;
        };
    }

    private int product(Expression factor, Expression position) {
        int inner = coefficient(position);
        return inner == 0 ? 0 : (int) Math.clamp((long) inner * binder.integer(factor, scope), Integer.MIN_VALUE,
                Integer.MAX_VALUE);
    }
}
