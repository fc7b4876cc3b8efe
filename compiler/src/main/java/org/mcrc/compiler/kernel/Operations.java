package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * What kernels do, known before they run. A value is counted once for each value of the indices it depends on, as if every
 * loop-invariant part were computed once; padding and halos are not counted.
 *
 * @param flops additions, multiplications, divisions, comparisons and choices
 * @param transcendentals exponentials, logarithms, powers and the like
 * @param bytes the stored arrays that are read or written, each once
 */
public record Operations(double flops, double transcendentals, double bytes) {
    /** A product of two complex numbers, added to another. */
    private static final double FLOPS_OF_PRODUCT = 8;

    /** Nothing. */
    public static final Operations NONE = new Operations(0, 0, 0);

    public Operations plus(Operations other) {
        return new Operations(flops + other.flops, transcendentals + other.transcendentals, bytes + other.bytes);
    }

    /** The operations of a phase. */
    public static Operations of(KernelProgram program, Phase phase, int bytesPerNumber) {
        return program.kernels().get(phase).stream().map(kernel -> of(kernel, program, bytesPerNumber))
                .reduce(NONE, Operations::plus);
    }

    /** The operations of one kernel. */
    public static Operations of(Kernel kernel, KernelProgram program, int bytesPerNumber) {
        Operations scalar = scalar(kernel);
        Set<Tensor> touched = new HashSet<>(kernel.writes());
        kernel.expressions().forEach(expression -> Expressions.reads(expression).forEach(read -> touched.add(read.tensor())));
        double bytes = touched.stream().map(program::storage).filter(java.util.Objects::nonNull).mapToDouble(storage ->
                (double) storage.tensor().size() * (storage.exact() ? Double.BYTES : bytesPerNumber)).sum();
        return new Operations(scalar.flops(), scalar.transcendentals(), bytes);
    }

    private static Operations scalar(Kernel kernel) {
        return switch (kernel) {
            case Nest nest -> count(nest.expressions());
            case Sweep sweep -> count(sweep.expressions());
            case Scan scan -> scan(scan);
            case Gram gram -> count(gram.symmetric() ? List.of(gram.left()) : List.of(gram.left(), gram.right()))
                    .plus(new Operations(contraction(gram), 0, 0));
            case Fold fold -> count(fold.expressions()).plus(new Operations(2 * Count.real(List.of(fold.pixel()))
                    * Count.real(fold.batch()) * Count.real(fold.rows())
                    * fold.terms().stream().mapToDouble(term -> Count.real(term.inner())).sum(), 0, 0));
            // The operand is produced once.
            case ChainedProduct chain -> scalar(chain.first()).plus(count(List.of(chain.second().right())))
                    .plus(new Operations(contraction(chain.second()), 0, 0));
            case ReverseScan scan -> reverseScan(scan);
            case Spectrum spectrum -> new Operations(Count.real(spectrum.planes())
                    * TransformCost.flops(spectrum.grid()), 0, 0);
            case Correlation correlation -> transforms(correlation);
            case Convolution convolution -> count(convolution.expressions()).plus(transforms(convolution));
            case Wrap _ -> NONE;
        };
    }

    /** One step of each running reduction, and the sum of what it gives, for every pixel and element. */
    private static Operations scan(Scan scan) {
        List<Expression> roots = new ArrayList<>(List.of(scan.value()));
        Set<Expression> running = new HashSet<>();
        scan.running().forEach(each -> {
            roots.add(each.term());
            running.add(each.reduction());
        });
        double elements = Count.real(List.of(scan.pixel())) * Count.real(scan.definition().axes());
        return count(roots, running).plus(new Operations(elements * (1 + running.size()), 0, 0));
    }

    /** A product before each factor, a sum after it, and the two together. */
    private static Operations reverseScan(ReverseScan scan) {
        double elements = Count.real(List.of(scan.pixel(), scan.step())) * Count.real(scan.others());
        return count(scan.expressions(), Set.of()).plus(new Operations(
                elements * (4 + scan.contributions().size()), 0, 0));
    }

    private static double contraction(Gram gram) {
        double rows = Count.real(gram.rows());
        double pairs = gram.symmetric() ? rows * (rows + 1) / 2 : rows * Count.real(gram.columns());
        return 2 * Count.real(List.of(gram.pixel())) * Count.real(gram.batch()) * pairs;
    }

    /** A product of complex numbers for each frequency and the sum of the products, then one transform back. */
    private static Operations transforms(Correlation correlation) {
        double batch = Count.real(correlation.batch());
        double frequencies = Spectrum.length(correlation.grid()) / 2.0;
        return new Operations(batch * (Count.real(correlation.inner()) * FLOPS_OF_PRODUCT * frequencies
                + TransformCost.flops(correlation.grid())), 0, 0);
    }

    /** The same with a transform of every image before, in which the coefficients are added up. */
    private static Operations transforms(Convolution convolution) {
        double frequencies = Spectrum.length(convolution.grid()) / 2.0;
        double transform = TransformCost.flops(convolution.grid());
        double flops = transform;
        for (Convolution.Image image : convolution.images()) {
            flops += Count.real(convolution.inner(image)) * (FLOPS_OF_PRODUCT * frequencies + transform
                    + Count.real(convolution.vectors(image)) * image.terms().size());
        }
        return new Operations(Count.real(convolution.batch()) * flops, 0, 0);
    }

    private static Operations count(List<Expression> roots) {
        return count(roots, Set.of());
    }

    /** @param given what is known without being computed here */
    private static Operations count(List<Expression> roots, Set<Expression> given) {
        Set<Expression> nodes = new HashSet<>();
        roots.forEach(root -> collect(root, given, nodes));
        Operations sum = NONE;
        for (Expression node : nodes) {
            double times = Count.real(Expressions.freeIndices(node))
                    * (node instanceof Reduce reduce ? Count.real(reduce.indices()) : 1);
            sum = sum.plus(switch (kindOf(node)) {
                case NOTHING -> NONE;
                case FLOP -> new Operations(times, 0, 0);
                case TRANSCENDENTAL -> new Operations(0, times, 0);
            });
        }
        return sum;
    }

    private static void collect(Expression node, Set<Expression> given, Set<Expression> nodes) {
        if (!given.contains(node) && nodes.add(node)) {
            node.children().forEach(child -> collect(child, given, nodes));
        }
    }

    private enum Kind { NOTHING, FLOP, TRANSCENDENTAL }

    private static Kind kindOf(Expression node) {
        return switch (node) {
            case Constant _, Argument _, Coordinate _, Member _, Read _, WithDerivative _ -> Kind.NOTHING;
            case Select _, Reduce _ -> Kind.FLOP;
            case Unary unary -> switch (unary.operator()) {
                case NEGATE, ABS, SQRT, RELU, SIGN, STEP, FLOOR, NOT -> Kind.FLOP;
                case EXP, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, SIGMOID, LGAMMA, DIGAMMA ->
                        Kind.TRANSCENDENTAL;
            };
            case Binary binary -> switch (binary.operator()) {
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, AND, OR ->
                        Kind.FLOP;
                case POWER, ATAN2, POLYGAMMA -> Kind.TRANSCENDENTAL;
            };
        };
    }
}
