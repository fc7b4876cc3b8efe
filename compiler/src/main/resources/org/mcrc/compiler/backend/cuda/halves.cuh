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

/** Where an element of an operand of halves lies among the 64 of its row that are in the same block. */
__device__ __forceinline__ int mcrc_place_in_row(int row, int column) {
    return (column & 63) ^ ((row & 7) << 3);
}

/**
 * Where an element of an operand of halves lies: in blocks of 64 columns, each with all rows, as shared memory is to have them:
 * a step of a tile's rows is in one piece. The eight groups of eight elements of a row of a block are exchanged, so that
 * eight rows lie in different banks.
 *
 * @param rows the padded number of rows
 */
__device__ __forceinline__ long long mcrc_place_of_half(int row, int column, int rows) {
    return (static_cast<long long>(column / 64) * rows + row) * 64 + mcrc_place_in_row(row, column);
}

/**
 * Stores the values of some rows in one column as halves, and for three products what these lack as others.
 *
 * @param operand where the first row is in the column's block
 * @param low the distance of low parts from high ones
 */
template <int ROWS>
__device__ __forceinline__ void mcrc_store_rows(unsigned short *operand, int firstRow, int column,
                                                const float (&values)[ROWS], int products, long long low) {
    unsigned short *const first = mcrc_made_once(operand);
#pragma unroll
    for (int k = 0; k < ROWS; ++k) {
        unsigned short *const place = first + k * 64 + mcrc_place_in_row(firstRow + k, column);
        const unsigned short high = mcrc_to_half(values[k]);
        *place = high;
        if (products > 1) {
            place[low] = mcrc_to_half(values[k] - mcrc_from_half(high));
        }
    }
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
 * Where what is added up along lines goes. A run is some rows, one after another, of which a segment of columns adds to one line,
 * each row shifted along it. No run has rows of two blocks of 16, of which a warp has one at a time.
 *
 * @param LINE the columns of a line, where it divides a segment: what is shifted wraps within it; 0 where lines are longer
 * @param PLACES the sums that a run has of a segment
 */
template <int LINE, int PLACES>
struct McrcOfRuns {
    static constexpr bool WANTED = true;
    static constexpr int SEGMENT = 128;
    static constexpr int ROWS = 16;
    float *__restrict__ sums;
    /** The distance of the sums of runs. */
    long long stride;
    /** The first row of each run, and the number of rows. */
    const int *__restrict__ firstRows;
    /** The first run of every block, and the number of runs. */
    const int *__restrict__ firstRuns;
    /** By how much each row is shifted: from 0 in each run, or less than a LINE. */
    const int *__restrict__ shifts;
    int firstRow;
    /** Those of a tile. */
    __device__ __forceinline__ McrcOfRuns of(int tileRow, int firstColumn) const {
        return McrcOfRuns{sums + firstColumn / SEGMENT * PLACES, stride, firstRows, firstRuns, shifts, tileRow * MCRC_ROWS};
    }
    /**
     * Adds up the rows of a block, in their order.
     *
     * @param values of the block, in shared memory
     * @param row the first one in the tile; its first column likewise
     */
    template <int COLUMNS, int STRIDE>
    __device__ __forceinline__ void add(const float *values, int row, int firstColumn) const {
        constexpr int PIECES = (PLACES + 31) / 32;
        constexpr int SEGMENTS = COLUMNS / SEGMENT;
        const int lane = mcrc_thread_now() % 32;
        const int first = firstRow + row;
        const int end = firstRuns[first / ROWS + 1];
#pragma unroll 1
        for (int run = firstRuns[first / ROWS]; run < end; ++run) {
            float ofPlace[SEGMENTS][PIECES] = {};
            const int last = firstRows[run + 1];
#pragma unroll 2
            for (int each = firstRows[run]; each < last; ++each) {
                const float *const ofRow = values + (each - first) * STRIDE;
                const int shift = shifts[each];
#pragma unroll
                for (int piece = 0; piece < PIECES; ++piece) {
                    const int place = piece * 32 + lane;
                    const int column = LINE == 0 ? place - shift : (place & -LINE) + ((place - shift) & (LINE - 1));
#pragma unroll
                    for (int segment = 0; segment < SEGMENTS; ++segment) {
                        ofPlace[segment][piece] += LINE > 0 || static_cast<unsigned>(column) < SEGMENT
                                ? ofRow[segment * SEGMENT + column] : 0.0f;
                    }
                }
            }
            float *const ofRun = sums + run * stride + firstColumn / SEGMENT * PLACES;
#pragma unroll
            for (int piece = 0; piece < PIECES; ++piece) {
                const int place = piece * 32 + lane;
#pragma unroll
                for (int segment = 0; segment < SEGMENTS; ++segment) {
                    if (place < PLACES) {
                        ofRun[segment * PLACES + place] = ofPlace[segment][piece];
                    }
                }
            }
        }
    }
};

/** Nothing is added up along lines. */
struct McrcNothingOfRuns {
    static constexpr bool WANTED = false;
    __device__ __forceinline__ McrcNothingOfRuns of(int, int) const { return McrcNothingOfRuns(); }
};

/**
 * What is done with the sums of a tile: they go row by row, through the panels in shared memory, so that a warp has a row at
 * a time, what depends on it is computed once, and what is read and written lies side by side.
 *
 * @param store gets the row and the column in the tile, and the sum; gives what is added up of the column and along lines
 * @param ofColumn gets a column of the tile and what has been added up of its rows
 * @param ofRuns an McrcOfRuns, or McrcNothingOfRuns
 */
template <typename Store, typename OfColumn, typename OfRuns>
struct McrcByRows {
    static constexpr bool IN_PANELS = true;
    const Store &store;
    OfColumn ofColumn;
    OfRuns ofRuns;
    /**
     * @param GROUPS of four warps, which have 64 rows each, whose sums have room in the panels at a time
     * @param sums an McrcSums
     */
    template <int COLUMNS, int GROUPS, typename Sums>
    __device__ __forceinline__ void take(const Sums &sums, int firstColumn) const {
        constexpr int WARPS = 8;
        constexpr int STRIDE = COLUMNS + 8;
        constexpr int ROWS = GROUPS * 64;
        MCRC_DYNAMIC_SHARED(float, tile);
        float *const ofWarps = tile + ROWS * STRIDE;
        const int thread = mcrc_thread_now();
        const int warp = thread / 32;
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
            sums.rowsAreThere();
            // Where others still have their sums in registers there are few for more.
#pragma unroll(GROUPS == 2 ? 4 : 1)
            for (int row = warp * (ROWS / WARPS); row < (warp + 1) * (ROWS / WARPS); ++row) {
#pragma unroll(GROUPS == 2 ? COLUMNS / 32 : 4)
                for (int k = 0; k < COLUMNS / 32; ++k) {
                    float &ofTile = tile[row * STRIDE + k * 32 + lane];
                    const float given = store(group * 64 + row, firstColumn + k * 32 + lane, ofTile);
                    if constexpr (OfColumn::WANTED) {
                        added[k] += given;
                    }
                    if constexpr (OfRuns::WANTED) {
                        ofTile = given;
                    }
                }
            }
            if constexpr (OfRuns::WANTED) {
                sums.rowsAreThere();
                for (int row = warp * OfRuns::ROWS; row < ROWS; row += WARPS * OfRuns::ROWS) {
                    ofRuns.template add<COLUMNS, STRIDE>(tile + row * STRIDE, group * 64 + row, firstColumn);
                }
            }
            if constexpr (OfColumn::WANTED) {
                if (group + GROUPS >= 2) {
                    // Of all warps, in their order.
#pragma unroll
                    for (int k = 0; k < COLUMNS / 32; ++k) {
                        ofWarps[warp * COLUMNS + k * 32 + lane] = added[k];
                    }
                    __syncthreads();
                    if (thread < COLUMNS) {
                        float sum = 0.0f;
#pragma unroll
                        for (int each = 0; each < WARPS; ++each) {
                            sum += ofWarps[each * COLUMNS + thread];
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
 * The product of rows and of columns that do not lie along the depth: each pair of blocks has one pair of tiles after another,
 * for all of the depth. Tiles are counted down the columns.
 *
 * @param rowTiles an even number
 * @param tilePairs how many pairs of tiles there are
 * @param store gets the row, the column, and the sum; gives what is added up of the column in the tile, and along lines
 * @param ofColumn an McrcOfColumns, or McrcNothingOfColumns
 * @param ofRuns an McrcOfRuns, or McrcNothingOfRuns
 */
template <typename Store, typename OfColumn, typename OfRuns>
__device__ __forceinline__ void mcrc_multiply_halves(const McrcHalves &rows, const McrcHalves &columns, int rowTiles,
                                                     int tilePairs, int steps, int products, const Store &store,
                                                     const OfColumn &ofColumn, const OfRuns &ofRuns) {
    McrcRing ring = mcrc_begin_halves();
    for (int pair = blockIdx.x / 2; pair < tilePairs; pair += gridDim.x / 2) {
        const int tile = 2 * pair + blockIdx.x % 2;
        const int tileRow = tile % rowTiles;
        const int firstColumn = tile / rowTiles * MCRC_COLUMNS;
        const auto storeOfTile = [&](int row, int column, float sum) {
            return store(tileRow * MCRC_ROWS + row, firstColumn + column, sum);
        };
        mcrc_halves_tile<false>(rows, columns, tileRow, firstColumn / MCRC_COLUMNS, products, 0, steps, ring,
                                McrcByRows<decltype(storeOfTile), OfColumn, OfRuns>{
                                        storeOfTile, ofColumn.of(tileRow, firstColumn), ofRuns.of(tileRow, firstColumn)});
    }
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
