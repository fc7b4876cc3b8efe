package org.mcrc.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcrc.runtime.bench.BenchCase;
import org.mcrc.runtime.bench.Workload;

/**
 * Another program to be measured beside: a command of the shell that prints a line of JSON, an object with the
 * {@code seconds} of one evaluation and, if it knows, {@code memory_bytes} and the {@code flops} it did.
 *
 * @param descriptor the only descriptor that it computes, or null where it computes any
 * @param command the command, with {@code {size}} for the pixels along the first axis, {@code {rows}} and {@code {pixels}}
 *     for the shape of the contraction, {@code {threads}}, and {@code {NAME}} for a param
 */
record Peer(String descriptor, String command) {
    private static final Pattern DESCRIPTOR = Pattern.compile("(?<descriptor>[\\p{L}][\\p{L}\\d_]*):\\s*(?<command>.*)");
    private static final Pattern PLACE = Pattern.compile("\\{([\\p{L}_][\\p{L}\\d_.]*)}");

    /**
     * What a peer measured.
     *
     * @param bytes the most memory it had, 0 where it does not say
     * @param flops the operations that it did, 0 where it does not say
     */
    record Measured(double seconds, long bytes, double flops) {}

    /** A peer that gave no measurement; the message is one line for the user. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    /** Reads {@code [DESCRIPTOR:] COMMAND}. */
    static Peer parse(String text) {
        Matcher parts = DESCRIPTOR.matcher(text);
        return parts.matches() ? new Peer(parts.group("descriptor"), parts.group("command")) : new Peer(null, text);
    }

    /** The command for a case; absent where it is another descriptor's, or names a param that the case does not have. */
    Optional<String> commandFor(BenchCase measured, Workload workload, int threads) {
        if (descriptor != null && !descriptor.equals(workload.descriptor())) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        workload.params().forEach((name, value) -> values.put(name, BenchCase.number(value)));
        values.put("size", String.valueOf(measured.size().get(0)));
        values.put("threads", String.valueOf(threads));
        if (workload.contractionRows() > 0) {
            values.put("rows", String.valueOf(workload.contractionRows()));
            values.put("pixels", String.valueOf(workload.contractionPixels()));
        }
        Matcher places = PLACE.matcher(command);
        if (places.results().anyMatch(place -> !values.containsKey(place.group(1)))) {
            return Optional.empty();
        }
        return Optional.of(places.reset().replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1)))));
    }

    /**
     * Runs a command.
     *
     * @throws Failed where it gives no measurement
     */
    static Measured run(String command) throws IOException, InterruptedException, Failed {
        Path errors = Files.createTempFile("mcrc-peer-", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectError(errors.toFile());
            // The launcher's choice for this virtual machine, not for others.
            builder.environment().remove("MALLOC_ARENA_MAX");
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new Failed("ended with exit status " + status + lastLine(Files.readAllLines(errors)));
            }
            return measured(output);
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private static String lastLine(List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank()).reduce((_, last) -> last).map(line -> ": " + line.strip())
                .orElse("");
    }

    private static Measured measured(String output) throws Failed {
        String last = Arrays.stream(output.split("\n")).filter(line -> line.startsWith("{")).reduce((_, b) -> b)
                .orElseThrow(() -> new Failed("printed no line of JSON"));
        try {
            JsonNode result = new ObjectMapper().readTree(last);
            if (!result.path("seconds").isNumber()) {
                throw new Failed("printed no \"seconds\"");
            }
            return new Measured(result.path("seconds").asDouble(), result.path("memory_bytes").asLong(),
                    result.path("flops").asDouble());
        } catch (JsonProcessingException malformed) {
            throw new Failed("printed a line that is not JSON");
        }
    }
}
