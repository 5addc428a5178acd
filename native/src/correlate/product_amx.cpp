// Correlations of two panels of neurons in bfloat16 on AMX tiles, at several times the rate of float32. Exact all the
// same: packing measures the error that rounding to bfloat16 made, the cut is lowered by it, and the few pairs that
// this lets through wrongly are sorted out in float64 (decide.cpp), as every survivor is. Shapes: README.md in this
// folder. Reference: product_ref.cpp. Benchmark: dev.morula.correlate.TileBenchmark.
//
// A register block is 32 x 32 products in 4 tiles. Panels are packed as [pair of 16-row tiles][step of 32
// samples][tile], the right one with pairs of samples interleaved as TDPBF16PS wants its second operand; both are read
// front to back.
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "correlate/survivors.h"
#include "kernel/elements.h"
#include "kernel/table.h"
#include "kernel/tiles.h"

namespace morula {
namespace amx {
namespace {

constexpr int64_t step = 32;            // samples a tile holds
constexpr int64_t pair = 32;            // rows of two tiles
constexpr int64_t tile_elements = 512;  // 16 rows x 32 samples
constexpr int64_t chain = 512;          // samples added up in tiles before they are added to the products
// Sizes chosen with TileBenchmark: products (256 x 512 floats) and one chain of both panels stay in a 2 MiB cache.
constexpr int64_t left_rows = 256, right_rows = 512, left_panels = 16;
constexpr int64_t products_bytes = left_rows * right_rows * int64_t{sizeof(float)};

int64_t round_up(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

// Rounds 32 standardised values to bfloat16 (nearest even, denormals to zero); adds the squares of what that lost.
__m512i round_to_bfloat16(const double* z, __m512d* lost) {
    __m256 quarter[4];
    for (int q = 0; q < 4; q++) quarter[q] = _mm512_cvtpd_ps(_mm512_loadu_pd(z + 8 * q));
    const __m512 low = _mm512_insertf32x8(_mm512_castps256_ps512(quarter[0]), quarter[1], 1);
    const __m512 high = _mm512_insertf32x8(_mm512_castps256_ps512(quarter[2]), quarter[3], 1);
    const __m512i rounded = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
    for (int half = 0; half < 2; half++) {
        const __m256i sixteen = half == 0 ? _mm512_castsi512_si256(rounded) : _mm512_extracti64x4_epi64(rounded, 1);
        const __m512 back = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(sixteen), 16));
        for (int quad = 0; quad < 2; quad++) {
            const __m256 eight = quad == 0 ? _mm512_castps512_ps256(back) : _mm512_extractf32x8_ps(back, 1);
            const __m512d d = _mm512_sub_pd(_mm512_loadu_pd(z + 16 * half + 8 * quad), _mm512_cvtps_pd(eight));
            *lost = _mm512_fmadd_pd(d, d, *lost);
        }
    }
    return rounded;
}

// 16 x 16 transposition of 32-bit elements: rows of sample pairs become what the second operand of TDPBF16PS is.
void transpose_16x16(uint32_t* tile) {
    for (int i = 1; i < 16; i++) {
        for (int j = 0; j < i; j++) {
            const uint32_t swapped = tile[16 * i + j];
            tile[16 * i + j] = tile[16 * j + i];
            tile[16 * j + i] = swapped;
        }
    }
}

// Packs rows that `read` gives, a chain of samples at a time, in float64; returns the largest norm of what rounding
// lost.
template <class Read>
double pack_tiles(uint16_t* out, int64_t rows, int64_t samples, int side, const Read& read) {
    const int64_t padded_samples = round_up(samples, step), padded_rows = round_up(rows, pair);
    double z[chain];
    double largest = 0;
    for (int64_t row = 0; row < padded_rows; row++) {
        uint16_t* tiles =
            out + (row / pair * pair) * padded_samples + row % pair / 16 * tile_elements + row % 16 * step;
        __m512d lost = _mm512_setzero_pd();
        for (int64_t from = 0; from < padded_samples; from += chain) {
            const int64_t padded = padded_samples - from < chain ? padded_samples - from : chain;
            int64_t count = row >= rows ? 0 : samples - from < chain ? samples - from : chain;
            if (count > 0) read(z, row, from, count);
            for (; count < padded; count++) z[count] = 0;
            for (int64_t k = 0; k < padded; k += step) {
                _mm512_storeu_si512(tiles + (from + k) / step * 2 * tile_elements, round_to_bfloat16(z + k, &lost));
            }
        }
        const double squares = _mm512_reduce_add_pd(lost);
        largest = squares > largest ? squares : largest;
    }
    if (side == MORULA_RIGHT) {
        for (int64_t t = 0; t < padded_rows * padded_samples; t += tile_elements) {
            transpose_16x16(reinterpret_cast<uint32_t*>(out + t));
        }
    }
    return sqrt(largest);
}

double pack(void* panel, const morula_layer* layer, const int32_t* neurons, int64_t rows, int side) {
    const auto read = [&](double* z, int64_t row, int64_t from, int64_t count) {
        const double inverse_norm = layer->moments[neurons[row]].inverse_norm;
        read_deviations(z, layer, neurons[row], from, count);
        for (int64_t k = 0; k < count; k++) z[k] *= inverse_norm;
    };
    const double lost = pack_tiles(static_cast<uint16_t*>(panel), rows, layer->samples, side, read);
    return lost * (1 + 0x1p-20) + 0x1p-100;
}

void pack_rows(void* panel, const float* rows, int64_t count, int64_t columns, int side) {
    const auto read = [&](double* z, int64_t row, int64_t from, int64_t length) {
        for (int64_t k = 0; k < length; k++) z[k] = static_cast<double>(rows[row * columns + from + k]);
    };
    pack_tiles(static_cast<uint16_t*>(panel), count, columns, side, read);
}

// Tiles 0 to 3 = left pair x right pair over `steps` steps.
inline void multiply(const uint16_t* left, const uint16_t* right, int64_t steps) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int64_t s = 0; s < steps; s++, left += 2 * tile_elements, right += 2 * tile_elements) {
        _tile_loadd(4, left, 64);
        _tile_loadd(6, right, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, right + tile_elements, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, left + tile_elements, 64);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
}

// The 32 x 32 products, in rows of `stride` numbers.
inline void store_products(float* products, int64_t stride) {
    const int64_t bytes = stride * int64_t{sizeof(float)};
    _tile_stored(0, products, bytes);
    _tile_stored(1, products + 16, bytes);
    _tile_stored(2, products + 16 * stride, bytes);
    _tile_stored(3, products + 16 * stride + 16, bytes);
}

void add_products(float* products, const float* sums) {
    for (int i = 0; i < pair; i++) {
        float* p = products + i * right_rows;
        _mm512_store_ps(p, _mm512_add_ps(_mm512_load_ps(p), _mm512_load_ps(sums + pair * i)));
        _mm512_store_ps(p + 16, _mm512_add_ps(_mm512_load_ps(p + 16), _mm512_load_ps(sums + pair * i + 16)));
    }
}

// Whether any of 32 x 32 products reaches the least cut of them: nearly none does, so this is what most blocks cost
// beside the multiplication.
inline bool any_passes(const float* products, bool absolute, float cut) {
    __m512 largest[4];
    for (int l = 0; l < 4; l++) largest[l] = _mm512_set1_ps(-INFINITY);
    for (int64_t k = 0; k < pair * pair; k += 64) {
        for (int l = 0; l < 4; l++) {
            const __m512 p = _mm512_load_ps(products + k + 16 * l);
            largest[l] = _mm512_max_ps(largest[l], absolute ? _mm512_abs_ps(p) : p);
        }
    }
    const __m512 most = _mm512_max_ps(_mm512_max_ps(largest[0], largest[1]), _mm512_max_ps(largest[2], largest[3]));
    return _mm512_cmp_ps_mask(most, _mm512_set1_ps(cut), _CMP_GE_OQ) != 0;
}

// Panels of few numbers, as the screen has them: a block's products are scanned while they are in the nearest cache.
void screen(Survivors* survivors, float* products, const morula_tile* t, int64_t samples) {
    const uint16_t *left = static_cast<const uint16_t*>(t->left), *right = static_cast<const uint16_t*>(t->right);
    float left_cuts[left_rows / pair];
    for (int64_t i = 0; i < t->left_rows; i += pair) {
        left_cuts[i / pair] = least_of(survivors->cuts.left + i, t->left_rows - i < pair ? t->left_rows - i : pair);
    }
    for (int64_t j = 0; j < t->right_rows; j += pair) {
        const int64_t columns = t->right_rows - j < pair ? t->right_rows - j : pair;
        const float right_cut = least_of(survivors->cuts.right + j, columns);
        for (int64_t i = 0; i < t->left_rows; i += pair) {
            if (t->left_position + i >= t->right_position + j + columns - 1) break;
            multiply(left + i * samples, right + j * samples, samples / step);
            store_products(products, pair);
            const float cut = left_cuts[i / pair] < right_cut ? left_cuts[i / pair] : right_cut;
            if (!any_passes(products, survivors->absolute, cut)) continue;
            const int64_t rows = t->left_rows - i < pair ? t->left_rows - i : pair;
            for (int64_t r = 0; r < rows; r++) {
                scan_products(survivors, products + r * pair, t, i + r, j, columns);
            }
        }
    }
}

void multiply_and_scan(Survivors* survivors, float* products, float* sums, const morula_tile* t, int64_t samples) {
    const uint16_t *left = static_cast<const uint16_t*>(t->left), *right = static_cast<const uint16_t*>(t->right);
    for (int64_t from = 0; from < samples; from += chain) {
        const int64_t steps = (samples - from < chain ? samples - from : chain) / step;
        for (int64_t j = 0; j < t->right_rows; j += pair) {
            for (int64_t i = 0; i < t->left_rows; i += pair) {
                multiply(left + i * samples + from * pair, right + j * samples + from * pair, steps);
                float* block = products + i * right_rows + j;
                store_products(from == 0 ? block : sums, from == 0 ? right_rows : pair);
                if (from != 0) add_products(block, sums);
            }
        }
    }
    for (int64_t i = 0; i < t->left_rows; i++) {
        scan_products(survivors, products + i * right_rows, t, i, 0, t->right_rows);
    }
}

int64_t tile(int64_t* pairs, void* workspace, const morula_tile* t, const Cuts& cuts, int64_t capacity) {
    Survivors survivors{pairs, capacity, 0, t->sign == MORULA_ABSOLUTE, cuts};
    float *products = static_cast<float*>(workspace), *sums = products + products_bytes / int64_t{sizeof(float)};
    const int64_t samples = round_up(t->samples, step);
    const TileConfiguration configuration;
    _tile_loadconfig(&configuration);
    if (samples <= chain) {
        screen(&survivors, sums, t, samples);
    } else {
        multiply_and_scan(&survivors, products, sums, t, samples);
    }
    _tile_release();
    return survivors.count;
}

}  // namespace

void install_product(Table& table) {
    Product& product = table.product;
    product.left_rows = left_rows;
    product.right_rows = right_rows;
    product.left_panels = left_panels;
    product.left_strip = pair;
    product.right_strip = pair;
    product.sample_multiple = step;
    product.element_bytes = sizeof(uint16_t);
    product.chain = chain;
    product.workspace_bytes = products_bytes + pair * pair * int64_t{sizeof(float)};
    product.pack = pack;
    product.pack_rows = pack_rows;
    product.tile = tile;
}

}  // namespace amx
}  // namespace morula
