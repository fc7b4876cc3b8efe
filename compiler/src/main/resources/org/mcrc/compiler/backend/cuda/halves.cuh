// The same products on tensor cores: operands of halves, each value as a high and, for three products, a low part. Three
// products, high by high, high by low and low by high, have 22 bits of each operand; one has 11. What tensor cores add they
// cut off, where other arithmetic rounds: of some thousand terms of one sign about 1e-5 is lost. So of three products they
// add only what lies in shared memory at a time, and those sums are added up elsewhere.

#ifndef MCRC_TENSOR_CORES
#error "tensor cores of compute capability 8.0 or later are needed"
#endif

/** The rows of a tile, its columns, and the values of k of a step. */
constexpr int MCRC_ROWS = 128;
constexpr int MCRC_COLUMNS = 256;
constexpr int MCRC_STEP = 64;

/**
 * Where an element of an operand of halves lies: in blocks of 64 columns, each with all rows, as shared memory is to have them:
 * a step of a tile's rows is in one piece. The eight groups of eight elements of a row of a block are exchanged, so that
 * eight rows lie in different banks.
 *
 * @param rows the padded number of rows
 */
__device__ __forceinline__ long long mcrc_place_of_half(int row, int column, int rows) {
    return (static_cast<long long>(column / 64) * rows + row) * 64 + ((column / 8 % 8) ^ (row % 8)) * 8 + column % 8;
}

/** The high parts of four neighbours, which are written together. */
__device__ __forceinline__ unsigned long long mcrc_high_parts(const float (&values)[4]) {
    unsigned long long all = 0;
#pragma unroll
    for (int k = 0; k < 4; ++k) {
        all |= static_cast<unsigned long long>(mcrc_to_half(values[k])) << (16 * k);
    }
    return all;
}

/** What the high parts lack. */
__device__ __forceinline__ unsigned long long mcrc_low_parts(const float (&values)[4], unsigned long long high) {
    unsigned long long all = 0;
#pragma unroll
    for (int k = 0; k < 4; ++k) {
        const float rest = values[k] - mcrc_from_half(static_cast<unsigned short>(high >> (16 * k)));
        all |= static_cast<unsigned long long>(mcrc_to_half(rest)) << (16 * k);
    }
    return all;
}

/** An operand of halves: the high parts, the distance of the low ones from them, and the padded number of rows. */
struct McrcHalves {
    const unsigned short *__restrict__ high;
    long long low;
    int rows;
};

// Two blocks beside each other, whose tiles lie below each other, are a pair: where warpgroups multiply, each copies half of
// the columns that both need into the shared memory of both.
#ifdef MCRC_WARPGROUPS
#define MCRC_IN_PAIRS __cluster_dims__(2, 1, 1)

/** The panels of both blocks are free for what is copied, whatever they were used for. */
__device__ __forceinline__ void mcrc_panels_are_free() {
    mcrc_copies_see_accesses();
    mcrc_pair_barrier();
}
#else
#define MCRC_IN_PAIRS

__device__ __forceinline__ void mcrc_panels_are_free() { __syncthreads(); }
#endif

/**
 * What is done with the sums of a tile: they go row by row, through the panels in shared memory, so that a warp has a row at
 * a time, what depends on it is computed once, and what is read and written lies side by side.
 *
 * @param store gets the row and the column in the tile, and the sum; gives what is added up of the column
 * @param ofColumn gets a column of the tile and what has been added up of its rows
 */
template <typename Store, typename OfColumn>
struct McrcByRows {
    static constexpr bool IN_PANELS = true;
    const Store &store;
    OfColumn ofColumn;
    /**
     * @param GROUPS of four warps, which have 64 rows each, whose sums have room in the panels at a time
     * @param sums an McrcSums
     */
    template <int COLUMNS, int GROUPS, typename Sums>
    __device__ __forceinline__ void take(const Sums &sums, int firstColumn) const {
        constexpr int WARPS = 8;
        constexpr int STRIDE = COLUMNS + 8;
        MCRC_DYNAMIC_SHARED(float, tile);
        const int thread = mcrc_thread_now();
        const int lane = thread % 32;
        float added[COLUMNS / 32];
#pragma unroll
        for (int k = 0; k < COLUMNS / 32; ++k) {
            added[k] = 0.0f;
        }
#pragma unroll 1
        for (int group = 0; group < 2; group += GROUPS) {
            if (GROUPS == 2 || thread / 128 == group) {
                // Rows lie so that no two are in the same bank.
                sums.each([&](int row, int column, float left, float right) {
                    mcrc_store_two_shared(tile + (row - group * 64) * STRIDE + column, left, right);
                });
            }
            __syncthreads();
            // Where others still have their sums in registers there are few for more.
#pragma unroll(GROUPS == 2 ? 4 : 1)
            for (int row = thread / 32; row < GROUPS * 64; row += WARPS) {
#pragma unroll(GROUPS == 2 ? COLUMNS / 32 : 4)
                for (int k = 0; k < COLUMNS / 32; ++k) {
                    const float given = store(group * 64 + row, firstColumn + k * 32 + lane,
                                              tile[row * STRIDE + k * 32 + lane]);
                    if constexpr (OfColumn::WANTED) {
                        added[k] += given;
                    }
                }
            }
            if constexpr (OfColumn::WANTED) {
                if (group + GROUPS >= 2) {
                    // Of all warps, in their order.
                    __syncthreads();
#pragma unroll
                    for (int k = 0; k < COLUMNS / 32; ++k) {
                        tile[thread / 32 * COLUMNS + k * 32 + lane] = added[k];
                    }
                    __syncthreads();
                    if (thread < COLUMNS) {
                        float sum = 0.0f;
#pragma unroll
                        for (int warp = 0; warp < WARPS; ++warp) {
                            sum += tile[warp * COLUMNS + thread];
                        }
                        ofColumn(firstColumn + thread, sum);
                    }
                }
            }
            mcrc_panels_are_free();
        }
    }
};

/** What is done with the sums of a tile: they go to a place in memory where nothing else is, or are added to what is there. */
struct McrcToPlace {
    static constexpr bool IN_PANELS = false;
    float *place;
    int accumulate;
    template <int COLUMNS, int GROUPS, typename Sums>
    __device__ __forceinline__ void take(const Sums &sums, int firstColumn) const {
        float *const first = place + firstColumn;
        if (accumulate) {
            sums.each([&](int row, int column, float left, float right) {
                // Nobody else does: the order of the sums is the same in every run.
                mcrc_add_two(first + row * MCRC_COLUMNS + column, left, right);
            });
        } else {
            sums.each([&](int row, int column, float left, float right) {
                mcrc_store_two(first + row * MCRC_COLUMNS + column, left, right);
            });
        }
    }
};

#ifdef MCRC_WARPGROUPS
#include "warpgroups.cuh"
#else
#include "warps.cuh"
#endif

/**
 * A part of the sum of one tile of 128 x 256, for 256 threads.
 *
 * @param products 3: low by high, high by low, and high by high; or 1, the last of these
 * @param from the first step along the depth; to the one after the last
 * @param taker an McrcByRows or McrcToPlace
 */
template <bool ALONG_DEPTH, typename Taker>
__device__ __forceinline__ void mcrc_halves_tile(const McrcHalves &rows, const McrcHalves &columns, int tileRow,
                                                 int tileColumn, int products, int from, int to, McrcRing &ring,
                                                 const Taker &taker) {
    const int firstRow = tileRow * MCRC_ROWS;
    const int firstColumn = tileColumn * MCRC_COLUMNS;
    if (products == 1) {
        mcrc_halves_columns<ALONG_DEPTH, 1>(rows, columns, firstRow, firstColumn, from, to, ring, taker);
    } else {
        // Half of the columns after the other: twice as many sums have no room.
#pragma unroll 1
        for (int half = 0; half < MCRC_COLUMNS; half += MCRC_COLUMNS / 2) {
            mcrc_halves_columns<ALONG_DEPTH, 3>(rows, columns, firstRow, firstColumn + half, from, to, ring, taker);
        }
    }
}

/**
 * The product of rows and of columns that do not lie along the depth: a tile, for all of the depth. Tiles are counted down the
 * columns.
 *
 * @param rowTiles an even number
 * @param store gets the row, the column, and the sum; gives what is added up of the column in the tile
 * @param ofColumn an McrcOfColumns, or McrcNothingOfColumns
 */
template <typename Store, typename OfColumn>
__device__ __forceinline__ void mcrc_multiply_halves(const McrcHalves &rows, const McrcHalves &columns, int rowTiles,
                                                     int steps, int products, const Store &store, const OfColumn &ofColumn) {
    McrcRing ring = mcrc_begin_halves();
    const int tileRow = blockIdx.x % rowTiles;
    const int firstColumn = blockIdx.x / rowTiles * MCRC_COLUMNS;
    const auto storeOfTile = [&](int row, int column, float sum) {
        return store(tileRow * MCRC_ROWS + row, firstColumn + column, sum);
    };
    mcrc_halves_tile<false>(rows, columns, tileRow, firstColumn / MCRC_COLUMNS, products, 0, steps, ring,
                            McrcByRows<decltype(storeOfTile), OfColumn>{storeOfTile, ofColumn.of(tileRow, firstColumn)});
}

/** The steps of a pair of blocks when all steps of all pairs of tiles are shared evenly. */
__device__ __forceinline__ int mcrc_share(int tilePairs, int steps, int pairs) {
    return (tilePairs * steps + pairs - 1) / pairs;
}

/** The row and the column of a tile, of which two below each other are a pair. */
template <bool SYMMETRIC>
__device__ __forceinline__ void mcrc_tile_of_pair(int tile, int columnTiles, int &row, int &column) {
    mcrc_tile<SYMMETRIC>(tile / 2, columnTiles, row, column);
    row = 2 * row + tile % 2;
}

/**
 * Where the sums are that a block has of a tile: at the number of the pair of tiles and of the pair of blocks together. No two
 * have the same, since a pair of blocks begins with the pair of tiles, at the earliest, with which the one before it ends.
 */
__device__ __forceinline__ long long mcrc_place_of_sums(int tile, int pair) {
    return static_cast<long long>(tile + 2 * pair) * (MCRC_ROWS * MCRC_COLUMNS);
}

/**
 * The tiles of a product along the depth, all their steps shared evenly among the pairs of blocks of the launch, whatever the
 * number of tiles: a pair goes on from one pair of tiles to the next.
 *
 * @param tilePairs how many there are; of a symmetric matrix only those with elements on or above the diagonal
 * @param steps of a tile
 * @param result 128 x 256 sums for each tile and each block
 * @param accumulate whether they are added to what is there
 */
template <bool SYMMETRIC>
__device__ __forceinline__ void mcrc_contract_halves(const McrcHalves &rows, const McrcHalves &columns, int tilePairs,
                                                     int columnTiles, int steps, int products, float *__restrict__ result,
                                                     int accumulate) {
    McrcRing ring = mcrc_begin_halves();
    const int pair = blockIdx.x / 2;
    const int share = mcrc_share(tilePairs, steps, gridDim.x / 2);
    const int last = (pair + 1) * share < tilePairs * steps ? (pair + 1) * share : tilePairs * steps;
    for (int step = pair * share; step < last;) {
        const int tile = 2 * (step / steps) + blockIdx.x % 2;
        const int from = step % steps;
        const int to = last - step + from < steps ? last - step + from : steps;
        int tileRow;
        int tileColumn;
        mcrc_tile_of_pair<SYMMETRIC>(tile, columnTiles, tileRow, tileColumn);
        mcrc_halves_tile<true>(rows, columns, tileRow, tileColumn, products, from, to, ring,
                               McrcToPlace{result + mcrc_place_of_sums(tile, pair), accumulate});
        step += to - from;
    }
    mcrc_end_halves();
}

/** The first of the pairs of blocks that have a part of a tile. */
__device__ __forceinline__ int mcrc_first_pair(int tilePairs, int tile, int steps, int pairs) {
    return tile / 2 * steps / mcrc_share(tilePairs, steps, pairs);
}

/** The last of them. */
__device__ __forceinline__ int mcrc_last_pair(int tilePairs, int tile, int steps, int pairs) {
    return ((tile / 2 + 1) * steps - 1) / mcrc_share(tilePairs, steps, pairs);
}
