package org.mcrc.compiler.check;

import java.util.HashSet;
import java.util.Set;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.PenaltyDeclaration;
import org.mcrc.compiler.syntax.Declaration.ReportDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;
import org.mcrc.compiler.syntax.DescriptorFile;

/** Warns of declarations to which no other refers. */
final class UnusedDeclarations {

    private UnusedDeclarations() {}

    /** Checks {@code file}, of which included descriptors use the fields {@code usedFields}. */
    static void check(DescriptorFile file, Symbols symbols, Set<String> usedFields, CheckReporter reporter) {
        Set<String> used = new HashSet<>(usedFields);
        for (Declaration declaration : file.declarations()) {
            for (String name : References.in(declaration).all().keySet()) {
                if (symbols.find(name).orElse(null) != declaration) {
                    used.add(name);
                }
            }
        }
        for (Named declaration : symbols.all()) {
            boolean isForUse = switch (declaration) {
                case ParamDeclaration _, FieldDeclaration _, DataDeclaration _, VectorsDeclaration _,
                        FunctionDeclaration _, LetDeclaration _ -> true;
                case OutputDeclaration _, ReportDeclaration _, PenaltyDeclaration _, UseDeclaration _ -> false;
            };
            if (isForUse && !used.contains(declaration.name().text())) {
                reporter.report(declaration.name().span(), CheckError.UNUSED_DECLARATION, Symbols.keyword(declaration),
                        declaration.name());
            }
        }
    }
}
