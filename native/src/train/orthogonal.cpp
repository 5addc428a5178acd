// Random orthogonal weights (Saxe, McClelland and Ganguli, 2014): the orthonormal factor of a matrix of normal numbers,
// with the signs that make the triangular factor's diagonal positive, without which it would not be uniformly
// distributed (Mezzadri, How to generate random matrices from the classical compact groups, 2007). LAPACK goes down the
// columns first, so to it a row-major matrix is its transpose: a wide one has a QR factorisation there, a tall one an
// LQ. Both are done in place.
#include <lapack.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "kernel/context.h"

namespace morula {
namespace {

// A matrix as LAPACK sees it, and what its factorisation takes.
struct Factorisation {
    Factorisation(float* values, int64_t height, int64_t width)
        : matrix(values),
          rows(static_cast<int>(height)),
          columns(static_cast<int>(width)),
          rank(std::min(rows, columns)),
          scales(static_cast<size_t>(rank)),
          factors(static_cast<size_t>(rank)) {}

    int factor() {
        const auto run = rows >= columns ? LAPACK_sgeqrf : LAPACK_sgelqf;
        return with_room([&](float* room, int length, int* status) {
            run(&rows, &columns, matrix, &rows, scales.data(), room, &length, status);
        });
    }

    int assemble() {
        const auto run = rows >= columns ? LAPACK_sorgqr : LAPACK_sorglq;
        return with_room([&](float* room, int length, int* status) {
            run(&rows, &columns, &rank, matrix, &rows, scales.data(), room, &length, status);
        });
    }

    // Calls LAPACK twice: first to learn how much work space it wants.
    template <class Call>
    int with_room(Call call) {
        float wanted = 0;
        int status = 0;
        call(&wanted, -1, &status);
        if (status != 0) return status;
        std::vector<float> room(static_cast<size_t>(wanted));
        call(room.data(), static_cast<int>(wanted), &status);
        return status;
    }

    float& at(int row, int column) { return matrix[static_cast<int64_t>(column) * rows + row]; }

    // Of the triangular factor, which the orthonormal one replaces.
    void keep_signs(float gain) {
        for (int i = 0; i < rank; i++) factors[static_cast<size_t>(i)] = std::copysign(gain, at(i, i));
    }

    void apply_factors() {
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                at(row, column) *= factors[static_cast<size_t>(rows >= columns ? column : row)];
            }
        }
    }

    float* const matrix;
    const int rows, columns, rank;
    std::vector<float> scales;   // of the reflections that LAPACK keeps in the matrix
    std::vector<float> factors;  // the gain, with the signs of the triangular factor
};

int orthogonal_factor(float* matrix, int64_t rows, int64_t columns, float gain) {
    Factorisation factorisation(matrix, columns, rows);
    int status = factorisation.factor();
    if (status == 0) {
        factorisation.keep_signs(gain);
        status = factorisation.assemble();
        factorisation.apply_factors();
    }
    if (status == 0) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "orthogonal_factor: LAPACK ended with status %d", status);
}

}  // namespace
}  // namespace morula

extern "C" int morula_orthogonal_factor(morula_context*, float* matrix, int64_t rows, int64_t columns, double gain) {
    using morula::fail;
    if (rows < 1 || columns < 1 || rows > INT32_MAX || columns > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "orthogonal_factor: a matrix of %lld x %lld, but sizes are 1 to 2^31 - 1",
                    static_cast<long long>(rows), static_cast<long long>(columns));
    }
    try {
        return morula::orthogonal_factor(matrix, rows, columns, static_cast<float>(gain));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory to make %lld x %lld weights orthogonal",
                    static_cast<long long>(rows), static_cast<long long>(columns));
    }
}
