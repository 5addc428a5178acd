// Transposition of a block of activations in device memory: out[c * out_stride + r] = in[r * in_stride + c].
// Shapes: in rows x columns elements of 2, 4 or 8 bytes, out columns x rows; strides count elements.
//
// A tile of 32 x 32 elements passes through shared memory, so that both matrices are read and written along their rows.
// A row of it has 33 places of at least 4 bytes: the column that a warp reads lies in 32 different banks (elements of 8
// bytes take two turns anyhow).
//
// For R x C elements of b bytes: no flops, 2 b R C bytes: 10,000 x 32,768 in float32 0.9 ms at the 3.0 TB/s of an H100,
// a bound. Emulated, never run on a GPU. Reference: transpose_ref.cpp.
#include "kernel/cuda_context.h"
#include "morula_cuda_correlate.h"

namespace morula::cuda {

constexpr int transposed_edge = 32, transposed_rows = 8;

// What an element is in shared memory: 2 bytes alone would put two neighbours in one bank.
template <class T>
struct Placed {
    using Type = T;
};
template <>
struct Placed<uint16_t> {
    using Type = uint32_t;
};

template <class T>
__global__ void __launch_bounds__(transposed_edge* transposed_rows)
    transpose_tiles(T* out, const T* in, int64_t rows, int64_t columns, int64_t in_stride, int64_t out_stride,
                    int64_t tiles_across) {
    using Place = typename Placed<T>::Type;
    GPU_SHARED(Place, tile, [transposed_edge][transposed_edge + 1]);
    const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
    const int64_t first_row = blockIdx.x / tiles_across * transposed_edge;
    const int64_t first_column = blockIdx.x % tiles_across * transposed_edge;
    for (int r = y; r < transposed_edge; r += transposed_rows) {
        const int64_t row = first_row + r, column = first_column + x;
        if (row < GPU_MUTANT(transpose_rows, rows, rows + 1) && column < columns) {
            tile[r][x] = in[row * in_stride + column];
        }
    }
    GPU_MUTANT(transpose_barrier, __syncthreads(), (void)0);
    for (int c = y; c < transposed_edge; c += transposed_rows) {
        const int64_t row = first_row + x, column = first_column + c;
        if (row < rows && column < GPU_MUTANT(transpose_columns, columns, columns + 1)) {
            out[column * out_stride + row] = static_cast<T>(tile[x][c]);
        }
    }
}

namespace {

template <class T>
int transpose(morula_cuda_context* context, void* out, const void* in, const morula_transposition& block) {
    const int64_t across = ceil_div(block.columns, transposed_edge);
    const int64_t tiles = across * ceil_div(block.rows, transposed_edge);
    if (tiles > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "a block of %lld x %lld elements: take it in several parts",
                    static_cast<long long>(block.rows), static_cast<long long>(block.columns));
    }
    GPU_LAUNCH((transpose_tiles<T>), static_cast<unsigned>(tiles), dim3(transposed_edge, transposed_rows), 0,
               context->stream, static_cast<T*>(out), static_cast<const T*>(in), block.rows, block.columns,
               block.in_stride, block.out_stride, across);
    return launched("transpose_tiles");
}

}  // namespace
}  // namespace morula::cuda

extern "C" int morula_cuda_transpose(morula_cuda_context* context, void* out, const void* in,
                                     const morula_transposition* block) {
    using namespace morula::cuda;
    if (block->rows < 0 || block->columns < 0 || block->in_stride < block->columns || block->out_stride < block->rows) {
        return fail(MORULA_INVALID_ARGUMENT,
                    "a block of %lld x %lld cannot lie in rows of %lld and become rows of %lld",
                    static_cast<long long>(block->rows), static_cast<long long>(block->columns),
                    static_cast<long long>(block->in_stride), static_cast<long long>(block->out_stride));
    }
    MORULA_CUDA_TRY(enter(context));
    if (block->rows == 0 || block->columns == 0) return MORULA_OK;
    switch (block->element_bytes) {
        case 2:
            return transpose<uint16_t>(context, out, in, *block);
        case 4:
            return transpose<uint32_t>(context, out, in, *block);
        case 8:
            return transpose<uint64_t>(context, out, in, *block);
        default:
            return fail(MORULA_INVALID_ARGUMENT, "elements of %lld bytes cannot be transposed: 2, 4 or 8 are known",
                        static_cast<long long>(block->element_bytes));
    }
}
