package org.mcrc.compiler.bind;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexForm;

/** What a formula of the language is bound to. */
sealed interface Value {

    /**
     * A real number.
     *
     * @param expression its value; numeric params are arguments in it
     * @param structural the same with params put in, made of indices and constants only, constants folded; null where
     *     it depends on arrays or cannot be known here
     * @param form the same as an integer polynomial of indices, or null where it is none
     * @param arguments the arguments whose present values went into {@code structural}
     */
    record Number(Expression expression, Expression structural, IndexForm form, Set<String> arguments) implements Value {
        public Number {
            arguments = Set.copyOf(arguments);
        }

        static Number of(double value) {
            IndexForm form = value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE
                    ? IndexForm.constant((int) value) : null;
            return new Number(Expressions.constant(value), Expressions.constant(value), form, Set.of());
        }

        static Number of(IndexForm form) {
            Expression coordinate = Expressions.coordinate(form);
            return new Number(coordinate, coordinate, form, Set.of());
        }

        /** A number that depends on arrays. */
        static Number computed(Expression expression) {
            return new Number(expression, null, null, Set.of());
        }

        /** An argument of the program that has a value now. */
        static Number argument(String name, double value) {
            Number constant = of(value);
            return new Number(Expressions.argument(name), constant.structural, constant.form, Set.of(name));
        }

        /** The value where it is the same for all indices and arrays. */
        OptionalDouble constant() {
            return structural instanceof Constant constant ? OptionalDouble.of(constant.value()) : OptionalDouble.empty();
        }

        /** Whether the literal 0 stands here, which may also mean the zero vector. */
        boolean isZero() {
            return arguments.isEmpty() && form != null && form.isConstant() && form.constant() == 0;
        }
    }

    /** An integer vector or the position of a pixel, component by component. */
    record Vector(List<IndexForm> components) implements Value {
        public Vector {
            components = List.copyOf(components);
        }

        int dimension() {
            return components.size();
        }
    }

    /** A condition; see {@link Number} for the components. */
    record Truth(Expression expression, Expression structural, Set<String> arguments) implements Value {
        public Truth {
            arguments = Set.copyOf(arguments);
        }

        static Truth of(boolean value) {
            return new Truth(Expressions.truth(value), Expressions.truth(value), Set.of());
        }
    }
}
