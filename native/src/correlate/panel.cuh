// How a panel of bfloat16 rows lies in device memory: as the fragments that the tensor cores' m16n8k16 product takes.
//
// 16 rows x 16 samples are a block of 512 bytes, 16 for each lane of a warp: lane 4 g + t holds, in pairs of samples,
//     (row g, 2 t)  (row g + 8, 2 t)  (row g, 2 t + 8)  (row g + 8, 2 t + 8),
// which is the left operand as it is, and two right operands of 8 rows: the first and third pair, the second and
// fourth. So both sides are packed alike, a lane loads 128 bits at a time, and neighbouring lanes what lies side by
// side: no bank conflicts, and no address arithmetic. The blocks of 16 rows follow each other sample after sample.
#ifndef MORULA_CORRELATE_PANEL_CUH
#define MORULA_CORRELATE_PANEL_CUH

#include "kernel/cuda_context.h"

namespace morula::cuda {

constexpr int strip = 16;               // rows of a block
constexpr int block_samples = 16;       // samples of a block
constexpr int block_lanes = 32;         // uint4s of a block
constexpr int tile_edge = 128;          // rows of a panel are padded to a multiple of this
constexpr int step_blocks = 2;          // blocks of a panel's strips to a multiple of this
constexpr int64_t panel_rows = 4096;    // the most rows of a panel; not measured
constexpr int64_t chain_samples = 512;  // samples added up in one chain of tensor core sums

inline int64_t blocks_of(int64_t samples) { return round_up(ceil_div(samples, block_samples), step_blocks); }

inline int64_t panel_bytes(int64_t rows, int64_t samples) {
    return round_up(rows, tile_edge) / strip * blocks_of(samples) * block_lanes * int64_t{sizeof(uint4)};
}

}  // namespace morula::cuda

#endif
