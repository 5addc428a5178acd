// Single-threaded product, c = a b, on AMX tiles: bfloat16 factors with float32 sums. A float32 number is split into
// two of bfloat16, x = high + low + rest with |rest| <= 2^-16 |x|, and three products of tiles, high high + high low +
// low high, carry all but 3 x 2^-16 of a term; README.md has the error and what it gains. What is not finite, or is not
// when rounded to bfloat16, has no such parts: such factors, and small ones, are multiplied in float32.
//
// Both factors are packed chunk by chunk into panels of 32 rows of a or columns of b, as [panel][32 of the inner
// dimension][high 0, high 1, low 0, low 1], tiles of 16 rows or columns each. A pair of numbers that TDPBF16PS adds up
// first is 16 apart in the inner dimension: then both halves of a pair are vectors as they lie in memory, whichever way
// the factor is stored, and one of the two ways ends in a transposition of pairs. LinearBenchmark times it.
#include <immintrin.h>

#include "kernel/tiles.h"
#include "train/product.h"

namespace morula {
namespace amx {
namespace {

constexpr int64_t side = 16;                     // rows or columns of a tile
constexpr int64_t panel = 2 * side;              // of two tiles
constexpr int64_t step = 32;                     // numbers of the inner dimension in a tile
constexpr int64_t tile_pairs = side * step / 2;  // a tile's pairs of bfloat16
constexpr int64_t packed_step = 4 * tile_pairs;  // pairs of a panel's step: two tiles, two parts
constexpr int64_t chunk_rows = 256, chunk_columns = 512, chunk_inner = 256;
// Fewer rows, columns or inner dimension gain less than 10 % or nothing (LinearBenchmark).
constexpr int64_t least_side = 32, least_inner = 64;

alignas(64) thread_local uint32_t packed_a[chunk_rows * chunk_inner];
alignas(64) thread_local uint32_t packed_b[chunk_columns * chunk_inner];

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

int64_t round_up(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

__mmask16 first_of_vector(int64_t count) {
    return static_cast<__mmask16>(count >= side ? 0xffff : count <= 0 ? 0 : (1 << count) - 1);
}

// ---- packing ----

// Sixteen pairs of bfloat16, `low_halves` in the low 16 bits of each.
__m512i round_pairs(__m512 low_halves, __m512 high_halves) {
    const __m512i interleave = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                                                6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(interleave,
                                    reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high_halves, low_halves)));
}

// Writes both parts of 16 pairs; keeps the largest high part, as bits without sign.
void split(uint32_t* high, uint32_t* low, __m512 first, __m512 second, __m512i* largest) {
    const __m512i rounded = round_pairs(first, second);
    const __m512 first_rest = _mm512_sub_ps(first, _mm512_castsi512_ps(_mm512_slli_epi32(rounded, 16)));
    const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xffff0000));
    const __m512 second_rest = _mm512_sub_ps(second, _mm512_castsi512_ps(_mm512_and_si512(rounded, upper)));
    _mm512_store_si512(high, rounded);
    _mm512_store_si512(low, round_pairs(first_rest, second_rest));
    *largest = _mm512_max_epu16(*largest, _mm512_and_si512(rounded, _mm512_set1_epi16(0x7fff)));
}

// target[j][i] = source[i][j] for 16 x 16 pairs. Quarters of vectors are put in place as they are loaded, which leaves
// half the shuffles of a transposition in registers.
void transpose(uint32_t* target, const uint32_t* source) {
    for (int quarter = 0; quarter < 4; quarter++, source += 4, target += 4 * side) {
        __m512i row[4], pair[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            const auto at = [&](int line) {
                return _mm_load_si128(reinterpret_cast<const __m128i*>(source + line * side));
            };
            row[i] = _mm512_castsi128_si512(at(i));
            row[i] = _mm512_mask_broadcast_i32x4(row[i], 0x00f0, at(4 + i));
            row[i] = _mm512_mask_broadcast_i32x4(row[i], 0x0f00, at(8 + i));
            row[i] = _mm512_mask_broadcast_i32x4(row[i], 0xf000, at(12 + i));
        }
        pair[0] = _mm512_unpacklo_epi32(row[0], row[1]);
        pair[1] = _mm512_unpacklo_epi32(row[2], row[3]);
        pair[2] = _mm512_unpackhi_epi32(row[0], row[1]);
        pair[3] = _mm512_unpackhi_epi32(row[2], row[3]);
        _mm512_store_si512(target, _mm512_unpacklo_epi64(pair[0], pair[1]));
        _mm512_store_si512(target + side, _mm512_unpackhi_epi64(pair[0], pair[1]));
        _mm512_store_si512(target + 2 * side, _mm512_unpacklo_epi64(pair[2], pair[3]));
        _mm512_store_si512(target + 3 * side, _mm512_unpackhi_epi64(pair[2], pair[3]));
    }
}

// Lines of memory that hold a tile: one a row or column of the factor (`length` of the inner dimension side by side),
// or one an index of the inner dimension (`length` rows or columns side by side).
struct Lines {
    const float* first;
    int64_t stride, count, length;
};

// Splits 16 lines along the inner dimension, or 32 lines across it, into 16 x 16 pairs each part.
template <bool along_inner>
void split_lines(uint32_t* high, uint32_t* low, const Lines& lines, __m512i* largest) {
    const __mmask16 some = first_of_vector(lines.length), more = first_of_vector(lines.length - side);
    for (int64_t line = 0; line < side; line++) {
        const float* first = lines.first + line * lines.stride;
        const float* second = along_inner ? first + side : first + side * lines.stride;
        const __mmask16 first_mask = line < lines.count ? some : 0;
        const __mmask16 second_mask =
            along_inner ? (line < lines.count ? more : 0) : (line + side < lines.count ? some : 0);
        split(high + line * side, low + line * side, _mm512_maskz_loadu_ps(first_mask, first),
              _mm512_maskz_loadu_ps(second_mask, second), largest);
    }
}

template <bool along_inner, bool transposed>
void pack_tile(uint32_t* high, uint32_t* low, const Lines& lines, __m512i* largest) {
    if (transposed) {
        alignas(64) uint32_t high_lines[tile_pairs], low_lines[tile_pairs];
        split_lines<along_inner>(high_lines, low_lines, lines, largest);
        transpose(high, high_lines);
        transpose(low, low_lines);
    } else {
        split_lines<along_inner>(high, low, lines, largest);
    }
}

// All panels of some rows of a or columns of b (`lanes`) by `inner`; the last panel and step are filled up with zeros.
// Returns whether all parts are finite.
template <bool along_inner, bool transposed>
bool pack(uint32_t* packed, const float* source, int64_t stride, int64_t lanes, int64_t inner) {
    __m512i largest = _mm512_setzero_si512();
    for (int64_t lane = 0; lane < lanes; lane += panel) {
        for (int64_t k = 0; k < inner; k += step, packed += packed_step) {
            for (int64_t tile = 0; tile < 2; tile++) {
                const int64_t first = lane + tile * side, count = lanes - first, depth = inner - k;
                const Lines lines = along_inner ? Lines{source + first * stride + k, stride, count, depth}
                                                : Lines{source + k * stride + first, stride, depth, count};
                pack_tile<along_inner, transposed>(packed + tile * tile_pairs, packed + (2 + tile) * tile_pairs, lines,
                                                   &largest);
            }
        }
    }
    return _mm512_cmpge_epu16_mask(largest, _mm512_set1_epi16(0x7f80)) == 0;
}

bool pack_left(const float* source, int64_t stride, bool transposed, int64_t rows, int64_t inner) {
    return transposed ? pack<false, true>(packed_a, source, stride, rows, inner)
                      : pack<true, false>(packed_a, source, stride, rows, inner);
}

bool pack_right(const float* source, int64_t stride, bool transposed, int64_t columns, int64_t inner) {
    return transposed ? pack<true, true>(packed_b, source, stride, columns, inner)
                      : pack<false, false>(packed_b, source, stride, columns, inner);
}

// ---- multiplication ----

// Tiles 0 to 3 += one panel of a by one panel of b.
void multiply_panels(const uint32_t* a, const uint32_t* b, int64_t inner) {
    for (int64_t k = 0; k < inner; k += step, a += packed_step, b += packed_step) {
        const uint32_t *a_low = a + 2 * tile_pairs, *b_low = b + 2 * tile_pairs;
        _tile_loadd(4, a, 64);
        _tile_loadd(6, b_low, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, b_low + tile_pairs, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, a + tile_pairs, 64);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
        _tile_loadd(6, b, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, b + tile_pairs, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
        _tile_loadd(4, a_low, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, a_low + tile_pairs, 64);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
}

void load_sums(const float* c, int64_t stride) {
    const int64_t bytes = stride * int64_t{sizeof(float)};
    _tile_loadd(0, c, bytes);
    _tile_loadd(1, c + side, bytes);
    _tile_loadd(2, c + side * stride, bytes);
    _tile_loadd(3, c + side * stride + side, bytes);
}

void store_sums(float* c, int64_t stride) {
    const int64_t bytes = stride * int64_t{sizeof(float)};
    _tile_stored(0, c, bytes);
    _tile_stored(1, c + side, bytes);
    _tile_stored(2, c + side * stride, bytes);
    _tile_stored(3, c + side * stride + side, bytes);
}

void clear_sums() {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
}

void copy(float* target, int64_t target_stride, const float* source, int64_t source_stride, int64_t rows,
          int64_t columns) {
    const __mmask16 left = first_of_vector(columns), right = first_of_vector(columns - side);
    for (int64_t row = 0; row < rows; row++, target += target_stride, source += source_stride) {
        _mm512_mask_storeu_ps(target, left, _mm512_maskz_loadu_ps(left, source));
        _mm512_mask_storeu_ps(target + side, right, _mm512_maskz_loadu_ps(right, source + side));
    }
}

// Of one panel of a by one of b, only the given rows and columns are stored, added to c unless this chunk is first.
void multiply_block(float* c, int64_t stride, const uint32_t* a, const uint32_t* b, int64_t inner, int64_t rows,
                    int64_t columns, bool first_chunk) {
    alignas(64) float whole[panel * panel];
    const bool inside = rows >= panel && columns >= panel;
    float* const sums = inside ? c : whole;
    const int64_t sums_stride = inside ? stride : panel, some_rows = smaller(rows, panel);
    if (first_chunk) {
        clear_sums();
    } else {
        if (!inside) copy(whole, panel, c, stride, some_rows, columns);
        load_sums(sums, sums_stride);
    }
    multiply_panels(a, b, inner);
    store_sums(sums, sums_stride);
    if (!inside) copy(c, stride, whole, panel, some_rows, columns);
}

void multiply_chunks(float* c, int64_t stride, int64_t rows, int64_t columns, int64_t inner, bool first_chunk) {
    const int64_t packed_inner = round_up(inner, step);  // pairs a row or column: of both parts as many as numbers
    for (int64_t column = 0; column < columns; column += panel) {
        for (int64_t row = 0; row < rows; row += panel) {
            multiply_block(c + row * stride + column, stride, packed_a + row * packed_inner,
                           packed_b + column * packed_inner, inner, rows - row, columns - column, first_chunk);
        }
    }
}

// The corner of a factor's chunk that begins at the given row and column of the (untransposed) factor.
const float* corner(const Factor& factor, int64_t row, int64_t column) {
    return factor.values + (factor.transposed ? column * factor.stride + row : row * factor.stride + column);
}

// The whole product, or false as soon as a part is not finite.
bool multiply(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
              int64_t inner) {
    for (int64_t column = 0; column < columns; column += chunk_columns) {
        const int64_t some_columns = smaller(chunk_columns, columns - column);
        for (int64_t k = 0; k < inner; k += chunk_inner) {
            const int64_t depth = smaller(chunk_inner, inner - k);
            if (!pack_right(corner(b, k, column), b.stride, b.transposed, some_columns, depth)) return false;
            for (int64_t row = 0; row < rows; row += chunk_rows) {
                const int64_t some_rows = smaller(chunk_rows, rows - row);
                if (!pack_left(corner(a, row, k), a.stride, a.transposed, some_rows, depth)) return false;
                multiply_chunks(c + row * c_stride + column, c_stride, some_rows, some_columns, depth, k == 0);
            }
        }
    }
    return true;
}

}  // namespace

void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner) {
    bool done = false;
    if (rows >= least_side && columns >= least_side && inner >= least_inner) {
        const TileConfiguration configuration;
        _tile_loadconfig(&configuration);
        done = multiply(c, c_stride, a, b, rows, columns, inner);
        _tile_release();
    }
    if (!done) avx512::product(c, c_stride, a, b, rows, columns, inner);
}

}  // namespace amx
}  // namespace morula
