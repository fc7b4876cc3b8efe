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

/** The stages that there may be. */
constexpr int MCRC_STAGES = 4;

/** The bytes of all panels, behind which the barriers lie. */
constexpr int MCRC_PANEL_BYTES = 4 * (MCRC_ROWS + MCRC_COLUMNS) * MCRC_STEP * 2;

/** The barriers of the stages: those that open when panels are there, and those that open when they are read no more. */
__device__ __forceinline__ unsigned long long *mcrc_filled() {
    MCRC_DYNAMIC_SHARED(unsigned char, shared);
    return reinterpret_cast<unsigned long long *>(shared + MCRC_PANEL_BYTES);
}

__device__ __forceinline__ unsigned long long *mcrc_emptied() { return mcrc_filled() + MCRC_STAGES; }

/** A stage, and whether what is waited for there has been an odd number of times before. */
struct McrcStage {
    int number;
    unsigned parity;

    template <int STAGES>
    __device__ __forceinline__ void advance() {
        parity ^= number == STAGES - 1 ? 1 : 0;
        number = number == STAGES - 1 ? 0 : number + 1;
    }
};

/** The panels in shared memory, one stage after the other: which is read next, and which is filled next. */
struct McrcRing {
    McrcStage read;
    McrcStage fill;
};

/** Comes once, before all products of a kernel. */
__device__ __forceinline__ McrcRing mcrc_begin_halves() {
    if (threadIdx.x == 0) {
        for (int stage = 0; stage < MCRC_STAGES; ++stage) {
            mcrc_barrier_init(mcrc_filled() + stage, 1);
            // Two warpgroups of each of two blocks.
            mcrc_barrier_init(mcrc_emptied() + stage, 4);
        }
        mcrc_barriers_are_there();
    }
    mcrc_pair_barrier();
    // Stages are empty at first, as if they had been emptied before.
    return McrcRing{McrcStage{0, 0}, McrcStage{0, 1}};
}

/** The sums of a thread: of two rows of its warp, the columns 2 (l % 4) and 2 (l % 4) + 1 of every eight. */
template <int COLUMNS>
struct McrcSums {
    const float (&sums)[COLUMNS / 2];
    /** Hands them on: row and column in the tile, the sum and that of the next column. */
    template <typename Give>
    __device__ __forceinline__ void each(const Give &give) const {
        const int thread = mcrc_thread_now();
        const int lane = thread % 32;
#pragma unroll
        for (int eight = 0; eight < 2; ++eight) {
            const int row = thread / 32 * 16 + eight * 8 + lane / 4;
#pragma unroll
            for (int j = 0; j < COLUMNS / 8; ++j) {
                give(row, j * 8 + lane % 4 * 2, sums[j * 4 + eight * 2], sums[j * 4 + eight * 2 + 1]);
            }
        }
    }
};

/** Comes last where panels are not freed last: a block whose shared memory the other one still uses must not end. */
__device__ __forceinline__ void mcrc_end_halves() { mcrc_pair_barrier(); }

/**
 * A part of the sums of PRODUCTS == 1 ? 256 : 128 columns of a tile of sum[k](rows[i, k] * columns[j, k]), or of
 * sum[k](rows[i, k] * columns[k, j]) where columns do not lie along the depth. A warpgroup of four warps has 64 rows and all of
 * these columns; the tensor cores read the panels themselves, which one thread has copied for all, columns for both blocks.
 *
 * @param firstColumn of all
 * @param from the first step along the depth; to the one after the last
 * @param taker an McrcByRows or McrcToPlace
 */
template <bool ALONG_DEPTH, int PRODUCTS, typename Taker>
__device__ __forceinline__ void mcrc_halves_columns(const McrcHalves &rows, const McrcHalves &columns, int firstRow,
                                                    int firstColumn, int from, int to, McrcRing &ring, const Taker &taker) {
    constexpr int COLUMNS = PRODUCTS == 1 ? MCRC_COLUMNS : MCRC_COLUMNS / 2;
    constexpr int PARTS = PRODUCTS == 1 ? 1 : 2;
    constexpr int STAGES = PRODUCTS == 1 ? 4 : 3;
    constexpr int ROW_PANEL = MCRC_ROWS * MCRC_STEP;
    constexpr int COLUMN_PANEL = COLUMNS * MCRC_STEP;
    constexpr int STAGE = (ROW_PANEL + COLUMN_PANEL) * PARTS;
    constexpr int SUMS = COLUMNS / 2;
    static_assert(STAGE * STAGES * 2 <= MCRC_PANEL_BYTES && STAGES <= MCRC_STAGES, "as much shared memory as there is");
    MCRC_DYNAMIC_SHARED(unsigned short, panels);
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int group = thread / 128;
    const int half = blockIdx.x % 2;
    const auto fill = [&](int step) {
        if (thread != 0 || step >= to) {
            return;
        }
        const int stage = ring.fill.number;
        mcrc_barrier_wait(mcrc_emptied() + stage, ring.fill.parity);
        ring.fill.advance<STAGES>();
        unsigned long long *const filled = mcrc_filled() + stage;
        mcrc_barrier_expect(filled, STAGE * 2);
#pragma unroll
        for (int part = 0; part < PARTS; ++part) {
            unsigned short *const panel = panels + stage * STAGE + part * (ROW_PANEL + COLUMN_PANEL);
            mcrc_copy_bulk(panel, rows.high + (part == 0 ? 0 : rows.low)
                    + (static_cast<long long>(step) * rows.rows + firstRow) * 64, ROW_PANEL * 2, filled);
            const unsigned short *const source = columns.high + (part == 0 ? 0 : columns.low);
            if (ALONG_DEPTH) {
                mcrc_copy_to_both(panel + ROW_PANEL + half * (COLUMN_PANEL / 2), source
                        + (static_cast<long long>(step) * columns.rows + firstColumn + half * (COLUMNS / 2)) * 64,
                        COLUMN_PANEL, filled);
            } else {
#pragma unroll
                for (int each = 0; each < COLUMNS / 128; ++each) {
                    const int block = half * (COLUMNS / 128) + each;
                    mcrc_copy_to_both(panel + ROW_PANEL + block * (64 * MCRC_STEP), source
                            + (static_cast<long long>(firstColumn / 64 + block) * columns.rows + step * MCRC_STEP) * 64,
                            64 * MCRC_STEP * 2, filled);
                }
            }
        }
    };
    const auto multiply = [&](int rowPart, int columnPart, float (&result)[SUMS], int first) {
        const unsigned short *const stage = panels + ring.read.number * STAGE;
        const unsigned short *const rowPanel = stage + rowPart * (ROW_PANEL + COLUMN_PANEL) + group * 64 * MCRC_STEP;
        const unsigned short *const columnPanel = stage + columnPart * (ROW_PANEL + COLUMN_PANEL) + ROW_PANEL;
#pragma unroll
        for (int k = 0; k < MCRC_STEP; k += 16) {
            mcrc_warpgroup_multiply<ALONG_DEPTH ? 0 : 1>(result, mcrc_operand(rowPanel + k, 16, 1024, 1),
                    ALONG_DEPTH ? mcrc_operand(columnPanel + k, 16, 1024, 1)
                            : mcrc_operand(columnPanel + k * 64, 64 * MCRC_STEP * 2, 1024, 1), k > 0 || first == 0);
        }
    };
    // This warpgroup reads a stage no more: both blocks copy into it.
    const auto empty = [&](int stage) {
        if (thread % 128 < 2) {
            mcrc_barrier_arrive(mcrc_emptied() + stage, thread % 128);
        }
    };
    float sums[SUMS];
#pragma unroll
    for (int v = 0; v < SUMS; ++v) {
        sums[v] = 0.0f;
    }
#pragma unroll
    for (int ahead = 0; ahead < STAGES - 1; ++ahead) {
        fill(from + ahead);
    }
    if constexpr (PRODUCTS == 1) {
        mcrc_stay(sums);
        for (int step = from; step < to; ++step) {
            mcrc_barrier_wait(mcrc_filled() + ring.read.number, ring.read.parity);
            mcrc_products_begin();
            multiply(0, 0, sums, 0);
            mcrc_products_commit();
            // Those of the step before have come to an end.
            mcrc_products_wait<1>();
            if (step > from) {
                empty((ring.read.number + STAGES - 1) % STAGES);
            }
            fill(step + STAGES - 1);
            __syncwarp();
            ring.read.advance<STAGES>();
        }
        mcrc_products_wait<0>();
        mcrc_stay(sums);
        empty((ring.read.number + STAGES - 1) % STAGES);
    } else {
        // The sums of a step alone.
        float now[SUMS];
#pragma unroll
        for (int v = 0; v < SUMS; ++v) {
            now[v] = 0.0f;
        }
        for (int step = from; step < to; ++step) {
            mcrc_barrier_wait(mcrc_filled() + ring.read.number, ring.read.parity);
            mcrc_stay(now);
            mcrc_products_begin();
            // Small products first: what is added to a large sum loses its last digits.
            multiply(1, 0, now, 1);
            multiply(0, 1, now, 0);
            multiply(0, 0, now, 0);
            mcrc_products_commit();
            fill(step + STAGES - 1);
            __syncwarp();
            mcrc_products_wait<0>();
            mcrc_stay(now);
            empty(ring.read.number);
#pragma unroll
            for (int v = 0; v < SUMS; ++v) {
                sums[v] += now[v];
            }
            ring.read.advance<STAGES>();
        }
    }
    if (Taker::IN_PANELS) {
        // Whoever comes first writes into the panels.
        __syncthreads();
    }
    taker.template take<COLUMNS, 2>(McrcSums<COLUMNS>{sums}, firstColumn % MCRC_COLUMNS);
}

#else

/** Nothing is shared between the products of a kernel. */
struct McrcRing {};

__device__ __forceinline__ McrcRing mcrc_begin_halves() { return McrcRing{}; }

__device__ __forceinline__ void mcrc_end_halves() {}

/** The sums of a thread: of eight rows of its warp, the columns 2 (l % 4) and 2 (l % 4) + 1 of every eight. */
template <int COLUMNS>
struct McrcSums {
    const float (&sums)[4][COLUMNS / 32][4];
    /** Hands them on: row and column in the tile, the sum and that of the next column. */
    template <typename Give>
    __device__ __forceinline__ void each(const Give &give) const {
        const int thread = mcrc_thread_now();
        const int lane = thread % 32;
        const int firstColumn = thread / 32 % 4 * (COLUMNS / 4) + lane % 4 * 2;
#pragma unroll
        for (int i = 0; i < 4; ++i) {
#pragma unroll
            for (int half = 0; half < 2; ++half) {
                const int row = thread / 128 * 64 + i * 16 + half * 8 + lane / 4;
#pragma unroll
                for (int j = 0; j < COLUMNS / 32; ++j) {
                    give(row, firstColumn + j * 8, sums[i][j][half * 2], sums[i][j][half * 2 + 1]);
                }
            }
        }
    }
};

/**
 * A part of the sums of PRODUCTS == 1 ? 256 : 128 columns of a tile of sum[k](rows[i, k] * columns[j, k]), or of
 * sum[k](rows[i, k] * columns[k, j]) where columns do not lie along the depth. Of eight warps each has 64 rows and a quarter of
 * these columns; a step's values of k come in two halves.
 *
 * @param firstColumn of all
 * @param from the first step along the depth; to the one after the last
 * @param taker an McrcByRows or McrcToPlace
 */
template <bool ALONG_DEPTH, int PRODUCTS, typename Taker>
__device__ __forceinline__ void mcrc_halves_columns(const McrcHalves &rows, const McrcHalves &columns, int firstRow,
                                                    int firstColumn, int from, int to, McrcRing &, const Taker &taker) {
    constexpr int COLUMNS = PRODUCTS == 1 ? MCRC_COLUMNS : MCRC_COLUMNS / 2;
    constexpr int PARTS = PRODUCTS == 1 ? 1 : 2;
    constexpr int STAGES = PRODUCTS == 1 ? 4 : 3;
    constexpr int STEP = MCRC_STEP / 2;
    constexpr int ROW_PANEL = MCRC_ROWS * STEP;
    constexpr int COLUMN_PANEL = COLUMNS * STEP;
    constexpr int PANELS = ROW_PANEL + COLUMN_PANEL;
    constexpr int WARP_COLUMNS = COLUMNS / 4;
    MCRC_DYNAMIC_SHARED(unsigned short, panels);
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int end = 2 * to;
    // Eight elements, 16 bytes, are copied and loaded together; where they lie in their row is exchanged so that the eight
    // rows of a matrix lie in different banks.
    const auto fetch = [&](int step) {
        if (step < end) {
            // Every 64th row, or line of columns, is copied by the same thread, from as far into its row.
            const int thread = mcrc_thread_now();
            const int row = thread / 4;
            const int part = thread % 4;
            const int place = row * STEP + (part ^ (row / 2 % 4)) * 8;
            const int source = row * 64 + ((step % 2 * 4 + part) ^ (row % 8)) * 8;
            const unsigned short *rowSource =
                    rows.high + (static_cast<long long>(step / 2) * rows.rows + firstRow) * 64 + source;
            const int line = thread / 8;
            const int partOfLine = (thread % 8 ^ (line % 8)) * 8;
            const unsigned short *columnSource = ALONG_DEPTH
                    ? columns.high + (static_cast<long long>(step / 2) * columns.rows + firstColumn) * 64 + source
                    : columns.high + (static_cast<long long>(firstColumn / 64) * columns.rows + step * STEP + line) * 64
                            + partOfLine;
            const int placeOfLine = line * 64 + partOfLine;
            unsigned short *panel = panels + step % STAGES * PARTS * PANELS;
#pragma unroll
            for (int precision = 0; precision < PARTS; ++precision) {
#pragma unroll
                for (int load = 0; load < MCRC_ROWS / 64; ++load) {
                    mcrc_copy_16(panel + place + load * (64 * STEP), rowSource + load * (64 * 64));
                }
#pragma unroll
                for (int load = 0; load < COLUMNS / 64; ++load) {
                    if (ALONG_DEPTH) {
                        mcrc_copy_16(panel + ROW_PANEL + place + load * (64 * STEP), columnSource + load * (64 * 64));
                    } else {
                        mcrc_copy_16(panel + ROW_PANEL + placeOfLine + load * (64 * STEP),
                                     columnSource + static_cast<long long>(load) * columns.rows * 64);
                    }
                }
                panel += PANELS;
                rowSource += rows.low;
                columnSource += columns.low;
            }
        }
        // A group also where there is nothing to copy: groups are counted.
        mcrc_copy_commit();
    };
    const int warpRow = thread / 128 * 64;
    const int warpColumn = thread / 32 % 4 * WARP_COLUMNS;
    float sums[4][WARP_COLUMNS / 8][4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int j = 0; j < WARP_COLUMNS / 8; ++j) {
#pragma unroll
            for (int v = 0; v < 4; ++v) {
                sums[i][j][v] = 0.0f;
            }
        }
    }
#pragma unroll
    for (int ahead = 0; ahead < STAGES - 1; ++ahead) {
        fetch(2 * from + ahead);
    }
    // Every 16th row, or column, lies as far into its place as the first.
    const auto loadRows = [&](int step, int precision, int k, unsigned (&fragments)[4][4]) {
        const int row = lane % 16;
        const unsigned short *const first = panels + (step % STAGES * PARTS + precision) * PANELS + (warpRow + row) * STEP
                + ((k / 8 + lane / 16) ^ (row / 2 % 4)) * 8;
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            mcrc_load_matrices(fragments[i], first + i * (16 * STEP));
        }
    };
    // Columns 16 j to 16 j + 15 of the warp's.
    const auto loadColumns = [&](int step, int precision, int k, int j, unsigned (&fragment)[4]) {
        const unsigned short *const columnPanel = panels + (step % STAGES * PARTS + precision) * PANELS + ROW_PANEL;
        if (ALONG_DEPTH) {
            const int column = lane / 16 * 8 + lane % 8;
            mcrc_load_matrices(fragment, columnPanel + (warpColumn + column) * STEP + j * (16 * STEP)
                    + ((k / 8 + lane / 8 % 2) ^ (column / 2 % 4)) * 8);
        } else {
            const int line = k + lane / 8 % 2 * 8 + lane % 8;
            const int part = (warpColumn + j * 16) / 8 + lane / 16;
            mcrc_load_transposed(fragment, columnPanel + part / 8 * (64 * STEP) + line * 64 + (part % 8 ^ (line % 8)) * 8);
        }
    };
    const auto multiply = [&](const unsigned (&rowsNow)[4][4], const unsigned (&columnsNow)[4], int j,
                              float (&result)[4][WARP_COLUMNS / 8][4]) {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            mcrc_multiply(result[i][2 * j], rowsNow[i], columnsNow[0], columnsNow[1]);
            mcrc_multiply(result[i][2 * j + 1], rowsNow[i], columnsNow[2], columnsNow[3]);
        }
    };
    mcrc_copy_wait<STAGES - 2>();
    __syncthreads();
    if constexpr (PRODUCTS == 1) {
        constexpr int GROUPS = WARP_COLUMNS / 16;
        // What is multiplied next is loaded while this is multiplied.
        unsigned rowFragments[2][4][4];
        unsigned columnFragments[2][4];
        loadRows(2 * from, 0, 0, rowFragments[0]);
        loadColumns(2 * from, 0, 0, 0, columnFragments[0]);
        for (int step = 2 * from; step < end; ++step) {
#pragma unroll
            for (int half = 0; half < 2; ++half) {
                if (half == 0) {
                    loadRows(step, 0, 16, rowFragments[1]);
                } else if (step + 1 < end) {
                    mcrc_copy_wait<STAGES - 3>();
                    __syncthreads();
                    // No warp reads the panels of the step before any more.
                    fetch(step + STAGES - 1);
                    loadRows(step + 1, 0, 0, rowFragments[0]);
                }
#pragma unroll
                for (int j = 0; j < GROUPS; ++j) {
                    if (j + 1 < GROUPS) {
                        loadColumns(step, 0, 16 * half, j + 1, columnFragments[(j + 1) % 2]);
                    } else if (half == 0) {
                        loadColumns(step, 0, 16, 0, columnFragments[(j + 1) % 2]);
                    } else if (step + 1 < end) {
                        loadColumns(step + 1, 0, 0, 0, columnFragments[(j + 1) % 2]);
                    }
                    multiply(rowFragments[half], columnFragments[j % 2], j, sums);
                }
            }
        }
    } else {
        for (int step = 2 * from; step < end; ++step) {
            fetch(step + STAGES - 1);
            // The sums of this step alone.
            float now[4][WARP_COLUMNS / 8][4];
#pragma unroll
            for (int i = 0; i < 4; ++i) {
#pragma unroll
                for (int j = 0; j < WARP_COLUMNS / 8; ++j) {
#pragma unroll
                    for (int v = 0; v < 4; ++v) {
                        now[i][j][v] = 0.0f;
                    }
                }
            }
#pragma unroll
            for (int k = 0; k < STEP; k += 16) {
                unsigned rowHigh[4][4];
                unsigned rowLow[4][4];
                loadRows(step, 1, k, rowLow);
                loadRows(step, 0, k, rowHigh);
#pragma unroll
                for (int j = 0; j < WARP_COLUMNS / 16; ++j) {
                    unsigned columnHigh[4];
                    unsigned columnLow[4];
                    loadColumns(step, 0, k, j, columnHigh);
                    loadColumns(step, 1, k, j, columnLow);
                    // Small products first: what is added to a large sum loses its last digits.
                    multiply(rowLow, columnHigh, j, now);
                    multiply(rowHigh, columnLow, j, now);
                    multiply(rowHigh, columnHigh, j, now);
                }
            }
#pragma unroll
            for (int i = 0; i < 4; ++i) {
#pragma unroll
                for (int j = 0; j < WARP_COLUMNS / 8; ++j) {
#pragma unroll
                    for (int v = 0; v < 4; ++v) {
                        sums[i][j][v] += now[i][j][v];
                    }
                }
            }
            if (step + 1 < end) {
                mcrc_copy_wait<STAGES - 2>();
                __syncthreads();
            }
        }
    }
    mcrc_copy_wait<0>();
    // Whoever comes first writes into the panels.
    __syncthreads();
    taker.template take<COLUMNS, PRODUCTS == 1 ? 1 : 2>(McrcSums<COLUMNS>{sums}, firstColumn % MCRC_COLUMNS);
}
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
