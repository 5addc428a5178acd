// Refined products of candidate pairs, and decisions in float64.
#include <algorithm>
#include <numeric>

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

// Sums of a list over all samples, refined in pieces of so many.
std::vector<double> refined(morula_cuda_context* context, const Layer& layer, const std::vector<int64_t>& pairs,
                            int64_t piece) {
    const int64_t neurons = layer.view()->neurons, samples = layer.view()->samples;
    DeviceBuffer<int64_t> list(context, pairs);
    DeviceBuffer<double> sums(context, std::vector<double>(pairs.size(), 0));
    for (int64_t from = 0; from < samples; from += piece) {
        std::vector<float> rows(static_cast<size_t>(neurons * piece), 0);
        for (int64_t i = 0; i < neurons; i++) {
            for (int64_t k = 0; k < piece && from + k < samples; k++) {
                rows[static_cast<size_t>(i * piece + k)] = static_cast<float>(layer.standardised(i, from + k));
            }
        }
        DeviceBuffer<float> device(context, rows);
        CHECK(morula_cuda_refine(context, sums, list, static_cast<int64_t>(pairs.size()), device, piece) == MORULA_OK);
    }
    return sums.get();
}

}  // namespace

// Sums are near to the correlations, and the same to the last bit whatever the pieces, and wherever in the list.
CUDA_TEST(refined_products) {
    const Layer layer(23, 700, MORULA_F32, MORULA_NEURON_MAJOR, 1);
    std::vector<int64_t> pairs = all_pairs(23);  // of two blocks
    const std::vector<double> sums = refined(context, layer, pairs, 256);
    for (size_t p = 0; p < pairs.size(); p++) {
        CHECK_CLOSE(sums[p], layer.correlation(pairs[p] >> 32, pairs[p] & 0x7fffffff), refine_bound);
    }
    CHECK(refined(context, layer, pairs, 768) == sums);
    std::vector<size_t> order(pairs.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    std::vector<int64_t> shuffled;
    for (const size_t p : order) shuffled.push_back(pairs[p]);
    const std::vector<double> others = refined(context, layer, shuffled, 256);
    for (size_t p = 0; p < order.size(); p++) CHECK(others[p] == sums[order[p]]);
}

CUDA_TEST(refined_lists_of_any_length) {
    const Layer layer(9, 250, MORULA_F32, MORULA_NEURON_MAJOR, 4);
    const std::vector<int64_t> pairs = all_pairs(9);
    const std::vector<double> sums = refined(context, layer, pairs, 256);
    for (const int64_t count : {1, 3, 4, 15, 16, 17, 33}) {
        const std::vector<int64_t> some(pairs.begin(), pairs.begin() + count);
        CHECK(refined(context, layer, some, 256) == std::vector<double>(sums.begin(), sums.begin() + count));
    }
    CHECK(morula_cuda_refine(context, nullptr, nullptr, 0, nullptr, 256) == MORULA_OK);
    CHECK(morula_cuda_refine(context, nullptr, nullptr, 1, nullptr, 255) == MORULA_INVALID_ARGUMENT);
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
