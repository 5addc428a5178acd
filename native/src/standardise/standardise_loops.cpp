// Moments of a neuron, and its standardised row.
//   z = (s a - mu) / norm(s a - mu),  s a power of two, mu the mean of s a (0 for cosine)
// Shapes: a layer is neurons x samples; everything here works on one row of `samples` elements.
// Variants: plain loops in independent lanes, vectorised by the compiler for each tier.
// Benchmark: dev.morula.standardise.MomentsBenchmark.
#include <math.h>

#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int lanes = 16;
constexpr int64_t chunk = 512;  // doubles on the stack; a multiple of lanes

struct Range {
    double smallest, largest;
    bool finite;
};

Range range_of(const void* row, int64_t type, int64_t samples) {
    double buffer[chunk], low[lanes], high[lanes], bad[lanes];
    for (int l = 0; l < lanes; l++) low[l] = INFINITY, high[l] = -INFINITY, bad[l] = 0;
    for (int64_t from = 0; from < samples; from += chunk) {
        const int64_t count = samples - from < chunk ? samples - from : chunk;
        read_elements(buffer, row, type, from, count, 1);
        for (int64_t k = count; k % lanes != 0; k++) buffer[k] = buffer[0];
        for (int64_t k = 0; k < count; k += lanes) {
#pragma omp simd
            for (int l = 0; l < lanes; l++) {
                const double x = buffer[k + l];
                low[l] = x < low[l] ? x : low[l];
                high[l] = x > high[l] ? x : high[l];
                bad[l] += x - x;  // 0 for a finite x, else NaN
            }
        }
    }
    Range range{low[0], high[0], true};
    for (int l = 0; l < lanes; l++) {
        range.smallest = low[l] < range.smallest ? low[l] : range.smallest;
        range.largest = high[l] > range.largest ? high[l] : range.largest;
        range.finite = range.finite && bad[l] == 0;
    }
    return range;
}

int64_t first_nonfinite(const void* row, int64_t type, int64_t samples) {
    for (int64_t k = 0; k < samples; k++) {
        double x;
        read_elements(&x, row, type, k, 1, 1);
        if (x - x != 0) return k;
    }
    return -1;
}

// The mean of scale * a as mean_high + mean_low: compensated sums (Knuth's TwoSum) lose nothing that matters at any N.
void mean_of(double* mean_high, double* mean_low, const void* row, int64_t type, int64_t samples, double scale) {
    double buffer[chunk], sum[lanes] = {}, lost[lanes] = {};
    for (int64_t from = 0; from < samples; from += chunk) {
        const int64_t count = samples - from < chunk ? samples - from : chunk;
        read_elements(buffer, row, type, from, count, scale);
        for (int64_t k = count; k % lanes != 0; k++) buffer[k] = 0;
        for (int64_t k = 0; k < count; k += lanes) {
#pragma omp simd
            for (int l = 0; l < lanes; l++) {
                const double x = buffer[k + l], t = sum[l] + x, z = t - sum[l];
                lost[l] += (sum[l] - (t - z)) + (x - z);
                sum[l] = t;
            }
        }
    }
    double total = 0, rest = 0;
    for (int l = 0; l < lanes; l++) {
        const double t = total + sum[l], z = t - total;
        rest += (total - (t - z)) + (sum[l] - z) + lost[l];
        total = t;
    }
    const double n = static_cast<double>(samples), high = (total + rest) / n;
    *mean_high = high;
    *mean_low = (fma(-high, n, total) + rest) / n;
}

double norm_of(const void* row, int64_t type, int64_t samples, const morula_moments& m) {
    double buffer[chunk], sum[lanes] = {};
    for (int64_t from = 0; from < samples; from += chunk) {
        const int64_t count = samples - from < chunk ? samples - from : chunk;
        read_elements(buffer, row, type, from, count, m.scale);
        for (int64_t k = 0; k < count; k++) buffer[k] = buffer[k] - m.mean_high - m.mean_low;
        for (int64_t k = count; k % lanes != 0; k++) buffer[k] = 0;
        for (int64_t k = 0; k < count; k += lanes) {
#pragma omp simd
            for (int l = 0; l < lanes; l++) sum[l] += buffer[k + l] * buffer[k + l];
        }
    }
    double total = 0;
    for (int l = 0; l < lanes; l++) total += sum[l];
    return sqrt(total);
}

// 2^-exponent of x > 0, kept in the range of normal numbers.
double power_of_two_scale(double x) {
    int exponent;
    frexp(x, &exponent);
    return ldexp(1.0, exponent < -1021 ? 1021 : -exponent);
}

void moments(morula_moments* m, const void* row, int64_t type, int64_t samples, int metric) {
    *m = morula_moments{0, 0, 1, 0, 0, 0, MORULA_NEURON_VARYING, -1};
    const Range range = range_of(row, type, samples);
    if (!range.finite) {
        m->state = MORULA_NEURON_NON_FINITE;
        m->first_nonfinite = static_cast<double>(first_nonfinite(row, type, samples));
        return;
    }
    const bool constant = range.smallest == range.largest, zero = constant && range.smallest == 0;
    if (constant) {
        m->state = zero ? MORULA_NEURON_NEVER_ACTIVE : MORULA_NEURON_CONSTANT;
        m->mean = zero ? 0 : range.smallest;  // never -0
        if (zero || metric == MORULA_PEARSON) return;
    }
    const double largest = range.largest > -range.smallest ? range.largest : -range.smallest;
    m->scale = power_of_two_scale(largest);
    mean_of(&m->mean_high, &m->mean_low, row, type, samples, m->scale);
    const double deviation_norm = constant ? 0 : norm_of(row, type, samples, *m);
    m->mean = m->mean_high / m->scale;
    m->deviation = deviation_norm / sqrt(static_cast<double>(samples)) / m->scale;
    if (metric == MORULA_COSINE) m->mean_high = m->mean_low = 0;
    m->inverse_norm = 1 / (metric == MORULA_COSINE ? norm_of(row, type, samples, *m) : deviation_norm);
}

void standardise(float* mean, const morula_layer* layer, const int32_t* members, int64_t count) {
    double deviations[chunk], sum[chunk];
    for (int64_t from = 0; from < layer->samples; from += chunk) {
        const int64_t length = layer->samples - from < chunk ? layer->samples - from : chunk;
        for (int64_t k = 0; k < length; k++) sum[k] = 0;
        for (int64_t member = 0; member < count; member++) {
            const double weight = layer->moments[members[member]].inverse_norm / static_cast<double>(count);
            if (weight == 0) continue;  // no correlation with anything: counts as a row of zeros
            read_deviations(deviations, layer, members[member], from, length);
            for (int64_t k = 0; k < length; k++) sum[k] += deviations[k] * weight;
        }
        for (int64_t k = 0; k < length; k++) mean[from + k] = static_cast<float>(sum[k]);
    }
}

template <class Element>
void standardise_elements(float* z, const Element* values, int64_t count, const morula_moments& m) {
#pragma omp simd
    for (int64_t k = 0; k < count; k++) {
        const double deviation = static_cast<double>(values[k]) * m.scale - m.mean_high - m.mean_low;
        z[k] = static_cast<float>(deviation * m.inverse_norm);
    }
}

void standardise_piece(float* z, const morula_layer* layer, int64_t neuron, int64_t from, int64_t count) {
    const char* values = static_cast<const char*>(row_of(layer, neuron)) + from * element_bytes(layer->type);
    const morula_moments& m = layer->moments[neuron];
    if (layer->type == MORULA_F32) {
        standardise_elements(z, reinterpret_cast<const float*>(values), count, m);
    } else if (layer->type == MORULA_F64) {
        standardise_elements(z, reinterpret_cast<const double*>(values), count, m);
    } else {
        double deviations[chunk];
        for (int64_t k = 0; k < count; k += chunk) {
            const int64_t length = count - k < chunk ? count - k : chunk;
            read_deviations(deviations, layer, neuron, from + k, length);
            for (int64_t i = 0; i < length; i++) z[k + i] = static_cast<float>(deviations[i] * m.inverse_norm);
        }
    }
}

}  // namespace

void install_standardise(Table& table) {
    table.moments = moments;
    table.standardise = standardise;
    table.standardise_piece = standardise_piece;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
