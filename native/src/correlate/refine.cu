// Products of candidate pairs over one piece of the samples: sums[p] += z_i . z_j, as refine_ref.cpp defines them.
// Shapes: rows is positions x samples float32, samples a multiple of 256; a pair is left position << 32 | right one.
// All of it is in device memory, where sums stay from piece to piece.
//
// A warp has a pair. Of 256 samples each lane adds up 8 in float32, the lanes are added up as a tree of 5 additions,
// and the results in float64: 13 roundings a term, as morula_refine_bound has it, whatever the other pairs are. A list
// as tiles write it has pairs of few rows side by side, which a block's warps find in the nearest cache.
//
// For P pairs of N samples: 2 P N flops and at most 8 P N bytes, of which caches serve most: at 10^6 pairs of 10,000
// samples 27 ms at the 3.0 TB/s of an H100 if they serve none, a bound. Emulated, never run on a GPU.
#include "kernel/cuda_context.h"
#include "morula_cuda_correlate.h"

namespace morula::cuda {

constexpr int refine_warps = 8;
constexpr int refined_samples = 256;  // of one float32 sum

__device__ inline float dot4(float4 a, float4 b, float sum) {
    sum += a.x * b.x;
    sum += a.y * b.y;
    sum += a.z * b.z;
    return sum + a.w * b.w;
}

__global__ void __launch_bounds__(32 * refine_warps)
    refine_pairs(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples) {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    const int64_t p = static_cast<int64_t>(blockIdx.x) * refine_warps + warp;
    if (p >= GPU_MUTANT(refine_count, count, count + 1)) return;
    const auto* a = reinterpret_cast<const float4*>(rows + (pairs[p] >> 32) * samples) + lane;
    const auto* b = reinterpret_cast<const float4*>(rows + (pairs[p] & 0x7fffffff) * samples) + lane;
    double total = lane == 0 ? sums[p] : 0;
    for (int64_t from = 0; from < samples / 4; from += refined_samples / 4) {
        float sum = dot4(a[from], b[from], 0);
        sum = dot4(a[from + 32], b[from + 32], sum);
        for (int mask = GPU_MUTANT(refine_shuffle, 16, 8); mask > 0; mask /= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, mask);
        }
        total += static_cast<double>(sum);
    }
    if (lane == 0) sums[p] = total;
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
    GPU_LAUNCH(refine_pairs, static_cast<unsigned>(ceil_div(count, refine_warps)), 32 * refine_warps, 0,
               context->stream, sums, pairs, count, rows, samples);
    return launched("refine_pairs");
}
