// Rows for the screen: products of few numbers that are never below a correlation. With p a neuron's projection on the
// basis, p' what it is rounded to, and t >= the norm of what the basis does not see of it,
//   r_ij <= p'_i . p'_j + t_i t_j + a_i + a_j + delta,    a = M e + e^2 / 2,    e >= norm(p' - V^T z),    M = norm(V),
// which is the product of (p', t, a, 1) and (p', t, 1, a). README.md has the proof. Sifting: what refine's products
// decide, and which pairs they leave open.
#include <cmath>
#include <cstring>

#include "correlate/rounding.h"
#include "kernel/context.h"

namespace morula {
namespace {

constexpr int64_t folded = 3;          // numbers of a row beside the projection
constexpr double slack = 1 + 0x1p-40;  // what float64 loses in the few operations here

float of_bits(uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

uint32_t bits_of(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

// The nearest bfloat16 (even), denormals to zero: exactly what the tile units see.
float nearest_bfloat(float x) {
    if (std::fabs(x) < 0x1p-126f) return 0;
    const uint32_t bits = bits_of(x);
    return of_bits((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
}

// The smallest number of the storage type that is not below x >= 0.
float at_least(double x, bool bfloat) {
    float up = static_cast<float>(x);
    if (static_cast<double>(up) < x) up = std::nextafterf(up, INFINITY);
    if (!bfloat) return up;
    if (up != 0 && up < 0x1p-126f) return 0x1p-126f;
    return of_bits((bits_of(up) + 0xffff) & 0xffff0000);
}

struct Rounded {
    double squares, lost;  // sums of p'^2 and of (p - p')^2
};

Rounded round_projection(float* row, const float* projection, int64_t rank, bool bfloat) {
    Rounded sums{0, 0};
    for (int64_t k = 0; k < rank; k++) {
        row[k] = bfloat ? nearest_bfloat(projection[k]) : projection[k];
        const double kept = row[k], off = static_cast<double>(projection[k]) - kept;
        sums.squares += kept * kept;
        sums.lost += off * off;
    }
    return sums;
}

double norm_of(const float* projection, int64_t rank) {
    double squares = 0;
    for (int64_t k = 0; k < rank; k++) squares += static_cast<double>(projection[k]) * projection[k];
    return std::sqrt(squares);
}

}  // namespace
}  // namespace morula

extern "C" {

using namespace morula;

int morula_screen_rows(morula_context* context, float* rows, double* largest, const float* projections,
                       const morula_screen* screen, int64_t count, int side) {
    const int64_t rank = screen->rank;
    const bool bfloat = context->kernels.product.element_bytes == 2;
    const double g = screen->projection_error, delta = screen->deviation;
    const double most = std::sqrt(1 + delta);  // M
    *largest = 0;
    for (int64_t r = 0; r < count; r++, rows += rank + folded, projections += screen->stride) {
        const Rounded sums = round_projection(rows, projections, rank, bfloat);
        const double seen = norm_of(projections, rank) / slack - g;
        const double unseen = 1 - (1 - delta) * (seen > 0 ? seen * seen : 0);
        const double e = std::sqrt(sums.lost) * slack + g, a = (most * e + e * e / 2) * slack;
        const float tail = at_least(std::sqrt(unseen > 0 ? unseen : 0) * slack, bfloat);
        const float error = at_least(a, bfloat);
        if (screen->negated != 0 && side == MORULA_LEFT) {
            for (int64_t k = 0; k < rank; k++) rows[k] = -rows[k];
        }
        rows[rank] = tail;
        rows[rank + 1] = side == MORULA_LEFT ? error : 1;
        rows[rank + 2] = side == MORULA_LEFT ? 1 : error;
        const double squares = sums.squares + static_cast<double>(tail) * tail + static_cast<double>(error) * error + 1;
        *largest = squares > *largest ? squares : *largest;
    }
    return MORULA_OK;
}

int morula_pack_rows(morula_context* context, void* panel, const float* rows, int64_t count, int64_t columns,
                     int side) {
    context->kernels.product.pack_rows(panel, rows, count, columns, side);
    return MORULA_OK;
}

double morula_screen_bound(const morula_context* context, const morula_screen* screen, double largest) {
    const Product& p = context->kernels.product;
    const double columns = static_cast<double>(screen->rank + folded), chain = static_cast<double>(p.chain);
    const double additions = std::fmin(columns, chain) + std::ceil(columns / chain) + 6;
    return (screen->deviation + lost_by(additions) * largest + 0x1p-100) * slack;
}

int morula_refine(morula_context* context, double* sums, const int64_t* pairs, int64_t count, const float* rows,
                  int64_t samples) {
    if (samples % MORULA_PIECE != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld samples: a piece has a multiple of %d",
                    static_cast<long long>(samples), MORULA_PIECE);
    }
    context->kernels.refine(sums, pairs, count, rows, samples);
    return MORULA_OK;
}

double morula_refine_bound(int64_t samples) {
    return (16 * 0x1p-24 + static_cast<double>(samples + 64) * 0x1p-51) * slack;
}

int morula_sift(morula_context*, int64_t* pairs, float* values, int64_t* open, int64_t* counts, const double* sums,
                const morula_selection* selection, double bound) {
    const bool absolute = selection->sign == MORULA_ABSOLUTE;
    const int64_t given = counts[0];
    int64_t edges = 0, left_open = 0;
    for (int64_t p = 0; p < given; p++) {
        const double distance = (absolute ? std::fabs(sums[p]) : sums[p]) - selection->threshold;
        if (std::fabs(distance) <= bound) {
            open[left_open++] = pairs[p];
        } else if (distance > 0) {
            const int64_t i = selection->neurons[pairs[p] >> 32], j = selection->neurons[pairs[p] & 0x7fffffff];
            pairs[edges] = i < j ? i << 32 | j : j << 32 | i;
            values[edges++] = static_cast<float>(std::fmin(1.0, std::fmax(-1.0, sums[p])));
        }
    }
    counts[0] = edges;
    counts[1] = left_open;
    return MORULA_OK;
}

}  // extern "C"
