package org.mcrc.runtime.field.compare;

import java.util.List;
import java.util.Locale;
import org.mcrc.runtime.field.Extents;

/** The answer to how two microstructures A and B differ. */
public sealed interface Comparison {

    /** Whether they are the same microstructure: equal, or one a translation or point reflection of the other. */
    boolean isSame();

    /**
     * The answer as lines of text.
     *
     * @param nameA what the user calls A
     * @param nameB what the user calls B
     */
    String text(String nameA, String nameB);

    /** They have different numbers of pixels and cannot be laid on one another. */
    record DifferentExtents(Extents extentsA, Extents extentsB, List<Double> fractionsA, List<Double> fractionsB)
            implements Comparison {

        @Override
        public boolean isSame() {
            return false;
        }

        @Override
        public String text(String nameA, String nameB) {
            return nameA + " is " + extentsA + " and " + nameB + " is " + extentsB + ": different sizes\n"
                    + fractionsText(fractionsA, fractionsB);
        }
    }

    /**
     * They have the same extents.
     *
     * @param extents theirs
     * @param differing the number of pixels in which they differ as they lie
     * @param fractionsA the volume fraction of each phase of A
     * @param fractionsB that of B
     * @param translation the translation after which A differs least from B: B(x + shift) = A(x); of equally good ones
     *     the shortest
     * @param reflection the same for the point reflection of A: B(shift - x) = A(x)
     */
    record SameExtents(Extents extents, int differing, List<Double> fractionsA, List<Double> fractionsB,
            Alignment translation, Alignment reflection) implements Comparison {

        @Override
        public boolean isSame() {
            return translation.isExact() || reflection.isExact();
        }

        @Override
        public String text(String nameA, String nameB) {
            StringBuilder text = new StringBuilder();
            if (differing == 0) {
                text.append(nameB).append(" equals ").append(nameA).append(" (").append(extents).append(")\n");
            } else if (translation.isExact()) {
                text.append(nameB).append(" is a translation of ").append(nameA).append(", by ")
                        .append(translation.shiftText()).append(" pixels (").append(extents).append(", periodic)\n");
            } else if (reflection.isExact()) {
                text.append(nameB).append(" is a point reflection of ").append(nameA).append(", x -> ")
                        .append(reflection.shiftText()).append(" - x (").append(extents).append(", periodic)\n");
            } else {
                text.append(nameB).append(" differs from ").append(nameA).append(" (").append(extents)
                        .append("), also after every translation and point reflection\n");
            }
            if (differing > 0) {
                text.append("  as they lie: ").append(pixelsText(differing)).append('\n');
            }
            if (!isSame()) {
                text.append("  after the best translation, by ").append(translation.shiftText()).append(": ")
                        .append(pixelsText(translation.differing())).append('\n');
                text.append("  after the best point reflection, x -> ").append(reflection.shiftText()).append(" - x: ")
                        .append(pixelsText(reflection.differing())).append('\n');
            }
            return text + fractionsText(fractionsA, fractionsB);
        }

        private String pixelsText(int pixels) {
            return String.format(Locale.ROOT, "%d of %d pixels differ (%.3g %%)", pixels, extents.pixels(),
                    100.0 * pixels / extents.pixels());
        }
    }

    private static String fractionsText(List<Double> fractionsA, List<Double> fractionsB) {
        StringBuilder text = new StringBuilder();
        for (int phase = 0; phase < Math.max(fractionsA.size(), fractionsB.size()); phase++) {
            text.append("  volume fraction of phase ").append(phase).append(": ")
                    .append(fractionText(fractionsA, phase)).append(" and ").append(fractionText(fractionsB, phase))
                    .append('\n');
        }
        return text.toString();
    }

    private static String fractionText(List<Double> fractions, int phase) {
        return phase < fractions.size() ? String.format(Locale.ROOT, "%.6f", fractions.get(phase)) : "no such phase";
    }
}
