// Products of matrices on the device: the CUDA side of train/product.h.
#ifndef MORULA_TRAIN_MATRIX_PRODUCT_H
#define MORULA_TRAIN_MATRIX_PRODUCT_H

#include "kernel/cuda_context.h"
#include "kernel/matrix_factor.h"
#include "train/layer_result.cuh"

namespace morula::cuda {

// result (rows x columns) = left right^T; sizes are below 2^31. left may be transposed only with right.
int matrix_product(morula_cuda_context* context, const LayerResult& result, const MatrixFactor& left,
                   const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner);

// Whether four neighbours from a multiple of four on are 16 aligned bytes.
inline bool wide_rows(const float* values, int64_t stride) {
    return reinterpret_cast<uintptr_t>(values) % 16 == 0 && stride % 4 == 0;
}

}  // namespace morula::cuda

#endif
