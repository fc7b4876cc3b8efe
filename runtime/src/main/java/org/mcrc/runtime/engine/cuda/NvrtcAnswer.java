package org.mcrc.runtime.engine.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NVRTC said to a source.
 *
 * @param error null where it was compiled, else its name for what went wrong
 * @param log what it wrote, which says of each kernel what it takes
 * @param bytes the machine code; empty where it was not compiled
 */
record NvrtcAnswer(String error, String log, byte[] bytes) {
    private static final Pattern ERROR_LINE = Pattern.compile("\\.cu\\((\\d+)\\): (?:catastrophic )?error");
    private static final Pattern KERNEL = Pattern.compile("Compiling entry function '([^']+)'");
    private static final Pattern FUNCTION = Pattern.compile("Function properties for (\\S+)");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    private static final String LOSS = "Potential Performance Loss";

    /**
     * With which everything is compiled; a cache of machine code has them in its key. Quotients of single precision may be
     * wrong in the last two bits: exact ones have a branch for numbers near the limits, and behind a branch each value is
     * loaded and waited for by itself.
     */
    static List<String> options(String architecture) {
        return List.of("--std=c++17", "--gpu-architecture=" + architecture, "--prec-div=false", "--ptxas-options=-v");
    }

    /** Under which NVRTC names the source in its messages. */
    static String file(String name) {
        return name + ".cu";
    }

    /** The machine code; throws where there is none. */
    Cubin cubin(String name, String source, String architecture, String version) {
        if (error != null) {
            throw new IllegalStateException("NVRTC " + version + " does not compile " + file(name) + " for " + architecture
                    + ": " + error + "\n" + log.strip() + lines(source));
        }
        List<KernelResources> kernels = kernels();
        if (kernels.isEmpty()) {
            throw new IllegalStateException("NVRTC " + version + " compiled no kernel in " + file(name)
                    + ", or does not say so:\n" + log.strip());
        }
        return new Cubin(bytes, kernels, log.lines().filter(line -> line.contains(LOSS)).toList());
    }

    private List<KernelResources> kernels() {
        List<KernelResources> kernels = new ArrayList<>();
        // Functions that are called and not put in have lines of their own between a kernel's name and its registers.
        Map<String, int[]> stacks = new LinkedHashMap<>();
        String kernel = null;
        String function = null;
        for (String line : log.split("\n")) {
            Matcher matcher = KERNEL.matcher(line);
            if (matcher.find()) {
                kernel = matcher.group(1);
                function = kernel;
                continue;
            }
            matcher = FUNCTION.matcher(line);
            if (matcher.find()) {
                function = matcher.group(1);
                continue;
            }
            matcher = STACK.matcher(line);
            if (matcher.find() && function != null) {
                stacks.put(function, new int[] {number(matcher, 1), number(matcher, 2), number(matcher, 3)});
                continue;
            }
            matcher = REGISTERS.matcher(line);
            if (matcher.find() && kernel != null) {
                int[] stack = stacks.getOrDefault(kernel, new int[3]);
                Matcher shared = SHARED.matcher(line);
                kernels.add(new KernelResources(kernel, number(matcher, 1), shared.find() ? number(shared, 1) : 0,
                        stack[1], stack[2], stack[0]));
                kernel = null;
            }
        }
        return kernels;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** The lines that have errors, with their numbers and one line around each. */
    private String lines(String source) {
        String[] lines = source.split("\n", -1);
        TreeSet<Integer> numbers = new TreeSet<>();
        Matcher matcher = ERROR_LINE.matcher(log);
        while (matcher.find()) {
            int number = number(matcher, 1);
            for (int near = Math.max(1, number - 1); near <= Math.min(lines.length, number + 1); near++) {
                numbers.add(near);
            }
        }
        StringBuilder text = new StringBuilder();
        numbers.forEach(number -> text.append("\n%5d  %s".formatted(number, lines[number - 1])));
        return text.toString();
    }
}
