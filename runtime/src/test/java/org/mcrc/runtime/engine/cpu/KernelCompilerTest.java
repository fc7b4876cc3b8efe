package org.mcrc.runtime.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;

class KernelCompilerTest {
    private static String source(String body) {
        return "package a; final class b { static double f(double x) { " + body + " return x; } }";
    }

    /** A method has at most 65535 bytes; that it has more is not the generator's fault. */
    @Test
    void whatIsTooLongForAClassFileIsTheInputs() {
        InputError error = assertThrows(InputError.class,
                () -> KernelCompiler.compile("a.b", source("x = x * 1.5 + x;".repeat(20_000))));
        assertEquals("b has more formulas, or longer ones, than a class of Java can hold", error.getMessage());
    }

    @Test
    void whatIsNoJavaIsADefect() {
        IllegalStateException defect = assertThrows(IllegalStateException.class,
                () -> KernelCompiler.compile("a.b", source("x = y;")));
        assertTrue(defect.getMessage().contains("generated source of a.b does not compile: line 1"), defect.getMessage());
    }
}
