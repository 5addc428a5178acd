// Correlations of two panels of neurons on tensor cores, compared with a cut while they are in registers.
//   r_ij = sum_k p_i[k] p_j[k], p in bfloat16, summed in float32 in chains of 512 samples
// Shapes: panels of up to 4,096 rows in the layout of panel.cuh; out come the pairs of positions that pass.
//
// A block computes 128 x 128 products, each of its 8 warps 64 x 32 of them in registers. Stages of 32 samples of both
// panels (16 KiB) arrive by cp.async, two of them on the way while a third is multiplied. Only pairs right > left
// count: blocks that have none return at once. A thread marks which of its 64 products pass in 64 bits; nearly always
// none do, else a warp makes room for all of its own with one atomic addition.
//
// Tensor cores do not round to nearest: they align the terms of a sum to the largest one and cut them off. Sums of K
// products are off by at most (K + 8) 2^-22 of the sum of their absolute values (twice what 23 bits kept of 16 terms
// and the sum so far, cut off once more, come to), hence the chains, which are added up with rounding to nearest.
//
// For L x R pairs of N samples, half of them on the diagonal: 2 L R N flops and at least 2 (L + R) N bytes: at 4,096 x
// 4,096 x 10,000 0.42 ms at the 790 TFLOP/s of an H100 in bfloat16, a bound (0.05 ms for the bytes). Emulated, never
// run on a GPU.
#ifndef MORULA_CORRELATE_TILE_CUH
#define MORULA_CORRELATE_TILE_CUH

#include "correlate/panel.cuh"
#include "correlate/tensor_rounding.h"
#include "kernel/ptx.h"

namespace morula::cuda {

constexpr int tile_threads = 256;
constexpr int stages = 3;
constexpr int tile_strips = tile_edge / strip;
constexpr int strip_lanes = step_blocks * block_lanes;  // uint4s of a strip in a stage
constexpr int stage_lanes = tile_strips * strip_lanes;  // uint4s of a panel in a stage
constexpr int chain_steps = chain_samples / (step_blocks * block_samples);
constexpr int warp_strips = 4, warp_pairs = 2;  // a warp has 4 strips of the left panel and 2 of the right one

using Stages = uint4[stages][2][stage_lanes];

// The products of a thread: strip of the left panel, 8 rows of the right one, and the four of a fragment.
using Products = float[warp_strips][2 * warp_pairs][4];

// Starts to copy one stage of 128 rows of either panel.
__device__ inline void load_stage(uint4 (&stage)[2][stage_lanes], const uint4* left, const uint4* right, int64_t step,
                                  int64_t blocks) {
    for (int part = 0; part < stage_lanes; part += tile_threads) {
        const int at = part + static_cast<int>(threadIdx.x);
        const int64_t from = (at / strip_lanes * blocks + step * step_blocks) * block_lanes + at % strip_lanes;
        copy_async_16(&stage[0][at], left + from, 16);
        copy_async_16(&stage[1][at], right + from, 16);
    }
}

__device__ inline void multiply_stage(Products& products, const uint4 (&stage)[2][stage_lanes], int warp_row,
                                      int warp_column, int lane) {
    for (int block = 0; block < step_blocks; block++) {
        uint32_t left[warp_strips][4];
        for (int m = 0; m < warp_strips; m++) {
            const uint4 x = stage[0][(warp_row * warp_strips + m) * strip_lanes + block * block_lanes + lane];
            left[m][0] = x.x, left[m][1] = x.y, left[m][2] = x.z, left[m][3] = x.w;
        }
        for (int n = 0; n < warp_pairs; n++) {
            const uint4 x = stage[1][(warp_column * warp_pairs + n) * strip_lanes + block * block_lanes + lane];
            const uint32_t first[2] = {x.x, x.z}, second[2] = {x.y, x.w};
            for (int m = 0; m < warp_strips; m++) {
                mma_bf16(products[m][2 * n], left[m], first);
                mma_bf16(products[m][2 * n + 1], left[m], second);
            }
        }
    }
}

__device__ inline void set_zero(Products& products) {
    for (auto& strips : products) {
        for (auto& fragment : strips) {
            for (float& product : fragment) product = 0;
        }
    }
}

__device__ inline void add(Products& totals, const Products& products) {
    for (int m = 0; m < warp_strips; m++) {
        for (int n = 0; n < 2 * warp_pairs; n++) {
            for (int e = 0; e < 4; e++) totals[m][n][e] += products[m][n][e];
        }
    }
}

// products = 128 rows of the left panel times 128 of the right one. With chains, sums of more than 512 samples are
// added up in float32 as they come.
template <bool chains>
__device__ inline void multiply(Products& products, Stages& buffer, const uint4* left, const uint4* right,
                                int64_t blocks) {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    const int64_t steps = blocks / step_blocks;
    Products totals;
    set_zero(products);
    if (chains) set_zero(totals);
    for (int s = 0; s < stages - 1; s++) {
        if (s < steps) load_stage(buffer[s], left, right, s, blocks);
        copy_async_commit();
    }
    int stage = 0, chain = 0;
    for (int64_t step = 0; step < steps; step++) {
        GPU_MUTANT(tile_wait, copy_async_wait<stages - 2>(), copy_async_wait<stages - 1>());
        GPU_MUTANT(tile_barrier, __syncthreads(), (void)0);  // this stage is there, and all are done with the last one
        if (step + stages - 1 < steps) {
            load_stage(buffer[(stage + stages - 1) % stages], left, right, step + stages - 1, blocks);
        }
        copy_async_commit();
        multiply_stage(products, buffer[stage], warp / 4, warp % 4, lane);
        stage = (stage + 1) % stages;
        if (chains && ++chain == chain_steps) {
            add(totals, products);
            set_zero(products);
            chain = 0;
        }
    }
    if (chains) add(products, totals);
}

// Row of the left and of the right panel, within the tile, of product `bit` of this thread: eight of a row follow each
// other, and so do the pairs that are listed, which is what refine.cu gains by.
__device__ inline int left_of(int bit) {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    return (warp / 4 * warp_strips + bit / 16) * strip + lane / 4 + bit / 8 % 2 * 8;
}
__device__ inline int right_of(int bit) {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    return warp % 4 * warp_pairs * strip + bit / 2 % 4 * 8 + lane % 4 * 2 + bit % 2;
}

// Which products of this thread pass. first_left and first_right: the tile's first rows; distance: by how much the
// right panel's first position is above the left one's.
__device__ inline uint64_t passing(const Products& products, const float* left_cuts, const float* right_cuts,
                                   int first_left, int left_rows, int first_right, int right_rows, int distance,
                                   int absolute) {
    constexpr int columns = 4 * warp_pairs;
    uint64_t passed = 0;
    float right_cut[columns];
#pragma unroll
    for (int c = 0; c < columns; c++) {
        const int j = first_right + right_of(c);
        right_cut[c] = j < right_rows ? right_cuts[j] : 0;
    }
#pragma unroll
    for (int row = 0; row < 2 * warp_strips; row++) {
        const int i = first_left + left_of(row * columns);
        if (i >= GPU_MUTANT(tile_left_rows, left_rows, left_rows + 1)) continue;
        const float left_cut = left_cuts[i];
        const int least = i - distance + GPU_MUTANT(tile_diagonal, 1, 0);  // the first column above the diagonal
#pragma unroll
        for (int c = 0; c < columns; c++) {
            const int j = first_right + right_of(c);
            const float product = products[row / 2][c / 2][row % 2 * 2 + c % 2];
            const float cut =
                GPU_MUTANT(tile_cut, left_cut<right_cut[c], left_cut> right_cut[c]) ? left_cut : right_cut[c];
            const bool inside = j >= least && j < GPU_MUTANT(tile_right_rows, right_rows, right_rows + 1);
            if (inside && (absolute ? fabsf(product) : product) >= cut) passed |= uint64_t{1} << (row * columns + c);
        }
    }
    return passed;
}

// Appends the passing pairs of a warp. *count counts those beyond the capacity, too.
__device__ inline void append(unsigned long long* count, int64_t* pairs, int64_t capacity, uint64_t passed,
                              int64_t left_position, int64_t right_position) {
    const int lane = static_cast<int>(threadIdx.x) % 32, mine = __popcll(passed);
    int before = mine;  // this lane's and those of all lanes before it
    for (int distance = 1; distance < 32; distance *= 2) {
        const int other = __shfl_up_sync(0xffffffffu, before, distance);
        if (lane >= distance) before += other;
    }
    const int all = __shfl_sync(0xffffffffu, before, 31);
    if (all == 0) return;
    unsigned long long first = 0;
    if (lane == 0) {
        first = GPU_MUTANT(tile_atomic, atomicAdd(count, static_cast<unsigned long long>(all)),
                           (*count += static_cast<unsigned long long>(all)) - static_cast<unsigned long long>(all));
    }
    int64_t at = static_cast<int64_t>(__shfl_sync(0xffffffffu, first, 0)) + before - mine;
    for (; passed != 0; passed &= passed - 1, at++) {
        const int bit = __popcll((passed & (~passed + 1)) - 1);
        if (at < GPU_MUTANT(tile_capacity, capacity, capacity + 1)) {
            pairs[at] = (left_position + left_of(bit)) << 32 | (right_position + right_of(bit));
        }
    }
}

// negated: null, or a left panel of which a pair may pass as well. distance: by how much the right panel's first
// position is above the left one's, or 8,192 if that is less.
template <bool chains>
__global__ void __launch_bounds__(tile_threads, chains ? 1 : 2)
    correlate_tile(unsigned long long* count, int64_t* pairs, int64_t capacity, const float* left_cuts,
                   const float* right_cuts, const uint4* left, const uint4* negated, const uint4* right,
                   int64_t left_position, int left_rows, int64_t right_position, int right_rows, int distance,
                   int64_t blocks, int absolute) {
    GPU_SHARED(Stages, buffer);
    const int first_left = static_cast<int>(blockIdx.y) * tile_edge;
    const int first_right = static_cast<int>(blockIdx.x) * tile_edge;
    const int end = first_right + tile_edge < right_rows ? first_right + tile_edge : right_rows;
    if (first_left >= distance + end - 1) return;
    const int64_t left_at = first_left / strip * blocks * block_lanes;
    right += first_right / strip * blocks * block_lanes;
    uint64_t passed = 0;
    for (int side = 0; side < 2; side++) {
        const uint4* panel = side == 0 ? left : negated;
        if (panel == nullptr) break;
        if (side == 1) GPU_MUTANT(tile_negated_barrier, __syncthreads(), (void)0);
        Products products;
        multiply<chains>(products, buffer, panel + left_at, right, blocks);
        passed |= passing(products, left_cuts, right_cuts, first_left, left_rows, first_right, right_rows, distance,
                          absolute);
    }
    append(count, pairs, capacity, passed, left_position + first_left, right_position + first_right);
}

}  // namespace morula::cuda

#endif
