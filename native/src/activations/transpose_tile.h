// Transposition of small tiles: in AVX2 registers where there are any, else element by element. Internal linkage: each
// tier has a copy of its own.
#ifndef MORULA_ACTIVATIONS_TRANSPOSE_TILE_H
#define MORULA_ACTIVATIONS_TRANSPOSE_TILE_H

#include <stdint.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace morula {
namespace {

constexpr int64_t tile_edge = 16;

// Any part of a tile.
template <class T>
inline void tile(T* out, int64_t out_stride, const T* in, int64_t in_stride, int64_t rows, int64_t columns) {
    for (int64_t c = 0; c < columns; c++) {
        for (int64_t r = 0; r < rows; r++)
            __builtin_memcpy(out + c * out_stride + r, in + r * in_stride + c, sizeof(T));
    }
}

#if defined(__AVX2__)

// 8 x 8 in registers: single elements, pairs, then quadruples change places.
inline void tile8(uint16_t* out, int64_t out_stride, const uint16_t* in, int64_t in_stride) {
    __m128i a[8], b[8];
    for (int i = 0; i < 8; i++) a[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i * in_stride));
    for (int i = 0; i < 8; i += 2) {
        b[i] = _mm_unpacklo_epi16(a[i], a[i + 1]);
        b[i + 1] = _mm_unpackhi_epi16(a[i], a[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        a[i] = _mm_unpacklo_epi32(b[i], b[i + 2]);
        a[i + 1] = _mm_unpackhi_epi32(b[i], b[i + 2]);
        a[i + 2] = _mm_unpacklo_epi32(b[i + 1], b[i + 3]);
        a[i + 3] = _mm_unpackhi_epi32(b[i + 1], b[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        auto* even = reinterpret_cast<__m128i*>(out + 2 * i * out_stride);
        auto* odd = reinterpret_cast<__m128i*>(out + (2 * i + 1) * out_stride);
        _mm_storeu_si128(even, _mm_unpacklo_epi64(a[i], a[i + 4]));
        _mm_storeu_si128(odd, _mm_unpackhi_epi64(a[i], a[i + 4]));
    }
}

// The same, of twice the size: pairs, quadruples, then halves of a register.
inline void tile8(uint32_t* out, int64_t out_stride, const uint32_t* in, int64_t in_stride) {
    __m256i a[8], b[8];
    for (int i = 0; i < 8; i++) a[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + i * in_stride));
    for (int i = 0; i < 8; i += 2) {
        b[i] = _mm256_unpacklo_epi32(a[i], a[i + 1]);
        b[i + 1] = _mm256_unpackhi_epi32(a[i], a[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        a[i] = _mm256_unpacklo_epi64(b[i], b[i + 2]);
        a[i + 1] = _mm256_unpackhi_epi64(b[i], b[i + 2]);
        a[i + 2] = _mm256_unpacklo_epi64(b[i + 1], b[i + 3]);
        a[i + 3] = _mm256_unpackhi_epi64(b[i + 1], b[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        auto* low = reinterpret_cast<__m256i*>(out + i * out_stride);
        auto* high = reinterpret_cast<__m256i*>(out + (i + 4) * out_stride);
        _mm256_storeu_si256(low, _mm256_permute2x128_si256(a[i], a[i + 4], 0x20));
        _mm256_storeu_si256(high, _mm256_permute2x128_si256(a[i], a[i + 4], 0x31));
    }
}

#endif

// In registers where elements are small; for 8 bytes plain loops keep up with memory.
template <class T>
inline void full_tile(T* out, int64_t out_stride, const T* in, int64_t in_stride) {
#if defined(__AVX2__)
    if constexpr (sizeof(T) < 8) {
        for (int64_t c = 0; c < tile_edge; c += 8) {
            for (int64_t r = 0; r < tile_edge; r += 8) {
                tile8(out + c * out_stride + r, out_stride, in + r * in_stride + c, in_stride);
            }
        }
        return;
    }
#endif
    tile(out, out_stride, in, in_stride, tile_edge, tile_edge);
}

}  // namespace
}  // namespace morula

#endif
