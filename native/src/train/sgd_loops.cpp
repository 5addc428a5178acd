// Stochastic gradient descent with momentum and weight decay, as PyTorch defines it, in one pass over memory:
//
//   g = gradient + weight_decay p;   velocity = momentum velocity + g;   p -= rate velocity
//
// A block of a parameter at a time, right after its gradient was computed, so that the gradient is still in cache and
// is never stored whole. Plain loops that the compiler vectorises: the work is memory-bound. Timed by SgdBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

void sgd_step(float* parameter, float* velocity, const float* gradient, const morula_sgd& rule, int64_t stride,
              const morula_block& block) {
    const float rate = static_cast<float>(rule.rate);
    const float momentum = static_cast<float>(rule.momentum);
    const float weight_decay = static_cast<float>(rule.weight_decay);
    for (int64_t row = 0; row < block.rows; row++) {
        float* p = parameter + (block.first_row + row) * stride + block.first_column;
        float* v = velocity + (block.first_row + row) * stride + block.first_column;
        const float* g = gradient + row * block.columns;
#pragma omp simd
        for (int64_t i = 0; i < block.columns; i++) {
            v[i] = momentum * v[i] + (g[i] + weight_decay * p[i]);
            p[i] -= rate * v[i];
        }
    }
}

}  // namespace

void install_sgd(Table& table) { table.sgd_step = sgd_step; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
