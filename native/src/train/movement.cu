// Layers that only move numbers, on a GPU.
//
// copy_channels       columns of matrices of rows x channels: inp's to others of out's
// transpose_samples   every sample, rows x columns, to columns x rows
//
// Both move 8 bytes a number and compute nothing: an H100 cannot need less than 2.7 us a million numbers; a bound.
// Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

constexpr int tile = 32, tile_rows = 8;  // a tile of a transposition, and how many of its rows go at a time

}  // namespace

// Strides are those of the rows; the pointers are at the first element.
template <int width>
__global__ void __launch_bounds__(block_threads)
    copy_channel_elements(float* out, const float* inp, int64_t out_stride, int64_t inp_stride, int64_t rows,
                          int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    if (at.row >= rows || GPU_MUTANT(copy_channels_end, at.column >= columns, false)) return;
    const Numbers<width> x = load<width>(inp + at.row * inp_stride + at.column, width);
    store<width>(out + at.row * out_stride + at.column, x, width);
}

// One block a tile of a sample, through shared memory, so that rows are read and columns written in whole sectors. A
// row of the tile is a number longer than it need be: then a column of it lies in 32 different banks.
__global__ void __launch_bounds__(tile* tile_rows)
    transpose_tiles(float* out, const float* inp, int64_t rows, int64_t columns) {
    GPU_SHARED(float, values, [tile][tile + 1]);
    const int64_t row_tiles = ceil_div(rows, tile), column_tiles = ceil_div(columns, tile);
    const int64_t sample = blockIdx.x / (row_tiles * column_tiles);
    const int64_t place = blockIdx.x - sample * (row_tiles * column_tiles);
    const int64_t first_row = place / column_tiles * tile, first_column = place % column_tiles * tile;
    const int64_t start = sample * rows * columns;
    const int across = static_cast<int>(threadIdx.x), down = static_cast<int>(threadIdx.y);
    for (int i = down; i < tile; i += tile_rows) {
        const int64_t row = first_row + i, column = first_column + across;
        if (row < rows && column < columns) values[i][across] = inp[start + row * columns + column];
    }
    GPU_MUTANT(movement_barrier, __syncthreads(), (void)0);
    for (int i = down; i < tile; i += tile_rows) {
        const int64_t row = first_row + across, column = first_column + i;
        if (GPU_MUTANT(movement_rows, row < rows, true) && column < columns) {
            out[start + column * rows + row] = values[across][i];
        }
    }
}

}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_copy_channels(morula_cuda_context* context, float* out, const float* inp,
                              const morula_channel_copy* shape) {
    MORULA_CUDA_TRY(check_channel_copy(fail, *shape));
    MORULA_CUDA_TRY(enter(context));
    out += shape->first_row * shape->out_channels + shape->out_first;
    inp += shape->first_row * shape->inp_channels + shape->inp_first;
    const int width = vector_width({out, inp}, {shape->out_channels, shape->inp_channels, shape->count});
    const Grid grid = element_grid(shape->rows, shape->count, width);
    return launch(context, "copy_channels", width == 4 ? copy_channel_elements<4> : copy_channel_elements<1>,
                  grid.blocks, grid.threads, out, inp, shape->out_channels, shape->inp_channels, shape->rows,
                  shape->count, grid.column_blocks);
}

int morula_cuda_transpose_samples(morula_cuda_context* context, float* out, const float* inp,
                                  const morula_sample_transposition* shape) {
    MORULA_CUDA_TRY(check_range(fail, "transpose_samples", shape->first_sample, shape->samples, INT64_MAX));
    MORULA_CUDA_TRY(enter(context));
    const int64_t start = shape->first_sample * shape->rows * shape->columns;
    const int64_t tiles = shape->samples * ceil_div(shape->rows, tile) * ceil_div(shape->columns, tile);
    return launch(context, "transpose_samples", transpose_tiles, tiles, dim3(tile, tile_rows), out + start, inp + start,
                  shape->rows, shape->columns);
}

}  // extern "C"
