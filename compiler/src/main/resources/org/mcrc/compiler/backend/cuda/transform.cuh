// Discrete Fourier transforms of lines of any length, in double precision, each by its sum. A spectrum of real numbers holds
// the frequencies up to half of the last axis, in C order, real and imaginary parts side by side. roots[2 j], roots[2 j + 1]
// are the real and imaginary parts of exp(-2 pi i j / n).

/** Transforms real lines: element k of the spectrum of line l is thread l (n / 2 + 1) + k. */
__device__ void mcrc_transform_real(const double *__restrict__ grid, double *__restrict__ spectrum,
                                    const double *__restrict__ roots, int lines, int n) {
    const int count = n / 2 + 1;
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    if (thread >= lines * count) {
        return;
    }
    const int k = thread % count;
    const double *const line = grid + static_cast<long long>(thread / count) * n;
    double real = 0;
    double imaginary = 0;
    for (int j = 0, root = 0; j < n; ++j) {
        real += line[j] * roots[2 * root];
        imaginary += line[j] * roots[2 * root + 1];
        root += k;
        root -= root >= n ? n : 0;
    }
    spectrum[2LL * thread] = real;
    spectrum[2LL * thread + 1] = imaginary;
}

/** Transforms complex lines along an axis of extent n, back where back is not 0; elements of a line lie inner apart. */
__device__ void mcrc_transform_axis(const double *__restrict__ from, double *__restrict__ to,
                                    const double *__restrict__ roots, int elements, int n, int inner, int back) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    if (thread >= elements) {
        return;
    }
    const int k = thread / inner % n;
    const double *const line = from + 2LL * (thread - static_cast<long long>(k) * inner);
    double real = 0;
    double imaginary = 0;
    for (int j = 0, root = 0; j < n; ++j) {
        const double cosine = roots[2 * root];
        const double sine = back ? -roots[2 * root + 1] : roots[2 * root + 1];
        const double x = line[2LL * j * inner];
        const double y = line[2LL * j * inner + 1];
        real += x * cosine - y * sine;
        imaginary += x * sine + y * cosine;
        root += k;
        root -= root >= n ? n : 0;
    }
    to[2LL * thread] = real;
    to[2LL * thread + 1] = imaginary;
}

/** Transforms lines back to real numbers, times a factor. */
__device__ void mcrc_transform_back(const double *__restrict__ spectrum, double *__restrict__ grid,
                                    const double *__restrict__ roots, int lines, int n, double factor) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    if (thread >= lines * n) {
        return;
    }
    const int x = thread % n;
    const int count = n / 2 + 1;
    const double *const line = spectrum + 2LL * (thread / n) * count;
    double sum = line[0];
    for (int k = 1, root = x; k < count; ++k) {
        // What is missing of the spectrum is the complex conjugate of what is there, but for the middle of an even length.
        const double weight = 2 * k == n ? 1 : 2;
        sum += weight * (line[2 * k] * roots[2 * root] + line[2 * k + 1] * roots[2 * root + 1]);
        root += x;
        root -= root >= n ? n : 0;
    }
    grid[thread] = sum * factor;
}

/** sum (+)= conj(left) * right, for complex numbers; what was there is overwritten where accumulate is 0. */
__device__ void mcrc_add_product(const double *__restrict__ left, const double *__restrict__ right,
                                 double *__restrict__ sum, int count, int accumulate) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    if (thread >= count) {
        return;
    }
    const double a = left[2 * thread];
    const double b = left[2 * thread + 1];
    const double c = right[2 * thread];
    const double d = right[2 * thread + 1];
    const double real = a * c + b * d;
    const double imaginary = a * d - b * c;
    sum[2 * thread] = accumulate ? sum[2 * thread] + real : real;
    sum[2 * thread + 1] = accumulate ? sum[2 * thread + 1] + imaginary : imaginary;
}
