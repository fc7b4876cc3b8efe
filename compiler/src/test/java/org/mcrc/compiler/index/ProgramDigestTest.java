package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramDigestTest {
    private static final Grid GRID = new Grid(List.of(4, 5));

    /** The sum over x, r, s of M[x + a] * D[r], where a is r or s. */
    private static IndexProgram program(boolean second, List<int[]> members, double datum, double argument, double low) {
        VectorDomain set = new VectorDomain("R", 2, members);
        Tensor field = new Tensor("M", Tensor.Kind.FIELD, List.of(GRID));
        Tensor data = new Tensor("D", Tensor.Kind.DATA, List.of(set));
        Index x = new Index("x", GRID);
        // Two indices of one name over one set: the printed forms are the same whichever shifts the field.
        Index r = new Index("r", set);
        Index s = new Index("r", set);
        Index shift = second ? s : r;
        Expression moved = Expressions.read(field, List.of(List.of(
                IndexForm.of(x, 0).plus(IndexForm.of(shift, 0)), IndexForm.of(x, 1).plus(IndexForm.of(shift, 1)))));
        Expression body = Expressions.multiply(Expressions.multiply(moved, Expressions.argument("a")),
                Expressions.readAt(data, List.of(r)));
        Tensor loss = Tensor.defined("L", List.of());
        Definition definition = new Definition(loss, List.of(),
                Expressions.sum(List.of(x, r, s), Expressions.always(), body), "");
        double[] values = new double[set.size()];
        Arrays.fill(values, datum);
        return new IndexProgram("test", "", 2, List.of(new IndexProgram.Field(field, low, 1, false, "")),
                List.of(new IndexProgram.Data(data, values)), List.of(), Map.of("a", argument), List.of(definition),
                List.of(), List.of(), List.of(), loss, loss, Map.of());
    }

    private static final List<int[]> MEMBERS = List.of(new int[] {0, 1}, new int[] {1, 0});

    @Test
    void aProgramMadeTwiceHasOneDigest() {
        assertArrayEquals(ProgramDigest.of(program(false, MEMBERS, 1, 2, 0)),
                ProgramDigest.of(program(false, MEMBERS, 1, 2, 0)));
    }

    @Test
    void whatThePrintedFormDoesNotShowIsCovered() {
        IndexProgram one = program(false, MEMBERS, 1, 2, 0);
        for (IndexProgram other : List.of(program(true, MEMBERS, 1, 2, 0),
                program(false, List.of(new int[] {0, 1}, new int[] {1, 1}), 1, 2, 0),
                program(false, MEMBERS, 3, 2, 0), program(false, MEMBERS, 1, 2, -1))) {
            assertEquals(one.toString(), other.toString());
            assertFalse(Arrays.equals(ProgramDigest.of(one), ProgramDigest.of(other)));
        }
    }

    @Test
    void argumentsAreCovered() {
        assertFalse(Arrays.equals(ProgramDigest.of(program(false, MEMBERS, 1, 2, 0)),
                ProgramDigest.of(program(false, MEMBERS, 1, 2.5, 0))));
    }
}
