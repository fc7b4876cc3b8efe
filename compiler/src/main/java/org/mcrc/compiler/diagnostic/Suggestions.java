package org.mcrc.compiler.diagnostic;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class Suggestions {

    /** Longer names are compared by their letters' case only: the comparison takes the product of two lengths. */
    private static final int LONGEST = 100;

    private Suggestions() {}

    /** The hint {@code did you mean 'NAME'?}, if one of {@code candidates} is near to {@code written}. */
    public static Optional<String> didYouMean(String written, Collection<String> candidates) {
        return nearest(written, candidates).map(name -> "did you mean '" + name + "'?");
    }

    /**
     * The candidate nearest to {@code written}, if it is near: a third of its characters may differ, transposed
     * neighbours and a different case counting as one. Of equally near ones the first is taken.
     */
    public static Optional<String> nearest(String written, Collection<String> candidates) {
        String best = null;
        int smallest = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int longest = Math.max(written.length(), candidate.length());
            int allowed = longest <= 2 ? 0 : Math.max(1, longest / 3);
            if (candidate.equals(written) || Math.abs(written.length() - candidate.length()) > allowed) {
                continue;
            }
            boolean sameLetters = written.equalsIgnoreCase(candidate);
            if (!sameLetters && longest > LONGEST) {
                continue;
            }
            int distance = sameLetters ? 1 : distance(written, candidate);
            boolean near = distance <= allowed || sameLetters;
            if (near && distance < smallest) {
                best = candidate;
                smallest = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The optimal string alignment distance (Damerau-Levenshtein without edits of edited pairs), ignoring case. */
    private static int distance(String first, String second) {
        String from = first.toLowerCase(Locale.ROOT);
        String to = second.toLowerCase(Locale.ROOT);
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replace = distance[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replace, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                boolean transposed = i > 1 && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
                distance[i][j] = transposed ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
            }
        }
        return distance[from.length()][to.length()];
    }
}
