// The same products on tensor cores: operands of halves, each value as a high and, for three products, a low part.

#ifndef MCRC_TENSOR_CORES
#error "mixed precision needs tensor cores of compute capability 8.0 or later"
#endif

/**
 * One tile of 128 x 128 of sum[k](rows[i, k] * columns[j, k]), or of sum[k](rows[i, k] * columns[k, j]). Three products,
 * high by high, high by low and low by high, give what single precision does; one gives 11 bits of each operand. 256 threads;
 * warps have 64 x 32 sums each.
 *
 * @param rowLow the distance of the low parts from the high ones; columnLow likewise
 * @param depth a multiple of 32
 */
template <bool ALONG_DEPTH, bool SYMMETRIC>
__device__ void mcrc_contract_halves(const unsigned short *__restrict__ rows, long long rowLow, int rowStride,
                                     const unsigned short *__restrict__ columns, long long columnLow, int columnStride,
                                     int columnTiles, int depth, int depthOfPart, int products, float *__restrict__ result,
                                     long long partStride, int resultStride, int accumulate) {
    constexpr int TILE = 128;
    constexpr int STEP = 32;
    constexpr int STAGES = 4;
    // Rows are 16 bytes longer than what is in them, so that eight of them lie in different banks.
    constexpr int ROW_LENGTH = STEP + 8;
    constexpr int COLUMN_LENGTH = ALONG_DEPTH ? STEP + 8 : TILE + 8;
    constexpr int ROW_PANEL = TILE * ROW_LENGTH;
    constexpr int COLUMN_PANEL = (ALONG_DEPTH ? TILE : STEP) * COLUMN_LENGTH;
    constexpr int PANELS = ROW_PANEL + COLUMN_PANEL;
    MCRC_DYNAMIC_SHARED(unsigned short, panels);
    int tileRow;
    int tileColumn;
    mcrc_tile<SYMMETRIC>(blockIdx.x, columnTiles, tileRow, tileColumn);
    const int thread = threadIdx.x;
    const int lane = thread % 32;
    const int warpRow = thread / 128 * 64;
    const int warpColumn = thread / 32 % 4 * 32;
    const int first = blockIdx.y * depthOfPart;
    const int last = first + depthOfPart < depth ? first + depthOfPart : depth;
    const int steps = first < last ? (last - first) / STEP : 0;
    const auto fetch = [&](int step) {
        if (step < steps * products) {
            const int product = step / steps;
            const int k = first + step % steps * STEP;
            unsigned short *const rowPanel = panels + step % STAGES * PANELS;
            unsigned short *const columnPanel = rowPanel + ROW_PANEL;
            const unsigned short *const rowSource = rows + (product == 2 ? rowLow : 0);
            const unsigned short *const columnSource = columns + (product == 1 ? columnLow : 0);
#pragma unroll
            for (int load = 0; load < 2; ++load) {
                const int place = thread + load * 256;
                const int row = place / 4;
                const int offset = place % 4 * 8;
                mcrc_copy_16(rowPanel + row * ROW_LENGTH + offset,
                             rowSource + static_cast<long long>(tileRow * TILE + row) * rowStride + k + offset);
                if (ALONG_DEPTH) {
                    mcrc_copy_16(columnPanel + row * COLUMN_LENGTH + offset, columnSource
                            + static_cast<long long>(tileColumn * TILE + row) * columnStride + k + offset);
                } else {
                    const int line = place / 16;
                    const int column = place % 16 * 8;
                    mcrc_copy_16(columnPanel + line * COLUMN_LENGTH + column, columnSource
                            + static_cast<long long>(k + line) * columnStride + tileColumn * TILE + column);
                }
            }
        }
        // A group also where there is nothing to copy: groups are counted.
        mcrc_copy_commit();
    };
    float sums[4][4][4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int j = 0; j < 4; ++j) {
#pragma unroll
            for (int v = 0; v < 4; ++v) {
                sums[i][j][v] = 0.0f;
            }
        }
    }
#pragma unroll
    for (int step = 0; step < STAGES - 1; ++step) {
        fetch(step);
    }
    for (int step = 0; step < steps * products; ++step) {
        mcrc_copy_wait<STAGES - 2>();
        __syncthreads();
        fetch(step + STAGES - 1);
        const unsigned short *const rowPanel = panels + step % STAGES * PANELS;
        const unsigned short *const columnPanel = rowPanel + ROW_PANEL;
#pragma unroll
        for (int k = 0; k < STEP; k += 16) {
            unsigned rowFragments[4][4];
            unsigned columnFragments[2][4];
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                mcrc_load_matrices(rowFragments[i],
                                   rowPanel + (warpRow + i * 16 + lane % 16) * ROW_LENGTH + k + lane / 16 * 8);
            }
#pragma unroll
            for (int j = 0; j < 2; ++j) {
                const int column = warpColumn + j * 16 + lane / 16 * 8;
                if (ALONG_DEPTH) {
                    mcrc_load_matrices(columnFragments[j],
                                       columnPanel + (column + lane % 8) * COLUMN_LENGTH + k + lane / 8 % 2 * 8);
                } else {
                    mcrc_load_transposed(columnFragments[j],
                                         columnPanel + (k + lane / 8 % 2 * 8 + lane % 8) * COLUMN_LENGTH + column);
                }
            }
#pragma unroll
            for (int i = 0; i < 4; ++i) {
#pragma unroll
                for (int j = 0; j < 4; ++j) {
                    mcrc_multiply(sums[i][j], rowFragments[i], columnFragments[j / 2][j % 2 * 2],
                                  columnFragments[j / 2][j % 2 * 2 + 1]);
                }
            }
        }
    }
    mcrc_copy_wait<0>();
    float *const tile = resultStride == 0
            ? result + blockIdx.y * partStride + static_cast<long long>(blockIdx.x) * (TILE * TILE)
            : result + blockIdx.y * partStride + static_cast<long long>(tileRow) * TILE * resultStride
                    + tileColumn * TILE;
    const long long stride = resultStride == 0 ? TILE : resultStride;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int j = 0; j < 4; ++j) {
#pragma unroll
            for (int half = 0; half < 2; ++half) {
                float2 *const place = reinterpret_cast<float2 *>(
                        tile + (warpRow + i * 16 + half * 8 + lane / 4) * stride + warpColumn + j * 8 + lane % 4 * 2);
                float2 value = make_float2(sums[i][j][half * 2], sums[i][j][half * 2 + 1]);
                if (accumulate) {
                    value.x += place->x;
                    value.y += place->y;
                }
                *place = value;
            }
        }
    }
}
