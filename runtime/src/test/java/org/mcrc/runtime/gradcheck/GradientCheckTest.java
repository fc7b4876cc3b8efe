package org.mcrc.runtime.gradcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcrc.compiler.index.Expressions.add;
import static org.mcrc.compiler.index.Expressions.always;
import static org.mcrc.compiler.index.Expressions.binary;
import static org.mcrc.compiler.index.Expressions.constant;
import static org.mcrc.compiler.index.Expressions.divide;
import static org.mcrc.compiler.index.Expressions.multiply;
import static org.mcrc.compiler.index.Expressions.read;
import static org.mcrc.compiler.index.Expressions.readAt;
import static org.mcrc.compiler.index.Expressions.reduce;
import static org.mcrc.compiler.index.Expressions.select;
import static org.mcrc.compiler.index.Expressions.subtract;
import static org.mcrc.compiler.index.Expressions.sum;
import static org.mcrc.compiler.index.Expressions.unary;
import static org.mcrc.compiler.index.Expressions.withDerivative;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IndexVerifier;
import org.mcrc.compiler.index.ReductionOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.runtime.backend.Engines;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.EvaluatorEngine;
import org.mcrc.runtime.engine.Precision;

class GradientCheckTest {
    private static final Grid GRID = new Grid(List.of(4, 5));
    private static final Tensor M = new Tensor("M", Tensor.Kind.FIELD, List.of(GRID));
    private static final Index X = new Index("x", GRID);
    private static final Expression HERE = readAt(M, List.of(X));
    private static final Expression RIGHT = read(M, List.of(List.of(IndexForm.of(X, 0), IndexForm.of(X, 1).plus(1))));

    /** A program with the one output S = value, compared with its target by the square of the difference. */
    private static IndexProgram program(Expression value) {
        List<Definition> definitions = new ArrayList<>();
        definitions.add(new Definition(Tensor.defined("S@1", List.of()), List.of(), value, ""));
        Tensor output = definitions.getFirst().tensor();
        Tensor target = new Tensor("S@1*", Tensor.Kind.TARGET, List.of());
        Expression distance = subtract(readAt(output, List.of()), readAt(target, List.of()));
        definitions.add(new Definition(Tensor.defined("E", List.of()), List.of(), multiply(distance, distance), ""));
        Tensor error = definitions.getLast().tensor();
        definitions.add(new Definition(Tensor.defined("L", List.of()), List.of(), readAt(error, List.of()), ""));
        IndexProgram program = new IndexProgram("test", "", 2, List.of(new IndexProgram.Field(M, 0, 1, false, "")),
                List.of(), List.of(target), Map.of(), definitions,
                List.of(new IndexProgram.Output("S@1", output, target, "")), List.of(), List.of(), error,
                definitions.getLast().tensor(), Map.of());
        IndexVerifier.verify(program, "the test");
        IndexVerifier.verify(HeldBranches.of(program), "holding branches");
        return program;
    }

    private static Expression mean(Expression term) {
        return divide(sum(List.of(X), always(), term), constant(GRID.size()));
    }

    private static GradientCheck.Result check(IndexProgram program) {
        return GradientCheck.run(program, Backend.EVALUATOR, 1, 1);
    }

    @Test
    void smoothProgramsPassAtEveryPoint() {
        GradientCheck.Result result = check(program(mean(multiply(
                unary(UnaryOperator.SIGMOID, multiply(constant(10), HERE)), RIGHT))));
        assertTrue(result.passed(), result.comparisons()::toString);
        assertTrue(result.worst() < 1e-9, result.comparisons()::toString);
        for (GradientCheck.Point point : GradientCheck.Point.values()) {
            assertEquals(5, result.comparisons().stream().filter(comparison -> comparison.point() == point).count());
        }
    }

    @Test
    void kinksAreComparedWithTheConventionsOfTheLanguage() {
        List<Function<Expression, Expression>> functions = List.of(
                z -> unary(UnaryOperator.ABS, z),
                z -> unary(UnaryOperator.RELU, z),
                z -> binary(BinaryOperator.MAXIMUM, z, multiply(z, constant(2))),
                z -> binary(BinaryOperator.MINIMUM, multiply(z, z), z),
                z -> add(unary(UnaryOperator.STEP, z), z),
                z -> select(binary(BinaryOperator.LESS, z, constant(0)), multiply(z, constant(3)), z));
        for (Function<Expression, Expression> function : functions) {
            GradientCheck.Result result = check(program(mean(multiply(function.apply(subtract(RIGHT, HERE)), HERE))));
            assertTrue(result.passed(), result.comparisons()::toString);
        }
    }

    /** At ties there are pixels in the origin, and pixels where the angle jumps from pi to -pi. */
    @Test
    void anglesAreComparedWhereTheyJump() {
        Expression centre = constant(0.5);
        IndexProgram program = program(mean(binary(BinaryOperator.ATAN2, subtract(HERE, centre), subtract(RIGHT, centre))));
        for (long seed = 1; seed <= 8; seed++) {
            GradientCheck.Result result = GradientCheck.run(program, Backend.EVALUATOR, 1, seed);
            assertTrue(result.passed(), result.comparisons()::toString);
            assertTrue(result.comparisons().stream().allMatch(each -> each.error() <= GradientCheck.TOLERANCE),
                    result.comparisons()::toString);
        }
    }

    @Test
    void extremaAndProductsOverPixelsPass() {
        for (ReductionOperator operator : List.of(ReductionOperator.MAXIMUM, ReductionOperator.MINIMUM,
                ReductionOperator.PRODUCT)) {
            GradientCheck.Result result = check(program(reduce(operator, List.of(X), always(),
                    multiply(add(HERE, constant(1)), RIGHT))));
            assertTrue(result.passed(), result.comparisons()::toString);
        }
    }

    @Test
    void singularitiesAtTheEndsOfTheRangeDoNotFailARightGradient() {
        for (Expression singular : List.of(unary(UnaryOperator.SQRT, HERE), unary(UnaryOperator.LOG, HERE),
                binary(BinaryOperator.ATAN2, HERE, RIGHT))) {
            GradientCheck.Result result = check(program(mean(singular)));
            assertTrue(result.passed(), () -> singular + ": " + result.worst());
            assertTrue(result.comparisons().stream().filter(c -> c.point() == GradientCheck.Point.INSIDE)
                    .allMatch(c -> c.error() <= GradientCheck.TOLERANCE), () -> singular + " is compared inside");
        }
    }

    @Test
    void aDeclaredDerivativeIsTakenForTrue() {
        Expression value = unary(UnaryOperator.STEP, subtract(HERE, constant(0.5)));
        GradientCheck.Result result = check(program(mean(withDerivative(value, HERE, multiply(HERE, HERE)))));
        assertTrue(result.passed(), result.comparisons()::toString);
    }

    @Test
    void aGradientThatIsOffByAMillionthFails() {
        IndexProgram right = program(mean(multiply(HERE, RIGHT)));
        IndexProgram wrong = program(mean(multiply(withDerivative(HERE, HERE, constant(1 + 1e-6)), RIGHT)));
        try (Engine checked = Engines.create(wrong, Backend.EVALUATOR, Precision.DOUBLE, 1);
                Engine held = new EvaluatorEngine(HeldBranches.of(right))) {
            GradientCheck.Result result = GradientCheck.run(checked, held, 1);
            assertFalse(result.passed());
            assertEquals(5e-7, result.worst(), 4.5e-7);
        }
    }

    @Test
    void aLossThatIsNoNumberInsideTheRangeFails() {
        GradientCheck.Result result = check(program(mean(unary(UnaryOperator.SQRT,
                subtract(HERE, constant(0.5))))));
        assertFalse(result.passed());
    }

    @Test
    void aLossThatIsNoNumberOnlyBeyondTheRangeAndAtItsEndPasses() {
        GradientCheck.Result result = check(program(mean(multiply(HERE, unary(UnaryOperator.LOG, HERE)))));
        assertTrue(result.passed(), result.comparisons()::toString);
        assertTrue(result.comparisons().stream().anyMatch(comparison -> Double.isNaN(comparison.error())));
    }
}
