// The three products of a linear layer by kernel/tensor_product.cuh, which has the bounds. Emulated, never run on a
// GPU.
#include "kernel/cublas.h"
#include "kernel/tensor_product.cuh"
#include "train/matrix_factor.cuh"
#include "train/matrix_product.h"

namespace morula::cuda {

// What cuBLAS left in a result (rows x columns) is finished as the sums of our own kernel are.
//
//   flops       rows columns at most
//   least bytes 8 rows columns, 12 with a mask: an H100 cannot beat bytes / 3.0e12 s (a bound)
__global__ void __launch_bounds__(sum_threads) finish_product(LayerResult result, int64_t columns, int64_t size) {
    const int64_t at = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= GPU_MUTANT(finish_product_bound, size, size + 1)) return;
    const uint32_t row = uint32_t(at / columns), column = uint32_t(at % columns);
    result(row, column, result.values[row * result.stride + column]);
}

namespace {

// Multiplications from which on the start of another library's kernels does not count, some microseconds of work; where
// cuBLAS begins to win was not measured.
constexpr int64_t large_product = 1 << 27;

int product_by_blas(morula_cuda_context* context, const LayerResult& result, const MatrixFactor& left,
                    const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner) {
    MORULA_CUDA_TRY(blas_product(context, result.values, result.stride, left, right, rows, columns, inner));
    if (result.bias == nullptr && result.mask == nullptr && !result.rectified) return MORULA_OK;
    GPU_LAUNCH(finish_product, unsigned(ceil_div(rows * columns, sum_threads)), sum_threads, 0, work_stream(context),
               result, columns, rows * columns);
    return launched("finish_product");
}

}  // namespace

int matrix_product(morula_cuda_context* context, const LayerResult& result, const MatrixFactor& left,
                   const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner) {
    const bool large = rows > 0 && columns > 0 && inner >= large_product / rows / columns;
    if (context->blas != nullptr && large) {
        return product_by_blas(context, result, left, right, rows, columns, inner);
    }
    const auto along = [](const MatrixFactor& factor, int64_t size) {
        return strided_factor<Run::inner>(factor.values, factor.stride, size);
    };
    const auto across = [](const MatrixFactor& factor, int64_t size) {
        return strided_factor<Run::outer>(factor.values, factor.stride, size);
    };
    if (left.transposed) return multiply(context, across(left, rows), across(right, columns), result, inner);
    if (right.transposed) return multiply(context, along(left, rows), across(right, columns), result, inner);
    return multiply(context, along(left, rows), along(right, columns), result, inner);
}

}  // namespace morula::cuda
