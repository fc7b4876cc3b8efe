// What kernels use of the hardware, by names of their own: inline PTX, since NVRTC comes without headers.

#define MCRC_DYNAMIC_SHARED(type, name) extern __shared__ __align__(1024) unsigned char mcrc_dynamic_shared[]; \
    type *const name = reinterpret_cast<type *>(mcrc_dynamic_shared)

/** The bits of a number in half precision, rounded to nearest even. */
__device__ __forceinline__ unsigned short mcrc_to_half(float value) {
    unsigned short bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}

__device__ __forceinline__ float mcrc_from_half(unsigned short bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}

/** The same pointer, as the compiler cannot make it anew for each of the places near it. */
template <typename T>
__device__ __forceinline__ T *mcrc_made_once(T *pointer) {
    asm("" : "+l"(pointer));
    return pointer;
}

/** 1 / value, as the hardware has it: the last digit may be off by one, and what is nearly beyond the range is 0. */
__device__ __forceinline__ float mcrc_reciprocal(float value) {
    float result;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(value));
    return result;
}

#if __CUDA_ARCH__ >= 800
#define MCRC_TENSOR_CORES 1

/** The number of the thread, asked for here: what is made of it is made anew and takes no registers in the meantime. */
__device__ __forceinline__ int mcrc_thread_now() {
    int thread;
    asm volatile("mov.u32 %0, %%tid.x;" : "=r"(thread));
    return thread;
}

/** Copies 16 bytes from global to shared memory while the thread goes on; both addresses are multiples of 16. */
__device__ __forceinline__ void mcrc_copy_16(void *shared, const void *global) {
    const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global) : "memory");
}

/** Ends a group of copies. */
__device__ __forceinline__ void mcrc_copy_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

/** Waits until at most so many of the thread's own last groups of copies are under way. */
template <int GROUPS>
__device__ __forceinline__ void mcrc_copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(GROUPS) : "memory");
}

/**
 * Loads four matrices of 8 x 8 halves: lanes 8 i ... 8 i + 7 give the addresses of the rows of matrix i (16 bytes each), and
 * lane l gets of each matrix the elements 2 (l % 4) and 2 (l % 4) + 1 of row l / 4.
 */
__device__ __forceinline__ void mcrc_load_matrices(unsigned (&fragment)[4], const void *row) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
                 : "r"(address) : "memory");
}

/** The same with every matrix transposed: lane l gets the elements l / 4 of rows 2 (l % 4) and 2 (l % 4) + 1. */
__device__ __forceinline__ void mcrc_load_transposed(unsigned (&fragment)[4], const void *row) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
                 : "r"(address) : "memory");
}

/** sum += rows * columns of a warp: 16 x 16 by 16 x 8 halves, summed in single precision (PTX mma.m16n8k16). */
__device__ __forceinline__ void mcrc_multiply(float (&sum)[4], const unsigned (&rows)[4], const unsigned columns0,
                                              const unsigned columns1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                 "{%0, %1, %2, %3};"
                 : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
                 : "r"(rows[0]), "r"(rows[1]), "r"(rows[2]), "r"(rows[3]), "r"(columns0), "r"(columns1));
}

/** Stores two numbers at once; the address is a multiple of 8. The compiler makes two stores of a float2. */
__device__ __forceinline__ void mcrc_store_two(float *global, float first, float second) {
    asm volatile("st.global.v2.f32 [%0], {%1, %2};" ::"l"(__cvta_generic_to_global(global)), "f"(first), "f"(second)
                 : "memory");
}

/** Adds two numbers to what is there, without waiting for it; the address is a multiple of 8. */
__device__ __forceinline__ void mcrc_add_two(float *global, float first, float second) {
    // Both at once since CUDA 12.1.
#if __CUDA_ARCH__ >= 900 && __CUDACC_VER_MAJOR__ * 100 + __CUDACC_VER_MINOR__ >= 1201
    asm volatile("red.global.add.v2.f32 [%0], {%1, %2};" ::"l"(__cvta_generic_to_global(global)), "f"(first), "f"(second)
                 : "memory");
#else
    atomicAdd(global, first);
    atomicAdd(global + 1, second);
#endif
}

__device__ __forceinline__ void mcrc_store_two_shared(float *shared, float first, float second) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    asm volatile("st.shared.v2.f32 [%0], {%1, %2};" ::"r"(address), "f"(first), "f"(second) : "memory");
}

#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define MCRC_WARPGROUPS 1

/**
 * Says where an operand of a warpgroup's product lies in shared memory (PTX, "matrix descriptor").
 *
 * @param leading the distance in bytes of blocks of 64 columns, where those lie along rows
 * @param stride the distance in bytes of groups of 8 rows
 * @param swizzle 1 where the 16 bytes of rows of 128 bytes are exchanged, 2 of rows of 64 bytes
 */
__device__ __forceinline__ unsigned long long mcrc_operand(const void *shared, unsigned leading, unsigned stride,
                                                           unsigned swizzle) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    return (address & 0x3ffff) >> 4 | static_cast<unsigned long long>(leading >> 4) << 16
            | static_cast<unsigned long long>(stride >> 4) << 32 | static_cast<unsigned long long>(swizzle) << 62;
}

/** Prepares a barrier in shared memory that opens after so many arrivals. */
__device__ __forceinline__ void mcrc_barrier_init(unsigned long long *barrier, unsigned arrivals) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(address), "r"(arrivals) : "memory");
}

/** Arrives at the barrier at the same place in a block of the pair. */
__device__ __forceinline__ void mcrc_barrier_arrive(unsigned long long *barrier, unsigned block) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile(
        "{\n"
        ".reg .b32 there;\n"
        "mapa.shared::cluster.u32 there, %0, %1;\n"
        "mbarrier.arrive.shared::cluster.b64 _, [there];\n"
        "}\n" ::"r"(address), "r"(block) : "memory");
}

/** Copies see the barriers that this thread has prepared. */
__device__ __forceinline__ void mcrc_barriers_are_there() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

/** Arrives at a barrier, which then waits for so many bytes. */
__device__ __forceinline__ void mcrc_barrier_expect(unsigned long long *barrier, unsigned bytes) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(address), "r"(bytes) : "memory");
}

/** Copies a piece of memory to the same place in both blocks of a pair; the barriers at the same place count its bytes. */
__device__ __forceinline__ void mcrc_copy_to_both(void *shared, const void *global, unsigned bytes,
                                                  unsigned long long *barrier) {
    const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    const unsigned counted = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1], %2, [%3], "
                 "%4;" ::"r"(to), "l"(global), "r"(bytes), "r"(counted), "h"(static_cast<unsigned short>(3)) : "memory");
}

/** Waits for all threads of both blocks of a pair. */
__device__ __forceinline__ void mcrc_pair_barrier() {
    asm volatile("barrier.cluster.arrive.release.aligned;\n"
                 "barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

/** What this thread has read and written of shared memory comes before what copies write after the next barrier. */
__device__ __forceinline__ void mcrc_copies_see_accesses() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

/** Waits until the barrier has opened for the first time, the third, ..., or the second, the fourth, ... where parity is 1. */
__device__ __forceinline__ void mcrc_barrier_wait(unsigned long long *barrier, unsigned parity) {
    const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile(
        "{\n"
        ".reg .pred open;\n"
        "again:\n"
        "mbarrier.try_wait.parity.shared::cta.b64 open, [%0], %1;\n"
        "@open bra there;\n"
        "bra again;\n"
        "there:\n"
        "}\n" ::"r"(address), "r"(parity) : "memory");
}

/** Copies a piece of memory, for all threads; the barrier counts its bytes. Addresses and sizes are multiples of 16. */
__device__ __forceinline__ void mcrc_copy_bulk(void *shared, const void *global, unsigned bytes,
                                               unsigned long long *barrier) {
    const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    const unsigned counted = static_cast<unsigned>(__cvta_generic_to_shared(barrier));
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];"
                 ::"r"(to), "l"(global), "r"(bytes), "r"(counted) : "memory");
}

/** Comes before the products of a warpgroup that use sums which were used otherwise. */
__device__ __forceinline__ void mcrc_products_begin() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

/** Ends a group of products. */
__device__ __forceinline__ void mcrc_products_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

/** Waits until at most so many groups of products are under way. */
template <int GROUPS>
__device__ __forceinline__ void mcrc_products_wait() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(GROUPS) : "memory");
}

/**
 * Has the compiler keep sums where they are: what sets them, or reads them, must not move in between products that are under
 * way. Where it does, it has each product wait for the one before it (its message C7515).
 */
template <int COUNT>
__device__ __forceinline__ void mcrc_stay(float (&sums)[COUNT]) {
#pragma unroll
    for (int v = 0; v < COUNT; ++v) {
        asm volatile("" : "+f"(sums[v])::"memory");
    }
}

/**
 * sums += rows * columns of a warpgroup: 64 x 16 by 16 x 256 halves (PTX wgmma.m64n256k16), while the threads go on.
 * Columns lie along the depth, or, where TRANSPOSED is 1, beside each other.
 *
 * @param add whether to what the sums are, or to nothing
 */
template <int TRANSPOSED>
__device__ __forceinline__ void mcrc_warpgroup_multiply(float (&sums)[128], unsigned long long rows,
                                                        unsigned long long columns, int add) {
    asm volatile(
        "{\n"
        ".reg .pred add;\n"
        "setp.ne.b32 add, %131, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n256k16.f32.f16.f16 {"
        "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
        "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
        "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, "
        "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, "
        "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, "
        "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, "
        "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127"
        "}, %128, %129, add, 1, 1, 0, %130;\n"
        "}\n"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]),
          "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]),
          "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]),
          "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]),
          "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]),
          "+f"(sums[30]), "+f"(sums[31]), "+f"(sums[32]), "+f"(sums[33]), "+f"(sums[34]), "+f"(sums[35]),
          "+f"(sums[36]), "+f"(sums[37]), "+f"(sums[38]), "+f"(sums[39]), "+f"(sums[40]), "+f"(sums[41]),
          "+f"(sums[42]), "+f"(sums[43]), "+f"(sums[44]), "+f"(sums[45]), "+f"(sums[46]), "+f"(sums[47]),
          "+f"(sums[48]), "+f"(sums[49]), "+f"(sums[50]), "+f"(sums[51]), "+f"(sums[52]), "+f"(sums[53]),
          "+f"(sums[54]), "+f"(sums[55]), "+f"(sums[56]), "+f"(sums[57]), "+f"(sums[58]), "+f"(sums[59]),
          "+f"(sums[60]), "+f"(sums[61]), "+f"(sums[62]), "+f"(sums[63]), "+f"(sums[64]), "+f"(sums[65]),
          "+f"(sums[66]), "+f"(sums[67]), "+f"(sums[68]), "+f"(sums[69]), "+f"(sums[70]), "+f"(sums[71]),
          "+f"(sums[72]), "+f"(sums[73]), "+f"(sums[74]), "+f"(sums[75]), "+f"(sums[76]), "+f"(sums[77]),
          "+f"(sums[78]), "+f"(sums[79]), "+f"(sums[80]), "+f"(sums[81]), "+f"(sums[82]), "+f"(sums[83]),
          "+f"(sums[84]), "+f"(sums[85]), "+f"(sums[86]), "+f"(sums[87]), "+f"(sums[88]), "+f"(sums[89]),
          "+f"(sums[90]), "+f"(sums[91]), "+f"(sums[92]), "+f"(sums[93]), "+f"(sums[94]), "+f"(sums[95]),
          "+f"(sums[96]), "+f"(sums[97]), "+f"(sums[98]), "+f"(sums[99]), "+f"(sums[100]), "+f"(sums[101]),
          "+f"(sums[102]), "+f"(sums[103]), "+f"(sums[104]), "+f"(sums[105]), "+f"(sums[106]), "+f"(sums[107]),
          "+f"(sums[108]), "+f"(sums[109]), "+f"(sums[110]), "+f"(sums[111]), "+f"(sums[112]), "+f"(sums[113]),
          "+f"(sums[114]), "+f"(sums[115]), "+f"(sums[116]), "+f"(sums[117]), "+f"(sums[118]), "+f"(sums[119]),
          "+f"(sums[120]), "+f"(sums[121]), "+f"(sums[122]), "+f"(sums[123]), "+f"(sums[124]), "+f"(sums[125]),
          "+f"(sums[126]), "+f"(sums[127])
        : "l"(rows), "l"(columns), "n"(TRANSPOSED), "r"(add));
}

/** The same of 128 columns. */
template <int TRANSPOSED>
__device__ __forceinline__ void mcrc_warpgroup_multiply(float (&sums)[64], unsigned long long rows,
                                                        unsigned long long columns, int add) {
    asm volatile(
        "{\n"
        ".reg .pred add;\n"
        "setp.ne.b32 add, %67, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16 {"
        "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
        "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
        "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
        "}, %64, %65, add, 1, 1, 0, %66;\n"
        "}\n"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]),
          "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]),
          "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]),
          "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]),
          "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]),
          "+f"(sums[30]), "+f"(sums[31]), "+f"(sums[32]), "+f"(sums[33]), "+f"(sums[34]), "+f"(sums[35]),
          "+f"(sums[36]), "+f"(sums[37]), "+f"(sums[38]), "+f"(sums[39]), "+f"(sums[40]), "+f"(sums[41]),
          "+f"(sums[42]), "+f"(sums[43]), "+f"(sums[44]), "+f"(sums[45]), "+f"(sums[46]), "+f"(sums[47]),
          "+f"(sums[48]), "+f"(sums[49]), "+f"(sums[50]), "+f"(sums[51]), "+f"(sums[52]), "+f"(sums[53]),
          "+f"(sums[54]), "+f"(sums[55]), "+f"(sums[56]), "+f"(sums[57]), "+f"(sums[58]), "+f"(sums[59]),
          "+f"(sums[60]), "+f"(sums[61]), "+f"(sums[62]), "+f"(sums[63])
        : "l"(rows), "l"(columns), "n"(TRANSPOSED), "r"(add));
}
#endif
#endif
