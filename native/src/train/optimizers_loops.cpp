// The optimisers' steps as PyTorch defines them (torch.optim.SGD, Adam and AdamW), each in one pass over memory:
//
//   SGD       g = gradient + weight_decay p;   v = momentum v + g;   p -= rate v
//   Nesterov  the same, but                                          p -= rate (g + momentum v)
//   Adam      g = gradient + weight_decay p;   m = beta1 m + (1 - beta1) g;   s = beta2 s + (1 - beta2) g^2
//             p -= rate decoupled_weight_decay p + rate (m / mean_correction) / (sqrt(s / square_correction) + epsilon)
//
// with v the velocity, m the mean and s the mean square of the gradients. A block of a parameter at a time, right after
// its gradient was computed, so that the gradient is still in cache and is never stored whole. Plain loops that the
// compiler vectorises: the work is memory-bound. Timed by OptimizerBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

// A block that is as wide as its matrix has no gaps: one long row.
morula_block without_gaps(const morula_block& block, int64_t stride) {
    if (block.columns != stride) return block;
    return {block.first_row, block.rows > 0 ? 1 : 0, 0, block.rows * stride};
}

struct Descent {
    float rate, momentum, weight_decay;
};

void descend(float* p, float*, const float* g, const Descent& rule, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) p[i] -= rule.rate * (g[i] + rule.weight_decay * p[i]);
}

void descend_with_momentum(float* p, float* v, const float* g, const Descent& rule, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        v[i] = rule.momentum * v[i] + (g[i] + rule.weight_decay * p[i]);
        p[i] -= rule.rate * v[i];
    }
}

void descend_ahead(float* p, float* v, const float* g, const Descent& rule, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        const float slope = g[i] + rule.weight_decay * p[i];
        v[i] = rule.momentum * v[i] + slope;
        p[i] -= rule.rate * (slope + rule.momentum * v[i]);
    }
}

void sgd_step(float* parameter, float* velocity, const float* gradient, const morula_sgd& sgd, int variant,
              int64_t stride, const morula_block& whole) {
    const Descent rule{static_cast<float>(sgd.rate), static_cast<float>(sgd.momentum),
                       static_cast<float>(sgd.weight_decay)};
    const auto step = velocity == nullptr          ? descend
                      : variant == MORULA_NESTEROV ? descend_ahead
                                                   : descend_with_momentum;
    const morula_block block = without_gaps(whole, stride);
    for (int64_t row = 0; row < block.rows; row++) {
        const int64_t first = (block.first_row + row) * stride + block.first_column;
        step(parameter + first, velocity == nullptr ? nullptr : velocity + first, gradient + row * block.columns, rule,
             block.columns);
    }
}

struct AdamRule {
    explicit AdamRule(const morula_adam& adam)
        : new_mean(static_cast<float>(1 - adam.beta1)),
          old_square(static_cast<float>(adam.beta2)),
          new_square(static_cast<float>(1 - adam.beta2)),
          epsilon(static_cast<float>(adam.epsilon)),
          weight_decay(static_cast<float>(adam.weight_decay)),
          shrinkage(static_cast<float>(adam.rate * adam.decoupled_weight_decay)),
          rate(static_cast<float>(adam.rate / adam.mean_correction)),
          root_scale(static_cast<float>(1 / __builtin_sqrt(adam.square_correction))) {}
    float new_mean, old_square, new_square, epsilon, weight_decay, shrinkage, rate, root_scale;
};

void adam_row(float* p, float* m, float* s, const float* g, const AdamRule& rule, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        const float slope = g[i] + rule.weight_decay * p[i];
        m[i] += rule.new_mean * (slope - m[i]);
        s[i] = rule.old_square * s[i] + rule.new_square * slope * slope;
        p[i] -= rule.shrinkage * p[i] + rule.rate * m[i] / (__builtin_sqrtf(s[i]) * rule.root_scale + rule.epsilon);
    }
}

void adam_step(float* parameter, float* mean, float* square, const float* gradient, const morula_adam& adam,
               int64_t stride, const morula_block& whole) {
    const AdamRule rule(adam);
    const morula_block block = without_gaps(whole, stride);
    for (int64_t row = 0; row < block.rows; row++) {
        const int64_t first = (block.first_row + row) * stride + block.first_column;
        adam_row(parameter + first, mean + first, square + first, gradient + row * block.columns, rule, block.columns);
    }
}

}  // namespace

void install_optimizers(Table& table) {
    table.sgd_step = sgd_step;
    table.adam_step = adam_step;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
