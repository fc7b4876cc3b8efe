package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
    private static final Grid GRID = new Grid(List.of(4, 6));
    private static final Tensor FIELD = new Tensor("M", Tensor.Kind.FIELD, List.of(GRID));
    private static final IntegerDomain RANGE = new IntegerDomain(0, 3);
    private static final Tensor TABLE = new Tensor("T", Tensor.Kind.DATA, List.of(RANGE));

    private final Index x = new Index("x", GRID);
    private final Index k = new Index("k", RANGE);

    private Expression pixel(int shift) {
        return Expressions.read(FIELD, List.of(List.of(IndexForm.of(x, 0).plus(shift), IndexForm.of(x, 1))));
    }

    @Test
    void equalNodesAreTheSameObject() {
        Expression first = Expressions.add(pixel(1), Expressions.multiply(Expressions.constant(2), Expressions.argument("a")));
        Expression second = Expressions.add(pixel(1), Expressions.multiply(Expressions.constant(2), Expressions.argument("a")));
        assertSame(first, second);
        assertNotSame(first, Expressions.add(pixel(2), Expressions.multiply(Expressions.constant(2),
                Expressions.argument("a"))));
        assertNotSame(Expressions.constant(0.0), Expressions.constant(-0.0));
    }

    @Test
    void aSharedGraphIsWalkedOnce() {
        Expression node = pixel(0);
        for (int depth = 0; depth < 200; depth++) {
            node = Expressions.add(node, node);
        }
        assertEquals(201, Expressions.nodes(node).size());
        assertEquals(Set.of(x), Expressions.freeIndices(node));
        Expression doubled = Expressions.rewrite(node, each -> each == pixel(0) ? pixel(1) : each);
        assertEquals(List.of(pixel(1)), List.copyOf(Expressions.reads(doubled)));
    }

    @Test
    void whatAReductionBindsIsNotFree() {
        Expression body = Expressions.multiply(pixel(0), Expressions.readAt(TABLE, List.of(k)));
        Expression sum = Expressions.sum(List.of(k), Expressions.binary(BinaryOperator.LESS,
                Expressions.coordinate(IndexForm.of(k, 0)), Expressions.coordinate(IndexForm.of(x, 0))), body);
        assertEquals(Set.of(x), Expressions.freeIndices(sum));
        assertEquals(Set.of(x, k), Expressions.freeIndices(body));
    }

    @Test
    void substitutedPixelsWrapWhereTheyAreNumbersAndStayInSubscripts() {
        Expression number = Expressions.coordinate(IndexForm.of(x, 0));
        Expression both = Expressions.add(pixel(0), number);
        Index y = new Index("y", GRID);
        List<IndexForm> shifted = List.of(IndexForm.of(y, 0).plus(3), IndexForm.of(y, 1));
        Expression substituted = Expressions.substitute(both, Map.of(x, shifted));
        assertSame(Expressions.add(Expressions.read(FIELD, List.of(shifted)),
                Expressions.coordinate(IndexForm.of(y, 0).plus(3).floorModulo(4))), substituted);
    }

    @Test
    void numbersInsideOfTheGridAreNotWrapped() {
        Index y = new Index("y", GRID);
        Expression number = Expressions.coordinate(IndexForm.of(x, 1));
        assertSame(Expressions.coordinate(IndexForm.of(y, 1)),
                Expressions.substitute(number, Map.of(x, IndexForm.of(y))));
    }

    @Test
    void conditionsOnConstantsAreKnown() {
        VectorDomain set = new VectorDomain("R", 1, List.of(new int[] {2}));
        assertTrue(Expressions.isAlways(Expressions.member(List.of(IndexForm.constant(2)), set)));
        assertTrue(Expressions.isNever(Expressions.member(List.of(IndexForm.constant(1)), set)));
        assertSame(Expressions.constant(5), Expressions.coordinate(IndexForm.constant(5)));
        assertSame(pixel(0), Expressions.and(Expressions.always(), pixel(0)));
    }
}
