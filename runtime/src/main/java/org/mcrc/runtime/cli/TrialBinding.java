package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.syntax.Declaration;

/**
 * A descriptor bound at a size that nobody gave: the first of a list, from small to large, at which it can be, without
 * a warning if there is one.
 *
 * @param extents the size
 * @param settings the values of params, those that were made smaller among them
 * @param shrunk the params that were made smaller, with what they were
 * @param bound the result
 */
public record TrialBinding(
        List<Integer> extents, Map<String, Double> settings, Map<String, Double> shrunk, BindResult bound) {

    /** Powers of two: that levels or strides do not divide an extent is a fault of the size, not of the file. */
    private static final List<List<Integer>> SIZES = List.of(
            List.of(16, 16), List.of(32, 32), List.of(64, 64), List.of(128, 128), List.of(256, 256),
            List.of(8, 8, 8), List.of(16, 16, 16), List.of(32, 32, 32), List.of(64, 64, 64));

    /** Axes of different extents, so that exchanged ones are found; two levels of what is coarsened by 2 fit early. */
    private static final List<List<Integer>> SMALL_SIZES = List.of(
            List.of(12, 10), List.of(14, 12), List.of(16, 12), List.of(20, 16), List.of(24, 16), List.of(32, 24),
            List.of(6, 5, 4), List.of(8, 6, 4), List.of(12, 10, 8), List.of(16, 12, 8), List.of(16, 16, 16));

    /** Structural params above the last of these are tried with each, from the first. */
    private static final double[] SMALL_VALUES = {2, 3, 4};

    /**
     * Binds with the params as they are.
     *
     * @throws DescriptorFault where no size will do
     */
    public static TrialBinding find(
            DescriptorLoader loader, int phases, Map<String, Double> settings, PrintWriter messages) {
        TrialBinding warned = null;
        Diagnostics warnings = new Diagnostics();
        Diagnostics best = null;
        for (List<Integer> extents : sizes(loader, SIZES)) {
            Diagnostics diagnostics = new Diagnostics();
            Optional<BindResult> bound = loader.bind(extents, phases, settings, diagnostics);
            if (bound.isPresent() && !diagnostics.hasErrors()) {
                TrialBinding trial = new TrialBinding(extents, settings, Map.of(), bound.get());
                if (diagnostics.all().isEmpty()) {
                    return trial;
                }
                if (warned == null) {
                    warned = trial;
                    warnings = diagnostics;
                }
            } else if (best == null || diagnostics.errorCount() < best.errorCount()) {
                // Of the sizes that fail, those with the fewest errors say best what is wrong with the file.
                best = diagnostics;
            }
        }
        if (warned == null) {
            throw new DescriptorFault(DiagnosticRenderer.render(best.all()));
        }
        messages.print(DiagnosticRenderer.render(warnings.all()));
        messages.flush();
        return warned;
    }

    /**
     * Binds small, for what has to evaluate often: params that shape the program (correlation lengths and the like) and
     * are integers above 4 become 2, or if that will not do 3 or 4, unless the user has set them; and the size is the
     * smallest of a list with which that can be bound, with two levels where there is a multigrid.
     *
     * @throws DescriptorFault where no size will do
     */
    public static TrialBinding small(
            DescriptorLoader loader, int phases, Map<String, Double> settings, PrintWriter messages) {
        TrialBinding full = find(loader, phases, settings, messages);
        boolean levels = !loader.declarations(Declaration.MultigridDeclaration.class).isEmpty();
        Map<String, Double> shrinkable = new LinkedHashMap<>();
        for (BindSummary.Parameter param : full.bound().summary().folded()) {
            if (param.value() > SMALL_VALUES[SMALL_VALUES.length - 1] && param.value() == Math.rint(param.value())
                    && !settings.containsKey(param.name())) {
                shrinkable.put(param.name(), param.value());
            }
        }
        List<Map<String, Double>> attempts = new ArrayList<>();
        for (double value : SMALL_VALUES) {
            Map<String, Double> attempt = new LinkedHashMap<>(settings);
            shrinkable.keySet().forEach(name -> attempt.put(name, value));
            attempts.add(attempt);
        }
        for (Map<String, Double> attempt : attempts) {
            for (List<Integer> extents : sizes(loader, SMALL_SIZES)) {
                Diagnostics diagnostics = new Diagnostics();
                Optional<BindResult> bound = loader.bind(extents, phases, attempt, diagnostics);
                if (bound.isPresent() && !diagnostics.hasErrors() && (!levels || levels(bound.get()) > 1)) {
                    return new TrialBinding(extents, attempt, shrinkable, bound.get());
                }
            }
        }
        return full;
    }

    /** The sizes to try: slices can be had of an image too, but what they are for is a volume. */
    private static List<List<Integer>> sizes(DescriptorLoader loader, List<List<Integer>> all) {
        boolean volume = !loader.declarations(Declaration.SlicesDeclaration.class).isEmpty();
        return all.stream().filter(extents -> !volume || extents.size() == 3).toList();
    }

    private static int levels(BindResult bound) {
        return bound.summary().levels().stream().mapToInt(BindSummary.Level::number).max().orElse(1);
    }

    /** The size as it is written. */
    String sizeText() {
        return String.join("x", extents.stream().map(String::valueOf).toList());
    }
}
