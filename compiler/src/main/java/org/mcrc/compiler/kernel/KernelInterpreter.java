package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.WithDerivative;

/**
 * Runs a scheduled program in double precision, element by element: what the schedule means, without a backend.
 *
 * <p>Arrays lie in memory as {@link Storage} says, halos included, and are read at the addresses that it gives; kernels run
 * in the order and the phases of the program. So a wrong halo, address, phase or order shows here as it does in generated
 * code.
 */
public final class KernelInterpreter {
    private final KernelProgram program;
    private final Map<String, double[]> arrays = new HashMap<>();
    private final Map<Index, int[]> values = new IdentityHashMap<>();
    private final Map<Read, Storage.Address> addresses = new IdentityHashMap<>();

    /** What was computed for the present values of all indices. */
    private Map<Expression, Double> known = new IdentityHashMap<>();

    /** Allocates the program's arrays, sets its data and runs what is to run once. */
    public KernelInterpreter(KernelProgram program) {
        this.program = program;
        program.storage().forEach((name, storage) -> arrays.put(name, new double[Math.toIntExact(storage.length())]));
        program.index().data().forEach(data -> store(data.tensor(), data.values()));
        run(Phase.PREPARE);
    }

    /**
     * The values of everything that the program asks for, by the names of the tensors.
     *
     * @param fields the fields' values by name, in C order
     * @param targets the targets' values by the name of their tensor
     */
    public Map<String, double[]> evaluate(Map<String, double[]> fields, Map<String, double[]> targets) {
        program.index().fields().forEach(field -> store(field.tensor(), fields.get(field.name())));
        program.index().targets().forEach(target -> store(target, targets.get(target.name())));
        run(Phase.OUTPUTS);
        run(Phase.LOSS);
        run(Phase.GRADIENT);
        Map<String, double[]> results = new LinkedHashMap<>();
        program.index().roots().forEach(root -> results.put(root.name(), load(root)));
        return results;
    }

    private void run(Phase phase) {
        run(program.kernels().get(phase));
    }

    private void run(List<Kernel> kernels) {
        for (Kernel kernel : kernels) {
            switch (kernel) {
                case Nest nest -> nest(nest);
                case Sweep sweep -> sweep.members().forEach(this::nest);
                case Scan scan -> scan(scan);
                case Gram gram -> each(gram.batch(), 0, () -> gram(gram));
                case Fold fold -> fold(fold);
                case ChainedProduct chain -> run(chain.parts());
                case ReverseScan scan -> reverseScan(scan);
                case Spectrum spectrum -> spectrum(spectrum);
                case Correlation correlation -> each(correlation.batch(), 0, () -> correlation(correlation));
                case Convolution convolution -> each(convolution.batch(), 0, () -> convolution(convolution));
                case Wrap wrap -> wrap(program.storage(wrap.target()), arrays.get(wrap.target().name()));
            }
        }
    }

    // Kernels

    private void nest(Nest nest) {
        Definition definition = nest.definition();
        each(definition.axes(), 0, () -> write(definition.tensor(), definition.axes(), value(definition.body())));
    }

    private void gram(Gram gram) {
        List<Index> axes = new ArrayList<>(gram.batch());
        axes.addAll(gram.rows());
        axes.addAll(gram.columns());
        double scale = value(gram.scale());
        each(gram.rows(), 0, () -> each(gram.columns(), 0, () -> {
            if (gram.symmetric() && position(gram.columns()) < position(gram.rows())) {
                return;
            }
            double[] sum = {0};
            each(List.of(gram.pixel()), 0, () -> sum[0] += value(gram.left()) * value(gram.right()));
            write(gram.target(), axes, scale * sum[0]);
            if (gram.symmetric()) {
                mirror(gram, scale * sum[0]);
            }
        }));
    }

    private void mirror(Gram gram, double value) {
        List<Index> swapped = new ArrayList<>(gram.batch());
        swapped.addAll(gram.columns());
        swapped.addAll(gram.rows());
        write(gram.target(), swapped, value);
    }

    private int position(List<Index> indices) {
        return IndexForm.position(indices).evaluate(this::component);
    }

    private void scan(Scan scan) {
        Map<Long, Double> sums = new HashMap<>();
        IndexForm position = IndexForm.position(scan.definition().axes());
        each(scan.others(), 0, () -> each(List.of(scan.pixel()), 0, () -> {
            double[] running = scan.running().stream().mapToDouble(this::beforeFirst).toArray();
            each(List.of(scan.along()), 0, () -> {
                for (int k = 0; k < running.length; k++) {
                    RunningReduction reduction = scan.running().get(k);
                    running[k] = combined(reduction.reduction().operator(), running[k], value(reduction.term()));
                    known.put(reduction.reduction(), running[k]);
                }
                sums.merge((long) position.evaluate(this::component), value(scan.value()), Double::sum);
            });
        }));
        each(scan.definition().axes(), 0, () -> write(scan.definition().tensor(), scan.definition().axes(),
                sums.get((long) position.evaluate(this::component))));
    }

    /** What a running reduction is before the least value of the index along which it runs. */
    private double beforeFirst(RunningReduction running) {
        double[] result = {running.reduction().operator().identity()};
        each(List.of(running.step()), 0, () -> {
            if (values.get(running.step())[0] <= running.lastBefore()) {
                result[0] = combined(running.reduction().operator(), result[0], value(running.reduction().body()));
            }
        });
        return result[0];
    }

    private static double combined(ReductionOperator operator, double left, double right) {
        return switch (operator) {
            case SUM -> left + right;
            case PRODUCT -> left * right;
            case MAXIMUM -> Math.max(left, right);
            case MINIMUM -> Math.min(left, right);
            case ARGMAX, ARGMIN -> throw new IllegalArgumentException("positions do not run");
        };
    }

    private void reverseScan(ReverseScan scan) {
        Map<Tensor, double[]> accumulators = accumulators(scan.writes(), scan::accumulator);
        int steps = scan.step().domain().size();
        each(scan.others(), 0, () -> each(List.of(scan.pixel()), 0, () -> {
            double[] factors = new double[steps];
            double[] before = new double[steps];
            double[] after = new double[steps];
            int[] k = {0};
            each(List.of(scan.step()), 0, () -> {
                factors[k[0]] = value(scan.factor());
                before[k[0]] = k[0] == 0 ? 1 : before[k[0] - 1] * factors[k[0] - 1];
                after[k[0]++] = value(scan.seedAtStep());
            });
            for (int step = steps - 2; step >= 0; step--) {
                after[step] += factors[step + 1] * after[step + 1];
            }
            k[0] = 0;
            each(List.of(scan.step()), 0, () -> contribute(scan.contributions(), scan.z(), before[k[0]] * after[k[0]++],
                    scan::accumulator, accumulators));
        }));
        accumulators.forEach((target, accumulator) -> addFolded(scan.accumulator(target), accumulator,
                program.storage(target), arrays.get(target.name())));
    }

    private void fold(Fold fold) {
        Map<Tensor, double[]> accumulators = accumulators(fold.writes(), fold::accumulator);
        each(fold.batch(), 0, () -> each(fold.rows(), 0, () -> each(List.of(fold.pixel()), 0, () -> {
            double[] z = {0};
            fold.terms().forEach(term -> each(term.inner(), 0,
                    () -> z[0] += value(term.matrix()) * value(term.operand())));
            contribute(fold.contributions(), fold.z(), z[0], fold::accumulator, accumulators);
        })));
        accumulators.forEach((target, accumulator) -> addFolded(fold.accumulator(target), accumulator,
                program.storage(target), arrays.get(target.name())));
    }

    private static Map<Tensor, double[]> accumulators(List<Tensor> targets, Function<Tensor, Storage> storage) {
        Map<Tensor, double[]> accumulators = new LinkedHashMap<>();
        targets.forEach(target ->
                accumulators.put(target, new double[Math.toIntExact(storage.apply(target).length())]));
        return accumulators;
    }

    private void contribute(List<Fold.Contribution> contributions, Read name, double z, Function<Tensor, Storage> storage,
            Map<Tensor, double[]> accumulators) {
        for (Fold.Contribution contribution : contributions) {
            known = new IdentityHashMap<>();
            known.put(name, z);
            double value = value(contribution.value());
            Storage.Address address = storage.apply(contribution.target()).address(contribution.subscripts());
            accumulators.get(contribution.target())[at(address)] += value;
        }
    }

    /** Adds every element of an accumulator, those of its halo at the pixels of which they are the periodic image. */
    private static void addFolded(Storage from, double[] accumulator, Storage to, double[] target) {
        for (int plane = 0; plane < from.planes(); plane++) {
            for (int place = 0; place < from.plane(); place++) {
                target[plane * to.plane() + place(to, pixel(from, place))] += accumulator[plane * from.plane() + place];
            }
        }
    }

    // Transforms

    private void spectrum(Spectrum spectrum) {
        List<Index> planes = spectrum.planes();
        each(planes, 0, () -> {
            double[] grid = new double[spectrum.grid().size()];
            Storage storage = program.storage(spectrum.source());
            int origin = at(storage.address(Spectrum.origin(spectrum.source(), planes)));
            for (int k = 0; k < grid.length; k++) {
                grid[k] = arrays.get(spectrum.source().name())[origin - storage.origin()
                        + place(storage, position(spectrum.grid(), k))];
            }
            double[] transformed = DiscreteFourierTransform.forward(spectrum.grid(), grid);
            System.arraycopy(transformed, 0, arrays.get(spectrum.target().name()),
                    at(program.storage(spectrum.target()).address(Spectrum.origin(spectrum.target(), planes))),
                    transformed.length);
        });
    }

    private void correlation(Correlation correlation) {
        double[] sum = new double[Spectrum.length(correlation.grid())];
        each(correlation.inner(), 0, () -> DiscreteFourierTransform.addProduct(
                spectrum(correlation.left(), sum.length), spectrum(correlation.right(), sum.length), sum));
        double[] all = DiscreteFourierTransform.inverse(correlation.grid(), sum);
        each(correlation.vectors(), 0, () -> {
            if (value(correlation.guard()) != 0) {
                write(correlation.definition().tensor(), correlation.definition().axes(),
                        all[place(correlation.grid(), correlation.shift())]);
            }
        });
    }

    private void convolution(Convolution convolution) {
        Grid grid = convolution.grid();
        double[] sum = new double[Spectrum.length(grid)];
        for (Convolution.Image each : convolution.images()) {
            each(convolution.inner(each), 0, () -> {
                double[] image = new double[grid.size()];
                each(convolution.vectors(each), 0, () -> {
                    if (value(convolution.guard()) != 0) {
                        each.terms().forEach(term -> image[place(grid, term.shift())] += value(term.coefficient()));
                    }
                });
                DiscreteFourierTransform.addProduct(DiscreteFourierTransform.forward(grid, image),
                        spectrum(each.array(), sum.length), sum);
            });
        }
        double[] all = DiscreteFourierTransform.inverse(grid, sum);
        Tensor target = convolution.definition().tensor();
        Storage storage = program.storage(target);
        int origin = at(storage.address(Spectrum.origin(target, convolution.batch())));
        for (int k = 0; k < all.length; k++) {
            arrays.get(target.name())[origin - storage.origin() + place(storage, position(grid, k))] = all[k];
        }
    }

    private double[] spectrum(Transformed transformed, int length) {
        Tensor tensor = transformed.spectrum().tensor();
        int start = at(program.storage(tensor).address(transformed.origin()));
        return Arrays.copyOfRange(arrays.get(tensor.name()), start, start + length);
    }

    /** The position in C order of the pixel to which a shift points. */
    private int place(Grid grid, List<IndexForm> shift) {
        int place = 0;
        for (int c = 0; c < grid.rank(); c++) {
            place = place * grid.extent(c) + Math.floorMod(shift.get(c).evaluate(this::component), grid.extent(c));
        }
        return place;
    }

    /** The pixel at a position in C order. */
    private static int[] position(Grid grid, int place) {
        int[] pixel = new int[grid.rank()];
        int rest = place;
        for (int c = pixel.length - 1; c >= 0; c--) {
            pixel[c] = rest % grid.extent(c);
            rest /= grid.extent(c);
        }
        return pixel;
    }

    private static void wrap(Storage storage, double[] array) {
        for (int plane = 0; plane < storage.planes(); plane++) {
            for (int place = 0; place < storage.plane(); place++) {
                int origin = plane * storage.plane();
                array[origin + place] = array[origin + place(storage, pixel(storage, place))];
            }
        }
    }

    /** The pixel of which a place in a padded grid is the periodic image. */
    private static int[] pixel(Storage storage, int place) {
        Grid grid = storage.tensor().grid();
        int[] pixel = new int[grid.rank()];
        for (int c = 0; c < pixel.length; c++) {
            int padded = place / storage.gridStride(c) % storage.paddedExtent(c);
            pixel[c] = Math.floorMod(padded - storage.halo().get(c), grid.extent(c));
        }
        return pixel;
    }

    private static int place(Storage storage, int[] pixel) {
        int place = storage.origin();
        for (int c = 0; c < pixel.length; c++) {
            place += pixel[c] * storage.gridStride(c);
        }
        return place;
    }

    // Memory

    private void store(Tensor tensor, double[] given) {
        List<Index> axes = tensor.axes().stream().map(axis -> new Index("i", axis)).toList();
        int[] next = {0};
        each(axes, 0, () -> write(tensor, axes, given[next[0]++]));
        if (tensor.grid() != null) {
            wrap(program.storage(tensor), arrays.get(tensor.name()));
        }
    }

    private double[] load(Tensor tensor) {
        List<Index> axes = tensor.axes().stream().map(axis -> new Index("i", axis)).toList();
        double[] result = new double[Math.toIntExact(tensor.size())];
        int[] next = {0};
        Storage.Address address = program.storage(tensor).address(axes.stream().map(IndexForm::of).toList());
        each(axes, 0, () -> result[next[0]++] = arrays.get(tensor.name())[at(address)]);
        return result;
    }

    private void write(Tensor tensor, List<Index> axes, double value) {
        arrays.get(tensor.name())[at(program.storage(tensor).address(axes.stream().map(IndexForm::of).toList()))] = value;
    }

    private int at(Storage.Address address) {
        int place = address.linear().evaluate(this::component);
        for (Storage.Lookup lookup : address.lookups()) {
            int[] components = lookup.components().stream().mapToInt(form -> form.evaluate(this::component)).toArray();
            // What is outside is only ever read where nobody looks at it.
            place += lookup.stride() * Math.max(0, lookup.domain().ordinal(components));
        }
        return place;
    }

    private int component(IndexForm.Component component) {
        return values.get(component.index())[component.component()];
    }

    // Loops and values

    /** Runs an action for all values of the indices, the last one fastest. */
    private void each(List<Index> indices, int depth, Runnable action) {
        if (depth == indices.size()) {
            Map<Expression, Double> outside = known;
            known = new IdentityHashMap<>();
            action.run();
            known = outside;
            return;
        }
        Index index = indices.get(depth);
        int[] before = values.get(index);
        for (int ordinal = 0; ordinal < index.domain().size(); ordinal++) {
            int[] value = new int[index.domain().components()];
            switch (index.domain()) {
                case Grid grid -> value = position(grid, ordinal);
                case FiniteDomain finite -> {
                    for (int c = 0; c < value.length; c++) {
                        value[c] = finite.component(ordinal, c);
                    }
                }
            }
            values.put(index, value);
            each(indices, depth + 1, action);
        }
        values.put(index, before);
    }

    private double value(Expression node) {
        Double found = known.get(node);
        if (found == null) {
            found = compute(node);
            known.put(node, found);
        }
        return found;
    }

    private double compute(Expression node) {
        return switch (node) {
            case Constant constant -> constant.value();
            case Argument argument -> program.index().arguments().get(argument.name());
            case Coordinate coordinate -> coordinate.form().evaluate(this::component);
            case Member member -> member.domain().ordinal(member.vector().stream()
                    .mapToInt(form -> form.evaluate(this::component)).toArray()) >= 0 ? 1 : 0;
            case Read read -> arrays.get(read.tensor().name())[at(addresses.computeIfAbsent(read,
                    each -> program.storage(each.tensor()).address(each.subscripts())))];
            case Unary unary -> ScalarOperations.apply(unary.operator(), value(unary.operand()));
            case Binary(BinaryOperator operator, Expression left, Expression right) -> switch (operator) {
                case AND -> value(left) != 0 && value(right) != 0 ? 1 : 0;
                case OR -> value(left) != 0 || value(right) != 0 ? 1 : 0;
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MINIMUM, MAXIMUM, ATAN2, POLYGAMMA, EQUAL, NOT_EQUAL, LESS,
                        LESS_OR_EQUAL -> ScalarOperations.apply(operator, value(left), value(right));
            };
            case Select select -> value(select.condition()) != 0 ? value(select.then()) : value(select.otherwise());
            case Reduce reduce -> reduce(reduce);
            case WithDerivative declared -> value(declared.value());
        };
    }

    private double reduce(Reduce reduce) {
        ReductionOperator operator = reduce.operator();
        double[] result = {operator == ReductionOperator.ARGMAX ? Double.NEGATIVE_INFINITY
                : operator == ReductionOperator.ARGMIN ? Double.POSITIVE_INFINITY : operator.identity()};
        int[] best = {-1};
        int[] position = {0};
        each(reduce.indices(), 0, () -> {
            if (value(reduce.guard()) != 0) {
                double term = value(reduce.body());
                switch (operator) {
                    case SUM -> result[0] += term;
                    case PRODUCT -> result[0] *= term;
                    case MAXIMUM -> result[0] = Math.max(result[0], term);
                    case MINIMUM -> result[0] = Math.min(result[0], term);
                    case ARGMAX, ARGMIN -> {
                        boolean better = operator == ReductionOperator.ARGMAX ? term > result[0] : term < result[0];
                        if (better || best[0] < 0) {
                            result[0] = term;
                            best[0] = position[0];
                        }
                    }
                }
            }
            position[0]++;
        });
        return operator == ReductionOperator.ARGMAX || operator == ReductionOperator.ARGMIN ? best[0] : result[0];
    }
}
