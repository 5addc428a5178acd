// A block of the matrix of all correlations, and its mirror image across the diagonal:
//   out[i][j] = out[j][i] = z_i . z_j,  z_i = (scale a_i - mean_i) inverse_norm_i
// Shapes: out is neurons x neurons; the block is given by the rows i and the columns j. A neuron without a correlation
// has NaN, every other one 1 on the diagonal. Computed in float64, through OpenBLAS, and rounded once: within 2^-25 +
// (N + 16) 2^-50 of the real correlation. Samples come in chunks, so that no standardised row is ever whole. Variants:
// none, compiled once for all tiers. Benchmark: dev.morula.correlate.MatrixBenchmark.
#include <cblas.h>

#include <cmath>
#include <memory>
#include <new>

#include "kernel/context.h"
#include "kernel/elements.h"

namespace morula {
namespace {

constexpr int64_t chunk = 512;  // samples

void standardise_chunk(double* out, const morula_layer* layer, int64_t first, int64_t rows, int64_t from,
                       int64_t count) {
    for (int64_t i = first; i < first + rows; i++, out += count) {
        read_deviations(out, layer, i, from, count);
        for (int64_t k = 0; k < count; k++) out[k] *= layer->moments[i].inverse_norm;
    }
}

float rounded(const morula_layer* layer, int64_t i, int64_t j, double r) {
    if (layer->moments[i].inverse_norm == 0 || layer->moments[j].inverse_norm == 0) return NAN;
    return i == j ? 1 : static_cast<float>(r < -1 ? -1 : r > 1 ? 1 : r);
}

void store(float* out, const morula_layer* layer, const morula_block* block, const double* products) {
    for (int64_t row = 0; row < block->rows; row++) {
        for (int64_t column = 0; column < block->columns; column++) {
            const int64_t i = block->first_row + row, j = block->first_column + column;
            const float r = rounded(layer, i, j, products[row * block->columns + column]);
            out[i * layer->neurons + j] = r;
            out[j * layer->neurons + i] = r;
        }
    }
}

}  // namespace
}  // namespace morula

extern "C" int morula_correlation_block(morula_context*, float* out, const morula_layer* layer,
                                        const morula_block* block) {
    using namespace morula;
    const int64_t rows = block->rows, columns = block->columns;
    const std::unique_ptr<double[]> memory(
        new (std::nothrow) double[static_cast<size_t>(rows * columns + (rows + columns) * chunk)]);
    if (!memory)
        return fail(MORULA_OUT_OF_MEMORY, "no memory for a block of %lld x %lld correlations",
                    static_cast<long long>(rows), static_cast<long long>(columns));
    double *const products = memory.get(), *const left = products + rows * columns, *const right = left + rows * chunk;
    for (int64_t from = 0; from < layer->samples; from += chunk) {
        const int64_t count = layer->samples - from < chunk ? layer->samples - from : chunk;
        standardise_chunk(left, layer, block->first_row, rows, from, count);
        standardise_chunk(right, layer, block->first_column, columns, from, count);
        const int m = static_cast<int>(rows), n = static_cast<int>(columns), k = static_cast<int>(count);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, left, k, right, k, from > 0 ? 1 : 0, products,
                    n);
    }
    store(out, layer, block, products);
    return MORULA_OK;
}
