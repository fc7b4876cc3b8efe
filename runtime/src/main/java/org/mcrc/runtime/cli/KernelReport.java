package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.kernel.ChainedProduct;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.Kernel;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.Operations;
import org.mcrc.compiler.kernel.Phase;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Sweep;
import org.mcrc.compiler.kernel.Wrap;
import org.mcrc.runtime.field.Memory;

/** What the scheduler planned, as a text. */
final class KernelReport {
    private KernelReport() {}

    static void print(KernelProgram program, PrintWriter out) {
        out.println();
        out.println("kernels (single precision)");
        List<List<String>> rows = new ArrayList<>();
        Operations total = evaluation(program);
        for (Phase phase : Phase.values()) {
            for (Kernel kernel : program.kernels().get(phase)) {
                Operations operations = Operations.of(kernel, program, Float.BYTES);
                rows.add(List.of(phase.name().toLowerCase(Locale.ROOT), kind(kernel),
                        String.join(", ", kernel.writes().stream().map(tensor -> tensor.name()).toList()),
                        count(operations.flops(), "flop"), count(operations.transcendentals(), "transcendental"),
                        Memory.text((long) operations.bytes())));
            }
        }
        Table.print(out, rows, "  ");
        out.println();
        out.println("one evaluation of loss and gradient: " + count(total.flops(), "flop") + ", "
                + count(total.transcendentals(), "transcendental functions") + ", " + Memory.text((long) total.bytes())
                + " of arrays read or written");
        out.println("arrays in memory: " + Memory.text(program.bytes(Float.BYTES)) + " in single precision, "
                + Memory.text(program.bytes(Double.BYTES)) + " in double");
        out.println();
        out.println("decisions");
        List<List<String>> decisions = new ArrayList<>();
        for (Decision decision : program.decisions()) {
            decisions.add(List.of(decision.definition(), decision.choice(), decision.reason()));
        }
        Table.print(out, decisions, "  ");
    }

    /** What a sketch saves. */
    static void printSketch(KernelProgram whole, KernelProgram sketched, int columns, PrintWriter out) {
        double before = evaluation(whole).flops();
        double after = evaluation(sketched).flops();
        out.println();
        out.println("a sketch of " + columns + " columns: " + count(after, "flop")
                + " for one evaluation of loss and gradient instead of " + count(before, "flop")
                + String.format(Locale.ROOT, ", %.3g times fewer", before / after));
    }

    private static Operations evaluation(KernelProgram program) {
        return Stream.of(Phase.OUTPUTS, Phase.LOSS, Phase.GRADIENT)
                .map(phase -> Operations.of(program, phase, Float.BYTES)).reduce(Operations.NONE, Operations::plus);
    }

    private static String kind(Kernel kernel) {
        return switch (kernel) {
            case Nest nest -> nest.vector() == null ? "loops" : "vector loops";
            case Sweep _ -> "vector loops, one pass";
            case Scan _ -> "vector loops, running";
            case Gram gram -> gram.symmetric() ? "contraction, symmetric" : "contraction";
            case Fold _ -> "reverse contraction and fold";
            case ChainedProduct _ -> "two contractions in one pass";
            case ReverseScan _ -> "running, backwards, and fold";
            case Spectrum _ -> "FFT";
            case Correlation _ -> "correlation by FFT";
            case Convolution _ -> "convolution by FFT";
            case Wrap _ -> "periodic halo";
        };
    }

    /** A count with a prefix; words as units stand apart from it. */
    private static String count(double value, String unit) {
        String[] prefixes = {"", "k", "M", "G", "T", "P", "E"};
        double scaled = value;
        int prefix = 0;
        while (scaled >= 999.5 && prefix < prefixes.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        return String.format(Locale.ROOT, prefix == 0 ? "%.0f" : "%.3g", scaled) + " " + prefixes[prefix]
                + (unit.equals("flop") || prefix == 0 ? "" : " ") + unit;
    }
}
