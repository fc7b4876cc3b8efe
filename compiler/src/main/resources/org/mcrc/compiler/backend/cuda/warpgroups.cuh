// Products of halves by warpgroups (sm_90a): blocks in pairs, copies of whole pieces, and barriers that count bytes.

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
    /** Each warp has 16 rows, one warp's after another's: it is the only one that looks at them. */
    __device__ __forceinline__ void rowsAreThere() const { __syncwarp(); }
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
