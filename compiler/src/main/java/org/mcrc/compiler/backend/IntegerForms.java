package org.mcrc.compiler.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.Storage;

/**
 * Writes forms of indices as expressions of type int, as C and Java have them in common. Terms that do not change in inner
 * loops are summed outside of these and have a name there.
 */
public final class IntegerForms {
    /** What a language and the code written so far have to add. */
    public interface Writer {
        /** What is being written. */
        LoopScope<?, ?> scope();

        /** Gives a value a name that resembles {@code suggestion}, at a depth, and makes it known there by the key. */
        String name(Object key, String suggestion, String value, int depth);

        /** A quotient rounded down; the dividend may be negative. */
        String floorDivide(String dividend, int divisor);

        /** The position of a vector in a set, -1 where it is no member. */
        String position(List<String> vector, VectorDomain set);

        /** Component {@code component} (from 0) of the member at a position that there is. */
        String component(VectorDomain set, int component, String position);

        /** The same, and 0 where there is no such position. */
        String componentOrZero(VectorDomain set, int component, String position);
    }

    private final Writer writer;
    private final Levels levels;

    public IntegerForms(Writer writer, Levels levels) {
        this.writer = writer;
        this.levels = levels;
    }

    /** The form as an expression. */
    public String write(IndexForm form) {
        Map<Integer, IndexForm> parts = new TreeMap<>();
        form.terms().forEach((monomial, coefficient) -> {
            IndexForm term = IndexForm.constant(coefficient);
            for (IndexForm.Factor factor : monomial.factors()) {
                term = term.times(IndexForm.of(factor));
            }
            parts.merge(levels.of(term), term, IndexForm::plus);
        });
        if (parts.isEmpty()) {
            return String.valueOf(form.constant());
        }
        TreeMap<Integer, String> byLevel = new TreeMap<>();
        parts.forEach((level, part) -> byLevel.put(level, sum(part)));
        IndexForm sum = IndexForm.constant(form.constant());
        String text = form.constant() == 0 ? "" : String.valueOf(form.constant());
        for (Map.Entry<Integer, String> entry : byLevel.entrySet()) {
            int level = entry.getKey();
            sum = sum.plus(parts.get(level));
            String own = entry.getValue();
            text = text.isEmpty() ? own : own + (text.startsWith("-") ? " - " + text.substring(1) : " + " + text);
            if (level < Math.min(writer.scope().depth(), byLevel.lastKey()) && !isName(text)) {
                String known = find(sum, level);
                text = known != null ? known : writer.name(sum, "base", text, level);
            }
        }
        return text;
    }

    /** The position of a vector in a set, as an expression. */
    public String position(List<IndexForm> vector, VectorDomain set) {
        return writer.position(vector.stream().map(this::write).toList(), set);
    }

    /** Whether code is nothing but a name or a number. */
    public static boolean isName(String code) {
        return code.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
    }

    /** The name of what has this key and is known at a depth, or null. */
    private String find(Object key, int depth) {
        LoopScope.Code known = writer.scope().at(depth).find(key);
        return known == null ? null : known.code();
    }

    /** The variable that holds the position of an index, or null. */
    private String ordinal(Index index) {
        return find(LoopScope.ordinalKey(index), writer.scope().depth());
    }

    /** The terms of a form without its constant. */
    private String sum(IndexForm part) {
        List<String> terms = new ArrayList<>();
        part.terms().forEach((monomial, coefficient) -> {
            String product = monomial.factors().stream().map(this::factor).collect(Collectors.joining(" * "));
            terms.add(coefficient == 1 ? product : coefficient == -1 ? "-" + product : coefficient + " * " + product);
        });
        StringBuilder text = new StringBuilder();
        for (String term : terms) {
            text.append(text.isEmpty() ? term : term.startsWith("-") ? " - " + term.substring(1) : " + " + term);
        }
        return text.toString();
    }

    private String factor(IndexForm.Factor factor) {
        return switch (factor) {
            case IndexForm.Component c -> component(c);
            case IndexForm.Quotient q -> {
                String dividend = write(q.dividend());
                yield q.dividend().bounds()[0] >= 0 ? "((" + dividend + ") / " + q.divisor() + ")"
                        : writer.floorDivide(dividend, q.divisor());
            }
            case IndexForm.Ordinal o -> {
                Index whole = Storage.wholeIndex(o.vector(), o.domain());
                String known = whole == null ? null : ordinal(whole);
                yield known != null ? known : position(o.vector(), o.domain());
            }
            case IndexForm.MemberComponent m -> writer.componentOrZero(m.domain(), m.component(), write(m.position()));
        };
    }

    private String component(IndexForm.Component component) {
        String known = find(component, writer.scope().depth());
        if (known != null) {
            return known;
        }
        Index index = component.index();
        String ordinal = ordinal(index);
        String value = switch (index.domain()) {
            case VectorDomain set -> writer.component(set, component.component(), ordinal);
            case IntegerDomain range -> ordinal + " + " + range.low();
            case Grid _ -> throw new IllegalStateException("a pixel has no position here");
        };
        return writer.name(component, index.name() + "_" + (component.component() + 1), value, levels.ofPosition(index));
    }
}
