// Compressed sparse rows of a graph that is larger than memory: as csr.cpp, for some rows of it at a time.
// Shapes: edges and edge_values have `count` elements; degrees one a neuron, row_next one a row of `rows`.
// Several threads scan different edges into the same arrays, hence the atomic additions; rows are sorted afterwards, so
// their order does not matter. Benchmark: dev.morula.graph.AssemblyBenchmark.
#include "kernel/context.h"

namespace {

int64_t post_increment(int64_t* number) { return __atomic_fetch_add(number, 1, __ATOMIC_RELAXED); }

}  // namespace

extern "C" {

int morula_csr_count_rows(morula_context*, int64_t* degrees, const int64_t* edges, int64_t count,
                          const morula_csr_rows* rows) {
    const int64_t end = rows->first_row + rows->rows;
    for (int64_t e = 0; e < count; e++) {
        const int64_t i = edges[e] >> 32, j = edges[e] & 0xffffffff;
        if (i < rows->first_row || i >= end || j <= i || j >= rows->neurons) {
            return morula::fail(MORULA_INVALID_ARGUMENT, "neurons %lld and %lld are no edge of rows %lld:%lld of %lld",
                                static_cast<long long>(i), static_cast<long long>(j),
                                static_cast<long long>(rows->first_row), static_cast<long long>(end),
                                static_cast<long long>(rows->neurons));
        }
        post_increment(degrees + i);
        if (rows->ends == MORULA_BOTH_ENDS) post_increment(degrees + j);
    }
    return MORULA_OK;
}

int morula_csr_fill_rows(morula_context*, int32_t* indices, float* values, int64_t* row_next, const int64_t* edges,
                         const float* edge_values, int64_t count, const morula_csr_rows* rows) {
    const auto put = [&](int64_t row, int64_t neuron, float value) {
        const uint64_t place = static_cast<uint64_t>(row - rows->first_row);
        if (place >= static_cast<uint64_t>(rows->rows)) return;
        const int64_t at = post_increment(row_next + place);
        indices[at] = static_cast<int32_t>(neuron);
        values[at] = value;
    };
    for (int64_t e = 0; e < count; e++) {
        const int64_t i = edges[e] >> 32, j = edges[e] & 0xffffffff;
        put(i, j, edge_values[e]);
        if (rows->ends == MORULA_BOTH_ENDS) put(j, i, edge_values[e]);
    }
    return MORULA_OK;
}

}  // extern "C"
