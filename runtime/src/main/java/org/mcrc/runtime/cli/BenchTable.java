package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mcrc.runtime.bench.BenchReport;
import org.mcrc.runtime.field.Memory;

/** A report of the benchmark for people: two tables, on a terminal or in Markdown. */
final class BenchTable {
    private static final List<String> LIMITS = List.of("limit of the machine", "median", "best");
    private static final List<String> CASES = List.of("one evaluation of loss and gradient", "median s", "least s", "Gflop",
            "Gflop/s", "bytes");
    private static final List<String> AGAINST_LIMITS = List.of("limit s", "time / limit");
    private static final List<String> MEMORY = List.of("peak memory", "heap and native", "heap");

    private BenchTable() {}

    static void print(BenchReport report, boolean markdown, PrintWriter out) {
        out.println(machine(report));
        out.println();
        if (report.device() == null) {
            print(limits(report), markdown, out);
            out.println();
        }
        print(cases(report), markdown, out);
    }

    private static String machine(BenchReport report) {
        List<String> parts = new ArrayList<>();
        if (report.device() != null) {
            parts.add(report.device());
        }
        if (report.machine().processor() != null) {
            parts.add(report.machine().processor());
        }
        parts.add(report.machine().processors() + " processors, " + report.workers() + " threads");
        parts.add("vectors of " + report.vectorBits() + " bits");
        if (!report.caches().isEmpty()) {
            parts.add("caches " + report.caches());
        }
        parts.add(report.machine().system());
        parts.add(report.machine().java());
        parts.add(report.precision() + " precision");
        return String.join("; ", parts);
    }

    private static List<List<String>> limits(BenchReport report) {
        List<List<String>> rows = new ArrayList<>(List.of(LIMITS));
        report.limits().forEach(limit -> rows.add(List.of(limit.name(),
                BenchCommand.number(limit.median()) + " " + limit.unit(),
                BenchCommand.number(limit.best()) + " " + limit.unit())));
        return rows;
    }

    private static List<List<String>> cases(BenchReport report) {
        boolean onGpu = report.device() != null;
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(CASES, onGpu ? List.of() : AGAINST_LIMITS, List.of("time / mcrc"),
                onGpu ? List.of("memory on the GPU") : MEMORY));
        for (BenchReport.Case each : report.cases()) {
            List<String> measured = List.of(each.name(), BenchCommand.number(each.timings().median()),
                    BenchCommand.number(each.timings().least()), BenchCommand.number(each.workload().flops() / 1e9),
                    BenchCommand.number(each.gflops()), Memory.text((long) each.workload().bytes()));
            List<String> limits = onGpu ? List.of() : List.of(
                    BenchCommand.number(each.limitSeconds()) + " " + each.bound(),
                    BenchCommand.number(each.ratioToLimit()));
            List<String> memory = onGpu ? List.of(Memory.text(each.memory().device())) : List.of(
                    Memory.text(each.memory().peak()), Memory.text(each.memory().anonymous()),
                    Memory.text(each.memory().heap()));
            rows.add(row(measured, limits, List.of("1"), memory));
            for (BenchReport.PeerResult peer : each.peers()) {
                List<String> other = List.of("  " + peer.command(), BenchCommand.number(peer.timings().median()),
                        BenchCommand.number(peer.timings().least()), BenchCommand.number(peer.flops() / 1e9),
                        BenchCommand.number(peer.flops() / 1e9 / peer.timings().median()), "");
                String bytes = peer.bytes() == 0 ? "" : Memory.text(peer.bytes());
                rows.add(row(other, onGpu ? List.of() : List.of("", ""), List.of(BenchCommand.number(peer.ratio())),
                        onGpu ? List.of(bytes) : List.of(bytes, "", "")));
            }
        }
        return rows;
    }

    @SafeVarargs
    private static List<String> row(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static void print(List<List<String>> rows, boolean markdown, PrintWriter out) {
        if (!markdown) {
            Table.print(out, rows, "  ");
            return;
        }
        for (int row = 0; row < rows.size(); row++) {
            out.println("| " + String.join(" | ", rows.get(row).stream().map(String::strip).toList()) + " |");
            if (row == 0) {
                out.println("|---" + "|---:".repeat(rows.get(row).size() - 1) + "|");
            }
        }
    }
}
