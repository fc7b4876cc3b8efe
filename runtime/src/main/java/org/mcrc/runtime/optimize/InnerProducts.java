package org.mcrc.runtime.optimize;

/**
 * Inner products of long vectors. Neighbouring terms go to sums of their own, so that no addition waits for the one before
 * it; the order of all of them depends on nothing but the length.
 */
final class InnerProducts {
    private InnerProducts() {
    }

    static double dot(double[] left, double[] right) {
        int length = left.length;
        int quads = length - length % 4;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int k = 0; k < quads; k += 4) {
            sum0 += left[k] * right[k];
            sum1 += left[k + 1] * right[k + 1];
            sum2 += left[k + 2] * right[k + 2];
            sum3 += left[k + 3] * right[k + 3];
        }
        for (int k = quads; k < length; k++) {
            sum0 += left[k] * right[k];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    /**
     * Adds the products of a part of two vectors with the same part of two others: all four in one pass, for a processor
     * that waits for memory loads each of them once.
     *
     * @param sums its elements from {@code place} on grow by a·c, a·d, b·c and b·d
     */
    static void addProducts(double[] a, double[] b, double[] c, double[] d, int from, int to, double[] sums, int place) {
        int pairs = to - (to - from) % 2;
        double ac0 = 0;
        double ac1 = 0;
        double ad0 = 0;
        double ad1 = 0;
        double bc0 = 0;
        double bc1 = 0;
        double bd0 = 0;
        double bd1 = 0;
        for (int k = from; k < pairs; k += 2) {
            ac0 += a[k] * c[k];
            ad0 += a[k] * d[k];
            bc0 += b[k] * c[k];
            bd0 += b[k] * d[k];
            ac1 += a[k + 1] * c[k + 1];
            ad1 += a[k + 1] * d[k + 1];
            bc1 += b[k + 1] * c[k + 1];
            bd1 += b[k + 1] * d[k + 1];
        }
        if (pairs < to) {
            ac0 += a[pairs] * c[pairs];
            ad0 += a[pairs] * d[pairs];
            bc0 += b[pairs] * c[pairs];
            bd0 += b[pairs] * d[pairs];
        }
        sums[place] += ac0 + ac1;
        sums[place + 1] += ad0 + ad1;
        sums[place + 2] += bc0 + bc1;
        sums[place + 3] += bd0 + bd1;
    }
}
