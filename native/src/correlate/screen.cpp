// Screening: rows whose products are never below a correlation (screen_rows.h), and what refine's products decide, and
// which pairs they leave open.
#include <cmath>

#include "correlate/screen_rows.h"
#include "kernel/context.h"

extern "C" {

using namespace morula;

int morula_screen_rows(morula_context* context, float* rows, double* largest, const float* projections,
                       const morula_screen* screen, int64_t count, int side) {
    const bool bfloat = context->kernels.product.element_bytes == 2;
    make_screen_rows(rows, largest, projections, screen, count, side, bfloat ? Storage::bfloat : Storage::float32);
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
    return screen_bound(screen, largest, additions);
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
