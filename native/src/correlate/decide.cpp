// Decides which surviving pairs are edges: real correlation >= threshold, a tie being an edge.
//   float64:        v = (d_i . d_j) / (norm d_i norm d_j); decided where abs(v - threshold) > eps64
//   double-double:  edge iff cov >= (threshold - 2^-90) sqrt(v_i v_j)
// Compiled once for all tiers; the float64 dot may differ in its last bits between them, but only within eps64, where
// double-double decides. Oracle: exact rational arithmetic in CorrelationOracle (tests). Benchmark: DecideBenchmark.
#include "correlate/decide.h"

#include <cmath>
#include <memory>
#include <new>

#include "kernel/context.h"
#include "kernel/elements.h"

namespace morula {
namespace {

// sum over samples of (s_i a_i - m_i)(s_j a_j - m_j), means and sums in double-double.
struct Pair {
    const morula_layer* layer;
    bool centred;

    template <class Term>
    DoubleDouble sum_over_samples(Term term) const {
        DoubleDouble sum{0, 0};
        for (int64_t k = 0; k < layer->samples; k++) sum = sum + term(k);
        return sum;
    }

    double value(int64_t neuron, int64_t k) const {
        double x;
        read_elements(&x, row_of(layer, neuron), layer->type, k, 1, layer->moments[neuron].scale);
        return x;
    }

    DoubleDouble mean(int64_t neuron) const {
        if (!centred) return {0, 0};
        return sum_over_samples([&](int64_t k) {
                   return DoubleDouble{value(neuron, k), 0};
               }) /
               static_cast<double>(layer->samples);
    }

    DoubleDouble covariance(int64_t i, DoubleDouble mean_i, int64_t j, DoubleDouble mean_j) const {
        return sum_over_samples([&](int64_t k) {
            return (DoubleDouble{value(i, k), 0} - mean_i) * (DoubleDouble{value(j, k), 0} - mean_j);
        });
    }
};

bool edge_in_double_double(const morula_layer* layer, int64_t i, int64_t j, double threshold, bool absolute) {
    ExactProduct product = product_in_double_double(layer, i, j);
    if (absolute && product.covariance.high < 0) product.covariance = -product.covariance;
    const DoubleDouble least = (DoubleDouble{threshold, 0} - DoubleDouble{tie, 0}) * product.norms;
    return (product.covariance - least).high >= 0;
}

}  // namespace

ExactProduct product_in_double_double(const morula_layer* layer, int64_t i, int64_t j) {
    // Cosine moments have no mean, and without one centring changes nothing.
    const bool centred = layer->moments[i].mean_high != 0 || layer->moments[j].mean_high != 0;
    const Pair pair{layer, centred};
    const DoubleDouble mean_i = pair.mean(i), mean_j = pair.mean(j);
    return {pair.covariance(i, mean_i, j, mean_j),
            square_root(pair.covariance(i, mean_i, i, mean_i)) * square_root(pair.covariance(j, mean_j, j, mean_j))};
}

}  // namespace morula

extern "C" int morula_correlate_decide(morula_context* context, int64_t* pairs, float* values, int64_t* count,
                                       int64_t* decided, const morula_layer* layer, const morula_selection* selection) {
    using namespace morula;
    const std::unique_ptr<double[]> deviations(new (std::nothrow) double[static_cast<size_t>(layer->samples)]);
    if (!deviations)
        return fail(MORULA_OUT_OF_MEMORY, "no memory for a row of %lld samples",
                    static_cast<long long>(layer->samples));
    const double eps64 = static_cast<double>(layer->samples + 8) * 0x1p-52, threshold = selection->threshold;
    const bool absolute = selection->sign == MORULA_ABSOLUTE;
    int64_t edges = 0, held = -1;
    decided[0] = decided[1] = 0;
    for (int64_t p = 0; p < *count; p++) {
        const int64_t i = selection->neurons[pairs[p] >> 32], j = selection->neurons[pairs[p] & 0x7fffffff];
        if (i != held) {  // survivors come row by row, so one row of deviations serves many pairs
            read_deviations(deviations.get(), layer, i, 0, layer->samples);
            held = i;
        }
        const double norms = layer->moments[i].inverse_norm * layer->moments[j].inverse_norm;
        const double r = context->kernels.dot(deviations.get(), layer, j) * norms;
        const double distance = (absolute ? std::fabs(r) : r) - threshold;
        const bool open = std::fabs(distance) <= eps64;
        decided[open ? 1 : 0]++;
        if (open ? !edge_in_double_double(layer, i, j, threshold, absolute) : distance < 0) continue;
        pairs[edges] = i < j ? i << 32 | j : j << 32 | i;
        values[edges++] = static_cast<float>(r < -1 ? -1 : r > 1 ? 1 : r);
    }
    *count = edges;
    return MORULA_OK;
}
