package org.mcrc.compiler.index;

/**
 * The logarithm of the gamma function and its derivatives, to about 1e-14.
 *
 * <p>Sources: Abramowitz and Stegun, Handbook of Mathematical Functions, sections 6.1, 6.3, 6.4 and 23.2. Accuracy is
 * relative, except that it is absolute near a zero on the negative axis and near the positive zero of digamma. The bits
 * are the same everywhere.
 */
public final class SpecialFunctions {
    private static final double EULER = 0.57721566490153286061;
    private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

    /** Where asymptotic series are accurate. */
    private static final double LARGE = 12;

    /** B_2, B_4, ... */
    private static final double[] BERNOULLI = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730,
            7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138};

    /** (zeta(k) - 1) / k with the sign of (-1)^k, from k = 2: the Taylor series of lgamma at 2 (A&S 6.1.33). */
    private static final double[] LGAMMA_AT_TWO = new double[30];

    static {
        for (int k = 2; k < LGAMMA_AT_TWO.length + 2; k++) {
            LGAMMA_AT_TWO[k - 2] = (k % 2 == 0 ? 1 : -1) * hurwitzZeta(k, 2) / k;
        }
    }

    private SpecialFunctions() {}

    /** log |gamma(x)|; infinite at 0, -1, -2, ... */
    public static double lgamma(double x) {
        if (Double.isNaN(x) || x == Double.POSITIVE_INFINITY) {
            return x;
        }
        if (x <= 0) {
            // A&S 6.1.17, with the sine's argument reduced so that it is right far from 0.
            double sine = Math.abs(sineOfPiTimes(x));
            return sine == 0 || Double.isInfinite(x) ? Double.POSITIVE_INFINITY
                    : StrictMath.log(Math.PI / sine) - lgamma(1 - x);
        }
        if (x < 0.5) {
            return lgamma(x + 1) - StrictMath.log(x);
        }
        if (x < 1.5) {
            double z = x - 1;
            return lgammaNearTwo(z) - StrictMath.log1p(z);
        }
        if (x < LARGE) {
            double shifted = x;
            double product = 1;
            while (shifted >= 2.5) {
                shifted -= 1;
                product *= shifted;
            }
            return lgammaNearTwo(shifted - 2) + StrictMath.log(product);
        }
        double sum = 0;
        double inverse = 1 / x;
        double power = inverse;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            sum += BERNOULLI[k - 1] / (2.0 * k * (2 * k - 1)) * power;
            power *= inverse * inverse;
        }
        return (x - 0.5) * StrictMath.log(x) - x + HALF_LOG_TWO_PI + sum;
    }

    /** lgamma(2 + z) for |z| up to about a half. */
    private static double lgammaNearTwo(double z) {
        double sum = 0;
        for (int k = LGAMMA_AT_TWO.length - 1; k >= 0; k--) {
            sum = sum * z + LGAMMA_AT_TWO[k];
        }
        return z * ((1 - EULER) + z * sum);
    }

    /** The derivative of {@link #lgamma}; not a number at 0, -1, -2, ... */
    public static double digamma(double x) {
        if (x <= 0) {
            return digamma(1 - x) - Math.PI * cotangentOfPiTimes(x);
        }
        double shift = 0;
        double large = x;
        while (large < LARGE) {
            shift += 1 / large;
            large += 1;
        }
        double inverseSquare = 1 / (large * large);
        double power = inverseSquare;
        double sum = 0;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            sum += BERNOULLI[k - 1] / (2 * k) * power;
            power *= inverseSquare;
        }
        return StrictMath.log(large) - 0.5 / large - sum - shift;
    }

    /**
     * The derivative of order {@code order} of {@link #digamma}.
     *
     * @throws IllegalArgumentException where the order is negative
     */
    public static double polygamma(int order, double x) {
        if (order < 0) {
            throw new IllegalArgumentException("polygamma of order " + order);
        }
        if (order == 0) {
            return digamma(x);
        }
        double sign = order % 2 == 0 ? -1 : 1;
        if (x <= 0) {
            // A&S 6.4.7.
            return -sign * polygamma(order, 1 - x) - cotangentDerivative(order, x);
        }
        return sign * factorial(order) * hurwitzZeta(order + 1, x);
    }

    /** The derivative of that order of pi cot(pi x): a polynomial in the cotangent, with c' = -pi (1 + c^2). */
    private static double cotangentDerivative(int order, double x) {
        double[] polynomial = {0, 1};
        for (int n = 0; n < order; n++) {
            double[] derivative = new double[polynomial.length + 1];
            for (int k = 1; k < polynomial.length; k++) {
                derivative[k - 1] -= k * polynomial[k];
                derivative[k + 1] -= k * polynomial[k];
            }
            polynomial = derivative;
        }
        double cotangent = cotangentOfPiTimes(x);
        double sum = 0;
        for (int k = polynomial.length - 1; k >= 0; k--) {
            sum = sum * cotangent + polynomial[k];
        }
        return sum * StrictMath.pow(Math.PI, order + 1);
    }

    /** The sum of (x + n)^-s over n = 0, 1, ... for x > 0 and integer s > 1, by Euler's summation (A&S 23.1.30). */
    private static double hurwitzZeta(int s, double x) {
        double sum = 0;
        double large = x;
        // Ever later terms of the asymptotic series matter as the order grows.
        while (large < LARGE + s) {
            double term = StrictMath.pow(large, -s);
            sum += term;
            large += 1;
            if (term < 1e-18 * sum) {
                return sum;
            }
        }
        double power = StrictMath.pow(large, -s);
        double tail = power * (large / (s - 1) + 0.5);
        double factor = s * power / large;
        double factorial = 2;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            tail += BERNOULLI[k - 1] / factorial * factor;
            factor *= (s + 2 * k - 1.0) * (s + 2 * k) / (large * large);
            factorial *= (2 * k + 1.0) * (2 * k + 2);
        }
        return sum + tail;
    }

    private static double factorial(int n) {
        double product = 1;
        for (int k = 2; k <= n; k++) {
            product *= k;
        }
        return product;
    }

    /** x minus the nearest integer: sine and cotangent of pi x repeat with it up to sign. */
    private static double fromNearestInteger(double x) {
        return x - Math.rint(x);
    }

    private static double sineOfPiTimes(double x) {
        return StrictMath.sin(Math.PI * fromNearestInteger(x));
    }

    private static double cotangentOfPiTimes(double x) {
        double reduced = fromNearestInteger(x);
        if (reduced == 0) {
            return Double.NaN;
        }
        return Math.abs(reduced) == 0.5 ? 0 : 1 / StrictMath.tan(Math.PI * reduced);
    }
}
