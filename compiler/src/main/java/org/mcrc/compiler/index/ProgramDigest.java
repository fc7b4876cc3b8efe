package org.mcrc.compiler.index;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program's hash over everything in it: two programs with the same hash give the same kernels and manifest. Unlike the
 * printed form it tells indices of the same name apart and covers members of sets, data and documentation. The order
 * in which indices were made shows in the order of terms, which it covers too.
 */
public final class ProgramDigest {
    private final Map<Index, Integer> indices = new IdentityHashMap<>();
    private final Map<Expression, Integer> expressions = new IdentityHashMap<>();
    private final Map<Domain, Integer> domains = new IdentityHashMap<>();
    private final DataOutputStream output;

    private ProgramDigest(DataOutputStream output) {
        this.output = output;
    }

    /** The SHA-256 of a program. */
    public static byte[] of(IndexProgram program) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DataOutputStream output = new DataOutputStream(new java.io.BufferedOutputStream(
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest)));
            new ProgramDigest(output).program(program);
            output.flush();
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What may go wrong in writing, which nothing does here. */
    private interface Writer<T> {
        void write(T value) throws IOException;
    }

    private <T> void each(Collection<T> values, Writer<T> writer) throws IOException {
        output.writeInt(values.size());
        for (T value : values) {
            writer.write(value);
        }
    }

    /** A text of any length, which {@code writeUTF} does not take. */
    private void text(String text) throws IOException {
        output.writeInt(text.length());
        output.writeChars(text);
    }

    private void program(IndexProgram program) throws IOException {
        text(program.name());
        text(program.documentation());
        output.writeInt(program.phases());
        each(program.fields(), this::field);
        each(program.data(), this::data);
        each(program.targets(), this::tensor);
        each(program.arguments().entrySet(), argument -> {
            text(argument.getKey());
            output.writeDouble(argument.getValue());
        });
        each(program.definitions(), this::definition);
        each(program.outputs(), this::output);
        each(program.reports(), this::output);
        each(program.penalties(), this::penalty);
        tensor(program.error());
        tensor(program.loss());
        each(program.gradients().entrySet(), gradient -> {
            text(gradient.getKey());
            tensor(gradient.getValue());
        });
    }

    private void field(IndexProgram.Field field) throws IOException {
        tensor(field.tensor());
        output.writeDouble(field.low());
        output.writeDouble(field.high());
        output.writeBoolean(field.phases());
        text(field.documentation());
    }

    private void data(IndexProgram.Data data) throws IOException {
        tensor(data.tensor());
        output.writeInt(data.values().length);
        for (double value : data.values()) {
            output.writeDouble(value);
        }
    }

    private void output(IndexProgram.Output shown) throws IOException {
        text(shown.entry());
        tensor(shown.value());
        output.writeBoolean(shown.target() != null);
        if (shown.target() != null) {
            tensor(shown.target());
        }
        text(shown.documentation());
    }

    private void penalty(IndexProgram.Penalty penalty) throws IOException {
        text(penalty.name());
        tensor(penalty.value());
    }

    private void definition(Definition definition) throws IOException {
        tensor(definition.tensor());
        each(definition.axes(), this::index);
        expression(definition.body());
        text(definition.comment());
    }

    private void tensor(Tensor tensor) throws IOException {
        text(tensor.name());
        output.writeByte(tensor.kind().ordinal());
        each(tensor.axes(), this::domain);
    }

    /** The number of what was met before, else the next number, after which it is to be described. */
    private <T> boolean isNew(Map<T, Integer> numbers, T value) throws IOException {
        int next = numbers.size();
        Integer known = numbers.putIfAbsent(value, next);
        output.writeInt(known == null ? next : known);
        return known == null;
    }

    private void index(Index index) throws IOException {
        if (isNew(indices, index)) {
            text(index.name());
            domain(index.domain());
        }
    }

    private void domain(Domain domain) throws IOException {
        if (!isNew(domains, domain)) {
            return;
        }
        switch (domain) {
            case Grid(List<Integer> extents) -> {
                output.writeByte(0);
                each(extents, output::writeInt);
            }
            case IntegerDomain(int low, int high) -> {
                output.writeByte(1);
                output.writeInt(low);
                output.writeInt(high);
            }
            case VectorDomain set -> {
                output.writeByte(2);
                text(set.name());
                output.writeInt(set.components());
                output.writeInt(set.size());
                for (int member = 0; member < set.size(); member++) {
                    for (int component = 0; component < set.components(); component++) {
                        output.writeInt(set.component(member, component));
                    }
                }
            }
        }
    }

    private void form(IndexForm form) throws IOException {
        output.writeInt(form.constant());
        each(form.terms().entrySet(), term -> {
            output.writeInt(term.getValue());
            each(term.getKey().factors(), this::factor);
        });
    }

    private void factor(IndexForm.Factor factor) throws IOException {
        switch (factor) {
            case IndexForm.Component(Index index, int component) -> {
                output.writeByte(0);
                index(index);
                output.writeInt(component);
            }
            case IndexForm.Quotient(IndexForm dividend, int divisor) -> {
                output.writeByte(1);
                form(dividend);
                output.writeInt(divisor);
            }
            case IndexForm.Ordinal(List<IndexForm> vector, VectorDomain domain) -> {
                output.writeByte(2);
                each(vector, this::form);
                domain(domain);
            }
            case IndexForm.MemberComponent(IndexForm position, VectorDomain domain, int component) -> {
                output.writeByte(3);
                form(position);
                domain(domain);
                output.writeInt(component);
            }
        }
    }

    private void expression(Expression expression) throws IOException {
        if (!isNew(expressions, expression)) {
            return;
        }
        switch (expression) {
            case Constant(double value) -> {
                output.writeByte(0);
                output.writeDouble(value);
            }
            case Argument(String name) -> {
                output.writeByte(1);
                text(name);
            }
            case Coordinate(IndexForm form) -> {
                output.writeByte(2);
                form(form);
            }
            case Member(List<IndexForm> vector, VectorDomain domain) -> {
                output.writeByte(3);
                each(vector, this::form);
                domain(domain);
            }
            case Read(Tensor tensor, List<List<IndexForm>> subscripts) -> {
                output.writeByte(4);
                tensor(tensor);
                each(subscripts, subscript -> each(subscript, this::form));
            }
            case Unary(UnaryOperator operator, Expression operand) -> {
                output.writeByte(5);
                output.writeByte(operator.ordinal());
                expression(operand);
            }
            case Binary(BinaryOperator operator, Expression left, Expression right) -> {
                output.writeByte(6);
                output.writeByte(operator.ordinal());
                expression(left);
                expression(right);
            }
            case Select(Expression condition, Expression then, Expression otherwise) -> {
                output.writeByte(7);
                expression(condition);
                expression(then);
                expression(otherwise);
            }
            case Reduce(ReductionOperator operator, List<Index> bound, Expression guard, Expression body) -> {
                output.writeByte(8);
                output.writeByte(operator.ordinal());
                each(bound, this::index);
                expression(guard);
                expression(body);
            }
            case WithDerivative(Expression value, Expression argument, Expression derivative) -> {
                output.writeByte(9);
                expression(value);
                expression(argument);
                expression(derivative);
            }
        }
    }
}
