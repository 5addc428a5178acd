// Correlations of two panels of neurons in float32: packed panels, register blocks, products scanned while in cache.
// Shapes: README.md in this folder. Reference: product_ref.cpp. Benchmark: dev.morula.correlate.TileBenchmark.
//
// A register block is MR left rows x 3 vectors of right rows: 24 accumulators of 32 registers in AVX-512, 12 of 16 in
// AVX2. Panels are packed as [chunk of 256 samples][strip of MR or NR rows][sample][row], so that a block reads both
// operands front to back. A chunk's sums start from zero and are then added to the block of products: no float32 chain
// is longer than 256 samples.
#include <immintrin.h>

#include "correlate/survivors.h"
#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

#if defined(__AVX512F__)
using Vector = __m512;
constexpr int MR = 8;
inline Vector load(const float* p) { return _mm512_load_ps(p); }
inline Vector broadcast(float x) { return _mm512_set1_ps(x); }
inline Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
inline Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
inline Vector zero() { return _mm512_setzero_ps(); }
inline void store(float* p, Vector v) { _mm512_store_ps(p, v); }
inline Vector larger(Vector a, Vector b) { return _mm512_max_ps(a, b); }
inline Vector magnitude(Vector a) { return _mm512_abs_ps(a); }
inline bool any_at_least(Vector a, float x) { return _mm512_cmp_ps_mask(a, _mm512_set1_ps(x), _CMP_GE_OQ) != 0; }
#else
using Vector = __m256;
constexpr int MR = 4;
inline Vector load(const float* p) { return _mm256_load_ps(p); }
inline Vector broadcast(float x) { return _mm256_set1_ps(x); }
inline Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
inline Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
inline Vector zero() { return _mm256_setzero_ps(); }
inline void store(float* p, Vector v) { _mm256_store_ps(p, v); }
inline Vector larger(Vector a, Vector b) { return _mm256_max_ps(a, b); }
inline Vector magnitude(Vector a) { return _mm256_and_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff))); }
inline bool any_at_least(Vector a, float x) {
    return _mm256_movemask_ps(_mm256_cmp_ps(a, _mm256_set1_ps(x), _CMP_GE_OQ)) != 0;
}
#endif

constexpr int width = sizeof(Vector) / sizeof(float);
constexpr int NR = 3 * width;
constexpr int64_t chain = 256;
// Sizes chosen with TileBenchmark: products (256 x 528 floats) and one chunk of both panels stay in a 2 MiB cache.
constexpr int64_t left_rows = 256, right_rows = 528, left_panels = 8;

int64_t round_up(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

// [chunk][strip][sample][row in strip]; rows beyond the last are zeros. `read` gives some samples of a row.
template <class Read>
void pack_strips(float* out, int64_t rows, int64_t samples, int side, const Read& read) {
    const int64_t strip = side == MORULA_LEFT ? MR : NR, padded = round_up(rows, strip);
    float z[chain];
    for (int64_t first = 0; first < padded; first += strip) {
        for (int64_t from = 0; from < samples; from += chain) {
            const int64_t count = samples - from < chain ? samples - from : chain;
            float* block = out + from * padded + first * count;
            for (int64_t r = 0; r < strip; r++) {
                if (first + r < rows) read(z, first + r, from, count);
                for (int64_t k = 0; k < count; k++) block[k * strip + r] = first + r < rows ? z[k] : 0;
            }
        }
    }
}

double pack(void* panel, const morula_layer* layer, const int32_t* neurons, int64_t rows, int side) {
    const auto read = [&](float* z, int64_t row, int64_t from, int64_t count) {
        double deviations[chain];
        const double inverse_norm = layer->moments[neurons[row]].inverse_norm;
        read_deviations(deviations, layer, neurons[row], from, count);
        for (int64_t k = 0; k < count; k++) z[k] = static_cast<float>(deviations[k] * inverse_norm);
    };
    pack_strips(static_cast<float*>(panel), rows, layer->samples, side, read);
    return 0x1p-24;
}

void pack_rows(void* panel, const float* rows, int64_t count, int64_t columns, int side) {
    const auto read = [&](float* z, int64_t row, int64_t from, int64_t length) {
        __builtin_memcpy(z, rows + row * columns + from, static_cast<size_t>(length) * sizeof(float));
    };
    pack_strips(static_cast<float*>(panel), count, columns, side, read);
}

// sum[MR][NR] = a (count x MR)^T b (count x NR)
inline void multiply(Vector (&sum)[MR][3], const float* a, const float* b, int64_t count) {
    for (int i = 0; i < MR; i++) sum[i][0] = sum[i][1] = sum[i][2] = zero();
    for (int64_t k = 0; k < count; k++, a += MR, b += NR) {
        const Vector b0 = load(b), b1 = load(b + width), b2 = load(b + 2 * width);
#pragma GCC unroll 8
        for (int i = 0; i < MR; i++) {
            const Vector ai = broadcast(a[i]);
            sum[i][0] = multiply_add(ai, b0, sum[i][0]);
            sum[i][1] = multiply_add(ai, b1, sum[i][1]);
            sum[i][2] = multiply_add(ai, b2, sum[i][2]);
        }
    }
}

void block_product(float* products, const float* a, const float* b, int64_t count, bool first) {
    Vector sum[MR][3];
    multiply(sum, a, b, count);
    for (int i = 0; i < MR; i++, products += right_rows) {
        for (int v = 0; v < 3; v++) {
            float* p = products + v * width;
            store(p, first ? sum[i][v] : add(load(p), sum[i][v]));
        }
    }
}

// A block of few numbers a row, as the screen has them: nearly always no product passes, and none is stored. Returns
// whether one does, and the products then.
bool screen_block(float* products, const float* a, const float* b, int64_t count, const Survivors& s) {
    Vector sum[MR][3];
    multiply(sum, a, b, count);
    Vector largest = s.absolute ? magnitude(sum[0][0]) : sum[0][0];
    for (int i = 0; i < MR; i++) {
        for (int v = 0; v < 3; v++) largest = larger(largest, s.absolute ? magnitude(sum[i][v]) : sum[i][v]);
    }
    if (!any_at_least(largest, s.cut)) return false;
    for (int i = 0; i < MR; i++) {
        for (int v = 0; v < 3; v++) store(products + i * NR + v * width, sum[i][v]);
    }
    return true;
}

void screen(Survivors* survivors, float* products, const morula_tile* t) {
    const float *left = static_cast<const float*>(t->left), *right = static_cast<const float*>(t->right);
    for (int64_t j = 0; j < t->right_rows; j += NR) {
        const int64_t columns = t->right_rows - j < NR ? t->right_rows - j : NR;
        for (int64_t i = 0; i < t->left_rows; i += MR) {
            if (t->left_position + i >= t->right_position + j + columns - 1) break;
            if (!screen_block(products, left + i * t->samples, right + j * t->samples, t->samples, *survivors))
                continue;
            const int64_t rows = t->left_rows - i < MR ? t->left_rows - i : MR;
            for (int64_t r = 0; r < rows; r++) {
                scan_products(survivors, products + r * NR, t->left_position + i + r, t->right_position + j, columns);
            }
        }
    }
}

int64_t tile(int64_t* pairs, void* workspace, const morula_tile* t, float cut, int64_t capacity) {
    Survivors survivors{pairs, capacity, 0, t->sign == MORULA_ABSOLUTE, cut};
    float* products = static_cast<float*>(workspace);
    if (t->samples <= chain) {
        screen(&survivors, products, t);
        return survivors.count;
    }
    const float *left = static_cast<const float*>(t->left), *right = static_cast<const float*>(t->right);
    const int64_t left_padded = round_up(t->left_rows, MR), right_padded = round_up(t->right_rows, NR);
    for (int64_t from = 0; from < t->samples; from += chain) {
        const int64_t count = t->samples - from < chain ? t->samples - from : chain;
        for (int64_t j = 0; j < right_padded; j += NR) {
            for (int64_t i = 0; i < left_padded; i += MR) {
                block_product(products + i * right_rows + j, left + from * left_padded + i * count,
                              right + from * right_padded + j * count, count, from == 0);
            }
        }
    }
    for (int64_t i = 0; i < t->left_rows; i++) {
        scan_products(&survivors, products + i * right_rows, t->left_position + i, t->right_position, t->right_rows);
    }
    return survivors.count;
}

}  // namespace

void install_product(Table& table) {
    static_assert(right_rows % NR == 0 && left_rows % MR == 0, "blocks fill the products exactly");
    Product& product = table.product;
    product.left_rows = left_rows;
    product.right_rows = right_rows;
    product.left_panels = left_panels;
    product.left_strip = MR;
    product.right_strip = NR;
    product.sample_multiple = 1;
    product.element_bytes = sizeof(float);
    product.chain = chain;
    product.workspace_bytes = left_rows * right_rows * int64_t{sizeof(float)};
    product.pack = pack;
    product.pack_rows = pack_rows;
    product.tile = tile;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
