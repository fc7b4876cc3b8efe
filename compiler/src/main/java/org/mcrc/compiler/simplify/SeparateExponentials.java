package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.UniqueNames;
import org.mcrc.compiler.index.VectorDomain;

/**
 * The exponential of a sum is a product of exponentials: where the terms look at different pixels, one exponential a pixel
 * is enough instead of one for each pixel and vector. With {@code v(m) = exp(-alpha/2 * (m + c))} the logistic function
 * {@code sigmoid(alpha * ((a + b) / 2 + c))} is {@code 1 / (1 + v(a) * v(b))}; {@code exp} and {@code tanh} likewise. The
 * factors become definitions of their own; those that are equal up to a shift are the same.
 *
 * <p>The exponents of the factors are clamped, such that their product neither overflows nor vanishes in single precision,
 * whatever the fields: nothing becomes infinite or not a number. Separated is only what the clamp leaves alone, by range
 * analysis with the arguments' values, while fields stay within their range and {@link #MARGIN} of its width on either
 * side. Farther out the value is that of the nearest exponents allowed: between 0 and 1 for the logistic function, and
 * monotone. Within, the error is that of an exponent of at most {@value #LARGEST_EXPONENT}, rounded: for functions between
 * -1 and 1 at most 1.3e-6 in single precision and 2.4e-15 in double, beside the error of the plain form; the exponential
 * itself, which has no such bounds, is separated only where that holds relatively.
 *
 * <p>Derivatives are made of these values and not of the clamp: the pass runs after the adjoint. Values of which a
 * rounding error may decide are left as they are ({@link SharpUses}).
 */
public final class SeparateExponentials implements Pass {
    /** How far fields may leave their range, in its width, with every value right. */
    public static final double MARGIN = 1;

    /** The exponents of a product: e^88 is the largest power in single precision, e^-87 the least normal one. */
    private static final double LARGEST_EXPONENT = 86;

    /** Of an exponential by itself: an exponent of this size has a rounding error of 1e-6 in single precision. */
    private static final double LARGEST_EXPONENT_OF_EXP = 16;

    /** A stored factor costs its loads: it has to save this many exponentials. */
    private static final double LEAST_SAVING = 4;

    @Override
    public IndexProgram run(IndexProgram program) {
        return run(program, _ -> {});
    }

    @Override
    public IndexProgram run(IndexProgram program, Consumer<Decision> decisions) {
        return new Separation(program, decisions).run();
    }

    /** A factor of a product of exponentials. */
    private record Factor(List<Index> axes, Expression exponent, List<List<IndexForm>> subscripts) {
        double size() {
            return Count.real(axes);
        }

        /** Whether it may be stored: arrays over pixels and vectors never are. */
        boolean isStorable() {
            return axes.stream().noneMatch(Index::isPixel)
                    || axes.stream().noneMatch(index -> index.domain() instanceof VectorDomain);
        }
    }

    private static final class Separation {
        private final IndexProgram program;
        private final Consumer<Decision> decisions;
        private final UniqueNames names;
        private final List<Definition> result = new ArrayList<>();
        private final SeparableSum sums;
        private final Ranges ranges;
        private final SharpUses sharp;
        private final Map<List<Object>, Index> indices = new HashMap<>();
        private final Map<Expression, Tensor> factors = new IdentityHashMap<>();

        Separation(IndexProgram program, Consumer<Decision> decisions) {
            this.program = program;
            this.decisions = decisions;
            names = UniqueNames.in(program);
            sums = new SeparableSum(program.definitionsByName());
            ranges = new Ranges(program, MARGIN);
            sharp = new SharpUses(program, SharpUses.Reach.TERMS);
        }

        IndexProgram run() {
            for (Definition definition : program.definitions()) {
                Map<Expression, Expression> replaced = new IdentityHashMap<>();
                for (Expression node : Expressions.nodes(definition.body())) {
                    if (node instanceof Unary unary) {
                        separated(definition, unary).ifPresent(value -> replaced.put(node, value));
                    }
                }
                result.add(replaced.isEmpty() ? definition : definition.withBody(replace(definition.body(), replaced,
                        new IdentityHashMap<>())));
            }
            return program.withDefinitions(result);
        }

        /** From the root down: what is replaced is not looked into. */
        private static Expression replace(Expression node, Map<Expression, Expression> replaced,
                Map<Expression, Expression> done) {
            Expression known = replaced.containsKey(node) ? replaced.get(node) : done.get(node);
            if (known == null) {
                known = Expressions.withChildren(node, node.children().stream()
                        .map(child -> replace(child, replaced, done)).toList());
                done.put(node, known);
            }
            return known;
        }

        /** What a function of an exponential becomes; nothing where it stays. */
        private Optional<Expression> separated(Definition owner, Unary node) {
            Expression exponent = switch (node.operator()) {
                case EXP -> node.operand();
                case SIGMOID -> Expressions.negate(node.operand());
                case TANH -> Expressions.multiply(Expressions.constant(-2), node.operand());
                case NEGATE, ABS, SQRT, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, RELU, SIGN, STEP, FLOOR, LGAMMA,
                        DIGAMMA, NOT -> null;
            };
            if (exponent == null) {
                return Optional.empty();
            }
            List<Factor> product = sums.parts(exponent).flatMap(this::factors).orElse(List.of());
            double plain = Count.real(Expressions.freeIndices(node));
            double separate = product.stream().map(Factor::exponent).distinct().mapToDouble(each -> product.stream()
                    .filter(factor -> factor.exponent() == each).findFirst().orElseThrow().size()).sum();
            if (product.size() < 2 || LEAST_SAVING * separate > plain || !product.stream().allMatch(Factor::isStorable)) {
                return Optional.empty();
            }
            Optional<String> refusal = refusal(node, product);
            decisions.accept(new Decision(owner.name(), refusal.isPresent() ? "plain" : "separate", refusal.orElseGet(() ->
                    String.format(Locale.ROOT, "%s: %.3g exponentials instead of %.3g, %s", node.operator().symbol(),
                            separate, plain, exponents(product)))));
            return refusal.isPresent() ? Optional.empty() : Optional.of(value(owner, node.operator(), product));
        }

        // Legality

        private Optional<String> refusal(Unary node, List<Factor> product) {
            String name = node.operator().symbol();
            if (sharp.contains(node)) {
                return Optional.of(name + ": its value is compared, or at the end of a domain, and rounding errors could decide");
            }
            double largest = largest(node.operator(), product.size());
            return product.stream().allMatch(factor -> range(factor).magnitude() <= largest) ? Optional.empty()
                    : Optional.of(name + ": " + exponents(product) + String.format(Locale.ROOT, ", more than %.3g", largest));
        }

        private static double largest(UnaryOperator operator, int factors) {
            return (operator == UnaryOperator.EXP ? LARGEST_EXPONENT_OF_EXP : LARGEST_EXPONENT) / factors;
        }

        private Range range(Factor factor) {
            return ranges.of(factor.exponent());
        }

        private String exponents(List<Factor> product) {
            Range all = product.stream().map(this::range).reduce(Range::or).orElseThrow();
            return all.equals(Range.ANY) ? "the factors' exponents may be anything"
                    : String.format(Locale.ROOT, "the factors' exponents may be %.3g to %.3g", all.low(), all.high());
        }

        // Factors

        /** The parts as functions of a pixel that stands anywhere, the constant divided among those that know pixels. */
        private Optional<List<Factor>> factors(SeparableSum.Parts parts) {
            long pixels = parts.parts().stream().filter(part -> part.place() != null).count();
            Expression share = Expressions.multiply(parts.constant(), Expressions.constant(1.0 / Math.max(1, pixels)));
            List<Factor> factors = new ArrayList<>();
            for (SeparableSum.Part part : parts.parts()) {
                Optional<Factor> factor = part.place() == null ? Optional.of(factor(part.value(), null, null))
                        : factor(part, share);
                if (factor.isEmpty()) {
                    return Optional.empty();
                }
                factors.add(factor.get());
            }
            return pixels == 0 ? Optional.empty() : Optional.of(factors);
        }

        private Optional<Factor> factor(SeparableSum.Part part, Expression share) {
            Index pixel = indices.computeIfAbsent(List.of(part.place().grid()), _ -> new Index("y", part.place().grid()));
            return part.place().seenFrom(pixel, part.value())
                    .map(value -> factor(Expressions.add(value, share), pixel, part.place().subscript()));
        }

        /** With the same indices in equal factors. */
        private Factor factor(Expression exponent, Index pixel, List<IndexForm> subscript) {
            List<Index> axes = new ArrayList<>();
            List<List<IndexForm>> subscripts = new ArrayList<>();
            if (pixel != null) {
                axes.add(pixel);
                subscripts.add(subscript);
            }
            Map<Index, List<IndexForm>> renaming = new LinkedHashMap<>();
            for (Index index : new LinkedHashSet<>(Expressions.freeIndices(exponent))) {
                if (index != pixel) {
                    Index own = indices.computeIfAbsent(List.of(index.domain(), axes.size()), _ -> index.fresh());
                    axes.add(own);
                    subscripts.add(IndexForm.of(index));
                    renaming.put(index, IndexForm.of(own));
                }
            }
            return new Factor(axes, Simplifier.simplify(Expressions.substitute(exponent, renaming)), subscripts);
        }

        // The new form

        private Expression value(Definition owner, UnaryOperator operator, List<Factor> product) {
            Expression w = product.stream().map(factor -> read(owner, factor, largest(operator, product.size())))
                    .reduce(Expressions::multiply).orElseThrow();
            Expression one = Expressions.constant(1);
            return switch (operator) {
                case EXP -> w;
                case SIGMOID -> Expressions.divide(one, Expressions.add(one, w));
                case TANH -> Expressions.divide(Expressions.subtract(one, w), Expressions.add(one, w));
                case NEGATE, ABS, SQRT, LOG, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, RELU, SIGN, STEP, FLOOR, LGAMMA,
                        DIGAMMA, NOT -> throw new IllegalArgumentException(operator.symbol());
            };
        }

        private Expression read(Definition owner, Factor factor, double largest) {
            Expression clamped = Expressions.binary(BinaryOperator.MAXIMUM, Expressions.binary(BinaryOperator.MINIMUM,
                    factor.exponent(), Expressions.constant(largest)), Expressions.constant(-largest));
            Expression exponential = Expressions.unary(UnaryOperator.EXP, clamped);
            Tensor tensor = factors.get(exponential);
            if (tensor == null) {
                tensor = Tensor.defined(names.fresh(owner.name() + "_exponential"), factor.axes());
                result.add(new Definition(tensor, factor.axes(), exponential, "exponential factor of " + owner.name()));
                factors.put(exponential, tensor);
            }
            return Expressions.read(tensor, factor.subscripts());
        }
    }
}
