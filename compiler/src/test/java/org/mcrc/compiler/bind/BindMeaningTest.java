package org.mcrc.compiler.bind;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Evaluator;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.source.SourceFile;

/** What bound programs give, against values computed by hand or by plain loops here. */
class BindMeaningTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 6;

    /** A field that is different everywhere. */
    private static double[] field(int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i * 7 % 11 + 1) / 16.0 + i / 1024.0;
        }
        return values;
    }

    private static double[] values(BindResult result, String name, Map<String, double[]> fields) {
        return new Evaluator(result.program()).evaluate(fields, Map.of(), Set.of(name)).get(name);
    }

    private static double[] values(String text, String name) {
        return values(Bound.text("descriptor t\n" + text, ROWS, COLUMNS), name,
                Map.of("M", field(ROWS * COLUMNS)));
    }

    private static double loss(IndexProgram program, Map<String, double[]> fields, double target) {
        Map<String, double[]> targets = new HashMap<>();
        program.targets().forEach(tensor -> {
            double[] values = new double[(int) tensor.size()];
            java.util.Arrays.fill(values, target);
            targets.put(tensor.name(), values);
        });
        return new Evaluator(program).evaluate(fields, targets).get(program.loss().name())[0];
    }

    @Test
    void anOpenBoundaryLeavesOutTermsAndDividesByThoseThatRemain() {
        double[] m = field(ROWS * COLUMNS);
        double sum = 0;
        for (int i = 0; i < ROWS - 2; i++) {
            for (int j = 1; j < COLUMNS; j++) {
                sum += m[i * COLUMNS + j] * m[(i + 2) * COLUMNS + j - 1];
            }
        }
        assertArrayEquals(new double[] {sum / 10}, values("field M boundary open\n"
                + "output S[r: {(2, -1)}] = mean[x](M[x] * M[x + r])\n", "S@1"), 1e-14);
    }

    @Test
    void anElementOfALetThatReadsBeyondTheEdgeIsItselfBeyondIt() {
        double[] m = field(ROWS * COLUMNS);
        double sum = 0;
        for (int i = 0; i < ROWS - 2; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += m[(i + 2) * COLUMNS + j] + m[(i + 1) * COLUMNS + j];
            }
        }
        assertArrayEquals(new double[] {sum / 12}, values("field M boundary open\n"
                + "let d[x] = M[x + (1, 0)]\noutput S = mean[x](d[x + (1, 0)] + d[x])\n", "S@1"), 1e-14);
    }

    @Test
    void aSumOverVectorsIsInsideOnlyWhereAllOfItIs() {
        double[] m = field(ROWS * COLUMNS);
        double sum = 0;
        for (int i = 1; i < ROWS - 1; i++) {
            for (int j = 1; j < COLUMNS - 1; j++) {
                for (int k = -1; k <= 1; k++) {
                    for (int l = -1; l <= 1; l++) {
                        sum += m[(i + k) * COLUMNS + j + l];
                    }
                }
            }
        }
        assertArrayEquals(new double[] {sum}, values("field M boundary open\n"
                + "output S = sum[x](sum[d: window(1)](M[x + d]))\n", "S@1"), 1e-12);
    }

    /** The range of k ends at n: for n = 1 the pixel two further on is not read. */
    @Test
    void aRangeThatEndsEarlierReadsLess() {
        double[] m = field(ROWS * COLUMNS);
        double[] expected = new double[3];
        for (int n = 0; n < 3; n++) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j + n < COLUMNS; j++) {
                    double product = 1;
                    for (int k = 0; k <= n; k++) {
                        product *= m[i * COLUMNS + j + k];
                    }
                    expected[n] += product / (ROWS * (COLUMNS - n));
                }
            }
        }
        assertArrayEquals(expected, values("field M boundary open\n"
                + "output L[n: 0..2] = mean[x](prod[k: 0..n](M[x + k*(0, 1)]))\n", "L@1"), 1e-14);
    }

    @Test
    void anOutputPerPixelHasNoElementBeyondTheEdge() {
        double[] values = values("field M boundary open\noutput D[x] = M[x + (1, 0)] - M[x]\n", "D@1");
        double[] m = field(ROWS * COLUMNS);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assertEquals(i / COLUMNS < ROWS - 1 ? m[i + COLUMNS] - m[i] : Double.NaN, values[i], 1e-15);
        }
    }

    @Test
    void aReportOfAnOutputPerPixelLeavesOutWhatIsBeyondTheEdge() {
        double[] m = field(ROWS * COLUMNS);
        double sum = 0;
        for (int i = 0; i < (ROWS - 1) * COLUMNS; i++) {
            sum += (m[i + COLUMNS] - m[i]) / ((ROWS - 1) * COLUMNS);
        }
        assertArrayEquals(new double[] {sum}, values("field M boundary open\noutput D[x] = M[x + (1, 0)] - M[x]\n"
                + "report mean_1 = mean[x](D[x])\n", "mean_1@1"), 1e-15);
    }

    /** Shifts by 1, 2, 4, … either way: without merging, what is required would double with every array. */
    @Test
    void aLongChainOfOpenArraysStaysSmall() {
        StringBuilder text = new StringBuilder("descriptor t\nfield M boundary open\nlet a0[x] = M[x]\n");
        for (int n = 1; n <= 20; n++) {
            text.append("let a%d[x] = a%d[x + (%d, 0)] + a%d[x - (%d, 0)]\n"
                    .formatted(n, n - 1, 1 << n - 1, n - 1, 1 << n - 1));
        }
        assertTrue(Bound.errors(text + "output S = mean[x](a20[x])\n", 64, 64)
                .contains("this mean has no terms"));
        assertTrue(Bound.text(text + "output S = mean[x](a4[x])\n", 64, 64).program().toString()
                .contains("/ 2176"));
    }

    @Test
    void theBranchThatIsNotTakenReadsNothing() {
        double[] m = field(ROWS * COLUMNS);
        double all = 0;
        double fewer = 0;
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            all += m[i] / (ROWS * COLUMNS);
            fewer += i / COLUMNS < ROWS - 1 ? m[i + COLUMNS] / ((ROWS - 1) * COLUMNS) : 0;
        }
        assertArrayEquals(new double[] {all, fewer}, values("field M boundary open\n"
                + "output S[k: 0..1] = mean[x](if k == 0 then M[x] else M[x + (1, 0)])\n", "S@1"), 1e-14);
    }

    @Test
    void pooledPixelsAreInsideWhereAllThatTheyPoolIs() {
        double[] values = values("field M boundary open\nlet s[x] = M[x + (0, 1)]\n"
                + "output H[x] = mean[d: box(2)](s[2*x + d])\n", "H@1");
        assertEquals(6, values.length);
        for (int i = 0; i < 6; i++) {
            assertEquals(i % 3 == 2, Double.isNaN(values[i]));
        }
    }

    @Test
    void emptySumsAreZeroAndEmptyProductsOne() {
        assertArrayEquals(new double[] {0 + 1, 1 + 1},
                values("field M\noutput S[n: 0..1] = sum[k: 1..n](1) + prod[k: 2..n](mean[x](M[x]))\n", "S@1"));
    }

    @Test
    void guardsOnTheFieldChooseTerms() {
        double[] m = field(ROWS * COLUMNS);
        double sum = 0;
        int count = 0;
        double product = 1;
        double least = Double.POSITIVE_INFINITY;
        for (double value : m) {
            if (value > 0.4) {
                sum += value;
                count++;
                product *= value;
                least = Math.min(least, value);
            }
        }
        assertArrayEquals(new double[] {sum + sum / count + product + least}, values("field M\n"
                + "output S = sum[x | M[x] > 0.4](M[x]) + mean[x | M[x] > 0.4](M[x]) + prod[x | M[x] > 0.4](M[x])"
                + " + min[x | M[x] > 0.4](M[x])\n", "S@1"), 1e-12);
    }

    @Test
    void aMeanOverAGuardedSetDividesByItsTerms() {
        double mean = java.util.Arrays.stream(field(ROWS * COLUMNS)).sum() / (ROWS * COLUMNS);
        assertArrayEquals(new double[] {(1 + 2 + 2) / 3.0 + mean},
                values("field M\noutput S = mean[x, p: 0..2, q: 0..2 | p < q](q + M[x])\n", "S@1"), 1e-14);
    }

    @Test
    void anySubscriptWhoseValuesAreIntegersIsFine() {
        double[] m = field(ROWS * COLUMNS);
        double[] powers = new double[5];
        for (int n = 0; n < powers.length; n++) {
            int exponent = n;
            powers[n] = java.util.Arrays.stream(m).map(value -> Math.pow(value, exponent)).average().orElseThrow();
        }
        String lets = "field M\nlet L[n: 0..4] = mean[x](M[x]^n)\n";
        assertArrayEquals(new double[] {powers[0], powers[1], powers[2], powers[1], powers[0], powers[1],
            powers[2], powers[1], powers[0]}, values(lets + "output S[a: 0..2, b: 0..2] = L[abs(a - b)]\n", "S@1"), 1e-14);
        assertArrayEquals(new double[] {powers[1], powers[2], powers[4]},
                values(lets + "output S[k: 0..2] = L[2^k]\n", "S@1"), 1e-14);
        assertArrayEquals(new double[] {powers[4] + powers[4], powers[2] + powers[3]},
                values(lets + "output S[n: 1..2] = L[floor(4 / n)] + L[if n == 1 then 4 else 3]\n", "S@1"), 1e-14);
        assertArrayEquals(new double[] {powers[0], powers[0] + powers[1], powers[0] + powers[1] + powers[2],
            powers[0] + powers[1] + powers[2]},
                values(lets + "output S[n: 0..3] = sum[k: 0..min(n, 2)](L[k])\n", "S@1"), 1e-14);
        // floor(norm(r)) of (0, 1), (1, 1) and (2, 0).
        assertArrayEquals(new double[] {powers[1], powers[1], powers[2]},
                values(lets + "output S[r: {(2, 0), (1, 1), (0, 1)}] = L[floor(norm(r))]\n", "S@1"), 1e-14);
    }

    /** With m the field's value, 0.25; P is 0, so that what stands behind it must not count. */
    @Test
    void divisionByZeroIsNoErrorWhereSomethingKeepsFromIt() {
        String text = """
                descriptor d
                param P = 0
                field M
                let L[k: 0..2] = k * mean[x](M[x])
                vectors R = {r in window(1) | P > 0 and r.1 mod P == 0 or r == 0}
                vectors T = {r in box(2) | r.1 == 0 or 3 mod r.1 == 0}
                output A = mean[x](M[x]) + (if P > 0 then 3 mod P else 0)
                output B = sum[k: 0..2 | P > 0](L[3 mod P])
                output C = sum[k: 1..2](if P > 0 then L[k mod P] else L[k])
                output D = sum[k: 0..2 | k != 0 and 2 mod k == 0](L[k])
                output F = count(R) * mean[x](M[x])
                output G[k: 0..2] = if k == 0 then mean[x](M[x]) else (3 div k) * mean[x](M[x])
                output H = count(T) * mean[x](M[x])
                """;
        Map<String, double[]> expected = Map.of("A", new double[] {0.25}, "B", new double[] {0},
                "C", new double[] {0.75}, "D", new double[] {0.75}, "F", new double[] {0.25},
                "G", new double[] {0.25, 0.75, 0.25}, "H", new double[] {1});
        double[] m = new double[64];
        java.util.Arrays.fill(m, 0.25);
        BindResult result = Bound.text(text, 8, 8);
        expected.forEach((name, values) -> assertArrayEquals(values, values(result, name + "@1", Map.of("M", m)), 1e-14, name));
    }

    /** What the range of an index excludes is looked at neither by a guard nor by a later range nor by a set's values. */
    @Test
    void whatADependentRangeExcludesDoesNotCount() {
        BindResult result = Bound.text("""
                descriptor d
                field M
                vectors R = {(a, 2 div (b - a + 1)) for a in 0..1, b in a..2}
                output A[i: 1..3, j: i..3 | 12 mod (j - i + 1) == 0] = (10*i + j) * mean[x](M[x])
                output B[i: 0..1, j: i..2, k: 0..(2 div (j - i + 1))] = (k + 1) * mean[x](M[x])
                output C = count(R) * mean[x](M[x])
                """, 8, 8);
        double[] m = new double[64];
        java.util.Arrays.fill(m, 1);
        double none = Double.NaN;
        assertArrayEquals(new double[] {11, 12, 13, none, 22, 23, none, none, 33}, values(result, "A@1", Map.of("M", m)), 1e-12);
        assertArrayEquals(new double[] {1, 2, 3, 1, 2, none, 1, none, none, none, none, none, 1, 2, 3, 1, 2, none},
                values(result, "B@1", Map.of("M", m)), 1e-12);
        assertArrayEquals(new double[] {5}, values(result, "C@1", Map.of("M", m)), 1e-12);
    }

    @Test
    void dataIsKnownWhereValuesMustBeConstant() {
        Map<String, double[]> files = Map.of("w.npy", new double[] {0.5, 1.5, 2}, "W.npy", new double[] {1, 0, 3, 2});
        DataLoader loader = (file, _) -> new DataLoader.Found(
                file.text().equals("W.npy") ? List.of(4) : List.of(3), files.get(file.text()));
        Diagnostics diagnostics = new Diagnostics();
        BindResult result = Bound.bind(SourceFile.of("test.mcr", """
                descriptor d
                param least = 1.5
                field M
                data w[i: 0..2] from "w.npy"
                data W[r: box(2)] from "W.npy"
                multigrid coarsest 4 weight w[level - 1]
                vectors near = {r in window(2) | norm(r) <= w[1] and r.1 == 0}
                vectors chosen = {r in box(2) | W[r] > least}
                output S[r: near | w[0] < norm(r)] = sum[x](M[x]) weight w[1]
                output T[r: chosen] = sum[x](M[x]) * norm(r)
                output U[r: box(2), i: 0..2 | W[r] > w[i]] = sum[x](M[x])
                penalty p = level * mean[x](M[x]) weight level * w[2]
                """), new Binding(List.of(8, 8), 2, Map.of(), loader), diagnostics)
                .orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.all())));
        double[] m = new double[64];
        java.util.Arrays.fill(m, 0.25);
        // near is (0, -1), (0, 0), (0, 1), of which the guard leaves out (0, 0); chosen is (1, 0), (1, 1).
        assertArrayEquals(new double[] {16, Double.NaN, 16}, values(result, "S@1", Map.of("M", m)), 1e-14);
        assertArrayEquals(new double[] {16, 16 * Math.sqrt(2)}, values(result, "T@1", Map.of("M", m)), 1e-14);
        double no = Double.NaN;
        assertArrayEquals(new double[] {16, no, no, no, no, no, 16, 16, 16, 16, 16, no},
                values(result, "U@1", Map.of("M", m)), 1e-14);
        double fine = 0.25 * (2 * Math.pow(1.5 * 16, 2) + 9 * Math.pow(16, 2));
        double coarse = 2.25 * (2 * Math.pow(1.5 * 4, 2) + 9 * Math.pow(4, 2));
        assertEquals(Math.sqrt(fine + coarse) + 2 * 0.25, loss(result.program(), Map.of("M", m), 0), 1e-12);
    }

    @Test
    void offsetsMayBeChosen() {
        double[] m = field(ROWS * COLUMNS);
        double[] expected = new double[2];
        int[][] offsets = {{1, -1}, {1, 2}};
        for (int r = 0; r < 2; r++) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    expected[r] += m[i * COLUMNS + j] / m.length * m[(i + offsets[r][0]) % ROWS * COLUMNS
                            + (j + offsets[r][1] + COLUMNS) % COLUMNS];
                }
            }
        }
        assertArrayEquals(expected, values("field M\noutput S[r: {(-1, 1), (1, 2)}] = "
                + "mean[x](M[x] * M[x + (if r.1 < 0 then -r else r)])\n", "S@1"), 1e-14);
        assertArrayEquals(expected, values("field M\noutput S[r: {(-1, -1), (1, 2)}] = "
                + "mean[x](M[x] * M[x + abs(r.1)*(1, 0) + r.2*(0, 1)])\n", "S@1"), 1e-14);
    }

    @Test
    void slicesOfAVolumeAreComparedOneByOne() {
        String text = "descriptor t\nfield M in [0, 1] rank 3\nslices 1\noutput phi = mean[x](M[x])\nloss sse\n";
        double[] m = field(2 * 3 * 4);
        double squares = 0;
        double mean = 0;
        for (int s = 0; s < 2; s++) {
            double phi = 0;
            for (int i = 0; i < 12; i++) {
                phi += m[s * 12 + i] / 12;
            }
            squares += (phi - 0.25) * (phi - 0.25) / 2;
            mean += phi / 2;
        }
        BindResult result = Bound.text(text, 2, 3, 4);
        assertArrayEquals(new double[] {mean}, values(result, "phi@1.1", Map.of("M", m)), 1e-15);
        assertEquals(squares, loss(result.program(), Map.of("M", m), 0.25), 1e-15);
    }

    @Test
    void anImageGivesTheSameForEverySlicedAxis() {
        BindResult result = Bound.text("descriptor t\nfield M in [0, 1] rank 3\nslices 1, 3\noutput phi = mean[x](M[x])\n",
                ROWS, COLUMNS);
        assertEquals(List.of("phi@1.1", "phi@1.3"),
                result.program().outputs().stream().map(IndexProgram.Output::entry).toList());
        Map<String, double[]> fields = Map.of("M", field(ROWS * COLUMNS));
        assertArrayEquals(values(result, "phi@1.1", fields), values(result, "phi@1.3", fields));
    }

    @Test
    void aVolumeIsPooledBeforeItIsSliced() {
        double[] m = field(64);
        double[] pooled = new double[8];
        for (int i = 0; i < 64; i++) {
            pooled[i / 32 * 4 + i / 8 % 2 * 2 + i % 4 / 2] += m[i] / 8;
        }
        double sum = 0;
        for (int s = 0; s < 2; s++) {
            for (int i = 0; i < 2; i++) {
                sum += pooled[i * 4 + s] * pooled[i * 4 + 2 + s] / 2;
            }
        }
        BindResult result = Bound.text("descriptor t\nfield M in [0, 1]\nslices 3\nmultigrid coarsest 2\n"
                + "output S = mean[x](M[x] * M[x + (0, 1)])\n", 4, 4, 4);
        assertArrayEquals(new double[] {sum / 2}, values(result, "S@2.3", Map.of("M", m)), 1e-15);
    }

    @Test
    void penaltiesSeeTheWholeVolumeThroughLetsToo() {
        double[] m = field(2 * 3 * 4);
        double sum = 0;
        for (double value : m) {
            sum += value * value / 24;
        }
        BindResult result = Bound.text("descriptor t\nfield M in [0, 1]\nslices all\nlet p[x] = M[x]^2\n"
                + "output S = mean[x](p[x])\npenalty q = mean[x](p[x]) weight 3\n", 2, 3, 4);
        assertArrayEquals(new double[] {sum}, values(result, "q", Map.of("M", m)), 1e-15);
    }

    @Test
    void elementsOutsideAGuardCountForNothing() {
        IndexProgram program = Bound.text("descriptor t\nfield M in [0, 1]\n"
                + "output S[a: 0..2, b: 0..2 | a < b] = mean[x](M[x]) * (a + b)\nloss mse\n", ROWS, COLUMNS).program();
        double[] m = new double[ROWS * COLUMNS];
        java.util.Arrays.fill(m, 0.5);
        assertEquals((0.25 + 0 + 0.25) / 3, loss(program, Map.of("M", m), 1), 1e-15);
    }

    @Test
    void weightsOfOutputsAndLevelsMultiplyInsideTheNorm() {
        double[] m = new double[64];
        java.util.Arrays.fill(m, 0.5);
        for (Map.Entry<String, Double> kind : Map.of("l2", Math.sqrt(9 * 0.25 * 0.25 * (1 + 4)), "l1", 3 * 0.25 * 3,
                "sse", 9 * 0.0625 * 5, "mse", 9 * 0.0625 * 5 / 2, "rms", Math.sqrt(9 * 0.0625 * 5 / 2)).entrySet()) {
            IndexProgram program = Bound.text("descriptor t\nparam w = 3\nfield M in [0, 1]\n"
                    + "multigrid coarsest 4 weight level\noutput phi = mean[x](M[x]) weight w\nloss " + kind.getKey()
                    + "\n", 8, 8).program();
            assertEquals(kind.getValue(), loss(program, Map.of("M", m), 0.25), 1e-14, kind.getKey());
            assertEquals(Map.of("w", 3.0), program.arguments());
        }
    }

    @Test
    void weightOfAnOutputMayDifferFromLevelToLevel() {
        IndexProgram program = Bound.text("descriptor t\nfield M in [0, 1]\nmultigrid coarsest 4\n"
                + "output phi = mean[x](M[x]) weight 3^level\n", 8, 8).program();
        double[] m = new double[64];
        java.util.Arrays.fill(m, 0.5);
        assertEquals(0.25 * Math.sqrt(9 + 81), loss(program, Map.of("M", m), 0.25), 1e-14);
    }

    @Test
    void paramsThatShapeTheProgramAreNoArguments() {
        BindResult result = Bound.text("descriptor t\nparam base = 2\nparam P = base + 1\nparam n = 3\nparam a = 5\n"
                + "param b = 2 * a\nfield M in [0, 1]\n"
                + "output S[r: halfwindow(P)] = mean[x](b * M[x]^n * M[x + r])\n", 8, 8);
        assertEquals(Map.of("a", 5.0, "b", 10.0), result.program().arguments());
        assertEquals(List.of("base", "P", "n"),
                result.summary().folded().stream().map(BindSummary.Parameter::name).toList());
    }

    @Test
    void fieldsWithTheNamesOfResultsDoNotClash() {
        IndexProgram program = Bound.text("descriptor t\nfield L in [0, 1]\noutput S = mean[x](L[x])\n"
                + "penalty loss_1 = mean[x](L[x]^2) weight E\n", 8, 8).program();
        double[] m = new double[64];
        java.util.Arrays.fill(m, 0.5);
        assertEquals(0.25 + 0.25 * 0.25, loss(program, Map.of("L", m), 0.25), 1e-15);
    }
}
