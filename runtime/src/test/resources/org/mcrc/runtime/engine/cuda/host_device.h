// What kernels use of the hardware, for this computer's own processor: included in place of device.cuh. It includes nothing,
// since reading the standard library's headers takes longer than compiling most kernels. The machine that runs the threads
// is in host_machine.cpp.
#pragma once

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __constant__ static
/** In a section of their own, which the machine poisons before each block; used: or the compiler folds what only it sees. */
#define __shared__ static __attribute__((section("mcrc_shared"), used))

/** As NVRTC declares it. */
using size_t = decltype(sizeof 0);

#define MCRC_DYNAMIC_SHARED(type, name) type *const name = reinterpret_cast<type *>(mcrc_host::mcrc_host_dynamic_shared)
#define MCRC_TENSOR_CORES 1

struct int2 { int x, y; } __align__(8);
struct int4 { int x, y, z, w; } __align__(16);
struct uint2 { unsigned x, y; } __align__(8);
struct uint3 { unsigned x, y, z; };
struct uint4 { unsigned x, y, z, w; } __align__(16);
struct dim3 { unsigned x, y, z; };
struct float2 { float x, y; } __align__(8);
struct float3 { float x, y, z; };
struct float4 { float x, y, z, w; } __align__(16);
struct double2 { double x, y; } __align__(16);
struct longlong2 { long long x, y; } __align__(16);
struct ushort2 { unsigned short x, y; } __align__(4);
struct ushort4 { unsigned short x, y, z, w; } __align__(8);

#pragma GCC visibility push(hidden)

/** The machine, as kernels see it. Lines are those of the calls. */
namespace mcrc_host {
    enum { WARP = 32 };

    /** What one lane gives to all of its warp. */
    struct Slot {
        unsigned char bytes[32];
    };

    extern "C" unsigned char *mcrc_host_dynamic_shared;

    void barrier(int line);

    /** Waits for all lanes of the warp, and returns what each gave, until the next exchange but one. */
    const Slot *exchange(const char *what, int line, unsigned mask, const void *given, unsigned bytes);

    /** Waits for all lanes, and returns four matrices of 8 x 8 halves, of which the lanes gave the rows' addresses. */
    const unsigned short *loadMatrices(const char *what, int line, const void *row);

    /** Waits for all lanes, and returns this lane's four sums of products. */
    const float *multiply(int line, const unsigned (&rows)[4], unsigned columns0, unsigned columns1);

    void copy(void *shared, const void *global, int line);
    void copyCommit();
    void copyWait(int groups);

    // Products of warpgroups, and the copies that go with them.

    /** Where an operand lies: from the beginning of dynamic shared memory in units of 16 bytes, and the other fields of PTX. */
    unsigned long long operand(const void *shared, unsigned leading, unsigned stride, unsigned swizzle);

    /** One of the products that are under way; it is computed when it is waited for, or at once. */
    void warpgroupMultiply(int line, float *sums, int columns, unsigned long long rowOperand,
                           unsigned long long columnOperand, bool transposed, bool add);
    void productsCommit();
    void productsWait(int groups);

    void pairBarrier(int line);
    void openingInit(unsigned long long *barrier, unsigned arrivals, int line);
    void openingExpect(unsigned long long *barrier, unsigned bytes, int line);
    void openingArrive(unsigned long long *barrier, unsigned block, int line);
    void openingWait(unsigned long long *barrier, unsigned parity, int line);

    /** @param blocks a bit for each block of the pair that gets it */
    void copyBulk(const char *what, void *shared, const void *global, unsigned bytes, unsigned long long *barrier,
                  unsigned blocks, int line);

    /** The block's place in its pair. */
    unsigned blockOfPair();

    [[noreturn]] void trap(int line);

    template <typename TO, typename FROM>
    inline TO bits(FROM value) {
        static_assert(sizeof(TO) == sizeof(FROM), "as many bits");
        TO result;
        __builtin_memcpy(&result, &value, sizeof(TO));
        return result;
    }

    /** Keeps the compiler from contracting a rounded result into a fused operation. */
    template <typename NUMBER>
    inline NUMBER rounded(NUMBER value) {
        volatile NUMBER result = value;
        return result;
    }

    /** A kernel as the machine calls it. */
    struct Kernel {
        const char *name;
        /** A letter for each parameter: p(ointer), i(nteger of 32 bits), l(ong), f(loat), d(ouble), ? (another). */
        const char *parameters;
        void (*run)(void **arguments);
        /** How many blocks run at once, and reach each other's shared memory. */
        int blocks;
    };

    template <typename TYPE> struct Letter { static constexpr char VALUE = '?'; };
    template <typename TYPE> struct Letter<TYPE *> { static constexpr char VALUE = 'p'; };
    template <typename TYPE> struct Letter<const TYPE> : Letter<TYPE> {};
    template <> struct Letter<int> { static constexpr char VALUE = 'i'; };
    template <> struct Letter<unsigned> { static constexpr char VALUE = 'i'; };
    template <> struct Letter<long> { static constexpr char VALUE = 'l'; };
    template <> struct Letter<unsigned long> { static constexpr char VALUE = 'l'; };
    template <> struct Letter<long long> { static constexpr char VALUE = 'l'; };
    template <> struct Letter<unsigned long long> { static constexpr char VALUE = 'l'; };
    template <> struct Letter<float> { static constexpr char VALUE = 'f'; };
    template <> struct Letter<double> { static constexpr char VALUE = 'd'; };

    template <int... INDICES> struct Indices {};
    template <int COUNT, int... INDICES> struct IndicesUpTo : IndicesUpTo<COUNT - 1, COUNT - 1, INDICES...> {};
    template <int... INDICES> struct IndicesUpTo<0, INDICES...> { using Type = Indices<INDICES...>; };

    /** Calls a kernel with arguments of its own parameters' types. */
    template <auto KERNEL> struct Entry;

    template <typename... PARAMETERS, void (*KERNEL)(PARAMETERS...)>
    struct Entry<KERNEL> {
        static constexpr char LETTERS[] = {Letter<PARAMETERS>::VALUE..., 0};

        template <int... INDICES>
        static void unpack(void **arguments, Indices<INDICES...>) {
            KERNEL(*static_cast<PARAMETERS *>(arguments[INDICES])...);
        }

        static void run(void **arguments) {
            unpack(arguments, typename IndicesUpTo<sizeof...(PARAMETERS)>::Type());
        }
    };

    extern "C" const Kernel mcrc_host_kernels[];
    extern "C" const int mcrc_host_kernel_count;
}

#define MCRC_HOST_KERNEL(name, blocks) {#name, mcrc_host::Entry<&name>::LETTERS, mcrc_host::Entry<&name>::run, blocks},
/** Put behind a text of kernels, with a MCRC_HOST_KERNEL of each. */
#define MCRC_HOST_KERNELS(kernels) \
    extern "C" const mcrc_host::Kernel mcrc_host_kernels[] = {kernels}; \
    extern "C" const int mcrc_host_kernel_count = sizeof mcrc_host_kernels / sizeof(mcrc_host::Kernel);

/** Constants of each thread; that they are others in another thread is the machine's affair. */
#ifdef MCRC_HOST_MACHINE
extern "C" uint3 threadIdx, blockIdx;
extern "C" dim3 blockDim, gridDim;
#else
extern "C" const uint3 threadIdx, blockIdx;
extern "C" const dim3 blockDim, gridDim;
#endif

#pragma GCC visibility pop

inline int2 make_int2(int x, int y) { return {x, y}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }
inline longlong2 make_longlong2(long long x, long long y) { return {x, y}; }
inline ushort2 make_ushort2(unsigned short x, unsigned short y) { return {x, y}; }
inline ushort4 make_ushort4(unsigned short x, unsigned short y, unsigned short z, unsigned short w) { return {x, y, z, w}; }

inline float __uint_as_float(unsigned value) { return mcrc_host::bits<float>(value); }
inline unsigned __float_as_uint(float value) { return mcrc_host::bits<unsigned>(value); }
inline float __int_as_float(int value) { return mcrc_host::bits<float>(value); }
inline int __float_as_int(float value) { return mcrc_host::bits<int>(value); }
inline double __longlong_as_double(long long value) { return mcrc_host::bits<double>(value); }
inline long long __double_as_longlong(double value) { return mcrc_host::bits<long long>(value); }

// ---- threads ----

inline void __syncthreads(int line = __builtin_LINE()) { mcrc_host::barrier(line); }

inline void __syncwarp(unsigned mask = 0xffffffffu, int line = __builtin_LINE()) {
    mcrc_host::exchange("__syncwarp", line, mask, nullptr, 0);
}

/** One thread runs at a time, and no processor reorders what it does itself. */
inline void __threadfence() {}
inline void __threadfence_block() {}

template <typename TYPE>
inline TYPE mcrc_host_shuffle(const char *what, int line, unsigned mask, TYPE value, unsigned source) {
    static_assert(sizeof(TYPE) == 4 || sizeof(TYPE) == 8, "a number of 32 or 64 bits");
    const mcrc_host::Slot *slots = mcrc_host::exchange(what, line, mask, &value, sizeof(TYPE));
    TYPE result;
    __builtin_memcpy(&result, slots[source].bytes, sizeof(TYPE));
    return result;
}

template <typename TYPE>
inline TYPE __shfl_xor_sync(unsigned mask, TYPE value, int difference, int line = __builtin_LINE()) {
    return mcrc_host_shuffle("__shfl_xor_sync", line, mask, value, (threadIdx.x ^ difference) % mcrc_host::WARP);
}

/** Beyond the warp's end a lane gets its own value. */
template <typename TYPE>
inline TYPE __shfl_down_sync(unsigned mask, TYPE value, unsigned distance, int line = __builtin_LINE()) {
    const unsigned lane = threadIdx.x % mcrc_host::WARP;
    return mcrc_host_shuffle("__shfl_down_sync", line, mask, value,
                             lane + distance < mcrc_host::WARP ? lane + distance : lane);
}

template <typename TYPE>
inline TYPE __shfl_up_sync(unsigned mask, TYPE value, unsigned distance, int line = __builtin_LINE()) {
    const unsigned lane = threadIdx.x % mcrc_host::WARP;
    return mcrc_host_shuffle("__shfl_up_sync", line, mask, value, lane >= distance ? lane - distance : lane);
}

template <typename TYPE>
inline TYPE __shfl_sync(unsigned mask, TYPE value, int source, int line = __builtin_LINE()) {
    return mcrc_host_shuffle("__shfl_sync", line, mask, value, source % mcrc_host::WARP);
}

inline unsigned __ballot_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    const unsigned char holds = condition != 0;
    const mcrc_host::Slot *slots = mcrc_host::exchange("__ballot_sync", line, mask, &holds, 1);
    unsigned result = 0;
    for (int lane = 0; lane < mcrc_host::WARP; lane++) {
        result |= static_cast<unsigned>(slots[lane].bytes[0]) << lane;
    }
    return result;
}

inline int __all_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    return __ballot_sync(mask, condition, line) == 0xffffffffu;
}

inline int __any_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    return __ballot_sync(mask, condition, line) != 0;
}

// ---- memory ----

template <typename TYPE>
inline TYPE __ldg(const TYPE *address) { return *address; }

template <typename TYPE>
inline TYPE mcrc_host_exchange(TYPE *address, TYPE value) {
    const TYPE old = *address;
    *address = value;
    return old;
}

inline int atomicAdd(int *address, int value) {
    return mcrc_host_exchange(address, static_cast<int>(static_cast<unsigned>(*address) + static_cast<unsigned>(value)));
}
inline unsigned atomicAdd(unsigned *address, unsigned value) { return mcrc_host_exchange(address, *address + value); }
inline unsigned long long atomicAdd(unsigned long long *address, unsigned long long value) {
    return mcrc_host_exchange(address, *address + value);
}
inline float atomicAdd(float *address, float value) { return mcrc_host_exchange(address, *address + value); }
inline double atomicAdd(double *address, double value) { return mcrc_host_exchange(address, *address + value); }
inline unsigned atomicInc(unsigned *address, unsigned last) {
    return mcrc_host_exchange(address, *address >= last ? 0 : *address + 1);
}
inline int atomicMax(int *address, int value) { return mcrc_host_exchange(address, *address > value ? *address : value); }
inline unsigned atomicMax(unsigned *address, unsigned value) {
    return mcrc_host_exchange(address, *address > value ? *address : value);
}
inline int atomicMin(int *address, int value) { return mcrc_host_exchange(address, *address < value ? *address : value); }
inline unsigned atomicMin(unsigned *address, unsigned value) {
    return mcrc_host_exchange(address, *address < value ? *address : value);
}
inline unsigned atomicExch(unsigned *address, unsigned value) { return mcrc_host_exchange(address, value); }
inline int atomicExch(int *address, int value) { return mcrc_host_exchange(address, value); }
inline unsigned atomicCAS(unsigned *address, unsigned expected, unsigned value) {
    return mcrc_host_exchange(address, *address == expected ? value : *address);
}
inline int atomicCAS(int *address, int expected, int value) {
    return mcrc_host_exchange(address, *address == expected ? value : *address);
}

[[noreturn]] inline void __trap(int line = __builtin_LINE()) { mcrc_host::trap(line); }

inline void mcrc_copy_16(void *shared, const void *global, int line = __builtin_LINE()) {
    mcrc_host::copy(shared, global, line);
}

inline void mcrc_copy_commit() { mcrc_host::copyCommit(); }

template <int GROUPS>
inline void mcrc_copy_wait() { mcrc_host::copyWait(GROUPS); }

// ---- half precision and tensor cores ----

/** Rounded to nearest even; all not-a-numbers become one. */
inline unsigned short mcrc_to_half(float value) {
    const unsigned all = __float_as_uint(value);
    const unsigned sign = all >> 16 & 0x8000u;
    const unsigned magnitude = all & 0x7fffffffu;
    if (magnitude > 0x7f800000u) {
        return 0x7fff;
    }
    if (magnitude >= 0x477ff000u) {
        return sign | 0x7c00u;
    }
    if (magnitude < 0x38800000u) {
        // The last place of numbers from 0.5 is the unit of subnormal halves: the sum is rounded as they are.
        return sign | (__float_as_uint(__uint_as_float(magnitude) + 0.5f) - 0x3f000000u);
    }
    return sign | (magnitude - (112u << 23) + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
}

template <typename T>
inline T *mcrc_made_once(T *pointer) { return pointer; }

inline float mcrc_reciprocal(float value) { return 1.0f / value; }

inline void mcrc_store_two(float *place, float first, float second) {
    *reinterpret_cast<float2 *>(place) = float2{first, second};
}

inline void mcrc_add_two(float *place, float first, float second) {
    *reinterpret_cast<float2 *>(place) = float2{place[0] + first, place[1] + second};
}

inline void mcrc_store_two_shared(float *place, float first, float second) { mcrc_store_two(place, first, second); }

inline float mcrc_from_half(unsigned short half) {
    // By the product, the exponent gets the other bias and subnormal halves become normal.
    const unsigned magnitude = __float_as_uint(__uint_as_float((half & 0x7fffu) << 13) * 0x1p112f);
    const unsigned special = (half & 0x7c00u) == 0x7c00u ? 0x7f800000u : 0;
    return __uint_as_float(magnitude | special | (half & 0x8000u) << 16);
}

inline void mcrc_load_matrices(unsigned (&fragment)[4], const void *row, int line = __builtin_LINE()) {
    const unsigned short *halves = mcrc_host::loadMatrices("mcrc_load_matrices", line, row);
    const unsigned lane = threadIdx.x % mcrc_host::WARP;
    for (int matrix = 0; matrix < 4; matrix++) {
        const unsigned short *two = halves + 64 * matrix + 8 * (lane / 4) + 2 * (lane % 4);
        fragment[matrix] = two[0] | static_cast<unsigned>(two[1]) << 16;
    }
}

inline void mcrc_load_transposed(unsigned (&fragment)[4], const void *row, int line = __builtin_LINE()) {
    const unsigned short *halves = mcrc_host::loadMatrices("mcrc_load_transposed", line, row);
    const unsigned lane = threadIdx.x % mcrc_host::WARP;
    for (int matrix = 0; matrix < 4; matrix++) {
        const unsigned short *upper = halves + 64 * matrix + 16 * (lane % 4) + lane / 4;
        fragment[matrix] = upper[0] | static_cast<unsigned>(upper[8]) << 16;
    }
}

/** The next number of single precision towards 0: tensor cores do not round what they add, they cut it off. */
inline float mcrc_host_cut(double exact) {
    const float rounded = static_cast<float>(exact);
    const bool away = exact > 0 ? rounded > exact : rounded < exact;
    return away ? __builtin_nextafterf(rounded, 0.0f) : rounded;
}

inline int mcrc_thread_now() { return threadIdx.x; }

// ---- products of warpgroups: as device.cuh has them ----

inline unsigned long long mcrc_operand(const void *shared, unsigned leading, unsigned stride, unsigned swizzle) {
    return mcrc_host::operand(shared, leading, stride, swizzle);
}

inline void mcrc_products_begin() {}
inline void mcrc_products_commit() { mcrc_host::productsCommit(); }

template <int GROUPS>
inline void mcrc_products_wait() { mcrc_host::productsWait(GROUPS); }

template <int COUNT>
inline void mcrc_stay(float (&)[COUNT]) {}

template <int TRANSPOSED, int COUNT>
inline void mcrc_warpgroup_multiply(float (&sums)[COUNT], unsigned long long rows, unsigned long long columns, int add,
                                    int line = __builtin_LINE()) {
    mcrc_host::warpgroupMultiply(line, sums, 2 * COUNT, rows, columns, TRANSPOSED == 1, add != 0);
}

inline void mcrc_barrier_init(unsigned long long *barrier, unsigned arrivals, int line = __builtin_LINE()) {
    mcrc_host::openingInit(barrier, arrivals, line);
}

inline void mcrc_barriers_are_there() {}

inline void mcrc_barrier_expect(unsigned long long *barrier, unsigned bytes, int line = __builtin_LINE()) {
    mcrc_host::openingExpect(barrier, bytes, line);
}

inline void mcrc_barrier_arrive(unsigned long long *barrier, unsigned block, int line = __builtin_LINE()) {
    mcrc_host::openingArrive(barrier, block, line);
}

inline void mcrc_barrier_wait(unsigned long long *barrier, unsigned parity, int line = __builtin_LINE()) {
    mcrc_host::openingWait(barrier, parity, line);
}

inline void mcrc_copy_bulk(void *shared, const void *global, unsigned bytes, unsigned long long *barrier,
                           int line = __builtin_LINE()) {
    mcrc_host::copyBulk("mcrc_copy_bulk", shared, global, bytes, barrier, 1u << mcrc_host::blockOfPair(), line);
}

inline void mcrc_copy_to_both(void *shared, const void *global, unsigned bytes, unsigned long long *barrier,
                              int line = __builtin_LINE()) {
    mcrc_host::copyBulk("mcrc_copy_to_both", shared, global, bytes, barrier, 3, line);
}

inline void mcrc_pair_barrier(int line = __builtin_LINE()) { mcrc_host::pairBarrier(line); }
inline void mcrc_copies_see_accesses() {}

inline void mcrc_multiply(float (&sum)[4], const unsigned (&rows)[4], const unsigned columns0, const unsigned columns1,
                          int line = __builtin_LINE()) {
    const float *products = mcrc_host::multiply(line, rows, columns0, columns1);
    for (int index = 0; index < 4; index++) {
        sum[index] = mcrc_host_cut(static_cast<double>(sum[index]) + products[index]);
    }
}

// ---- numbers ----

#define MCRC_HOST_FUNCTION_1(name) \
    extern "C" double name(double) noexcept; \
    extern "C" float name##f(float) noexcept; \
    inline float name(float value) { return name##f(value); }
#define MCRC_HOST_FUNCTION_2(name) \
    extern "C" double name(double, double) noexcept; \
    extern "C" float name##f(float, float) noexcept; \
    inline float name(float first, float second) { return name##f(first, second); }

MCRC_HOST_FUNCTION_1(exp)
MCRC_HOST_FUNCTION_1(exp2)
MCRC_HOST_FUNCTION_1(exp10)
MCRC_HOST_FUNCTION_1(expm1)
MCRC_HOST_FUNCTION_1(log)
MCRC_HOST_FUNCTION_1(log2)
MCRC_HOST_FUNCTION_1(log10)
MCRC_HOST_FUNCTION_1(log1p)
MCRC_HOST_FUNCTION_1(sin)
MCRC_HOST_FUNCTION_1(cos)
MCRC_HOST_FUNCTION_1(tan)
MCRC_HOST_FUNCTION_1(asin)
MCRC_HOST_FUNCTION_1(acos)
MCRC_HOST_FUNCTION_1(atan)
MCRC_HOST_FUNCTION_1(sinh)
MCRC_HOST_FUNCTION_1(cosh)
MCRC_HOST_FUNCTION_1(tanh)
MCRC_HOST_FUNCTION_1(sqrt)
MCRC_HOST_FUNCTION_1(cbrt)
MCRC_HOST_FUNCTION_1(erf)
MCRC_HOST_FUNCTION_1(fabs)
MCRC_HOST_FUNCTION_1(floor)
MCRC_HOST_FUNCTION_1(ceil)
MCRC_HOST_FUNCTION_1(round)
MCRC_HOST_FUNCTION_1(trunc)
MCRC_HOST_FUNCTION_1(rint)
MCRC_HOST_FUNCTION_1(lgamma)
MCRC_HOST_FUNCTION_2(pow)
MCRC_HOST_FUNCTION_2(fmod)
MCRC_HOST_FUNCTION_2(fmin)
MCRC_HOST_FUNCTION_2(fmax)
MCRC_HOST_FUNCTION_2(atan2)
MCRC_HOST_FUNCTION_2(hypot)
MCRC_HOST_FUNCTION_2(copysign)

extern "C" double fma(double, double, double) noexcept;
extern "C" float fmaf(float, float, float) noexcept;
inline float fma(float factor, float other, float summand) { return fmaf(factor, other, summand); }
extern "C" int abs(int) noexcept;
inline float abs(float value) { return fabsf(value); }
inline double abs(double value) { return fabs(value); }

inline float rsqrtf(float value) { return 1.0f / sqrtf(value); }
inline double rsqrt(double value) { return 1.0 / sqrt(value); }
inline bool isnan(float value) { return __builtin_isnan(value); }
inline bool isnan(double value) { return __builtin_isnan(value); }
inline bool isinf(float value) { return __builtin_isinf(value); }
inline bool isinf(double value) { return __builtin_isinf(value); }
inline bool isfinite(float value) { return __builtin_isfinite(value); }
inline bool isfinite(double value) { return __builtin_isfinite(value); }

#define MCRC_HOST_ORDER(type) \
    inline type min(type first, type second) { return second < first ? second : first; } \
    inline type max(type first, type second) { return first < second ? second : first; }
MCRC_HOST_ORDER(int)
MCRC_HOST_ORDER(unsigned)
MCRC_HOST_ORDER(long)
MCRC_HOST_ORDER(long long)
MCRC_HOST_ORDER(unsigned long)
MCRC_HOST_ORDER(unsigned long long)
inline float min(float first, float second) { return fminf(first, second); }
inline float max(float first, float second) { return fmaxf(first, second); }
inline double min(double first, double second) { return fmin(first, second); }
inline double max(double first, double second) { return fmax(first, second); }

inline float __expf(float value) { return expf(value); }
inline float __exp10f(float value) { return exp10f(value); }
inline float __logf(float value) { return logf(value); }
inline float __log2f(float value) { return log2f(value); }
inline float __log10f(float value) { return log10f(value); }
inline float __sinf(float value) { return sinf(value); }
inline float __cosf(float value) { return cosf(value); }
inline float __tanf(float value) { return tanf(value); }
inline float __powf(float base, float exponent) { return powf(base, exponent); }
inline float __fdividef(float dividend, float divisor) { return dividend / divisor; }
inline float __saturatef(float value) { return value > 0 ? fminf(value, 1) : 0; }

inline float __fadd_rn(float first, float second) { return mcrc_host::rounded(first + second); }
inline float __fsub_rn(float first, float second) { return mcrc_host::rounded(first - second); }
inline float __fmul_rn(float first, float second) { return mcrc_host::rounded(first * second); }
inline float __fdiv_rn(float dividend, float divisor) { return mcrc_host::rounded(dividend / divisor); }
inline float __frcp_rn(float value) { return mcrc_host::rounded(1 / value); }
inline float __fsqrt_rn(float value) { return mcrc_host::rounded(sqrtf(value)); }
inline float __frsqrt_rn(float value) { return static_cast<float>(1 / sqrt(static_cast<double>(value))); }
inline float __fmaf_rn(float factor, float other, float summand) { return fmaf(factor, other, summand); }
inline double __dadd_rn(double first, double second) { return mcrc_host::rounded(first + second); }
inline double __dsub_rn(double first, double second) { return mcrc_host::rounded(first - second); }
inline double __dmul_rn(double first, double second) { return mcrc_host::rounded(first * second); }
inline double __ddiv_rn(double dividend, double divisor) { return mcrc_host::rounded(dividend / divisor); }
inline double __drcp_rn(double value) { return mcrc_host::rounded(1 / value); }
inline double __dsqrt_rn(double value) { return mcrc_host::rounded(sqrt(value)); }
inline double __fma_rn(double factor, double other, double summand) { return fma(factor, other, summand); }

/** To the nearest integer; numbers that are too large become the largest, not-a-number becomes 0. */
inline int __double2int_rn(double value) {
    return value >= 0x1p31 ? 0x7fffffff : value >= -0x1p31 ? static_cast<int>(rint(value))
            : isnan(value) ? 0 : -0x7fffffff - 1;
}
inline long long __double2ll_rn(double value) {
    return value >= 0x1p63 ? 0x7fffffffffffffffll : value >= -0x1p63 ? static_cast<long long>(rint(value))
            : isnan(value) ? 0 : -0x7fffffffffffffffll - 1;
}
inline int __float2int_rn(float value) { return __double2int_rn(value); }
inline long long __float2ll_rn(float value) { return __double2ll_rn(value); }
inline float __int2float_rn(int value) { return static_cast<float>(value); }
inline float __uint2float_rn(unsigned value) { return static_cast<float>(value); }
inline float __ll2float_rn(long long value) { return static_cast<float>(value); }
inline double __ll2double_rn(long long value) { return static_cast<double>(value); }
inline float __double2float_rn(double value) { return static_cast<float>(value); }

inline int __popc(unsigned value) { return __builtin_popcount(value); }
inline int __popcll(unsigned long long value) { return __builtin_popcountll(value); }
inline int __ffs(int value) { return __builtin_ffs(value); }
inline int __clz(int value) { return value == 0 ? 32 : __builtin_clz(value); }
inline unsigned __umulhi(unsigned first, unsigned second) {
    return static_cast<unsigned>(static_cast<unsigned long long>(first) * second >> 32);
}
inline int __mulhi(int first, int second) {
    return static_cast<int>(static_cast<long long>(first) * second >> 32);
}
