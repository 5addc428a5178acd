// Entry points of standardise and correlate: argument checks, the error bound, and the tier's kernels.
#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>

#include "correlate/rounding.h"
#include "kernel/context.h"
#include "kernel/elements.h"

namespace morula {
namespace {

constexpr int64_t most_samples = int64_t{1} << 40;

int check_layer(const morula_layer* layer) {
    if (layer->type < MORULA_F16 || layer->type > MORULA_F64) {
        return fail(MORULA_INVALID_ARGUMENT, "element type %lld is not one of 0 to 3",
                    static_cast<long long>(layer->type));
    }
    if (layer->order != MORULA_NEURON_MAJOR) {
        return fail(MORULA_INVALID_ARGUMENT, "a layer of order %lld: this kernel takes neuron-major ones",
                    static_cast<long long>(layer->order));
    }
    if (layer->neurons < 1 || layer->samples < 2 || layer->samples > most_samples) {
        return fail(MORULA_INVALID_ARGUMENT, "a layer of %lld neurons and %lld samples: at least 1 and 2 are needed",
                    static_cast<long long>(layer->neurons), static_cast<long long>(layer->samples));
    }
    return MORULA_OK;
}

int64_t padded(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

float round_down(double x) {
    const float nearest = static_cast<float>(x);
    return static_cast<double>(nearest) <= x ? nearest : std::nextafterf(nearest, -INFINITY);
}

void fill_cuts(float* cuts, const double* thresholds, int64_t position, int64_t rows, double cut) {
    for (int64_t k = 0; k < rows; k++) {
        cuts[k] = round_down(thresholds == nullptr ? cut : thresholds[position + k] + cut);
    }
}

}  // namespace
}  // namespace morula

extern "C" {

using namespace morula;

int morula_moments_of(morula_context* context, morula_moments* moments, const void* values, int type, int64_t neurons,
                      int64_t samples, int metric) {
    const morula_layer layer{values, moments, type, neurons, samples, MORULA_NEURON_MAJOR};
    if (const int status = check_layer(&layer)) return status;
    if (metric != MORULA_PEARSON && metric != MORULA_COSINE) {
        return fail(MORULA_INVALID_ARGUMENT, "metric %d has no moments; Spearman's are those of ranks, by Pearson",
                    metric);
    }
    for (int64_t i = 0; i < neurons; i++) {
        context->kernels.moments(moments + i, row_of(&layer, i), type, samples, metric);
    }
    return MORULA_OK;
}

int morula_standardise(morula_context* context, float* means, const morula_layer* layer, const int32_t* members,
                       int64_t count, int64_t size) {
    if (const int status = check_layer(layer)) return status;
    for (int64_t from = 0; from < count; from += size, means += layer->samples) {
        context->kernels.standardise(means, layer, members + from, count - from < size ? count - from : size);
    }
    return MORULA_OK;
}

void morula_panel_rows(const morula_context* context, int64_t* sizes) {
    sizes[0] = context->kernels.product.left_rows;
    sizes[1] = context->kernels.product.right_rows;
    sizes[2] = context->kernels.product.left_panels;
}

int64_t morula_packed_bytes(const morula_context* context, int side, int64_t rows, int64_t samples) {
    const Product& p = context->kernels.product;
    return padded(rows, side == MORULA_LEFT ? p.left_strip : p.right_strip) * padded(samples, p.sample_multiple) *
           p.element_bytes;
}

int64_t morula_tile_workspace_bytes(const morula_context* context) { return context->kernels.product.workspace_bytes; }

int morula_pack(morula_context* context, void* panel, double* error, const morula_layer* layer, const int32_t* neurons,
                int64_t rows, int side) {
    if (const int status = check_layer(layer)) return status;
    // What rounding to the packed type lost, plus what float64 lost in mean, norm and quotient.
    *error = context->kernels.product.pack(panel, layer, neurons, rows, side) * (1 + 0x1p-20) +
             static_cast<double>(layer->samples + 16) * 0x1p-51;
    return MORULA_OK;
}

double morula_tile_bound(const morula_context* context, double left_error, double right_error, int64_t samples) {
    const Product& p = context->kernels.product;
    const double chain = static_cast<double>(samples < p.chain ? samples : p.chain);
    const double additions = chain + std::ceil(static_cast<double>(samples) / static_cast<double>(p.chain)) + 6;
    const double accumulation = lost_by(additions) * (1 + left_error) * (1 + right_error) + 0x1p-100;
    return left_error + right_error + left_error * right_error + accumulation;
}

int morula_correlate_tile(morula_context* context, int64_t* pairs, int64_t* count, void* workspace,
                          const morula_tile* tile, double cut, int64_t capacity) {
    const Product& p = context->kernels.product;
    *count = 0;
    if (tile->left_rows > p.left_rows || tile->right_rows > p.right_rows) {
        return fail(MORULA_INVALID_ARGUMENT, "a tile of %lld x %lld neurons: this tier takes %lld x %lld at most",
                    static_cast<long long>(tile->left_rows), static_cast<long long>(tile->right_rows),
                    static_cast<long long>(p.left_rows), static_cast<long long>(p.right_rows));
    }
    const std::unique_ptr<float[]> room(new (std::nothrow) float[static_cast<size_t>(p.left_rows + p.right_rows)]);
    if (!room) return fail(MORULA_OUT_OF_MEMORY, "no memory for the cuts of a tile");
    const Cuts cuts{room.get(), room.get() + p.left_rows};
    fill_cuts(room.get(), tile->thresholds, tile->left_position, tile->left_rows, cut);
    fill_cuts(room.get() + p.left_rows, tile->thresholds, tile->right_position, tile->right_rows, cut);
    int64_t found = p.tile(pairs, workspace, tile, cuts, capacity);
    if (tile->negated != nullptr && found <= capacity) {
        morula_tile other = *tile;
        other.left = tile->negated;
        int64_t* more = pairs + found;
        found += p.tile(more, workspace, &other, cuts, capacity - found);
        if (found <= capacity) {
            std::sort(pairs, pairs + found);
            found = std::unique(pairs, pairs + found) - pairs;
        }
    }
    if (found > capacity) {
        return fail(MORULA_OVERFLOW, "%lld pairs passed the cut, the list holds %lld", static_cast<long long>(found),
                    static_cast<long long>(capacity));
    }
    *count = found;
    return MORULA_OK;
}

int morula_product(morula_context*, float* out, const float* left, const float* right, int64_t m, int64_t n,
                   int64_t k) {
    if (m > INT32_MAX || n > INT32_MAX || k > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "a product of %lld x %lld x %lld is more than OpenBLAS takes in one call",
                    static_cast<long long>(m), static_cast<long long>(n), static_cast<long long>(k));
    }
    const int mm = static_cast<int>(m), nn = static_cast<int>(n), kk = static_cast<int>(k);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, mm, nn, kk, 1, left, kk, right, kk, 0, out, nn);
    return MORULA_OK;
}

}  // extern "C"
