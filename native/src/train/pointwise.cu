// What is done to every number by itself, on a GPU; pointwise_loops.cpp has the formulas. NaN passes.
//
// relu            out  = inp < 0 ? 0 : inp                   8 bytes a number
// relu_backward   dinp = out <= 0 ? 0 : dout                12 bytes
// add             out  = left + right, maybe then a ReLU    12 bytes
//
// One flop a number at most: memory alone matters. An H100 cannot need less than 2.7 us a million numbers (8 bytes
// each) or 4 us (12); a bound. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

__device__ float rectified(float value) { return GPU_MUTANT(relu_passes_nan, value < 0 ? 0 : value, fmaxf(value, 0)); }

}  // namespace

template <int width>
__global__ void __launch_bounds__(block_threads)
    relu_elements(float* out, const float* inp, int64_t count, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    const int64_t left = count - at.column;
    if (at.row > 0 || left <= 0) return;
    Numbers<width> x = load<width>(inp + at.column, left);
#pragma unroll
    for (int i = 0; i < width; i++) x.value[i] = rectified(x.value[i]);
    store<width>(out + at.column, x, left);
}

template <int width>
__global__ void __launch_bounds__(block_threads)
    relu_backward_elements(float* dinp, const float* dout, const float* out, int64_t count, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    const int64_t left = count - at.column;
    if (at.row > 0 || left <= 0) return;
    Numbers<width> slope = load<width>(dout + at.column, left);
    const Numbers<width> y = load<width>(out + at.column, left);
#pragma unroll
    for (int i = 0; i < width; i++) {
        if (GPU_MUTANT(relu_backward_at_zero, y.value[i] <= 0, y.value[i] < 0)) slope.value[i] = 0;
    }
    store<width>(dinp + at.column, slope, left);
}

template <int width, bool relu>
__global__ void __launch_bounds__(block_threads)
    add_elements(float* out, const float* a, const float* b, int64_t count, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    const int64_t left = count - at.column;
    if (GPU_MUTANT(add_one_row, at.row > 0, false) || left <= 0) return;
    Numbers<width> sum = load<width>(a + at.column, left);
    const Numbers<width> other = load<width>(b + at.column, left);
#pragma unroll
    for (int i = 0; i < width; i++) {
        const float value = sum.value[i] + other.value[i];
        sum.value[i] = relu ? rectified(value) : value;
    }
    store<width>(out + at.column, sum, left);
}

}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_relu(morula_cuda_context* context, float* out, const float* inp, int64_t first, int64_t count) {
    MORULA_CUDA_TRY(check_range(fail, "relu", first, count, INT64_MAX));
    MORULA_CUDA_TRY(enter(context));
    out += first;
    inp += first;
    const int width = vector_width({out, inp});
    const Grid grid = element_grid(1, count, width);
    return launch(context, "relu", width == 4 ? relu_elements<4> : relu_elements<1>, grid.blocks, grid.threads, out,
                  inp, count, grid.column_blocks);
}

int morula_cuda_relu_backward(morula_cuda_context* context, float* dinp, const float* dout, const float* out,
                              int64_t first, int64_t count) {
    MORULA_CUDA_TRY(check_range(fail, "relu_backward", first, count, INT64_MAX));
    MORULA_CUDA_TRY(enter(context));
    dinp += first;
    dout += first;
    out += first;
    const int width = vector_width({dinp, dout, out});
    const Grid grid = element_grid(1, count, width);
    return launch(context, "relu_backward", width == 4 ? relu_backward_elements<4> : relu_backward_elements<1>,
                  grid.blocks, grid.threads, dinp, dout, out, count, grid.column_blocks);
}

int morula_cuda_add(morula_cuda_context* context, float* out, const float* left, const float* right, int64_t first,
                    int64_t count, int activation) {
    MORULA_CUDA_TRY(check_range(fail, "add", first, count, INT64_MAX));
    MORULA_CUDA_TRY(enter(context));
    out += first;
    left += first;
    right += first;
    const int width = vector_width({out, left, right});
    const Grid grid = element_grid(1, count, width);
    const auto plain = width == 4 ? add_elements<4, false> : add_elements<1, false>;
    const auto rectifying = width == 4 ? add_elements<4, true> : add_elements<1, true>;
    return launch(context, "add", activation == MORULA_RELU ? rectifying : plain, grid.blocks, grid.threads, out, left,
                  right, count, grid.column_blocks);
}

}  // extern "C"
