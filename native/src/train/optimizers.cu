// The optimisers' steps on a GPU, on a block of a parameter; optimizers_loops.cpp has the formulas.
//
// Shapes: parameter and what the optimiser remembers of it have rows of `stride` numbers, gradient is packed, rows x
// columns. SGD moves 20 bytes a number (12 without momentum), Adam 28, for 3 to 12 flops: an H100 cannot need less than
// 6.7 us (4) and 9.3 us a million numbers; a bound. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"
#include "train/optimizer_rules.cuh"

namespace morula::cuda {

template <Descent descent, int width>
__global__ void sgd_elements(float* parameter, float* velocity, const float* gradient, SgdRule rule, int64_t stride,
                             int64_t rows, int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    const int64_t left = columns - at.column, place = at.row * stride + at.column;
    if (GPU_MUTANT(sgd_rows_end, at.row >= rows, false) || left <= 0) return;
    Numbers<width> p = load<width>(parameter + place, left), v{};
    if (descent != Descent::plain) v = load<width>(velocity + place, left);
    const Numbers<width> g =
        load<width>(gradient + at.row * GPU_MUTANT(sgd_packed_gradient, columns, stride) + at.column, left);
#pragma unroll
    for (int i = 0; i < width; i++) descend<descent>(p.value[i], v.value[i], g.value[i], rule);
    store<width>(parameter + place, p, left);
    if (descent != Descent::plain) store<width>(velocity + place, v, left);
}

template <int width>
__global__ void adam_elements(float* parameter, float* mean, float* square, const float* gradient, AdamRule rule,
                              int64_t stride, int64_t rows, int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    const int64_t left = columns - at.column, place = at.row * stride + at.column;
    if (GPU_MUTANT(adam_rows_end, at.row >= rows, false) || left <= 0) return;
    Numbers<width> p = load<width>(parameter + place, left), m = load<width>(mean + place, left),
                   s = load<width>(square + place, left);
    const Numbers<width> g = load<width>(gradient + at.row * columns + at.column, left);
#pragma unroll
    for (int i = 0; i < width; i++) adapt(p.value[i], m.value[i], s.value[i], g.value[i], rule);
    store<width>(parameter + place, p, left);
    store<width>(mean + place, m, left);
    store<width>(square + place, GPU_MUTANT(adam_stores_square, s, m), left);
}

namespace {

// A block that is as wide as its matrix has no gaps: one long row.
morula_block without_gaps(const morula_block& block, int64_t stride) {
    if (block.columns != stride) return block;
    return {0, block.rows > 0 ? 1 : 0, block.first_row * stride, block.rows * stride};
}

// A row alone may have any length: its last access is a partial one.
int step_width(std::initializer_list<const void*> addresses, const morula_block& block, int64_t stride) {
    return block.rows <= 1 ? vector_width(addresses) : vector_width(addresses, {stride, block.columns});
}

template <int width>
auto sgd_kernel(Descent descent) {
    switch (descent) {
        case Descent::plain:
            return sgd_elements<Descent::plain, width>;
        case Descent::momentum:
            return sgd_elements<Descent::momentum, width>;
        default:
            return sgd_elements<Descent::nesterov, width>;
    }
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_sgd_step(morula_cuda_context* context, float* parameter, float* velocity, const float* gradient,
                         const morula_sgd* rule, int variant, int64_t stride, const morula_block* whole) {
    MORULA_CUDA_TRY(check_sgd(fail, velocity, *rule));
    MORULA_CUDA_TRY(check_block(fail, "sgd_step", *whole, INT64_MAX, stride));
    MORULA_CUDA_TRY(enter(context));
    const morula_block block = without_gaps(*whole, stride);
    const int64_t start = block.first_row * stride + block.first_column;
    parameter += start;
    if (velocity != nullptr) velocity += start;
    const int width = step_width({parameter, velocity, gradient}, block, stride);
    const Grid grid = element_grid(block.rows, block.columns, width);
    const Descent descent = velocity == nullptr          ? Descent::plain
                            : variant == MORULA_NESTEROV ? Descent::nesterov
                                                         : Descent::momentum;
    return launch(context, "sgd_step", width == 4 ? sgd_kernel<4>(descent) : sgd_kernel<1>(descent), grid.blocks,
                  grid.threads, parameter, velocity, gradient, sgd_rule(*rule), stride, block.rows, block.columns,
                  grid.column_blocks);
}

int morula_cuda_adam_step(morula_cuda_context* context, float* parameter, float* mean, float* square,
                          const float* gradient, const morula_adam* rule, int64_t stride, const morula_block* whole) {
    MORULA_CUDA_TRY(check_block(fail, "adam_step", *whole, INT64_MAX, stride));
    MORULA_CUDA_TRY(enter(context));
    const morula_block block = without_gaps(*whole, stride);
    const int64_t start = block.first_row * stride + block.first_column;
    const int width = step_width({parameter + start, mean + start, square + start, gradient}, block, stride);
    const Grid grid = element_grid(block.rows, block.columns, width);
    return launch(context, "adam_step", width == 4 ? adam_elements<4> : adam_elements<1>, grid.blocks, grid.threads,
                  parameter + start, mean + start, square + start, gradient, adam_rule(*rule), stride, block.rows,
                  block.columns, grid.column_blocks);
}

}  // extern "C"
