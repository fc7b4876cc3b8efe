package org.mcrc.compiler.syntax;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SyntaxArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mcrc.compiler");

    @Test
    void onlySyntaxKnowsAntlr() {
        noClasses().that().resideOutsideOfPackage("org.mcrc.compiler.syntax..")
                .should().dependOnClassesThat().resideInAnyPackage("org.antlr..", "org.mcrc.grammar..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBuilderKnowsParseTrees() {
        noClasses().that().resideInAPackage("org.mcrc.compiler..").and().doNotBelongToAnyOf(AstBuilder.class)
                .should().dependOnClassesThat().haveNameMatching("org\\.mcrc\\.grammar\\.McrParser\\$.*Context")
                .orShould().dependOnClassesThat().resideInAPackage("org.antlr.v4.runtime.tree..")
                .check(CLASSES);
    }

    @Test
    void sourceAndDiagnosticKnowNothingOfTheOtherPackages() {
        noClasses().that().resideInAPackage("org.mcrc.compiler.source..")
                .should().dependOnClassesThat()
                .resideInAnyPackage("org.mcrc.compiler.diagnostic..", "org.mcrc.compiler.syntax..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("org.mcrc.compiler.diagnostic..")
                .should().dependOnClassesThat().resideInAPackage("org.mcrc.compiler.syntax..")
                .check(CLASSES);
    }
}
