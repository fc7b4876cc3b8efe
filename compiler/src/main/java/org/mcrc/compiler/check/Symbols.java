package org.mcrc.compiler.check;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Vocabulary;

/** The declared names of a file. */
final class Symbols {

    private final Map<String, Named> declarations = new LinkedHashMap<>();
    private final Set<String> broken;

    /** Takes in the names of {@code file}; {@code broken} are those of declarations that could not be parsed. */
    Symbols(DescriptorFile file, Set<String> broken, CheckReporter reporter) {
        this.broken = new HashSet<>(broken);
        for (Declaration declaration : file.declarations()) {
            if (declaration instanceof Named named && Vocabulary.isReserved(named.name().text())) {
                this.broken.add(named.name().text());
            } else if (declaration instanceof Named named) {
                Named first = declarations.putIfAbsent(named.name().text(), named);
                if (first != null) {
                    reporter.at(named.name().span(), CheckError.DUPLICATE_NAME, named.name())
                            .note(first.name().span(), "it is " + describe(first) + " already")
                            .report();
                }
            }
        }
    }

    Map<String, Named> declarations() {
        return declarations;
    }

    Optional<Named> find(String name) {
        return Optional.ofNullable(declarations.get(name));
    }

    /** Whether {@code name} is that of a declaration with an error, so that nothing is known of it. */
    boolean isBroken(String name) {
        return broken.contains(name);
    }

    /** The names of the declarations that satisfy {@code condition}. */
    List<String> names(Predicate<Named> condition) {
        return declarations.entrySet().stream()
                .filter(entry -> condition.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Collection<Named> all() {
        return declarations.values();
    }

    /** What kind of thing {@code declaration} declares, with its article. */
    static String describe(Named declaration) {
        return switch (declaration) {
            case ParamDeclaration _ -> "a param";
            case FieldDeclaration _ -> "a field";
            case DataDeclaration _ -> "a data array";
            case VectorsDeclaration _ -> "a vector set";
            case FunctionDeclaration _ -> "a function";
            case LetDeclaration _ -> "a let";
            case OutputDeclaration _ -> "an output";
            case ReportDeclaration _ -> "a report";
            case PenaltyDeclaration _ -> "a penalty";
            case UseDeclaration _ -> "an included descriptor";
        };
    }

    /** What {@code declaration} declares, as its keyword says it. */
    static String keyword(Named declaration) {
        return switch (declaration) {
            case ParamDeclaration _ -> "param";
            case FieldDeclaration _ -> "field";
            case DataDeclaration _ -> "data";
            case VectorsDeclaration _ -> "vectors";
            case FunctionDeclaration _ -> "function";
            case LetDeclaration _ -> "let";
            case OutputDeclaration _ -> "output";
            case ReportDeclaration _ -> "report";
            case PenaltyDeclaration _ -> "penalty";
            case UseDeclaration _ -> "use";
        };
    }

    /** The indices by which elements are read, a field's pixel index left out; absent if it is no array. */
    static Optional<List<IndexBinding>> indices(Named declaration) {
        return switch (declaration) {
            case FieldDeclaration field -> Optional.of(field.indices());
            case DataDeclaration data -> Optional.of(data.indices());
            case LetDeclaration let -> Optional.of(let.indices());
            case OutputDeclaration output -> Optional.of(output.indices());
            case ReportDeclaration report -> Optional.of(report.indices());
            case ParamDeclaration _, VectorsDeclaration _, FunctionDeclaration _, PenaltyDeclaration _,
                    UseDeclaration _ -> Optional.empty();
        };
    }
}
