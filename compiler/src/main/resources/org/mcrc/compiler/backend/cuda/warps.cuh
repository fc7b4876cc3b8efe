// Products of halves by warps, on all other GPUs with tensor cores.

/** Nothing is shared between the products of a kernel. */
struct McrcRing {};

__device__ __forceinline__ McrcRing mcrc_begin_halves() { return McrcRing{}; }

__device__ __forceinline__ void mcrc_end_halves() {}

/** The sums of a thread: of eight rows of its warp, the columns 2 (l % 4) and 2 (l % 4) + 1 of every eight. */
template <int COLUMNS>
struct McrcSums {
    const float (&sums)[4][COLUMNS / 32][4];
    /** Others look at them, too. */
    __device__ __forceinline__ void rowsAreThere() const { __syncthreads(); }
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
