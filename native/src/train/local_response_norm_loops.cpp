// Local response normalisation across channels (Krizhevsky et al., 2012), as PyTorch defines it. With W(c) the channels
// from c - size / 2 to c + (size - 1) / 2 that there are:
//
//   d_c = bias + alpha / size sum_{i in W(c)} x_i^2          y_c = x_c d_c^-beta
//   dx_c = dy_c d_c^-beta - 2 alpha beta / size x_c sum_{i: c in W(i)} dy_i x_i d_i^(-beta - 1)
//
// Shapes: matrices are rows x channels, one row at a time. The backward pass computes d again, which takes no memory
// but one row. Plain loops in every tier; the power, which takes most of the time, is made of square roots for the
// usual beta = 0.75. Timed by PointwiseBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

void denominators(float* d, const float* x, const morula_local_response& shape, const morula_response_rule& rule) {
    const int64_t channels = shape.channels;
    for (int64_t c = 0; c < channels; c++) d[c] = 0;
    for (int64_t away = -(shape.size / 2); away <= (shape.size - 1) / 2; away++) {
        const int64_t end = smaller(channels, channels - away);
#pragma omp simd
        for (int64_t c = larger(0, -away); c < end; c++) d[c] += x[c + away] * x[c + away];
    }
    const float bias = static_cast<float>(rule.bias);
    const float factor = static_cast<float>(rule.alpha / static_cast<double>(shape.size));
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) d[c] = bias + factor * d[c];
}

// powers = d^-beta; the two may be one.
void raise(float* powers, const float* d, double beta, int64_t channels) {
    if (beta == 0.75) {
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
            const float root = __builtin_sqrtf(d[c]);
            powers[c] = 1 / (root * __builtin_sqrtf(root));
        }
        return;
    }
    const float exponent = static_cast<float>(-beta);
    for (int64_t c = 0; c < channels; c++) powers[c] = __builtin_powf(d[c], exponent);
}

void local_response_norm(float* out, const float* inp, const morula_local_response& shape,
                         const morula_response_rule& rule) {
    for (int64_t row = shape.first_row; row < shape.first_row + shape.rows; row++) {
        const float* x = inp + row * shape.channels;
        float* y = out + row * shape.channels;
        denominators(y, x, shape, rule);
        raise(y, y, rule.beta, shape.channels);
#pragma omp simd
        for (int64_t c = 0; c < shape.channels; c++) y[c] *= x[c];
    }
}

void subtract_shares(float* dx, const float* x, const float* ratios, const morula_local_response& shape, float factor) {
    for (int64_t away = -((shape.size - 1) / 2); away <= shape.size / 2; away++) {
        const int64_t end = smaller(shape.channels, shape.channels - away);
#pragma omp simd
        for (int64_t c = larger(0, -away); c < end; c++) dx[c] -= factor * x[c] * ratios[c + away];
    }
}

void local_response_norm_backward(float* dinp, float* workspace, const float* dout, const float* inp,
                                  const morula_local_response& shape, const morula_response_rule& rule) {
    const int64_t channels = shape.channels;
    float *d = workspace, *ratios = workspace + channels;
    const float factor = static_cast<float>(2 * rule.alpha * rule.beta / static_cast<double>(shape.size));
    for (int64_t row = shape.first_row; row < shape.first_row + shape.rows; row++) {
        const float *x = inp + row * channels, *dy = dout + row * channels;
        float* dx = dinp + row * channels;
        denominators(d, x, shape, rule);
        raise(ratios, d, rule.beta, channels);
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
            dx[c] = dy[c] * ratios[c];
            ratios[c] = dx[c] * x[c] / d[c];
        }
        subtract_shares(dx, x, ratios, shape, factor);
    }
}

}  // namespace

void install_local_response_norm(Table& table) {
    table.local_response_norm = local_response_norm;
    table.local_response_norm_backward = local_response_norm_backward;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
