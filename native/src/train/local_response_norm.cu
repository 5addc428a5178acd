// Local response normalisation on a GPU; local_response_norm_loops.cpp has the formulas.
//
// Shapes: matrices are rows x channels. Forward, a thread makes one number from the window around it, which the L1
// cache holds. Backward, a block makes ratios dy_i x_i d_i^(-beta - 1) of some channels once and keeps them in shared
// memory, since every channel takes those of a whole window. 8 bytes a number forward for 2 size + 20 flops, 12
// backward for 4 size + 40: an H100 cannot need less than 2.7 and 4 us a million numbers; a bound. Emulated, never run
// on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {

struct ResponseTerms {
    int64_t channels, size;
    float bias, factor;  // factor = alpha / size
    float exponent;      // -beta
    int three_quarters;  // beta = 0.75, which is made of square roots
    float slope;         // 2 alpha beta / size
};

namespace {

__device__ float denominator(const float* x, int64_t c, const ResponseTerms& terms) {
    const int64_t first = c - terms.size / 2, last = c + (terms.size - 1) / 2;
    float squares = 0;
    for (int64_t i = first < 0 ? 0 : first; i <= last && GPU_MUTANT(response_window_end, i < terms.channels, true);
         i++) {
        squares += x[i] * x[i];
    }
    return terms.bias + terms.factor * squares;
}

// d^-beta
__device__ float raised(float d, const ResponseTerms& terms) {
    if (!terms.three_quarters) return powf(d, terms.exponent);
    const float root = sqrtf(d);
    return 1 / (root * sqrtf(root));
}

}  // namespace

// Matrices are at the first row of the call.
__global__ void __launch_bounds__(block_threads)
    local_response_elements(float* out, const float* inp, ResponseTerms terms, int64_t rows, unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    if (at.row >= rows || GPU_MUTANT(response_channels_end, at.column >= terms.channels, false)) return;
    const float* x = inp + at.row * terms.channels;
    out[at.row * terms.channels + at.column] = x[at.column] * raised(denominator(x, at.column, terms), terms);
}

// Blocks of tiles x rows: a row of threads makes `tile` channels of a row of dinp. The channels whose windows hold one
// of these are taken as many at a time as there are threads: once, unless the window is large.
__global__ void __launch_bounds__(block_threads)
    local_response_backward_tiles(float* dinp, const float* dout, const float* inp, ResponseTerms terms, int64_t rows,
                                  int64_t tile) {
    GPU_SHARED(float, ratios, [block_threads]);
    float* const row_ratios = ratios + threadIdx.y * blockDim.x;
    const int64_t tiles = ceil_div(terms.channels, tile);
    const int64_t row = blockIdx.x / tiles * blockDim.y + threadIdx.y, first = blockIdx.x % tiles * tile;
    const float *x = inp + row * terms.channels, *dy = dout + row * terms.channels;
    const int64_t before = (terms.size - 1) / 2, after = terms.size / 2;  // c's window holds i: i from c - before on
    const int64_t begin = first > before ? first - before : 0, last = first + tile - 1 + after;
    const int64_t end = last < terms.channels ? last + 1 : terms.channels, c = first + threadIdx.x;
    float shares = 0;
    for (int64_t some = begin; some < end; some += blockDim.x) {
        const int64_t i = some + threadIdx.x;
        if (row < rows && i < end) {
            const float d = denominator(x, i, terms);
            row_ratios[threadIdx.x] = dy[i] * raised(d, terms) * x[i] / d;
        }
        GPU_MUTANT(response_barrier_after_writing, __syncthreads(), (void)0);
        if (row < rows) {
            const int64_t from = c - before > some ? c - before : some, most = some + blockDim.x;
            const int64_t to = most < end ? most : end;
            for (int64_t j = from; j < to && j <= c + after; j++) shares += row_ratios[j - some];
        }
        GPU_MUTANT(response_barrier_before_writing, __syncthreads(), (void)0);
    }
    if (row >= rows || threadIdx.x >= tile || GPU_MUTANT(response_backward_end, c >= terms.channels, false)) return;
    dinp[row * terms.channels + c] = dy[c] * raised(denominator(x, c, terms), terms) - terms.slope * x[c] * shares;
}

namespace {

ResponseTerms response_terms(const morula_local_response& shape, const morula_response_rule& rule) {
    const double size = static_cast<double>(shape.size);
    return {shape.channels,
            shape.size,
            static_cast<float>(rule.bias),
            static_cast<float>(rule.alpha / size),
            static_cast<float>(-rule.beta),
            rule.beta == 0.75,
            static_cast<float>(2 * rule.alpha * rule.beta / size)};
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_local_response_norm(morula_cuda_context* context, float* out, const float* inp,
                                    const morula_local_response* shape, const morula_response_rule* rule) {
    MORULA_CUDA_TRY(check_local_response(fail, "local_response_norm", *shape));
    MORULA_CUDA_TRY(enter(context));
    const int64_t start = shape->first_row * shape->channels;
    const Grid grid = element_grid(shape->rows, shape->channels);
    return launch(context, "local_response_norm", local_response_elements, grid.blocks, grid.threads, out + start,
                  inp + start, response_terms(*shape, *rule), shape->rows, grid.column_blocks);
}

int morula_cuda_local_response_norm_backward(morula_cuda_context* context, float* dinp, float*, const float* dout,
                                             const float* inp, const morula_local_response* shape,
                                             const morula_response_rule* rule) {
    MORULA_CUDA_TRY(check_local_response(fail, "local_response_norm_backward", *shape));
    MORULA_CUDA_TRY(enter(context));
    const int64_t start = shape->first_row * shape->channels;
    const unsigned across = power_of_two(shape->channels, block_threads);
    const dim3 threads(across, block_threads / across);
    // With the window's channels on both sides a tile is as wide as a row of threads, unless that would waste half of
    // it.
    const int64_t tile = shape->channels > across && shape->size <= across / 2 ? across - shape->size + 1 : across;
    const int64_t blocks = ceil_div(shape->channels, tile) * ceil_div(shape->rows, threads.y);
    return launch(context, "local_response_norm_backward", local_response_backward_tiles, blocks, threads, dinp + start,
                  dout + start, inp + start, response_terms(*shape, *rule), shape->rows, tile);
}

}  // extern "C"
