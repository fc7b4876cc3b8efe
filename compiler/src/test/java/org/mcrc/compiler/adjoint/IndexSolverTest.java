package org.mcrc.compiler.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;

/** Solutions against enumeration: for every element exactly the index values that read it, each once. */
class IndexSolverTest {
    private static final Grid GRID = new Grid(List.of(4, 6));
    private static final Grid COARSE = new Grid(List.of(2, 3));
    private static final Grid VOLUME = new Grid(List.of(2, 3, 2));
    private static final VectorDomain SET = new VectorDomain("R", 2, List.of(new int[] {0, 0}, new int[] {0, 1},
            new int[] {1, -1}));
    private static final VectorDomain DIFFERENCES = new VectorDomain("D", 2, List.of(new int[] {0, 0}, new int[] {0, 1},
            new int[] {1, -1}, new int[] {0, -1}, new int[] {-1, 1}, new int[] {1, -2}, new int[] {-1, 2}));
    private static final IntegerDomain RANGE = new IntegerDomain(-1, 2);
    private static final Index X = new Index("x", GRID);
    private static final Index C = new Index("x", COARSE);
    private static final Index R = new Index("r", SET);
    private static final Index S = new Index("s", SET);
    private static final Index K = new Index("k", RANGE);

    private static List<IndexForm> plus(List<IndexForm> a, List<IndexForm> b, int times) {
        List<IndexForm> sum = new ArrayList<>();
        for (int c = 0; c < a.size(); c++) {
            sum.add(a.get(c).plus(b.get(c).times(times)));
        }
        return sum;
    }

    private static List<IndexForm> times(List<IndexForm> a, IndexForm factor) {
        return a.stream().map(form -> form.times(factor)).toList();
    }

    private static Read read(List<Domain> axes, List<List<IndexForm>> subscripts) {
        return (Read) Expressions.read(new Tensor("U", Tensor.Kind.DEFINED, axes), subscripts);
    }

    static Stream<Arguments> reads() {
        List<IndexForm> x = IndexForm.of(X);
        List<IndexForm> r = IndexForm.of(R);
        List<IndexForm> doubled = times(IndexForm.of(C), IndexForm.constant(2));
        Index slice = new Index("s", new IntegerDomain(0, 2));
        Index plane = new Index("x", new Grid(List.of(2, 2)));
        return Stream.of(
                Arguments.of("x", read(List.of(GRID), List.of(x)), List.of(X), 0),
                Arguments.of("x + r", read(List.of(GRID), List.of(plus(x, r, 1))), List.of(X, R), 1),
                Arguments.of("x - r", read(List.of(GRID), List.of(plus(x, r, -1))), List.of(X, R), 1),
                Arguments.of("x + r - s, r", read(List.of(GRID, SET), List.of(plus(plus(x, r, 1), IndexForm.of(S), -1), r)),
                        List.of(X, R, S), 1),
                Arguments.of("x + k*r", read(List.of(GRID), List.of(plus(x, times(r, IndexForm.of(K, 0)), 1))),
                        List.of(X, R, K), 2),
                Arguments.of("2*x + r", read(List.of(GRID), List.of(plus(doubled, r, 1))), List.of(C, R), 1),
                Arguments.of("2*x + r, k + 1", read(List.of(GRID, RANGE), List.of(plus(doubled, r, 1),
                        List.of(IndexForm.of(K, 0).plus(1)))), List.of(C, R, K), 1),
                Arguments.of("r - s", read(List.of(DIFFERENCES), List.of(plus(r, IndexForm.of(S), -1))), List.of(R, S), 1),
                Arguments.of("-k", read(List.of(RANGE), List.of(List.of(IndexForm.of(K, 0).times(-1)))), List.of(K), 0),
                Arguments.of("2*k", read(List.of(RANGE), List.of(List.of(IndexForm.of(K, 0).times(2)))), List.of(K), 1),
                Arguments.of("a constant", read(List.of(SET, RANGE), List.of(List.of(IndexForm.constant(0),
                        IndexForm.constant(1)), List.of(IndexForm.constant(2)))), List.of(K), 1),
                Arguments.of("a slice", read(List.of(VOLUME), List.of(List.of(IndexForm.of(plane, 0), IndexForm.of(slice, 0),
                        IndexForm.of(plane, 1)))), List.of(slice, plane), 0),
                Arguments.of("x without y", read(List.of(GRID), List.of(x)), List.of(X, new Index("y", COARSE)), 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reads")
    void findsExactlyTheReadersOfEveryElement(String name, Read read, List<Index> indices, int remaining) {
        List<Index> element = read.tensor().axes().stream().map(axis -> new Index("v", axis)).toList();
        IndexSolver.Solution solution = IndexSolver.solve(read, indices, element);
        assertEquals(remaining, solution.remaining().size());
        Set<List<Integer>> expected = new HashSet<>();
        for (Map<Index, int[]> values : all(indices)) {
            List<Integer> reading = new ArrayList<>();
            boolean inside = true;
            for (int axis = 0; axis < element.size(); axis++) {
                Domain domain = read.tensor().axes().get(axis);
                int[] place = read.subscripts().get(axis).stream().mapToInt(form -> at(form, values)).toArray();
                for (int c = 0; c < place.length; c++) {
                    place[c] = domain instanceof Grid grid ? Math.floorMod(place[c], grid.extent(c)) : place[c];
                    reading.add(place[c]);
                }
                inside &= !(domain instanceof FiniteDomain finite) || finite.ordinal(place) >= 0;
            }
            indices.forEach(index -> append(reading, values.get(index)));
            if (inside) {
                expected.add(reading);
            }
        }
        Set<List<Integer>> found = new HashSet<>();
        List<Index> free = new ArrayList<>(element);
        free.addAll(solution.remaining());
        for (Map<Index, int[]> values : all(free)) {
            if (holds(solution.guard(), values)) {
                List<Integer> reading = new ArrayList<>();
                element.forEach(index -> append(reading, values.get(index)));
                for (Index index : indices) {
                    List<IndexForm> solved = solution.solved().get(index);
                    int[] value = solved == null ? values.get(index)
                            : solved.stream().mapToInt(form -> at(form, values)).toArray();
                    for (int c = 0; c < value.length; c++) {
                        reading.add(index.domain() instanceof Grid grid ? Math.floorMod(value[c], grid.extent(c)) : value[c]);
                    }
                }
                assertTrue(found.add(reading), "twice: " + reading);
            }
        }
        assertEquals(expected, found);
    }

    private static void append(List<Integer> list, int[] values) {
        for (int value : values) {
            list.add(value);
        }
    }

    private static int at(IndexForm form, Map<Index, int[]> values) {
        return form.evaluate(component -> values.get(component.index())[component.component()]);
    }

    private static boolean holds(Expression condition, Map<Index, int[]> values) {
        return switch (condition) {
            case Member member -> member.domain().ordinal(member.vector().stream().mapToInt(form -> at(form, values))
                    .toArray()) >= 0;
            case Binary(BinaryOperator operator, Expression left, Expression right) when operator == BinaryOperator.AND ->
                    holds(left, values) && holds(right, values);
            case Binary(BinaryOperator operator, Expression left, Expression right) when operator == BinaryOperator.EQUAL ->
                    number(left, values) == number(right, values);
            case Binary(BinaryOperator operator, Expression left, Expression right)
                    when operator == BinaryOperator.LESS_OR_EQUAL -> number(left, values) <= number(right, values);
            case Expression other -> throw new IllegalArgumentException(other.toString());
        };
    }

    private static double number(Expression expression, Map<Index, int[]> values) {
        return expression instanceof Constant(double value) ? value : at(((Coordinate) expression).form(), values);
    }

    private static List<Map<Index, int[]>> all(List<Index> indices) {
        List<Map<Index, int[]>> all = new ArrayList<>(List.of(Map.of()));
        for (Index index : indices) {
            List<Map<Index, int[]>> longer = new ArrayList<>();
            for (Map<Index, int[]> each : all) {
                for (int ordinal = 0; ordinal < index.domain().size(); ordinal++) {
                    Map<Index, int[]> extended = new java.util.HashMap<>(each);
                    int[] value = new int[index.domain().components()];
                    int rest = ordinal;
                    for (int c = value.length - 1; c >= 0; c--) {
                        if (index.domain() instanceof Grid grid) {
                            value[c] = rest % grid.extent(c);
                            rest /= grid.extent(c);
                        } else {
                            value[c] = ((FiniteDomain) index.domain()).component(ordinal, c);
                        }
                    }
                    extended.put(index, value);
                    longer.add(extended);
                }
            }
            all = longer;
        }
        return all;
    }
}
