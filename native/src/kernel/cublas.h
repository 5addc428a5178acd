// cuBLAS, where the system has it: loaded at run time, neither linked nor shipped.
#ifndef MORULA_KERNEL_CUBLAS_H
#define MORULA_KERNEL_CUBLAS_H

#include "kernel/cuda_context.h"
#include "kernel/matrix_factor.h"

namespace morula::cuda {

// Gives the context a handle of cuBLAS, or the reason why it has none; morula_cuda_blas() tells.
void open_blas(morula_cuda_context* context);
void close_blas(morula_cuda_context* context);

// out (rows x columns, row-major with out_stride numbers a row) = left right^T in float32, never in tf32. The context
// has a handle; sizes and strides are below 2^31.
int blas_product(morula_cuda_context* context, float* out, int64_t out_stride, const MatrixFactor& left,
                 const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner);

}  // namespace morula::cuda

#endif
