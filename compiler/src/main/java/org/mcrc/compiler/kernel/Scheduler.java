package org.mcrc.compiler.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.Decision;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.index.Product;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UniqueNames;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Decides what of a program is stored and what is produced where it is used, recognizes contractions, and puts the kernels
 * in order.
 *
 * <p>An array over pixels and vectors is never stored for the whole image (unless it is itself asked for): memory grows
 * with the pixels and with the square of the vectors, not with their product.
 */
public final class Scheduler {
    /** A contraction is worth its packing from this many rows and columns. */
    static final int LEAST_ROWS = 8;

    /**
     * Recomputing up to this cost, and this often, is cheaper than storing and loading. For arrays of pixels it is the cost
     * of all but the first use: storing one is a pass over memory, its halo another, and loading it a third.
     */
    private static final double CHEAP_COST = 16;
    private static final double CHEAP_USES = 4;

    private final IndexProgram program;
    private final List<Decision> before;
    private final Correlations correlations;
    private final Map<String, Definition> definitions;
    private final Set<String> roots = new HashSet<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> inlined = new HashSet<>();
    private final Map<String, Folded> contractions = new LinkedHashMap<>();
    private final Set<String> unfoldable = new LinkedHashSet<>();
    private final List<Decision> decisions = new ArrayList<>();

    /** For what folds keep beside their targets. */
    private final UniqueNames names;

    private Scheduler(IndexProgram given, List<Decision> before, Sums sums) {
        List<Decision> earlier = new ArrayList<>(before);
        this.correlations = Correlations.of(given, sums, earlier);
        this.before = List.copyOf(earlier);
        IndexVerifier.verify(correlations.program(), "Correlations");
        this.program = Projections.split(correlations.program(), LEAST_ROWS, correlations);
        IndexVerifier.verify(program, "Projections");
        this.definitions = program.definitionsByName();
        this.names = UniqueNames.in(program);
        program.roots().forEach(root -> roots.add(root.name()));
    }

    /** Schedules a program in normal form. */
    public static KernelProgram schedule(IndexProgram program) {
        return schedule(program, List.of(), Sums.FASTEST);
    }

    /** The same, with what was decided before. */
    public static KernelProgram schedule(IndexProgram program, List<Decision> before, Sums sums) {
        return new Scheduler(program, before, sums).run();
    }

    private KernelProgram run() {
        findReverseContractions();
        do {
            decide();
        } while (dropUnfoldable());
        Inliner inliner = new Inliner(definitions, inlined);
        Map<String, Definition> bodies = new LinkedHashMap<>();
        for (Definition definition : program.definitions()) {
            if (stored.contains(definition.name())) {
                bodies.put(definition.name(), definition);
            }
        }
        Map<String, List<Kernel>> kernelsOf = kernels(bodies, inliner);
        Map<String, Storage> storage = storage(kernelsOf);
        Map<Phase, List<Kernel>> phases = SweepFusion.fuse(phases(bodies, kernelsOf, storage), decisions);
        phases.replaceAll((_, kernels) -> ChainedProduct.join(kernels, decisions));
        phases = ContractionOrder.order(phases, decisions);
        return new KernelProgram(program, storage, phases, decisions);
    }

    // What is stored

    /** Whether an array would have an element for each pixel and vector. */
    static boolean isPixelsByVectors(Definition definition) {
        return definition.pixelAxis() != null
                && definition.axes().stream().anyMatch(index -> index.domain() instanceof VectorDomain);
    }

    private void findReverseContractions() {
        for (Definition definition : program.definitions()) {
            if (definition.pixelAxis() != null && !roots.contains(definition.name())) {
                Folded found = RunningAdjoint.match(definition, definitions);
                if (found == null && !correlations.contains(definition.name())) {
                    found = ReverseContraction.match(definition, LEAST_ROWS);
                }
                if (found != null) {
                    contractions.put(definition.name(), found);
                }
            }
        }
    }

    /** Whether a definition reads a reverse contraction, directly or through what cannot be stored. */
    private boolean carriesContraction(Definition definition, Map<String, Boolean> known) {
        Boolean answer = known.get(definition.name());
        if (answer == null) {
            answer = false;
            for (Read read : Expressions.reads(definition.body())) {
                Definition producer = definitions.get(read.tensor().name());
                answer |= contractions.containsKey(read.tensor().name()) || producer != null
                        && isPixelsByVectors(producer) && carriesContraction(producer, known);
            }
            known.put(definition.name(), answer);
        }
        return answer;
    }

    private void decide() {
        stored.clear();
        inlined.clear();
        decisions.clear();
        decisions.addAll(before);
        unfoldable.forEach(name -> decisions.add(new Decision(name, "fuse", "its use is no fold at shifted pixels")));
        Map<String, Double> uses = new HashMap<>();
        Map<String, Boolean> carries = new HashMap<>();
        for (Definition definition : program.definitions().reversed()) {
            String name = definition.name();
            double size = definition.tensor().size();
            double used = uses.getOrDefault(name, 0.0);
            Folded contraction = contractions.get(name);
            if (contraction != null) {
                List<String> decision = contraction.decision();
                decisions.add(new Decision(name, decision.getFirst(), decision.getLast()));
                for (Expression operand : contraction.operands()) {
                    Expressions.reads(operand).forEach(read ->
                            uses.merge(read.tensor().name(), contraction.evaluations(operand), Double::sum));
                }
                continue;
            }
            boolean store = stores(definition, used / size, carriesContraction(definition, carries));
            (store ? stored : inlined).add(name);
            double evaluations = (store ? size : used)
                    * (definition.reduction() == null ? 1 : Count.real(definition.reduction().indices()));
            for (Read read : Expressions.reads(definition.body())) {
                uses.merge(read.tensor().name(), evaluations, Double::sum);
            }
        }
    }

    private boolean stores(Definition definition, double multiplicity, boolean carriesContraction) {
        double cost = Cost.of(definition.body());
        boolean pixels = definition.pixelAxis() != null;
        if (roots.contains(definition.name())) {
            return decided(definition, true, "it is asked for");
        }
        if (correlations.contains(definition.name())) {
            return decided(definition, true, "computed by FFT");
        }
        if (correlations.needs(definition.name())) {
            return decided(definition, true, "computed once for its spectrum");
        }
        if (definition.axes().stream().filter(Index::isPixel).count() > 1) {
            return decided(definition, false, "pixels × pixels: produced where it is used");
        }
        if (isPixelsByVectors(definition)) {
            return decided(definition, false, "pixels × vectors: produced where it is used");
        }
        if (definition.reduction() != null) {
            if (!pixels) {
                return decided(definition, true, "a reduction");
            }
            if (RunningReduction.match(definition.reduction(), definition.axes()) != null) {
                return decided(definition, false, "pixels × steps: it runs along in what uses it");
            }
            if (carriesContraction) {
                return decided(definition, true, "target of a fold");
            }
            return multiplicity > 1 ? decided(definition, true, "a reduction that is used more than once")
                    : decided(definition, false, "a reduction that is used once");
        }
        if (pixels && carriesContraction) {
            return decided(definition, true, "target of a fold");
        }
        if (cost <= 1) {
            return decided(definition, false, "trivial");
        }
        if (definition.axes().isEmpty()) {
            return decided(definition, true, "a number");
        }
        if (multiplicity <= 1) {
            return decided(definition, false, "used once");
        }
        boolean cheap = pixels ? cost * (multiplicity - 1) <= CHEAP_COST && !carriesContraction && !compares(definition)
                : cost <= CHEAP_COST && multiplicity <= CHEAP_USES;
        return cheap
                ? decided(definition, false, "cheaper to compute again than to store")
                : decided(definition, true, "used %.3g times at a cost of %.3g".formatted(multiplicity, cost));
    }

    /**
     * Whether a definition compares numbers: equal ones must stay equal, and those of vector loops are not always those
     * of scalar loops.
     */
    private static boolean compares(Definition definition) {
        return Expressions.nodes(definition.body()).stream().anyMatch(node -> node instanceof Select select
                && !Expressions.reads(select.condition()).isEmpty());
    }

    private boolean decided(Definition definition, boolean store, String reason) {
        decisions.add(new Decision(definition.name(), store ? "store" : "fuse", reason));
        return store;
    }

    // Reverse contractions and their targets

    /**
     * Gives up contractions whose use is no fold: they are then summed where they are used.
     *
     * @return whether there were any, so that what is stored has to be decided again
     */
    private boolean dropUnfoldable() {
        int dropped = unfoldable.size();
        for (String name : List.copyOf(contractions.keySet())) {
            Set<String> through = new HashSet<>(inlined);
            through.addAll(contractions.keySet());
            through.remove(name);
            boolean foldable = true;
            for (Definition target : targetsOf(name)) {
                Inliner inliner = new Inliner(definitions, inlined);
                List<Fold.Contribution> contributions = contributions(target, name, inliner);
                foldable &= stored.contains(target.name()) && contributions != null
                        && contractions.get(name).canFold(inliner, contributions);
            }
            if (!foldable) {
                contractions.remove(name);
                unfoldable.add(name);
            }
        }
        return unfoldable.size() > dropped;
    }

    /** The definitions that are stored and read the contraction, directly or through what is fused. */
    private List<Definition> targetsOf(String contraction) {
        Set<String> carriers = new HashSet<>(Set.of(contraction));
        List<Definition> targets = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            if (Expressions.reads(definition.body()).stream().anyMatch(read -> carriers.contains(read.tensor().name()))) {
                if (inlined.contains(definition.name())) {
                    carriers.add(definition.name());
                } else {
                    targets.add(definition);
                }
            }
        }
        return targets;
    }

    /**
     * What a contraction contributes to a target: one for each term of the target's sum that reads it. Null where the
     * target is no sum of terms that each read one element of the contraction.
     */
    private List<Fold.Contribution> contributions(Definition target, String contraction, Inliner inliner) {
        Reduce reduction = target.reduction();
        if (reduction != null && (reduction.operator() != ReductionOperator.SUM
                || !Expressions.isAlways(reduction.guard()))) {
            return null;
        }
        List<Fold.Contribution> found = new ArrayList<>();
        for (Expression term : terms(target, inliner)) {
            Expression inlinedTerm = inliner.inline(term);
            List<Read> reads = Expressions.reads(inlinedTerm).stream()
                    .filter(read -> read.tensor().name().equals(contraction)).toList();
            if (reads.isEmpty()) {
                continue;
            }
            // An element of another contraction is nowhere to be found while this one's are finished.
            boolean alone = Expressions.reads(inlinedTerm).stream().filter(read -> !reads.contains(read))
                    .noneMatch(read -> contractions.containsKey(read.tensor().name()));
            Fold.Contribution contribution = reads.size() == 1 && alone
                    ? contractions.get(contraction).contribution(target, reads.getFirst(), inlinedTerm) : null;
            if (contribution == null) {
                return null;
            }
            found.add(contribution);
        }
        return found;
    }

    /** The terms of a target's sum: those that read several elements of contractions multiplied out. */
    private List<Expression> terms(Definition target, Inliner inliner) {
        Expression sum = target.reduction() == null ? target.body() : target.reduction().body();
        return Product.terms(sum).stream().flatMap(term -> (Expressions.reads(inliner.inline(term)).stream()
                .filter(read -> contractions.containsKey(read.tensor().name())).count() > 1
                ? Product.expandedTerms(term) : List.of(term)).stream()).toList();
    }

    /** A target without the terms that folds contribute. */
    private Definition withoutContributions(Definition target, Inliner inliner) {
        Reduce reduction = target.reduction();
        List<Expression> rest = terms(target, inliner).stream()
                .filter(term -> Expressions.reads(inliner.inline(term)).stream()
                        .noneMatch(read -> contractions.containsKey(read.tensor().name()))).toList();
        Expression body = Product.sumOf(rest);
        return target.withBody(reduction == null || rest.isEmpty() ? body
                : Expressions.reduce(reduction.operator(), reduction.indices(), reduction.guard(), body));
    }

    // Kernels

    private Map<String, List<Kernel>> kernels(Map<String, Definition> bodies, Inliner inliner) {
        Set<String> folded = new HashSet<>();
        Map<String, List<Kernel>> foldsAt = new HashMap<>();
        Map<String, List<Expression>> parts = new HashMap<>();
        contractions.forEach((name, contraction) -> {
            List<Definition> targets = targetsOf(name);
            targets.forEach(target -> folded.add(target.name()));
            Map<Definition, List<Fold.Contribution>> contributions = new LinkedHashMap<>();
            targets.forEach(target -> contributions.put(target, contributions(target, name, inliner)));
            if (readsOnlyBefore(targets.getFirst(), contraction, contributions)) {
                foldTogether(contraction, inliner, contributions, foldsAt, parts);
            } else {
                contributions.forEach((target, own) -> foldsAt.computeIfAbsent(target.name(), _ -> new ArrayList<>())
                        .add(contraction.fold(inliner, own)));
            }
        });
        Map<String, List<Kernel>> kernels = new LinkedHashMap<>();
        for (Definition definition : List.copyOf(bodies.values())) {
            if (correlations.contains(definition.name())) {
                kernels.put(definition.name(), correlations.kernels(definition.name(), inliner));
                continue;
            }
            Definition rest = folded.contains(definition.name()) ? withoutContributions(definition, inliner) : definition;
            Expression body = inliner.inline(rest.body());
            for (Expression part : parts.getOrDefault(definition.name(), List.of())) {
                body = Expressions.add(body, part);
            }
            List<Kernel> list = new ArrayList<>(List.of(kernel(rest.withBody(Simplifier.simplify(body)))));
            list.addAll(foldsAt.getOrDefault(definition.name(), List.of()));
            kernels.put(definition.name(), list);
        }
        fuseScales(bodies, kernels);
        Symmetry symmetry = new Symmetry(program);
        kernels.replaceAll((_, list) -> list.stream().map(symmetry::alongRows).toList());
        return kernels;
    }

    /**
     * One fold for all targets, where the first of them is computed. What it contributes to the others is kept beside them
     * until they are computed: they may read the first.
     */
    private void foldTogether(Folded contraction, Inliner inliner, Map<Definition, List<Fold.Contribution>> contributions,
            Map<String, List<Kernel>> foldsAt, Map<String, List<Expression>> parts) {
        Definition first = contributions.keySet().iterator().next();
        List<Kernel> list = foldsAt.computeIfAbsent(first.name(), _ -> new ArrayList<>());
        List<Fold.Contribution> all = new ArrayList<>();
        contributions.forEach((target, own) -> {
            if (target == first) {
                all.addAll(own);
                return;
            }
            Tensor part = Tensor.defined(names.fresh(target.name() + "_folded"), target.axes());
            list.add(new Nest(new Definition(part, target.axes(), Expressions.constant(0),
                    "what is folded into " + target.name()), target.pixelAxis()));
            own.forEach(each -> all.add(new Fold.Contribution(part, each.subscripts(), each.value())));
            parts.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(Expressions.readAt(part, target.axes()));
        });
        list.add(contraction.fold(inliner, all));
    }

    /** Whether everything that a fold with these contributions reads is computed before {@code first}. */
    private boolean readsOnlyBefore(Definition first, Folded contraction,
            Map<Definition, List<Fold.Contribution>> contributions) {
        Set<String> later = new HashSet<>();
        boolean before = true;
        for (Definition definition : program.definitions()) {
            before &= definition != first;
            if (!before) {
                later.add(definition.name());
            }
        }
        Inliner inliner = new Inliner(definitions, inlined);
        List<Expression> read = new ArrayList<>(contraction.operands().stream().map(inliner::inline).toList());
        contributions.values().forEach(own -> own.forEach(each -> read.add(each.value())));
        return read.stream().flatMap(expression -> Expressions.reads(expression).stream())
                .noneMatch(each -> later.contains(each.tensor().name()));
    }

    private Kernel kernel(Definition definition) {
        Kernel gram = GramMatcher.match(definition, LEAST_ROWS);
        if (gram != null) {
            return gram;
        }
        Scan scan = Scan.match(definition);
        if (scan != null) {
            int steps = scan.along().domain().size();
            decisions.add(new Decision(definition.name(), "running " + scan.running().stream().map(each ->
                    each.reduction().operator().symbol()).distinct().collect(Collectors.joining(", ")),
                    "one step for each of the %d values of %s, not %d".formatted(steps, scan.along().name(),
                            steps * (steps + 1L) / 2)));
            return scan;
        }
        Nest nest = new Nest(definition, Vectorizable.vectorIndex(definition));
        return Sweep.of(nest) == null ? nest : withLikeTerms(nest);
    }

    private Nest withLikeTerms(Nest nest) {
        Reduce reduce = nest.reduction();
        Expression body = reduce == null ? nest.definition().body() : reduce.body();
        Expression collected = LikeTerms.collect(body, nest.vector());
        if (collected == body) {
            return nest;
        }
        decisions.add(new Decision(nest.definition().name(), "like terms", "a cost of %.3g for each pixel, not %.3g"
                .formatted(Cost.of(collected), Cost.of(body))));
        return new Nest(nest.definition().withBody(reduce == null ? collected : Expressions.reduce(reduce.operator(),
                reduce.indices(), reduce.guard(), collected)), nest.vector());
    }

    /** {@code S = G * constant}, where G is a Gram matrix that nothing else reads, scales the tiles of G as they finish. */
    private void fuseScales(Map<String, Definition> bodies, Map<String, List<Kernel>> kernels) {
        for (String name : List.copyOf(kernels.keySet())) {
            List<Kernel> list = kernels.get(name);
            if (list.size() != 1 || !(list.getFirst() instanceof Nest nest) || nest.reduction() != null) {
                continue;
            }
            List<Read> reads = Expressions.reads(nest.definition().body());
            List<Read> grams = reads.stream().filter(read -> kernels.containsKey(read.tensor().name())
                    && kernels.get(read.tensor().name()).getFirst() instanceof Gram).toList();
            if (grams.size() != 1 || roots.contains(grams.getFirst().tensor().name())) {
                continue;
            }
            Read read = grams.getFirst();
            List<Expression> factors = new ArrayList<>(Product.factors(nest.definition().body()));
            boolean own = read.subscripts().equals(nest.definition().axes().stream().map(IndexForm::of).toList());
            boolean alone = kernels.entrySet().stream().filter(e -> !e.getKey().equals(name)).flatMap(e -> e.getValue()
                    .stream()).flatMap(kernel -> kernel.expressions().stream()).flatMap(e -> Expressions.reads(e).stream())
                    .noneMatch(other -> other.tensor().equals(read.tensor()));
            if (own && alone && factors.remove(read) && factors.stream().allMatch(factor ->
                    Expressions.freeIndices(factor).isEmpty() && Expressions.reads(factor).isEmpty())) {
                Gram gram = (Gram) kernels.get(read.tensor().name()).getFirst();
                factors.add(gram.scale());
                kernels.put(name, List.of(new Gram(nest.definition().tensor(), gram.batch(), gram.rows(), gram.columns(),
                        gram.pixel(), gram.left(), gram.right(), gram.symmetric(), Simplifier.simplify(Product.of(factors)),
                        nest.definition().comment())));
                kernels.remove(read.tensor().name());
                bodies.remove(read.tensor().name());
                decisions.add(new Decision(read.tensor().name(), "fuse", "scaled as the tiles of " + name + " finish"));
            }
        }
    }

    // Storage and order

    private Map<String, Storage> storage(Map<String, List<Kernel>> kernels) {
        Map<Tensor, int[]> halos = new LinkedHashMap<>();
        Set<Tensor> spectral = new HashSet<>();
        program.fields().forEach(field -> require(halos, field.tensor()));
        program.data().forEach(data -> require(halos, data.tensor()));
        program.targets().forEach(target -> require(halos, target));
        kernels.values().forEach(list -> list.forEach(kernel -> {
            kernel.writes().forEach(tensor -> require(halos, tensor));
            spectral.addAll(spectral(kernel));
            kernel.expressions().forEach(expression -> Expressions.reads(expression).forEach(read -> {
                if (!contractions.containsKey(read.tensor().name())) {
                    extend(require(halos, read.tensor()), read);
                }
            }));
        }));
        Map<String, Storage> storage = new LinkedHashMap<>();
        halos.forEach((tensor, halo) -> storage.put(tensor.name(), new Storage(tensor,
                tensor.axes().isEmpty() || spectral.contains(tensor),
                java.util.Arrays.stream(halo).boxed().toList())));
        return storage;
    }

    /** What of its results a kernel keeps in double precision whatever the precision of the program. */
    private static List<Tensor> spectral(Kernel kernel) {
        return switch (kernel) {
            case Spectrum spectrum -> List.of(spectrum.target());
            case Correlation correlation -> List.of(correlation.product());
            case Convolution convolution -> List.of(convolution.image(), convolution.product());
            case Nest _, Sweep _, Scan _, Gram _, Fold _, ChainedProduct _, ReverseScan _, Wrap _ -> List.of();
        };
    }

    private static int[] require(Map<Tensor, int[]> halos, Tensor tensor) {
        Grid grid = tensor.grid();
        return halos.computeIfAbsent(tensor, _ -> new int[grid == null ? 0 : grid.rank()]);
    }

    private static void extend(int[] halo, Read read) {
        for (int axis = 0; axis < read.subscripts().size(); axis++) {
            if (read.tensor().axes().get(axis) instanceof Grid grid) {
                for (int c = 0; c < halo.length; c++) {
                    long[] bounds = read.subscripts().get(axis).get(c).bounds();
                    halo[c] = Math.max(halo[c], Math.toIntExact(Math.max(-bounds[0], bounds[1] - grid.extent(c) + 1)));
                }
            }
        }
    }

    private Map<Phase, List<Kernel>> phases(Map<String, Definition> bodies, Map<String, List<Kernel>> kernels,
            Map<String, Storage> storage) {
        Map<String, Phase> phase = new HashMap<>();
        Map<String, String> homes = new HashMap<>();
        kernels.forEach((name, list) -> written(list).forEach(tensor -> homes.put(tensor.name(), name)));
        need(List.copyOf(program.gradients().values()), Phase.GRADIENT, kernels, homes, phase);
        List<Tensor> losses = new ArrayList<>(List.of(program.loss(), program.error()));
        program.penalties().forEach(penalty -> losses.add(penalty.value()));
        need(losses, Phase.LOSS, kernels, homes, phase);
        List<Tensor> outputs = new ArrayList<>();
        program.outputs().forEach(output -> outputs.add(output.value()));
        program.reports().forEach(report -> outputs.add(report.value()));
        need(outputs, Phase.OUTPUTS, kernels, homes, phase);
        Set<String> varying = new HashSet<>();
        program.fields().forEach(field -> varying.add(field.name()));
        program.targets().forEach(target -> varying.add(target.name()));
        Map<Phase, List<Kernel>> phases = new EnumMap<>(Phase.class);
        for (Phase each : Phase.values()) {
            phases.put(each, new ArrayList<>());
        }
        for (Definition definition : bodies.values()) {
            List<Kernel> list = kernels.get(definition.name());
            Set<Tensor> written = written(list);
            boolean constant = reads(list).stream().noneMatch(varying::contains);
            if (!constant) {
                written.forEach(tensor -> varying.add(tensor.name()));
            }
            Phase when = constant ? Phase.PREPARE : phase.getOrDefault(definition.name(), Phase.GRADIENT);
            phases.get(when).addAll(list);
            for (Tensor tensor : written) {
                if (storage.get(tensor.name()).halo().stream().anyMatch(halo -> halo > 0)) {
                    phases.get(when).add(new Wrap(tensor));
                }
            }
        }
        return phases;
    }

    private static Set<Tensor> written(List<Kernel> kernels) {
        Set<Tensor> written = new LinkedHashSet<>();
        kernels.forEach(kernel -> written.addAll(kernel.writes()));
        return written;
    }

    /** @param homes for each tensor the definition with whose kernels it is computed */
    private static void need(List<Tensor> wanted, Phase when, Map<String, List<Kernel>> kernels,
            Map<String, String> homes, Map<String, Phase> phase) {
        for (Tensor tensor : wanted) {
            String home = homes.get(tensor.name());
            if (home != null && phase.put(home, when) != when) {
                for (String read : reads(kernels.get(home))) {
                    need(List.of(new Tensor(read, Tensor.Kind.DEFINED, List.<Domain>of())), when, kernels, homes, phase);
                }
            }
        }
    }

    private static Set<String> reads(List<Kernel> kernels) {
        Set<String> names = new LinkedHashSet<>();
        kernels.forEach(kernel -> kernel.expressions().forEach(expression ->
                Expressions.reads(expression).forEach(read -> names.add(read.tensor().name()))));
        return names;
    }
}
