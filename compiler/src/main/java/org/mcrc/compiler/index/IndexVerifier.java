package org.mcrc.compiler.index;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that a program is well formed: run after every pass, so that a pass that breaks it is caught at once and by name.
 * What it finds is a defect of the compiler, never of the user's file.
 */
public final class IndexVerifier {
    private final String pass;
    private final Map<String, Tensor> known = new HashMap<>();

    private IndexVerifier(String pass) {
        this.pass = pass;
    }

    /**
     * @param pass the pass that produced the program, named in the failure
     * @throws IllegalStateException where the program is malformed
     */
    public static void verify(IndexProgram program, String pass) {
        IndexVerifier verifier = new IndexVerifier(pass);
        program.fields().forEach(field -> verifier.declare(field.tensor()));
        program.data().forEach(data -> verifier.declare(data.tensor()));
        program.targets().forEach(verifier::declare);
        for (Definition definition : program.definitions()) {
            verifier.expression(definition, definition.body(), new HashSet<>(definition.axes()),
                    program.arguments().keySet());
            verifier.declare(definition.tensor());
        }
        for (Tensor root : program.roots()) {
            if (!root.equals(verifier.known.get(root.name()))) {
                throw verifier.failure(root.name() + " is asked for and not defined");
            }
        }
    }

    private void declare(Tensor tensor) {
        if (known.putIfAbsent(tensor.name(), tensor) != null) {
            throw failure(tensor.name() + " is defined twice");
        }
    }

    private void expression(Definition definition, Expression root, Set<Index> bound, Set<String> arguments) {
        for (Index index : Expressions.freeIndices(root)) {
            if (!bound.contains(index)) {
                throw failure("index " + index.name() + " is unbound in " + definition);
            }
        }
        for (Expression node : Expressions.nodes(root)) {
            if (node instanceof Read read && !read.tensor().equals(known.get(read.tensor().name()))) {
                throw failure(read.tensor().name() + " is read before it is defined in " + definition);
            }
            if (node instanceof Argument argument && !arguments.contains(argument.name())) {
                throw failure("argument " + argument.name() + " has no value in " + definition);
            }
            if (!wellTyped(node)) {
                throw failure("a number stands for a condition or the other way round: " + node + " in " + definition);
            }
        }
        if (root.isLogical()) {
            throw failure("a condition is no value: " + definition);
        }
    }

    private static boolean wellTyped(Expression node) {
        List<Expression> children = node.children();
        return switch (node) {
            case Constant _, Argument _, Coordinate _, Member _, Read _ -> true;
            case Unary unary -> unary.operand().isLogical() == (unary.operator() == UnaryOperator.NOT);
            case Binary binary -> {
                boolean logical = binary.operator() == BinaryOperator.AND || binary.operator() == BinaryOperator.OR;
                yield children.stream().allMatch(child -> child.isLogical() == logical);
            }
            case Select select -> select.condition().isLogical()
                    && select.then().isLogical() == select.otherwise().isLogical();
            case Reduce reduce -> reduce.guard().isLogical() && !reduce.body().isLogical()
                    && Expressions.reads(reduce.guard()).isEmpty();
            case WithDerivative _ -> children.stream().noneMatch(Expression::isLogical);
        };
    }

    private IllegalStateException failure(String message) {
        return new IllegalStateException("after " + pass + ": " + message);
    }
}
