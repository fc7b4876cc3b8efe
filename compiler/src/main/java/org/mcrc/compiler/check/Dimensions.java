package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.SlicesDeclaration;
import org.mcrc.compiler.syntax.DescriptorFile;

/**
 * Collects what a file says about its number of dimensions and reports where it contradicts itself.
 *
 * <p>Under {@code slices} everything but the penalties, which see the whole volume, has two dimensions.
 */
final class Dimensions {

    private record Evidence(int number, boolean exact, CheckError error, Span span, boolean whole) {}

    private final CheckReporter reporter;
    private final List<Evidence> collected = new ArrayList<>();
    private final boolean slices;
    private OptionalInt rank = OptionalInt.empty();
    private Span reason;

    Dimensions(DescriptorFile file, CheckReporter reporter) {
        this.reporter = reporter;
        this.slices = file.declarations().stream().anyMatch(SlicesDeclaration.class::isInstance);
        for (Declaration declaration : file.declarations()) {
            if (declaration instanceof SlicesDeclaration) {
                reason = declaration.span();
            }
        }
        for (Declaration declaration : file.declarations()) {
            if (declaration instanceof FieldDeclaration field && field.rank().isPresent()) {
                take(field);
            }
        }
    }

    private void take(FieldDeclaration field) {
        int declared = field.rank().getAsInt();
        if (slices && declared == 2) {
            reporter.at(field.name().span(), CheckError.SLICES_OF_IMAGE, field.name())
                    .note(reason, "slices are declared here")
                    .report();
        } else if (!slices && rank.isEmpty()) {
            rank = field.rank();
            reason = field.span();
        } else if (!slices && rank.getAsInt() != declared) {
            reporter.at(field.name().span(), CheckError.DIMENSION_MISMATCH, declared, rank.getAsInt())
                    .note(reason, "it has " + rank.getAsInt() + " here")
                    .report();
        }
    }

    /** Notes that what stands at {@code span}, in a penalty or not, is for {@code number} dimensions. */
    void exactly(int number, Span span, boolean inPenalty) {
        collected.add(new Evidence(number, true, CheckError.DIMENSION_MISMATCH, span, slices && inPenalty));
    }

    /** Notes that what stands at {@code span}, in a penalty or not, needs {@code number} dimensions or more. */
    void atLeast(int number, CheckError error, Span span, boolean inPenalty) {
        collected.add(new Evidence(number, false, error, span, slices && inPenalty));
    }

    /** A vector of length {@code length} along axis 1, with as many components as are known to be right. */
    String alongFirstAxis(String length) {
        boolean three = !slices && (rank.isPresent()
                ? rank.getAsInt() == 3
                : collected.stream().filter(Evidence::exact).findFirst().map(each -> each.number() == 3).orElse(false));
        return "(" + length + (three ? ", 0, 0)" : ", 0)");
    }

    /** Reports the contradictions. */
    void check() {
        int expected = slices ? 2 : rank.orElse(0);
        Span because = reason;
        String how = slices ? "slices have two dimensions" : "the rank is declared here";
        if (expected == 0) {
            for (Evidence evidence : collected) {
                if (evidence.exact()) {
                    expected = evidence.number();
                    because = evidence.span();
                    how = "this is for " + expected + " dimensions";
                    break;
                }
            }
        }
        if (expected == 0) {
            return;
        }
        for (Evidence evidence : collected) {
            int here = evidence.whole() ? 3 : expected;
            boolean wrong = evidence.exact() ? evidence.number() != here : evidence.number() > here;
            if (wrong && evidence.exact()) {
                reporter.at(evidence.span(), evidence.error(), evidence.number(), here)
                        .note(because, evidence.whole() ? "penalties see the whole volume, not its slices" : how)
                        .report();
            } else if (wrong) {
                reporter.at(evidence.span(), evidence.error(), evidence.number())
                        .note(because, how)
                        .report();
            }
        }
    }
}
