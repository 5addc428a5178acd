// Dense linear algebra in float64, which OpenBLAS and LAPACK do: nothing here is once a tier. Timed by
// AlgebraBenchmark.
#include <cblas.h>
#include <lapack.h>

#include <new>
#include <vector>

#include "kernel/context.h"
#include "morula_redundancy.h"

namespace {

using morula::fail;

constexpr int64_t kSamples = 256;  // widened at a time: two panels of 512 neurons then stay in the second cache

long long shown(int64_t n) { return static_cast<long long>(n); }

// panel (samples x count) = `count` columns of values from `first` on, less their means.
void centre(double* panel, const float* values, const double* means, int64_t samples, int64_t neurons, int64_t first,
            int64_t count) {
    for (int64_t n = 0; n < samples; n++) {
        const float* row = values + n * neurons + first;
        for (int64_t i = 0; i < count; i++) panel[n * count + i] = static_cast<double>(row[i]) - means[first + i];
    }
}

}  // namespace

extern "C" {

int morula_gram(morula_context*, double* gram, const float* values, const double* means,
                const morula_gram_shape* shape) {
    const morula_block& block = shape->block;
    const auto rows = static_cast<int>(block.rows), columns = static_cast<int>(block.columns);
    const int64_t neurons = shape->neurons;
    std::vector<double> left, right;
    try {
        left.resize(static_cast<size_t>(kSamples * block.rows));
        right.resize(static_cast<size_t>(kSamples * block.columns));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for a block of %lld x %lld neurons", shown(block.rows),
                    shown(block.columns));
    }
    double* out = gram + block.first_row * neurons + block.first_column;
    for (int64_t first = 0; first < shape->samples; first += kSamples) {
        const int64_t samples = shape->samples - first < kSamples ? shape->samples - first : kSamples;
        const float* part = values + first * neurons;
        centre(left.data(), part, means, samples, neurons, block.first_row, block.rows);
        centre(right.data(), part, means, samples, neurons, block.first_column, block.columns);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, rows, columns, static_cast<int>(samples), 1, left.data(),
                    rows, right.data(), columns, first == 0 ? 0 : 1, out, static_cast<int>(neurons));
    }
    for (int64_t r = 0; r < block.rows; r++) {
        for (int64_t c = 0; c < block.columns; c++) {
            gram[(block.first_column + c) * neurons + block.first_row + r] = out[r * neurons + c];
        }
    }
    return MORULA_OK;
}

int morula_eigenvalues(morula_context*, double* eigenvalues, double* matrix, int64_t size) {
    if (size < 1 || size > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "eigenvalues: of a matrix of %lld rows", shown(size));
    }
    const int n = static_cast<int>(size);
    std::vector<double> work(1);
    std::vector<int> integers(1);
    int status = 0, length = -1, integer_length = -1;
    try {
        for (int call = 0; call < 2; call++) {  // the first one asks how much work space is wanted
            dsyevd_("N", "U", &n, matrix, &n, eigenvalues, work.data(), &length, integers.data(), &integer_length,
                    &status
#ifdef LAPACK_FORTRAN_STRLEN_END
                    ,
                    1, 1
#endif
            );
            if (status != 0) return fail(MORULA_INVALID_ARGUMENT, "LAPACK's dsyevd ended with status %d", status);
            if (call == 1) break;
            length = static_cast<int>(work[0]);
            integer_length = integers[0];
            work.resize(static_cast<size_t>(length));
            integers.resize(static_cast<size_t>(integer_length));
        }
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for the eigenvalues of a matrix of %lld rows", shown(size));
    }
    return MORULA_OK;
}

}  // extern "C"
