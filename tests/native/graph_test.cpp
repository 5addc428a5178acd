#include <set>

#include "support.h"

namespace morula_tests {

void test_graph(Context& context) {
    constexpr int64_t neurons = 101, wanted = 1500;
    std::mt19937_64 random;
    std::set<std::pair<int64_t, int64_t>> set;
    while (set.size() < wanted) {
        const int64_t i = static_cast<int64_t>(random() % neurons), j = static_cast<int64_t>(random() % neurons);
        if (i < j) set.insert({i, j});
    }
    Buffer<int64_t> edges(wanted), degrees(neurons), start(neurons + 1), next(neurons);
    Buffer<float> edge_values(wanted), values(2 * wanted);
    Buffer<int32_t> indices(2 * wanted);
    int64_t at = wanted;  // from the back, so that rows need sorting
    for (const auto& [i, j] : set) {
        edges[--at] = i << 32 | j;
        edge_values[at] = static_cast<float>(i * neurons + j);
    }
    for (int64_t& degree : degrees) degree = 0;
    CHECK(morula_csr_count(context, degrees, edges, wanted) == MORULA_OK);
    start[0] = 0;
    for (int64_t i = 0; i < neurons; i++) {
        next[i] = start[i];
        start[i + 1] = start[i] + degrees[i];
    }
    CHECK(start[neurons] == 2 * wanted);
    CHECK(morula_csr_fill(context, indices, values, next, edges, edge_values, wanted) == MORULA_OK);
    CHECK(morula_csr_sort(context, indices, values, start, 0, neurons) == MORULA_OK);
    for (int64_t i = 0; i < neurons; i++) {
        CHECK(next[i] == start[i + 1]);
        for (int64_t k = start[i]; k < start[i + 1]; k++) {
            const int64_t j = indices[k], low = i < j ? i : j, high = i < j ? j : i;
            CHECK(k == start[i] || indices[k - 1] < j);
            CHECK(set.count({low, high}) == 1 && values[k] == static_cast<float>(low * neurons + high));
        }
    }
}

}  // namespace morula_tests
