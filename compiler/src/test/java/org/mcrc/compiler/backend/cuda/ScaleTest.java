package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {
    @ParameterizedTest
    @ValueSource(doubles = {1e-29, 0.3, 1, 1.999, 2, 127, 65504, 1e29})
    void theGreatestValueComesBetween128And256(double magnitude) {
        Scale scale = Scale.of(0, magnitude);
        assertTrue(scale.isKnown());
        double scaled = magnitude * scale.known();
        assertTrue(scaled >= 128 && scaled < 256, magnitude + " becomes " + scaled);
        assertEquals(scale.known(), Math.scalb(1.0, Math.getExponent(scale.known())), "is no power of two");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-31, 1e31, Double.POSITIVE_INFINITY, Double.NaN})
    void withoutAUsableMagnitudeItIsToBeFound(double magnitude) {
        assertFalse(Scale.of(0, magnitude).isKnown());
    }

    @Test
    void aKnownScaleIsDataOfTheProgram() {
        ProgramText program = PrintedProgram.text(CudaPrecision.MIXED);
        KernelWriter kernel = new KernelWriter(program, "float");
        Scale scale = Scale.of(3, 1);
        assertEquals("static_cast<float>(scale_3[0])", scale.value(kernel));
        assertEquals("static_cast<float>(scale_3[1])", scale.inverse(kernel, "row"));
        assertArrayEquals(new double[] {128, 1.0 / 128}, program.numbers().get("scale_3"));
    }

    @Test
    void aScaleThatIsFoundIsInAWorkspaceBesideItsReciprocal() {
        KernelWriter kernel = new KernelWriter(PrintedProgram.text(CudaPrecision.MIXED), "float");
        Scale scale = Scale.of(3, Double.POSITIVE_INFINITY);
        assertEquals("scales[6]", scale.value(kernel));
        assertEquals("scales[7]", scale.inverse(kernel, "row"));
    }

    @Test
    void scalesOfRowsAreInAWorkspaceOfTheirOwn() {
        KernelWriter kernel = new KernelWriter(PrintedProgram.text(CudaPrecision.MIXED), "float");
        Scale scale = Scale.of(3, Double.POSITIVE_INFINITY).byRow("operand_1_scales");
        assertEquals("scales_of_rows[row]", scale.inverse(kernel, "row"));
        assertEquals(LaunchPlan.Argument.of(LaunchPlan.Kind.WORKSPACE, "operand_1_scales"),
                kernel.parameters().arguments().getFirst());
    }
}
