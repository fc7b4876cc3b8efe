package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FoldWriterTest {
    private static CudaBackend.Source printed(String formula, int lines, int columns) {
        return CudaBackend.print(PrintedProgram.scheduled("""
                descriptor d
                field M in [0, 1]
                vectors R = halfwindow(7)
                let e[x, r: R] = %s
                output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
                loss l2
                """.formatted(formula), List.of(lines, columns)), CudaPrecision.SINGLE_ON_TENSOR_CORES);
    }

    private static Map<String, Long> workspaces(String formula, int lines, int columns) {
        return printed(formula, lines, columns).plan().workspaces().stream()
                .collect(Collectors.toMap(LaunchPlan.Workspace::name, LaunchPlan.Workspace::bytes));
    }

    /** The 113 vectors of halfwindow(7) are in 15 runs: blocks begin at 16, 32, ... 112, and lines at 8, 23, ... 98. */
    @Test
    void elementsOnTensorCoresAreAddedUpAlongLines() {
        Map<String, Long> workspaces = workspaces("exp(M[x] + M[x + r])", 64, 64);
        assertEquals(15L * 64 * 64 * Float.BYTES, workspaces.get("z_of_runs"));
        // Two tiles of 128 rows with the padding.
        assertEquals(2L * 64 * 64 * Float.BYTES, workspaces.get("z_of_columns"));
        assertTrue(!workspaces.containsKey("z"));
    }

    /** Sums of 4096 x 4096 pixels would take 17 x 67 MB: elements of a chunk of them take less. */
    @Test
    void elementsAreKeptWhereSumsOfAllPixelsAreTooMany() {
        Map<String, Long> workspaces = workspaces("exp(M[x] + M[x + r])", 4096, 4096);
        assertTrue(!workspaces.containsKey("z_of_runs"));
        assertTrue(workspaces.get("z") <= 256L << 20, workspaces.toString());
    }

    /** What is the element itself is added up in columns, too, and gathered from there. */
    @Test
    void elementsThemselvesAreGatheredFromSumsOfColumns() {
        String text = printed("M[x] + M[x + r]", 20, 100).text();
        assertTrue(text.contains("McrcOfColumns"));
        assertTrue(text.substring(text.indexOf("gather_dM(")).contains("sums_of_columns["));
    }
}
