package org.mcrc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.grammar.McrLexer;

/**
 * Names where only a reduction can stand: before brackets with parentheses behind them, as in {@code meen[x](…)}. They are
 * reported and read as a reduction, so that the rest of the declaration is checked as well.
 */
final class MisspeltReductions {
    private MisspeltReductions() {}

    /** The words of a declaration, its brackets balanced, with reductions in the place of such names. */
    static List<Lexeme> mend(List<Lexeme> words, SyntaxReporter reporter) {
        List<Lexeme> mended = new ArrayList<>(words);
        List<Integer> open = new ArrayList<>();
        for (int position = 0; position < words.size(); position++) {
            Lexeme word = words.get(position);
            if (word.isOpening()) {
                open.add(position);
            } else if (word.isClosing()) {
                int name = open.removeLast() - 1;
                boolean call = word.type() == McrLexer.CLOSE_BRACKET && position + 1 < words.size()
                        && words.get(position + 1).type() == McrLexer.OPEN_PARENTHESIS;
                // What is declared has indices too, and lacks its '='.
                boolean declared = name == 1 && words.getFirst().isDeclarationKeyword();
                if (call && name > 0 && !declared && words.get(name).isIdentifier()) {
                    mended.set(name, reduction(words.get(name), reporter));
                }
            }
        }
        return mended;
    }

    private static Lexeme reduction(Lexeme name, SyntaxReporter reporter) {
        Optional<String> meant = Suggestions.nearest(name.text(), Vocabulary.REDUCTIONS);
        reporter.report(SyntaxErrors.MALFORMED_REDUCTION, reporter.span(name.start(), name.end()),
                "there is no reduction " + name.quoted(), meant.map(word -> "did you mean '" + word + "'?")
                        .orElse("the reductions are " + String.join(", ", Vocabulary.REDUCTIONS)));
        return name.withType(McrLexer.SUM);
    }
}
