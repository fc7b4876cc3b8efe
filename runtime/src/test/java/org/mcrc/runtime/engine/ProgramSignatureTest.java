package org.mcrc.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.VectorDomain;

class ProgramSignatureTest {
    private static final Grid GRID = new Grid(List.of(2, 3));
    private static final IntegerDomain PHASES = new IntegerDomain(0, 2);

    /** The output S[x, p] = I[x, p], whose error is 7 and whose loss is 9, whatever the target. */
    private static IndexProgram program() {
        Tensor field = new Tensor("I", Tensor.Kind.FIELD, List.of(GRID, PHASES));
        List<Index> axes = List.of(new Index("x", GRID), new Index("p", PHASES));
        Definition output = new Definition(Tensor.defined("S@1", axes), axes, Expressions.readAt(field, axes), "");
        VectorDomain set = new VectorDomain("R", 2, List.of(new int[] {0, 0}, new int[] {1, 0}));
        List<Index> vectors = List.of(new Index("r", set));
        Definition report = new Definition(Tensor.defined("T@1", vectors), vectors, Expressions.constant(4), "");
        Definition error = new Definition(Tensor.defined("E", List.of()), List.of(), Expressions.constant(7), "");
        Definition loss = new Definition(Tensor.defined("L", List.of()), List.of(), Expressions.constant(9), "");
        Tensor target = new Tensor("S@1*", Tensor.Kind.TARGET, output.tensor().axes());
        return new IndexProgram("name", "", 3, List.of(new IndexProgram.Field(field, 0, 1, true, "")), List.of(),
                List.of(target), Map.of(), List.of(output, report, error, loss),
                List.of(new IndexProgram.Output("S@1", output.tensor(), target, "documented")),
                List.of(new IndexProgram.Output("T@1", report.tensor(), null, "")), List.of(), error.tensor(),
                loss.tensor(), Map.of());
    }

    @Test
    void gridsExpandToTheirExtentsAndSetsAreOneAxis() {
        Signature signature = ProgramSignature.of(program());
        assertEquals(List.of(2, 3), signature.extents());
        assertEquals(3, signature.phases());
        assertEquals(new Signature.Field("I", List.of(2, 3, 3), 0, 1, true), signature.field("I"));
        assertEquals(List.of(new Signature.Entry("S@1", List.of(2, 3, 3), "documented")), signature.outputs());
        assertEquals(List.of(new Signature.Entry("T@1", List.of(2), "")), signature.reports());
    }

    @Test
    void theEvaluatorEngineGivesValuesByTheirNamesInFiles() {
        try (Engine engine = new EvaluatorEngine(program())) {
            double[] field = new double[18];
            field[4] = 0.5;
            assertThrows(IllegalStateException.class, () -> engine.values("S@1"));
            assertThrows(IllegalArgumentException.class, () -> engine.setTarget("S@1", new double[17]));
            assertThrows(IllegalArgumentException.class, () -> engine.setTarget("T@1", new double[2]));
            Losses losses = engine.evaluate(Map.of("I", field));
            assertEquals(new Losses(9, 7, Map.of()), losses);
            assertEquals(0.5, engine.values("S@1")[4]);
            assertEquals(4, engine.values("T@1")[1]);
            assertThrows(IllegalArgumentException.class,
                    () -> engine.evaluate(Map.of("I", field), Map.of("I", new double[18])));
        }
    }
}
