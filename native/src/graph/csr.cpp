// Compressed sparse rows from lists of edges: count the degrees, fill the rows, sort each row by neuron.
// Shapes: edges and edge_values have `count` elements; degrees and row_next one a neuron.
// Plain loops: they wait for memory, not for arithmetic. Benchmark: dev.morula.graph.GraphBenchmark.
#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

#include "kernel/context.h"

extern "C" {

int morula_csr_count(morula_context*, int64_t* degrees, const int64_t* edges, int64_t count) {
    for (int64_t e = 0; e < count; e++) {
        degrees[edges[e] >> 32]++;
        degrees[edges[e] & 0x7fffffff]++;
    }
    return MORULA_OK;
}

int morula_csr_fill(morula_context*, int32_t* indices, float* values, int64_t* row_next, const int64_t* edges,
                    const float* edge_values, int64_t count) {
    const auto put = [&](int64_t row, int64_t neuron, float value) {
        const int64_t at = row_next[row]++;
        indices[at] = static_cast<int32_t>(neuron);
        values[at] = value;
    };
    for (int64_t e = 0; e < count; e++) {
        const int64_t i = edges[e] >> 32, j = edges[e] & 0x7fffffff;
        put(i, j, edge_values[e]);
        put(j, i, edge_values[e]);
    }
    return MORULA_OK;
}

int morula_csr_sort(morula_context*, int32_t* indices, float* values, const int64_t* row_start, int64_t first_row,
                    int64_t rows) {
    try {
        std::vector<std::pair<int32_t, float>> row;
        for (int64_t i = first_row; i < first_row + rows; i++) {
            const int64_t start = row_start[i], degree = row_start[i + 1] - start;
            if (std::is_sorted(indices + start, indices + start + degree)) continue;
            row.resize(static_cast<size_t>(degree));
            for (size_t k = 0; k < row.size(); k++) row[k] = {indices[start + k], values[start + k]};
            std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
            for (size_t k = 0; k < row.size(); k++)
                indices[start + k] = row[k].first, values[start + k] = row[k].second;
        }
        return MORULA_OK;
    } catch (const std::bad_alloc&) {
        return morula::fail(MORULA_OUT_OF_MEMORY, "no memory to sort a row of the graph");
    }
}

}  // extern "C"
