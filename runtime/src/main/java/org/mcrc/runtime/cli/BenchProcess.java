package org.mcrc.runtime.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.bench.BenchCase;
import org.mcrc.runtime.bench.MemoryUse;
import org.mcrc.runtime.bench.Timings;
import org.mcrc.runtime.bench.Workload;

/** This side of a {@link BenchServer}: a virtual machine like this one, with the same options. */
final class BenchProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BenchCase measured;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter requests;
    private final Workload workload;

    private BenchProcess(BenchCase measured, Process process) throws IOException {
        this.measured = measured;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.workload = JSON.readValue(answer(), Workload.class);
    }

    /**
     * Starts a process that compiles the case and is then ready to evaluate it. What it says of the descriptor goes to
     * standard error.
     *
     * @throws InputError where the case cannot be compiled
     */
    static BenchProcess start(BenchCase measured, int phases, EngineOptions engine) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "bench", "--alone",
                measured.toString(), "--phases", String.valueOf(phases), "--backend", engine.backend().name(), "--precision",
                engine.precision().name(), "--threads", String.valueOf(engine.threads())));
        return new BenchProcess(measured, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private String answer() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new InputError(measured + " could not be measured: its process ended");
        }
        return answer;
    }

    private String ask(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        return answer();
    }

    /** What one evaluation does. */
    Workload workload() {
        return workload;
    }

    /** The seconds that each of some evaluations takes. */
    Timings evaluate(int times) throws IOException {
        return new Timings(JSON.readValue(ask(String.valueOf(times)), new TypeReference<List<Double>>() {}));
    }

    MemoryUse memory() throws IOException {
        return JSON.readValue(ask(""), MemoryUse.class);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
