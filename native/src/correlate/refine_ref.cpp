// Products of candidate pairs over one piece of the samples, the reference: sums[p] += z_i . z_j.
// Shapes: rows is positions x samples float32, samples a multiple of 256; a pair is left position << 32 | right one.
// Every 256 samples are added up in float32 in 32 lanes of 8, the lanes as a tree, and the result in float64: together
// with the rounding of z to float32 at most 16 2^-24 are lost (README.md), so a product is within 1e-6 at any length.
// Variants: refine_simd.cpp, which adds in the same order. Benchmark: dev.morula.correlate.RefineBenchmark.
#include "kernel/table.h"

namespace morula {
namespace portable {
namespace {

constexpr int64_t unit = 256;
constexpr int lanes = 32;

float product(const float* a, const float* b) {
    float sum[lanes];
    for (int l = 0; l < lanes; l++) sum[l] = a[l] * b[l];
    for (int64_t k = lanes; k < unit; k += lanes) {
        for (int l = 0; l < lanes; l++) sum[l] += a[k + l] * b[k + l];
    }
    for (int half = lanes / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) sum[l] += sum[l + half];
    }
    return sum[0];
}

void refine(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples) {
    for (int64_t p = 0; p < count; p++) {
        const float *a = rows + (pairs[p] >> 32) * samples, *b = rows + (pairs[p] & 0x7fffffff) * samples;
        for (int64_t from = 0; from < samples; from += unit)
            sums[p] += static_cast<double>(product(a + from, b + from));
    }
}

}  // namespace

void install_refine(Table& table) { table.refine = refine; }

}  // namespace portable
}  // namespace morula
