// What brings samples into a batch, on a GPU; samples.cpp has the same for the processor. Indices and moves are device
// memory, so that nothing waits for them; what they cannot mean gives NaN.
//
// gather_rows     out (count x columns) = the rows of source that indices name
// gather_images   the same with images of height x width x channels, moved and mirrored
//
// 8 bytes a number: an H100 cannot need less than 2.7 us a million numbers; a bound. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

template <int width>
__device__ Numbers<width> not_a_number() {
    Numbers<width> numbers;
#pragma unroll
    for (int i = 0; i < width; i++) numbers.value[i] = NAN;
    return numbers;
}

// Reflects a row or column about the first and the last one, which are not repeated.
__device__ int64_t reflected(int64_t at, int64_t length) {
    if (at < 0) return -at;
    return at < length ? at : 2 * (length - 1) - at;
}

__device__ bool inside(int64_t at, int64_t length) { return at >= 0 && at < length; }

// Whether an image's index and move can be obeyed.
__device__ bool possible(int32_t index, const int32_t* move, const morula_images& shape) {
    const int64_t shorter = shape.height < shape.width ? shape.height : shape.width;
    return GPU_MUTANT(gather_images_index, inside(index, shape.images), true) && move[0] > -shorter &&
           move[0] < shorter && move[1] > -shorter && move[1] < shorter;
}

}  // namespace

template <int width>
__global__ void __launch_bounds__(block_threads)
    gather_row_elements(float* out, const float* source, const int32_t* indices, int64_t count, int64_t rows,
                        int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    if (GPU_MUTANT(gather_rows_end, at.row >= count, false) || at.column >= columns) return;
    const int64_t index = indices[at.row];
    const bool there = GPU_MUTANT(gather_rows_index, inside(index, rows), true);
    const Numbers<width> numbers =
        there ? load<width>(source + index * columns + at.column, width) : not_a_number<width>();
    store<width>(out + at.row * columns + at.column, numbers, width);
}

// A row of the grid is a row of an image, a column one of its width * channels numbers.
__global__ void __launch_bounds__(block_threads)
    gather_image_elements(float* out, const float* source, const int32_t* indices, const int32_t* moves,
                          morula_images shape, unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    const int64_t row_numbers = shape.width * shape.channels;
    if (at.row >= shape.count * shape.height || GPU_MUTANT(gather_images_end, at.column >= row_numbers, false)) return;
    const int64_t image = at.row / shape.height, x = at.column / shape.channels;
    const int32_t index = indices[image];
    const int32_t* const move = moves + 3 * image;
    float number = NAN;
    if (possible(index, move, shape)) {
        const int64_t row = at.row - image * shape.height + move[0];
        const int64_t column = (move[2] != 0 ? shape.width - 1 - x : x) + move[1];
        const int64_t channel = at.column - x * shape.channels;
        const bool zero = shape.border == MORULA_ZEROS &&
                          GPU_MUTANT(gather_images_border, !(inside(row, shape.height) && inside(column, shape.width)),
                                     !inside(row, shape.height));
        const int64_t from = (index * shape.height + reflected(row, shape.height)) * shape.width;
        number = zero ? 0 : source[(from + reflected(column, shape.width)) * shape.channels + channel];
    }
    out[at.row * row_numbers + at.column] = number;
}

}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_gather_rows(morula_cuda_context* context, float* out, const float* source, const int32_t* indices,
                            int64_t count, int64_t rows, int64_t columns) {
    MORULA_CUDA_TRY(enter(context));
    const int width = vector_width({out, source}, {columns});
    const Grid grid = element_grid(count, columns, width);
    return launch(context, "gather_rows", width == 4 ? gather_row_elements<4> : gather_row_elements<1>, grid.blocks,
                  grid.threads, out, source, indices, count, rows, columns, grid.column_blocks);
}

int morula_cuda_gather_images(morula_cuda_context* context, float* out, const float* source, const int32_t* indices,
                              const int32_t* moves, const morula_images* shape) {
    MORULA_CUDA_TRY(enter(context));
    const Grid grid = element_grid(shape->count * shape->height, shape->width * shape->channels);
    return launch(context, "gather_images", gather_image_elements, grid.blocks, grid.threads, out, source, indices,
                  moves, *shape, grid.column_blocks);
}

}  // extern "C"
