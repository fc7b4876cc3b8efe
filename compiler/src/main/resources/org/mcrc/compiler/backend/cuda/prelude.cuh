// Functions of the language, in single and double precision, and reductions over a block.

__device__ __forceinline__ float mcrc_infinity() { return __int_as_float(0x7f800000); }
__device__ __forceinline__ float mcrc_nan() { return __int_as_float(0x7fc00000); }

__device__ __forceinline__ int mcrc_clamp(int value, int high) { return value < 0 ? 0 : value > high ? high : value; }

__device__ __forceinline__ int mcrc_floor_divide(int dividend, int divisor) {
    const int quotient = dividend / divisor;
    return quotient - (dividend % divisor < 0 ? 1 : 0);
}

/** The remainder between 0 and extent - 1. */
__device__ __forceinline__ int mcrc_wrap(int value, int extent) {
    if ((extent & (extent - 1)) == 0) {
        // Of a power of two it is the last digits, without a division.
        return value & (extent - 1);
    }
    const int remainder = value % extent;
    return remainder < 0 ? remainder + extent : remainder;
}

/** The component of the member at a position of a set, or 0 where there is none. */
__device__ __forceinline__ int mcrc_component(const int *__restrict__ components, int count, int position) {
    return position < 0 || position >= count ? 0 : components[position];
}

/** The position of a vector among the members of a set, or -1: a table for the box around them, in C order. */
__device__ __forceinline__ int mcrc_position(const int *__restrict__ positions, int c1, int low1, int extent1) {
    const int i1 = c1 - low1;
    return i1 < 0 || i1 >= extent1 ? -1 : positions[i1];
}
__device__ __forceinline__ int mcrc_position(const int *__restrict__ positions, int c1, int c2, int low1, int extent1,
                                             int low2, int extent2) {
    const int i1 = c1 - low1;
    const int i2 = c2 - low2;
    return i1 < 0 || i1 >= extent1 || i2 < 0 || i2 >= extent2 ? -1 : positions[i1 * extent2 + i2];
}
__device__ __forceinline__ int mcrc_position(const int *__restrict__ positions, int c1, int c2, int c3, int low1,
                                             int extent1, int low2, int extent2, int low3, int extent3) {
    const int i1 = c1 - low1;
    const int i2 = c2 - low2;
    const int i3 = c3 - low3;
    return i1 < 0 || i1 >= extent1 || i2 < 0 || i2 >= extent2 || i3 < 0 || i3 >= extent3
            ? -1 : positions[(i1 * extent2 + i2) * extent3 + i3];
}

__device__ __forceinline__ float mcrc_abs(float x) { return fabsf(x); }
__device__ __forceinline__ double mcrc_abs(double x) { return fabs(x); }

__device__ __forceinline__ float mcrc_sqrt(float x) { return sqrtf(x); }
__device__ __forceinline__ double mcrc_sqrt(double x) { return sqrt(x); }

__device__ __forceinline__ float mcrc_exp(float x) { return expf(x); }
__device__ __forceinline__ double mcrc_exp(double x) { return exp(x); }

__device__ __forceinline__ float mcrc_log(float x) { return logf(x); }
__device__ __forceinline__ double mcrc_log(double x) { return log(x); }

__device__ __forceinline__ float mcrc_sin(float x) { return sinf(x); }
__device__ __forceinline__ double mcrc_sin(double x) { return sin(x); }

__device__ __forceinline__ float mcrc_cos(float x) { return cosf(x); }
__device__ __forceinline__ double mcrc_cos(double x) { return cos(x); }

__device__ __forceinline__ float mcrc_tan(float x) { return tanf(x); }
__device__ __forceinline__ double mcrc_tan(double x) { return tan(x); }

__device__ __forceinline__ float mcrc_asin(float x) { return asinf(x); }
__device__ __forceinline__ double mcrc_asin(double x) { return asin(x); }

__device__ __forceinline__ float mcrc_acos(float x) { return acosf(x); }
__device__ __forceinline__ double mcrc_acos(double x) { return acos(x); }

__device__ __forceinline__ float mcrc_atan(float x) { return atanf(x); }
__device__ __forceinline__ double mcrc_atan(double x) { return atan(x); }

__device__ __forceinline__ float mcrc_sinh(float x) { return sinhf(x); }
__device__ __forceinline__ double mcrc_sinh(double x) { return sinh(x); }

__device__ __forceinline__ float mcrc_cosh(float x) { return coshf(x); }
__device__ __forceinline__ double mcrc_cosh(double x) { return cosh(x); }

__device__ __forceinline__ float mcrc_tanh(float x) { return tanhf(x); }
__device__ __forceinline__ double mcrc_tanh(double x) { return tanh(x); }

__device__ __forceinline__ float mcrc_floor(float x) { return floorf(x); }
__device__ __forceinline__ double mcrc_floor(double x) { return floor(x); }

__device__ __forceinline__ float mcrc_lgamma(float x) { return lgammaf(x); }
__device__ __forceinline__ double mcrc_lgamma(double x) { return lgamma(x); }

__device__ __forceinline__ float mcrc_power(float x, float y) { return powf(x, y); }
__device__ __forceinline__ double mcrc_power(double x, double y) { return pow(x, y); }

__device__ __forceinline__ float mcrc_atan2(float y, float x) { return atan2f(y, x); }
__device__ __forceinline__ double mcrc_atan2(double y, double x) { return atan2(y, x); }

/** 1 / (1 + exp(-x)), without overflow and accurate where it is small. */
template <typename T>
__device__ __forceinline__ T mcrc_sigmoid(T x) {
    const T exponential = mcrc_exp(-mcrc_abs(x));
    return (x >= T(0) ? T(1) : exponential) / (T(1) + exponential);
}

template <typename T>
__device__ __forceinline__ T mcrc_relu(T x) { return x <= T(0) ? T(0) : x; }

template <typename T>
__device__ __forceinline__ T mcrc_sign(T x) { return x > T(0) ? T(1) : x < T(0) ? T(-1) : x; }

template <typename T>
__device__ __forceinline__ T mcrc_step(T x) { return x != x ? x : x > T(0) ? T(1) : T(0); }

/** Not a number where either is none. */
template <typename T>
__device__ __forceinline__ T mcrc_minimum(T x, T y) { return x != x || x < y ? x : y; }

template <typename T>
__device__ __forceinline__ T mcrc_maximum(T x, T y) { return x != x || x > y ? x : y; }

/** The sum over a warp, the same in all of its threads. */
__device__ __forceinline__ double mcrc_warp_sum(double value) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    }
    return value;
}

struct McrcSum {
    __device__ static double of(double x, double y) { return x + y; }
};

struct McrcProduct {
    __device__ static double of(double x, double y) { return x * y; }
};

struct McrcMaximum {
    __device__ static double of(double x, double y) { return mcrc_maximum(x, y); }
};

struct McrcMinimum {
    __device__ static double of(double x, double y) { return mcrc_minimum(x, y); }
};

/**
 * What the threads of a block have, combined in a fixed order: those of a warp, then the warps. All threads get it. Between two
 * calls is a barrier.
 */
template <int THREADS, typename Operation>
__device__ double mcrc_block_reduce(double value) {
    __shared__ double values[THREADS / 32];
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Operation::of(value, __shfl_xor_sync(0xffffffffu, value, distance));
    }
    if (threadIdx.x % 32 == 0) {
        values[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = values[0];
    for (int warp = 1; warp < THREADS / 32; ++warp) {
        value = Operation::of(value, values[warp]);
    }
    return value;
}

/**
 * Whether of so many blocks this is the last to come here: it then sees what the others have written before. The counter
 * is 0 again after it. All threads of a block come here together.
 */
__device__ bool mcrc_is_last(unsigned *counter, unsigned blocks) {
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicInc(counter, blocks - 1) == blocks - 1;
    }
    __syncthreads();
    __threadfence();
    return last;
}

template <int THREADS>
__device__ double mcrc_block_sum(double value) { return mcrc_block_reduce<THREADS, McrcSum>(value); }

template <int THREADS>
__device__ double mcrc_block_product(double value) { return mcrc_block_reduce<THREADS, McrcProduct>(value); }

template <int THREADS>
__device__ double mcrc_block_maximum(double value) { return mcrc_block_reduce<THREADS, McrcMaximum>(value); }

template <int THREADS>
__device__ double mcrc_block_minimum(double value) { return mcrc_block_reduce<THREADS, McrcMinimum>(value); }

/** The power of two by which a positive number comes between 128 and 256; 1 for what is 0 or no number. */
__device__ __forceinline__ float mcrc_scale(float greatest) {
    const int exponent = (__float_as_int(greatest) >> 23 & 0xff) - 127;
    // Neither the scale nor its reciprocal may leave the range of normal numbers.
    const int shift = 7 - exponent < -120 ? -120 : 7 - exponent > 120 ? 120 : 7 - exponent;
    return greatest > 0.0f && greatest < mcrc_infinity() ? __int_as_float((shift + 127) << 23) : 1.0f;
}
