// Column sums of a matrix (rows x columns, row-major with a stride): sums[c] = sum over rows of values[row][c].
//
//   flops       rows columns
//   least bytes 4 (rows + 1) columns: an H100 cannot beat bytes / 3.0e12 s (a bound)
//
// Emulated, never run on a GPU. A warp reads 32 columns of every eighth row of a block's part; parts go to the scratch
// and are added in their order.
#include <algorithm>

#include "kernel/sum_parts.cuh"
#include "train/column_sums.h"
#include "train/layer_result.cuh"

namespace morula::cuda {

constexpr int sum_warps = 8;
constexpr int64_t part_rows_least = 256, most_parts = 256;

// sums (gridDim.y x columns): those of part_rows rows each.
__global__ void __launch_bounds__(32 * sum_warps)
    column_sums_of_parts(float* sums, const float* values, int64_t stride, int64_t rows, int64_t columns,
                         int64_t part_rows) {
    GPU_SHARED(float, of_warp, [sum_warps][32]);
    const int lane = int(threadIdx.x) % 32, warp = int(threadIdx.x) / 32;
    const int64_t column = int64_t(blockIdx.x) * 32 + lane;
    const int64_t first = blockIdx.y * part_rows, end = min(first + part_rows, rows);
    float sum = 0;
    if (column < GPU_MUTANT(column_sums_bound, columns, columns + 1)) {
        for (int64_t row = first + warp; row < end; row += sum_warps) sum += values[row * stride + column];
    }
    of_warp[warp][lane] = sum;
    GPU_MUTANT(column_sums_barrier, __syncthreads(), (void)0);
    if (warp != 0 || column >= columns) return;
    for (int other = 1; other < sum_warps; other++) sum += of_warp[other][lane];
    sums[blockIdx.y * columns + column] = sum;
}

int column_sums(morula_cuda_context* context, float* sums, const float* values, int64_t stride, int64_t rows,
                int64_t columns) {
    if (columns == 0) return MORULA_OK;
    const int64_t wanted = std::min({rows / part_rows_least, most_parts, scratch_floats / columns});
    const int64_t part_rows = std::max<int64_t>(ceil_div(rows, std::max<int64_t>(wanted, 1)), 1);
    const int64_t parts = std::max<int64_t>(ceil_div(rows, part_rows), 1);
    const std::lock_guard<std::mutex> lock(context->scratch_mutex);
    GPU_LAUNCH(column_sums_of_parts, dim3(unsigned(ceil_div(columns, 32)), unsigned(parts)), 32 * sum_warps, 0,
               work_stream(context), parts > 1 ? static_cast<float*>(context->scratch) : sums, values, stride, rows,
               columns, part_rows);
    MORULA_CUDA_TRY(launched("column_sums_of_parts"));
    if (parts == 1) return MORULA_OK;
    return add_up_parts(context, LayerResult{sums, 0, nullptr, nullptr, false}, parts, 1, columns);
}

}  // namespace morula::cuda
