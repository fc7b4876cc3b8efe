// device
// Adam and L-BFGS where losses and gradients are computed. After each evaluation a few launches take loss and gradient and
// write the next point, as the classes Adam, LimitedMemoryBfgs and LineSearch do. What is decided is decided here: the
// launches are the same after every evaluation, and one whose work is not due returns at once. All sums have a fixed order.

#define MCRC_THREADS 256
#define MCRC_WARPS (MCRC_THREADS / 32)

__device__ __forceinline__ double mcrc_infinity() { return __longlong_as_double(0x7ff0000000000000LL); }
__device__ __forceinline__ double mcrc_nan() { return __longlong_as_double(0x7ff8000000000000LL); }
__device__ __forceinline__ bool mcrc_finite(double x) { return x - x == 0.0; }
__device__ __forceinline__ double mcrc_clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

__device__ __forceinline__ double mcrc_warp_sum(double value) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    }
    return value;
}

__device__ __forceinline__ double mcrc_warp_maximum(double value) {
    for (int distance = 16; distance > 0; distance /= 2) {
        const double other = __shfl_xor_sync(0xffffffffu, value, distance);
        value = other > value ? other : value;
    }
    return value;
}

/** The sum over a block, for all of its threads. */
__device__ double mcrc_block_sum(double value) {
    __shared__ double sums[MCRC_WARPS];
    const double sum = mcrc_warp_sum(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        sums[threadIdx.x / 32] = sum;
    }
    __syncthreads();
    double all = sums[0];
    for (int warp = 1; warp < MCRC_WARPS; warp++) {
        all += sums[warp];
    }
    return all;
}

/** The greatest over a block of numbers that are not negative, for all of its threads. */
__device__ double mcrc_block_maximum(double value) {
    __shared__ double maxima[MCRC_WARPS];
    const double maximum = mcrc_warp_maximum(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        maxima[threadIdx.x / 32] = maximum;
    }
    __syncthreads();
    double all = maxima[0];
    for (int warp = 1; warp < MCRC_WARPS; warp++) {
        all = maxima[warp] > all ? maxima[warp] : all;
    }
    return all;
}

/** Whether of so many blocks this is the last to come here: it sees what the others have written before. */
__device__ bool mcrc_is_last(unsigned *counter, unsigned blocks) {
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicInc(counter, blocks - 1) == blocks - 1;
    }
    __syncthreads();
    __threadfence();
    return last;
}

// ---- what the host reads ----

/** The ring's head, behind which there is a row for each of the last evaluations: the losses and whether all is finite. */
#define MCRC_COUNT 0
#define MCRC_ENDED 1
#define MCRC_LEAST 2
#define MCRC_BETTER 3
#define MCRC_HEAD 4

/** Writes a row. By one thread. */
__device__ void mcrc_note(double *ring, int rows, int parts, const double *losses, bool finite) {
    double *row = ring + MCRC_HEAD + (static_cast<int>(ring[MCRC_COUNT]) % rows) * (parts + 1);
    for (int part = 0; part < parts; part++) {
        row[part] = losses[part];
    }
    row[parts] = finite ? 1 : 0;
    ring[MCRC_COUNT] += 1;
    const bool better = finite && losses[0] < ring[MCRC_LEAST];
    ring[MCRC_BETTER] = better ? 1 : 0;
    if (better) {
        ring[MCRC_LEAST] = losses[0];
    }
}

__device__ void mcrc_start(double *ring) {
    ring[MCRC_COUNT] = 0;
    ring[MCRC_ENDED] = 0;
    ring[MCRC_LEAST] = mcrc_infinity();
    ring[MCRC_BETTER] = 0;
}

// ---- Adam ----

#define MCRC_NOTHING 0
#define MCRC_KEEP 1
#define MCRC_STEP 2

struct McrcAdam {
    double beta1Power, beta2Power, iterations, step;
    unsigned counter;
    int decision;
};

extern "C" __global__ void __launch_bounds__(256) adam_begin(McrcAdam *state, double *ring, double *mean, double *square,
                                                             int count) {
    const int k = blockIdx.x * MCRC_THREADS + threadIdx.x;
    if (k < count) {
        mean[k] = 0;
        square[k] = 0;
    }
    if (k == 0) {
        *state = {1, 1, 0, 0, 0, MCRC_NOTHING};
        mcrc_start(ring);
    }
}

/** Looks whether all is finite and finds the length of the step. */
extern "C" __global__ void __launch_bounds__(256) adam_measure(
        McrcAdam *state, double *ring, int rows, int parts, const double *__restrict__ losses,
        const double *__restrict__ gradient, double *partial, int count, int finiteOnly, double rate, double decay,
        double beta1, double beta2) {
    if (ring[MCRC_ENDED] != 0) {
        if (blockIdx.x == 0 && threadIdx.x == 0) {
            state->decision = MCRC_NOTHING;
        }
        return;
    }
    double amiss = 0;
    for (int k = blockIdx.x * MCRC_THREADS + threadIdx.x; k < count; k += gridDim.x * MCRC_THREADS) {
        amiss += mcrc_finite(gradient[k]) ? 0 : 1;
    }
    amiss = mcrc_block_sum(amiss);
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = amiss;
    }
    if (!mcrc_is_last(&state->counter, gridDim.x)) {
        return;
    }
    amiss = mcrc_block_sum(threadIdx.x < gridDim.x ? partial[threadIdx.x] : 0);
    if (threadIdx.x == 0) {
        const bool finite = amiss == 0 && mcrc_finite(losses[0]);
        mcrc_note(ring, rows, parts, losses, finite);
        if (!finite && finiteOnly != 0) {
            ring[MCRC_ENDED] = 1;
            state->decision = MCRC_KEEP;
        } else {
            state->beta1Power *= beta1;
            state->beta2Power *= beta2;
            const double length = rate / sqrt(1 + state->iterations / decay);
            state->step = length * sqrt(1 - state->beta2Power) / (1 - state->beta1Power);
            state->iterations += 1;
            state->decision = MCRC_STEP;
        }
    }
}

/** Moves the unknowns of one field. */
extern "C" __global__ void __launch_bounds__(256) adam_move(
        const McrcAdam *__restrict__ state, const double *__restrict__ ring, double *point,
        const double *__restrict__ gradient, double *mean, double *square, double *evaluated, double *best, int first,
        int count, double low, double high, double beta1, double beta2, double epsilon) {
    const int element = blockIdx.x * MCRC_THREADS + threadIdx.x;
    if (state->decision == MCRC_NOTHING || element >= count) {
        return;
    }
    const int k = first + element;
    const double here = point[k];
    evaluated[k] = here;
    if (ring[MCRC_BETTER] != 0) {
        best[k] = here;
    }
    if (state->decision == MCRC_STEP) {
        const double slope = gradient[k];
        // Rounded after every operation, as on the host: the bits are the same.
        const double newMean = __dadd_rn(__dmul_rn(beta1, mean[k]), __dmul_rn(1 - beta1, slope));
        const double newSquare = __dadd_rn(__dmul_rn(beta2, square[k]), __dmul_rn(__dmul_rn(1 - beta2, slope), slope));
        mean[k] = newMean;
        square[k] = newSquare;
        const double next = newMean != 0
                ? here - __dmul_rn(state->step, newMean) / (sqrt(newSquare) + epsilon) : here;
        point[k] = mcrc_clamp(next, low, high);
    }
}

// ---- L-BFGS ----

/** A step, the loss there and its slope along the direction. */
struct McrcSample {
    double step, loss, slope;
};

/** A search along a direction, as the class LineSearch does it. */
struct McrcSearch {
    McrcSample start, previous, low, high;
    double step;
    int evaluations;
    int enclosed;
    int lastResort;
};

/** How a search stands. */
#define MCRC_SEARCHING 0
#define MCRC_ACCEPTED 1
#define MCRC_FAILED 2

__device__ void mcrc_search(McrcSearch *search, double loss, double slope, double step) {
    const McrcSample start = {0, loss, slope};
    *search = {start, start, start, start, step, 0, 0, 0};
}

/** Where the cubic through two samples with their slopes has its minimum; not a number where it has none. */
__device__ double mcrc_cubic(const McrcSample &a, const McrcSample &b) {
    const double secant = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step);
    const double discriminant = secant * secant - a.slope * b.slope;
    if (!(discriminant >= 0)) {
        return mcrc_nan();
    }
    const double root = (b.step > a.step ? 1.0 : b.step < a.step ? -1.0 : 0.0) * sqrt(discriminant);
    return b.step - (b.step - a.step) * (b.slope + root - secant) / (b.slope - a.slope + 2 * root);
}

__device__ void mcrc_enclose(McrcSearch *search, const McrcSample low, const McrcSample high) {
    search->low = low;
    search->high = high;
    search->enclosed = 1;
    const double left = low.step < high.step ? low.step : high.step;
    const double right = low.step < high.step ? high.step : low.step;
    const double margin = 0.1 * (right - left);
    const double cubic = mcrc_finite(high.loss) ? mcrc_cubic(low, high) : mcrc_nan();
    search->step = mcrc_finite(cubic) ? mcrc_clamp(cubic, left + margin, right - margin) : (left + right) / 2;
}

/** Takes the best step there was; one that is not the last has to be evaluated again. */
__device__ int mcrc_give_up(McrcSearch *search, const McrcSample &last) {
    const double least = search->start.loss < last.loss ? search->start.loss : last.loss;
    if (search->enclosed && search->low.step > 0 && search->low.loss < least) {
        search->lastResort = 1;
        search->step = search->low.step;
        return MCRC_SEARCHING;
    }
    return last.loss < search->start.loss ? MCRC_ACCEPTED : MCRC_FAILED;
}

/** Takes the loss and its slope at the step of the search. */
__device__ int mcrc_tell(McrcSearch *search, double loss, double slope) {
    search->evaluations++;
    const McrcSample start = search->start;
    if (search->lastResort) {
        return loss < start.loss ? MCRC_ACCEPTED : MCRC_FAILED;
    }
    const McrcSample sample = {search->step, mcrc_finite(loss) && mcrc_finite(slope) ? loss : mcrc_infinity(),
                               mcrc_finite(slope) ? slope : mcrc_infinity()};
    const bool steep = sample.loss <= start.loss + 1e-4 * sample.step * start.slope;
    if (steep && fabs(sample.slope) <= -0.9 * start.slope) {
        return MCRC_ACCEPTED;
    }
    if (search->evaluations >= 25) {
        return mcrc_give_up(search, sample);
    }
    if (!search->enclosed) {
        if (!steep || (search->evaluations > 1 && sample.loss >= search->previous.loss)) {
            mcrc_enclose(search, search->previous, sample);
        } else if (sample.slope >= 0) {
            mcrc_enclose(search, sample, search->previous);
        } else {
            const double furthest = 10 * sample.step;
            const double cubic = mcrc_cubic(search->previous, sample);
            search->step = mcrc_finite(cubic) && cubic > sample.step
                    ? mcrc_clamp(cubic, sample.step * 1.1, furthest) : furthest;
            search->previous = sample;
        }
    } else if (!steep || sample.loss >= search->low.loss) {
        mcrc_enclose(search, search->low, sample);
    } else {
        mcrc_enclose(search, sample,
                     sample.slope * (search->high.step - search->low.step) >= 0 ? search->low : search->high);
    }
    const double longer = search->high.step > search->low.step ? search->high.step : search->low.step;
    if (search->enclosed && fabs(search->high.step - search->low.step) <= 1e-9 * longer) {
        return mcrc_give_up(search, sample);
    }
    return MCRC_SEARCHING;
}

/** What the launches after the first one have to do. */
#define MCRC_ALONG 2
#define MCRC_NEW 3
#define MCRC_STEEPEST 4
#define MCRC_BACK 5

/** Not more steps are remembered. */
#define MCRC_HISTORY 128

struct McrcLbfgs {
    McrcSearch search;
    /** Where the search began: the loss, the square of the gradient's length, its greatest element. */
    double originLoss, originSquare, originGreatest;
    /** At the last point. */
    double loss, greatest;
    /** The share of the gradient in the direction. */
    double factor;
    unsigned measured, multiplied;
    int searching;
    /** How many steps are remembered; the places behind these in the order are free. */
    int pairs;
    int decision;
};

extern "C" __global__ void __launch_bounds__(256) lbfgs_begin(McrcLbfgs *state, double *ring, int *order, int places) {
    if (threadIdx.x == 0) {
        state->measured = 0;
        state->multiplied = 0;
        state->searching = 0;
        state->pairs = 0;
        state->decision = MCRC_NOTHING;
        for (int place = 0; place < places; place++) {
            order[place] = place;
        }
        mcrc_start(ring);
    }
}

/** Takes loss and gradient at the last point and decides what comes next. */
extern "C" __global__ void __launch_bounds__(256) lbfgs_measure(
        McrcLbfgs *state, double *ring, int rows, int parts, const double *__restrict__ losses,
        const double *__restrict__ gradient, const double *__restrict__ direction, double *partial, int count,
        int finiteOnly, double firstStep) {
    if (ring[MCRC_ENDED] != 0) {
        if (blockIdx.x == 0 && threadIdx.x == 0) {
            state->decision = MCRC_NOTHING;
        }
        return;
    }
    double slope = 0;
    double greatest = 0;
    double amiss = 0;
    for (int k = blockIdx.x * MCRC_THREADS + threadIdx.x; k < count; k += gridDim.x * MCRC_THREADS) {
        const double value = gradient[k];
        slope += value * direction[k];
        greatest = fabs(value) > greatest ? fabs(value) : greatest;
        amiss += mcrc_finite(value) ? 0 : 1;
    }
    slope = mcrc_block_sum(slope);
    amiss = mcrc_block_sum(amiss);
    greatest = mcrc_block_maximum(greatest);
    if (threadIdx.x == 0) {
        partial[3 * blockIdx.x] = slope;
        partial[3 * blockIdx.x + 1] = amiss;
        partial[3 * blockIdx.x + 2] = greatest;
    }
    if (!mcrc_is_last(&state->measured, gridDim.x)) {
        return;
    }
    const bool mine = threadIdx.x < gridDim.x;
    slope = mcrc_block_sum(mine ? partial[3 * threadIdx.x] : 0);
    amiss = mcrc_block_sum(mine ? partial[3 * threadIdx.x + 1] : 0);
    greatest = mcrc_block_maximum(mine ? partial[3 * threadIdx.x + 2] : 0);
    if (threadIdx.x != 0) {
        return;
    }
    const bool finite = amiss == 0 && mcrc_finite(losses[0]);
    mcrc_note(ring, rows, parts, losses, finite);
    if (!finite && finiteOnly != 0) {
        ring[MCRC_ENDED] = 1;
        state->decision = MCRC_KEEP;
        return;
    }
    state->loss = finite ? losses[0] : mcrc_infinity();
    state->greatest = greatest;
    const int told = state->searching ? mcrc_tell(&state->search, state->loss, slope) : MCRC_ACCEPTED;
    if (told == MCRC_SEARCHING) {
        state->decision = MCRC_ALONG;
    } else if (told == MCRC_ACCEPTED) {
        state->decision = MCRC_NEW;
    } else if (state->pairs > 0 && state->originSquare > 0) {
        state->pairs = 0;
        mcrc_search(&state->search, state->originLoss, -state->originSquare, firstStep / state->originGreatest);
        state->decision = MCRC_STEEPEST;
    } else {
        ring[MCRC_ENDED] = 1;
        state->decision = MCRC_BACK;
    }
}

/**
 * The direction by the two-loop recursion, in which the vectors are known by their products only. By one warp; lane l has
 * what belongs to the pairs l, l + 32, ...
 *
 * @param sy s_i y_j by the places of i and j
 * @param yy y_i y_j likewise
 * @param sg s_i g by the number of i, the oldest first
 * @param shares receives the shares of the s_i, and those of the y_i from place `places` on
 * @return the slope along the direction
 */
__device__ double mcrc_two_loops(McrcLbfgs *state, const int *order, int places, const double *sy, const double *yy,
                                 const double *sg, const double *yg, double gg, double *shares) {
    __shared__ double running[MCRC_HISTORY];
    __shared__ double alpha[MCRC_HISTORY];
    const int lane = threadIdx.x;
    const int pairs = state->pairs;
    if (pairs == 0) {
        if (lane == 0) {
            state->factor = -1;
        }
        return -gg;
    }
    for (int i = lane; i < pairs; i += 32) {
        running[i] = -sg[i];
    }
    __syncwarp();
    for (int j = pairs - 1; j >= 0; j--) {
        const int place = order[j];
        const double weight = running[j] / sy[place * places + place];
        if (lane == 0) {
            alpha[j] = weight;
        }
        for (int i = lane; i < j; i += 32) {
            running[i] -= weight * sy[order[i] * places + place];
        }
        __syncwarp();
    }
    const int newest = order[pairs - 1] * places + order[pairs - 1];
    const double scale = sy[newest] / yy[newest];
    for (int i = lane; i < pairs; i += 32) {
        double sum = -yg[i];
        for (int j = pairs - 1; j >= 0; j--) {
            sum -= alpha[j] * yy[order[i] * places + order[j]];
        }
        running[i] = scale * sum;
    }
    __syncwarp();
    for (int j = 0; j < pairs; j++) {
        const int place = order[j];
        const double share = alpha[j] - running[j] / sy[place * places + place];
        if (lane == 0) {
            shares[j] = share;
            shares[places + j] = -scale * alpha[j];
        }
        for (int i = j + 1 + lane; i < pairs; i += 32) {
            running[i] += share * sy[place * places + order[i]];
        }
        __syncwarp();
    }
    double slope = 0;
    for (int i = lane; i < pairs; i += 32) {
        slope += shares[i] * sg[i] + shares[places + i] * yg[i];
    }
    slope = mcrc_warp_sum(slope);
    if (lane == 0) {
        state->factor = -scale;
    }
    return slope - scale * gg;
}

/**
 * Where a search has ended: the last step and change of the gradient, their products with all that are remembered, and from
 * these the next direction. Block (i, c) has the products of s_i for i < places, of y_i for the next as many, and of the
 * gradient for the last, over the c-th part of the unknowns.
 *
 * @param s the steps, by place
 * @param y the changes of the gradient, by place
 * @param sums of each i the products with s, y and g
 */
extern "C" __global__ void __launch_bounds__(256) lbfgs_multiply(
        McrcLbfgs *state, double *ring, int *order, int places, double *s, double *y, const double *__restrict__ point,
        const double *__restrict__ gradient, const double *__restrict__ origin, const double *__restrict__ originGradient,
        double *partial, double *sums, double *sy, double *yy, double *shares, int count, int part, double firstStep) {
    if (state->decision != MCRC_NEW) {
        return;
    }
    const int vectors = 2 * places + 1;
    const int vector = blockIdx.x;
    const bool ofGradient = vector == 2 * places;
    const bool ofSteps = vector < places;
    const int number = ofSteps ? vector : vector - places;
    const bool isNew = !ofGradient && state->searching && number == state->pairs;
    double withS = 0;
    double withY = 0;
    double withG = 0;
    if (ofGradient || isNew || number < state->pairs) {
        double *stored = ofGradient ? nullptr : (ofSteps ? s : y) + static_cast<long long>(order[number]) * count;
        const int first = blockIdx.y * part;
        const int end = first + part < count ? first + part : count;
        for (int k = first + threadIdx.x; k < end; k += MCRC_THREADS) {
            const double g = gradient[k];
            const double newS = state->searching ? point[k] - origin[k] : 0;
            const double newY = state->searching ? g - originGradient[k] : 0;
            const double value = ofGradient ? g : !isNew ? stored[k] : ofSteps ? newS : newY;
            if (isNew) {
                stored[k] = value;
            }
            withS += newS * value;
            withY += newY * value;
            withG += g * value;
        }
    }
    withS = mcrc_block_sum(withS);
    withY = mcrc_block_sum(withY);
    withG = mcrc_block_sum(withG);
    if (threadIdx.x == 0) {
        partial[(3 * vector) * gridDim.y + blockIdx.y] = withS;
        partial[(3 * vector + 1) * gridDim.y + blockIdx.y] = withY;
        partial[(3 * vector + 2) * gridDim.y + blockIdx.y] = withG;
    }
    if (!mcrc_is_last(&state->multiplied, gridDim.x * gridDim.y)) {
        return;
    }
    for (int k = threadIdx.x; k < 3 * vectors; k += MCRC_THREADS) {
        double sum = 0;
        for (int each = 0; each < gridDim.y; each++) {
            sum += partial[k * gridDim.y + each];
        }
        sums[k] = sum;
    }
    __syncthreads();
    __shared__ double sg[MCRC_HISTORY];
    __shared__ double yg[MCRC_HISTORY];
    __shared__ bool kept;
    const int before = state->pairs;
    const int newest = order[before];
    if (threadIdx.x == 0) {
        const double product = sums[3 * (places + before)];
        kept = state->searching && product > 1e-10 * sums[3 * (places + before) + 1];
    }
    __syncthreads();
    if (kept) {
        for (int i = threadIdx.x; i <= before; i += MCRC_THREADS) {
            const int place = order[i];
            sy[newest * places + place] = sums[3 * (places + i)];
            sy[place * places + newest] = sums[3 * i + 1];
            yy[newest * places + place] = sums[3 * (places + i) + 1];
            yy[place * places + newest] = sums[3 * (places + i) + 1];
        }
    }
    const int dropped = kept && before == places - 1 ? 1 : 0;
    const int pairs = before + (kept ? 1 : 0) - dropped;
    for (int i = threadIdx.x; i < pairs; i += MCRC_THREADS) {
        sg[i] = sums[3 * (i + dropped) + 2];
        yg[i] = sums[3 * (places + i + dropped) + 2];
    }
    __syncthreads();
    if (threadIdx.x >= 32) {
        return;
    }
    if (threadIdx.x == 0) {
        if (dropped != 0) {
            const int oldest = order[0];
            for (int i = 0; i < before; i++) {
                order[i] = order[i + 1];
            }
            order[before] = oldest;
        }
        state->pairs = pairs;
    }
    __syncwarp();
    const double gg = sums[3 * (2 * places) + 2];
    double slope = mcrc_two_loops(state, order, places, sy, yy, sg, yg, gg, shares);
    if (threadIdx.x != 0) {
        return;
    }
    if (!(slope < 0) && pairs > 0) {
        state->pairs = 0;
        state->factor = -1;
        slope = -gg;
    }
    if (slope < 0) {
        mcrc_search(&state->search, state->loss, slope, state->pairs == 0 ? firstStep / state->greatest : 1);
        state->originLoss = state->loss;
        state->originSquare = gg;
        state->originGreatest = state->greatest;
        state->searching = 1;
    } else {
        ring[MCRC_ENDED] = 1;
        state->decision = MCRC_KEEP;
    }
}

/** Writes the next point, where there is one. */
extern "C" __global__ void __launch_bounds__(256) lbfgs_move(
        const McrcLbfgs *__restrict__ state, const double *__restrict__ ring, const int *__restrict__ order, int places,
        const double *__restrict__ s, const double *__restrict__ y, const double *__restrict__ shares, double *point,
        const double *__restrict__ gradient, double *origin, double *originGradient, double *direction, double *evaluated,
        double *best, int count) {
    const int k = blockIdx.x * MCRC_THREADS + threadIdx.x;
    const int decision = state->decision;
    if (decision == MCRC_NOTHING || k >= count) {
        return;
    }
    const double here = point[k];
    evaluated[k] = here;
    if (ring[MCRC_BETTER] != 0) {
        best[k] = here;
    }
    if (decision == MCRC_KEEP) {
        return;
    }
    double from = here;
    double along = 0;
    if (decision == MCRC_NEW) {
        const double slope = gradient[k];
        along = state->factor * slope;
        for (int i = 0; i < state->pairs; i++) {
            const long long element = static_cast<long long>(order[i]) * count + k;
            along += shares[places + i] * y[element] + shares[i] * s[element];
        }
        origin[k] = here;
        originGradient[k] = slope;
        direction[k] = along;
    } else {
        from = origin[k];
        if (decision == MCRC_STEEPEST) {
            along = -originGradient[k];
            direction[k] = along;
        } else if (decision == MCRC_ALONG) {
            along = direction[k];
        }
    }
    point[k] = decision == MCRC_BACK ? from : from + state->search.step * along;
}
