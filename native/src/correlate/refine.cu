// Products of candidate pairs over one piece of the samples: sums[p] += z_i . z_j, as refine_ref.cpp defines them.
// Shapes: rows is positions x samples float32, samples a multiple of 256; a pair is left position << 32 | right one.
// All of it is in device memory, where sums stay from piece to piece.
//
// A warp has 16 pairs that follow each other, and keeps the left row as long as it is the same; the right rows of four
// are on their way at once. Of 256 samples each lane adds up 8 in float32, the lanes are added up as a tree of 5
// additions, and the results in float64: 13 roundings a term, as morula_refine_bound has it, whatever the other pairs
// are. Lists as tiles write them have the pairs of few rows side by side: on layers trained on Fashion-MNIST (W = 8,192
// and 32,768, thresholds 0.7 and 0.9) the 128 pairs of a block are of 45 to 59 rows, and a warp reads 1.3 to 1.5 rows a
// pair, most of them from the nearest cache.
//
// For P pairs of N samples: 2 P N flops and at most 8 P N bytes, of which caches serve most: at 10^6 pairs of 10,000
// samples 27 ms at the 3.0 TB/s of an H100 if they serve none, a bound. Emulated, never run on a GPU.
#include "correlate/dot4.cuh"
#include "morula_cuda_correlate.h"

namespace morula::cuda {

constexpr int refine_warps = 8;
constexpr int refine_run = 16;        // pairs of a warp
constexpr int refine_together = 4;    // of those
constexpr int refined_samples = 256;  // of one float32 sum

// A lane's part of a row's 256 samples.
struct RowPart {
    float4 first, second;
};

__device__ inline RowPart part_of(const float* row) {
    const auto* part = reinterpret_cast<const float4*>(row) + threadIdx.x % 32;
    return {part[0], part[32]};
}

__device__ inline float product(const RowPart& a, const RowPart& b) {
    float sum = dot4(a.second, b.second, dot4(a.first, b.first, 0));
    for (int mask = GPU_MUTANT(refine_shuffle, 16, 8); mask > 0; mask /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, mask);
    }
    return sum;
}

__global__ void __launch_bounds__(32 * refine_warps)
    refine_pairs(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples) {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    const int64_t first = (static_cast<int64_t>(blockIdx.x) * refine_warps + warp) * refine_run;
    if (first >= count) return;
    const int run = static_cast<int>(count - first < refine_run ? count - first : refine_run);
    const int64_t pair = pairs[first + (lane < run ? lane : run - 1)];
    double total = lane < run ? sums[first + lane] : 0;
    for (int64_t from = 0; from < samples; from += refined_samples) {
        const float* part = rows + from;
        int64_t held = -1;
        RowPart left{};
        for (int p = 0; p < run; p += refine_together) {
            RowPart right[refine_together];
            int64_t listed[refine_together];
            for (int q = 0; q < refine_together; q++) {
                listed[q] = __shfl_sync(0xffffffffu, pair, p + q);
                right[q] = part_of(part + (listed[q] & 0x7fffffff) * samples);
            }
            for (int q = 0; q < refine_together; q++) {
                if (GPU_MUTANT(refine_held, listed[q] >> 32 != held, held < 0)) {
                    held = listed[q] >> 32;
                    left = part_of(part + held * samples);
                }
                const float sum = product(left, right[q]);
                if (lane == p + q) total += static_cast<double>(sum);
            }
        }
    }
    if (lane < GPU_MUTANT(refine_count, run, run + 1)) sums[first + lane] = total;
}

}  // namespace morula::cuda

extern "C" int morula_cuda_refine(morula_cuda_context* context, double* sums, const int64_t* pairs, int64_t count,
                                  const float* rows, int64_t samples) {
    using namespace morula::cuda;
    if (samples % MORULA_PIECE != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld samples: a piece has a multiple of %d",
                    static_cast<long long>(samples), MORULA_PIECE);
    }
    if (count == 0) return MORULA_OK;
    MORULA_CUDA_TRY(enter(context));
    GPU_LAUNCH(refine_pairs, static_cast<unsigned>(ceil_div(count, refine_warps * refine_run)), 32 * refine_warps, 0,
               context->stream, sums, pairs, count, rows, samples);
    return launched("refine_pairs");
}
