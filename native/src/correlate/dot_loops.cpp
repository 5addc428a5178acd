// sum_k d_i[k] d_j[k] in float64, d_i given and d_j read from the raw layer: the second opinion on a pair.
// Shapes: deviations has `samples` elements. Error: at most (samples + 8) 2^-52 norm(d_i) norm(d_j), in any order.
// Variants: plain loops in independent lanes, vectorised by the compiler for each tier.
// Benchmark: dev.morula.correlate.DecideBenchmark.
#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

double dot(const double* deviations, const morula_layer* layer, int64_t neuron) {
    constexpr int lanes = 32;
    constexpr int64_t chunk = 512;
    double other[chunk], sum[lanes] = {};
    for (int64_t from = 0; from < layer->samples; from += chunk) {
        const int64_t count = layer->samples - from < chunk ? layer->samples - from : chunk;
        read_deviations(other, layer, neuron, from, count);
        int64_t k = 0;
        for (; k + lanes <= count; k += lanes) {
#pragma omp simd
            for (int l = 0; l < lanes; l++) sum[l] += deviations[from + k + l] * other[k + l];
        }
        for (; k < count; k++) sum[0] += deviations[from + k] * other[k];
    }
    double total = 0;
    for (int l = 0; l < lanes; l++) total += sum[l];
    return total;
}

}  // namespace

void install_dot(Table& table) { table.dot = dot; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
