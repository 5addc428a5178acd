// Adds up the parts of a gradient that were computed from samples of their own: columns of parts x size numbers into
// the first row, in the order of the rows, so that the sum does not depend on who computed which. Memory-bound: plain
// loops that the compiler vectorises, in pieces that stay in the L1 cache while all parts pass by. Timed by
// ConvolutionBenchmark as part of a whole backward pass.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t piece = 2048;

void add(float* sums, const float* values, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) sums[i] += values[i];
}

void add_parts(float* sums, int64_t parts, int64_t size, int64_t first, int64_t count) {
    for (int64_t i = first; i < first + count; i += piece) {
        const int64_t some = first + count - i < piece ? first + count - i : piece;
        for (int64_t part = 1; part < parts; part++) add(sums + i, sums + part * size + i, some);
    }
}

}  // namespace

void install_parts(Table& table) { table.add_parts = add_parts; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
