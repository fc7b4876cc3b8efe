package org.mcrc.compiler.backend.java;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CommentsTest {
    @Test
    void nothingEndsACommentOrBeginsAUnicodeEscape() {
        assertEquals("Ends * / at /users.\n\na * / /u b", Comments.formula("ends */ at \\users", "a */ \\u b"));
        assertEquals("By /lambda* /alpha.\n\n* //", Comments.formula("by \\lambda*\\alpha", "*\\/"));
    }

    @Test
    void derivativesStayAsTheyAre() {
        assertEquals("dL/dM.\n\nf", Comments.formula("dL/dM", "f"));
    }
}
