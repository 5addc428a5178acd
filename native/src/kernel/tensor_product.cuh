// What everything with a large product uses: result (rows x columns) = left (rows x inner) right (columns x inner)^T,
// in nearly float32 by tensor cores (kernel/tensor_tile.cuh), factors read through functors, results handed to one.
//
//   flops       3 x 2 rows columns inner in tf32: an H100 cannot beat 6 rows columns inner / 395e12 s (a bound)
//   least bytes 4 (rows inner + columns inner + rows columns): nor bytes / 3.0e12 s (a bound)
//   accuracy    |error| <= (3 x 2^-22 + 24 x 10 x 2^-23 + (inner / 64 + parts + 1) 2^-24) sum |a| |b|: what the split
//               leaves out; 24 steps of tensor cores, which add up 9 numbers and are taken to lose a unit for each and
//               one in the end; float32 sums of what they made of 64 terms each. What is not finite is computed anew in
//               plain float32, so that infinities and NaN are those of float32 arithmetic.
//
// Emulated, never run on a GPU.
//
// Large tiles are 128 x 64 by 256 threads: a warp has 32 x 32 numbers, for which it reads 16 numbers a lane for 24
// tensor instructions, and has registers for a second set of sums with two blocks on a multiprocessor. That set is
// there since tensor cores truncate: 64 terms are added up in them, the rest in float32. Small tiles are 64 x 32 by 128
// threads, for results that large ones would give to few multiprocessors. Panels are doubled, the next arriving by
// cp.async while one is multiplied: 24 to 26 KiB of shared memory, and 12 to 14.
//
// A long inner dimension of a small result is shared out: parts go to the context's scratch and are added in their
// order by sum_parts, so that results are always the same. How many depends on sizes alone.
//
// finish(row, column, sum), a functor, is called once for every number of the result.
#ifndef MORULA_KERNEL_TENSOR_PRODUCT_CUH
#define MORULA_KERNEL_TENSOR_PRODUCT_CUH

#include <algorithm>

#include "kernel/cuda_context.h"
#include "kernel/sum_parts.cuh"
#include "kernel/tensor_tile.cuh"

namespace morula::cuda {

using LargeTile = Tile<128, 64, 32, 32>;
using SmallTile = Tile<64, 32, 32, 16>;

constexpr int64_t enough_large_tiles = 64;  // for half of an H100's multiprocessors
constexpr int64_t least_part = 128;         // terms, eight panels

// Shared memory of a block: two pairs of panels, later 16 rows of every warp's results on their way out.
template <class Tile, class Left, class Right>
struct SharedPlan {
    static constexpr int left = Panel<Tile::rows, Left::run>::floats;
    static constexpr int pair = left + Panel<Tile::columns, Right::run>::floats;
    static constexpr int out_stride = Tile::warp_columns + 8;  // pairs of numbers from four rows meet no bank twice
    static constexpr int out = 16 * out_stride;
    static constexpr int floats = 2 * pair;
    static_assert(out * Tile::warps <= floats, "the results need more room than the factors");
};

template <class Tile>
struct Sums {
    float chunk[Tile::row_steps][Tile::column_steps][4], total[Tile::row_steps][Tile::column_steps][4];

    // Moves what the tensor cores have added up to the sums that round to nearest.
    template <class Function>
    __device__ void each(Function&& function) {
#pragma unroll
        for (int i = 0; i < Tile::row_steps; i++) {
#pragma unroll
            for (int j = 0; j < Tile::column_steps; j++) {
#pragma unroll
                for (int q = 0; q < 4; q++) function(chunk[i][j][q], total[i][j][q]);
            }
        }
    }
    __device__ void clear() {
        each([](float& part, float& sum) { part = 0, sum = 0; });
    }
    __device__ void flush() {
        each([](float& part, float& sum) { sum += part, part = 0; });
    }
};

// The first row and column of a block's tile; tiles of a column follow each other, since they share the right factor.
template <class Tile>
__device__ inline void tile_corner(uint32_t rows, uint32_t& row, uint32_t& column) {
    const uint32_t down = (rows + Tile::rows - 1) / Tile::rows;
    row = blockIdx.x % down * Tile::rows;
    column = blockIdx.x / down * Tile::columns;
}

// The sums of the block's tile over its part of the inner dimension.
template <class Tile, class Left, class Right>
__device__ void multiply_tile(Sums<Tile>& sums, float* shared, const Left& left, const Right& right, uint32_t row,
                              uint32_t column, uint32_t inner, uint32_t inner_end) {
    using Plan = SharedPlan<Tile, Left, Right>;
    const int warp = int(threadIdx.x) / 32, warps_across = Tile::columns / Tile::warp_columns;
    const int warp_row = warp / warps_across * Tile::warp_rows, warp_column = warp % warps_across * Tile::warp_columns;
    sums.clear();
    // In every turn a pair of panels is sent for, and multiplied is the one that was sent for in the turn before.
    uint32_t turn = 0;
    for (uint32_t next = inner; next < inner_end + tile_depth; next += tile_depth, turn++) {
        GPU_MUTANT(product_copy_wait, copy_async_wait<0>(), copy_async_wait<1>());
        GPU_MUTANT(product_stage_barrier, __syncthreads(), __syncwarp());  // all is there, and the other pair is free
        float* panels = shared + turn % 2 * Plan::pair;
        if (next < inner_end) {  // no copy is on its way when the loop ends
            stage<Tile::rows, Tile::threads>(panels, left, row, next, inner_end);
            stage<Tile::columns, Tile::threads>(panels + Plan::left, right, column, next, inner_end);
            copy_async_commit();
        }
        if (turn == 0) continue;
        panels = shared + (turn + 1) % 2 * Plan::pair;
#pragma unroll
        for (int k = 0; k < tile_depth; k += 8) {
            multiply_step<Tile, Left, Right>(sums.chunk, panels, panels + Plan::left, warp_row, warp_column, k);
        }
        if (turn % 4 == 0) GPU_MUTANT(product_flush, sums.flush(), sums.clear());
    }
    sums.flush();
}

// Writes a part of 16 rows of a warp's results to shared memory as rows and columns.
template <class Tile>
__device__ void lay_out(float* out, int out_stride, const float (&sums)[Tile::column_steps][4]) {
    const int lane = int(threadIdx.x) % 32;
#pragma unroll
    for (int j = 0; j < Tile::column_steps; j++) {
        for (int half = 0; half < 2; half++) {
            *reinterpret_cast<float2*>(out + (lane / 4 + 8 * half) * out_stride + 8 * j + lane % 4 * 2) =
                make_float2(sums[j][2 * half], sums[j][2 * half + 1]);
        }
    }
}

// `parts`: null, or where the part sums of blockIdx.y go. part_inner terms make a part.
template <class Tile, class Left, class Right, class Finish>
__global__ void __launch_bounds__(Tile::threads, 2)
    tensor_product(Left left, Right right, Finish finish, float* parts, uint32_t inner_size, uint32_t part_inner) {
    using Plan = SharedPlan<Tile, Left, Right>;
    GPU_SHARED(float, shared, [Plan::floats]);
    uint32_t row, column;
    tile_corner<Tile>(left.size, row, column);
    const uint32_t inner = blockIdx.y * part_inner;
    const uint32_t inner_end = min(GPU_MUTANT(product_part_end, inner + part_inner, inner_size), inner_size);
    Sums<Tile> sums;
    multiply_tile<Tile, Left, Right>(sums, &shared[0], left, right, row, column, inner, inner_end);
    GPU_MUTANT(product_out_barrier, __syncthreads(), __syncwarp());  // all have read the panels

    const int warp = int(threadIdx.x) / 32, lane = int(threadIdx.x) % 32;
    const int warps_across = Tile::columns / Tile::warp_columns;
    float* out = &shared[warp * Plan::out];
    row += uint32_t(warp / warps_across * Tile::warp_rows);
    column += uint32_t(warp % warps_across * Tile::warp_columns);
#pragma unroll
    for (int i = 0; i < Tile::row_steps; i++) {
        lay_out<Tile>(out, Plan::out_stride, sums.total[i]);
        GPU_MUTANT(product_out_warp_barrier, __syncwarp(), (void)0);
        for (int e = lane; e < 16 * Tile::warp_columns; e += 32) {
            const int down = e / Tile::warp_columns, across = e % Tile::warp_columns;
            const uint32_t r = row + uint32_t(16 * i + down), c = column + uint32_t(across);
            if (r >= GPU_MUTANT(product_row_bound, left.size, left.size + 1) || c >= right.size) continue;
            float sum = out[down * Plan::out_stride + across];
            if (!(fabsf(sum) < INFINITY)) sum = plain_product(left, right, r, c, inner, inner_end);
            if (parts == nullptr) {
                finish(r, c, sum);
            } else {
                parts[(size_t(blockIdx.y) * left.size + r) * right.size + c] = sum;
            }
        }
        GPU_MUTANT(product_out_reuse_barrier, __syncwarp(), (void)0);
    }
}

template <class Tile>
inline int64_t count_tiles(int64_t rows, int64_t columns) {
    return ceil_div(rows, Tile::rows) * ceil_div(columns, Tile::columns);
}

template <class Tile, class Left, class Right, class Finish>
int launch_product(morula_cuda_context* context, const Left& left, const Right& right, const Finish& finish,
                   int64_t inner) {
    const int64_t rows = left.size, columns = right.size, tiles = count_tiles<Tile>(rows, columns);
    if (tiles > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "a product of %lld x %lld is too large", static_cast<long long>(rows),
                    static_cast<long long>(columns));
    }
    // as many parts as have room, whose tiles fill a device
    const int64_t room = scratch_floats / (tiles * Tile::rows * Tile::columns);
    const int64_t wanted = std::max<int64_t>(std::min(room, inner / least_part), 1);
    const int64_t part_inner = std::max<int64_t>(ceil_div(ceil_div(inner, wanted), tile_depth), 1) * tile_depth;
    const int64_t parts = std::max<int64_t>(ceil_div(inner, part_inner), 1);
    const std::lock_guard<std::mutex> lock(context->scratch_mutex);
    float* scratch = parts > 1 ? static_cast<float*>(context->scratch) : nullptr;
    GPU_LAUNCH((tensor_product<Tile, Left, Right, Finish>), dim3(unsigned(tiles), unsigned(parts)), Tile::threads, 0,
               work_stream(context), left, right, finish, scratch, uint32_t(inner), uint32_t(part_inner));
    MORULA_CUDA_TRY(launched("tensor_product"));
    return parts > 1 ? add_up_parts(context, finish, parts, rows, columns) : MORULA_OK;
}

// result = left right^T. An empty result is none; without an inner dimension it is of zeros.
template <class Left, class Right, class Finish>
int multiply(morula_cuda_context* context, const Left& left, const Right& right, const Finish& finish, int64_t inner) {
    if (left.size == 0 || right.size == 0) return MORULA_OK;
    const bool large =
        right.size > SmallTile::columns && count_tiles<LargeTile>(left.size, right.size) >= enough_large_tiles;
    return large ? launch_product<LargeTile>(context, left, right, finish, inner)
                 : launch_product<SmallTile>(context, left, right, finish, inner);
}

}  // namespace morula::cuda

#endif
