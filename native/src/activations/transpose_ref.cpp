// Transposition of a block of activations: out[c * out_stride + r] = in[r * in_stride + c] for r < rows, c < columns.
//
// in   rows x columns elements of 2, 4 or 8 bytes, row r is sample r; it need not be aligned (a mapped file may not be)
// out  columns x rows elements, row c is neuron c; aligned to the element
//
// Here: plain loops over 16 x 16 tiles, so that a line of either matrix is used up while it is in cache; the portable
// tier. transpose_simd.cpp: the same for avx2 and avx512, through a stage in L2 and streaming stores.
// Benchmark: dev.morula.activations.TransposeBenchmark.
#include "kernel/context.h"

namespace morula::portable {
namespace {

constexpr int64_t edge = 16;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

template <class T>
void transpose(T* out, const T* in, const morula_transposition* block) {
    for (int64_t row = 0; row < block->rows; row += edge) {
        for (int64_t column = 0; column < block->columns; column += edge) {
            const int64_t row_end = least(row + edge, block->rows);
            const int64_t column_end = least(column + edge, block->columns);
            for (int64_t c = column; c < column_end; c++) {
                for (int64_t r = row; r < row_end; r++) {
                    __builtin_memcpy(out + c * block->out_stride + r, in + r * block->in_stride + c, sizeof(T));
                }
            }
        }
    }
}

}  // namespace

void install_transpose(Table& table) {
    table.transpose2 = transpose<uint16_t>;
    table.transpose4 = transpose<uint32_t>;
    table.transpose8 = transpose<uint64_t>;
}

}  // namespace morula::portable
