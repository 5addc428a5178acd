// Refined products of candidate pairs, and decisions in float64.
#include <algorithm>

#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

constexpr double refine_bound = 16 * 0x1p-24;

std::vector<int64_t> all_pairs(int64_t neurons) {
    std::vector<int64_t> pairs;
    for (int64_t i = 0; i < neurons; i++) {
        for (int64_t j = i + 1; j < neurons; j++) pairs.push_back(i << 32 | j);
    }
    return pairs;
}

}  // namespace

// In pieces of 256 and of 512 samples: the sums are the same to the last bit, and near to the correlations.
CUDA_TEST(refined_products) {
    const int64_t neurons = 11, samples = 700;
    const Layer layer(neurons, samples, MORULA_F32, MORULA_NEURON_MAJOR, 1);
    const std::vector<int64_t> pairs = all_pairs(neurons);
    DeviceBuffer<int64_t> list(context, pairs);
    std::vector<std::vector<double>> sums;
    for (const int64_t piece : {256, 768}) {
        DeviceBuffer<double> sum(context, std::vector<double>(pairs.size(), 0));
        for (int64_t from = 0; from < samples; from += piece) {
            std::vector<float> rows(static_cast<size_t>(neurons * piece), 0);
            for (int64_t i = 0; i < neurons; i++) {
                for (int64_t k = 0; k < piece && from + k < samples; k++) {
                    rows[static_cast<size_t>(i * piece + k)] = static_cast<float>(layer.standardised(i, from + k));
                }
            }
            DeviceBuffer<float> device(context, rows);
            CHECK(morula_cuda_refine(context, sum, list, static_cast<int64_t>(pairs.size()), device, piece) ==
                  MORULA_OK);
        }
        sums.push_back(sum.get());
    }
    CHECK(sums[0] == sums[1]);
    for (size_t p = 0; p < pairs.size(); p++) {
        CHECK_CLOSE(sums[0][p], layer.correlation(pairs[p] >> 32, pairs[p] & 0x7fffffff), refine_bound);
    }
    CHECK(morula_cuda_refine(context, nullptr, nullptr, 0, nullptr, 256) == MORULA_OK);
    CHECK(morula_cuda_refine(context, nullptr, list, 1, nullptr, 255) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(decided_pairs) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        for (const int64_t sign : {MORULA_SIGNED, MORULA_ABSOLUTE}) {
            const int64_t neurons = 13;
            const Layer layer(neurons, 301, MORULA_F64, order, 2);
            std::vector<int32_t> list;
            for (int32_t i = 0; i < neurons; i++) list.push_back(static_cast<int32_t>(neurons) - 1 - i);
            std::vector<int64_t> pairs = all_pairs(neurons), open(pairs.size());
            std::vector<float> values(pairs.size());
            const morula_selection selection{list.data(), 0.1, sign};
            int64_t counts[2] = {static_cast<int64_t>(pairs.size()), 0};
            CHECK(morula_cuda_decide(context, pairs.data(), values.data(), open.data(), counts, layer.view(),
                                     &selection) == MORULA_OK);
            int64_t expected = 0;
            for (const int64_t pair : all_pairs(neurons)) {
                const double r = layer.correlation(pair >> 32, pair & 0x7fffffff);
                if ((sign == MORULA_ABSOLUTE ? std::fabs(r) : r) < 0.1) continue;
                expected++;
                const auto found = std::find(pairs.data(), pairs.data() + counts[0], pair);
                CHECK(found < pairs.data() + counts[0]);
                CHECK_CLOSE(values[static_cast<size_t>(found - pairs.data())], r, 1e-7);
            }
            CHECK(expected > 5 && counts[0] == expected && counts[1] == 0);
        }
    }
}

// At a threshold that is a correlation itself, float64 leaves that pair to the host, as positions.
CUDA_TEST(pairs_that_float64_leaves_open) {
    const Layer layer(4, 50, MORULA_F32, MORULA_NEURON_MAJOR, 3);
    const int32_t list[] = {3, 2, 1, 0};
    std::vector<int64_t> pairs = all_pairs(4), open(6, -1);
    std::vector<float> values(6);
    const morula_selection selection{list, layer.correlation(1, 2), MORULA_SIGNED};
    int64_t counts[2] = {6, 0};
    CHECK(morula_cuda_decide(context, pairs.data(), values.data(), open.data(), counts, layer.view(), &selection) ==
          MORULA_OK);
    CHECK(counts[1] == 1 && open[0] == (int64_t{1} << 32 | 2));
}

// Rows of which only few fit together: several batches.
CUDA_TEST(decided_in_several_batches) {
    const int64_t neurons = 6, samples = 500003;
    std::vector<float> raw(static_cast<size_t>(neurons * samples));
    std::vector<morula_moments> moments;
    for (int64_t i = 0; i < neurons; i++) {  // all zeros but for two samples: correlations are simple
        raw[static_cast<size_t>(i * samples + 5)] = 1;
        raw[static_cast<size_t>(i * samples + samples - 1 - i % 2)] = 1;
        moments.push_back({0, 0, 0.5, 1 / std::sqrt(0.5), 0, 0, MORULA_NEURON_VARYING, -1});
    }
    const morula_layer layer{raw.data(), moments.data(), MORULA_F32, neurons, samples, MORULA_NEURON_MAJOR};
    const int32_t list[] = {0, 1, 2, 3, 4, 5};
    std::vector<int64_t> pairs = all_pairs(neurons), open(15);
    std::vector<float> values(15);
    const morula_selection selection{list, 0.75, MORULA_SIGNED};
    int64_t counts[2] = {15, 0};
    CHECK(morula_cuda_decide(context, pairs.data(), values.data(), open.data(), counts, &layer, &selection) ==
          MORULA_OK);
    std::sort(pairs.begin(), pairs.begin() + counts[0]);
    const auto pair = [](int64_t i, int64_t j) { return i << 32 | j; };
    CHECK(counts[1] == 0 &&
          std::vector<int64_t>(pairs.begin(), pairs.begin() + counts[0]) ==
              (std::vector<int64_t>{pair(0, 2), pair(0, 4), pair(1, 3), pair(1, 5), pair(2, 4), pair(3, 5)}));
}
