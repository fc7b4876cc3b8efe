package org.mcrc.runtime.engine.cpu.support;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions, lane by lane, of vectors of any species.
 *
 * <p>A lane's result depends on that lane's arguments alone, and its bits are the same interpreted and compiled, on
 * every machine and with every species. {@link #exp}, {@link #log}, {@link #sigmoid}, {@link #tanh}, {@link #sin} and
 * {@link #cos} are within 2 units in the last place (double: 3); large arguments of sine and cosine, general powers and
 * the rarely used functions go through {@link ScalarMath} one lane after another. Special values are those of
 * {@link StrictMath}.
 *
 * <p>Bodies stay below 325 bytecodes, the limit above which HotSpot does not inline them.
 *
 * <p>Sources: range reductions with fused multiply-add after Cody and Waite; polynomials of fdlibm (logarithm, double
 * sine and cosine) and of Moshier's Cephes (float exponential, sine, cosine and hyperbolic tangent, double hyperbolic
 * tangent); Taylor's for the double exponential.
 */
public final class VectorMath {
    /** 1.5·2^23: adding it to a float leaves the nearest integer in the low bits. */
    private static final float ROUND_FLOAT = 0x1.8p23f;
    private static final double ROUND_DOUBLE = 0x1.8p52;

    /** Beyond this size of argument the reduction of sine and cosine by three parts of π/2 is not exact. */
    private static final float REDUCIBLE_FLOAT = 50_000;
    private static final double REDUCIBLE_DOUBLE = 1_000_000;

    private VectorMath() {
    }

    // ------------------------------------------------------------------------------------------------ exponential

    /** e^x. */
    public static FloatVector exp(FloatVector x) {
        // Beyond these bounds the result is 0 or infinite anyway, and the exponent below would not fit. NaN passes.
        FloatVector z = x.blend(-150, x.compare(VectorOperators.LT, -150))
                .blend(128, x.compare(VectorOperators.GT, 128));
        FloatVector rounded = z.fma(z.broadcast(0x1.715476p0f), z.broadcast(ROUND_FLOAT));
        FloatVector k = rounded.sub(ROUND_FLOAT);
        FloatVector r = k.fma(k.broadcast(-0x1.62e430p-1f), z);
        r = k.fma(k.broadcast(0x1.05c610p-29f), r);
        return scaleByPowerOfTwo(expOfReduced(r), rounded);
    }

    private static FloatVector expOfReduced(FloatVector r) {
        FloatVector p = r.fma(r.broadcast(1.9875691500e-4f), r.broadcast(1.3981999507e-3f));
        p = p.fma(r, r.broadcast(8.3334519073e-3f));
        p = p.fma(r, r.broadcast(4.1665795894e-2f));
        p = p.fma(r, r.broadcast(1.6666665459e-1f));
        p = p.fma(r, r.broadcast(5.0000001201e-1f));
        return p.fma(r.mul(r), r).add(1);
    }

    /** {@code x·2^k}, k being what {@code rounded} exceeds {@link #ROUND_FLOAT} by; in two steps: 2^k may not exist. */
    private static FloatVector scaleByPowerOfTwo(FloatVector x, FloatVector rounded) {
        IntVector biased = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUND_FLOAT) - 512);
        IntVector half = biased.lanewise(VectorOperators.LSHR, 1);
        FloatVector first = half.add(127 - 256).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector second = biased.sub(half).add(127 - 256).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return x.mul(first).mul(second);
    }

    /** e^x. */
    public static DoubleVector exp(DoubleVector x) {
        DoubleVector z = x.blend(-1100, x.compare(VectorOperators.LT, -1100))
                .blend(1100, x.compare(VectorOperators.GT, 1100));
        DoubleVector rounded = z.fma(z.broadcast(0x1.71547652b82fep0), z.broadcast(ROUND_DOUBLE));
        DoubleVector k = rounded.sub(ROUND_DOUBLE);
        DoubleVector r = k.fma(k.broadcast(-0x1.62e42fefa39efp-1), z);
        r = k.fma(k.broadcast(-0x1.abc9e3b39803fp-56), r);
        return scaleByPowerOfTwo(expOfReduced(r), rounded);
    }

    private static DoubleVector expOfReduced(DoubleVector r) {
        DoubleVector p = r.fma(r.broadcast(1.0 / 6227020800.0), r.broadcast(1.0 / 479001600.0));
        p = p.fma(r, r.broadcast(1.0 / 39916800.0));
        p = p.fma(r, r.broadcast(1.0 / 3628800.0));
        p = p.fma(r, r.broadcast(1.0 / 362880.0));
        p = p.fma(r, r.broadcast(1.0 / 40320.0));
        p = p.fma(r, r.broadcast(1.0 / 5040.0));
        p = p.fma(r, r.broadcast(1.0 / 720.0));
        p = p.fma(r, r.broadcast(1.0 / 120.0));
        p = p.fma(r, r.broadcast(1.0 / 24.0));
        p = p.fma(r, r.broadcast(1.0 / 6.0));
        p = p.fma(r, r.broadcast(0.5));
        return p.fma(r.mul(r), r).add(1);
    }

    private static DoubleVector scaleByPowerOfTwo(DoubleVector x, DoubleVector rounded) {
        LongVector biased = rounded.reinterpretAsLongs().sub(Double.doubleToRawLongBits(ROUND_DOUBLE) - 4096);
        LongVector half = biased.lanewise(VectorOperators.LSHR, 1);
        DoubleVector first = half.add(1023 - 2048).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
        DoubleVector second = biased.sub(half).add(1023 - 2048).lanewise(VectorOperators.LSHL, 52)
                .reinterpretAsDoubles();
        return x.mul(first).mul(second);
    }

    /** The logistic function 1/(1 + e^-z); relatively accurate for very negative z too, where it is e^z. */
    public static FloatVector sigmoid(FloatVector z) {
        FloatVector e = exp(z.abs().neg());
        return e.broadcast(1).blend(e, z.compare(VectorOperators.LT, 0)).div(e.add(1));
    }

    /** The logistic function 1/(1 + e^-z); relatively accurate for very negative z too, where it is e^z. */
    public static DoubleVector sigmoid(DoubleVector z) {
        DoubleVector e = exp(z.abs().neg());
        return e.broadcast(1).blend(e, z.compare(VectorOperators.LT, 0)).div(e.add(1));
    }

    /** The hyperbolic tangent. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = square.fma(square.broadcast(-5.70498872745e-3f), square.broadcast(2.06390887954e-2f));
        p = p.fma(square, square.broadcast(-5.37397155531e-2f));
        p = p.fma(square, square.broadcast(1.33314422036e-1f));
        p = p.fma(square, square.broadcast(-3.33332819422e-1f));
        FloatVector small = p.mul(square).fma(x, x);
        FloatVector large = x.broadcast(1).sub(x.broadcast(2).div(exp(magnitude.add(magnitude)).add(1)));
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
        return large.blend(small, magnitude.compare(VectorOperators.LT, 0.625f))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    /** The hyperbolic tangent. */
    public static DoubleVector tanh(DoubleVector x) {
        DoubleVector magnitude = x.abs();
        DoubleVector square = x.mul(x);
        DoubleVector p = square.fma(square.broadcast(-9.64399179425052238628e-1),
                square.broadcast(-9.92877231001918586564e1));
        p = p.fma(square, square.broadcast(-1.61468768441708447952e3));
        DoubleVector q = square.add(1.12811678491632931402e2);
        q = q.fma(square, square.broadcast(2.23548839060100448583e3));
        q = q.fma(square, square.broadcast(4.84406305325125486048e3));
        DoubleVector small = p.div(q).mul(square).fma(x, x);
        DoubleVector large = x.broadcast(1).sub(x.broadcast(2).div(exp(magnitude.add(magnitude)).add(1)));
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
        return large.blend(small, magnitude.compare(VectorOperators.LT, 0.625))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    // -------------------------------------------------------------------------------------------------- logarithm

    /** The natural logarithm. */
    public static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p23f), subnormal);
        // x = 2^k·m with m between √½ and √2.
        IntVector bits = scaled.reinterpretAsInts();
        IntVector exponent = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
        FloatVector k = exponent.add(0x4b400000).reinterpretAsFloats().sub(ROUND_FLOAT);
        k = k.blend(k.sub(23), subnormal);
        FloatVector s = f.div(f.add(2));
        FloatVector z = s.mul(s);
        FloatVector p = z.fma(z.broadcast(0.24279078841f), z.broadcast(0.28498786688f));
        p = p.fma(z, z.broadcast(0.40000972152f)).fma(z, z.broadcast(0.66666662693f)).mul(z);
        FloatVector halfSquare = f.mul(f).mul(0.5f);
        FloatVector low = s.mul(halfSquare.add(p)).add(k.mul(9.0580006145e-06f));
        FloatVector result = k.mul(6.9313812256e-01f).sub(halfSquare.sub(low).sub(f));
        return logOfSpecial(x, result);
    }

    private static FloatVector logOfSpecial(FloatVector x, FloatVector result) {
        return result.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
                .blend(Float.NaN, x.compare(VectorOperators.LT, 0))
                .blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
                .blend(x, x.compare(VectorOperators.NE, x));
    }

    /** The natural logarithm. */
    public static DoubleVector log(DoubleVector x) {
        VectorMask<Double> subnormal = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
        LongVector bits = x.blend(x.mul(0x1p54), subnormal).reinterpretAsLongs();
        LongVector exponent = exponentOf(bits);
        DoubleVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles().sub(1);
        DoubleVector k = toDouble(exponent);
        k = k.blend(k.sub(54), subnormal);
        DoubleVector s = f.div(f.add(2));
        DoubleVector p = logSeries(s.mul(s));
        DoubleVector halfSquare = f.mul(f).mul(0.5);
        DoubleVector low = s.mul(halfSquare.add(p)).add(k.mul(1.90821492927058770002e-10));
        DoubleVector result = k.mul(6.93147180369123816490e-01).sub(halfSquare.sub(low).sub(f));
        return logOfSpecial(x, result);
    }

    /** The k with x = 2^k·m and m between √½ and √2; by a logical shift, since AVX2 has no arithmetic one of longs. */
    private static LongVector exponentOf(LongVector bits) {
        return bits.sub(0x3fe6a09e667f3bcdL - (2048L << 52)).lanewise(VectorOperators.LSHR, 52).sub(2048);
    }

    /** The double of a long between -2^50 and 2^50. */
    private static DoubleVector toDouble(LongVector integer) {
        return integer.add(Double.doubleToRawLongBits(ROUND_DOUBLE)).reinterpretAsDoubles().sub(ROUND_DOUBLE);
    }

    /** The part of log((1 + s)/(1 - s))/s beyond 2, as a polynomial in z = s². */
    private static DoubleVector logSeries(DoubleVector z) {
        DoubleVector p = z.fma(z.broadcast(1.479819860511658591e-01), z.broadcast(1.531383769920937332e-01));
        p = p.fma(z, z.broadcast(1.818357216161805012e-01));
        p = p.fma(z, z.broadcast(2.222219843214978396e-01));
        p = p.fma(z, z.broadcast(2.857142874366239149e-01));
        p = p.fma(z, z.broadcast(3.999999999940941908e-01));
        p = p.fma(z, z.broadcast(6.666666666666735130e-01));
        return p.mul(z);
    }

    private static DoubleVector logOfSpecial(DoubleVector x, DoubleVector result) {
        return result.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
                .blend(Double.NaN, x.compare(VectorOperators.LT, 0))
                .blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY))
                .blend(x, x.compare(VectorOperators.NE, x));
    }

    // ------------------------------------------------------------------------------------------------------ power

    /** x^y for any real exponent. */
    public static FloatVector pow(FloatVector x, FloatVector y) {
        return lanewise(x, y, ScalarMath::pow);
    }

    /** x^y for any real exponent. */
    public static DoubleVector pow(DoubleVector x, DoubleVector y) {
        return lanewise(x, y, ScalarMath::pow);
    }

    // -------------------------------------------------------------------------------------------- sine and cosine

    /** The sine of x radians. */
    public static FloatVector sin(FloatVector x) {
        FloatVector rounded = x.fma(x.broadcast(0x1.45f306p-1f), x.broadcast(ROUND_FLOAT));
        FloatVector result = sinOfQuadrant(reduceByQuadrants(x, rounded), rounded.reinterpretAsInts());
        // Zero keeps its sign, which the sum above loses.
        result = result.blend(x, x.compare(VectorOperators.EQ, 0));
        VectorMask<Float> reducible = x.abs().compare(VectorOperators.LE, REDUCIBLE_FLOAT);
        return reducible.allTrue() ? result : lanewise(x, StrictMath::sin).blend(result, reducible);
    }

    /** The cosine of x radians. */
    public static FloatVector cos(FloatVector x) {
        FloatVector rounded = x.fma(x.broadcast(0x1.45f306p-1f), x.broadcast(ROUND_FLOAT));
        FloatVector result = sinOfQuadrant(reduceByQuadrants(x, rounded), rounded.reinterpretAsInts().add(1));
        VectorMask<Float> reducible = x.abs().compare(VectorOperators.LE, REDUCIBLE_FLOAT);
        return reducible.allTrue() ? result : lanewise(x, StrictMath::cos).blend(result, reducible);
    }

    private static FloatVector reduceByQuadrants(FloatVector x, FloatVector rounded) {
        FloatVector k = rounded.sub(ROUND_FLOAT);
        FloatVector r = k.fma(k.broadcast(-0x1.921fb6p0f), x);
        r = k.fma(k.broadcast(0x1.777a5cp-25f), r);
        return k.fma(k.broadcast(0x1.ee59dap-50f), r);
    }

    /** sin(r + quadrant·π/2) for |r| ≤ π/4; only the last two bits of {@code quadrant} count. */
    private static FloatVector sinOfQuadrant(FloatVector r, IntVector quadrant) {
        FloatVector z = r.mul(r);
        FloatVector sine = z.fma(z.broadcast(-1.9515295891e-4f), z.broadcast(8.3321608736e-3f));
        sine = sine.fma(z, z.broadcast(-1.6666654611e-1f)).mul(z).fma(r, r);
        FloatVector cosine = z.fma(z.broadcast(2.443315711809948e-5f), z.broadcast(-1.388731625493765e-3f));
        cosine = cosine.fma(z, z.broadcast(4.166664568298827e-2f)).mul(z).fma(z, z.mul(-0.5f).add(1));
        VectorMask<Float> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(r.species());
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        return sine.blend(cosine, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    /** The sine of x radians. */
    public static DoubleVector sin(DoubleVector x) {
        DoubleVector rounded = x.fma(x.broadcast(0x1.45f306dc9c883p-1), x.broadcast(ROUND_DOUBLE));
        DoubleVector result = sinOfQuadrant(reduceByQuadrants(x, rounded), rounded.reinterpretAsLongs());
        result = result.blend(x, x.compare(VectorOperators.EQ, 0));
        VectorMask<Double> reducible = x.abs().compare(VectorOperators.LE, REDUCIBLE_DOUBLE);
        return reducible.allTrue() ? result : lanewise(x, StrictMath::sin).blend(result, reducible);
    }

    /** The cosine of x radians. */
    public static DoubleVector cos(DoubleVector x) {
        DoubleVector rounded = x.fma(x.broadcast(0x1.45f306dc9c883p-1), x.broadcast(ROUND_DOUBLE));
        DoubleVector result = sinOfQuadrant(reduceByQuadrants(x, rounded), rounded.reinterpretAsLongs().add(1));
        VectorMask<Double> reducible = x.abs().compare(VectorOperators.LE, REDUCIBLE_DOUBLE);
        return reducible.allTrue() ? result : lanewise(x, StrictMath::cos).blend(result, reducible);
    }

    private static DoubleVector reduceByQuadrants(DoubleVector x, DoubleVector rounded) {
        DoubleVector k = rounded.sub(ROUND_DOUBLE);
        DoubleVector r = k.fma(k.broadcast(-0x1.921fb54442d18p0), x);
        r = k.fma(k.broadcast(-0x1.1a62633145c07p-54), r);
        return k.fma(k.broadcast(0x1.f1976b7ed8fbcp-110), r);
    }

    private static DoubleVector sinOfQuadrant(DoubleVector r, LongVector quadrant) {
        DoubleVector z = r.mul(r);
        VectorMask<Double> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(r.species());
        LongVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 62);
        DoubleVector sine = sinSeries(z).mul(z).fma(r, r);
        DoubleVector cosine = cosSeries(z).mul(z).fma(z, z.mul(-0.5).add(1));
        return sine.blend(cosine, odd).reinterpretAsLongs().lanewise(VectorOperators.XOR, sign).reinterpretAsDoubles();
    }

    private static DoubleVector sinSeries(DoubleVector z) {
        DoubleVector p = z.fma(z.broadcast(1.58969099521155010221e-10), z.broadcast(-2.50507602534068634195e-08));
        p = p.fma(z, z.broadcast(2.75573137070700676789e-06));
        p = p.fma(z, z.broadcast(-1.98412698298579493134e-04));
        p = p.fma(z, z.broadcast(8.33333333332248946124e-03));
        return p.fma(z, z.broadcast(-1.66666666666666324348e-01));
    }

    private static DoubleVector cosSeries(DoubleVector z) {
        DoubleVector p = z.fma(z.broadcast(-1.13596475577881948265e-11), z.broadcast(2.08757232129817482790e-09));
        p = p.fma(z, z.broadcast(-2.75573143513906633035e-07));
        p = p.fma(z, z.broadcast(2.48015872894767294178e-05));
        p = p.fma(z, z.broadcast(-1.38888888888741095749e-03));
        return p.fma(z, z.broadcast(4.16666666666666019037e-02));
    }

    // ------------------------------------------------------------------------------------------ pieces and corners

    /** The absolute value. {@link FloatVector#abs} reads its mask from memory each time; this one stays in a register. */
    public static FloatVector abs(FloatVector x) {
        return x.reinterpretAsInts().and(Integer.MAX_VALUE).reinterpretAsFloats();
    }

    /** The same in double precision. */
    public static DoubleVector abs(DoubleVector x) {
        return x.reinterpretAsLongs().and(Long.MAX_VALUE).reinterpretAsDoubles();
    }

    /** -1, 0 or 1; NaN of NaN. */
    public static FloatVector sign(FloatVector x) {
        return x.blend(1, x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    /** -1, 0 or 1; NaN of NaN. */
    public static DoubleVector sign(DoubleVector x) {
        return x.blend(1, x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    /** 0 for x ≤ 0, 1 above; NaN of NaN. */
    public static FloatVector step(FloatVector x) {
        return x.blend(0, x.compare(VectorOperators.LE, 0)).blend(1, x.compare(VectorOperators.GT, 0));
    }

    /** 0 for x ≤ 0, 1 above; NaN of NaN. */
    public static DoubleVector step(DoubleVector x) {
        return x.blend(0, x.compare(VectorOperators.LE, 0)).blend(1, x.compare(VectorOperators.GT, 0));
    }

    /** The largest integer that does not exceed x. */
    public static FloatVector floor(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector nearest = magnitude.add(0x1p23f).sub(0x1p23f);
        nearest = nearest.blend(nearest.neg(), x.compare(VectorOperators.LT, 0));
        FloatVector floor = nearest.blend(nearest.sub(1), nearest.compare(VectorOperators.GT, x));
        // Large values are integers already; zero keeps its sign.
        return x.blend(floor, magnitude.compare(VectorOperators.LT, 0x1p23f).and(x.compare(VectorOperators.NE, 0)));
    }

    /** The largest integer that does not exceed x. */
    public static DoubleVector floor(DoubleVector x) {
        DoubleVector magnitude = x.abs();
        DoubleVector nearest = magnitude.add(0x1p52).sub(0x1p52);
        nearest = nearest.blend(nearest.neg(), x.compare(VectorOperators.LT, 0));
        DoubleVector floor = nearest.blend(nearest.sub(1), nearest.compare(VectorOperators.GT, x));
        return x.blend(floor, magnitude.compare(VectorOperators.LT, 0x1p52).and(x.compare(VectorOperators.NE, 0)));
    }

    /** The remainder of x by y with the sign of y, as Python's {@code %}. */
    public static FloatVector floorMod(FloatVector x, FloatVector y) {
        return lanewise(x, y, ScalarMath::floorMod);
    }

    /** The remainder of x by y with the sign of y, as Python's {@code %}. */
    public static DoubleVector floorMod(DoubleVector x, DoubleVector y) {
        return lanewise(x, y, ScalarMath::floorMod);
    }

    /** The floored quotient of x by y, as Python's {@code //}. */
    public static FloatVector floorDiv(FloatVector x, FloatVector y) {
        return lanewise(x, y, ScalarMath::floorDiv);
    }

    /** The floored quotient of x by y, as Python's {@code //}. */
    public static DoubleVector floorDiv(DoubleVector x, DoubleVector y) {
        return lanewise(x, y, ScalarMath::floorDiv);
    }

    // ----------------------------------------------------------------------------------------------- rarely used

    /** The tangent of x radians. */
    public static FloatVector tan(FloatVector x) {
        return lanewise(x, ScalarMath::tan);
    }

    /** The tangent of x radians. */
    public static DoubleVector tan(DoubleVector x) {
        return lanewise(x, ScalarMath::tan);
    }

    /** The arc sine. */
    public static FloatVector asin(FloatVector x) {
        return lanewise(x, ScalarMath::asin);
    }

    /** The arc sine. */
    public static DoubleVector asin(DoubleVector x) {
        return lanewise(x, ScalarMath::asin);
    }

    /** The arc cosine. */
    public static FloatVector acos(FloatVector x) {
        return lanewise(x, ScalarMath::acos);
    }

    /** The arc cosine. */
    public static DoubleVector acos(DoubleVector x) {
        return lanewise(x, ScalarMath::acos);
    }

    /** The arc tangent. */
    public static FloatVector atan(FloatVector x) {
        return lanewise(x, ScalarMath::atan);
    }

    /** The arc tangent. */
    public static DoubleVector atan(DoubleVector x) {
        return lanewise(x, ScalarMath::atan);
    }

    /** The hyperbolic sine. */
    public static FloatVector sinh(FloatVector x) {
        return lanewise(x, ScalarMath::sinh);
    }

    /** The hyperbolic sine. */
    public static DoubleVector sinh(DoubleVector x) {
        return lanewise(x, ScalarMath::sinh);
    }

    /** The hyperbolic cosine. */
    public static FloatVector cosh(FloatVector x) {
        return lanewise(x, ScalarMath::cosh);
    }

    /** The hyperbolic cosine. */
    public static DoubleVector cosh(DoubleVector x) {
        return lanewise(x, ScalarMath::cosh);
    }

    /** The logarithm of the absolute value of the gamma function. */
    public static FloatVector lgamma(FloatVector x) {
        return lanewise(x, ScalarMath::lgamma);
    }

    /** The logarithm of the absolute value of the gamma function. */
    public static DoubleVector lgamma(DoubleVector x) {
        return lanewise(x, ScalarMath::lgamma);
    }

    /** The derivative of {@link #lgamma}. */
    public static FloatVector digamma(FloatVector x) {
        return lanewise(x, ScalarMath::digamma);
    }

    /** The derivative of {@link #lgamma}. */
    public static DoubleVector digamma(DoubleVector x) {
        return lanewise(x, ScalarMath::digamma);
    }

    /** The angle of the point (x, y), in (-π, π]. */
    public static FloatVector atan2(FloatVector y, FloatVector x) {
        return lanewise(y, x, ScalarMath::atan2);
    }

    /** The angle of the point (x, y), in (-π, π]. */
    public static DoubleVector atan2(DoubleVector y, DoubleVector x) {
        return lanewise(y, x, ScalarMath::atan2);
    }

    private static FloatVector lanewise(FloatVector x, DoubleUnaryOperator function) {
        float[] lanes = x.toArray();
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (float) function.applyAsDouble(lanes[lane]);
        }
        return FloatVector.fromArray(x.species(), lanes, 0);
    }

    private static DoubleVector lanewise(DoubleVector x, DoubleUnaryOperator function) {
        double[] lanes = x.toArray();
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = function.applyAsDouble(lanes[lane]);
        }
        return DoubleVector.fromArray(x.species(), lanes, 0);
    }

    private static FloatVector lanewise(FloatVector x, FloatVector y, DoubleBinaryOperator function) {
        float[] lanes = x.toArray();
        float[] second = y.toArray();
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (float) function.applyAsDouble(lanes[lane], second[lane]);
        }
        return FloatVector.fromArray(x.species(), lanes, 0);
    }

    private static DoubleVector lanewise(DoubleVector x, DoubleVector y, DoubleBinaryOperator function) {
        double[] lanes = x.toArray();
        double[] second = y.toArray();
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = function.applyAsDouble(lanes[lane], second[lane]);
        }
        return DoubleVector.fromArray(x.species(), lanes, 0);
    }
}
