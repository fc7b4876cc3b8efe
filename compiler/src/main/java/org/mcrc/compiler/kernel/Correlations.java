package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.simplify.SharpUses;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Finds the sums that Fourier transforms compute in less time than loops do, and gives them definitions of their own:
 * {@code sum[x](A[x] * B[x + r])} for many vectors r ({@link Correlation}), and what its adjoint is,
 * {@code sum[r](G[r] * B[y + r])} for every pixel y ({@link Convolution}).
 *
 * <p>Both in as general a form as the transforms allow: each factor may be any expression over one place, in which case it
 * becomes an array; the distance of the places may be any form of the indices; what depends on the vectors or, in the
 * adjoint, on the pixel alone is multiplied afterwards; sums are taken term by term. Where a sum leaves out terms by a
 * condition on pixels, as at an open boundary, it is none of these. Transforms leave rounding errors where a direct sum is
 * exact, of zeros above all: where such an error may decide ({@link SharpUses}), sums stay what they are.
 */
final class Correlations {
    /** Operands that are computed are stored: so many grids at the most. */
    private static final int MOST_PLANES = 16;

    /** How much faster a multiplication and addition is in a packed matrix product than in a direct sum. */
    private static final double CONTRACTION_SPEED = 40;

    private final IndexProgram program;
    private final Map<String, Definition> definitions;
    private final List<Decision> decisions;
    private final SharpUses sharp;
    private final Inliner inliner;
    private final UniqueNames names;
    private final List<Definition> result = new ArrayList<>();
    private final Map<String, List<Kernel>> kernels = new HashMap<>();
    private final Set<String> operands = new HashSet<>();

    /** The arrays that hold computed operands, by their value at the canonical indices. */
    private final Map<Expression, Tensor> arrays = new HashMap<>();
    private final Map<Domain, List<Index>> canonical = new HashMap<>();
    private final Map<Tensor, Tensor> spectra = new HashMap<>();
    private final Map<String, Tensor> workspaces = new HashMap<>();

    private Correlations(IndexProgram program, List<Decision> decisions) {
        this.program = program;
        this.definitions = program.definitionsByName();
        this.decisions = decisions;
        this.sharp = new SharpUses(program, SharpUses.Reach.SUMS);
        Set<String> fused = new HashSet<>();
        for (Definition definition : program.definitions()) {
            if (StorageDecision.isPixelsByVectors(definition) && definition.reduction() == null) {
                fused.add(definition.name());
            }
        }
        this.inliner = new Inliner(definitions, fused);
        this.names = UniqueNames.in(program);
    }

    /** The correlations and convolutions of a program that are worth transforms. What was chosen is added to {@code decisions}. */
    static Correlations of(IndexProgram program, Sums sums, List<Decision> decisions) {
        Correlations correlations = new Correlations(program, decisions);
        for (Definition definition : program.definitions()) {
            if (sums == Sums.DIRECT || !correlations.correlation(definition) && !correlations.convolution(definition)) {
                correlations.result.add(definition);
            }
        }
        return correlations;
    }

    /** The same program with correlations, convolutions and their operands as definitions. */
    IndexProgram program() {
        return program.withDefinitions(result);
    }

    /** Whether a definition is computed by transforms. */
    boolean contains(String definition) {
        return kernels.containsKey(definition);
    }

    /** Whether transforms need a definition's array. */
    boolean needs(String definition) {
        return operands.contains(definition);
    }

    /**
     * What computes a definition: the transforms of operands that are not transformed before, then the definition's own.
     *
     * @param fused puts in what is not stored
     */
    List<Kernel> kernels(String definition, Inliner fused) {
        return kernels.get(definition).stream().map(kernel ->
                kernel instanceof Convolution convolution ? convolution.with(fused) : kernel).toList();
    }

    private static boolean mentionsPixel(Expression expression) {
        return Expressions.freeIndices(expression).stream().anyMatch(Index::isPixel);
    }

    // Operands

    /**
     * An operand before it has an array.
     *
     * @param key the array of an operand that is one, else the value at the canonical indices
     * @param indices its own finite indices
     */
    private record Planned(Object key, ShiftedProduct.Operand operand, List<Index> indices) {}

    /** How an operand would be stored; nothing where it cannot be. */
    private Optional<Planned> plan(ShiftedProduct.Operand operand, Index pixel) {
        for (Read read : Expressions.reads(operand.value())) {
            if (read.tensor().axes().stream().anyMatch(VectorDomain.class::isInstance)
                    && read.tensor().grid() != null) {
                return Optional.empty();
            }
        }
        List<Index> indices = Expressions.freeIndices(operand.value()).stream().filter(index -> index != pixel).toList();
        if (operand.value() instanceof Read read) {
            int axis = read.tensor().axes().indexOf(pixel.domain());
            if (axis >= 0 && read.subscripts().get(axis).equals(IndexForm.of(pixel))) {
                return Optional.of(new Planned(read.tensor(), operand, indices));
            }
        }
        if (indices.stream().anyMatch(Index::isPixel) || Count.real(indices) > MOST_PLANES) {
            return Optional.empty();
        }
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        List<Index> own = canonical(pixel, indices);
        renaming.put(pixel, IndexForm.of(own.getFirst()));
        for (int k = 0; k < indices.size(); k++) {
            renaming.put(indices.get(k), IndexForm.of(own.get(k + 1)));
        }
        return Optional.of(new Planned(Expressions.substitute(operand.value(), renaming), operand, indices));
    }

    /** Indices over the same domains, the same ones for all operands. */
    private List<Index> canonical(Index pixel, List<Index> indices) {
        List<Index> own = new ArrayList<>(List.of(canonical(pixel.domain(), 0, "x")));
        for (int k = 0; k < indices.size(); k++) {
            own.add(canonical(indices.get(k).domain(), k, "k"));
        }
        return own;
    }

    private Index canonical(Domain domain, int position, String name) {
        List<Index> known = canonical.computeIfAbsent(domain, _ -> new ArrayList<>());
        while (known.size() <= position) {
            known.add(new Index(name, domain));
        }
        return known.get(position);
    }

    /** The time of the transforms that operands need and that are not made for others. */
    private double cost(List<Planned> planned, Grid grid) {
        double cost = 0;
        for (Object key : planned.stream().map(Planned::key).distinct().toList()) {
            Tensor array = key instanceof Tensor tensor ? tensor : arrays.get((Expression) key);
            if (array == null) {
                Expression value = (Expression) key;
                List<Index> indices = Expressions.freeIndices(value).stream().filter(index -> !index.isPixel()).toList();
                cost += Count.real(indices) * (TransformCost.of(grid) + grid.size() * (1 + Cost.of(value)));
            } else if (!spectra.containsKey(array)) {
                cost += array.size() / (double) grid.size() * TransformCost.of(grid);
            }
        }
        return cost;
    }

    /** The operand as a stored array, with its definition, and its spectrum, with the kernel that makes it. */
    private Transformed transformed(Planned planned, Index pixel, List<Kernel> before) {
        Read array = planned.key() instanceof Tensor ? (Read) planned.operand().value() : stored(planned, pixel);
        operands.add(array.tensor().name());
        Tensor spectrum = spectra.get(array.tensor());
        if (spectrum == null) {
            Tensor source = array.tensor();
            List<Domain> axes = new ArrayList<>(source.axes().stream().filter(axis -> !(axis instanceof Grid)).toList());
            axes.add(Spectrum.numbers(source.grid()));
            spectrum = new Tensor(names.fresh(source.name() + ".spectrum"), Tensor.Kind.DEFINED, axes);
            spectra.put(source, spectrum);
            before.add(new Spectrum(spectrum, source));
        }
        return Transformed.of(array, spectrum);
    }

    private Read stored(Planned planned, Index pixel) {
        Expression value = (Expression) planned.key();
        List<Index> axes = new ArrayList<>(List.of(pixel));
        axes.addAll(planned.indices());
        Tensor tensor = arrays.computeIfAbsent(value, _ -> {
            List<Index> own = canonical(pixel, planned.indices());
            Tensor array = Tensor.defined(names.fresh("operand"), own);
            result.add(new Definition(array, own, Simplifier.simplify(value), "operand of a correlation"));
            return array;
        });
        return (Read) Expressions.readAt(tensor, axes);
    }

    private Tensor workspace(String what, Grid grid) {
        return workspaces.computeIfAbsent(what + "." + grid, name ->
                new Tensor(names.fresh(name), Tensor.Kind.DEFINED, List.of(Spectrum.numbers(grid))));
    }

    private static Expression at(Read array, Index pixel, List<IndexForm> shift) {
        return Expressions.substitute(array, Map.of(pixel, ShiftedProduct.plus(IndexForm.of(pixel), shift, 1)));
    }

    /** Whether transforms are allowed and worth it. */
    private boolean decided(Definition definition, double vectors, double direct, double cost) {
        boolean faster = cost < direct;
        boolean transforms = faster && !sharp.contains(definition.name());
        decisions.add(new Decision(definition.name(), transforms ? "FFT" : "direct sum", (transforms
                ? "over %.0f vectors: transforms take the time of %.3g additions, a direct sum that of %.3g"
                : faster ? "over %.0f vectors: its value is compared, or at the end of a domain, and rounding errors of"
                        + " transforms could decide; they would take the time of %.3g additions, it takes that of %.3g"
                : "over %.0f vectors: it takes the time of %3$.3g additions, transforms would take that of %2$.3g")
                .formatted(vectors, cost, direct)));
        return transforms;
    }

    // Correlations

    /** A term of a correlation: {@code scale * sum[x](left[x] * right[x + shift])}. */
    private record Pair(Expression scale, Planned left, Planned right, List<IndexForm> shift) {}

    private boolean correlation(Definition definition) {
        Reduce reduction = definition.reduction();
        if (reduction == null || reduction.operator() != ReductionOperator.SUM || definition.pixelAxis() != null
                || reduction.indices().stream().filter(Index::isPixel).count() != 1) {
            return false;
        }
        Index pixel = reduction.indices().stream().filter(Index::isPixel).findFirst().orElseThrow();
        Expression body = inliner.inline(reduction.body());
        ShiftedProduct.Sum sum = ShiftedProduct.sum(body, pixel);
        List<Pair> pairs = new ArrayList<>();
        List<ShiftedProduct> plain = new ArrayList<>();
        boolean whole = sum.others().isEmpty();
        for (ShiftedProduct product : sum.products()) {
            whole &= sort(product, definition, reduction, pixel, pairs, plain);
        }
        if (!whole || pairs.isEmpty()) {
            return false;
        }
        Set<Index> ofVectors = new LinkedHashSet<>();
        pairs.forEach(pair -> pair.shift().forEach(form -> ofVectors.addAll(form.indices())));
        double vectors = Count.real(ofVectors);
        double direct = definition.tensor().size() * Count.real(reduction.indices()) * (1 + Cost.of(body));
        if (mentionsPixel(reduction.guard())) {
            decisions.add(new Decision(definition.name(), "direct sum",
                    "over %.0f vectors: which terms there are depends on the pixel".formatted(vectors)));
            return false;
        }
        if (GramMatcher.match(definition, Scheduler.LEAST_ROWS) != null) {
            direct /= CONTRACTION_SPEED;
        }
        double cost = cost(definition, reduction, pairs, (Grid) pixel.domain());
        if (!decided(definition, vectors, direct, cost)) {
            return false;
        }
        replace(definition, reduction, pairs, plain, pixel);
        return true;
    }

    /** The time that transforms take for the terms of a correlation. */
    private double cost(Definition definition, Reduce reduction, List<Pair> pairs, Grid grid) {
        List<Planned> planned = new ArrayList<>();
        double cost = definition.tensor().size();
        for (Pair pair : pairs) {
            planned.addAll(List.of(pair.left(), pair.right()));
            Set<Index> indices = new HashSet<>(pair.left().indices());
            indices.addAll(pair.right().indices());
            double products = Count.real(indices);
            indices.removeAll(reduction.indices());
            cost += Count.real(indices) * TransformCost.of(grid) + 4 * products * grid.size();
        }
        return cost + cost(planned, grid);
    }

    private void replace(Definition definition, Reduce reduction, List<Pair> pairs, List<ShiftedProduct> plain,
            Index pixel) {
        if (pairs.size() == 1 && plain.isEmpty() && pairs.getFirst().scale() == Expressions.constant(1)) {
            correlation(definition, reduction, pairs.getFirst(), pixel);
            return;
        }
        List<Expression> terms = new ArrayList<>();
        for (Pair pair : pairs) {
            Definition part = new Definition(Tensor.defined(names.fresh(definition.name() + "_correlation"), definition.axes()),
                    definition.axes(), definition.body(), "correlation in " + definition.name());
            correlation(part, reduction, pair, pixel);
            terms.add(Expressions.multiply(pair.scale(), Expressions.readAt(part.tensor(), part.axes())));
        }
        for (ShiftedProduct product : plain) {
            Expression value = product.operands().getFirst().value();
            List<Index> axes = Expressions.freeIndices(value).stream().filter(index -> index != pixel).toList();
            Definition part = new Definition(Tensor.defined(names.fresh(definition.name() + "_sum"), axes), axes,
                    Expressions.sum(List.of(pixel), Expressions.always(), Simplifier.simplify(value)),
                    "sum in " + definition.name());
            result.add(part);
            terms.add(Expressions.multiply(product.scale(), Expressions.readAt(part.tensor(), axes)));
        }
        Expression all = Product.sumOf(terms);
        result.add(definition.withBody(Simplifier.simplify(Expressions.isAlways(reduction.guard()) ? all
                : Expressions.select(reduction.guard(), all, Expressions.constant(0)))));
    }

    /** Puts a term among the pairs or among the sums over one place; false where it is neither. */
    private boolean sort(ShiftedProduct product, Definition definition, Reduce reduction, Index pixel, List<Pair> pairs,
            List<ShiftedProduct> plain) {
        boolean alone = reduction.indices().size() == 1;
        if (!alone && !Expressions.isAlways(reduction.guard())) {
            return false;
        }
        if (!alone && reduction.indices().stream().anyMatch(Expressions.freeIndices(product.scale())::contains)) {
            return false;
        }
        List<ShiftedProduct.Operand> operands = product.operands();
        if (operands.size() == 1 && alone) {
            plain.add(product);
            return true;
        }
        if (operands.size() != 2) {
            return false;
        }
        boolean inOrder = operands.getFirst().isFixed() || !operands.getLast().isFixed();
        ShiftedProduct.Operand left = inOrder ? operands.getFirst() : operands.getLast();
        ShiftedProduct.Operand right = inOrder ? operands.getLast() : operands.getFirst();
        List<IndexForm> shift = ShiftedProduct.plus(right.shift(), left.shift(), -1);
        boolean ofAxes = shift.stream().allMatch(form -> definition.axes().containsAll(form.indices()));
        Optional<Planned> first = plan(left, pixel);
        Optional<Planned> second = plan(right, pixel);
        if (!ofAxes || first.isEmpty() || second.isEmpty()) {
            return false;
        }
        pairs.add(new Pair(product.scale(), first.get(), second.get(), shift));
        return true;
    }

    private void correlation(Definition definition, Reduce reduction, Pair pair, Index pixel) {
        List<Kernel> own = new ArrayList<>();
        Transformed left = transformed(pair.left(), pixel, own);
        Transformed right = transformed(pair.right(), pixel, own);
        Definition canonical = definition.withBody(Expressions.sum(reduction.indices(), reduction.guard(),
                Expressions.multiply(left.array(), at(right.array(), pixel, pair.shift()))));
        result.add(canonical);
        own.add(new Correlation(canonical, left, right, pair.shift(), workspace("product", (Grid) pixel.domain())));
        kernels.put(canonical.name(), own);
    }

    // Convolutions

    /** A term of a convolution: {@code factor[y] * sum[r](coefficient[r] * array[y + shift])}. */
    private record Weighted(Expression coefficient, Planned array, List<IndexForm> shift) {}

    /**
     * A sum over vectors taken apart.
     *
     * @param convolutions by what they are multiplied with at the pixel
     * @param sums of coefficients alone, by what they are multiplied with
     * @param others the terms that are neither
     */
    private record Parts(Map<Expression, List<Weighted>> convolutions, Map<Expression, Expression> sums,
            List<Expression> others) {}

    private boolean convolution(Definition definition) {
        Reduce reduction = definition.reduction();
        Index pixel = definition.pixelAxis();
        if (reduction == null || pixel == null || reduction.operator() != ReductionOperator.SUM
                || StorageDecision.isPixelsByVectors(definition) || reduction.indices().stream().anyMatch(Index::isPixel)) {
            return false;
        }
        Grid grid = (Grid) pixel.domain();
        ShiftedProduct.Sum sum = ShiftedProduct.sum(inliner.inline(reduction.body()), pixel);
        Parts parts = new Parts(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(sum.others()));
        List<Expression> taken = new ArrayList<>();
        for (ShiftedProduct product : sum.products()) {
            if (!sort(product, definition, reduction, pixel, parts)) {
                parts.others().add(expression(product, pixel));
            } else {
                taken.add(expression(product, pixel));
            }
        }
        if (parts.convolutions().isEmpty()) {
            return false;
        }
        double vectors = Count.real(reduction.indices());
        double direct = definition.tensor().size() * Count.real(reduction.indices())
                * (1 + Cost.of(Simplifier.simplify(Product.sumOf(taken))));
        if (mentionsPixel(reduction.guard())) {
            decisions.add(new Decision(definition.name(), "direct sum",
                    "over %.0f vectors: which terms there are depends on the pixel".formatted(vectors)));
            return false;
        }
        double cost = cost(definition, reduction, parts, grid);
        if (!decided(definition, vectors, direct, cost)) {
            return false;
        }
        replace(definition, reduction, parts);
        return true;
    }

    private static Expression expression(ShiftedProduct product, Index pixel) {
        List<Expression> factors = new ArrayList<>(List.of(product.scale()));
        product.operands().forEach(operand -> factors.add(Expressions.substitute(operand.value(), Map.of(pixel,
                ShiftedProduct.plus(IndexForm.of(pixel), operand.shift(), 1)))));
        return Product.of(factors);
    }

    private boolean sort(ShiftedProduct product, Definition definition, Reduce reduction, Index pixel, Parts parts) {
        List<Expression> factors = new ArrayList<>();
        List<ShiftedProduct.Operand> moving = new ArrayList<>();
        for (ShiftedProduct.Operand operand : product.operands()) {
            boolean here = reduction.indices().stream().noneMatch(Expressions.freeIndices(operand.value())::contains)
                    && operand.isFixed();
            if (here) {
                factors.add(operand.value());
            } else {
                moving.add(operand);
            }
        }
        Expression factor = Product.of(factors);
        if (moving.isEmpty()) {
            parts.sums().merge(factor, product.scale(), Expressions::add);
            return true;
        }
        boolean single = moving.size() == 1 && !moving.getFirst().isFixed()
                && moving.getFirst().shift().stream().flatMap(form -> form.indices().stream()).allMatch(index ->
                        reduction.indices().contains(index) || definition.axes().contains(index));
        Optional<Planned> array = single ? plan(moving.getFirst(), pixel) : Optional.empty();
        if (array.isEmpty()) {
            return false;
        }
        parts.convolutions().computeIfAbsent(factor, _ -> new ArrayList<>())
                .add(new Weighted(product.scale(), array.get(), moving.getFirst().shift()));
        return true;
    }

    private double cost(Definition definition, Reduce reduction, Parts parts, Grid grid) {
        double batch = definition.tensor().size() / (double) grid.size();
        List<Planned> planned = new ArrayList<>();
        double cost = 0;
        for (List<Weighted> terms : parts.convolutions().values()) {
            Map<Expression, List<Weighted>> images = images(terms);
            for (List<Weighted> image : images.values()) {
                List<Index> inner = image.getFirst().array().indices().stream()
                        .filter(reduction.indices()::contains).toList();
                cost += batch * Count.real(inner) * (TransformCost.of(grid) + 4.0 * grid.size())
                        + batch * Count.real(reduction.indices()) * image.size();
                planned.add(image.getFirst().array());
            }
            cost += batch * (TransformCost.of(grid) + 2.0 * grid.size());
        }
        return cost + cost(planned, grid);
    }

    /** The terms that share an array and so an image. */
    private static Map<Expression, List<Weighted>> images(List<Weighted> terms) {
        Map<Expression, List<Weighted>> images = new LinkedHashMap<>();
        terms.forEach(term -> images.computeIfAbsent(term.array().operand().value(), _ -> new ArrayList<>()).add(term));
        return images;
    }

    private void replace(Definition definition, Reduce reduction, Parts parts) {
        boolean alone = parts.convolutions().size() == 1 && parts.sums().isEmpty() && parts.others().isEmpty()
                && parts.convolutions().containsKey(Expressions.constant(1));
        List<Expression> terms = new ArrayList<>();
        parts.convolutions().forEach((factor, weighted) -> {
            Definition part = alone ? definition : new Definition(Tensor.defined(
                    names.fresh(definition.name() + "_convolution"), definition.axes()), definition.axes(), definition.body(),
                    "convolution in " + definition.name());
            convolution(part, reduction, weighted);
            terms.add(Expressions.multiply(factor, Expressions.readAt(part.tensor(), part.axes())));
        });
        if (alone) {
            return;
        }
        parts.sums().forEach((factor, coefficient) -> {
            Expression total = Expressions.sum(reduction.indices(), reduction.guard(), Simplifier.simplify(coefficient));
            List<Index> axes = List.copyOf(Expressions.freeIndices(total));
            Definition part = new Definition(Tensor.defined(names.fresh(definition.name() + "_sum"), axes), axes, total,
                    "sum in " + definition.name());
            result.add(part);
            terms.add(Expressions.multiply(factor, Expressions.readAt(part.tensor(), axes)));
        });
        if (!parts.others().isEmpty()) {
            Definition part = new Definition(Tensor.defined(names.fresh(definition.name() + "_rest"), definition.axes()),
                    definition.axes(), Expressions.sum(reduction.indices(), reduction.guard(),
                            Simplifier.simplify(Product.sumOf(parts.others()))), "rest of " + definition.name());
            result.add(part);
            terms.add(Expressions.readAt(part.tensor(), part.axes()));
        }
        result.add(definition.withBody(Simplifier.simplify(Product.sumOf(terms))));
    }

    private void convolution(Definition definition, Reduce reduction, List<Weighted> weighted) {
        Index pixel = definition.pixelAxis();
        List<Kernel> own = new ArrayList<>();
        List<Convolution.Image> images = new ArrayList<>();
        List<Expression> terms = new ArrayList<>();
        images(weighted).values().forEach(image -> {
            Transformed array = transformed(image.getFirst().array(), pixel, own);
            List<Convolution.Term> coefficients = new ArrayList<>();
            for (Weighted each : image) {
                coefficients.add(new Convolution.Term(each.coefficient(), each.shift()));
                terms.add(Expressions.multiply(each.coefficient(), at(array.array(), pixel, each.shift())));
            }
            images.add(new Convolution.Image(array, coefficients));
        });
        Definition canonical = definition.withBody(Expressions.sum(reduction.indices(), reduction.guard(),
                Simplifier.simplify(Product.sumOf(terms))));
        result.add(canonical);
        Grid grid = (Grid) pixel.domain();
        own.add(new Convolution(canonical, images, workspace("image", grid), workspace("product", grid)));
        kernels.put(canonical.name(), own);
    }
}
