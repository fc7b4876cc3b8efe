// The same products on tensor cores: operands of halves, each value as a high and, for three products, a low part. Three
// products, high by high, high by low and low by high, have 22 bits of each operand; one has 11. What tensor cores add they
// cut off, where other arithmetic rounds: of some thousand terms of one sign about 1e-5 is lost.

#ifndef MCRC_TENSOR_CORES
#error "tensor cores of compute capability 8.0 or later are needed"
#endif

/**
 * A part of the sum of one tile of 128 x 256 of sum[k](rows[i, k] * columns[j, k]), or of sum[k](rows[i, k] * columns[k, j])
 * where columns do not lie along the depth. 256 threads; warps have 64 x 64 sums each. Steps have 32 values of k; those of
 * the first product come first, then those of the second.
 *
 * @param rowLow the distance of the low parts from the high ones; columnLow likewise
 * @param depth the number of values of k, a multiple of 32
 * @param products 3: low by high, high by low, and high by high; or 1, the last of these
 * @param from the first step; to the one after the last
 * @param store gets row, column, their place in the tile, and the sum
 */
template <bool ALONG_DEPTH, typename Store>
__device__ __forceinline__ void mcrc_halves_tile(const unsigned short *__restrict__ rows, long long rowLow, int rowStride,
                                                 const unsigned short *__restrict__ columns, long long columnLow,
                                                 int columnStride, int tileRow, int tileColumn, int depth, int products,
                                                 int from, int to, const Store &store) {
    constexpr int ROWS = 128;
    constexpr int COLUMNS = 256;
    constexpr int STEP = 32;
    constexpr int STAGES = 4;
    constexpr int PANELS = (ROWS + COLUMNS) * STEP;
    MCRC_DYNAMIC_SHARED(unsigned short, panels);
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int stepsOfProduct = depth / STEP;
    // Small products first: what is added to a large sum loses its last digits.
    int nextProduct = from / stepsOfProduct + 3 - products;
    int nextDepth = from % stepsOfProduct * STEP;
    // Eight elements, 16 bytes, are copied and loaded together; where they lie in their row is exchanged so that the eight
    // rows of a matrix lie in different banks.
    const auto fetch = [&](int step) {
        if (step < to) {
            unsigned short *const rowPanel = panels + step % STAGES * PANELS;
            unsigned short *const columnPanel = rowPanel + ROWS * STEP;
            const unsigned short *const rowSource = rows + (nextProduct == 0 ? rowLow : 0) + nextDepth;
            const unsigned short *const columnSource = columns + (nextProduct == 1 ? columnLow : 0);
#pragma unroll
            for (int load = 0; load < 2; ++load) {
                const int row = thread / 4 + load * 64;
                const int part = thread % 4;
                mcrc_copy_16(rowPanel + row * STEP + (part ^ (row / 2 % 4)) * 8,
                             rowSource + static_cast<long long>(tileRow * ROWS + row) * rowStride + part * 8);
            }
#pragma unroll
            for (int load = 0; load < 4; ++load) {
                if (ALONG_DEPTH) {
                    const int column = thread / 4 + load * 64;
                    const int part = thread % 4;
                    mcrc_copy_16(columnPanel + column * STEP + (part ^ (column / 2 % 4)) * 8, columnSource
                            + static_cast<long long>(tileColumn * COLUMNS + column) * columnStride + nextDepth + part * 8);
                } else {
                    const int line = thread / 32 + load * 8;
                    const int part = thread % 32;
                    mcrc_copy_16(columnPanel + part / 8 * (64 * STEP) + line * 64 + (part % 8 ^ (line % 8)) * 8, columnSource
                            + static_cast<long long>(nextDepth + line) * columnStride + tileColumn * COLUMNS + part * 8);
                }
            }
            nextDepth += STEP;
            if (nextDepth == depth) {
                nextDepth = 0;
                ++nextProduct;
            }
        }
        // A group also where there is nothing to copy: groups are counted.
        mcrc_copy_commit();
    };
#ifdef MCRC_WARPGROUPS
    // A warpgroup of four warps has 64 rows and all columns; the tensor cores read the panels themselves.
    const int group = thread / 128;
    float sums[128];
#pragma unroll
    for (int v = 0; v < 128; ++v) {
        sums[v] = 0.0f;
    }
    mcrc_stay(sums);
    fetch(from);
    fetch(from + 1);
    for (int step = from; step < to; ++step) {
        mcrc_copy_wait<1>();
        mcrc_products_see_writes();
        __syncthreads();
        // Both warpgroups have waited for the products of two steps ago, whose panels are filled now.
        fetch(step + 2);
        const unsigned short *const rowPanel = panels + step % STAGES * PANELS + group * 64 * STEP;
        const unsigned short *const columnPanel = panels + step % STAGES * PANELS + ROWS * STEP;
        mcrc_products_begin();
#pragma unroll
        for (int k = 0; k < STEP; k += 16) {
            mcrc_warpgroup_multiply<ALONG_DEPTH ? 0 : 1>(sums, mcrc_operand(rowPanel + k, 16, 512, 2),
                    ALONG_DEPTH ? mcrc_operand(columnPanel + k, 16, 512, 2)
                            : mcrc_operand(columnPanel + k * 64, 64 * STEP * 2, 1024, 1));
        }
        mcrc_products_commit();
        mcrc_products_wait<1>();
    }
    mcrc_products_wait<0>();
    mcrc_stay(sums);
    mcrc_copy_wait<0>();
    // Whoever comes first to the next tile writes into the panels.
    __syncthreads();
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int row = group * 64 + thread / 32 % 4 * 16 + half * 8 + lane / 4;
#pragma unroll
        for (int j = 0; j < 32; ++j) {
            const int column = j * 8 + lane % 4 * 2;
#pragma unroll
            for (int v = 0; v < 2; ++v) {
                store(tileRow * ROWS + row, tileColumn * COLUMNS + column + v, row * COLUMNS + column + v,
                      sums[j * 4 + half * 2 + v]);
            }
        }
    }
#else
    const int warpRow = thread / 128 * 64;
    const int warpColumn = thread / 32 % 4 * 64;
    float sums[4][8][4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int j = 0; j < 8; ++j) {
#pragma unroll
            for (int v = 0; v < 4; ++v) {
                sums[i][j][v] = 0.0f;
            }
        }
    }
#pragma unroll
    for (int step = 0; step < STAGES - 1; ++step) {
        fetch(from + step);
    }
    unsigned rowFragments[2][4][4];
    unsigned columnFragments[2][4][4];
    const auto load = [&](int step, int k, unsigned (&rowsNow)[4][4], unsigned (&columnsNow)[4][4]) {
        const unsigned short *const rowPanel = panels + step % STAGES * PANELS;
        const unsigned short *const columnPanel = rowPanel + ROWS * STEP;
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            const int row = warpRow + i * 16 + lane % 16;
            const int part = k / 8 + lane / 16;
            mcrc_load_matrices(rowsNow[i], rowPanel + row * STEP + (part ^ (row / 2 % 4)) * 8);
        }
#pragma unroll
        for (int j = 0; j < 4; ++j) {
            if (ALONG_DEPTH) {
                const int column = warpColumn + j * 16 + lane / 16 * 8 + lane % 8;
                const int part = k / 8 + lane / 8 % 2;
                mcrc_load_matrices(columnsNow[j], columnPanel + column * STEP + (part ^ (column / 2 % 4)) * 8);
            } else {
                const int line = k + lane / 8 % 2 * 8 + lane % 8;
                const int part = (warpColumn + j * 16) / 8 + lane / 16;
                mcrc_load_transposed(columnsNow[j], columnPanel + part / 8 * (64 * STEP) + line * 64
                        + (part % 8 ^ (line % 8)) * 8);
            }
        }
    };
    mcrc_copy_wait<STAGES - 2>();
    __syncthreads();
    load(from, 0, rowFragments[0], columnFragments[0]);
    for (int step = from; step < to; ++step) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            // What is multiplied next is loaded while this is multiplied.
            if (half == 0) {
                fetch(step + STAGES - 1);
                load(step, 16, rowFragments[1], columnFragments[1]);
            } else if (step + 1 < to) {
                mcrc_copy_wait<STAGES - 2>();
                __syncthreads();
                load(step + 1, 0, rowFragments[0], columnFragments[0]);
            }
#pragma unroll
            for (int i = 0; i < 4; ++i) {
#pragma unroll
                for (int j = 0; j < 8; ++j) {
                    mcrc_multiply(sums[i][j], rowFragments[half][i], columnFragments[half][j / 2][j % 2 * 2],
                                  columnFragments[half][j / 2][j % 2 * 2 + 1]);
                }
            }
        }
    }
    mcrc_copy_wait<0>();
    // Whoever comes first to the next tile writes into the panels.
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = warpRow + i * 16 + half * 8 + lane / 4;
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                const int column = warpColumn + j * 8 + lane % 4 * 2;
#pragma unroll
                for (int v = 0; v < 2; ++v) {
                    store(tileRow * ROWS + row, tileColumn * COLUMNS + column + v, row * COLUMNS + column + v,
                          sums[i][j][half * 2 + v]);
                }
            }
        }
    }
#endif
}

/** The steps of a worker when all steps of all tiles are shared evenly. */
__device__ __forceinline__ int mcrc_share(int tiles, int stepsOfTile, int workers) {
    return (tiles * stepsOfTile + workers - 1) / workers;
}

/**
 * The tiles of a product along the depth, all their steps shared evenly among the blocks of the launch, whatever the number
 * of tiles: a block goes on from one tile to the next. What it has of a tile goes to a place of its own: that of the number
 * of the tile and of the block together. No two have the same, since a block begins with the tile, at the earliest, with which
 * the one before it ends.
 *
 * @param result 128 x 256 sums for each tile and each block
 * @param accumulate whether they are added to what is there
 */
template <bool SYMMETRIC>
__device__ __forceinline__ void mcrc_contract_halves(const unsigned short *__restrict__ rows, long long rowLow,
                                                     int rowStride,
                                                     const unsigned short *__restrict__ columns, long long columnLow,
                                                     int columnStride, int tiles, int columnTiles, int depth, int products,
                                                     float *__restrict__ result, int accumulate) {
    const int stepsOfTile = products * (depth / 32);
    const int share = mcrc_share(tiles, stepsOfTile, gridDim.x);
    const int last = (blockIdx.x + 1) * share < tiles * stepsOfTile ? (blockIdx.x + 1) * share : tiles * stepsOfTile;
    for (int step = blockIdx.x * share; step < last;) {
        const int tile = step / stepsOfTile;
        const int from = step % stepsOfTile;
        const int to = last - step + from < stepsOfTile ? last - step + from : stepsOfTile;
        int tileRow;
        int tileColumn;
        mcrc_tile<SYMMETRIC, 2>(tile, columnTiles, tileRow, tileColumn);
        float *const place = result + static_cast<long long>(tile + blockIdx.x) * (128 * 256);
        mcrc_halves_tile<true>(rows, rowLow, rowStride, columns, columnLow, columnStride, tileRow, tileColumn, depth,
                               products, from, to, [&](int, int, int local, float sum) {
                                   place[local] = accumulate ? place[local] + sum : sum;
                               });
        step += to - from;
    }
}

/** The first of the blocks that have a part of a tile. */
__device__ __forceinline__ int mcrc_first_worker(int tiles, int tile, int stepsOfTile, int workers) {
    return tile * stepsOfTile / mcrc_share(tiles, stepsOfTile, workers);
}

/** The last of them. */
__device__ __forceinline__ int mcrc_last_worker(int tiles, int tile, int stepsOfTile, int workers) {
    return ((tile + 1) * stepsOfTile - 1) / mcrc_share(tiles, stepsOfTile, workers);
}

/** An element of a tile: the sum of what the blocks from the first to the last have of it, in their order. */
__device__ __forceinline__ double mcrc_sum_of_workers(const float *__restrict__ result, int tile, int first, int last,
                                                      int local) {
    double sum = 0.0;
    for (int worker = first; worker <= last; ++worker) {
        sum += result[static_cast<long long>(tile + worker) * (128 * 256) + local];
    }
    return sum;
}
