// The three products of a linear layer by kernel/tensor_product.cuh, which has the bounds. Emulated, never run on a
// GPU.
#include "kernel/tensor_product.cuh"
#include "train/matrix_factor.cuh"
#include "train/matrix_product.h"

namespace morula::cuda {

int matrix_product(morula_cuda_context* context, const LayerResult& result, const MatrixFactor& left,
                   const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner) {
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
