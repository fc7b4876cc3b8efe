package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.kernel.KernelProgram;

/**
 * What is launched fits the kernels that are printed and the limits of CUDA, for every descriptor of the library in every
 * precision; with the pixels at once and, with little memory for operands, part by part.
 */
class LaunchPlanTest {
    private static final Path LIBRARY = Path.of("../descriptors");
    private static final List<Long> BUDGETS = List.of(160L << 20, 1L << 20);

    /** CUDA C++ Programming Guide, "Technical Specifications per Compute Capability"; shared memory of 8.6, and of 9.0. */
    private static final int MOST_BLOCKS_Y = 65535;
    private static final int MOST_THREADS = 1024;
    private static final LaunchPlan.Shared MOST_SHARED = new LaunchPlan.Shared(99 << 10, 227 << 10);

    private static final Pattern KERNEL = Pattern.compile(
            "extern \"C\" __global__ void (?:MCRC_IN_PAIRS )?__launch_bounds__\\((\\d+)(?:, 2)?\\) (\\w+)\\(([^)]*)\\)");

    private record Kernel(int block, List<String> parameters) {}

    static Stream<Arguments> descriptors() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(LIBRARY)) {
            names = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".mcr")).sorted().toList();
        }
        return names.stream().flatMap(name -> Stream.of(CudaPrecision.values()).flatMap(precision -> BUDGETS.stream()
                .map(budget -> Arguments.of(name, precision, budget))));
    }

    private static Map<String, Kernel> kernels(String text) {
        Map<String, Kernel> kernels = new HashMap<>();
        Matcher matcher = KERNEL.matcher(text);
        while (matcher.find()) {
            Kernel kernel = new Kernel(Integer.parseInt(matcher.group(1)), List.of(matcher.group(3).split(",\\s*")));
            assertEquals(null, kernels.put(matcher.group(2), kernel), matcher.group(2) + " is there twice");
        }
        assertEquals(kernels.size(), text.split("__global__", -1).length - 1);
        return kernels;
    }

    private static List<LaunchPlan.Step> launches(LaunchPlan plan) {
        List<LaunchPlan.Step> all = new ArrayList<>(plan.losses());
        for (Map<String, List<LaunchPlan.Step>> some : List.of(plan.phases(), plan.placing(), plan.taking())) {
            some.values().forEach(all::addAll);
        }
        return all;
    }

    /** The type that a parameter has for an argument, without {@code const} and {@code __restrict__}. */
    private static Set<String> types(LaunchPlan.Argument argument, KernelProgram program, CudaPrecision precision) {
        return switch (argument.kind()) {
            case ARRAY -> Set.of((program.storage().get(argument.name()).exact() ? "double" : precision.element()) + " *");
            case WORKSPACE -> Set.of("double *", "float *", "unsigned *", "unsigned short *");
            case TABLE -> Set.of("int *");
            case NUMBERS -> Set.of("double *");
            case PARAMETER -> Set.of("double");
            case INTEGER, PRODUCTS, BLOCKS -> Set.of("int");
        };
    }

    private static String type(String parameter) {
        return parameter.replace("const ", "").replace("__restrict__ ", "").replaceAll("\\w+$", "").strip();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("descriptors")
    void launchesFitTheKernelsAndTheDevice(String name, CudaPrecision precision, long budget) throws IOException {
        KernelProgram program = PrintedProgram.scheduled(Files.readString(LIBRARY.resolve(name)), List.of(64, 64));
        CudaBackend.Source source = CudaBackend.print(program, precision, budget);
        LaunchPlan plan = source.plan();
        Map<String, Kernel> kernels = kernels(source.text());
        Set<String> workspaces = plan.workspaces().stream().map(LaunchPlan.Workspace::name).collect(Collectors.toSet());
        Set<String> launched = new HashSet<>();
        for (LaunchPlan.Step step : launches(plan)) {
            launched.add(step.kernel());
            Kernel kernel = kernels.get(step.kernel());
            assertNotNull(kernel, step.kernel() + " is not in the text");
            assertEquals(kernel.block(), step.block(), step.kernel());
            assertTrue(step.gridX() >= 0 && step.gridY() >= 1 && step.gridY() <= MOST_BLOCKS_Y, step.toString());
            assertTrue(step.block() >= 1 && step.block() <= MOST_THREADS, step.toString());
            assertTrue(step.shared().bytes() >= 0 && step.shared().bytes() <= MOST_SHARED.bytes(), step.toString());
            assertTrue(step.shared().bytesOfWarpgroups() >= step.shared().bytes()
                    && step.shared().bytesOfWarpgroups() <= MOST_SHARED.bytesOfWarpgroups(), step.toString());
            assertEquals(kernel.parameters().size(), step.arguments().size(), step.toString());
            for (int k = 0; k < step.arguments().size(); k++) {
                LaunchPlan.Argument argument = step.arguments().get(k);
                boolean known = switch (argument.kind()) {
                    case ARRAY -> program.storage().containsKey(argument.name());
                    case WORKSPACE -> workspaces.contains(argument.name());
                    case TABLE -> plan.tables().containsKey(argument.name());
                    case NUMBERS -> plan.numbers().containsKey(argument.name());
                    case PARAMETER -> program.index().arguments().containsKey(argument.name());
                    case INTEGER, PRODUCTS, BLOCKS -> true;
                };
                assertTrue(known, argument + " of " + step.kernel() + " is nowhere");
                assertTrue(types(argument, program, precision).contains(type(kernel.parameters().get(k))),
                        kernel.parameters().get(k) + " of " + step.kernel() + " gets " + argument);
            }
        }
        assertEquals(new TreeSet<>(kernels.keySet()), new TreeSet<>(launched), "kernels and those of them that run");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("descriptors")
    void whatComesFromOutsideIsPlacedAndWhatIsAskedForTaken(String name, CudaPrecision precision, long budget)
            throws IOException {
        KernelProgram program = PrintedProgram.scheduled(Files.readString(LIBRARY.resolve(name)), List.of(64, 64));
        LaunchPlan plan = CudaBackend.print(program, precision, budget).plan();
        IndexProgram index = program.index();
        index.fields().forEach(field -> assertTrue(plan.placing().containsKey(field.name()), field.name()));
        index.targets().forEach(target -> assertTrue(plan.placing().containsKey(target.name()), target.name()));
        index.gradients().values().forEach(gradient -> assertTrue(plan.taking().containsKey(gradient.name())));
        index.outputs().forEach(output -> assertTrue(plan.taking().containsKey(output.value().name()), output.entry()));
        assertEquals(Set.of("prepare", "outputs", "loss", "gradient"), plan.phases().keySet());
        assertEquals(plan.workspaces().size(),
                plan.workspaces().stream().map(LaunchPlan.Workspace::name).distinct().count());
        plan.workspaces().forEach(workspace -> assertTrue(workspace.bytes() > 0, workspace.toString()));
        long values = Stream.concat(index.fields().stream().map(field -> field.tensor().size()),
                index.outputs().stream().map(output -> output.value().size())).max(Long::compare).orElseThrow();
        assertTrue(bytes(plan, LaunchPlan.VALUES) >= values * Double.BYTES);
        assertEquals((2L + index.penalties().size()) * Double.BYTES, bytes(plan, LaunchPlan.LOSSES));
    }

    private static long bytes(LaunchPlan plan, String workspace) {
        return plan.workspaces().stream().filter(each -> each.name().equals(workspace)).findFirst().orElseThrow().bytes();
    }
}
