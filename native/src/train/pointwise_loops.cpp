// What is done to every number by itself:
//
//   ReLU, forward    out  = inp < 0 ? 0 : inp
//   ReLU, backward   dinp = out <= 0 ? 0 : dout
//   addition         out  = left + right, maybe followed by a ReLU
//
// All of any shape, a range of elements at a time. NaN passes: a network that diverges must show it. Plain loops that
// the compiler vectorises: the work is memory-bound. Timed by PointwiseBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

void relu(float* out, const float* inp, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) out[i] = inp[i] < 0 ? 0 : inp[i];
}

void relu_backward(float* dinp, const float* dout, const float* out, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        const float slope = dout[i];  // in any case: the portable tier cannot load under a mask
        dinp[i] = out[i] <= 0 ? 0 : slope;
    }
}

void add(float* out, const float* left, const float* right, int64_t count, int activation) {
    if (activation == MORULA_RELU) {
#pragma omp simd
        for (int64_t i = 0; i < count; i++) {
            const float sum = left[i] + right[i];
            out[i] = sum < 0 ? 0 : sum;
        }
        return;
    }
#pragma omp simd
    for (int64_t i = 0; i < count; i++) out[i] = left[i] + right[i];
}

}  // namespace

void install_pointwise(Table& table) {
    table.relu = relu;
    table.relu_backward = relu_backward;
    table.add = add;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
