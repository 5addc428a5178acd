// One tile of a product on tensor cores, nearly as accurate as float32: how its factors come to shared memory, and how
// a warp multiplies them there. kernel/tensor_product.cuh is the kernel around it.
//
// Tensor cores multiply tf32, of 11 significant bits, so a number is split into two: big = tf32(x) and small =
// tf32(x - big), |x - big| <= 2^-11 |x|, |x - big - small| <= 2^-22 |x|. Of a product, small big + big small + big big
// is computed. Left out are small small and two rests, each up to 2^-22 of it: 3 x 2^-22 together.
//
// A factor is what says where the number (outer, inner) lies, outer being the row or column of the result:
//
//   static constexpr Run run;  // the index whose neighbours lie next to each other in memory
//   const float* values;       // any address that may be read
//   uint32_t size;             // the number of its rows or columns
//   bool wide;                 // four neighbours from a multiple of four on lie together, 16-byte aligned
//   __device__ const float* at(uint32_t outer, uint32_t inner) const;  // null for a zero that is not stored
//
// Indices are uint32_t and sizes below 2^31, so that the first index behind a tile is one, too.
#ifndef MORULA_KERNEL_TENSOR_TILE_CUH
#define MORULA_KERNEL_TENSOR_TILE_CUH

#include "kernel/ptx.h"

namespace morula::cuda {

enum class Run { inner, outer };

constexpr int tile_depth = 16;  // of the inner dimension at a time: two steps of the tensor cores

// rows x columns of the result by warps that have warp_rows x warp_columns of them each.
template <int rows_, int columns_, int warp_rows_, int warp_columns_>
struct Tile {
    static constexpr int rows = rows_, columns = columns_, warp_rows = warp_rows_, warp_columns = warp_columns_;
    static constexpr int warps = rows / warp_rows * (columns / warp_columns), threads = 32 * warps;
    static constexpr int row_steps = warp_rows / 16, column_steps = warp_columns / 8;
};

// tile_depth x size numbers of a factor in shared memory, as they lie in memory. No access meets a bank twice: neither
// the copies of 16 bytes, nor the tensor core's fragments of 8 outer by 4 inner indices a warp. For the latter, groups
// of four are moved about in every second row of 16, and rows of `size` are 8 apart in banks.
template <int size, Run run>
struct Panel {
    static constexpr int stride = run == Run::inner ? tile_depth : size + 8;
    static constexpr int floats = run == Run::inner ? size * stride : tile_depth * stride;
    __device__ static int at(int outer, int inner) {
        if (run == Run::outer) return inner * stride + outer;
        return outer * stride + ((inner / 4 ^ outer / 2 % 4) * 4 + inner % 4);
    }
    // The same for a lane's number of 8 outer and 4 inner indices, from multiples of these on: what depends on the lane
    // is not computed again for each.
    __device__ static int at_fragment(int outer, int inner) {
        const int lane = int(threadIdx.x) % 32;
        if (run == Run::outer) return at(lane / 4, lane % 4) + inner * stride + outer;
        return at(lane / 4, inner + lane % 4) + outer * stride;
    }
};

template <int together>
__device__ inline void copy(float* target, const float* source, int valid) {
    if constexpr (together == 4) {
        copy_async_16(target, source, valid);
    } else {
        copy_async_4(target, source, valid);
    }
}

// Starts to copy a panel, so many numbers together: those from (outer, inner) on, zeros where the factor or `inner_end`
// ends.
template <int together, int size, int threads, class Factor>
__device__ void stage_together(float* panel, const Factor& factor, uint32_t outer, uint32_t inner, uint32_t inner_end) {
    constexpr bool along = Factor::run == Run::inner;
    constexpr int groups = (along ? tile_depth : size) / together;
    constexpr int unrolled = together == 4 ? 2 : 1;  // each takes registers for its address
#pragma unroll unrolled
    for (int c = int(threadIdx.x); c < size * tile_depth / together; c += threads) {
        const int o = along ? c / groups : c % groups * together, k = along ? c % groups * together : c / groups;
        const uint32_t left = along ? inner_end - inner - uint32_t(k) : factor.size - outer - uint32_t(o);
        const bool inside = outer + uint32_t(o) < factor.size && inner + uint32_t(k) < inner_end;
        const float* source = inside ? factor.at(outer + uint32_t(o), inner + uint32_t(k)) : nullptr;
        const uint32_t count = min(GPU_MUTANT(product_stage_bound, left, 4u), uint32_t(together));
        const int valid = source == nullptr ? 0 : 4 * int(count);
        copy<together>(panel + Panel<size, Factor::run>::at(o, k), source == nullptr ? factor.values : source, valid);
    }
}

template <int size, int threads, class Factor>
__device__ void stage(float* panel, const Factor& factor, uint32_t outer, uint32_t inner, uint32_t inner_end) {
    if (factor.wide) {
        stage_together<4, size, threads>(panel, factor, outer, inner, inner_end);
    } else {
        stage_together<1, size, threads>(panel, factor, outer, inner, inner_end);
    }
}

struct Split {
    uint32_t big, small;
};

// Infinities and what rounds to one have no parts and give NaN; plain_product() takes their place.
__device__ inline Split split(float x) {
    const uint32_t big = to_tf32(x);
    return {big, to_tf32(x - __uint_as_float(big))};
}

// sums (this warp's) += left right for one depth of 8. Rows and columns of sums are in the tensor core's order.
template <class Tile, class Left, class Right>
__device__ void multiply_step(float (&sums)[Tile::row_steps][Tile::column_steps][4], const float* left,
                              const float* right, int first_row, int first_column, int k) {
    using LeftPanel = Panel<Tile::rows, Left::run>;
    using RightPanel = Panel<Tile::columns, Right::run>;
    uint32_t right_big[Tile::column_steps][2], right_small[Tile::column_steps][2];
    for (int j = 0; j < Tile::column_steps; j++) {
        for (int half = 0; half < 2; half++) {
            const Split part = split(right[RightPanel::at_fragment(first_column + 8 * j, k + 4 * half)]);
            right_big[j][half] = part.big, right_small[j][half] = part.small;
        }
    }
    for (int i = 0; i < Tile::row_steps; i++) {
        uint32_t big[4], small[4];
        for (int q = 0; q < 4; q++) {
            const Split part = split(left[LeftPanel::at_fragment(first_row + 16 * i + q % 2 * 8,
                                                                 k + q / 2 * GPU_MUTANT(product_fragment, 4, 0))]);
            big[q] = part.big, small[q] = GPU_MUTANT(product_small_part, part.small, 0);
        }
        for (int j = 0; j < Tile::column_steps; j++) {
            mma_tf32(sums[i][j], small, right_big[j]);
            mma_tf32(sums[i][j], big, right_small[j]);
            mma_tf32(sums[i][j], big, right_big[j]);
        }
    }
}

// The number (row, column) in plain float32. Zeros that are not stored take no part, not even beside an infinity.
template <class Left, class Right>
__device__ float plain_product(const Left& left, const Right& right, uint32_t row, uint32_t column, uint32_t inner,
                               uint32_t inner_end) {
    float sum = 0;
#pragma unroll 1
    for (; inner < inner_end && sum == sum; inner++) {
        const float *a = left.at(row, inner), *b = right.at(column, inner);
        if (a != nullptr && b != nullptr) sum += *a * *b;
    }
    return sum;
}

}  // namespace morula::cuda

#endif
