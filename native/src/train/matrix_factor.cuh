// A matrix as a factor of kernel/tensor_product.cuh: row-major for Run::inner, transposed for Run::outer.
#ifndef MORULA_TRAIN_MATRIX_FACTOR_CUH
#define MORULA_TRAIN_MATRIX_FACTOR_CUH

#include "kernel/tensor_tile.cuh"
#include "train/matrix_product.h"

namespace morula::cuda {

template <Run run_>
struct StridedFactor {
    static constexpr Run run = run_;
    const float* values;
    int64_t stride;
    uint32_t size;
    bool wide;

    __device__ const float* at(uint32_t outer, uint32_t inner) const {
        return values + (run == Run::inner ? outer * stride + inner : inner * stride + outer);
    }
};

template <Run run>
StridedFactor<run> strided_factor(const float* values, int64_t stride, int64_t size) {
    return {values, stride, uint32_t(size), wide_rows(values, stride)};
}

}  // namespace morula::cuda

#endif
