// Rows for the screen: products of few numbers that are never below a correlation. With p a neuron's projection on the
// basis, p' what it is rounded to, and t >= the norm of what the basis does not see of it,
//   r_ij <= p'_i . p'_j + t_i t_j + a_i + a_j + delta,    a = M e + e^2 / 2,    e >= norm(p' - V^T z),    M = norm(V),
// which is the product of (p', t, a, 1) and (p', t, 1, a). README.md has the proof.
#ifndef MORULA_CORRELATE_SCREEN_ROWS_H
#define MORULA_CORRELATE_SCREEN_ROWS_H

#include <cmath>
#include <cstring>

#include "correlate/rounding.h"
#include "morula.h"

namespace morula {

// What the rows' products take without rounding.
enum class Storage { float32, bfloat };

constexpr int64_t folded = 3;          // numbers of a row beside the projection
constexpr double slack = 1 + 0x1p-40;  // what float64 loses in the few operations here

inline float of_bits(uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

inline uint32_t bits_of(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

// The nearest bfloat16 (even), denormals to zero: exactly what the tile units see.
inline float nearest_bfloat(float x) {
    if (std::fabs(x) < 0x1p-126f) return 0;
    const uint32_t bits = bits_of(x);
    return of_bits((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
}

// The smallest number of the storage type that is not below x >= 0.
inline float at_least(double x, Storage storage) {
    float up = static_cast<float>(x);
    if (static_cast<double>(up) < x) up = std::nextafterf(up, INFINITY);
    if (storage == Storage::float32) return up;
    if (up != 0 && up < 0x1p-126f) return 0x1p-126f;
    return of_bits((bits_of(up) + 0xffff) & 0xffff0000);
}

struct Rounded {
    double squares, lost;  // sums of p'^2 and of (p - p')^2
};

inline Rounded round_projection(float* row, const float* projection, int64_t rank, Storage storage) {
    Rounded sums{0, 0};
    for (int64_t k = 0; k < rank; k++) {
        row[k] = storage == Storage::bfloat ? nearest_bfloat(projection[k]) : projection[k];
        const double kept = row[k], off = static_cast<double>(projection[k]) - kept;
        sums.squares += kept * kept;
        sums.lost += off * off;
    }
    return sums;
}

inline double norm_of(const float* projection, int64_t rank) {
    double squares = 0;
    for (int64_t k = 0; k < rank; k++) squares += static_cast<double>(projection[k]) * projection[k];
    return std::sqrt(squares);
}

// As morula_screen_rows.
inline void make_screen_rows(float* rows, double* largest, const float* projections, const morula_screen* screen,
                             int64_t count, int side, Storage storage) {
    const int64_t rank = screen->rank;
    const double g = screen->projection_error, delta = screen->deviation;
    const double most = std::sqrt(1 + delta);  // M
    *largest = 0;
    for (int64_t r = 0; r < count; r++, rows += rank + folded, projections += screen->stride) {
        const Rounded sums = round_projection(rows, projections, rank, storage);
        const double seen = norm_of(projections, rank) / slack - g;
        const double unseen = 1 - (1 - delta) * (seen > 0 ? seen * seen : 0);
        const double e = std::sqrt(sums.lost) * slack + g, a = (most * e + e * e / 2) * slack;
        const float tail = at_least(std::sqrt(unseen > 0 ? unseen : 0) * slack, storage);
        const float error = at_least(a, storage);
        if (screen->negated != 0 && side == MORULA_LEFT) {
            for (int64_t k = 0; k < rank; k++) rows[k] = -rows[k];
        }
        rows[rank] = tail;
        rows[rank + 1] = side == MORULA_LEFT ? error : 1;
        rows[rank + 2] = side == MORULA_LEFT ? 1 : error;
        const double squares = sums.squares + static_cast<double>(tail) * tail + static_cast<double>(error) * error + 1;
        *largest = squares > *largest ? squares : *largest;
    }
}

// As morula_screen_bound, where a product of `columns` numbers passes through so many roundings to nearest.
inline double screen_bound(const morula_screen* screen, double largest, double roundings) {
    return (screen->deviation + lost_by(roundings) * largest + 0x1p-100) * slack;
}

}  // namespace morula

#endif
