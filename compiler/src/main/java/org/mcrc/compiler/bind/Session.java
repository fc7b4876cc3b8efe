package org.mcrc.compiler.bind;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.source.Span;

/** What one run of the binder accumulates, whatever file it comes from. */
final class Session implements FormulaCompiler.Known {
    static final DiagnosticKind TOO_LARGE = DiagnosticKind.error("too-large");

    /** More than any descriptor needs; what includes or calls itself many times over ends here and not in swap. */
    private static final int MOST_STEPS = 3_000_000;
    private static final int MOST_FILES = 1000;
    /** Values of indices that all searches together go through: some seconds. */
    private static final long MOST_COMBINATIONS = 300_000_000;
    private static final int DEEPEST = 2000;
    /** Operations of all formulas together, repeated ones counted once: later passes take up to a minute for so many. */
    private static final int MOST_OPERATIONS = 50_000;
    /** Arrays are indexed by {@code int}. */
    static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /** An argument of the program. */
    private record Held(double[] cell, Set<String> from) {}

    private final Binding binding;
    private final Diagnostics diagnostics;
    private final Map<String, Held> arguments = new LinkedHashMap<>();
    private final Set<String> folded = new LinkedHashSet<>();
    private final Map<Expression, Integer> depths = new IdentityHashMap<>();
    private final Set<String> params = new LinkedHashSet<>();
    private int steps;
    private int files;
    private long combinations;
    private boolean failed;

    final List<Definition> definitions = new ArrayList<>();
    final List<IndexProgram.Field> fields = new ArrayList<>();
    final List<IndexProgram.Data> data = new ArrayList<>();
    final List<Tensor> targets = new ArrayList<>();
    final List<IndexProgram.Output> outputs = new ArrayList<>();
    final List<IndexProgram.Output> reports = new ArrayList<>();
    final List<LossBuilder.Comparison> comparisons = new ArrayList<>();
    final List<LossBuilder.WeightedPenalty> penalties = new ArrayList<>();
    final List<BindSummary.VectorSet> sets = new ArrayList<>();
    final List<BindSummary.Level> levels = new ArrayList<>();
    final List<BindSummary.Solved> solved = new ArrayList<>();

    private final IntConsumer divisors;

    /** @param divisors receives what divides no extent of the microstructure, and has to */
    Session(Binding binding, Diagnostics diagnostics, IntConsumer divisors) {
        this.binding = binding;
        this.diagnostics = diagnostics;
        this.divisors = divisors;
    }

    /** Notes that a number has to divide the microstructure's extents, and that it does not. */
    void noteDivisor(long divisor) {
        if (divisor <= Integer.MAX_VALUE) {
            divisors.accept((int) divisor);
        }
    }

    Binding binding() {
        return binding;
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    /** Reports an error; what is returned is to be thrown. */
    Abandoned error(DiagnosticKind kind, Span span, String message) {
        diagnostics.report(kind, span, message);
        return new Abandoned(kind == TOO_LARGE);
    }

    Abandoned error(DiagnosticKind kind, Span span, String message, String hint) {
        diagnostics.report(kind, span, message, hint);
        return new Abandoned(kind == TOO_LARGE);
    }

    Abandoned error(DiagnosticKind kind, Span span, String message, Optional<String> hint) {
        diagnostics.report(kind, span, message, hint);
        return new Abandoned(kind == TOO_LARGE);
    }

    /** Counts a step of work, so that binding ends whatever the file holds. */
    void step(Span span) {
        if (++steps > MOST_STEPS) {
            throw error(TOO_LARGE, span, "the descriptor grows to more than " + MOST_STEPS
                    + " operations once its functions are put in");
        }
    }

    /** Whether so many values of indices may still be gone through; they are counted if so. */
    boolean allowsCombinations(long count) {
        if (count > MOST_COMBINATIONS - combinations) {
            return false;
        }
        combinations += count;
        return true;
    }

    /** Counts a used file: each is bound as often as it is used. */
    void countFile(Span span) {
        if (++files > MOST_FILES) {
            throw error(TOO_LARGE, span, "more than " + MOST_FILES + " files are used, those that they use counted");
        }
    }

    /**
     * A new argument.
     *
     * @param from the arguments that its value depends on
     */
    Value.Number argument(String name, double value, Collection<String> from) {
        arguments.put(name, new Held(new double[] {value}, Set.copyOf(from)));
        return Value.Number.argument(name, value);
    }

    @Override
    public double[] cell(String name) {
        Held held = arguments.get(name);
        return held == null ? null : held.cell();
    }

    @Override
    public double[] data(Tensor tensor) {
        return data.stream().filter(array -> array.tensor().equals(tensor)).findFirst().map(IndexProgram.Data::values)
                .orElse(null);
    }

    /** The program's structure depends on these arguments: they become constants. */
    void fold(Collection<String> names) {
        for (String name : names) {
            if (folded.add(name) && arguments.containsKey(name)) {
                fold(arguments.get(name).from());
            }
        }
    }

    boolean isFolded(String name) {
        return folded.contains(name);
    }

    /** The names of all arguments, folded ones too, in the order of their creation. */
    List<String> argumentNames() {
        return List.copyOf(arguments.keySet());
    }

    /** The value from outside for a param, or null. */
    Double override(String name) {
        return binding.params().get(name);
    }

    /** Notes that there is a param of that name. */
    void knowParam(String name) {
        params.add(name);
    }

    boolean knowsParam(String name) {
        return params.contains(name);
    }

    Set<String> knownParams() {
        return params;
    }

    /** Notes that a declaration could not be bound. */
    void noteFailure() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** A name for a tensor: the one wanted, unless something of the user's is called so. */
    String freeName(String wanted) {
        boolean taken = fields.stream().anyMatch(field -> field.name().equals(wanted))
                || data.stream().anyMatch(array -> array.tensor().name().equals(wanted))
                || definitions.stream().anyMatch(definition -> definition.name().equals(wanted));
        return taken ? freeName(wanted + "'") : wanted;
    }

    /** Refuses an array that cannot be held at once. */
    void requireCountable(Tensor tensor, Span span) {
        long size = tensor.size();
        if (size > MOST_ELEMENTS) {
            throw error(TOO_LARGE, span, "'" + tensor.name() + "' would have " + (size == Long.MAX_VALUE
                    ? "more elements than can be counted" : size + " elements, "
                            + String.format(java.util.Locale.ROOT, "%.1f", size * 8.0 / (1L << 30)) + " GiB")
                    + "; at most " + MOST_ELEMENTS + " elements are allowed");
        }
    }

    /** Refuses an array whose elements cannot be counted; it need not be held at once. */
    void requireSize(Tensor tensor, Span span) {
        if (tensor.size() == Long.MAX_VALUE) {
            throw error(TOO_LARGE, span, "'" + tensor.name() + "' would have more elements than can be counted");
        }
    }

    /** Adds a definition. */
    Tensor define(String name, List<Index> axes, Expression body, String comment, Span span) {
        Tensor tensor = Tensor.defined(name, axes);
        checkSize(body, span);
        definitions.add(new Definition(tensor, axes, body, comment));
        return tensor;
    }

    /** Later passes walk expressions recursively, and more than once. */
    private void checkSize(Expression root, Span span) {
        Deque<Expression> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Expression node = open.peek();
            int depth = 0;
            boolean ready = true;
            for (Expression child : node.children()) {
                Integer known = depths.get(child);
                if (known == null) {
                    open.push(child);
                    ready = false;
                } else {
                    depth = Math.max(depth, known);
                }
            }
            if (ready) {
                open.pop();
                depths.put(node, depth + 1);
            }
        }
        if (depths.size() > MOST_OPERATIONS) {
            throw error(TOO_LARGE, span, "the formulas up to this one have more than " + MOST_OPERATIONS
                    + " operations once functions are put in",
                    "give what occurs again and again a name, as a let array, or divide the descriptor");
        }
        if (depths.get(root) > DEEPEST) {
            throw error(TOO_LARGE, span, "the formula is nested " + depths.get(root)
                    + " operations deep once functions are put in; at most " + DEEPEST + " are allowed");
        }
    }

    /** Puts constants in the place of folded arguments. */
    Expression withoutFolded(Expression expression) {
        return Expressions.rewrite(expression, node -> node instanceof Argument argument && folded.contains(argument.name())
                ? Expressions.constant(cell(argument.name())[0]) : node);
    }
}
