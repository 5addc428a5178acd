// Where the products of a layer go, and what is done to a number on its way.
#ifndef MORULA_TRAIN_LAYER_RESULT_CUH
#define MORULA_TRAIN_LAYER_RESULT_CUH

#include "kernel/gpu.h"

namespace morula::cuda {

// values[row stride + column] = the sum, plus bias[column], 0 where that is negative and `rectified`, 0 where mask, a
// matrix like values, is not positive; bias and mask may be null. NaN passes: a network that diverges must show it.
struct LayerResult {
    float* values;
    int64_t stride;
    const float *bias, *mask;
    bool rectified;

    __device__ void operator()(uint32_t row, uint32_t column, float sum) const {
        const int64_t at = row * stride + column;
        if (bias != nullptr) sum += bias[column];
        if (rectified && GPU_MUTANT(layer_result_relu, sum < 0, !(sum > 0))) sum = 0;
        if (mask != nullptr && GPU_MUTANT(layer_result_mask, !(mask[at] > 0), mask[at] < 0)) sum = 0;
        values[at] = sum;
    }
};

}  // namespace morula::cuda

#endif
