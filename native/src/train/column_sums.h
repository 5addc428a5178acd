// Sums over the rows of a matrix: the gradient of a bias.
#ifndef MORULA_TRAIN_COLUMN_SUMS_H
#define MORULA_TRAIN_COLUMN_SUMS_H

#include "kernel/cuda_context.h"

namespace morula::cuda {

// sums[c] = the sum over all rows of values[row stride + c], for c below columns.
int column_sums(morula_cuda_context* context, float* sums, const float* values, int64_t stride, int64_t rows,
                int64_t columns);

}  // namespace morula::cuda

#endif
