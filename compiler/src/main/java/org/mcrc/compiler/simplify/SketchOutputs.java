package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;

/**
 * Compares outputs that are matrices, as a sum of squares, by a few random combinations of their columns.
 *
 * <p>With Ω of k columns whose entries are independent with mean 0 and variance 1/k, ‖(S - S*)Ω‖² has the mean ‖S - S*‖²
 * and is 0 where S = S*: Johnson and Lindenstrauss (1984). S Ω costs far less than S where S is itself a product, which
 * {@link Reassociate} sees to. Ω is given from outside, as targets are, so that another one compiles nothing.
 */
public final class SketchOutputs {

    /** A sketch is worth its while from this many columns of the output for one of its own. */
    private static final int LEAST_SAVING = 4;

    /**
     * The columns of a sketch where nothing else is asked for. With 16 registers and with 32, this many cost little more than
     * the production of the operand that a sketch of any size needs.
     */
    public static final int COLUMNS = 16;

    /** The columns that an output has to have for a sketch of this many. */
    public static int leastColumns(int columns) {
        return Math.multiplyExact(LEAST_SAVING, columns);
    }

    /**
     * An output that was replaced.
     *
     * @param entry its name in the program as it was
     * @param sketched the output that takes its place, of shape {@code rows × columns}; its target is S* Ω
     * @param matrix what Ω, of shape {@code inner × columns}, is set as
     * @param rows the rows of the output
     * @param inner its columns
     * @param columns the columns of the sketch
     */
    public record Sketch(String entry, String sketched, String matrix, int rows, int inner, int columns) {
    }

    /**
     * A program with sketched outputs.
     *
     * @param sketches what was replaced; where it is empty the program is as it was
     */
    public record Result(IndexProgram program, List<Sketch> sketches) {
        public Result {
            sketches = List.copyOf(sketches);
        }
    }

    private final IndexProgram program;
    private final int columns;
    private final Map<String, Definition> definitions;
    private final List<Sketch> sketches = new ArrayList<>();
    private final List<Tensor> targets = new ArrayList<>();
    private final List<IndexProgram.Output> outputs = new ArrayList<>();

    /** The definitions that replace those of the same name, each with what goes before it. */
    private final Map<String, List<Definition>> replacements = new HashMap<>();

    private SketchOutputs(IndexProgram program, int columns) {
        this.program = program;
        this.columns = columns;
        this.definitions = program.definitionsByName();
    }

    /**
     * Sketches all outputs that can be.
     *
     * @param bound a program as it was bound, without gradients
     * @param columns the columns of Ω
     */
    public static Result run(IndexProgram bound, int columns) {
        return new SketchOutputs(bound, columns).run();
    }

    private Result run() {
        targets.addAll(program.targets());
        for (IndexProgram.Output output : program.outputs()) {
            outputs.add(sketched(output));
        }
        List<Definition> all = new ArrayList<>();
        program.definitions().forEach(definition ->
                all.addAll(replacements.getOrDefault(definition.name(), List.of(definition))));
        return new Result(sketches.isEmpty() ? program : program.withOutputs(targets, all, outputs), sketches);
    }

    /** The output, or the sketch of it that takes its place. */
    private IndexProgram.Output sketched(IndexProgram.Output output) {
        Tensor value = output.value();
        Definition error = definitions.get(IndexProgram.Output.partOfError(output.entry()));
        if (error == null || value.axes().size() != 2
                || !value.axes().stream().allMatch(FiniteDomain.class::isInstance)
                || value.axes().getLast().size() < leastColumns(columns)) {
            return output;
        }
        Reduce sum = error.reduction();
        if (sum == null || sum.operator() != ReductionOperator.SUM || sum.indices().size() != 2
                || !Expressions.isAlways(sum.guard())
                || !(sum.body() instanceof Binary(BinaryOperator operator, Expression left, Expression right))
                || operator != BinaryOperator.MULTIPLY || left != right) {
            return output;
        }
        Expression whole = Expressions.subtract(Expressions.readAt(value, sum.indices()),
                Expressions.readAt(output.target(), sum.indices()));
        Index column = new Index("c", new IntegerDomain(0, columns - 1));
        Index row = sum.indices().getFirst();
        Tensor combined = new Tensor(output.entry() + ".sketched", Tensor.Kind.DEFINED,
                List.of(row.domain(), column.domain()));
        Tensor target = new Tensor(combined.name() + "*", Tensor.Kind.TARGET, combined.axes());
        Tensor matrix = new Tensor(output.entry() + ".sketch*", Tensor.Kind.TARGET,
                List.of(sum.indices().getLast().domain(), column.domain()));
        List<Index> own = List.of(row, column);
        Expression difference = Expressions.subtract(Expressions.readAt(combined, own), Expressions.readAt(target, own));
        // A weight is one number for the whole output.
        if (left != whole && !(left instanceof Binary(BinaryOperator times, Expression _,
                Expression factor) && times == BinaryOperator.MULTIPLY && factor == whole)) {
            return output;
        }
        Expression weighted = Expressions.rewrite(left, node -> node == whole ? difference : node);
        replace(value, error, matrix, combined, own, weighted);
        targets.remove(output.target());
        targets.add(target);
        targets.add(matrix);
        sketches.add(new Sketch(output.entry(), combined.name(), output.entry() + ".sketch",
                Math.toIntExact(row.domain().size()), Math.toIntExact(value.axes().getLast().size()), columns));
        return new IndexProgram.Output(combined.name(), combined, target, output.documentation());
    }

    private void replace(Tensor value, Definition error, Tensor matrix, Tensor combined,
            List<Index> own, Expression weighted) {
        Index row = own.getFirst().fresh();
        Index column = own.getLast().fresh();
        Index inner = new Index("b", value.axes().getLast());
        Definition product = new Definition(combined, List.of(row, column), Expressions.sum(List.of(inner),
                Expressions.always(), Expressions.multiply(Expressions.readAt(value, List.of(row, inner)),
                        Expressions.readAt(matrix, List.of(inner, column)))), "random combinations of the columns of "
                + value.name());
        replacements.put(error.name(), List.of(product, error.withBody(Expressions.sum(own, Expressions.always(),
                Expressions.multiply(weighted, weighted)))));
    }
}
