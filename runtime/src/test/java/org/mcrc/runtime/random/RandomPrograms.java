package org.mcrc.runtime.random;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.backend.java.JavaBackend;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.Binder;
import org.mcrc.compiler.bind.Binding;
import org.mcrc.compiler.bind.DataLoader;
import org.mcrc.compiler.check.CheckResult;
import org.mcrc.compiler.check.Checker;
import org.mcrc.compiler.check.UseLoader;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.kernel.KernelInterpreter;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Parser;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.cpu.CpuEngine;
import org.mcrc.runtime.engine.cpu.KernelCompiler;
import org.mcrc.runtime.engine.cuda.CudaEngine;
import org.mcrc.runtime.engine.cuda.CudaProgram;
import org.mcrc.runtime.engine.cuda.HostDevice;
import org.mcrc.runtime.gradcheck.HeldProgram;
import org.mcrc.runtime.random.RandomDescriptor.Descriptor;

/**
 * Checks random descriptors; {@link #main} as many as are wanted:
 * {@code java … org.mcrc.runtime.random.RandomPrograms FIRST-SEED COUNT [CHECK]}, with {@code -Dmcrc.enlarge=8} on larger
 * fields, where work is divided among tasks.
 */
public final class RandomPrograms {
    /** What is compared for a program. */
    enum Check {
        GRADIENT, TRANSLATION, INTERPRETER, DOUBLE, SINGLE, CUDA_DOUBLE, CUDA_SINGLE
    }

    /** What the evaluator can be waited for. */
    private static final double MOST_FLOPS = 3e8;

    private static final double DOUBLE_TOLERANCE = 1e-10;
    private static final double SINGLE_TOLERANCE = 1e-3;

    /** What is smaller may be what remains of sums that cancel. */
    private static final double SMALLEST = 1e-4;

    /** What sums in another order may differ by, relative to their terms. */
    private static final double ROUNDING = 1e-14;
    private static final double DIFFERENCE_TOLERANCE = 1e-6;

    /** HotSpot does not compile methods from this many bytes on. */
    private static final int LONGEST_METHOD = 8000;

    /** The bytes that a device has. */
    private static final long MEMORY = 1L << 32;

    private RandomPrograms() {}

    /** The outcome for one descriptor: not even bound, or what went wrong, if anything did. */
    record Outcome(Optional<String> rejected, Optional<String> failure) {
        static final Outcome PASSED = new Outcome(Optional.empty(), Optional.empty());

        static Outcome failed(String failure) {
            return new Outcome(Optional.empty(), Optional.of(failure));
        }
    }

    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        Set<Check> checks = arguments.length > 2 ? Set.of(Check.valueOf(arguments[2])) : Set.of(Check.values());
        int rejected = 0;
        int failed = 0;
        for (long seed = first; seed < first + count; seed++) {
            Descriptor descriptor = RandomDescriptor.of(seed).enlarged(Integer.getInteger("mcrc.enlarge", 1));
            Outcome outcome = check(descriptor, checks);
            if (outcome.rejected().isPresent()) {
                rejected++;
                if (Boolean.getBoolean("mcrc.rejected")) {
                    System.out.println(descriptor.text() + outcome.rejected().get());
                }
            }
            if (outcome.failure().isPresent()) {
                failed++;
                System.out.println(report(descriptor, checks));
            }
        }
        System.out.println(count + " descriptors, " + rejected + " rejected, " + failed + " failed");
    }

    /** A failing descriptor with as few declarations as still fail, and how it fails. */
    static String report(Descriptor descriptor, Set<Check> checks) {
        Descriptor smallest = descriptor;
        String failure = check(descriptor, checks).failure().orElseThrow();
        boolean shrunk = true;
        while (shrunk) {
            shrunk = false;
            for (int k = smallest.declarations().size() - 1; k > 0; k--) {
                List<String> fewer = new ArrayList<>(smallest.declarations());
                fewer.remove(k);
                Descriptor candidate = smallest.with(fewer);
                Optional<String> still = check(candidate, checks).failure();
                if (still.isPresent()) {
                    smallest = candidate;
                    failure = still.get();
                    shrunk = true;
                }
            }
        }
        return "// seed " + descriptor.seed() + ", " + descriptor.extents() + ", " + descriptor.phases() + " phases\n"
                + smallest.text() + failure;
    }

    static Outcome check(Descriptor descriptor, Set<Check> checks) {
        try {
            Diagnostics diagnostics = new Diagnostics();
            SourceFile source = SourceFile.of("random.mcr", descriptor.text());
            CheckResult checked = Checker.check(Parser.parse(source, diagnostics), UseLoader.none("there are no files"),
                    diagnostics);
            Binding binding = new Binding(descriptor.extents(), descriptor.phases(), Map.of(),
                    DataLoader.none("there are no files"));
            Optional<BindResult> bound = !checked.valid() ? Optional.empty() : Binder.bind(checked, binding, diagnostics);
            if (bound.isEmpty()) {
                return new Outcome(Optional.of(DiagnosticRenderer.render(diagnostics.all())), Optional.empty());
            }
            IndexProgram program = Pipeline.differentiate(bound.get().program());
            KernelProgram kernels = Pipeline.schedule(program);
            double flops = Arrays.stream(Phase.values()).mapToDouble(phase -> Operations.of(kernels, phase, 8).flops()).sum();
            if (flops > MOST_FLOPS) {
                return new Outcome(Optional.of(String.format(Locale.ROOT, "%.1e operations are too many", flops)),
                        Optional.empty());
            }
            return new Run(descriptor, bound.get().program(), program, kernels).check(checks);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError defect) {
            StringWriter trace = new StringWriter();
            defect.printStackTrace(new PrintWriter(trace));
            return Outcome.failed(String.join("\n", trace.toString().lines().limit(14).toList()));
        }
    }

    /** The checks of one bound program. */
    private static final class Run {
        private final Descriptor descriptor;
        private final IndexProgram bound;
        private final IndexProgram program;
        private final KernelProgram kernels;
        private final Evaluator evaluator;
        private final Map<String, double[]> fields;
        private final Map<String, double[]> targets = new HashMap<>();
        private final Map<String, double[]> truth;

        Run(Descriptor descriptor, IndexProgram bound, IndexProgram program, KernelProgram kernels) {
            this.descriptor = descriptor;
            this.bound = bound;
            this.program = program;
            this.kernels = kernels;
            this.evaluator = new Evaluator(program);
            this.fields = fields(1);
            Map<String, double[]> others = evaluator.evaluate(fields(2), Map.of(), outputs());
            program.outputs().forEach(output -> targets.put(output.target().name(), targetOf(output, others)));
            truth = evaluator.evaluate(fields, targets);
        }

        private Set<String> outputs() {
            Set<String> names = new java.util.HashSet<>();
            program.outputs().forEach(output -> names.add(output.value().name()));
            return names;
        }

        private static double[] targetOf(IndexProgram.Output output, Map<String, double[]> others) {
            return others.get(output.value().name());
        }

        private Map<String, double[]> fields(long salt) {
            Map<String, double[]> values = new LinkedHashMap<>();
            SplittableRandom random = new SplittableRandom(descriptor.seed() * 31 + salt);
            program.fields().forEach(field -> values.put(field.name(),
                    random.doubles((int) field.tensor().size(), -0.1, 1.1).toArray()));
            return values;
        }

        Outcome check(Set<Check> checks) {
            double loss = truth.get(program.loss().name())[0];
            if (!Double.isFinite(loss) && descriptor.text().contains("boundary open")) {
                return new Outcome(Optional.of("an extremum over no terms, beyond the boundary"), Optional.empty());
            }
            if (!Double.isFinite(loss)) {
                return Outcome.failed("the loss is " + loss);
            }
            for (Check check : Check.values()) {
                if (checks.contains(check)) {
                    Optional<String> failure = switch (check) {
                        case GRADIENT -> gradient();
                        case TRANSLATION -> translation();
                        case INTERPRETER -> interpreter();
                        case DOUBLE -> kernels(Precision.DOUBLE, DOUBLE_TOLERANCE);
                        case SINGLE -> decides() ? Optional.empty() : kernels(Precision.SINGLE, SINGLE_TOLERANCE);
                        case CUDA_DOUBLE -> cuda(Precision.DOUBLE, DOUBLE_TOLERANCE);
                        case CUDA_SINGLE -> decides() ? Optional.empty() : cuda(Precision.SINGLE, SINGLE_TOLERANCE);
                    };
                    if (failure.isPresent()) {
                        return Outcome.failed(check + ": " + failure.get());
                    }
                }
            }
            return Outcome.PASSED;
        }

        /** Whether it compares data, which may go either way in single precision. */
        private boolean decides() {
            return descriptor.text().contains(" < ") || descriptor.text().contains(" >= ");
        }

        /** The gradient along a random direction against differences with held branches (Ridders 1982). */
        private Optional<String> gradient() {
            if (truth.get(program.error().name())[0] <= 1e-9 * size()) {
                return Optional.empty();
            }
            Evaluator held = new Evaluator(HeldProgram.of(bound));
            String loss = program.loss().name();
            Map<String, double[]> direction = fields(3);
            direction.values().forEach(values -> {
                for (int k = 0; k < values.length; k++) {
                    values[k] -= 0.5;
                }
            });
            double slope = 0;
            double scale = 1e-9;
            for (IndexProgram.Field field : program.fields()) {
                double[] gradient = truth.get(program.gradients().get(field.name()).name());
                for (int k = 0; k < gradient.length; k++) {
                    slope += gradient[k] * direction.get(field.name())[k];
                    scale += Math.abs(gradient[k] * direction.get(field.name())[k]);
                }
            }
            int levels = 8;
            double[][] table = new double[levels][levels];
            double best = Double.POSITIVE_INFINITY;
            double h = 0.02;
            for (int row = 0; row < levels; row++, h /= 2) {
                table[row][0] = (held(held, loss, direction, h) - held(held, loss, direction, -h)) / (2 * h);
                double factor = 4;
                for (int column = 0; column <= row; column++) {
                    if (column > 0) {
                        table[row][column] = table[row][column - 1]
                                + (table[row][column - 1] - table[row - 1][column - 1]) / (factor - 1);
                        factor *= 4;
                    }
                    best = Math.min(best, Math.abs(table[row][column] - slope));
                }
            }
            return best <= DIFFERENCE_TOLERANCE * scale + 1e-9 ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
                    "the gradient gives %.12g, differences %.12g, scale %.3g", slope, table[levels - 1][levels - 2], scale));
        }

        private double held(Evaluator held, String loss, Map<String, double[]> direction, double step) {
            Map<String, double[]> moved = new HashMap<>();
            fields.forEach((name, values) -> {
                double[] shifted = values.clone();
                for (int k = 0; k < shifted.length; k++) {
                    shifted[k] += step * direction.get(name)[k];
                }
                moved.put(name, shifted);
                moved.put(HeldProgram.point(name), values);
            });
            return held.evaluate(moved, targets, Set.of(loss)).get(loss)[0];
        }

        /** A translated field has the same loss, and the gradient moves along. */
        private Optional<String> translation() {
            if (!descriptor.translates()) {
                return Optional.empty();
            }
            // What is pooled is invariant under translations by the size of the coarsest cell only.
            boolean pooled = descriptor.declarations().stream().anyMatch(d -> d.contains("2*") || d.startsWith("multigrid"));
            int by = pooled ? 4 : 1;
            Map<String, double[]> moved = new HashMap<>();
            fields.forEach((name, values) -> moved.put(name, translated(name, values, by)));
            Map<String, double[]> there = evaluator.evaluate(moved, targets);
            double[] expected = truth.get(program.loss().name());
            Optional<String> loss = compare("loss", expected, there.get(program.loss().name()), 1e-10);
            // Of several pixels that attain an extremum the first counts, and that is another one after a translation.
            boolean extrema = program.definitions().stream().anyMatch(definition -> definition.reduction() != null
                    && definition.reduction().operator() != ReductionOperator.SUM
                    && definition.reduction().indices().stream().anyMatch(Index::isPixel));
            if (extrema) {
                return loss.map(text -> "after a translation " + text);
            }
            for (IndexProgram.Field field : program.fields()) {
                String gradient = program.gradients().get(field.name()).name();
                loss = loss.or(() -> compare(gradient, translated(field.name(), truth.get(gradient), by),
                        there.get(gradient), 1e-8));
            }
            return loss.map(text -> "after a translation " + text);
        }

        private double[] translated(String field, double[] values, int by) {
            Tensor tensor = program.fields().stream().filter(f -> f.name().equals(field)).findFirst().orElseThrow().tensor();
            Grid grid = tensor.grid();
            int inner = values.length / grid.size();
            double[] result = new double[values.length];
            for (int pixel = 0; pixel < grid.size(); pixel++) {
                int to = 0;
                int rest = pixel;
                int stride = 1;
                for (int axis = grid.rank() - 1; axis >= 0; axis--) {
                    int extent = grid.extent(axis);
                    to += (rest % extent + by * (axis + 1)) % extent * stride;
                    rest /= extent;
                    stride *= extent;
                }
                System.arraycopy(values, pixel * inner, result, to * inner, inner);
            }
            return result;
        }

        /**
         * The greatest output. Where the error is far below it, it is a difference of nearly equal numbers, and so is the
         * gradient's direction.
         */
        private double size() {
            return outputs().stream().flatMapToDouble(output -> Arrays.stream(truth.get(output))).filter(Double::isFinite)
                    .map(Math::abs).max().orElse(0);
        }

        /** The schedule without a backend. */
        private Optional<String> interpreter() {
            KernelInterpreter interpreter = new KernelInterpreter(kernels);
            interpreter.evaluate(fields(2), targets);
            Map<String, double[]> values = interpreter.evaluate(fields, targets);
            double smallest = Math.max(1e-3, DOUBLE_TOLERANCE * size());
            boolean nearOptimum = truth.get(program.error().name())[0] <= smallest;
            Optional<String> failure = Optional.empty();
            for (Tensor root : program.roots()) {
                failure = nearOptimum && program.gradients().containsValue(root) ? failure : failure.or(() -> compare(
                        root.name(), truth.get(root.name()), values.get(root.name()), DOUBLE_TOLERANCE, smallest));
            }
            return failure;
        }

        private Optional<String> kernels(Precision precision, double tolerance) {
            var arithmetic = org.mcrc.compiler.backend.java.Precision.valueOf(precision.name());
            JavaBackend.Source source = JavaBackend.print(kernels, arithmetic);
            if (Boolean.getBoolean("mcrc.print")) {
                System.out.println(program);
                System.out.println(kernels);
                System.out.println(source.text());
            }
            Map<String, byte[]> compiled = KernelCompiler.compile(source.className(), source.text());
            int longest = longestMethod(compiled.get(source.className()));
            if (longest >= LONGEST_METHOD) {
                return Optional.of("a method of " + longest + " bytes is never compiled to machine code");
            }
            try (Engine engine = new CpuEngine(Manifest.of(kernels, source, arithmetic),
                    KernelCompiler.load(source.className(), compiled), 2)) {
                return engine(engine, precision == Precision.SINGLE, tolerance);
            }
        }

        /** The kernels for GPUs, on this computer's processor, their threads in one order or another. */
        private Optional<String> cuda(Precision precision, double tolerance) {
            CudaProgram compiled = CudaProgram.of(kernels, precision, true);
            if (Boolean.getBoolean("mcrc.print")) {
                System.out.println(program);
                System.out.println(kernels);
                System.out.println(compiled.source());
            }
            HostDevice.Order[] orders = HostDevice.Order.values();
            HostDevice.Order order = orders[Math.floorMod(descriptor.seed(), orders.length)];
            try (HostDevice device = new HostDevice(order, MEMORY);
                    Engine engine = new CudaEngine(compiled.manifest(), compiled.source(), device)) {
                return engine(engine, precision == Precision.SINGLE, tolerance);
            }
        }

        /** What an engine computes against the evaluator. */
        private Optional<String> engine(Engine engine, boolean single, double tolerance) {
            program.outputs().forEach(output -> engine.setTarget(output.entry(), targets.get(output.target().name())));
            Map<String, double[]> gradients = new LinkedHashMap<>();
            fields.forEach((name, values) -> gradients.put(name, new double[values.length]));
            engine.evaluate(fields(2), gradients);
            Losses losses = engine.evaluate(fields, gradients);
            double smallest = tolerance * size();
            boolean nearOptimum = truth.get(program.error().name())[0] <= smallest;
            // A loss that is nothing but rounding errors of the outputs is right whatever it is.
            double rounded = Math.max(smallest, ROUNDING * size() / tolerance);
            Optional<String> failure = compare("loss", truth.get(program.loss().name()),
                    new double[] {losses.loss()}, tolerance, rounded);
            failure = failure.or(() -> compare("error", truth.get(program.error().name()),
                    new double[] {losses.error()}, tolerance, rounded));
            for (IndexProgram.Penalty penalty : program.penalties()) {
                failure = failure.or(() -> compare(penalty.name(), truth.get(penalty.value().name()),
                        new double[] {losses.penalties().get(penalty.name())}, tolerance));
            }
            for (List<IndexProgram.Output> outputs : List.of(program.outputs(), program.reports())) {
                for (IndexProgram.Output output : outputs) {
                    failure = failure.or(() -> compare(output.entry(), truth.get(output.value().name()),
                            engine.values(output.entry()), tolerance));
                }
            }
            // The derivative of an absolute value where it is nearly 0 is of either sign.
            boolean arbitrary = nearOptimum || descriptor.text().contains("loss l1") && single;
            for (IndexProgram.Field field : program.fields()) {
                double[] gradient = truth.get(program.gradients().get(field.name()).name());
                failure = arbitrary ? failure : failure.or(() -> compare("d" + field.name(), gradient,
                        gradients.get(field.name()), 10 * tolerance));
            }
            return failure;
        }

        private static int longestMethod(byte[] compiled) {
            return ClassFile.of().parse(compiled).methods().stream().flatMap(method -> method.findAttribute(
                    Attributes.code()).stream()).mapToInt(CodeAttribute::codeLength).max().orElse(0);
        }

        private static Optional<String> compare(String what, double[] expected, double[] actual, double tolerance) {
            return compare(what, expected, actual, tolerance, SMALLEST);
        }

        private static Optional<String> compare(String what, double[] expected, double[] actual, double tolerance,
                double smallest) {
            double scale = Math.max(SMALLEST, smallest);
            for (double value : expected) {
                scale = Double.isNaN(value) ? scale : Math.max(scale, Math.abs(value));
            }
            for (int k = 0; k < expected.length; k++) {
                boolean same = Double.isNaN(expected[k]) ? Double.isNaN(actual[k])
                        : Math.abs(expected[k] - actual[k]) <= tolerance * scale;
                if (!same) {
                    return Optional.of(String.format(Locale.ROOT, "%s[%d] is %.12g, not %.12g, scale %.3g", what, k,
                            actual[k], expected[k], scale));
                }
            }
            return Optional.empty();
        }
    }
}
