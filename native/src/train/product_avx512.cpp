// Single-threaded float32 product for AVX-512, c = a b, for the shapes of training: a batch of 128 or so by hundreds or
// thousands of neurons. Both factors are packed chunk by chunk into panels (a: 8 rows, b: 32 columns, 256 deep), so
// that the innermost loop reads memory in order and one panel of b stays in the L1 cache while all of a passes by (Goto
// and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008). At these shapes it is faster than
// OpenBLAS, most of all where the inner dimension is long; LinearBenchmark times both (tiers avx2 and avx512).
#include <immintrin.h>

#include "train/product.h"

namespace morula {
namespace avx512 {
namespace {

constexpr int64_t panel_rows = 8, panel_columns = 32;
constexpr int64_t chunk_rows = 256, chunk_columns = 512, chunk_inner = 256;
constexpr int64_t narrow = 64;

alignas(64) thread_local float packed_a[chunk_rows * chunk_inner];
alignas(64) thread_local float packed_b[chunk_columns * chunk_inner];

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// packed[k * width + lane] = source[lane * stride + k] for 8 lanes and 8 k.
void transpose(float* packed, int64_t width, const float* source, int64_t stride) {
    __m256 row[8], pair[8], quad[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) row[i] = _mm256_loadu_ps(source + i * stride);
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm256_unpacklo_ps(row[i], row[i + 1]);
        pair[i + 1] = _mm256_unpackhi_ps(row[i], row[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        quad[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0x44);
        quad[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0xee);
        quad[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0x44);
        quad[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        _mm256_storeu_ps(packed + i * width, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x20));
        _mm256_storeu_ps(packed + (i + 4) * width, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x31));
    }
}

// A whole panel whose lanes (rows of a, columns of b) are `stride` numbers apart.
template <int64_t width>
void pack_strided(float* packed, const float* source, int64_t stride, int64_t inner) {
    int64_t k = 0;
    for (; k + 8 <= inner; k += 8) {
        for (int64_t lane = 0; lane < width; lane += 8) {
            transpose(packed + k * width + lane, width, source + lane * stride + k, stride);
        }
    }
    for (; k < inner; k++) {
        for (int64_t lane = 0; lane < width; lane++) packed[k * width + lane] = source[lane * stride + k];
    }
}

// A whole panel whose lanes lie side by side.
template <int64_t width>
void pack_adjacent(float* packed, const float* source, int64_t stride, int64_t inner) {
    for (int64_t k = 0; k < inner; k++) {
        for (int64_t lane = 0; lane < width; lane++) packed[k * width + lane] = source[k * stride + lane];
    }
}

// The last panel, filled up with zeros.
template <int64_t width>
void pack_rest(float* packed, const float* source, int64_t lane_stride, int64_t inner_stride, int64_t lanes,
               int64_t inner) {
    for (int64_t k = 0; k < inner; k++) {
        for (int64_t lane = 0; lane < width; lane++) {
            packed[k * width + lane] = lane < lanes ? source[lane * lane_stride + k * inner_stride] : 0;
        }
    }
}

template <int64_t width>
void pack(float* packed, const float* source, int64_t stride, bool adjacent, int64_t lanes, int64_t inner) {
    const int64_t lane_stride = adjacent ? 1 : stride, inner_stride = adjacent ? stride : 1;
    for (int64_t lane = 0; lane < lanes; lane += width, packed += width * inner) {
        const float* first = source + lane * lane_stride;
        if (lanes - lane < width) {
            pack_rest<width>(packed, first, lane_stride, inner_stride, lanes - lane, inner);
        } else if (adjacent) {
            pack_adjacent<width>(packed, first, stride, inner);
        } else {
            pack_strided<width>(packed, first, stride, inner);
        }
    }
}

// One panel of a by one panel of b; only the given rows and columns are stored, added to c unless this chunk is first.
void multiply_panels(float* c, int64_t stride, const float* a, const float* b, int64_t inner, int64_t rows,
                     int64_t columns, bool first_chunk) {
    __m512 sum[panel_rows][2];
#pragma GCC unroll 8
    for (int row = 0; row < panel_rows; row++) sum[row][0] = sum[row][1] = _mm512_setzero_ps();
    for (int64_t k = 0; k < inner; k++) {
        const __m512 left = _mm512_load_ps(b + k * panel_columns);
        const __m512 right = _mm512_load_ps(b + k * panel_columns + 16);
#pragma GCC unroll 8
        for (int row = 0; row < panel_rows; row++) {
            const __m512 factor = _mm512_set1_ps(a[k * panel_rows + row]);
            sum[row][0] = _mm512_fmadd_ps(factor, left, sum[row][0]);
            sum[row][1] = _mm512_fmadd_ps(factor, right, sum[row][1]);
        }
    }
    const uint32_t mask = columns >= panel_columns ? ~0u : (1u << columns) - 1;
    const __mmask16 masks[2] = {static_cast<__mmask16>(mask), static_cast<__mmask16>(mask >> 16)};
#pragma GCC unroll 8
    for (int row = 0; row < panel_rows; row++) {
        if (row >= rows) continue;
#pragma GCC unroll 2
        for (int half = 0; half < 2; half++) {
            float* target = c + row * stride + half * 16;
            const __m512 before = first_chunk ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(masks[half], target);
            _mm512_mask_storeu_ps(target, masks[half], _mm512_add_ps(before, sum[row][half]));
        }
    }
}

void multiply_chunks(float* c, int64_t stride, int64_t rows, int64_t columns, int64_t inner, bool first_chunk) {
    for (int64_t column = 0; column < columns; column += panel_columns) {
        for (int64_t row = 0; row < rows; row += panel_rows) {
            multiply_panels(c + row * stride + column, stride, packed_a + row * inner, packed_b + column * inner, inner,
                            rows - row, columns - column, first_chunk);
        }
    }
}

// The corner of a factor's chunk that begins at the given row and column of the (untransposed) factor.
const float* corner(const Factor& factor, int64_t row, int64_t column) {
    return factor.values + (factor.transposed ? column * factor.stride + row : row * factor.stride + column);
}

}  // namespace

void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner) {
    if (rows < narrow || columns < narrow) {
        morula::product(c, c_stride, a, b, rows, columns, inner);  // OpenBLAS does small ones without packing
        return;
    }
    for (int64_t column = 0; column < columns; column += chunk_columns) {
        const int64_t some_columns = smaller(chunk_columns, columns - column);
        for (int64_t k = 0; k < inner; k += chunk_inner) {
            const int64_t depth = smaller(chunk_inner, inner - k);
            pack<panel_columns>(packed_b, corner(b, k, column), b.stride, !b.transposed, some_columns, depth);
            for (int64_t row = 0; row < rows; row += chunk_rows) {
                const int64_t some_rows = smaller(chunk_rows, rows - row);
                pack<panel_rows>(packed_a, corner(a, row, k), a.stride, a.transposed, some_rows, depth);
                multiply_chunks(c + row * c_stride + column, c_stride, some_rows, some_columns, depth, k == 0);
            }
        }
    }
}

}  // namespace avx512
}  // namespace morula
