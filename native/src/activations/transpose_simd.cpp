// The transposition of transpose_ref.cpp for avx2 and avx512.
//
// Rows of the output are far apart, so each piece written to one costs a fetch of the lines it touches and a look-up of
// its page. Hence a stage of 256 neurons x 512 bytes of samples that stays in L2: it is filled tile by tile, in the
// order in which 16 rows of the input can be prefetched, and leaves as 512 contiguous bytes a neuron with streaming
// stores, which fetch nothing. The samples of 256 neurons come one after the other, so that a cache line which two
// pieces share is still there for the second. One core moved 3.9 GB/s into untouched huge pages this way, 2.3 with
// tiles that were stored directly. Tiles of 16 x 16 in AVX-512 registers gained nothing over these.
#include <immintrin.h>

#include "kernel/table.h"

namespace morula::MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t edge = 16;  // of a tile
constexpr int64_t stage_neurons = 256;
constexpr int64_t stage_bytes = 512;  // of samples of a neuron
constexpr int64_t line = 64;
constexpr int64_t stage_stride = stage_bytes + line;  // no power of two: its rows would share cache sets

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Any part of a tile.
template <class T>
void tile(T* out, int64_t out_stride, const T* in, int64_t in_stride, int64_t rows, int64_t columns) {
    for (int64_t c = 0; c < columns; c++) {
        for (int64_t r = 0; r < rows; r++)
            __builtin_memcpy(out + c * out_stride + r, in + r * in_stride + c, sizeof(T));
    }
}

// 8 x 8 in registers: single elements, pairs, then quadruples change places.
void tile8(uint16_t* out, int64_t out_stride, const uint16_t* in, int64_t in_stride) {
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
void tile8(uint32_t* out, int64_t out_stride, const uint32_t* in, int64_t in_stride) {
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

// In registers where elements are small; for 8 bytes plain loops keep up with memory.
template <class T>
void full_tile(T* out, int64_t out_stride, const T* in, int64_t in_stride) {
    if constexpr (sizeof(T) == 8) {
        tile(out, out_stride, in, in_stride, edge, edge);
    } else {
        for (int64_t c = 0; c < edge; c += 8) {
            for (int64_t r = 0; r < edge; r += 8) {
                tile8(out + c * out_stride + r, out_stride, in + r * in_stride + c, in_stride);
            }
        }
    }
}

// Copies bytes to anywhere, whole cache lines past the cache.
void stream(unsigned char* out, const unsigned char* in, int64_t bytes) {
    const int64_t head = least(-reinterpret_cast<intptr_t>(out) & (line - 1), bytes);
    __builtin_memcpy(out, in, static_cast<size_t>(head));
    int64_t at = head;
    for (; at + line <= bytes; at += line) {
        for (int64_t part = at; part < at + line; part += 32) {
            const __m256i value = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + part));
            _mm256_stream_si256(reinterpret_cast<__m256i*>(out + part), value);
        }
    }
    __builtin_memcpy(out + at, in + at, static_cast<size_t>(bytes - at));
}

template <class T>
void fill(T* stage, const T* in, int64_t in_stride, int64_t rows, int64_t columns) {
    constexpr int64_t stride = stage_stride / sizeof(T);
    for (int64_t r = 0; r < rows; r += edge) {
        for (int64_t c = 0; c < columns; c += edge) {
            T* to = stage + c * stride + r;
            const T* from = in + r * in_stride + c;
            if (r + edge <= rows && c + edge <= columns) {
                full_tile(to, stride, from, in_stride);
            } else {
                tile(to, stride, from, in_stride, least(edge, rows - r), least(edge, columns - c));
            }
        }
    }
}

template <class T>
void transpose(T* out, const T* in, const morula_transposition* block) {
    alignas(line) T stage[stage_neurons * stage_stride / sizeof(T)];
    constexpr int64_t stage_samples = stage_bytes / sizeof(T);
    for (int64_t column = 0; column < block->columns; column += stage_neurons) {
        const int64_t columns = least(stage_neurons, block->columns - column);
        for (int64_t row = 0; row < block->rows; row += stage_samples) {
            const int64_t rows = least(stage_samples, block->rows - row);
            fill(stage, in + row * block->in_stride + column, block->in_stride, rows, columns);
            for (int64_t c = 0; c < columns; c++) {
                stream(reinterpret_cast<unsigned char*>(out + (column + c) * block->out_stride + row),
                       reinterpret_cast<const unsigned char*>(stage) + c * stage_stride,
                       rows * static_cast<int64_t>(sizeof(T)));
            }
        }
    }
    _mm_sfence();  // streaming stores are seen by other threads only after this
}

}  // namespace

void install_transpose(Table& table) {
    table.transpose2 = transpose<uint16_t>;
    table.transpose4 = transpose<uint32_t>;
    table.transpose8 = transpose<uint64_t>;
}

}  // namespace morula::MORULA_TIER_NAMESPACE
