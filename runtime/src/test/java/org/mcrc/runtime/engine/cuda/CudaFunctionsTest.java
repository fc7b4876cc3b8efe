package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.ScalarOperations;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.program.Manifest;

/**
 * The functions that kernels call against what they mean, where they are ordinary, where they end and where they have no
 * value. Those of the C library stand for those of CUDA: what is tested is what the texts make of them.
 */
class CudaFunctionsTest {
    private static final String FOLDER = "/org/mcrc/compiler/backend/cuda/";
    private static final double DOUBLE_TOLERANCE = 1e-12;
    private static final double SINGLE_TOLERANCE = 4e-6;

    /** Near their zeros functions are compared as if they were as large as this. */
    private static final double SMALLEST = 0.1;

    private static final int LARGEST_ORDER = 4;

    private static String text(String name) throws IOException {
        try (InputStream input = Manifest.class.getResourceAsStream(FOLDER + name)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Numbers of single precision of both signs and all sizes, whole and half ones, and what is no number. */
    private static double[] points() {
        List<Double> points = new ArrayList<>(List.of(0.0, -0.0, 1e-45, 1e-38, 1e-10, 1e10, 3e38, Double.NaN,
                Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
        for (int k = -60; k <= 60; k++) {
            points.add(k / 4.0);
            points.add(0.37 * k + 0.0123);
            points.add(Math.signum(k) * Math.pow(1.3, Math.abs(k) / 2.0 - 20));
        }
        return points.stream().mapToDouble(point -> point.floatValue()).toArray();
    }

    /** What is compared, by the code that computes it from x and y. */
    private static Map<String, DoubleBinaryOperator> functions() {
        Map<String, DoubleBinaryOperator> functions = new LinkedHashMap<>();
        for (UnaryOperator operator : UnaryOperator.values()) {
            if (operator != UnaryOperator.NEGATE && operator != UnaryOperator.NOT) {
                functions.put("mcrc_" + operator.symbol() + "(x)", (x, y) -> ScalarOperations.apply(operator, x));
            }
        }
        Map.of("power", BinaryOperator.POWER, "atan2", BinaryOperator.ATAN2, "minimum", BinaryOperator.MINIMUM,
                "maximum", BinaryOperator.MAXIMUM).forEach((name, operator) -> functions.put("mcrc_" + name + "(x, y)",
                        (x, y) -> ScalarOperations.apply(operator, x, y)));
        for (int order = 0; order <= LARGEST_ORDER; order++) {
            int fixed = order;
            functions.put("mcrc_polygamma(" + order + ", x)",
                    (x, y) -> ScalarOperations.apply(BinaryOperator.POLYGAMMA, fixed, x));
        }
        return functions;
    }

    @Test
    void inDoublePrecision() throws IOException {
        HostDevice.assumeAvailable();
        check("double", DOUBLE_TOLERANCE);
    }

    @Test
    void inSinglePrecision() throws IOException {
        HostDevice.assumeAvailable();
        check("float", SINGLE_TOLERANCE);
    }

    private static void check(String type, double tolerance) throws IOException {
        double[] points = points();
        List<String> codes = List.copyOf(functions().keySet());
        StringBuilder source = new StringBuilder("// device\n").append(text("prelude.cuh")).append(text("special.cuh"));
        source.append("extern \"C\" __global__ void functions(const double *points, double *values, int count) {\n");
        source.append("    const int place = blockIdx.x * 256 + threadIdx.x;\n    if (place >= count * count) {\n");
        source.append("        return;\n    }\n");
        source.append("    const %1$s x = static_cast<%1$s>(points[place / count]);\n".formatted(type));
        source.append("    const %1$s y = static_cast<%1$s>(points[place %% count]);\n".formatted(type));
        for (int k = 0; k < codes.size(); k++) {
            source.append("    values[%d * count * count + place] = %s;\n".formatted(k, codes.get(k)));
        }
        source.append("}\n");
        int pairs = points.length * points.length;
        List<String> wrong = new ArrayList<>();
        try (HostDevice device = new HostDevice();
                Device.Module module = device.load("functions", source.toString())) {
            ByteBuffer from = device.hostMemory(points.length * Double.BYTES);
            ByteBuffer to = device.hostMemory(pairs * codes.size() * Double.BYTES);
            from.asDoubleBuffer().put(points);
            Device.Buffer given = device.allocate(from.capacity());
            Device.Buffer computed = device.allocate(to.capacity());
            device.copyToDevice(from, given);
            device.launch(module, new Launch("functions", Math.ceilDiv(pairs, 256), 1, 1, 256, 0,
                    List.of(given, computed, points.length)));
            device.copyToHost(computed, to);
            device.synchronize();
            for (int k = 0; k < codes.size(); k++) {
                DoubleBinaryOperator function = functions().get(codes.get(k));
                for (int place = 0; place < pairs; place++) {
                    double x = points[place / points.length];
                    double y = points[place % points.length];
                    // To C every power of 1 is 1, to Java some are not.
                    if (codes.get(k).startsWith("mcrc_power") && Math.abs(x) == 1 && !Double.isFinite(y)) {
                        continue;
                    }
                    double expected = function.applyAsDouble(x, y);
                    double actual = to.getDouble((k * pairs + place) * Double.BYTES);
                    if (!same(type.equals("float") ? (float) expected : expected, actual, tolerance)) {
                        wrong.add("%s is %.17g and not %.17g at %.9g, %.9g".formatted(codes.get(k), actual, expected, x, y));
                    }
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " values, " + String.join("\n", wrong.subList(0,
                Math.min(wrong.size(), 40))));
    }

    private static boolean same(double expected, double actual, double tolerance) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            return Double.compare(expected, actual) == 0;
        }
        return Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), SMALLEST);
    }
}
