package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Severity;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.DescriptorFile;
import org.mcrc.compiler.syntax.ParseResult;

/**
 * What of a file with errors has none: the declarations in which nothing is wrong and that refer to such only. That can be
 * bound, which finds the errors that show there, so that all the errors of a file are reported at once. What refers to
 * something faulty is left out, for what would be said of it may be a consequence.
 */
public final class SoundPart {

    private SoundPart() {}

    /**
     * Checks what is sound by itself.
     *
     * @param parsed a file with errors
     * @param checked what checking gave of it
     * @param diagnostics its errors
     * @return a file without errors, which need not have an output; absent where there is none
     */
    public static Optional<CheckResult> of(ParseResult parsed, CheckResult checked, UseLoader loader, Diagnostics diagnostics) {
        Set<String> missing = new HashSet<>(parsed.brokenNames());
        DescriptorFile file = parsed.file();
        CheckResult result = checked;
        Diagnostics found = diagnostics;
        while (!result.valid()) {
            List<Declaration> sound = sound(file, result, found, missing);
            // What could not be parsed is no declaration of the file: without it, the same declarations are another file.
            if (result != checked && sound.size() == file.declarations().size()) {
                return Optional.empty();
            }
            file = new DescriptorFile(file.source(), file.name(), file.documentation(), sound);
            found = new Diagnostics();
            result = Checker.checkPart(file, loader, found);
        }
        return Optional.of(result);
    }

    /** The declarations that are sound; the names of those that are not are added to {@code missing}. */
    private static List<Declaration> sound(DescriptorFile file, CheckResult checked, Diagnostics diagnostics, Set<String> missing) {
        List<Declaration> sound = new ArrayList<>(file.declarations());
        sound.removeIf(declaration -> isFaulty(declaration, checked, diagnostics));
        do {
            note(file, sound, missing);
        } while (sound.removeIf(declaration ->
                References.in(declaration).free().keySet().stream().anyMatch(missing::contains)));
        return sound;
    }

    private static void note(DescriptorFile file, List<Declaration> sound, Set<String> missing) {
        Set<String> names = names(file.declarations());
        names.removeAll(names(sound));
        missing.addAll(names);
    }

    private static Set<String> names(List<Declaration> declarations) {
        Set<String> names = new HashSet<>();
        declarations.forEach(declaration -> {
            if (declaration instanceof Named named) {
                names.add(named.name().text());
            }
        });
        return names;
    }

    private static boolean isFaulty(Declaration declaration, CheckResult checked, Diagnostics diagnostics) {
        if (declaration instanceof UseDeclaration use) {
            CheckResult used = checked.used().get(use.name().text());
            if (used == null || !used.valid()) {
                return true;
            }
        }
        return diagnostics.all().stream().anyMatch(each -> each.severity() == Severity.ERROR
                && isIn(each.span(), declaration.span()));
    }

    private static boolean isIn(Span part, Span whole) {
        return part.file() == whole.file() && part.startOffset() >= whole.startOffset()
                && part.endOffset() <= whole.endOffset();
    }
}
