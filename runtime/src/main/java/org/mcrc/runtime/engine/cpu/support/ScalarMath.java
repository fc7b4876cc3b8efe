package org.mcrc.runtime.engine.cpu.support;

import java.math.BigDecimal;
import org.mcrc.compiler.index.SpecialFunctions;

/**
 * The elementary functions of scalars.
 *
 * <p>Everything rests on {@link StrictMath} and on exact operations, so that the bits are the same everywhere. The
 * variants for {@code float} compute in double precision and round once.
 */
public final class ScalarMath {
    private static final double EULER_GAMMA = 0.57721566490153286061;
    private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

    /** (ζ(k) - 1)·(-1)^k / k for k = 2, 3, …: the Taylor coefficients of log Γ at 2 beyond the linear one. */
    private static final double[] LOG_GAMMA_AT_TWO = new double[32];

    /** The only positive zero of the digamma function, as a sum of two doubles, and the Taylor coefficients there. */
    private static final double DIGAMMA_ZERO = 1.4616321449683623;
    private static final double DIGAMMA_ZERO_LOW = new BigDecimal("1.4616321449683623412626595423257213284681962040064")
            .subtract(new BigDecimal(DIGAMMA_ZERO)).doubleValue();
    private static final double[] DIGAMMA_AT_ZERO = new double[32];

    static {
        for (int k = 0; k < LOG_GAMMA_AT_TWO.length; k++) {
            int order = k + 2;
            LOG_GAMMA_AT_TWO[k] = (order % 2 == 0 ? 1 : -1) * hurwitzZeta(order, 2) / order;
            DIGAMMA_AT_ZERO[k] = (k % 2 == 0 ? 1 : -1) * hurwitzZeta(order, DIGAMMA_ZERO);
        }
    }

    private ScalarMath() {
    }

    /** e^x. */
    public static double exp(double x) {
        return StrictMath.exp(x);
    }

    /** The natural logarithm. */
    public static double log(double x) {
        return StrictMath.log(x);
    }

    /** The logistic function 1/(1 + e^-z); relatively accurate for very negative z too, where it is e^z. */
    public static double sigmoid(double z) {
        double e = StrictMath.exp(-Math.abs(z));
        return (z < 0 ? e : 1) / (1 + e);
    }

    /** The hyperbolic tangent. */
    public static double tanh(double x) {
        return StrictMath.tanh(x);
    }

    /** The sine of x radians. */
    public static double sin(double x) {
        return StrictMath.sin(x);
    }

    /** The cosine of x radians. */
    public static double cos(double x) {
        return StrictMath.cos(x);
    }

    /** The tangent of x radians. */
    public static double tan(double x) {
        return StrictMath.tan(x);
    }

    /** The arc sine. */
    public static double asin(double x) {
        return StrictMath.asin(x);
    }

    /** The arc cosine. */
    public static double acos(double x) {
        return StrictMath.acos(x);
    }

    /** The arc tangent. */
    public static double atan(double x) {
        return StrictMath.atan(x);
    }

    /** The hyperbolic sine. */
    public static double sinh(double x) {
        return StrictMath.sinh(x);
    }

    /** The hyperbolic cosine. */
    public static double cosh(double x) {
        return StrictMath.cosh(x);
    }

    /** -1, 0 or 1; NaN of NaN. */
    public static double sign(double x) {
        return x > 0 ? 1 : x < 0 ? -1 : x;
    }

    /** 0 for x ≤ 0, 1 above; NaN of NaN. */
    public static double step(double x) {
        return x > 0 ? 1 : x <= 0 ? 0 : x;
    }

    /** The largest integer that does not exceed x. */
    public static double floor(double x) {
        return StrictMath.floor(x);
    }

    /** e^x. */
    public static float exp(float x) {
        return (float) exp((double) x);
    }

    /** The natural logarithm. */
    public static float log(float x) {
        return (float) log((double) x);
    }

    /** The logistic function 1/(1 + e^-z); relatively accurate for very negative z too, where it is e^z. */
    public static float sigmoid(float z) {
        return (float) sigmoid((double) z);
    }

    /** The hyperbolic tangent. */
    public static float tanh(float x) {
        return (float) tanh((double) x);
    }

    /** The sine of x radians. */
    public static float sin(float x) {
        return (float) sin((double) x);
    }

    /** The cosine of x radians. */
    public static float cos(float x) {
        return (float) cos((double) x);
    }

    /** The tangent of x radians. */
    public static float tan(float x) {
        return (float) tan((double) x);
    }

    /** The arc sine. */
    public static float asin(float x) {
        return (float) asin((double) x);
    }

    /** The arc cosine. */
    public static float acos(float x) {
        return (float) acos((double) x);
    }

    /** The arc tangent. */
    public static float atan(float x) {
        return (float) atan((double) x);
    }

    /** The hyperbolic sine. */
    public static float sinh(float x) {
        return (float) sinh((double) x);
    }

    /** The hyperbolic cosine. */
    public static float cosh(float x) {
        return (float) cosh((double) x);
    }

    /** -1, 0 or 1; NaN of NaN. */
    public static float sign(float x) {
        return (float) sign((double) x);
    }

    /** 0 for x ≤ 0, 1 above; NaN of NaN. */
    public static float step(float x) {
        return (float) step((double) x);
    }

    /** The largest integer that does not exceed x. */
    public static float floor(float x) {
        return (float) floor((double) x);
    }

    /** x^y. */
    public static double pow(double x, double y) {
        return StrictMath.pow(x, y);
    }

    /** The angle of the point (x, y), in (-π, π]. */
    public static double atan2(double y, double x) {
        return StrictMath.atan2(y, x);
    }

    /** The remainder of x by y with the sign of y, as Python's {@code %}; NaN for y = 0. */
    public static double floorMod(double x, double y) {
        double remainder = x % y;
        if (remainder == 0) {
            return Math.copySign(0, y);
        }
        return remainder < 0 != y < 0 ? remainder + y : remainder;
    }

    /** The floored quotient of x by y, as Python's {@code //}: right also where x / y rounds up to an integer. */
    public static double floorDiv(double x, double y) {
        double remainder = x % y;
        double quotient = StrictMath.rint((x - remainder) / y);
        return remainder != 0 && remainder < 0 != y < 0 ? quotient - 1 : quotient;
    }

    /** x^y. */
    public static float pow(float x, float y) {
        return (float) pow((double) x, (double) y);
    }

    /** The angle of the point (x, y), in (-π, π]. */
    public static float atan2(float y, float x) {
        return (float) atan2((double) y, (double) x);
    }

    /** The remainder of x by y with the sign of y, as Python's {@code %}; NaN for y = 0. */
    public static float floorMod(float x, float y) {
        return (float) floorMod((double) x, (double) y);
    }

    /** The floored quotient of x by y, as Python's {@code //}: right also where x / y rounds up to an integer. */
    public static float floorDiv(float x, float y) {
        return (float) floorDiv((double) x, (double) y);
    }

    // ---------------------------------------------------------------------------------------------- gamma function

    /**
     * The logarithm of the absolute value of the gamma function; +∞ at its poles.
     *
     * <p>Taylor series at 2 (which keeps the zeros at 1 and 2 relatively accurate), Stirling's series from 12 on, in
     * between and below the recurrence Γ(x + 1) = x·Γ(x) and the reflection Γ(x)·Γ(1 - x) = π/sin(πx).
     */
    public static double lgamma(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (x <= 0) {
            double toNearestInteger = x - StrictMath.rint(x);
            if (toNearestInteger == 0 || Double.isInfinite(x)) {
                return Double.POSITIVE_INFINITY;
            }
            double sine = Math.abs(StrictMath.sin(StrictMath.PI * toNearestInteger));
            return StrictMath.log(StrictMath.PI / sine) - lgamma(1 - x);
        }
        if (x < 0.5) {
            return lgamma(1 + x) - StrictMath.log(x);
        }
        if (x < 1.5) {
            return logGammaNearTwo(x - 1) - StrictMath.log1p(x - 1);
        }
        if (x < 12) {
            double product = 1;
            double reduced = x;
            while (reduced > 2.5) {
                reduced -= 1;
                product *= reduced;
            }
            return StrictMath.log(product) + logGammaNearTwo(reduced - 2);
        }
        double square = 1 / (x * x);
        double series = ((((-691.0 / 360360 * square + 1.0 / 1188) * square - 1.0 / 1680) * square + 1.0 / 1260)
                * square - 1.0 / 360) * square + 1.0 / 12;
        // (x - ½)·log x - x with one product, so that huge x give +∞ and not ∞ - ∞.
        return (x - 0.5) * (StrictMath.log(x) - 1) + (HALF_LOG_TWO_PI - 0.5 + series / x);
    }

    /** log Γ(2 + z) for |z| ≤ ½. */
    private static double logGammaNearTwo(double z) {
        double series = 0;
        for (int k = LOG_GAMMA_AT_TWO.length - 1; k >= 0; k--) {
            series = Math.fma(series, z, LOG_GAMMA_AT_TWO[k]);
        }
        return z * (series * z + (1 - EULER_GAMMA));
    }

    /**
     * The derivative of {@link #lgamma}; NaN at its poles 0, -1, -2, …
     *
     * <p>Taylor series at the positive zero, the asymptotic series from 12 on, otherwise recurrence and reflection.
     */
    public static double digamma(double x) {
        if (x <= 0) {
            double toNearestInteger = x - StrictMath.rint(x);
            if (toNearestInteger == 0 || Double.isInfinite(x)) {
                return Double.NaN;
            }
            return digamma(1 - x) - StrictMath.PI / StrictMath.tan(StrictMath.PI * toNearestInteger);
        }
        double toZero = x - DIGAMMA_ZERO - DIGAMMA_ZERO_LOW;
        if (Math.abs(toZero) < 0.4) {
            double series = 0;
            for (int k = DIGAMMA_AT_ZERO.length - 1; k >= 0; k--) {
                series = Math.fma(series, toZero, DIGAMMA_AT_ZERO[k]);
            }
            return series * toZero;
        }
        double shifted = x;
        double reciprocals = 0;
        while (shifted < 12) {
            reciprocals += 1 / shifted;
            shifted += 1;
        }
        double square = 1 / (shifted * shifted);
        double series = (((((-691.0 / 32760 * square + 1.0 / 132) * square - 1.0 / 240) * square + 1.0 / 252) * square
                - 1.0 / 120) * square + 1.0 / 12) * square;
        return StrictMath.log(shifted) - 0.5 / shifted - series - reciprocals;
    }

    /** The derivative of digamma of an order, an integer. */
    public static double polygamma(double order, double x) {
        return SpecialFunctions.polygamma((int) order, x);
    }

    /** Σ (n + a)^-s over n = 0, 1, …, by the formula of Euler and Maclaurin from the fortieth term on. */
    private static double hurwitzZeta(int s, double a) {
        double sum = 0;
        double b = a + 40;
        double power = StrictMath.pow(b, -s);
        double square = 1 / (b * b);
        double tail = power * (b / (s - 1) + 0.5 + s / b / 12 * (1 - (s + 1) * (s + 2) * square / 60
                * (1 - (s + 3) * (s + 4) * square / 42 * (1 - (s + 5) * (s + 6) * square / 40))));
        for (int n = 39; n >= 0; n--) {
            sum += StrictMath.pow(n + a, -s);
        }
        return sum + tail;
    }

    /** The logarithm of the absolute value of the gamma function. */
    public static float lgamma(float x) {
        return (float) lgamma((double) x);
    }

    /** The derivative of {@link #lgamma}. */
    public static float digamma(float x) {
        return (float) digamma((double) x);
    }

    /** The derivative of digamma of an order, an integer. */
    public static float polygamma(float order, float x) {
        return (float) polygamma((double) order, (double) x);
    }
}
