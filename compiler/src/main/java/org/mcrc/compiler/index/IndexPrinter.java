package org.mcrc.compiler.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The printed form of the Index IR, in the notation of the language. */
final class IndexPrinter {
    /** The values of a table that are shown. */
    private static final int MOST_VALUES = 12;

    /** How tightly what is printed holds together: what stands where a tighter one is needed gets parentheses. */
    private static final int LOOSE = 0;
    private static final int COMPARISON = 3;
    private static final int SUM = 4;
    private static final int PRODUCT = 5;
    private static final int SIGN = 7;
    private static final int POWER = 8;
    private static final int ATOM = 10;

    /** Of one formula: nobody reads longer ones, and what shares parts again and again would be longer than any memory. */
    private static final long MOST_OPERATIONS = 20_000;

    private IndexPrinter() {}

    static String program(IndexProgram program) {
        StringBuilder text = new StringBuilder("program " + program.name() + "\n");
        program.fields().forEach(field -> text.append("field ").append(shape(field.tensor())).append('\n'));
        program.data().forEach(data -> text.append("data ").append(shape(data.tensor())).append('\n'));
        program.targets().forEach(target -> text.append("target ").append(shape(target)).append('\n'));
        program.arguments().forEach((name, value) -> text.append("argument ").append(name).append(" = ").append(value)
                .append('\n'));
        program.definitions().forEach(definition -> text.append(definition(definition)).append('\n'));
        program.outputs().forEach(output -> text.append("output ").append(output.entry()).append(" = ")
                .append(output.value().name()).append('\n'));
        program.reports().forEach(report -> text.append("report ").append(report.entry()).append(" = ")
                .append(report.value().name()).append('\n'));
        program.penalties().forEach(penalty -> text.append("penalty ").append(penalty.name()).append(" = ")
                .append(penalty.value().name()).append('\n'));
        text.append("error ").append(program.error().name()).append("\nloss ").append(program.loss().name()).append('\n');
        program.gradients().forEach((field, gradient) -> text.append("gradient ").append(field).append(" = ")
                .append(gradient.name()).append('\n'));
        return text.toString();
    }

    private static String shape(Tensor tensor) {
        return tensor.name() + tensor.axes();
    }

    static String definition(Definition definition) {
        return formula(definition) + (definition.comment().isEmpty() ? "" : "  // " + definition.comment());
    }

    static String formula(Definition definition) {
        String axes = definition.axes().stream().map(IndexPrinter::binding).collect(Collectors.joining(", "));
        return "let " + definition.name() + (axes.isEmpty() ? "" : "[" + axes + "]") + " = "
                + expression(definition.body());
    }

    private static String binding(Index index) {
        return index.name() + ": " + index.domain();
    }

    static String expression(Expression expression) {
        long operations = Expressions.writtenOut(expression);
        return operations <= MOST_OPERATIONS ? expression(expression, LOOSE)
                : "… (" + (operations == Long.MAX_VALUE ? "too many" : operations) + " operations when written out)";
    }

    private static String expression(Expression expression, int context) {
        return switch (expression) {
            case Constant c -> parenthesized(number(c.value()), c.value() < 0 ? SIGN : ATOM, context);
            case Argument a -> a.name();
            case Coordinate c -> form(c.form(), context);
            case Member m -> parenthesized(vector(m.vector()) + " in " + m.domain(), COMPARISON, context);
            case Read r -> r.tensor().name() + (r.subscripts().isEmpty() ? "" : r.subscripts().stream()
                    .map(IndexPrinter::vector).collect(Collectors.joining(", ", "[", "]")));
            case Unary u -> u.operator() == UnaryOperator.NEGATE || u.operator() == UnaryOperator.NOT
                    ? parenthesized(u.operator().symbol() + expression(u.operand(), SIGN + 1), SIGN, context)
                    : u.operator().symbol() + "(" + expression(u.operand()) + ")";
            case Binary b -> binary(b, context);
            case Select s -> parenthesized("if " + expression(s.condition()) + " then " + expression(s.then(), 1)
                    + " else " + expression(s.otherwise(), 1), LOOSE, context);
            case Reduce r -> r.operator().symbol() + r.indices().stream().map(IndexPrinter::binding)
                    .collect(Collectors.joining(", ", "[", ""))
                    + (Expressions.isAlways(r.guard()) ? "" : " | " + expression(r.guard())) + "]("
                    + expression(r.body()) + ")";
            case WithDerivative w -> "withDerivative(" + expression(w.value()) + "; " + expression(w.argument()) + "; "
                    + expression(w.derivative()) + ")";
        };
    }

    private static String binary(Binary b, int context) {
        int level = switch (b.operator()) {
            case OR -> 1;
            case AND -> 2;
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL -> COMPARISON;
            case ADD, SUBTRACT -> SUM;
            case MULTIPLY, DIVIDE -> PRODUCT;
            case POWER -> POWER;
            case MINIMUM, MAXIMUM, ATAN2, POLYGAMMA -> ATOM;
        };
        if (level == ATOM) {
            return b.operator().symbol() + "(" + expression(b.left()) + ", " + expression(b.right()) + ")";
        }
        boolean tight = level == POWER;
        return parenthesized(expression(b.left(), tight ? POWER + 1 : level) + (tight ? "^" : " " + b.operator().symbol() + " ")
                + expression(b.right(), level + 1), level, context);
    }

    private static String parenthesized(String text, int level, int context) {
        return level < context ? "(" + text + ")" : text;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** A vector of forms: as an expression on whole indices where it is one, else component by component. */
    static String vector(List<IndexForm> forms) {
        if (forms.size() == 1) {
            return forms.getFirst().toString();
        }
        Map<IndexForm.Monomial, Integer> first = forms.getFirst().terms();
        List<String> terms = new ArrayList<>();
        boolean whole = true;
        for (Map.Entry<IndexForm.Monomial, Integer> term : first.entrySet()) {
            List<IndexForm.Factor> factors = term.getKey().factors();
            String name = null;
            if (factors.size() == 1 && factors.getFirst() instanceof IndexForm.Component c && c.component() == 0
                    && c.index().domain().components() == forms.size()) {
                name = c.index().name();
                for (int k = 1; k < forms.size(); k++) {
                    whole &= term.getValue().equals(forms.get(k).terms().get(
                            new IndexForm.Monomial(List.of(new IndexForm.Component(c.index(), k)))));
                }
            }
            whole &= name != null;
            terms.add(coefficient(term.getValue(), name, terms.isEmpty()));
        }
        whole &= forms.stream().allMatch(form -> form.terms().size() == first.size()) && !first.isEmpty();
        if (!whole) {
            return forms.stream().map(IndexForm::toString).collect(Collectors.joining(", ", "(", ")"));
        }
        String sum = String.join("", terms);
        return forms.stream().allMatch(form -> form.constant() == 0) ? sum
                : sum + " + " + forms.stream().map(form -> String.valueOf(form.constant()))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    static String form(IndexForm form) {
        return form(form, LOOSE);
    }

    private static String form(IndexForm form, int context) {
        List<Summand> summands = summands(form);
        StringBuilder text = new StringBuilder();
        summands.forEach(summand -> text.append(summand.text(text.isEmpty())));
        return parenthesized(text.toString(), summands.size() == 1 ? summands.getFirst().level() : SUM, context);
    }

    /**
     * A coefficient times something.
     *
     * @param factor as it is printed alone
     * @param isQuotient whether a sign or a coefficient before it would take its left operand only
     */
    private record Summand(long coefficient, String factor, int tightness, boolean isQuotient) {
        static Summand constant(long value) {
            return new Summand(value < 0 ? -1 : 1, String.valueOf(Math.abs(value)), ATOM, false);
        }

        int level() {
            return coefficient == 1 ? tightness : coefficient == -1 && tightness == ATOM ? SIGN : PRODUCT;
        }

        String text(boolean first) {
            boolean bare = !isQuotient || coefficient == 1 || coefficient == -1 && !first;
            return IndexPrinter.coefficient(coefficient, bare ? factor : "(" + factor + ")", first);
        }
    }

    private static List<Summand> summands(IndexForm form) {
        Map<IndexForm.Monomial, Integer> rest = new LinkedHashMap<>(form.terms());
        long constant = form.constant();
        List<Summand> summands = new ArrayList<>();
        for (Map.Entry<IndexForm.Monomial, Integer> term : form.terms().entrySet()) {
            // a - n * (a div n) is a mod n, and is read as that.
            if (rest.containsKey(term.getKey()) && term.getKey().factors().size() == 1
                    && term.getKey().factors().getFirst() instanceof IndexForm.Quotient quotient
                    && term.getValue() % quotient.divisor() == 0) {
                long times = -(long) term.getValue() / quotient.divisor();
                Map<IndexForm.Monomial, Integer> dividend = quotient.dividend().terms();
                if (dividend.entrySet().stream().allMatch(each -> each.getValue() * times
                        == rest.getOrDefault(each.getKey(), 0))) {
                    rest.remove(term.getKey());
                    rest.keySet().removeAll(dividend.keySet());
                    constant -= times * quotient.dividend().constant();
                    summands.add(new Summand(times, quotient(quotient, "mod"), PRODUCT, true));
                }
            }
        }
        rest.forEach((monomial, coefficient) -> {
            List<IndexForm.Factor> factors = monomial.factors();
            IndexForm.Factor first = factors.getFirst();
            summands.add(factors.size() == 1
                    ? new Summand(coefficient, factor(first), tightness(first), first instanceof IndexForm.Quotient)
                    : new Summand(coefficient, factors.stream().map(factor ->
                            parenthesized(factor(factor), tightness(factor), ATOM)).collect(Collectors.joining("*")),
                            PRODUCT, false));
        });
        if (constant != 0 || summands.isEmpty()) {
            summands.add(Summand.constant(constant));
        }
        return summands;
    }

    private static String coefficient(long coefficient, String name, boolean first) {
        String sign = coefficient < 0 ? first ? "-" : " - " : first ? "" : " + ";
        return sign + (Math.abs(coefficient) == 1 ? "" : Math.abs(coefficient) + "*") + name;
    }

    /** The values of a table, the first of many. */
    private static String table(IndexForm.MemberComponent factor) {
        int size = factor.domain().size();
        return IntStream.range(0, Math.min(size, MOST_VALUES)).mapToObj(position -> String.valueOf(factor.at(position)))
                .collect(Collectors.joining(", ", "{", size > MOST_VALUES ? ", …}" : "}"));
    }

    private static String factor(IndexForm.Factor factor) {
        return switch (factor) {
            case IndexForm.Component c -> c.index().domain().components() == 1 ? c.index().name()
                    : c.index().name() + "." + (c.component() + 1);
            case IndexForm.Quotient q -> quotient(q, "div");
            case IndexForm.Ordinal o -> "ordinal(" + vector(o.vector()) + " in " + o.domain() + ")";
            case IndexForm.MemberComponent m -> table(m) + "[" + m.position() + "]";
        };
    }

    private static int tightness(IndexForm.Factor factor) {
        return factor instanceof IndexForm.Quotient ? PRODUCT : ATOM;
    }

    private static String quotient(IndexForm.Quotient quotient, String operator) {
        return form(quotient.dividend(), ATOM) + " " + operator + " " + quotient.divisor();
    }
}
