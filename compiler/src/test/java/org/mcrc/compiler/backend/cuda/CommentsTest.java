package org.mcrc.compiler.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Tensor;

class CommentsTest {
    @Test
    void aSentenceAndAFormulaAreLinesOfTheirOwn() {
        assertEquals("// The loss.\n// let L = E\n", Comments.of("the loss", "let L = E"));
    }

    @Test
    void eitherMayBeMissing() {
        assertEquals("// Fills the halo of M.\n", Comments.of("Fills the halo of M.", ""));
        assertEquals("// let L = E\n", Comments.of("", "let L = E"));
    }

    @Test
    void derivativesStayAsTheyAre() {
        assertEquals("// dL/dM.\n", Comments.of("dL/dM", ""));
    }

    @Test
    void aDefinitionSaysOnceWhatItIs() {
        Definition definition = new Definition(Tensor.defined("a", List.of()), List.of(), Expressions.constant(2), "two");
        assertEquals("// Two.\n// let a = 2\n", Comments.of(definition));
    }

    @Test
    void everyLineOfLongTextsIsAComment() {
        String formula = "let a = " + "some + ".repeat(60) + "last";
        String comment = Comments.of("a sentence, " + "and so on, ".repeat(30) + "and on", formula);
        assertTrue(comment.lines().allMatch(line -> line.startsWith("// ") && line.length() <= 125), comment);
        assertTrue(comment.endsWith("last\n"), comment);
    }

    @Test
    void everyLineOfDocumentationIsAComment() {
        assertEquals("// First line,\n// the second.\n// f\n", Comments.of("First line,\nthe second.", "f"));
    }

    @Test
    void aBackslashDoesNotCarryACommentOn() {
        assertEquals("// A set without 0: R/{0} /.\n// a / b\n", Comments.of("A set without 0: R\\{0} \\", "a \\ b"));
    }
}
