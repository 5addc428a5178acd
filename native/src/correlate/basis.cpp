// An orthonormal basis of the directions in which a layer varies most, from the Gram matrix of a sample of its neurons,
// and the neurons' projections on it. Nothing here has to be accurate for the result to be exact: how far the basis is
// from orthonormal is measured, what a product in float32 may be off is bounded (README.md), and both are paid for by
// the screen's bound.
// Shapes: samples come in pieces of 256, zero beyond the last; a matrix of rows x samples is a sequence of pieces of
// rows x 256. Benchmark: dev.morula.correlate.BasisBenchmark.
#include <cblas.h>
#include <lapack.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

#include "correlate/projection_error.h"
#include "kernel/context.h"

namespace morula {
namespace {

constexpr int64_t piece = MORULA_PIECE;

// The lower triangle of gram (rank x rank) = basis basis^T in float64.
void gram_of(double* gram, double* buffer, const float* basis, int64_t rank, int64_t pieces) {
    const int k = static_cast<int>(rank);
    std::fill(gram, gram + rank * rank, 0.0);
    for (int64_t p = 0; p < pieces; p++, basis += rank * piece) {
        std::copy(basis, basis + rank * piece, buffer);
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, k, piece, 1, buffer, piece, 1, gram, k);
    }
}

// basis = inverse(lower triangle of factor) basis
void solve(float* basis, double* buffer, const double* factor, int64_t rank, int64_t pieces) {
    const int k = static_cast<int>(rank);
    for (int64_t p = 0; p < pieces; p++, basis += rank * piece) {
        std::copy(basis, basis + rank * piece, buffer);
        cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, k, piece, 1, factor, k, buffer,
                    piece);
        std::transform(buffer, buffer + rank * piece, basis, [](double x) { return static_cast<float>(x); });
    }
}

// The largest norm_F(V^T V - I) of the first r rows, for every r, rounded up: what float64 may have lost included.
void deviations_of(double* deviations, const double* gram, int64_t rank, int64_t samples) {
    const double lost = static_cast<double>(samples + 8) * 0x1p-52;
    double squares = 0;
    for (int64_t i = 0; i < rank; i++) {
        for (int64_t j = 0; j <= i; j++) {
            const double off = std::fabs(gram[i * rank + j] - (i == j ? 1 : 0)) + 2 * lost;
            squares += (i == j ? 1 : 2) * off * off;
        }
        deviations[i] = std::sqrt(squares) * (1 + 0x1p-20);
    }
}

}  // namespace
}  // namespace morula

extern "C" {

using namespace morula;

int morula_gram_add(morula_context*, float* gram, const float* rows, int64_t first, int64_t count, int64_t neurons) {
    const int m = static_cast<int>(count), n = static_cast<int>(first + count);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, piece, 1, rows + first * piece, piece, rows, piece, 1,
                gram + first * neurons, static_cast<int>(neurons));
    return MORULA_OK;
}

int morula_principal(morula_context*, float* weights, int64_t* found, float* gram, int64_t neurons, int64_t rank) {
    if (rank < 1 || rank > neurons) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld directions of %lld neurons: at least 1 and at most as many",
                    static_cast<long long>(rank), static_cast<long long>(neurons));
    }
    const int n = static_cast<int>(neurons), first = n - static_cast<int>(rank) + 1;
    const auto width = static_cast<size_t>(neurons);
    std::vector<float> values, vectors, work(1);
    std::vector<int> support, integers(1);
    try {
        values.resize(width);
        vectors.resize(width * static_cast<size_t>(rank));
        support.resize(2 * width);
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for the directions of %lld neurons",
                    static_cast<long long>(neurons));
    }
    // Row-major and lower is column-major and upper. The first call asks how much work space is wanted.
    const float none = 0, tolerance = 0;
    int count = 0, status = 0, length = -1, integer_length = -1;
    for (int call = 0; call < 2; call++) {
        ssyevr_("V", "I", "U", &n, gram, &n, &none, &none, &first, &n, &tolerance, &count, values.data(),
                vectors.data(), &n, support.data(), work.data(), &length, integers.data(), &integer_length, &status
#ifdef LAPACK_FORTRAN_STRLEN_END
                ,
                1, 1, 1
#endif
        );
        if (status != 0) return fail(MORULA_INVALID_ARGUMENT, "LAPACK's ssyevr ended with status %d", status);
        if (call == 1) break;
        length = static_cast<int>(work[0]);
        integer_length = integers[0];
        work.resize(static_cast<size_t>(length));
        integers.resize(static_cast<size_t>(integer_length));
    }
    // Strongest first; what rounding alone can make of the null space is left out.
    *found = 0;
    for (int i = count - 1; i >= 0; i--) {
        const float value = values[static_cast<size_t>(i)];
        if (value <= values[static_cast<size_t>(count - 1)] * 1e-5f) break;
        const float scale = 1 / std::sqrt(value);
        const float* vector = vectors.data() + static_cast<size_t>(i) * width;
        float* row = weights + *found * neurons;
        for (int64_t j = 0; j < neurons; j++) row[j] = vector[j] * scale;
        ++*found;
    }
    return MORULA_OK;
}

int morula_combine(morula_context*, float* basis, const float* weights, const float* rows, int64_t rank,
                   int64_t neurons) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(rank), piece, static_cast<int>(neurons), 1,
                weights, static_cast<int>(neurons), rows, piece, 0, basis, piece);
    return MORULA_OK;
}

int morula_orthonormalise(morula_context*, float* basis, double* deviations, int64_t rank, int64_t pieces) {
    std::vector<double> gram, buffer;
    try {
        gram.resize(static_cast<size_t>(rank * rank));
        buffer.resize(static_cast<size_t>(rank * piece));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for a basis of %lld directions", static_cast<long long>(rank));
    }
    const int k = static_cast<int>(rank);
    int status = 0;
    gram_of(gram.data(), buffer.data(), basis, rank, pieces);
    LAPACK_dpotrf("U", &k, gram.data(), &k, &status);
    if (status != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "direction %d of %d depends on those before it", status, k);
    }
    solve(basis, buffer.data(), gram.data(), rank, pieces);
    gram_of(gram.data(), buffer.data(), basis, rank, pieces);
    deviations_of(deviations, gram.data(), rank, pieces * piece);
    return MORULA_OK;
}

int morula_project(morula_context* context, float* projections, float* workspace, const morula_layer* layer,
                   const morula_neurons* neurons, const morula_basis* basis, int64_t rows) {
    const int m = static_cast<int>(rows), k = static_cast<int>(basis->rank);
    const bool coordinates = basis->rows == nullptr;
    if (layer->order == MORULA_SAMPLE_MAJOR && !coordinates) {
        return project_in_place(context, projections, layer, neurons, basis);
    }
    const int64_t last = coordinates ? std::min(basis->rank, layer->samples) : layer->samples;
    const float* directions = basis->rows;
    for (int64_t from = 0; from < last; from += piece) {
        const int status = morula_standardise_piece(context, workspace, layer, neurons, from, piece);
        if (status != MORULA_OK) return status;
        if (coordinates) {  // the first samples themselves
            const int64_t length = std::min(piece, last - from);
            for (int64_t r = 0; r < rows; r++) {
                std::copy_n(workspace + r * piece, length, projections + r * basis->rank + from);
            }
        } else {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, k, piece, 1, workspace, piece, directions, piece,
                        from == 0 ? 0 : 1, projections, k);
            directions += basis->stored_rank * piece;
        }
    }
    return MORULA_OK;
}

double morula_projection_error(const morula_basis* basis, int64_t samples) {
    const double n = static_cast<double>(samples);
    return projection_error(basis, n, static_cast<double>(piece) + std::ceil(n / static_cast<double>(piece)) + 4);
}

}  // extern "C"
