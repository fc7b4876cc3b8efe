// What kernels use of the hardware, by names of their own: inline PTX, since NVRTC comes without headers.

#define MCRC_DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) unsigned char mcrc_dynamic_shared[]; \
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

#if __CUDA_ARCH__ >= 800
#define MCRC_TENSOR_CORES 1

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
#endif
