// Pooling on a GPU; pool_loops.cpp has the formulas. A thread makes one number of the result, backward too: it asks
// every window that covers its position, so that nothing is added by two threads.
//
// Shapes: inp and dinp (samples * height * width) x channels, out and dout likewise with a row a window. Forward, every
// number of inp is read once and one of out written a window: for windows of k x k, k apart, 4 + 4 / k^2 bytes a number
// of inp; backward 4 more, for max pooling 8 + 8 / k^2. With k = 2 an H100 cannot need less than 1.7 us forward,
// and 1.7 (average) and 3.3 us (max) backward, a million numbers of inp; a bound. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"
#include "train/pool.h"

namespace morula::cuda {
namespace {

// Rows and columns from the first up to, but not including, the end.
struct Area {
    int64_t row, end_row, column, end_column;
};

// A position of an image, or a window of its result.
struct Spot {
    int64_t sample, row, column;
};

__device__ int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

__device__ int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

__device__ Spot spot_of_row(int64_t row, int64_t rows, int64_t columns) {
    const int64_t sample = row / (rows * columns), place = row - sample * (rows * columns);
    return {sample, place / columns, place % columns};
}

// The positions of a window inside the image.
__device__ Area window_of(const morula_pool& shape, const Spot& spot) {
    const int64_t row = spot.row * shape.stride - shape.padding, column = spot.column * shape.stride - shape.padding;
    return {GPU_MUTANT(pool_window_top, larger(row, 0), row), smaller(row + shape.window_height, shape.height),
            larger(column, 0), smaller(column + shape.window_width, shape.width)};
}

// The first window along one side that covers a position, of windows of `size`.
__device__ int64_t first_covering(const morula_pool& shape, int64_t at, int64_t size) {
    const int64_t before = at + shape.padding - size + GPU_MUTANT(pool_first_window, shape.stride, shape.stride - 1);
    return before < 0 ? 0 : before / shape.stride;
}

// The windows that cover a position, of rows x columns.
__device__ Area windows_over(const morula_pool& shape, const Spot& spot, int64_t rows, int64_t columns) {
    return {first_covering(shape, spot.row, shape.window_height),
            smaller((spot.row + shape.padding) / shape.stride + 1, rows),
            first_covering(shape, spot.column, shape.window_width),
            GPU_MUTANT(pool_last_window, smaller((spot.column + shape.padding) / shape.stride + 1, columns),
                       (spot.column + shape.padding) / shape.stride + 1)};
}

// NaN wins and stays: it is not smaller than anything, and nothing is larger.
__device__ float the_larger(float best, float value) {
    return GPU_MUTANT(pool_keeps_nan, value <= best || best != best, value <= best) ? best : value;
}

__device__ bool is_largest(float value, float best) { return value == best || value != value; }

// Whether the window's largest number is at the spot for the first time; image is at the channel.
__device__ bool takes_gradient(const morula_pool& shape, const float* image, const Spot& spot, const Area& window,
                               float best) {
    if (!is_largest(image[(spot.row * shape.width + spot.column) * shape.channels], best)) return false;
    for (int64_t row = window.row; row <= spot.row; row++) {
        const int64_t end = row < spot.row ? window.end_column : spot.column;
        for (int64_t column = window.column; column < end; column++) {
            if (GPU_MUTANT(pool_first_of_ties, is_largest(image[(row * shape.width + column) * shape.channels], best),
                           false)) {
                return false;
            }
        }
    }
    return true;
}

__device__ float share(const morula_pool& shape) {
    return 1.0f / static_cast<float>(shape.window_height * shape.window_width);
}

}  // namespace

// All matrices are at the first sample of the call.
__global__ void __launch_bounds__(block_threads)
    max_pool_windows(float* out, const float* inp, morula_pool shape, int64_t rows, int64_t columns,
                     unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    if (at.row >= shape.samples * rows * columns || at.column >= shape.channels) return;
    const Spot spot = spot_of_row(at.row, rows, columns);
    const Area window = window_of(shape, spot);
    const float* image = inp + spot.sample * shape.height * shape.width * shape.channels + at.column;
    float best = -INFINITY;
    for (int64_t row = window.row; row < window.end_row; row++) {
        for (int64_t column = window.column; column < window.end_column; column++) {
            best = the_larger(best, image[(row * shape.width + column) * shape.channels]);
        }
    }
    out[at.row * shape.channels + at.column] = best;
}

// Five blocks a multiprocessor: for more, nvcc would spill.
__global__ void __launch_bounds__(block_threads, 5)
    max_pool_backward_positions(float* dinp, const float* dout, const float* inp, const float* out, morula_pool shape,
                                int64_t rows, int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    if (at.row >= shape.samples * shape.height * shape.width || at.column >= shape.channels) return;
    const Spot spot = spot_of_row(at.row, shape.height, shape.width);
    const Area windows = windows_over(shape, spot, rows, columns);
    const float* image = inp + spot.sample * shape.height * shape.width * shape.channels + at.column;
    float sum = 0;
    for (int64_t row = windows.row; row < windows.end_row; row++) {
        for (int64_t column = windows.column; column < windows.end_column; column++) {
            const int64_t place = ((spot.sample * rows + row) * columns + column) * shape.channels + at.column;
            const Area window = window_of(shape, {spot.sample, row, column});
            if (takes_gradient(shape, image, spot, window, out[place])) sum += dout[place];
        }
    }
    dinp[at.row * shape.channels + at.column] = sum;
}

__global__ void __launch_bounds__(block_threads)
    average_pool_windows(float* out, const float* inp, morula_pool shape, int64_t rows, int64_t columns,
                         unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    if (GPU_MUTANT(average_pool_end, at.row >= shape.samples * rows * columns, false)) return;
    if (at.column >= shape.channels) return;
    const Spot spot = spot_of_row(at.row, rows, columns);
    const Area window = window_of(shape, spot);
    const float* image = inp + spot.sample * shape.height * shape.width * shape.channels + at.column;
    const float factor = share(shape);
    float sum = 0;
    for (int64_t row = window.row; row < window.end_row; row++) {
        for (int64_t column = window.column; column < window.end_column; column++) {
            sum += image[(row * shape.width + column) * shape.channels] * factor;
        }
    }
    out[at.row * shape.channels + at.column] = sum;
}

__global__ void __launch_bounds__(block_threads)
    average_pool_backward_positions(float* dinp, const float* dout, morula_pool shape, int64_t rows, int64_t columns,
                                    unsigned column_blocks) {
    const Place at = thread_place<1>(column_blocks);
    if (at.row >= shape.samples * shape.height * shape.width || at.column >= shape.channels) return;
    const Spot spot = spot_of_row(at.row, shape.height, shape.width);
    const Area windows = windows_over(shape, spot, rows, columns);
    const float factor = share(shape);
    float sum = 0;
    for (int64_t row = windows.row; row < windows.end_row; row++) {
        for (int64_t column = windows.column; column < windows.end_column; column++) {
            sum += dout[((spot.sample * rows + row) * columns + column) * shape.channels + at.column] * factor;
        }
    }
    dinp[at.row * shape.channels + at.column] = sum;
}

namespace {

// Numbers before the first sample, of inp and of out.
struct Start {
    int64_t inp, out;
};

Start start_of(const morula_pool& shape) {
    return {shape.first_sample * shape.height * shape.width * shape.channels,
            shape.first_sample * pool_rows(shape) * pool_columns(shape) * shape.channels};
}

Grid window_grid(const morula_pool& shape) {
    return element_grid(shape.samples * pool_rows(shape) * pool_columns(shape), shape.channels);
}

Grid position_grid(const morula_pool& shape) {
    return element_grid(shape.samples * shape.height * shape.width, shape.channels);
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_max_pool(morula_cuda_context* context, float* out, const float* inp, const morula_pool* shape) {
    MORULA_CUDA_TRY(check_pool(fail, "max_pool", *shape));
    MORULA_CUDA_TRY(enter(context));
    const Start start = start_of(*shape);
    const Grid grid = window_grid(*shape);
    return launch(context, "max_pool", max_pool_windows, grid.blocks, grid.threads, out + start.out, inp + start.inp,
                  *shape, pool_rows(*shape), pool_columns(*shape), grid.column_blocks);
}

int morula_cuda_max_pool_backward(morula_cuda_context* context, float* dinp, const float* dout, const float* inp,
                                  const float* out, const morula_pool* shape) {
    MORULA_CUDA_TRY(check_pool(fail, "max_pool_backward", *shape));
    MORULA_CUDA_TRY(enter(context));
    const Start start = start_of(*shape);
    const Grid grid = position_grid(*shape);
    return launch(context, "max_pool_backward", max_pool_backward_positions, grid.blocks, grid.threads,
                  dinp + start.inp, dout + start.out, inp + start.inp, out + start.out, *shape, pool_rows(*shape),
                  pool_columns(*shape), grid.column_blocks);
}

int morula_cuda_average_pool(morula_cuda_context* context, float* out, const float* inp, const morula_pool* shape) {
    MORULA_CUDA_TRY(check_pool(fail, "average_pool", *shape));
    MORULA_CUDA_TRY(enter(context));
    const Start start = start_of(*shape);
    const Grid grid = window_grid(*shape);
    return launch(context, "average_pool", average_pool_windows, grid.blocks, grid.threads, out + start.out,
                  inp + start.inp, *shape, pool_rows(*shape), pool_columns(*shape), grid.column_blocks);
}

int morula_cuda_average_pool_backward(morula_cuda_context* context, float* dinp, const float* dout,
                                      const morula_pool* shape) {
    MORULA_CUDA_TRY(check_pool(fail, "average_pool_backward", *shape));
    MORULA_CUDA_TRY(enter(context));
    const Start start = start_of(*shape);
    const Grid grid = position_grid(*shape);
    return launch(context, "average_pool_backward", average_pool_backward_positions, grid.blocks, grid.threads,
                  dinp + start.inp, dout + start.out, *shape, pool_rows(*shape), pool_columns(*shape),
                  grid.column_blocks);
}

}  // extern "C"
