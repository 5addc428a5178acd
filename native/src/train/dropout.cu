// Dropout on a GPU: every number times 0 or times 1 / (1 - probability), by the random bits of dropout_loops.cpp, which
// says how Philox 4x32-10 makes them: number i takes word i / 64 mod 4 of counter 64 (i / 256) + i mod 64. So a thread
// makes one counter's bits and serves the four numbers that take a word of it.
//
// `count` numbers of any shape: 8 bytes and a quarter of some 100 integer operations each. An H100 cannot need less
// than 2.7 us a million numbers; a bound. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

constexpr int64_t counters = 64, group = 4 * counters;

struct Philox {
    uint32_t c0, c1, c2, c3;
};

__device__ Philox philox_round(const Philox& p, uint32_t key0, uint32_t key1) {
    const uint64_t product0 = static_cast<uint64_t>(p.c0) * 0xd2511f53u;
    const uint64_t product1 = static_cast<uint64_t>(p.c2) * 0xcd9e8d57u;
    return {static_cast<uint32_t>(product1 >> 32) ^ p.c1 ^ key0, static_cast<uint32_t>(product1),
            static_cast<uint32_t>(product0 >> 32) ^ p.c3 ^ key1, static_cast<uint32_t>(product0)};
}

__device__ Philox random_bits(uint64_t counter, uint64_t step, uint64_t seed) {
    Philox p{static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), static_cast<uint32_t>(step),
             static_cast<uint32_t>(step >> 32)};
    uint32_t key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
#pragma unroll
    for (int i = 0; i < GPU_MUTANT(dropout_rounds, 10, 9); i++) {
        p = philox_round(p, key0, key1);
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
    return p;
}

}  // namespace

// A number that is dropped is multiplied by 0 rather than replaced: NaN stays NaN.
__global__ void __launch_bounds__(block_threads)
    dropout_counters(float* out, const float* inp, const int64_t* step, int64_t seed, int64_t first, int64_t end,
                     uint32_t threshold, float factor) {
    const int64_t counter = first / group * counters + static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const int64_t lowest = counter / counters * group + counter % counters;
    if (lowest >= end) return;
    const Philox bits = random_bits(counter, *step, seed);
    const uint32_t words[4] = {bits.c0, bits.c1, bits.c2, bits.c3};
#pragma unroll
    for (int word = 0; word < 4; word++) {
        const int64_t i = lowest + word * counters;
        if (GPU_MUTANT(dropout_first, i >= first, true) && GPU_MUTANT(dropout_end, i < end, true)) {
            out[i] = inp[i] * (words[word] < threshold ? 0 : factor);
        }
    }
}

}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

int morula_cuda_dropout(morula_cuda_context* context, float* out, const float* inp, const int64_t* step,
                        const morula_dropout_draw* draw, double probability) {
    MORULA_CUDA_TRY(check_dropout(fail, *draw, probability));
    MORULA_CUDA_TRY(enter(context));
    const double scaled = probability * 4294967296.0;
    const uint32_t threshold = scaled < 4294967295.0 ? static_cast<uint32_t>(scaled) : 4294967295u;
    const float factor = static_cast<float>(1 / (1 - probability));
    const int64_t end = draw->first + draw->count;
    const int64_t groups = draw->count == 0 ? 0 : ceil_div(end, group) - draw->first / group;
    return launch(context, "dropout", dropout_counters, ceil_div(groups * counters, block_threads), dim3(block_threads),
                  out, inp, step, draw->seed, draw->first, end, threshold, factor);
}
