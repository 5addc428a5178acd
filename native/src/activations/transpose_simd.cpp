// The transposition of transpose_ref.cpp for avx2 and avx512.
//
// Rows of the output are far apart, so each piece written to one costs a fetch of the lines it touches and a look-up of
// its page. Hence a stage of 256 neurons x 512 bytes of samples that stays in L2: it is filled tile by tile, in the
// order in which 16 rows of the input can be prefetched, and leaves as 512 contiguous bytes a neuron with streaming
// stores, which fetch nothing. The samples of 256 neurons come one after the other, so that a cache line which two
// pieces share is still there for the second. One core moved 3.9 GB/s into untouched huge pages this way, 2.3 with
// tiles that were stored directly. Tiles of 16 x 16 in AVX-512 registers gained nothing over these.
#include <immintrin.h>

#include "activations/transpose_tile.h"
#include "kernel/table.h"

namespace morula::MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t stage_neurons = 256;
constexpr int64_t stage_bytes = 512;  // of samples of a neuron
constexpr int64_t line = 64;
constexpr int64_t stage_stride = stage_bytes + line;  // no power of two: its rows would share cache sets

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

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
    for (int64_t r = 0; r < rows; r += tile_edge) {
        for (int64_t c = 0; c < columns; c += tile_edge) {
            T* to = stage + c * stride + r;
            const T* from = in + r * in_stride + c;
            if (r + tile_edge <= rows && c + tile_edge <= columns) {
                full_tile(to, stride, from, in_stride);
            } else {
                tile(to, stride, from, in_stride, least(tile_edge, rows - r), least(tile_edge, columns - c));
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
