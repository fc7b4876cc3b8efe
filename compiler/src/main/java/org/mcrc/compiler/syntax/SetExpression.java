package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Objects;
import org.mcrc.compiler.source.Span;

/** What an index ranges over. Parentheses that only group have no node. */
public sealed interface SetExpression {

    /** Where it stands. */
    Span span();

    /**
     * A declared vector set.
     *
     * @param name its name
     */
    record SetReference(String name, Span span) implements SetExpression {

        public SetReference {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code halfwindow(P)} and the like.
     *
     * @param constructor which set
     * @param arguments its arguments
     */
    record SetCall(Name constructor, List<Expression> arguments, Span span) implements SetExpression {

        public SetCall {
            Objects.requireNonNull(constructor, "constructor");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * The integers {@code low..high}, both included.
     *
     * @param low the first
     * @param high the last
     */
    record RangeSet(Expression low, Expression high, Span span) implements SetExpression {

        public RangeSet {
            Objects.requireNonNull(low, "low");
            Objects.requireNonNull(high, "high");
            Objects.requireNonNull(span, "span");
        }
    }

    /** {@code phases}: the integers from 0 to the number of phases less one. */
    record PhasesSet(Span span) implements SetExpression {

        public PhasesSet {
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * <code>{(0, 0), (1, 0)}</code>.
     *
     * @param members at least one
     */
    record EnumeratedSet(List<Expression> members, Span span) implements SetExpression {

        public EnumeratedSet {
            members = List.copyOf(members);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * <code>{r in SET | CONDITION}</code>.
     *
     * @param index the index that is bound
     * @param set what it ranges over
     * @param condition what a member satisfies
     */
    record FilteredSet(Name index, SetExpression set, Expression condition, Span span) implements SetExpression {

        public FilteredSet {
            Objects.requireNonNull(index, "index");
            Objects.requireNonNull(set, "set");
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * <code>{EXPR for a in A, b in B}</code>.
     *
     * @param value a member
     * @param generators what it is computed from, each with a set, at least one
     */
    record MappedSet(Expression value, List<IndexBinding> generators, Span span) implements SetExpression {

        public MappedSet {
            Objects.requireNonNull(value, "value");
            generators = List.copyOf(generators);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code A + B} and the like.
     *
     * @param operator the operator
     * @param left what stands before it
     * @param right what stands after it
     */
    record SetBinary(SetOperator operator, SetExpression left, SetExpression right, Span span)
            implements SetExpression {

        public SetBinary {
            Objects.requireNonNull(operator, "operator");
            Objects.requireNonNull(left, "left");
            Objects.requireNonNull(right, "right");
            Objects.requireNonNull(span, "span");
        }
    }

    /** The operators on sets. */
    enum SetOperator {
        UNION("+"),
        DIFFERENCE("-"),
        INTERSECTION("&");

        private final String symbol;

        SetOperator(String symbol) {
            this.symbol = symbol;
        }

        /** How it is written. */
        public String symbol() {
            return symbol;
        }
    }
}
