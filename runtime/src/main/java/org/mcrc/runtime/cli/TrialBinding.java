package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.bind.Binder;
import org.mcrc.compiler.diagnostic.Diagnostic;
import org.mcrc.compiler.diagnostic.DiagnosticRenderer;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Severity;
import org.mcrc.compiler.syntax.Declaration;

/**
 * A descriptor bound at a size that nobody gave: the first of a list, from small to large, at which it can be, without
 * a warning if there is one; and for a number of phases, where nobody gave that.
 *
 * @param extents the size
 * @param settings the values of params, those that were made smaller among them
 * @param shrunk the params that were made smaller, with what they were
 * @param bound the result
 */
public record TrialBinding(
        List<Integer> extents, Map<String, Double> settings, Map<String, Double> shrunk, BindResult bound) {

    /** Made larger where something has to divide them. */
    private static final List<List<Integer>> SIZES = List.of(
            List.of(16, 16), List.of(32, 32), List.of(64, 64), List.of(128, 128), List.of(256, 256),
            List.of(8, 8, 8), List.of(16, 16, 16), List.of(32, 32, 32), List.of(64, 64, 64));

    /** Axes of different extents, so that exchanged ones are found; two levels of what is coarsened by 2 fit early. */
    private static final List<List<Integer>> SMALL_SIZES = List.of(
            List.of(12, 10), List.of(14, 12), List.of(16, 12), List.of(20, 16), List.of(24, 16), List.of(32, 24),
            List.of(6, 5, 4), List.of(8, 6, 4), List.of(12, 10, 8), List.of(16, 12, 8), List.of(16, 16, 16));

    /** Structural params above the last of these are tried with each, from the first. */
    private static final double[] SMALL_VALUES = {2, 3, 4};

    /** Of two phases, one is what the other is not: three show more. */
    private static final int THREE_PHASES = 3;

    /** What else a descriptor of phases may be of. */
    private static final List<Integer> MORE_PHASES = List.of(3, 4, 5, 6);

    /** Extents that a larger number divides are nothing to try something with. */
    private static final int GREATEST_DIVISOR = 4096;

    /**
     * Binds with the params as they are.
     *
     * @param size empty where any will do
     * @param phases empty where any number will do
     * @throws DescriptorFault where nothing will do
     */
    public static TrialBinding find(DescriptorLoader loader, Optional<List<Integer>> size, OptionalInt phases,
            Map<String, Double> settings, PrintWriter messages) {
        return find(loader, size, phases, DescriptorOptions.TWO_PHASES, settings, messages);
    }

    /** The same at a size, for what is to be checked with three phases where there are phases at all. */
    static TrialBinding ofThreePhases(DescriptorLoader loader, List<Integer> size, OptionalInt phases,
            Map<String, Double> settings, PrintWriter messages) {
        return find(loader, Optional.of(size), phases, THREE_PHASES, settings, messages);
    }

    private static TrialBinding find(DescriptorLoader loader, Optional<List<Integer>> size, OptionalInt phases,
            int preferred, Map<String, Double> settings, PrintWriter messages) {
        Search search = new Search(loader, settings);
        TrialBinding found = search.first(size, candidates(loader, phases, preferred))
                .orElseThrow(() -> new DescriptorFault(DiagnosticRenderer.render(search.errors.all())));
        messages.print(DiagnosticRenderer.render(search.warnings.all()));
        messages.flush();
        return found;
    }

    /** What is wrong with a descriptor that cannot be bound at any size; nothing where it can. */
    static List<Diagnostic> errors(DescriptorLoader loader) {
        Search search = new Search(loader, Map.of());
        List<Integer> phases = candidates(loader, OptionalInt.empty(), DescriptorOptions.TWO_PHASES);
        return search.first(Optional.empty(), phases).isPresent() ? List.of()
                : search.errors.all().stream().filter(each -> each.severity() == Severity.ERROR).toList();
    }

    private static List<Integer> candidates(DescriptorLoader loader, OptionalInt phases, int first) {
        return phases.isPresent() ? List.of(phases.getAsInt()) : !loader.ofPhases() ? List.of(DescriptorOptions.TWO_PHASES)
                : Stream.concat(Stream.of(first, DescriptorOptions.TWO_PHASES), MORE_PHASES.stream()).distinct().toList();
    }

    /** What was tried, and what is to be said of it. */
    private static final class Search {
        private static final Comparator<Diagnostics> BY_WORTH = Comparator
                .comparingLong((Diagnostics each) -> each.all().stream().filter(one -> Binder.isOfDimension(one.kind())).count())
                .thenComparing(Diagnostics::errorCount);

        private final DescriptorLoader loader;
        private final Map<String, Double> settings;
        private Diagnostics warnings = new Diagnostics();

        /**
         * Of what failed, that with the fewest errors says best what is wrong with the file; but rather what is wrong with it
         * in two dimensions than that its vectors do not fit into three.
         */
        private Diagnostics errors;

        Search(DescriptorLoader loader, Map<String, Double> settings) {
            this.loader = loader;
            this.settings = settings;
        }

        /** With the first number of phases, at the first size, that will do. */
        Optional<TrialBinding> first(Optional<List<Integer>> size, List<Integer> phases) {
            return phases.stream()
                    .map(number -> size.isPresent() ? at(size.get(), number) : first(sizes(loader, SIZES), number))
                    .flatMap(Optional::stream).findFirst();
        }

        /** At the first of some sizes at which it can be bound without a warning, or with one. */
        private Optional<TrialBinding> first(List<List<Integer>> sizes, int phases) {
            Optional<TrialBinding> warned = Optional.empty();
            Diagnostics ofWarned = new Diagnostics();
            for (List<Integer> extents : sizes) {
                Optional<TrialBinding> found = near(extents, phases);
                if (found.isPresent() && warnings.all().isEmpty()) {
                    return found;
                }
                if (found.isPresent() && warned.isEmpty()) {
                    warned = found;
                    ofWarned = warnings;
                }
                if (found.isEmpty() && errors.all().stream().allMatch(each -> Binder.isOfAnySize(each.kind()))) {
                    break;
                }
            }
            warnings = ofWarned;
            return warned;
        }

        /** At extents that are larger where something has to divide them. */
        private Optional<TrialBinding> near(List<Integer> extents, int phases) {
            List<Integer> divisors = new ArrayList<>();
            Optional<TrialBinding> found = at(extents, phases, divisors::add);
            int multiple = 1;
            while (found.isEmpty() && !divisors.isEmpty()) {
                BigInteger least = BigInteger.valueOf(multiple);
                for (int divisor : divisors) {
                    BigInteger each = BigInteger.valueOf(divisor);
                    least = least.multiply(each).divide(least.gcd(each));
                }
                if (least.bitLength() >= Integer.SIZE || least.intValue() == multiple || least.intValue() > GREATEST_DIVISOR) {
                    break;
                }
                multiple = least.intValue();
                divisors.clear();
                found = at(multiples(extents, multiple), phases, divisors::add);
            }
            return found;
        }

        /** Axes that differ still do. */
        private static List<Integer> multiples(List<Integer> extents, int multiple) {
            List<Integer> larger = new ArrayList<>();
            for (int axis = extents.size() - 1; axis >= 0; axis--) {
                int extent = Math.ceilDiv(extents.get(axis), multiple) * multiple;
                boolean differs = axis + 1 < extents.size() && !extents.get(axis).equals(extents.get(axis + 1));
                larger.addFirst(differs && extent <= larger.getFirst() ? larger.getFirst() + multiple : extent);
            }
            return larger;
        }

        private Optional<TrialBinding> at(List<Integer> extents, int phases) {
            return at(extents, phases, _ -> { });
        }

        private Optional<TrialBinding> at(List<Integer> extents, int phases, IntConsumer divisors) {
            Diagnostics diagnostics = new Diagnostics();
            Optional<BindResult> bound = loader.bind(extents, phases, settings, diagnostics, divisors);
            if (bound.isPresent() && !diagnostics.hasErrors()) {
                warnings = diagnostics;
                return Optional.of(new TrialBinding(extents, settings, Map.of(), bound.get()));
            }
            if (errors == null || BY_WORTH.compare(diagnostics, errors) < 0) {
                errors = diagnostics;
            }
            return Optional.empty();
        }
    }

    /**
     * Binds small, for what has to evaluate often: params that shape the program (correlation lengths and the like) and
     * are integers above 4 become 2, or if that will not do 3 or 4, unless the user has set them; and the size is the
     * smallest of a list with which that can be bound, with two levels where there is a multigrid.
     *
     * @param phases empty where any number will do: then three where there are phases at all
     * @throws DescriptorFault where no size will do
     */
    public static TrialBinding small(
            DescriptorLoader loader, OptionalInt phases, Map<String, Double> settings, PrintWriter messages) {
        TrialBinding full = find(loader, Optional.empty(), phases, settings, messages);
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
        for (int number : candidates(loader, phases, THREE_PHASES)) {
            for (Map<String, Double> attempt : attempts) {
                Search search = new Search(loader, attempt);
                for (List<Integer> extents : sizes(loader, SMALL_SIZES)) {
                    Optional<TrialBinding> found = search.near(extents, number);
                    if (found.isPresent() && (!levels || levels(found.get().bound()) > 1)) {
                        return new TrialBinding(found.get().extents(), attempt, shrinkable, found.get().bound());
                    }
                }
            }
        }
        return full;
    }

    /** The sizes to try: those of the fields' rank. Slices can be had of an image too, but what they are for is a volume. */
    private static List<List<Integer>> sizes(DescriptorLoader loader, List<List<Integer>> all) {
        boolean volume = !loader.declarations(Declaration.SlicesDeclaration.class).isEmpty();
        List<Integer> ranks = loader.fields().stream().flatMap(field -> field.rank().stream().boxed()).distinct().toList();
        return all.stream().filter(extents -> ranks.size() == 1 ? extents.size() == ranks.getFirst()
                : !volume || extents.size() == 3).toList();
    }

    private static int levels(BindResult bound) {
        return bound.summary().levels().stream().mapToInt(BindSummary.Level::number).max().orElse(1);
    }

    /** The size as it is written. */
    String sizeText() {
        return String.join("x", extents.stream().map(String::valueOf).toList());
    }
}
