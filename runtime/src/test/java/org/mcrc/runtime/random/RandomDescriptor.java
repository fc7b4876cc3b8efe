package org.mcrc.runtime.random;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a random descriptor that is well typed by construction. The same seed gives the same text.
 *
 * <p>Values stay moderate (what could grow is passed through bounded functions), so that rounding errors stay far below
 * the tolerances of the comparisons.
 */
final class RandomDescriptor {
    /** Names that have a meaning in Java or in generated code, and names with letters beyond ASCII. */
    private static final List<String> NAMES = List.of("e", "int", "task", "größe", "class", "part", "element", "total",
            "chunks", "row", "tile", "lane", "column", "memory", "u_1", "partial", "base", "float", "workers", "SPECIES",
            "pixelVectors", "dM", "offset", "lines", "Δ", "square", "position", "firstRow", "plane", "E_1", "L", "bound");
    private static final List<String> DESCRIPTORS = List.of("any", "Math", "Workers", "workers", "float", "VectorMath",
            "Ünicode", "String", "Object", "System", "Contraction");

    /**
     * A descriptor and what it is bound for.
     *
     * @param translates whether a translated field has the same loss
     * @param declarations its declarations, one a line
     */
    record Descriptor(long seed, List<Integer> extents, int phases, boolean translates, List<String> declarations) {
        String text() {
            return String.join("\n", declarations) + "\n";
        }

        /** The same for larger fields. */
        Descriptor enlarged(int times) {
            List<Integer> larger = extents.stream().map(extent -> extent * times - (times > 1 && extent % 4 != 0 ? 1 : 0))
                    .toList();
            return new Descriptor(seed, larger, phases, translates, declarations);
        }

        Descriptor with(List<String> others) {
            return new Descriptor(seed, extents, phases, translates, List.copyOf(others));
        }
    }

    /** A finite axis: the vector set {@code text}, or the integers from low to high. */
    private record Axis(String text, boolean vectors, int low, int high) {
        static Axis range(int low, int high) {
            return new Axis(low + ".." + high, false, low, high);
        }
    }

    /** An array that can be read; {@code coarseness} is that of its grid, 0 where it has no pixels. */
    private record Array(String name, int coarseness, List<Axis> axes) {}

    /** An index that is known where an expression stands; {@code coarseness} is 0 for a finite one. */
    private record Known(String name, int coarseness, Axis axis) {
        boolean isPixel() {
            return coarseness > 0;
        }

        String binding() {
            return isPixel() ? name : name + ": " + axis.text();
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final List<String> declarations = new ArrayList<>();
    private final List<Array> arrays = new ArrayList<>();
    private final List<Axis> sets = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> functions = new ArrayList<>();
    private final List<String> names = new ArrayList<>(NAMES);
    private final int phases;
    private final int rank;
    private final boolean open;
    private final boolean slices;
    private final boolean multigrid;
    private final boolean pooling;
    private boolean translates;
    private int indices;
    private int pixelSums;

    private RandomDescriptor(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        boolean volume = chance(0.2);
        slices = volume && chance(0.4);
        rank = volume && !slices ? 3 : 2;
        open = chance(0.15);
        multigrid = chance(0.2);
        pooling = chance(0.3);
        phases = 2 + random.nextInt(2);
        translates = !open;
    }

    static Descriptor of(long seed) {
        return new RandomDescriptor(seed).write();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String name() {
        return names.remove(random.nextInt(names.size()));
    }

    private String index(String letter) {
        return letter + "_" + ++indices;
    }

    private Descriptor write() {
        declarations.add("descriptor " + any(DESCRIPTORS));
        int axes = slices ? 3 : rank;
        List<Integer> extents = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            extents.add(multigrid || pooling ? axes == 3 ? 4 : any(List.of(4, 8, 12))
                    : axes == 3 ? 3 + random.nextInt(3) : 3 + random.nextInt(7));
        }
        declarations.add("param alpha = 1.5");
        fields();
        if (multigrid) {
            declarations.add("multigrid coarsest 4" + (chance(0.5) ? " weight 1 / level" : ""));
        }
        if (slices) {
            declarations.add("slices " + any(List.of("all", "1, 3", "2")));
        }
        set();
        if (chance(0.5)) {
            set();
        }
        functions();
        for (int k = random.nextInt(5); k > 0; k--) {
            let();
        }
        for (int k = 1 + random.nextInt(3); k > 0; k--) {
            output();
        }
        if (chance(0.3)) {
            Known x = pixel(1);
            declarations.add("report " + name() + " = " + any(List.of("max", "mean", "sum")) + "[" + x.name() + "]("
                    + reading(x, expression(List.of(x), 2), List.of(x)) + ")");
        }
        if (chance(0.3)) {
            declarations.add("penalty " + name() + " = mean[x](relu(M[x] - 0.8)^2 + relu(-M[x])^2) weight "
                    + any(List.of("0.3", "alpha * E", "0.1 * E^2")));
        }
        if (chance(0.6)) {
            declarations.add("loss " + any(List.of("l2", "sse", "mse", "rms", "l1")));
        }
        return new Descriptor(seed, List.copyOf(extents), phases, translates, List.copyOf(declarations));
    }

    private void fields() {
        String boundary = open ? " boundary open" : "";
        declarations.add("field M in [0, 1]" + boundary);
        arrays.add(new Array("M", 1, List.of()));
        if (chance(0.35)) {
            Axis axis = chance(0.5) ? Axis.range(0, random.nextInt(2)) : new Axis("phases", false, 0, phases - 1);
            declarations.add("field q[c: " + axis.text() + "] in [-1, 1]" + boundary);
            arrays.add(new Array("q", 1, List.of(axis)));
        }
    }

    private void set() {
        String name = any(List.of("R", "Q", "task_", "T")) + sets.size();
        List<String> choices = rank == 3
                ? List.of("halfwindow(1)", "box(2)", "axes(2)", "window(1)", "{(0, 0, 0), (1, 0, 0), (0, 1, -1)}",
                        "random(4, 1, 3)")
                : List.of("halfwindow(1)", "halfwindow(2)", "halfwindow(3)", "window(1)", "window(2)", "axes(2)", "box(2)",
                        "{(0, 0), (1, 0), (0, 1), (2, -1)}", "{r in window(2) | norm(r) <= 1.5}", "random(5, 2, 7)",
                        "line((1, 1), 3)", "halfwindow(1) + axes(2)", "window(1) - {(1, 1)}", "halfwindow(2) & window(1, 2)",
                        "window(9, 0)");
        declarations.add("vectors " + name + " = " + any(choices));
        sets.add(new Axis(name, true, 0, 0));
        if (chance(0.3)) {
            declarations.add("vectors D" + name + " = {a - b for a in " + name + ", b in " + name + "}");
            differences.add(name);
        }
    }

    private void functions() {
        if (chance(0.4)) {
            declarations.add("function soft(z) = c1 / (1 + exp(-4 * (z + c2))) + c3 solve c1 = 1, c2 = -0.7, c3 = 0"
                    + " where soft(0) = 0, soft(1) = 1, soft''(0.6) = 0");
            functions.add("soft");
        }
        if (chance(0.3)) {
            declarations.add("function hard(z) = step(z - 0.5) derivative 1 - tanh(z - 0.5)^2");
            functions.add("hard");
        }
    }

    private Known pixel(int coarseness) {
        return new Known(index("x"), coarseness, null);
    }

    private Known finite(Axis axis) {
        return new Known(index(axis.vectors() ? "r" : "k"), 0, axis);
    }

    private Axis axis() {
        return chance(0.7) ? any(sets) : chance(0.3) ? new Axis("phases", false, 0, phases - 1)
                : Axis.range(random.nextInt(3) - 1, 1 + random.nextInt(2));
    }

    private static String bindings(List<Known> indices) {
        return indices.isEmpty() ? "" : "[" + String.join(", ", indices.stream().map(Known::binding).toList()) + "]";
    }

    private static String bound(List<Known> indices) {
        return String.join(", ", indices.stream().map(Known::binding).toList());
    }

    private void let() {
        String name = name();
        List<Known> indices = new ArrayList<>();
        int coarseness = 0;
        if (pooling && chance(0.3)) {
            Array fine = any(arrays.stream().filter(array -> array.coarseness() == 1).toList());
            Known x = pixel(2);
            Known d = finite(new Axis("box(2)", true, 0, 0));
            indices.add(x);
            fine.axes().forEach(axis -> indices.add(finite(axis)));
            String subscripts = String.join("", indices.subList(1, indices.size()).stream().map(i -> ", " + i.name())
                    .toList());
            declarations.add("let " + name + bindings(indices) + " = " + any(List.of("mean", "sum", "max", "prod")) + "["
                    + d.binding() + "](" + fine.name() + "[2*" + x.name() + " + " + d.name() + subscripts + "])");
            arrays.add(new Array(name, 2, fine.axes()));
            return;
        }
        if (chance(0.75)) {
            coarseness = pooling && chance(0.3) && arrays.stream().anyMatch(array -> array.coarseness() == 2) ? 2 : 1;
            indices.add(pixel(coarseness));
        }
        for (int k = coarseness == 0 ? 1 : random.nextInt(10) < 4 ? 0 : 1; k > 0; k--) {
            indices.add(finite(axis()));
        }
        String body = coarseness == 0 ? reduction(indices, 2)
                : bounded(reading(indices.getFirst(), expression(indices, 3), indices));
        declarations.add("let " + name + bindings(indices) + " = " + body);
        arrays.add(new Array(name, coarseness, indices.stream().filter(i -> !i.isPixel()).map(Known::axis).toList()));
    }

    private void output() {
        String name = name();
        List<Known> indices = new ArrayList<>();
        String weight = chance(0.2) ? " weight " + any(List.of("2", "alpha / 3")) : "";
        int form = random.nextInt(10);
        if (form < 3) {
            gram(name, weight);
            return;
        }
        if (form == 3) {
            translates = false;
            indices.add(pixel(1));
        }
        for (int k = random.nextInt(3); k > 0; k--) {
            indices.add(finite(axis()));
        }
        String guard = "";
        List<Known> finite = indices.stream().filter(i -> !i.isPixel()).toList();
        if (!finite.isEmpty() && chance(0.25)) {
            guard = " | " + condition(any(finite));
        }
        String bindings = indices.isEmpty() ? "" : "[" + bound(indices) + guard + "]";
        String body = form == 3 ? reading(indices.getFirst(), expression(indices, 3), indices)
                : pixelReduction(indices, 3, true);
        declarations.add("output " + name + bindings + " = " + body + weight);
    }

    /** A matrix of two arrays over pixels: what contractions are made of. */
    private void gram(String name, String weight) {
        Known a = finite(any(sets));
        Known b = finite(chance(0.6) ? a.axis() : any(sets));
        Known x = pixel(1);
        List<Array> operands = arrays.stream().filter(array -> array.coarseness() == 1 && array.axes().size() == 1
                && array.axes().getFirst().vectors()).toList();
        if (operands.isEmpty()) {
            String e = name();
            Known y = pixel(1);
            Known r = finite(a.axis());
            declarations.add("let " + e + bindings(List.of(y, r)) + " = tanh(" + expression(List.of(y, r), 1) + " + M["
                    + y.name() + " + " + r.name() + "])");
            Array array = new Array(e, 1, List.of(a.axis()));
            arrays.add(array);
            operands = List.of(array);
        }
        Array left = any(operands);
        Array right = chance(0.6) ? left : any(operands);
        Known rows = finite(left.axes().getFirst());
        Known columns = finite(right.axes().getFirst());
        String extra = chance(0.2) ? " * " + expression(List.of(x), 1) : "";
        boolean swapped = chance(0.2);
        declarations.add("output " + name + bindings(swapped ? List.of(columns, rows) : List.of(rows, columns)) + " = "
                + any(List.of("mean", "sum")) + "[" + x.name() + "](" + left.name() + "[" + x.name() + ", " + rows.name()
                + "] * " + right.name() + "[" + x.name() + ", " + columns.name() + "]" + extra + ")" + weight);
    }

    /** A reduction over pixels, and perhaps over more, of an expression. */
    private String pixelReduction(List<Known> scope, int depth, boolean output) {
        int coarseness = pooling && chance(0.3) && arrays.stream().anyMatch(array -> array.coarseness() == 2) ? 2 : 1;
        Known x = pixel(coarseness);
        List<Known> own = new ArrayList<>(List.of(x));
        if (chance(0.15)) {
            own.add(finite(axis()));
        }
        List<Known> inner = new ArrayList<>(scope);
        inner.addAll(own);
        pixelSums++;
        // Sums in the midst of a descriptor saturate what follows: its derivatives then drown in rounding errors.
        String operator = any(output ? List.of("mean", "mean", "mean", "sum", "max", "min")
                : List.of("mean", "mean", "max", "min"));
        String result = operator + "[" + bound(own) + "]("
                + reading(x, expression(inner, depth), inner) + ")";
        pixelSums--;
        return result;
    }

    /** The expression, with something added where nothing in it says what grid the pixel index ranges over. */
    private String reading(Known x, String expression, List<Known> scope) {
        if (expression.contains("[" + x.name()) || expression.contains("[2*" + x.name())) {
            return expression;
        }
        Array array = any(arrays.stream().filter(a -> a.coarseness() == x.coarseness()).toList());
        return expression + " + " + read(array, scope.stream().filter(i -> !i.isPixel() || i == x).toList());
    }

    private String bounded(String text) {
        return chance(0.7) ? "tanh(" + text + ")" : text;
    }

    private String expression(List<Known> scope, int depth) {
        if (depth == 0) {
            return leaf(scope);
        }
        return switch (random.nextInt(14)) {
            case 0 -> separable(scope);
            case 1, 13 -> leaf(scope);
            case 2 -> "(" + expression(scope, depth - 1) + " + " + expression(scope, depth - 1) + ")";
            case 3 -> "(" + expression(scope, depth - 1) + " - " + expression(scope, depth - 1) + ")";
            case 4, 5 -> expression(scope, depth - 1) + " * " + leaf(scope);
            case 6 -> "(" + expression(scope, depth - 1) + ") / (1 + (" + leaf(scope) + ")^2)";
            case 7, 8 -> function(expression(scope, depth - 1));
            case 9 -> any(List.of("max", "min", "max")) + "(" + expression(scope, depth - 1) + ", " + leaf(scope) + ")";
            case 10 -> "(if " + condition(scope) + " then " + expression(scope, depth - 1) + " else " + leaf(scope) + ")";
            default -> reduction(scope, depth - 1);
        };
    }

    private String function(String argument) {
        if (!functions.isEmpty() && chance(0.4)) {
            return any(functions) + "(" + argument + ")";
        }
        return any(List.of("tanh(%s)", "sin(%s)", "cos(%s)", "atan(%s)", "sigmoid(%s)", "abs(%s)", "relu(%s)",
                "sqrt(1 + (%s)^2)", "exp(-(%s)^2)", "log(1 + (%s)^2)", "(%s)^2", "tanh(%s)^3", "clamp(%s, -0.5, 0.7)",
                "step(%s - 0.1234)", "-(%s)", "atan2(%s, 1.5)", "(1 + (%s)^2)^0.7", "1 / (1 + exp(-(%s)))"))
                .replace("%s", argument);
    }

    /** A function of an exponential whose exponent is a sum of values at different pixels, where the scope allows. */
    private String separable(List<Known> scope) {
        List<Known> vectors = scope.stream().filter(i -> !i.isPixel() && i.axis().vectors()).toList();
        List<Known> pixels = scope.stream().filter(Known::isPixel).toList();
        if (vectors.isEmpty() || pixels.isEmpty()) {
            return function(leaf(scope));
        }
        Known x = any(pixels);
        Known r = any(vectors);
        Array array = any(arrays.stream().filter(each -> each.coarseness() == x.coarseness()).toList());
        String here = array.name() + "[" + x.name() + subscripts(array, scope) + "]";
        String there = array.name() + "[" + x.name() + any(List.of(" + ", " - ")) + r.name() + subscripts(array, scope) + "]";
        return any(List.of("sigmoid(alpha * (HERE + THERE) / 2)", "tanh(HERE - THERE)", "tanh(0.5 * (THERE + HERE) - LEAF)",
                "1 / (1 + exp(-4 * ((HERE + THERE) / 2 - 0.75)))", "exp(-sigmoid(HERE) - sigmoid(THERE))",
                "log(1 + exp(sin(HERE) + sin(THERE)))", "sigmoid(alpha * (THERE + 0.25 * HERE - norm(VECTOR)))",
                "sigmoid(HERE * THERE)", "tanh(HERE + THERE) * (1 - tanh(HERE + THERE)^2)"))
                .replace("THERE", there).replace("HERE", here).replace("VECTOR", r.name()).replace("LEAF", leaf(scope));
    }

    private String subscripts(Array array, List<Known> scope) {
        return String.join("", array.axes().stream().map(axis -> ", "
                + (axis.vectors() ? vector(axis, scope) : integer(axis, scope))).toList());
    }

    private String condition(List<Known> scope) {
        List<Known> finite = scope.stream().filter(i -> !i.isPixel()).toList();
        if (!finite.isEmpty() && chance(0.5)) {
            return condition(any(finite));
        }
        return leaf(scope) + any(List.of(" < ", " >= ")) + leaf(scope);
    }

    private String condition(Known finite) {
        return finite.name() + (finite.axis().vectors()
                ? any(List.of(".1 > 0", " != 0", " == 0", ".2 <= 0 or " + finite.name() + ".1 == 1"))
                : any(List.of(" > 0", " != 0", " mod 2 == 0", " <= 1")));
    }

    private String reduction(List<Known> scope, int depth) {
        boolean overPixels = scope.stream().noneMatch(Known::isPixel);
        if (overPixels || pixelSums == 0 && !slices && rank == 2 && chance(0.08)) {
            return pixelReduction(scope, depth, false);
        }
        Axis axis = chance(0.5) ? axis() : new Axis("box(2)", true, 0, 0);
        List<Known> integers = scope.stream().filter(i -> !i.isPixel() && !i.axis().vectors()).toList();
        if (!integers.isEmpty() && chance(0.3)) {
            Known n = any(integers);
            axis = new Axis(Math.min(0, n.axis().low()) + ".." + n.name(), false, Math.min(0, n.axis().low()),
                    n.axis().high());
        }
        Known own = finite(axis);
        List<Known> inner = new ArrayList<>(scope);
        inner.add(own);
        String operator = any(List.of("sum", "mean", "prod", "max", "min"));
        String guard = (operator.equals("sum") || operator.equals("prod")) && chance(0.3) ? " | " + condition(own) : "";
        return operator + "[" + own.binding() + guard + "](" + expression(inner, depth) + ")";
    }

    private String leaf(List<Known> scope) {
        int choice = random.nextInt(10);
        List<Known> finite = scope.stream().filter(i -> !i.isPixel()).toList();
        if (choice == 0) {
            return any(List.of("0.3", "alpha", "1", "0", "0.75"));
        }
        if (choice == 1 && !finite.isEmpty()) {
            Known index = any(finite);
            return index.axis().vectors()
                    ? any(List.of("norm(" + index.name() + ")", index.name() + ".1", "dot(" + index.name() + ", "
                            + index.name() + ") / 4"))
                    : index.name();
        }
        List<Array> readable = arrays.stream().filter(array -> array.coarseness() == 0 || scope.stream().anyMatch(i ->
                i.coarseness() == array.coarseness() || i.coarseness() == 2 * array.coarseness() && i.isPixel())).toList();
        return readable.isEmpty() ? "0.4" : read(any(readable), scope);
    }

    private String read(Array array, List<Known> scope) {
        List<String> subscripts = new ArrayList<>();
        if (array.coarseness() > 0) {
            List<Known> pixels = scope.stream().filter(i -> i.coarseness() == array.coarseness()
                    || i.coarseness() == 2 * array.coarseness()).toList();
            Known x = any(pixels);
            subscripts.add((x.coarseness() > array.coarseness() ? "2*" : "") + x.name() + shift(scope));
        }
        array.axes().forEach(axis -> subscripts.add(axis.vectors() ? vector(axis, scope) : integer(axis, scope)));
        return array.name() + (subscripts.isEmpty() ? "" : "[" + String.join(", ", subscripts) + "]");
    }

    private String shift(List<Known> scope) {
        List<Known> vectors = scope.stream().filter(i -> !i.isPixel() && i.axis().vectors()).toList();
        List<Known> integers = scope.stream().filter(i -> !i.isPixel() && !i.axis().vectors()).toList();
        String unit = rank == 3 ? any(List.of("(1, 0, 0)", "(0, -1, 1)", "(0, 0, 2)")) : any(List.of("(1, 0)", "(0, -1)",
                "(-2, 1)"));
        int choice = random.nextInt(10);
        if (choice < 3) {
            return "";
        }
        if (choice == 3) {
            return " + " + unit;
        }
        if (choice == 4 && !integers.isEmpty()) {
            return any(List.of(" + ", " - ")) + any(integers).name() + "*" + unit;
        }
        if (choice == 8 && !integers.isEmpty()) {
            String n = any(integers).name();
            return " + " + any(List.of("abs(%s)", "max(%s, 1)", "(if %s > 0 then 2 else -1)", "sign(%s)", "2^abs(%s)"))
                    .replace("%s", n) + "*" + unit;
        }
        if (choice == 9 && !vectors.isEmpty() && chance(0.5)) {
            String r = any(vectors).name();
            return " + " + any(List.of("floor(norm(%s))*%s", "sign(%s.1)*%s", "(if %s.2 < 0 then -%s else %s)",
                    "min(%s.1, %s.2)*" + unit)).replace("%s", r);
        }
        if (choice == 5 && !integers.isEmpty() && !vectors.isEmpty()) {
            return " + " + any(integers).name() + "*" + any(vectors).name();
        }
        if (vectors.isEmpty()) {
            return "";
        }
        return choice == 6 ? " + " + any(vectors).name() + " - " + any(vectors).name()
                : choice == 7 ? " - " + any(vectors).name() : " + " + any(vectors).name();
    }

    private String vector(Axis axis, List<Known> scope) {
        List<String> choices = new ArrayList<>();
        scope.stream().filter(i -> !i.isPixel() && i.axis().equals(axis)).forEach(i -> choices.add(i.name()));
        return choices.isEmpty() ? "0" : any(choices);
    }

    private String integer(Axis axis, List<Known> scope) {
        List<String> choices = new ArrayList<>(List.of(String.valueOf(axis.low() + random.nextInt(
                axis.high() - axis.low() + 1))));
        for (Known index : scope) {
            if (!index.isPixel() && !index.axis().vectors()) {
                for (int by = -1; by <= 1; by++) {
                    if (index.axis().low() + by >= axis.low() && index.axis().high() + by <= axis.high()) {
                        choices.add(index.name() + (by == 0 ? "" : by < 0 ? " - 1" : " + 1"));
                    }
                }
                choices.add("clamp(" + index.name() + ", " + axis.low() + ", " + axis.high() + ")");
            }
        }
        return any(choices);
    }
}
