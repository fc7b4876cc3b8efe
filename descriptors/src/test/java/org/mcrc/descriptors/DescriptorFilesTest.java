package org.mcrc.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.cli.Main;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.gradcheck.GradientCheck;
import org.mcrc.runtime.optimize.Adam;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.reconstruct.Initialization;

/** Every descriptor file at work: it binds, its gradient is right, generated kernels compute it, and it reconstructs. */
class DescriptorFilesTest {
    static List<Path> files() {
        return DescriptorFiles.all();
    }

    @ParameterizedTest
    @MethodSource("files")
    void checkFindsNothingWrong(Path file) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), "check", file.toString());
        assertEquals("", err.toString());
        assertEquals(0, status, file::toString);
    }

    @ParameterizedTest
    @MethodSource("files")
    void theGradientOfTheFormulasAgreesWithFiniteDifferences(Path file) {
        requireRight(file, GradientCheck.run(Bound.small(file), Backend.EVALUATOR, 1, 1));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theGradientOfTheKernelsAgreesWithFiniteDifferences(Path file) {
        requireRight(file, GradientCheck.run(Bound.small(file), Backend.CPU, 2, 2));
    }

    private static void requireRight(Path file, GradientCheck.Result result) {
        assertTrue(result.comparisons().size() > 10);
        assertTrue(result.passed(), () -> file + "\n" + String.join("\n", result.comparisons().stream()
                .filter(comparison -> !comparison.passed()).map(Object::toString).toList()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void kernelsInDoublePrecisionAgreeWithTheFormulas(Path file) {
        requireSame(Bound.small(file), Precision.DOUBLE, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("files")
    void kernelsInSinglePrecisionAgreeWithTheFormulas(Path file) {
        requireSame(Bound.small(file), Precision.SINGLE, 1e-5);
    }

    /** From a random field some way is made to the descriptor of another: the error falls to a tenth. */
    @ParameterizedTest
    @MethodSource("files")
    void descendingTheGradientReducesTheError(Path file) {
        try (Engine engine = Engines.create(Bound.small(file), Backend.CPU, Precision.DOUBLE, 2)) {
            engine.characterize(phasesAtRandom(engine.signature()));
            engine.signature().outputs().forEach(output ->
                    engine.setTarget(output.name(), engine.values(output.name())));
            double[] point = Initialization.DEFAULT.draw(engine.signature(), 1);
            Adam adam = new Adam(AdamSettings.DEFAULT);
            double first = engine.evaluate(split(point, engine.signature())).error();
            double least = first;
            for (int iteration = 0; iteration < 1000 && least > 0.1 * first; iteration++) {
                Map<String, double[]> gradients = split(new double[point.length], engine.signature());
                Losses losses = engine.evaluate(split(point, engine.signature()), gradients);
                adam.propose(point, losses.loss(), join(gradients, point.length));
                least = Math.min(least, losses.error());
            }
            assertTrue(least <= 0.1 * first, file + ": " + least + " of " + first);
        }
    }

    /** Errors are relative to the greatest value of an array. */
    private static void requireSame(IndexProgram program, Precision precision, double tolerance) {
        try (Engine formulas = Engines.create(program, Backend.EVALUATOR, Precision.DOUBLE, 1);
                Engine kernels = Engines.create(program, Backend.CPU, precision, 2)) {
            Signature signature = formulas.signature();
            SplittableRandom random = new SplittableRandom(1);
            formulas.characterize(anywhere(signature, random));
            for (Signature.Entry output : signature.outputs()) {
                formulas.setTarget(output.name(), formulas.values(output.name()));
                kernels.setTarget(output.name(), formulas.values(output.name()));
            }
            Map<String, double[]> fields = anywhere(signature, random);
            Map<String, double[]> expected = split(new double[size(signature)], signature);
            Map<String, double[]> actual = split(new double[size(signature)], signature);
            Losses truth = formulas.evaluate(fields, expected);
            Losses losses = kernels.evaluate(fields, actual);
            assertEquals(truth.loss(), losses.loss(), tolerance * Math.abs(truth.loss()), program.name() + ": loss");
            assertEquals(truth.error(), losses.error(), tolerance * Math.abs(truth.error()), program.name() + ": error");
            for (Signature.Entry output : signature.outputs()) {
                requireSame(formulas.values(output.name()), kernels.values(output.name()), tolerance,
                        program.name() + ": " + output.name());
            }
            // Each element of a gradient is a sum in which terms of either sign cancel.
            expected.forEach((name, gradient) ->
                    requireSame(gradient, actual.get(name), 10 * tolerance,
                            program.name() + ": the gradient of " + name));
        }
    }

    private static void requireSame(double[] expected, double[] actual, double tolerance, String what) {
        double scale = 0;
        for (double value : expected) {
            scale = Double.isNaN(value) ? scale : Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * scale, what + " at " + i);
        }
    }

    /** Values within the range and a little beyond it. */
    private static Map<String, double[]> anywhere(Signature signature, SplittableRandom random) {
        Map<String, double[]> fields = new LinkedHashMap<>();
        for (Signature.Field field : signature.fields()) {
            double[] values = random.doubles(field.size(), -0.1, 1.1).toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = low(field) + (high(field) - low(field)) * values[i];
            }
            fields.put(field.name(), values);
        }
        return fields;
    }

    /** One of the phases at each pixel; where the field is no indicator, one of the ends of its range. */
    private static Map<String, double[]> phasesAtRandom(Signature signature) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, double[]> fields = new LinkedHashMap<>();
        for (Signature.Field field : signature.fields()) {
            double[] values = new double[field.size()];
            int group = field.indicators() ? signature.phases() : 1;
            for (int start = 0; start < values.length; start += group) {
                if (field.indicators()) {
                    values[start + random.nextInt(group)] = 1;
                } else {
                    values[start] = random.nextInt(4) == 0 ? high(field) : low(field);
                }
            }
            fields.put(field.name(), values);
        }
        return fields;
    }

    private static double low(Signature.Field field) {
        return Double.isFinite(field.low()) ? field.low() : -1;
    }

    private static double high(Signature.Field field) {
        return Double.isFinite(field.high()) ? field.high() : 1;
    }

    private static int size(Signature signature) {
        return signature.fields().stream().mapToInt(Signature.Field::size).sum();
    }

    private static Map<String, double[]> split(double[] point, Signature signature) {
        Map<String, double[]> fields = new LinkedHashMap<>();
        int position = 0;
        for (Signature.Field field : signature.fields()) {
            double[] values = new double[field.size()];
            System.arraycopy(point, position, values, 0, values.length);
            position += values.length;
            fields.put(field.name(), values);
        }
        return fields;
    }

    private static double[] join(Map<String, double[]> fields, int size) {
        double[] point = new double[size];
        int position = 0;
        for (double[] values : fields.values()) {
            System.arraycopy(values, 0, point, position, values.length);
            position += values.length;
        }
        return point;
    }
}
