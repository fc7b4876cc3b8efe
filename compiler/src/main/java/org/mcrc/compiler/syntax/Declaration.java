package org.mcrc.compiler.syntax;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.mcrc.compiler.source.Span;

/** A declaration other than {@code descriptor}. Its span runs from its keyword to its last character. */
public sealed interface Declaration {

    /** The documentation comment: its lines without the slashes and one space, joined by line feeds; may be empty. */
    String documentation();

    /** Where it stands. */
    Span span();

    /** A declaration that introduces a name. */
    sealed interface Named extends Declaration {

        /** The name that it introduces. */
        Name name();
    }

    /**
     * {@code param NAME = EXPR [in [LO, HI]]}.
     *
     * @param value the default value
     * @param range the interval in which the value must lie
     */
    record ParamDeclaration(
            String documentation, Name name, Expression value, Optional<Interval> range, Span span)
            implements Named {

        public ParamDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(range, "range");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code field NAME[c: SET, …] [in [LO, HI]] [rank 2|3] [boundary periodic|open]}.
     *
     * @param indices the field's own indices, the pixel index not among them
     * @param range the interval of valid values
     * @param rank 2 or 3; absent if any will do
     * @param boundary what lies beyond the edge
     */
    record FieldDeclaration(
            String documentation,
            Name name,
            List<IndexBinding> indices,
            Optional<Interval> range,
            OptionalInt rank,
            Boundary boundary,
            Span span)
            implements Named {

        public FieldDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            indices = List.copyOf(indices);
            Objects.requireNonNull(range, "range");
            Objects.requireNonNull(rank, "rank");
            Objects.requireNonNull(boundary, "boundary");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code data NAME[i: SET, …] from "FILE.npy"}.
     *
     * @param indices one for each axis of the array
     * @param file the array's file
     */
    record DataDeclaration(String documentation, Name name, List<IndexBinding> indices, FileName file, Span span)
            implements Named {

        public DataDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            indices = List.copyOf(indices);
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code vectors NAME = SETEXPR}.
     *
     * @param set the members
     */
    record VectorsDeclaration(String documentation, Name name, SetExpression set, Span span) implements Named {

        public VectorsDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(set, "set");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code function NAME(z, …) = EXPR [solve c = START, … where EQ, …] [derivative EXPR]}.
     *
     * @param parameters the parameters
     * @param body the value
     * @param unknowns the constants that are solved for
     * @param equations what determines them
     * @param derivative what stands in for the derivative
     */
    record FunctionDeclaration(
            String documentation,
            Name name,
            List<Name> parameters,
            Expression body,
            List<Unknown> unknowns,
            List<Equation> equations,
            Optional<Expression> derivative,
            Span span)
            implements Named {

        public FunctionDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            parameters = List.copyOf(parameters);
            Objects.requireNonNull(body, "body");
            unknowns = List.copyOf(unknowns);
            equations = List.copyOf(equations);
            Objects.requireNonNull(derivative, "derivative");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * A constant that is solved for: {@code c = START}.
     *
     * @param name the constant
     * @param start where Newton's method starts
     * @param span all of it
     */
    record Unknown(Name name, Expression start, Span span) {

        public Unknown {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(start, "start");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * An equation of {@code where}.
     *
     * @param left the left-hand side
     * @param right the right-hand side
     * @param span all of it
     */
    record Equation(Expression left, Expression right, Span span) {

        public Equation {
            Objects.requireNonNull(left, "left");
            Objects.requireNonNull(right, "right");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code multigrid coarsest EXPR [factor K] [weight EXPR]}.
     *
     * @param coarsest the smallest extent that a level may have
     * @param factor by how much each level is coarser than the one before; 2 if absent
     * @param weight a level's weight; 1 if absent
     */
    record MultigridDeclaration(
            String documentation,
            Expression coarsest,
            Optional<Expression> factor,
            Optional<Expression> weight,
            Span span)
            implements Declaration {

        public MultigridDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(coarsest, "coarsest");
            Objects.requireNonNull(factor, "factor");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code slices all} or {@code slices 1, 3}.
     *
     * @param axes the axes to which slices are perpendicular, from 1, ascending, each once; all three for {@code all}
     */
    record SlicesDeclaration(String documentation, List<Integer> axes, Span span) implements Declaration {

        public SlicesDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            axes = List.copyOf(axes);
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code let NAME[i, j: SET, …] = EXPR}.
     *
     * @param indices the indices, pixel index among them
     * @param body an element's value
     */
    record LetDeclaration(String documentation, Name name, List<IndexBinding> indices, Expression body, Span span)
            implements Named {

        public LetDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            indices = List.copyOf(indices);
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code output NAME[i: SET, … | GUARD] = EXPR [weight EXPR]}.
     *
     * @param indices the indices
     * @param guard which elements take part in the comparison; all if absent
     * @param body an element's value
     * @param weight its weight in the loss; 1 if absent
     */
    record OutputDeclaration(
            String documentation,
            Name name,
            List<IndexBinding> indices,
            Optional<Expression> guard,
            Expression body,
            Optional<Expression> weight,
            Span span)
            implements Named {

        public OutputDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            indices = List.copyOf(indices);
            Objects.requireNonNull(guard, "guard");
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code report NAME[i: SET, … | GUARD] = EXPR}.
     *
     * @param indices the indices
     * @param guard which elements there are; all if absent
     * @param body an element's value
     */
    record ReportDeclaration(
            String documentation,
            Name name,
            List<IndexBinding> indices,
            Optional<Expression> guard,
            Expression body,
            Span span)
            implements Named {

        public ReportDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            indices = List.copyOf(indices);
            Objects.requireNonNull(guard, "guard");
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code penalty NAME = EXPR weight EXPR}.
     *
     * @param body the penalty
     * @param weight its weight in the loss, which may read {@code E}
     */
    record PenaltyDeclaration(String documentation, Name name, Expression body, Expression weight, Span span)
            implements Named {

        public PenaltyDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code loss l2}.
     *
     * @param kind how outputs are compared with their targets
     */
    record LossDeclaration(String documentation, LossKind kind, Span span) implements Declaration {

        public LossDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * {@code use NAME from "FILE.mcr" [with P = EXPR, …] [weight EXPR]}.
     *
     * @param file the included descriptor's file
     * @param assignments its params that are given another value
     * @param weight what its outputs' weights are multiplied by; 1 if absent
     */
    record UseDeclaration(
            String documentation,
            Name name,
            FileName file,
            List<Assignment> assignments,
            Optional<Expression> weight,
            Span span)
            implements Named {

        public UseDeclaration {
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(file, "file");
            assignments = List.copyOf(assignments);
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(span, "span");
        }
    }

    /**
     * A param's value in {@code with}.
     *
     * @param name the included file's param
     * @param value its value, in the including file's terms
     * @param span all of it
     */
    record Assignment(Name name, Expression value, Span span) {

        public Assignment {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(span, "span");
        }
    }
}
