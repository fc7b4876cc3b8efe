package org.mcrc.compiler.adjoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.RunningReduction;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.UniqueNames;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.simplify.Finiteness;
import org.mcrc.compiler.simplify.Simplifier;

/**
 * Derives dL/dfield for every field by a reverse sweep over the definitions, as definitions of the same IR.
 *
 * <p>For a definition T and every read in its body, the <em>local adjoint</em> is dT times the derivative of the body with
 * respect to that read, over T's own indices. The adjoint of the tensor that is read gathers the local adjoints from where
 * the read finds it ({@link IndexSolver}): there is no scatter, so a result does not depend on the order of anything.
 * A local adjoint that several reads share (as the two ends of a correlation vector do) is a definition of its own.
 *
 * <p>The program must be in normal form ({@code HoistReductions}).
 */
public final class Adjoint {
    private static final String PREFIX = "d";

    private final IndexProgram program;
    private final Set<String> active = new HashSet<>();
    private final Map<String, List<Term>> terms = new HashMap<>();

    /** Adjoints that are 0 in places where what is used there is not. */
    private final Set<String> vanishing = new HashSet<>();

    private final Finiteness finiteness;

    /** What the descriptor error is made of: its derivative divides by the error only where that is not 0. */
    private final Set<String> inError = new HashSet<>();

    private final List<Definition> added = new ArrayList<>();
    private final UniqueNames names;

    /** A contribution to the adjoint of a tensor: for its element, a sum over indices. */
    private record Term(List<Index> element, List<Index> indices, Expression guard, Expression body) {}

    private Adjoint(IndexProgram program) {
        this.program = program;
        this.names = UniqueNames.in(program);
        this.finiteness = new Finiteness(program);
        program.definitions().stream().filter(definition -> definition.tensor().equals(program.error()))
                .forEach(definition -> {
                    finiteness.vouchFor(definition.name());
                    Expressions.reads(definition.body()).forEach(read -> inError.add(read.tensor().name()));
                });
    }

    /** The program with the gradient of its loss with respect to every field. */
    public static IndexProgram derive(IndexProgram program) {
        return new Adjoint(program).run();
    }

    private IndexProgram run() {
        program.fields().forEach(field -> active.add(field.name()));
        for (Definition definition : program.definitions()) {
            if (Expressions.reads(definition.body()).stream().anyMatch(read -> active.contains(read.tensor().name()))) {
                active.add(definition.name());
            }
        }
        for (Definition definition : program.definitions().reversed()) {
            if (active.contains(definition.name())) {
                sweep(definition);
            }
        }
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (IndexProgram.Field field : program.fields()) {
            Tensor gradient = adjointOf(field.tensor());
            gradients.put(field.name(), gradient == null ? zero(field.tensor()) : gradient);
        }
        return program.withGradients(added, gradients);
    }

    private Tensor zero(Tensor tensor) {
        List<Index> axes = elementOf(tensor);
        return define(PREFIX + tensor.name(), axes, Expressions.constant(0), "dL/d" + tensor.name());
    }

    /** Defines the adjoint of a tensor from the contributions found so far; null where there are none. */
    private Tensor adjointOf(Tensor tensor) {
        if (tensor.equals(program.loss())) {
            return define(PREFIX + tensor.name(), List.of(), Expressions.constant(1), "dL/dL");
        }
        List<Term> contributions = merged(terms.getOrDefault(tensor.name(), List.of()));
        if (contributions.isEmpty()) {
            return null;
        }
        List<Index> axes = contributions.getFirst().element();
        Expression sum = null;
        for (int k = 0; k < contributions.size(); k++) {
            Term term = contributions.get(k);
            Expression body = Expressions.substitute(reduced(term), renaming(term.element(), axes));
            if (body instanceof Reduce && contributions.size() > 1) {
                Tensor part = define(PREFIX + tensor.name() + "_" + (k + 1), axes, body, "part of dL/d" + tensor.name());
                body = Expressions.readAt(part, axes);
            }
            sum = sum == null ? body : Expressions.add(sum, body);
        }
        Tensor adjoint = define(PREFIX + tensor.name(), axes, sum, "dL/d" + tensor.name());
        if (inError.contains(tensor.name())) {
            finiteness.vouchFor(adjoint.name());
        }
        return adjoint;
    }

    private static Expression reduced(Term term) {
        if (!term.indices().isEmpty()) {
            return Expressions.sum(term.indices(), term.guard(), term.body());
        }
        return where(term.guard(), term.body());
    }

    /** The value where the guard holds, 0 elsewhere. */
    private static Expression where(Expression guard, Expression value) {
        return Expressions.isAlways(guard) ? value : Expressions.select(guard, value, Expressions.constant(0));
    }

    /** Contributions that sum over the same domains under the same guard become one sum. */
    private static List<Term> merged(List<Term> terms) {
        List<Term> result = new ArrayList<>();
        for (Term term : terms) {
            Term merged = null;
            for (int k = 0; k < result.size() && merged == null; k++) {
                merged = merge(result.get(k), term);
                if (merged != null) {
                    result.set(k, merged);
                }
            }
            if (merged == null) {
                result.add(term);
            }
        }
        return result;
    }

    private static Term merge(Term first, Term second) {
        List<Domain> domains = first.indices().stream().map(Index::domain).toList();
        if (!domains.equals(second.indices().stream().map(Index::domain).toList())) {
            return null;
        }
        Map<Index, List<IndexForm>> renaming = new HashMap<>(renaming(second.element(), first.element()));
        renaming.putAll(renaming(second.indices(), first.indices()));
        if (Simplifier.simplify(Expressions.substitute(second.guard(), renaming)) != Simplifier.simplify(first.guard())) {
            return null;
        }
        return new Term(first.element(), first.indices(), first.guard(), Simplifier.simplify(
                Expressions.add(first.body(), Expressions.substitute(second.body(), renaming))));
    }

    private static Map<Index, List<IndexForm>> renaming(List<Index> from, List<Index> to) {
        Map<Index, List<IndexForm>> renaming = new HashMap<>();
        for (int k = 0; k < from.size(); k++) {
            if (from.get(k) != to.get(k)) {
                renaming.put(from.get(k), IndexForm.of(to.get(k)));
            }
        }
        return renaming;
    }

    /** Finds what a definition contributes to the adjoints of the tensors that it reads. */
    private void sweep(Definition definition) {
        Tensor adjoint = adjointOf(definition.tensor());
        if (adjoint == null) {
            return;
        }
        Reduce reduction = definition.reduction();
        List<Index> indices = new ArrayList<>(definition.axes());
        Expression guard = Expressions.always();
        Expression seed = Expressions.readAt(adjoint, definition.axes());
        Expression body = definition.body();
        if (reduction != null) {
            body = reduction.body();
            RunningReduction running = reduction.operator() == ReductionOperator.PRODUCT
                    ? RunningReduction.match(reduction, definition.axes()) : null;
            if (running == null) {
                indices.addAll(reduction.indices());
                guard = reduction.guard();
                seed = seed(definition, reduction, seed);
            } else {
                indices.set(indices.indexOf(running.along()), running.step());
                guard = running.taken();
                seed = ofFactors(definition, running, indices, seed);
            }
        }
        Map<Read, Expression> locals = new LinkedHashMap<>();
        localAdjoints(body, seed).forEach((read, local) -> {
            if (active.contains(read.tensor().name()) && !isZero(local)) {
                locals.put(read, local);
            }
        });
        Map<Expression, Long> uses = new IdentityHashMap<>();
        locals.values().forEach(local -> uses.merge(local, 1L, Long::sum));
        Map<Expression, Tensor> shared = new IdentityHashMap<>();
        for (Map.Entry<Read, Expression> entry : locals.entrySet()) {
            Expression local = entry.getValue();
            if (uses.get(local) > 1 && !(local instanceof Read)) {
                Tensor tensor = shared.get(local);
                if (tensor == null) {
                    // Terms that do not exist may read outside of an axis.
                    tensor = define(names.fresh(PREFIX + definition.name() + "_local"), indices, Simplifier.simplify(
                            where(guard, local)), "local adjoint of " + definition.name());
                    shared.put(local, tensor);
                }
                local = Expressions.readAt(tensor, indices);
            }
            contribute(entry.getKey(), indices, guard, local);
        }
    }

    private void contribute(Read read, List<Index> indices, Expression guard, Expression local) {
        List<Index> element = elementOf(read.tensor());
        IndexSolver.Solution solution = IndexSolver.solve(read, indices, element);
        Map<Index, List<IndexForm>> replacement = new HashMap<>(solution.solved());
        List<Index> summed = new ArrayList<>();
        Map<Index, List<IndexForm>> fresh = new HashMap<>();
        for (Index index : solution.remaining()) {
            Index copy = index.fresh();
            summed.add(copy);
            fresh.put(index, IndexForm.of(copy));
        }
        Expression where = Expressions.and(Expressions.substitute(guard, replacement), solution.guard());
        Expression body = Expressions.substitute(local, replacement);
        terms.computeIfAbsent(read.tensor().name(), _ -> new ArrayList<>()).add(new Term(element, summed,
                Simplifier.simplify(Expressions.substitute(where, fresh)),
                Simplifier.simplify(Expressions.substitute(body, fresh))));
    }

    /** The adjoint of the reduced expression: the adjoint of the result times the derivative of the reduction. */
    private Expression seed(Definition definition, Reduce reduction, Expression adjoint) {
        return switch (reduction.operator()) {
            case SUM -> adjoint;
            case PRODUCT -> product(adjoint, otherFactors(definition, reduction));
            case MAXIMUM -> Expressions.select(attains(definition, reduction, ReductionOperator.ARGMAX), adjoint,
                    Expressions.constant(0));
            case MINIMUM -> Expressions.select(attains(definition, reduction, ReductionOperator.ARGMIN), adjoint,
                    Expressions.constant(0));
            case ARGMAX, ARGMIN -> Expressions.constant(0);
        };
    }

    /** The product of all factors but the one at the reduction's indices: right also where that one is 0. */
    private Expression otherFactors(Definition definition, Reduce reduction) {
        List<Index> others = reduction.indices().stream()
                .map(index -> new Index(index.name() + "'", index.domain())).toList();
        Map<Index, List<IndexForm>> renaming = renaming(reduction.indices(), others);
        Expression same = Expressions.always();
        for (int k = 0; k < others.size(); k++) {
            for (int c = 0; c < others.get(k).domain().components(); c++) {
                same = Expressions.and(same, Expressions.binary(BinaryOperator.EQUAL,
                        Expressions.coordinate(IndexForm.of(others.get(k), c)),
                        Expressions.coordinate(IndexForm.of(reduction.indices().get(k), c))));
            }
        }
        List<Index> axes = new ArrayList<>(definition.axes());
        axes.addAll(reduction.indices());
        Tensor tensor = define(names.fresh(definition.name() + "_others"), axes, Expressions.reduce(ReductionOperator.PRODUCT,
                others, Expressions.and(Expressions.substitute(reduction.guard(), renaming), Expressions.not(same)),
                Expressions.substitute(reduction.body(), renaming)), "the other factors of " + definition.name());
        return Expressions.readAt(tensor, axes);
    }

    /**
     * The adjoints of the factors of a running product, summed over all the products in which a factor occurs: an array of
     * its own, whose elements follow from one another ({@code kernel.ReverseScan}).
     *
     * @param indices the definition's axes with the factors' index in place of the one along which the product runs
     */
    private Expression ofFactors(Definition definition, RunningReduction running, List<Index> indices, Expression adjoint) {
        Reduce product = running.reduction();
        Tensor tensor = define(names.fresh(PREFIX + definition.name() + "_factors"), indices,
                Expressions.sum(List.of(running.along()), product.guard(),
                        product(adjoint, otherFactors(definition, product))),
                "dL/d the factors of " + definition.name());
        return Expressions.readAt(tensor, indices);
    }

    private Expression attains(Definition definition, Reduce reduction, ReductionOperator operator) {
        Tensor tensor = define(names.fresh(definition.name() + "_" + operator.symbol()), definition.axes(),
                Expressions.reduce(operator, reduction.indices(), reduction.guard(), reduction.body()),
                "where " + definition.name() + " is attained first");
        return Expressions.binary(BinaryOperator.EQUAL, Expressions.readAt(tensor, definition.axes()),
                Expressions.coordinate(IndexForm.position(reduction.indices())));
    }

    /** The derivative of a reduction-free body with respect to each of its reads, times {@code seed}. */
    private Map<Read, Expression> localAdjoints(Expression body, Expression seed) {
        List<Expression> order = new ArrayList<>(Expressions.nodes(body));
        Map<Expression, Expression> adjoints = new IdentityHashMap<>();
        adjoints.put(body, seed);
        Map<Read, Expression> result = new LinkedHashMap<>();
        Simplifier.Resting resting = new Simplifier.Resting();
        for (Expression node : order.reversed()) {
            Expression adjoint = adjoints.get(node);
            if (adjoint == null) {
                continue;
            }
            if (node instanceof Read read) {
                result.put(read, adjoint);
            }
            List<Expression> children = node.children();
            for (int operand = 0; operand < children.size(); operand++) {
                if (children.get(operand).isLogical()) {
                    continue;
                }
                Expression part = Simplifier.simplify(ofOperand(node, operand, adjoint), resting);
                if (!isZero(part)) {
                    adjoints.merge(children.get(operand), part,
                            (a, b) -> Simplifier.simplify(Expressions.add(a, b), resting));
                }
            }
        }
        return result;
    }

    /**
     * The adjoint of a node times its derivative with respect to an operand. Where one of them is 0 because nothing depends on
     * the other, it is 0, also where the other is infinite: a square root in a branch that is not taken, the sign of abs at 0.
     */
    private Expression ofOperand(Expression node, int operand, Expression adjoint) {
        Expression derivative = LocalDerivatives.derivative(node, operand);
        if (node instanceof Unary(UnaryOperator operator, Expression z) && operator == UnaryOperator.ABS
                && finiteness.isDoubtful(adjoint)) {
            return Expressions.select(isNotZero(z), Expressions.multiply(adjoint, derivative), Expressions.constant(0));
        }
        return product(adjoint, derivative);
    }

    /** An adjoint times a derivative: 0 where nothing uses the value, whatever the derivative is there. */
    private Expression product(Expression adjoint, Expression derivative) {
        return finiteness.isDoubtful(derivative) ? whereNotZero(adjoint, derivative)
                : Expressions.multiply(adjoint, derivative);
    }

    private Expression whereNotZero(Expression adjoint, Expression derivative) {
        if (!vanishes(adjoint)) {
            return Expressions.multiply(adjoint, derivative);
        }
        if (adjoint instanceof Select(Expression condition, Expression then, Expression otherwise)
                && (isZero(then) || isZero(otherwise))) {
            return Expressions.select(condition, isZero(then) ? then : whereNotZero(then, derivative),
                    isZero(otherwise) ? otherwise : whereNotZero(otherwise, derivative));
        }
        return Expressions.select(isNotZero(adjoint), Expressions.multiply(adjoint, derivative), Expressions.constant(0));
    }

    private static Expression isNotZero(Expression number) {
        return Expressions.binary(BinaryOperator.NOT_EQUAL, number, Expressions.constant(0));
    }

    /** Whether an adjoint may be 0 by a choice: because something is not used, not because its effect is 0. */
    private boolean vanishes(Expression adjoint) {
        return Expressions.nodes(adjoint).stream().anyMatch(node -> switch (node) {
            case Select _ -> true;
            case Reduce reduce -> !Expressions.isAlways(reduce.guard());
            case Read read -> vanishing.contains(read.tensor().name());
            case Expression _ -> false;
        });
    }

    private static boolean isZero(Expression expression) {
        return expression instanceof Constant(double value) && value == 0;
    }

    private static List<Index> elementOf(Tensor tensor) {
        List<Index> element = new ArrayList<>();
        for (Domain domain : tensor.axes()) {
            element.add(new Index(switch (domain) {
                case Grid _ -> "y";
                case FiniteDomain finite -> finite instanceof VectorDomain ? "r" : "k";
            } + (element.isEmpty() ? "" : element.size()), domain));
        }
        return List.copyOf(element);
    }

    private Tensor define(String name, List<Index> axes, Expression body, String comment) {
        Tensor tensor = Tensor.defined(names.fresh(name), axes);
        if (vanishes(body)) {
            vanishing.add(tensor.name());
        }
        finiteness.learn(tensor.name(), body);
        added.add(new Definition(tensor, axes, body, comment));
        return tensor;
    }
}
