package org.mcrc.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.engine.cpu.CpuEngine;

/** Who may know whom, in all modules: the order of the rooms, and one place for each library. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mcrc.compiler", "org.mcrc.runtime");

    /** The packages of the compiler, each seeing only those before it. */
    private static final List<String> ORDER = List.of("source", "diagnostic", "syntax", "check", "index", "simplify",
            "adjoint", "bind", "kernel", "backend", "program");

    @Test
    void packagesOfTheCompilerSeeOnlyThoseBeforeThem() {
        List<String> later = new ArrayList<>(ORDER);
        for (String name : ORDER) {
            later.remove(name);
            if (!later.isEmpty()) {
                noClasses().that().resideInAPackage("org.mcrc.compiler." + name + "..")
                        .should().dependOnClassesThat().resideInAnyPackage(later.stream()
                                .map(each -> "org.mcrc.compiler." + each + "..").toArray(String[]::new))
                        .check(CLASSES);
            }
        }
    }

    @Test
    void theMiddleOfTheCompilerKnowsNoText() {
        noClasses().that().resideInAnyPackage("org.mcrc.compiler.index..", "org.mcrc.compiler.adjoint..",
                        "org.mcrc.compiler.simplify..", "org.mcrc.compiler.kernel..", "org.mcrc.compiler.backend..")
                .should().dependOnClassesThat().resideInAnyPackage("org.mcrc.compiler.syntax..", "org.mcrc.compiler.source..",
                        "org.mcrc.compiler.diagnostic..", "org.mcrc.compiler.check..", "org.mcrc.compiler.bind..")
                .check(CLASSES);
    }

    @Test
    void theCompilerDoesNotKnowTheRuntime() {
        noClasses().that().resideInAPackage("org.mcrc.compiler..")
                .should().dependOnClassesThat().resideInAPackage("org.mcrc.runtime..").check(CLASSES);
    }

    @Test
    void everyLibraryHasItsPlace() {
        noClasses().that().resideOutsideOfPackage("org.mcrc.compiler.syntax..")
                .should().dependOnClassesThat().resideInAnyPackage("org.antlr..", "org.mcrc.grammar..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("org.mcrc.compiler.backend.java..")
                .should().dependOnClassesThat().resideInAPackage("com.palantir.javapoet..").check(CLASSES);
        noClasses().that().resideOutsideOfPackages("org.mcrc.compiler.program..", "org.mcrc.runtime.report..",
                        "org.mcrc.runtime.cli..")
                .should().dependOnClassesThat().resideInAPackage("com.fasterxml.jackson..").check(CLASSES);
        noClasses().that().resideOutsideOfPackages("org.mcrc.runtime.field..", "org.mcrc.runtime.engine.cpu.support..")
                .should().dependOnClassesThat().resideInAnyPackage("org.jtransforms..", "org.visnow..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("org.mcrc.runtime.cli..")
                .should().dependOnClassesThat().resideInAPackage("picocli..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("org.mcrc.runtime.engine.cuda..")
                .should().dependOnClassesThat().resideInAPackage("jcuda..").check(CLASSES);
    }

    /** What engines have in common knows none of them, and they do not know each other. */
    @Test
    void enginesAreChosenInOnePlace() {
        noClasses().that().resideInAPackage("org.mcrc.runtime.engine")
                .should().dependOnClassesThat().resideInAnyPackage("org.mcrc.runtime.engine.cpu..",
                        "org.mcrc.runtime.engine.cuda..", "org.mcrc.runtime.backend..").check(CLASSES);
        noClasses().that().resideInAPackage("org.mcrc.runtime.engine.cpu..")
                .should().dependOnClassesThat().resideInAPackage("org.mcrc.runtime.engine.cuda..").check(CLASSES);
        noClasses().that().resideInAPackage("org.mcrc.runtime.engine.cuda..")
                .should().dependOnClassesThat().resideInAPackage("org.mcrc.runtime.engine.cpu..").check(CLASSES);
    }

    /** What runs a compiled program needs no compiler: the manifest says all. One class bridges the two. */
    @Test
    void theEngineKnowsTheManifestOnly() {
        classes().that().resideInAPackage("org.mcrc.runtime.engine.cpu").and().haveSimpleNameNotStartingWith("CpuProgram")
                .should().onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are no compiler, but for the manifest", each -> !each.getPackageName().startsWith("org.mcrc.compiler")
                                || each.getName().startsWith(Manifest.class.getName())))
                .check(CLASSES);
        noClasses().that().resideInAnyPackage("org.mcrc.runtime.optimize..", "org.mcrc.runtime.field..")
                .should().dependOnClassesThat().resideInAPackage("org.mcrc.compiler..").check(CLASSES);
        noClasses().that().resideInAnyPackage("org.mcrc.runtime.optimize..", "org.mcrc.runtime.reconstruct..")
                .should().dependOnClassesThat().resideInAPackage(CpuEngine.class.getPackageName()).check(CLASSES);
    }
}
