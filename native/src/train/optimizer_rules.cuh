// The optimisers' steps on one number, for the kernels on a GPU; optimizers_loops.cpp has the formulas.
#ifndef MORULA_TRAIN_OPTIMIZER_RULES_CUH
#define MORULA_TRAIN_OPTIMIZER_RULES_CUH

#include <cmath>

#include "kernel/gpu.h"
#include "morula_train.h"

namespace morula::cuda {

enum class Descent { plain, momentum, nesterov };

struct SgdRule {
    float rate, momentum, weight_decay;
};

struct AdamRule {
    float new_mean, old_square, new_square, epsilon, weight_decay, shrinkage, rate, root_scale;
};

namespace {

inline SgdRule sgd_rule(const morula_sgd& sgd) {
    return {static_cast<float>(sgd.rate), static_cast<float>(sgd.momentum), static_cast<float>(sgd.weight_decay)};
}

inline AdamRule adam_rule(const morula_adam& adam) {
    return {static_cast<float>(1 - adam.beta1),
            static_cast<float>(adam.beta2),
            static_cast<float>(1 - adam.beta2),
            static_cast<float>(adam.epsilon),
            static_cast<float>(adam.weight_decay),
            static_cast<float>(adam.rate * adam.decoupled_weight_decay),
            static_cast<float>(adam.rate / adam.mean_correction),
            static_cast<float>(1 / std::sqrt(adam.square_correction))};
}

// v is left alone where there is no momentum.
template <Descent descent>
__device__ void descend(float& p, float& v, float g, const SgdRule& rule) {
    const float slope = g + rule.weight_decay * p;
    if (descent == Descent::plain) {
        p -= rule.rate * slope;
        return;
    }
    v = rule.momentum * v + slope;
    p -= rule.rate * (descent == Descent::nesterov ? slope + rule.momentum * v : v);
}

__device__ inline void adapt(float& p, float& m, float& s, float g, const AdamRule& rule) {
    const float slope = g + rule.weight_decay * p;
    m += rule.new_mean * (slope - m);
    s = rule.old_square * s + rule.new_square * slope * slope;
    p -= rule.shrinkage * p + rule.rate * m / (sqrtf(s) * rule.root_scale + rule.epsilon);
}

}  // namespace
}  // namespace morula::cuda

#endif
