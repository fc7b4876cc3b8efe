// The derivatives of the logarithm of the gamma function (Abramowitz and Stegun, sections 6.3, 6.4 and 23.1), in double
// precision.

/** The Bernoulli number of index 2 k, for k from 1 to 8. */
__device__ __forceinline__ double mcrc_bernoulli(int k) {
    switch (k) {
        case 1: return 1.0 / 6;
        case 2: return -1.0 / 30;
        case 3: return 1.0 / 42;
        case 4: return -1.0 / 30;
        case 5: return 5.0 / 66;
        case 6: return -691.0 / 2730;
        case 7: return 7.0 / 6;
        default: return -3617.0 / 510;
    }
}

/** The cotangent of pi x, which repeats with the integers. */
__device__ double mcrc_cotangent_of_pi_times(double x) {
    const double reduced = x - rint(x);
    if (reduced == 0) {
        return mcrc_nan();
    }
    return fabs(reduced) == 0.5 ? 0.0 : 1.0 / tan(3.14159265358979323846 * reduced);
}

/** By recurrence to where the asymptotic series is exact to the last digits. */
__device__ double mcrc_digamma_of_positive(double x) {
    double shift = 0;
    while (x < 10) {
        shift += 1 / x;
        x += 1;
    }
    const double inverseSquare = 1 / (x * x);
    double power = inverseSquare;
    double sum = 0;
    for (int k = 1; k <= 8; ++k) {
        sum += mcrc_bernoulli(k) / (2 * k) * power;
        power *= inverseSquare;
    }
    return log(x) - 0.5 / x - sum - shift;
}

__device__ double mcrc_digamma(double x) {
    return x <= 0 ? mcrc_digamma_of_positive(1 - x) - 3.14159265358979323846 * mcrc_cotangent_of_pi_times(x)
            : mcrc_digamma_of_positive(x);
}
__device__ __forceinline__ float mcrc_digamma(float x) { return static_cast<float>(mcrc_digamma(static_cast<double>(x))); }

/** The sum of (x + n)^-s over n = 0, 1, ..., x > 0. */
__device__ double mcrc_hurwitz_zeta(int s, double x) {
    double sum = 0;
    while (x < 10 + s) {
        const double term = pow(x, static_cast<double>(-s));
        sum += term;
        x += 1;
        if (term < 1e-18 * sum) {
            return sum;
        }
    }
    const double power = pow(x, static_cast<double>(-s));
    double tail = power * (x / (s - 1) + 0.5);
    double factor = s * power / x;
    double factorial = 2;
    for (int k = 1; k <= 8; ++k) {
        tail += mcrc_bernoulli(k) / factorial * factor;
        factor *= (s + 2 * k - 1.0) * (s + 2 * k) / (x * x);
        factorial *= (2 * k + 1.0) * (2 * k + 2);
    }
    return sum + tail;
}

__device__ double mcrc_polygamma_of_positive(int order, double x) {
    double factorial = 1;
    for (int k = 2; k <= order; ++k) {
        factorial *= k;
    }
    return (order % 2 == 0 ? -1 : 1) * factorial * mcrc_hurwitz_zeta(order + 1, x);
}

/** The derivative of that order, at least 1, of pi cot(pi x): a polynomial in the cotangent, with c' = -pi (1 + c^2). */
__device__ double mcrc_cotangent_derivative(int order, double x) {
    constexpr int LARGEST = 18;
    double polynomial[LARGEST];
    double derivative[LARGEST];
    for (int k = 0; k < LARGEST; ++k) {
        polynomial[k] = k == 1 ? 1 : 0;
    }
    for (int n = 0; n < order; ++n) {
        for (int k = 0; k < LARGEST; ++k) {
            derivative[k] = -((k + 1 < LARGEST ? (k + 1) * polynomial[k + 1] : 0)
                    + (k > 0 ? (k - 1) * polynomial[k - 1] : 0));
        }
        for (int k = 0; k < LARGEST; ++k) {
            polynomial[k] = derivative[k];
        }
    }
    const double cotangent = mcrc_cotangent_of_pi_times(x);
    double sum = 0;
    for (int k = LARGEST - 1; k >= 0; --k) {
        sum = sum * cotangent + polynomial[k];
    }
    return sum * pow(3.14159265358979323846, order + 1.0);
}

/** Not a number where x is not positive and the order is above 16: the polynomial of the reflection is then too long. */
__device__ double mcrc_polygamma(int order, double x) {
    if (order == 0) {
        return mcrc_digamma(x);
    }
    if (x > 0) {
        return mcrc_polygamma_of_positive(order, x);
    }
    if (order > 16) {
        return mcrc_nan();
    }
    return (order % 2 == 0 ? 1 : -1) * mcrc_polygamma_of_positive(order, 1 - x) - mcrc_cotangent_derivative(order, x);
}
__device__ __forceinline__ float mcrc_polygamma(int order, float x) {
    return static_cast<float>(mcrc_polygamma(order, static_cast<double>(x)));
}
