// Correlations of two panels of neurons, the reference: r_ij = sum_k z_i[k] z_j[k] in float32, in chains of 256
// samples. Shapes: a packed panel is rows x samples float32, row-major. README.md in this folder has the error bound.
// Variants: product_simd.cpp (float32, AVX2 and AVX-512), product_amx.cpp (bfloat16). Benchmark: TileBenchmark.
#include "correlate/survivors.h"
#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace portable {
namespace {

constexpr int64_t chain = 256;
constexpr int64_t panel_rows = 128;

double pack(void* panel, const morula_layer* layer, const int32_t* neurons, int64_t rows, int) {
    double deviations[chain];
    for (int64_t row = 0; row < rows; row++) {
        float* z = static_cast<float*>(panel) + row * layer->samples;
        const double inverse_norm = layer->moments[neurons[row]].inverse_norm;
        for (int64_t from = 0; from < layer->samples; from += chain) {
            const int64_t count = layer->samples - from < chain ? layer->samples - from : chain;
            read_deviations(deviations, layer, neurons[row], from, count);
            for (int64_t k = 0; k < count; k++) z[from + k] = static_cast<float>(deviations[k] * inverse_norm);
        }
    }
    return 0x1p-24;
}

void pack_rows(void* panel, const float* rows, int64_t count, int64_t columns, int) {
    float* out = static_cast<float*>(panel);
    for (int64_t k = 0; k < count * columns; k++) out[k] = rows[k];
}

float chained_product(const float* a, const float* b, int64_t samples) {
    float total = 0;
    for (int64_t from = 0; from < samples; from += chain) {
        const int64_t end = samples < from + chain ? samples : from + chain;
        float sum = 0;
        for (int64_t k = from; k < end; k++) sum += a[k] * b[k];
        total += sum;
    }
    return total;
}

int64_t tile(int64_t* pairs, void* workspace, const morula_tile* t, const Cuts& cuts, int64_t capacity) {
    Survivors survivors{pairs, capacity, 0, t->sign == MORULA_ABSOLUTE, cuts};
    float* products = static_cast<float*>(workspace);
    for (int64_t i = 0; i < t->left_rows; i++) {
        const float* a = static_cast<const float*>(t->left) + i * t->samples;
        for (int64_t j = 0; j < t->right_rows; j++) {
            products[j] = chained_product(a, static_cast<const float*>(t->right) + j * t->samples, t->samples);
        }
        scan_products(&survivors, products, t, i, 0, t->right_rows);
    }
    return survivors.count;
}

}  // namespace

void install_product(Table& table) {
    Product& product = table.product;
    product.left_rows = panel_rows;
    product.right_rows = panel_rows;
    product.left_panels = 16;
    product.left_strip = 1;
    product.right_strip = 1;
    product.sample_multiple = 1;
    product.element_bytes = sizeof(float);
    product.chain = chain;
    product.workspace_bytes = panel_rows * int64_t{sizeof(float)};
    product.pack = pack;
    product.pack_rows = pack_rows;
    product.tile = tile;
}

}  // namespace portable
}  // namespace morula
