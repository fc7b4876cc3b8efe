package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.cli.LibraryPrograms;
import org.mcrc.runtime.engine.Precision;

class CudaProgramTest {
    @ParameterizedTest
    @CsvSource({"sm_70, false", "sm_75, false", "sm_80, true", "sm_86, true", "sm_89, true", "sm_90, true", "sm_90a, true",
        "sm_100, true", "sm_103a, true", "sm_120, true"})
    void tensorCoresAreThoseOfAmpereAndLater(String architecture, boolean there) {
        assertEquals(there, CudaProgram.hasTensorCores(architecture));
    }

    @Test
    void mixedPrecisionIsRefusedWithoutTensorCoresEvenWhereTheProgramIsInTheCache() {
        IndexProgram program = LibraryPrograms.bound("volume_fraction");
        CudaProgram.of(program, Precision.MIXED, true);
        assertThrows(InputError.class, () -> CudaProgram.of(program, Precision.MIXED, false));
    }
}
