#ifndef MORULA_CORRELATE_DOT4_CUH
#define MORULA_CORRELATE_DOT4_CUH

#include "kernel/cuda_context.h"

namespace morula::cuda {

// sum + a . b, one product after the other.
__device__ inline float dot4(float4 a, float4 b, float sum) {
    sum += a.x * b.x;
    sum += a.y * b.y;
    sum += a.z * b.z;
    return sum + a.w * b.w;
}

}  // namespace morula::cuda

#endif
