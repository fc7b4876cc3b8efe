// Products of matrices that lie in memory with rows of their own, padded with zeros to whole tiles.

/** As much as one load takes. */
template <typename T>
struct __align__(16) McrcPack {
    T value[16 / sizeof(T)];
};

/**
 * The row and the column of a square tile; of a symmetric matrix only tiles that have elements on or above the diagonal are
 * counted.
 */
template <bool SYMMETRIC>
__device__ __forceinline__ void mcrc_tile(int tile, int columnTiles, int &row, int &column) {
    if (SYMMETRIC) {
        row = 0;
        while (tile >= columnTiles - row) {
            tile -= columnTiles - row;
            ++row;
        }
        column = row + tile;
    } else {
        row = tile / columnTiles;
        column = tile % columnTiles;
    }
}

/** Where what is added up of the columns of tiles goes: a row for each row of tiles. */
template <typename T>
struct McrcOfColumns {
    static constexpr bool WANTED = true;
    T *__restrict__ sums;
    int stride;
    /** Those of a tile. */
    __device__ __forceinline__ McrcOfColumns of(int tileRow, int firstColumn) const {
        return McrcOfColumns{sums + static_cast<long long>(tileRow) * stride + firstColumn, stride};
    }
    __device__ __forceinline__ void operator()(int column, T sum) const { sums[column] = sum; }
};

/** Nothing is added up of columns. */
struct McrcNothingOfColumns {
    static constexpr bool WANTED = false;
    __device__ __forceinline__ McrcNothingOfColumns of(int, int) const { return McrcNothingOfColumns(); }
    template <typename T>
    __device__ __forceinline__ void operator()(int, T) const {}
};

/**
 * One tile of sum[k](rows[i, k] * columns[j, k]), or of sum[k](rows[i, k] * columns[k, j]) where columns do not lie along
 * the depth, for the values of k of part blockIdx.y; the tile is blockIdx.x. A thread has ROWS x COLUMNS sums.
 *
 * @param depth the number of values of k, a multiple of STEP; depthOfPart of a part likewise
 * @param store gets row, column, their place in the tile, and the sum; gives what is added up of the column in the tile
 * @param ofColumns an McrcOfColumns, or McrcNothingOfColumns
 */
template <typename T, int TILE_ROWS, int TILE_COLUMNS, int STEP, int ROWS, int COLUMNS, bool ALONG_DEPTH, bool SYMMETRIC,
          typename Store, typename OfColumns>
__device__ __forceinline__ void mcrc_contract(const T *__restrict__ rows, int rowStride, const T *__restrict__ columns,
                                              int columnStride, int columnTiles, int depth, int depthOfPart,
                                              const Store &store, const OfColumns &ofColumns) {
    constexpr int THREADS_ALONG = TILE_COLUMNS / COLUMNS;
    constexpr int THREADS = TILE_ROWS / ROWS * THREADS_ALONG;
    constexpr int PACK = 16 / sizeof(T);
    constexpr int ROW_PACK = ROWS < PACK ? ROWS : PACK;
    constexpr int COLUMN_PACK = COLUMNS < PACK ? COLUMNS : PACK;
    constexpr int ROW_LOADS = (TILE_ROWS * STEP / PACK + THREADS - 1) / THREADS;
    constexpr int COLUMN_LOADS = (TILE_COLUMNS * STEP / PACK + THREADS - 1) / THREADS;
    __shared__ __align__(16) T rowPanel[2][STEP][TILE_ROWS + PACK];
    __shared__ __align__(16) T columnPanel[2][STEP][TILE_COLUMNS + PACK];
    int tileRow;
    int tileColumn;
    mcrc_tile<SYMMETRIC>(blockIdx.x, columnTiles, tileRow, tileColumn);
    const int thread = threadIdx.x;
    const int along = thread % THREADS_ALONG;
    const int across = thread / THREADS_ALONG;
    const int first = blockIdx.y * depthOfPart;
    const int last = first + depthOfPart < depth ? first + depthOfPart : depth;
    McrcPack<T> nextRows[ROW_LOADS];
    McrcPack<T> nextColumns[COLUMN_LOADS];
    T sums[ROWS][COLUMNS];
#pragma unroll
    for (int i = 0; i < ROWS; ++i) {
#pragma unroll
        for (int j = 0; j < COLUMNS; ++j) {
            sums[i][j] = T(0);
        }
    }
    const auto fetch = [&](int k) {
#pragma unroll
        for (int load = 0; load < ROW_LOADS; ++load) {
            const int place = thread + load * THREADS;
            if (place < TILE_ROWS * STEP / PACK) {
                const long long row = tileRow * TILE_ROWS + place / (STEP / PACK);
                nextRows[load] = *reinterpret_cast<const McrcPack<T> *>(
                        rows + row * rowStride + k + place % (STEP / PACK) * PACK);
            }
        }
#pragma unroll
        for (int load = 0; load < COLUMN_LOADS; ++load) {
            const int place = thread + load * THREADS;
            if (place < TILE_COLUMNS * STEP / PACK) {
                const long long line = ALONG_DEPTH ? tileColumn * TILE_COLUMNS + place / (STEP / PACK)
                        : k + place / (TILE_COLUMNS / PACK);
                const int offset = ALONG_DEPTH ? k + place % (STEP / PACK) * PACK
                        : tileColumn * TILE_COLUMNS + place % (TILE_COLUMNS / PACK) * PACK;
                nextColumns[load] = *reinterpret_cast<const McrcPack<T> *>(columns + line * columnStride + offset);
            }
        }
    };
    const auto keep = [&](int buffer) {
#pragma unroll
        for (int load = 0; load < ROW_LOADS; ++load) {
            const int place = thread + load * THREADS;
            if (place < TILE_ROWS * STEP / PACK) {
#pragma unroll
                for (int v = 0; v < PACK; ++v) {
                    rowPanel[buffer][place % (STEP / PACK) * PACK + v][place / (STEP / PACK)] = nextRows[load].value[v];
                }
            }
        }
#pragma unroll
        for (int load = 0; load < COLUMN_LOADS; ++load) {
            const int place = thread + load * THREADS;
            if (place < TILE_COLUMNS * STEP / PACK) {
                if (ALONG_DEPTH) {
#pragma unroll
                    for (int v = 0; v < PACK; ++v) {
                        columnPanel[buffer][place % (STEP / PACK) * PACK + v][place / (STEP / PACK)] =
                                nextColumns[load].value[v];
                    }
                } else {
                    *reinterpret_cast<McrcPack<T> *>(&columnPanel[buffer][place / (TILE_COLUMNS / PACK)]
                                                     [place % (TILE_COLUMNS / PACK) * PACK]) = nextColumns[load];
                }
            }
        }
    };
    if (first < last) {
        fetch(first);
        keep(0);
        __syncthreads();
    }
    int buffer = 0;
    for (int k = first; k < last; k += STEP) {
        const bool more = k + STEP < last;
        if (more) {
            fetch(k + STEP);
        }
#pragma unroll
        for (int step = 0; step < STEP; ++step) {
            T rowValues[ROWS];
            T columnValues[COLUMNS];
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
                rowValues[i] = rowPanel[buffer][step][i / ROW_PACK * (TILE_ROWS / ROWS * ROW_PACK) + across * ROW_PACK
                        + i % ROW_PACK];
            }
#pragma unroll
            for (int j = 0; j < COLUMNS; ++j) {
                columnValues[j] = columnPanel[buffer][step][j / COLUMN_PACK * (THREADS_ALONG * COLUMN_PACK)
                        + along * COLUMN_PACK + j % COLUMN_PACK];
            }
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
#pragma unroll
                for (int j = 0; j < COLUMNS; ++j) {
                    sums[i][j] += rowValues[i] * columnValues[j];
                }
            }
        }
        if (more) {
            keep(buffer ^ 1);
            __syncthreads();
            buffer ^= 1;
        }
    }
    T added[COLUMNS];
#pragma unroll
    for (int j = 0; j < COLUMNS; ++j) {
        added[j] = T(0);
    }
#pragma unroll
    for (int i = 0; i < ROWS; ++i) {
        const int row = i / ROW_PACK * (TILE_ROWS / ROWS * ROW_PACK) + across * ROW_PACK + i % ROW_PACK;
#pragma unroll
        for (int j = 0; j < COLUMNS; ++j) {
            const int column = j / COLUMN_PACK * (THREADS_ALONG * COLUMN_PACK) + along * COLUMN_PACK + j % COLUMN_PACK;
            const T given = store(tileRow * TILE_ROWS + row, tileColumn * TILE_COLUMNS + column, row * TILE_COLUMNS + column,
                                  sums[i][j]);
            if constexpr (OfColumns::WANTED) {
                added[j] += given;
            }
        }
    }
    if constexpr (OfColumns::WANTED) {
        // Of all threads of a column, in their order.
        __shared__ T addedOf[TILE_ROWS / ROWS][TILE_COLUMNS];
#pragma unroll
        for (int j = 0; j < COLUMNS; ++j) {
            addedOf[across][j / COLUMN_PACK * (THREADS_ALONG * COLUMN_PACK) + along * COLUMN_PACK + j % COLUMN_PACK] = added[j];
        }
        __syncthreads();
        const auto ofColumn = ofColumns.of(tileRow, tileColumn * TILE_COLUMNS);
        for (int column = thread; column < TILE_COLUMNS; column += THREADS) {
            T sum = T(0);
            for (int other = 0; other < TILE_ROWS / ROWS; ++other) {
                sum += addedOf[other][column];
            }
            ofColumn(column, sum);
        }
    }
}
