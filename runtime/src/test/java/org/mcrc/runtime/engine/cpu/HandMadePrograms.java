package org.mcrc.runtime.engine.cpu;

import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.always;
import static org.mcrc.compiler.index.Expressions.argument;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.divide;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.readAt;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.subtract;
import static org.mcrc.compiler.index.Expressions.sum;
import static org.mcrc.compiler.index.Expressions.unary;
import static org.mcrc.compiler.index.Expressions.withDerivative;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.VectorDomain;

/** Programs of the Index IR made without the front end, for tests of what comes after it. */
public final class HandMadePrograms {
    private HandMadePrograms() {}

    static Tensor field(Grid grid) {
        return new Tensor("M", Tensor.Kind.FIELD, List.of(grid));
    }

    static VectorDomain halfwindow(int longest, int rank) {
        List<int[]> members = new ArrayList<>();
        int[] vector = new int[rank];
        collect(members, vector, 0, longest);
        return new VectorDomain("R", rank, members);
    }

    private static void collect(List<int[]> members, int[] vector, int axis, int longest) {
        if (axis == vector.length) {
            int first = 0;
            for (int component : vector) {
                first = first == 0 ? component : first;
            }
            if (first >= 0) {
                members.add(vector.clone());
            }
            return;
        }
        for (int k = -longest; k <= longest; k++) {
            vector[axis] = k;
            collect(members, vector, axis + 1, longest);
        }
        vector[axis] = 0;
    }

    /** M[x + r]. */
    static Expression shifted(Tensor field, Index x, Index r) {
        List<IndexForm> subscript = new ArrayList<>();
        for (int c = 0; c < x.domain().components(); c++) {
            subscript.add(IndexForm.of(x, c).plus(IndexForm.of(r, c)));
        }
        return Expressions.read(field, List.of(subscript));
    }

    /** The l2 loss of one output. */
    static IndexProgram l2(String name, Tensor field, List<Definition> definitions, Tensor output,
            Map<String, Double> arguments) {
        Tensor target = new Tensor(output.name() + "*", Tensor.Kind.TARGET, output.axes());
        List<Index> indices = output.axes().stream().map(axis -> new Index("i", axis)).toList();
        Expression difference = subtract(readAt(output, indices), readAt(target, indices));
        Tensor square = Tensor.defined("square", List.of());
        Tensor error = Tensor.defined("E", List.of());
        Tensor loss = Tensor.defined("L", List.of());
        Expression s = readAt(square, List.of());
        Expression root = unary(UnaryOperator.SQRT, s);
        List<Definition> all = new ArrayList<>(definitions);
        all.add(new Definition(square, List.of(), indices.isEmpty() ? multiply(difference, difference)
                : sum(indices, always(), multiply(difference, difference)), ""));
        all.add(new Definition(error, List.of(), withDerivative(root, s, select(
                Expressions.binary(BinaryOperator.LESS, constant(0), s), divide(constant(0.5), root), constant(0))), ""));
        all.add(new Definition(loss, List.of(), readAt(error, List.of()), ""));
        return new IndexProgram(name, "", 2, List.of(new IndexProgram.Field(field, 0, 1, false, "")), List.of(),
                List.of(target), arguments, all, List.of(new IndexProgram.Output(output.name(), output, target, "")),
                List.of(), List.of(), error, loss, Map.of());
    }

    /** Two- and three-point correlations with a soft threshold (Seibert et al. 2021, eqs. 15, 19, 21). */
    public static IndexProgram s2s3(Grid grid, int longest) {
        return s2s3(grid, halfwindow(longest, grid.rank()));
    }

    /** The same of any vectors. */
    public static IndexProgram s2s3(Grid grid, VectorDomain set) {
        Tensor field = field(grid);
        Index x = new Index("x", grid);
        Index r = new Index("r", set);
        Expression z = divide(add(readAt(field, List.of(x)), shifted(field, x, r)), constant(2));
        Expression f = add(divide(argument("c1"), add(constant(1), unary(UnaryOperator.EXP,
                multiply(unary(UnaryOperator.NEGATE, argument("alpha")), add(z, argument("c2")))))), argument("c3"));
        Definition e = new Definition(Tensor.defined("e", List.of(x, r)), List.of(x, r), f, "soft threshold");
        Index a = new Index("a", set);
        Index b = new Index("b", set);
        Index p = new Index("x", grid);
        Expression product = multiply(readAt(e.tensor(), List.of(p, a)), readAt(e.tensor(), List.of(p, b)));
        Definition s = new Definition(Tensor.defined("S", List.of(a, b)), List.of(a, b),
                divide(sum(List.of(p), always(), product), constant(grid.size())), "correlations");
        double low = 1 / (1 + Math.exp(7.5));
        double high = 1 / (1 + Math.exp(-2.5));
        return l2("s2s3", field, List.of(e, s), s.tensor(),
                Map.of("alpha", 10.0, "c1", 1 / (high - low), "c2", -0.75, "c3", -low / (high - low)));
    }

    /** Two-point correlations as a product. */
    public static IndexProgram s2(Grid grid, int longest) {
        Tensor field = field(grid);
        VectorDomain set = halfwindow(longest, grid.rank());
        Index x = new Index("x", grid);
        Index r = new Index("r", set);
        Expression body = divide(sum(List.of(x), always(),
                multiply(readAt(field, List.of(x)), shifted(field, x, r))), constant(grid.size()));
        Definition s = new Definition(Tensor.defined("S", List.of(r)), List.of(r), body, "");
        return l2("s2", field, List.of(s), s.tensor(), Map.of());
    }
}
