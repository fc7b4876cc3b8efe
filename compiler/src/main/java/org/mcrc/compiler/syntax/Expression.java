package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.mcrc.compiler.source.Span;

/**
 * An expression. Parentheses that only group have no node; the span of what they enclose does not hold them, but the
 * span of what is made of it does.
 */
public sealed interface Expression {

    /** Where it stands. */
    Span span();

    /**
     * A number.
     *
     * @param value its value, finite and not negative
     * @param integer whether it was written without point and exponent
     */
    record NumberLiteral(double value, boolean integer, Span span) implements Expression {

        public NumberLiteral {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("not the value of a literal: " + value);
            }
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * The value of a name: a param, an index, an array without indices, a parameter, {@code pi}, {@code E},
     * {@code level}, {@code phases}.
     *
     * @param name the name
     */
    record NameReference(String name, Span span) implements Expression {

        public NameReference {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * The value of a declared or built-in function, or of one of its derivatives: {@code f''(z)}. {@code size(x)} and
     * {@code extent(x, 1)} are calls too.
     *
     * @param function the function
     * @param primes which derivative: 0, 1 or 2
     * @param arguments the arguments
     */
    record Call(Name function, int primes, List<Expression> arguments, Span span) implements Expression {

        public Call {
            Objects.requireNonNull(function, "function");
            if (primes < 0 || primes > 2) {
                throw new IllegalArgumentException("primes: " + primes);
            }
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * The number of members of a set: {@code count(R)}.
     *
     * @param set the set
     */
    record Count(SetExpression set, Span span) implements Expression {

        public Count {
            Objects.requireNonNull(set, "set");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * An element of an array: {@code e[x, a - b]}.
     *
     * @param array the array
     * @param subscripts one for each of its indices
     */
    record Subscript(Name array, List<Expression> subscripts, Span span) implements Expression {

        public Subscript {
            Objects.requireNonNull(array, "array");
            subscripts = List.copyOf(subscripts);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code -a} or {@code not a}.
     *
     * @param operator which of the two
     * @param operand what it is applied to
     */
    record Unary(UnaryOperator operator, Expression operand, Span span) implements Expression {

        public Unary {
            Objects.requireNonNull(operator, "operator");
            Objects.requireNonNull(operand, "operand");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code a + b} and the like.
     *
     * @param operator the operator
     * @param left what stands before it
     * @param right what stands after it
     */
    record Binary(BinaryOperator operator, Expression left, Expression right, Span span) implements Expression {

        public Binary {
            Objects.requireNonNull(operator, "operator");
            Objects.requireNonNull(left, "left");
            Objects.requireNonNull(right, "right");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code if C then A else B}.
     *
     * @param condition C
     * @param consequence A
     * @param alternative B
     */
    record Conditional(Expression condition, Expression consequence, Expression alternative, Span span)
            implements Expression {

        public Conditional {
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(consequence, "consequence");
            Objects.requireNonNull(alternative, "alternative");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code sum[x, k: 0..3 | C](…)} and the like.
     *
     * @param operator how terms are combined
     * @param indices what is reduced over, at least one
     * @param guard which terms take part; all if absent
     * @param body a term
     */
    record Reduction(
            ReductionOperator operator,
            List<IndexBinding> indices,
            Optional<Expression> guard,
            Expression body,
            Span span)
            implements Expression {

        public Reduction {
            Objects.requireNonNull(operator, "operator");
            indices = List.copyOf(indices);
            Objects.requireNonNull(guard, "guard");
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * A vector: {@code (1, 0)}.
     *
     * @param components at least two
     */
    record VectorLiteral(List<Expression> components, Span span) implements Expression {

        public VectorLiteral {
            components = List.copyOf(components);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * A component of a vector: {@code r.1}.
     *
     * @param vector the vector
     * @param component which one, from 1
     */
    record ComponentSelect(Expression vector, int component, Span span) implements Expression {

        public ComponentSelect {
            Objects.requireNonNull(vector, "vector");
            Objects.requireNonNull(span, "span");
        }
    }

    /** The operators with one operand. */
    enum UnaryOperator {
        NEGATE("-"),
        NOT("not");

        private final String symbol;

        UnaryOperator(String symbol) {
            this.symbol = symbol;
        }

        /** How it is written. */
        public String symbol() {
            return symbol;
        }
    }

    /** The operators with two operands. */
    enum BinaryOperator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        /** Real division. */
        DIVIDE("/"),
        /** Floored integer division. */
        DIV("div"),
        /** The remainder of the floored integer division. */
        MOD("mod"),
        POWER("^"),
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        AND("and"),
        OR("or");

        private final String symbol;

        BinaryOperator(String symbol) {
            this.symbol = symbol;
        }

        /** How it is written. */
        public String symbol() {
            return symbol;
        }

        /** Whether it is one of {@code == != < <= > >=}. */
        public boolean isComparison() {
            return switch (this) {
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, DIV, MOD, POWER, AND, OR -> false;
            };
        }
    }

    /** How the terms of a reduction are combined. */
    enum ReductionOperator {
        SUM("sum"),
        MEAN("mean"),
        PROD("prod"),
        MAX("max"),
        MIN("min");

        private final String word;

        ReductionOperator(String word) {
            this.word = word;
        }

        /** How it is written. */
        public String word() {
            return word;
        }
    }
}
