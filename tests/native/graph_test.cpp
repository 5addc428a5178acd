#include <set>

#include "support.h"

namespace morula_tests {

// Some rows at a time, the same rows as all at once.
static void check_rows(Context& context, Buffer<int64_t>& edges, Buffer<float>& edge_values, int64_t ends) {
    constexpr int64_t neurons = 101;
    Buffer<int64_t> degrees(neurons);
    for (int64_t& degree : degrees) degree = 0;
    const morula_csr_rows all{0, neurons, neurons, ends};
    CHECK(morula_csr_count_rows(context, degrees, edges, edges.count(), &all) == MORULA_OK);
    for (int64_t first = 0; first < neurons; first += 17) {
        const int64_t rows = first + 17 < neurons ? 17 : neurons - first;
        const morula_csr_rows some{first, rows, neurons, ends};
        Buffer<int64_t> start(rows + 1), next(rows);
        start[0] = 0;
        for (int64_t i = 0; i < rows; i++) {
            next[i] = start[i];
            start[i + 1] = start[i] + degrees[first + i];
        }
        Buffer<int32_t> indices(start[rows]);
        Buffer<float> values(start[rows]);
        CHECK(morula_csr_fill_rows(context, indices, values, next, edges, edge_values, edges.count(), &some) ==
              MORULA_OK);
        for (int64_t i = 0; i < rows; i++) {
            CHECK(next[i] == start[i + 1]);
            for (int64_t k = start[i]; k < start[i + 1]; k++) {
                const int64_t row = first + i, j = indices[k], low = row < j ? row : j, high = row < j ? j : row;
                CHECK(ends == MORULA_BOTH_ENDS || row == low);
                CHECK(values[k] == static_cast<float>(low * neurons + high));
            }
        }
    }
    const morula_csr_rows too_few{1, neurons - 1, neurons, ends}, too_small{0, neurons, neurons - 1, ends};
    CHECK(morula_csr_count_rows(context, degrees, edges, edges.count(), &too_few) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_csr_count_rows(context, degrees, edges, edges.count(), &too_small) == MORULA_INVALID_ARGUMENT);
}

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
    check_rows(context, edges, edge_values, MORULA_BOTH_ENDS);
    check_rows(context, edges, edge_values, MORULA_SMALLER_END);
}

}  // namespace morula_tests
