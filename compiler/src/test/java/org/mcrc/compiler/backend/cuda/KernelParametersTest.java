package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Tensor;

class KernelParametersTest {
    private final ProgramText program = PrintedProgram.text(CudaPrecision.SINGLE);
    private final KernelParameters parameters = new KernelParameters(program, program.localNames());

    private static Tensor pixels(String name) {
        return new Tensor(name, Tensor.Kind.FIELD, List.of(new Grid(List.of(4, 4))));
    }

    @Test
    void whatIsAskedForTwiceIsOneParameterAndOnlyWhatIsWrittenIsNotConstant() {
        Tensor read = pixels("M");
        Tensor written = pixels("dM");
        parameters.array(written);
        assertEquals("M", parameters.array(read));
        assertEquals("M", parameters.array(read));
        assertEquals("dM", parameters.writtenArray(written));
        assertEquals("float *__restrict__ dM,\n        const float *__restrict__ M", parameters.declarations());
        assertEquals(List.of(LaunchPlan.Argument.of(LaunchPlan.Kind.ARRAY, "dM"),
                LaunchPlan.Argument.of(LaunchPlan.Kind.ARRAY, "M")), parameters.arguments());
    }

    @Test
    void aLaunchGivesIntegersOfItsOwn() {
        parameters.integer("offset", 0);
        parameters.integer("batch", 7);
        assertEquals(List.of(LaunchPlan.Argument.integer(3), LaunchPlan.Argument.integer(7)),
                parameters.arguments(Map.of("offset", 3)));
        assertEquals("const int offset,\n        const int batch", parameters.declarations());
    }
}
