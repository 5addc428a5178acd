// The sums over rows that batch norm takes, on a GPU: forward of deviations d = x - (the first row's x) and of d^2,
// backward of g and g (x - mean); batch_norm_loops.cpp has the formulas, batch_norm.cu all that needs no sums.
//
// Shapes: matrices are rows x channels, sums 2 x channels in float64. A block adds up some rows of up to 32 channels,
// so that reads are coalesced; a second launch adds what the blocks found, in an order that depends on the shape alone.
// 4 bytes a number forward, 8 or 12 (with a ReLU) backward, for 4 flops in float64: an H100 cannot need less than 1.3
// us a million numbers forward and 2.7 or 4 backward; a bound. Emulated, never run on a GPU.
#include <algorithm>

#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

constexpr int64_t most_blocks = 1024;  // the partial sums of so many fit the context's scratch
constexpr int most_columns = 32;       // of a block
static_assert(most_blocks * most_columns * 2 * sizeof(double) <= scratch_bytes);

// The sums over the rows of threads of a block; the first row of threads gets them.
__device__ void add_thread_rows(double& first, double& second) {
    GPU_SHARED(double, sums, [2][block_threads]);
    const unsigned at = threadIdx.y * blockDim.x + threadIdx.x;
    sums[0][at] = first;
    sums[1][at] = second;
    for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
        GPU_MUTANT(batch_norm_sums_barrier, __syncthreads(), (void)0);
        if (threadIdx.y < half) {
            sums[0][at] += sums[0][at + half * blockDim.x];
            sums[1][at] += sums[1][at + half * blockDim.x];
        }
    }
    first = sums[0][at];
    second = sums[1][at];
}

// What a block of a grid of strips x parts adds up: rows from first_row on, a thread every blockDim.y-th of them.
struct Share {
    int64_t column, first_row, end_row, part;
};

__device__ Share thread_share(int64_t rows, int64_t columns, int64_t part_rows) {
    const int64_t strips = ceil_div(columns, blockDim.x), part = blockIdx.x / strips, strip = blockIdx.x % strips;
    const int64_t first = part * part_rows, end = first + part_rows;
    return {strip * blockDim.x + threadIdx.x, first + threadIdx.y,
            GPU_MUTANT(batch_norm_rows_end, end < rows ? end : rows, end), part};
}

// sums: parts x 2 x width
__device__ void store_sums(double* sums, const Share& share, int64_t width, int64_t columns, double first,
                           double second) {
    add_thread_rows(first, second);
    if (GPU_MUTANT(batch_norm_one_thread_stores, threadIdx.y > 0, threadIdx.y > 1) || share.column >= columns) return;
    sums[2 * share.part * width + share.column] = first;
    sums[(2 * share.part + 1) * width + share.column] = second;
}

}  // namespace

// The pointers are at the first column, inp at the first row too. Four rows at a time, so that loads overlap. Six
// blocks a multiprocessor: for eight, as it would choose, nvcc spills on an A100.
__global__ void __launch_bounds__(block_threads, 6)
    batch_norm_sum_rows(double* sums, const float* inp, const float* origin, int64_t width, int64_t channels,
                        int64_t rows, int64_t columns, int64_t part_rows) {
    const Share share = thread_share(rows, columns, part_rows);
    double sum = 0, squares = 0;
    if (GPU_MUTANT(batch_norm_columns_end, share.column < columns, true)) {
        const double start = origin[share.column];
#pragma unroll 4
        for (int64_t row = share.first_row; row < share.end_row; row += blockDim.y) {
            const double d = static_cast<double>(inp[row * channels + share.column]) - start;
            sum += d;
            squares += d * d;
        }
    }
    store_sums(sums, share, width, columns, sum, squares);
}

// mean is that of the batch; out only with a ReLU.
template <bool relu>
__global__ void __launch_bounds__(block_threads)
    batch_norm_sum_slopes(double* sums, const float* dout, const float* inp, const float* out, const float* mean,
                          int64_t width, int64_t channels, int64_t rows, int64_t columns, int64_t part_rows) {
    const Share share = thread_share(rows, columns, part_rows);
    double sum = 0, products = 0;
    if (share.column < columns) {
        const float center = mean[share.column];
#pragma unroll 4
        for (int64_t row = share.first_row; row < share.end_row; row += blockDim.y) {
            const int64_t at = row * channels + share.column;
            const float slope = dout[at], g = relu && out[at] <= 0 ? 0 : slope;
            sum += static_cast<double>(g);
            products += static_cast<double>(g * (inp[at] - center));
        }
    }
    store_sums(sums, share, width, columns, sum, products);
}

// sums at the first column, 2 x channels; partial parts x 2 x columns.
__global__ void __launch_bounds__(block_threads)
    batch_norm_add_parts(double* sums, const double* partial, int64_t parts, int64_t channels, int64_t columns) {
    const Share share = thread_share(parts, columns, parts);
    double first = 0, second = 0;
    if (share.column < columns) {
        for (int64_t part = share.first_row; part < share.end_row; part += blockDim.y) {
            first += partial[2 * part * columns + share.column];
            second += partial[(2 * part + 1) * columns + share.column];
        }
    }
    store_sums(sums, share, channels, columns, first, second);
}

namespace {

// How rows and columns are shared out to blocks.
struct Split {
    dim3 threads;
    int64_t strips, parts, part_rows;
};

Split split_rows(int64_t rows, int64_t columns) {
    const unsigned across = power_of_two(columns, most_columns);
    const dim3 threads(across, block_threads / across);
    const int64_t strips = ceil_div(columns, across);
    const int64_t useful = ceil_div(rows, 4 * threads.y);  // four rows a thread at least
    const int64_t parts = std::clamp<int64_t>(strips > 0 ? most_blocks / strips : 1, 1, std::max<int64_t>(useful, 1));
    const int64_t part_rows = std::max<int64_t>(ceil_div(rows, parts), 1);
    return {threads, strips, std::max<int64_t>(ceil_div(rows, part_rows), 1), part_rows};
}

// Calls add_up(where the sums go, how wide they lie, how the rows are shared out), into sums at once if one part is
// all.
template <class AddUp>
int add_up_rows(morula_cuda_context* context, const char* name, double* sums, const morula_channels& shape,
                const AddUp& add_up) {
    const morula_block& block = shape.block;
    const Split split = split_rows(block.rows, block.columns);
    if (split.parts == 1) return add_up(sums + block.first_column, shape.channels, split);
    const std::lock_guard<std::mutex> lock(context->scratch_mutex);
    double* const partial = static_cast<double*>(context->scratch);
    MORULA_CUDA_TRY(add_up(partial, block.columns, split));
    return launch(context, name, batch_norm_add_parts, split.strips, split.threads, sums + block.first_column, partial,
                  split.parts, shape.channels, block.columns);
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_batch_norm_sums(morula_cuda_context* context, double* sums, const float* inp,
                                const morula_channels* shape) {
    const char* const name = "batch_norm_sums";
    MORULA_CUDA_TRY(check_channels(fail, name, *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const float* const first = inp + block.first_row * shape->channels + block.first_column;
    return add_up_rows(context, name, sums, *shape, [&](double* to, int64_t width, const Split& split) {
        return launch(context, name, batch_norm_sum_rows, split.strips * split.parts, split.threads, to, first,
                      inp + block.first_column, width, shape->channels, block.rows, block.columns, split.part_rows);
    });
}

int morula_cuda_batch_norm_backward_sums(morula_cuda_context* context, double* sums, const float* dout,
                                         const float* inp, const float* out, const float* terms,
                                         const morula_channels* shape) {
    const char* const name = "batch_norm_backward_sums";
    MORULA_CUDA_TRY(check_channels(fail, name, *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t start = block.first_row * shape->channels + block.first_column;
    const auto kernel = out == nullptr ? batch_norm_sum_slopes<false> : batch_norm_sum_slopes<true>;
    return add_up_rows(context, name, sums, *shape, [&](double* to, int64_t width, const Split& split) {
        return launch(context, name, kernel, split.strips * split.parts, split.threads, to, dout + start, inp + start,
                      out == nullptr ? nullptr : out + start, terms + 2 * shape->channels + block.first_column, width,
                      shape->channels, block.rows, block.columns, split.part_rows);
    });
}

}  // extern "C"
