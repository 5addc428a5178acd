// Moments of neurons, as standardise_loops.cpp has them: range, mean, then squares around it, in float64.
// Shapes: a piece of a layer, rows x samples; one state and one morula_moments a row.
//
// A block has a row; its 256 threads take every 256th sample, then warps add up by shuffles and the first thread adds
// up the warps: always in the same order. A row that is longer than a piece is sent once for each of the three passes;
// of others the second and third find the values in device memory. Sums for the mean are compensated (Knuth's TwoSum).
//
// For W x N elements of b bytes: about 13 W N flops in float64, 3 b W N bytes of device memory (of which two thirds are
// likely to be in the L2 cache): W = 32,768, N = 10,000 in float32 1.3 ms at the 3.0 TB/s of an H100, a bound, beside
// 24 ms for the copy from the host at 55 GB/s. Emulated, never run on a GPU.
#include <cmath>

#include "kernel/elements.cuh"
#include "morula_cuda_correlate.h"
#include "standardise/layer_pieces.h"

namespace morula::cuda {

constexpr int moment_threads = 256;
constexpr int moment_warps = moment_threads / 32;

// What is known of a row after some of its samples.
struct alignas(16) Range {
    double smallest, largest;
    int64_t first_bad;  // INT64_MAX: all are finite
};
struct alignas(16) Sum {
    double high, low;  // an unevaluated sum
};
struct alignas(16) Squares {
    double around_mean, around_zero;
};
struct RowState {
    Range range;
    Sum sum;
    Squares squares;
};

__device__ inline Range joined(const Range& a, const Range& b) {
    return {a.smallest < b.smallest ? a.smallest : b.smallest, a.largest > b.largest ? a.largest : b.largest,
            a.first_bad < b.first_bad ? a.first_bad : b.first_bad};
}
__device__ inline Sum joined(const Sum& a, const Sum& b) {
    const double t = a.high + b.high, z = t - a.high;
    const double lost = (a.high - (t - z)) + (b.high - z);
    return {t, a.low + b.low + GPU_MUTANT(moments_compensation, lost, 0)};
}
__device__ inline Squares joined(const Squares& a, const Squares& b) {
    return {a.around_mean + b.around_mean, a.around_zero + b.around_zero};
}

__device__ inline Range from_lane(const Range& x, int mask) {
    return {__shfl_xor_sync(0xffffffffu, x.smallest, mask), __shfl_xor_sync(0xffffffffu, x.largest, mask),
            __shfl_xor_sync(0xffffffffu, x.first_bad, mask)};
}
__device__ inline Sum from_lane(const Sum& x, int mask) {
    return {__shfl_xor_sync(0xffffffffu, x.high, mask), __shfl_xor_sync(0xffffffffu, x.low, mask)};
}
__device__ inline Squares from_lane(const Squares& x, int mask) {
    return {__shfl_xor_sync(0xffffffffu, x.around_mean, mask), __shfl_xor_sync(0xffffffffu, x.around_zero, mask)};
}

// All threads' parts joined; in the first thread.
template <class Part>
__device__ inline Part join_block(Part part) {
    GPU_SHARED(Part, parts, [moment_warps]);
    for (int mask = GPU_MUTANT(moments_shuffle, 16, 8); mask > 0; mask /= 2) part = joined(part, from_lane(part, mask));
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = part;
    GPU_MUTANT(moments_barrier, __syncthreads(), (void)0);
    if (threadIdx.x == 0) {
        for (int w = 1; w < moment_warps; w++) part = joined(part, parts[w]);
    }
    return part;
}

// 2^-exponent of x > 0, kept in the range of normal numbers.
__device__ inline double power_of_two_scale(double x) {
    int exponent;
    frexp(x, &exponent);
    return ldexp(1.0, exponent < -1021 ? 1021 : -exponent);
}

__device__ inline morula_moments moments_of(const Range& range, int metric) {
    morula_moments m{0, 0, 1, 0, 0, 0, MORULA_NEURON_VARYING, -1};
    if (range.first_bad != INT64_MAX) {
        m.state = MORULA_NEURON_NON_FINITE;
        m.first_nonfinite = static_cast<double>(range.first_bad);
        return m;
    }
    const bool constant = range.smallest == range.largest, zero = constant && range.smallest == 0;
    if (constant) {
        m.state = zero ? MORULA_NEURON_NEVER_ACTIVE : MORULA_NEURON_CONSTANT;
        m.mean = zero ? 0 : range.smallest;  // never -0
        if (zero || metric == MORULA_PEARSON) return m;
    }
    m.scale = power_of_two_scale(range.largest > -range.smallest ? range.largest : -range.smallest);
    m.inverse_norm = 1;  // has one; the next passes tell
    return m;
}

// Blocks work on one row each: samples first_sample..first_sample+count-1 of `samples`, one part after another.
template <class T>
__global__ void __launch_bounds__(moment_threads)
    range_of_rows(RowState* states, morula_moments* moments, const T* values, int64_t first_sample, int64_t count,
                  int64_t samples, int metric) {
    const T* row = values + blockIdx.x * count;
    Range range{INFINITY, -INFINITY, INT64_MAX};
    for (int64_t k = threadIdx.x; k < GPU_MUTANT(moments_end, count, count - 1); k += moment_threads) {
        const double x = to_double(row[k]);
        range = joined(range, {x, x, x - x == 0 ? INT64_MAX : first_sample + k});
    }
    range = join_block(range);
    if (threadIdx.x != 0) return;
    if (first_sample > 0) range = joined(states[blockIdx.x].range, range);
    states[blockIdx.x].range = range;
    if (first_sample + count == samples) moments[blockIdx.x] = moments_of(range, metric);
}

template <class T>
__global__ void __launch_bounds__(moment_threads)
    mean_of_rows(RowState* states, morula_moments* moments, const T* values, int64_t first_sample, int64_t count,
                 int64_t samples) {
    morula_moments& m = moments[blockIdx.x];
    if (m.inverse_norm == 0) return;
    const T* row = values + blockIdx.x * count;
    Sum sum{0, 0};
    for (int64_t k = threadIdx.x; k < count; k += moment_threads) sum = joined(sum, {to_double(row[k]) * m.scale, 0});
    sum = join_block(sum);
    if (threadIdx.x != 0) return;
    if (first_sample > 0) sum = joined(states[blockIdx.x].sum, sum);
    states[blockIdx.x].sum = sum;
    if (first_sample + count != samples) return;
    const double n = static_cast<double>(samples), high = (sum.high + sum.low) / n;
    m.mean_high = high;
    m.mean_low = (fma(-high, n, sum.high) + sum.low) / n;
}

__device__ inline void finish(morula_moments* m, const Squares& squares, double samples, int metric) {
    const bool constant = m->state != MORULA_NEURON_VARYING;
    const double norm = constant ? 0 : sqrt(squares.around_mean);
    m->mean = m->mean_high / m->scale;
    m->deviation = norm / sqrt(samples) / m->scale;
    m->inverse_norm = 1 / (metric == MORULA_COSINE ? sqrt(squares.around_zero) : norm);
    if (metric == MORULA_COSINE) m->mean_high = m->mean_low = 0;
}

template <class T>
__global__ void __launch_bounds__(moment_threads)
    squares_of_rows(RowState* states, morula_moments* moments, const T* values, int64_t first_sample, int64_t count,
                    int64_t samples, int metric) {
    morula_moments& m = moments[blockIdx.x];
    if (m.inverse_norm == 0) return;
    const T* row = values + blockIdx.x * count;
    Squares squares{0, 0};
    const double scale = m.scale, high = m.mean_high, low = m.mean_low;
    for (int64_t k = threadIdx.x; k < count; k += moment_threads) {
        const double x = to_double(row[k]) * scale, d = x - high - GPU_MUTANT(moments_low, low, 0);
        squares = joined(squares, {d * d, x * x});
    }
    squares = join_block(squares);
    if (threadIdx.x != 0) return;
    if (first_sample > 0) squares = joined(states[blockIdx.x].squares, squares);
    states[blockIdx.x].squares = squares;
    if (first_sample + count == samples) finish(&m, squares, static_cast<double>(samples), metric);
}

namespace {

enum Pass { RANGE, MEAN, SQUARES };

struct Rows {
    morula_cuda_context* context;
    LayerRows layer;
    RowState* states;
    morula_moments* moments;
    int metric;
};

template <class T>
int launch_pass(const Rows& rows, const LayerPiece& piece, const T* values, Pass pass) {
    RowState* states = rows.states + piece.first_row;
    morula_moments* moments = rows.moments + piece.first_row;
    const unsigned grid = static_cast<unsigned>(piece.rows);
    const cudaStream_t stream = rows.context->stream;
    const int64_t samples = rows.layer.samples;
    switch (pass) {
        case RANGE:
            GPU_LAUNCH((range_of_rows<T>), grid, moment_threads, 0, stream, states, moments, values, piece.first_sample,
                       piece.samples, samples, rows.metric);
            break;
        case MEAN:
            GPU_LAUNCH((mean_of_rows<T>), grid, moment_threads, 0, stream, states, moments, values, piece.first_sample,
                       piece.samples, samples);
            break;
        default:
            GPU_LAUNCH((squares_of_rows<T>), grid, moment_threads, 0, stream, states, moments, values,
                       piece.first_sample, piece.samples, samples, rows.metric);
    }
    return launched("moments");
}

// Sends all pieces, and does the passes from `first` to `last` with each.
int send_for(const Rows& rows, Pass first, Pass last) {
    Streaming streaming(rows.context);
    return for_each_piece(streaming, rows.layer, [&](const LayerPiece& piece) {
        return with_elements(piece.values, rows.layer.layer->type, [&](const auto* values) {
            for (int pass = first; pass <= last; pass++) {
                MORULA_CUDA_TRY(launch_pass(rows, piece, values, static_cast<Pass>(pass)));
            }
            return int{MORULA_OK};
        });
    });
}

}  // namespace
}  // namespace morula::cuda

extern "C" int morula_cuda_moments_of(morula_cuda_context* context, morula_moments* moments, const void* values,
                                      int type, int64_t neurons, int64_t samples, int metric) {
    using namespace morula::cuda;
    const morula_layer layer{values, nullptr, type, neurons, samples, MORULA_NEURON_MAJOR};
    MORULA_CUDA_TRY(check_layer(&layer));
    if (metric != MORULA_PEARSON && metric != MORULA_COSINE) {
        return fail(MORULA_INVALID_ARGUMENT, "metric %d has no moments; Spearman's are those of ranks, by Pearson",
                    metric);
    }
    MORULA_CUDA_TRY(enter(context));
    CallMemory states(context), results(context);
    const int64_t bytes = neurons * int64_t{sizeof(morula_moments)};
    MORULA_CUDA_TRY(states.allocate(neurons * int64_t{sizeof(RowState)}));
    MORULA_CUDA_TRY(results.allocate(bytes));
    const Rows rows{context,
                    {&layer, nullptr, nullptr, neurons, 0, samples},
                    states.at<RowState>(0),
                    results.at<morula_moments>(0),
                    metric};
    if (shape_of_pieces(rows.layer).samples == samples) {
        MORULA_CUDA_TRY(send_for(rows, RANGE, SQUARES));
    } else {
        for (const Pass pass : {RANGE, MEAN, SQUARES}) MORULA_CUDA_TRY(send_for(rows, pass, pass));
    }
    return morula_cuda_download(context, moments, rows.moments, bytes);
}
