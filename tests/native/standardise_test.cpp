#include "layer.h"

namespace morula_tests {
namespace {

void test_moments(Layer& layer) {
    const int64_t samples = layer.view()->samples;
    for (int64_t i = 0; i < layer.view()->neurons; i++) {
        const morula_moments& m = layer.moments()[i];
        if (m.state != MORULA_NEURON_VARYING) continue;
        double squares = 0;
        for (int64_t k = 0; k < samples; k++) squares += std::pow(layer.row(i)[k] - layer.mean(i), 2);
        CHECK_CLOSE(m.mean, layer.mean(i), 1e-12);
        CHECK_CLOSE(m.deviation, std::sqrt(squares / static_cast<double>(samples)), 1e-12);
        CHECK_CLOSE(m.inverse_norm / m.scale * std::sqrt(layer.covariance(i, i)) * m.scale * m.scale, 1, 1e-12);
    }
}

// Groups of three, the last one smaller, of neurons from back to front.
void test_groups(Context& context, Layer& layer) {
    const int64_t neurons = layer.view()->neurons, samples = layer.view()->samples, groups = (neurons + 2) / 3;
    Buffer<int32_t> members(neurons);
    for (int64_t k = 0; k < neurons; k++) members[k] = static_cast<int32_t>(neurons - 1 - k);
    Buffer<float> means(groups * samples);
    CHECK(morula_standardise(context, means, layer.view(), members, neurons, 3) == MORULA_OK);
    for (int64_t group = 0; group < groups; group++) {
        const int64_t first = 3 * group, last = first + 3 < neurons ? first + 3 : neurons;
        for (int64_t k = 0; k < samples; k++) {
            double sum = 0;
            for (int64_t member = first; member < last; member++) {
                const morula_moments& m = layer.moments()[members[member]];
                sum += (m.scale * layer.row(members[member])[k] - m.mean_high) * m.inverse_norm;
            }
            CHECK_CLOSE(means[group * samples + k], sum / static_cast<double>(last - first), 1e-6);
        }
    }
}

// Twice the rank, less N + 1, is the number of samples below less that of samples above.
template <class Rank>
void test_ranks(Context& context, Layer& layer, int rank_type) {
    const morula_layer* view = layer.view();
    const int64_t samples = view->samples;
    Buffer<Rank> ranks(view->neurons * samples);
    CHECK(morula_rank(context, ranks, rank_type, view->values, static_cast<int>(view->type), view->neurons, samples) ==
          MORULA_OK);
    for (int64_t i = 0; i < view->neurons; i++) {
        for (int64_t k = 0; k < samples; k++) {
            int64_t expected = 0;
            for (int64_t other = 0; other < samples; other++) {
                expected += (layer.row(i)[other] < layer.row(i)[k]) - (layer.row(i)[other] > layer.row(i)[k]);
            }
            CHECK(ranks[i * samples + k] == static_cast<Rank>(expected));
        }
    }
}

void test_wrong_ranks(Context& context) {
    Buffer<float> one(1);
    CHECK(morula_rank(context, one, MORULA_F16, one, MORULA_F32, 1, 1) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_rank(context, one, MORULA_F32, one, 7, 1, 1) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_rank(context, one, MORULA_F32, one, MORULA_F32, 1, 0) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_standardise(Context& context) {
    constexpr int64_t sizes[] = {2, 3, 15, 17, 255, 513, 1021};
    for (const int64_t samples : sizes) {
        for (int type = MORULA_F16; type <= MORULA_F64; type++) {
            for (const int metric : {MORULA_PEARSON, MORULA_COSINE}) {
                Layer layer(context, 7, samples, type, metric);
                test_moments(layer);
                test_groups(context, layer);
                test_ranks<float>(context, layer, MORULA_F32);
                test_ranks<double>(context, layer, MORULA_F64);
            }
        }
    }
    test_wrong_ranks(context);
}

}  // namespace morula_tests
