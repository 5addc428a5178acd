// sum_k d_i[k] d_j[k] in float64, d_i given and d_j read from the raw layer: the second opinion on a pair.
// Shapes: deviations has `samples` elements. Error: at most (samples + 8) 2^-52 norm(d_i) norm(d_j), in any order.
// Variants: plain loops in independent lanes, vectorised by the compiler for each tier.
// Benchmark: dev.morula.correlate.DecideBenchmark.
#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int lanes = 32;

// One pass over the raw row: with a pass each for converting, centring and adding up this took twice as long.
template <class Element>
double dot_of(const double* deviations, const Element* values, int64_t samples, const morula_moments& m) {
    double sum[lanes] = {};
    int64_t k = 0;
    for (; k + lanes <= samples; k += lanes) {
#pragma omp simd
        for (int l = 0; l < lanes; l++) {
            const double deviation = static_cast<double>(values[k + l]) * m.scale - m.mean_high - m.mean_low;
            sum[l] += deviations[k + l] * deviation;
        }
    }
    for (; k < samples; k++) {
        sum[0] += deviations[k] * (static_cast<double>(values[k]) * m.scale - m.mean_high - m.mean_low);
    }
    double total = 0;
    for (int l = 0; l < lanes; l++) total += sum[l];
    return total;
}

// The 16-bit types, whose conversion is not a plain cast: chunk by chunk.
double dot_of_half(const double* deviations, const morula_layer* layer, int64_t neuron) {
    constexpr int64_t chunk = 512;
    constexpr morula_moments centred{0, 0, 1, 0, 0, 0, 0, 0};
    double other[chunk], total = 0;
    for (int64_t from = 0; from < layer->samples; from += chunk) {
        const int64_t count = layer->samples - from < chunk ? layer->samples - from : chunk;
        read_deviations(other, layer, neuron, from, count);
        total += dot_of(deviations + from, other, count, centred);
    }
    return total;
}

double dot(const double* deviations, const morula_layer* layer, int64_t neuron) {
    const void* row = row_of(layer, neuron);
    const morula_moments& m = layer->moments[neuron];
    switch (layer->type) {
        case MORULA_F32:
            return dot_of(deviations, static_cast<const float*>(row), layer->samples, m);
        case MORULA_F64:
            return dot_of(deviations, static_cast<const double*>(row), layer->samples, m);
        default:
            return dot_of_half(deviations, layer, neuron);
    }
}

}  // namespace

void install_dot(Table& table) { table.dot = dot; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
