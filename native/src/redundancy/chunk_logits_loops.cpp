// Logits of the neurons of a chunk alone, which the read-out reads as they are: logits[o, s] = bias[o] + sum over the
// chunk's neurons j, in their order, of weight[o, j] activations[j, s], with activations neurons x samples. Neurons
// outside the chunk cost nothing. The samples of a call are few, so that their logits stay in the first cache while the
// chunk's rows of activations pass by. Plain loops that the compiler vectorises. Timed by ChunkErrorBenchmark.
#include "kernel/table.h"
#include "morula_redundancy.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

void add_scaled(float* sums, const float* values, float factor, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) sums[i] += factor * values[i];
}

void chunk_logits(float* logits, const float* activations, const int32_t* chunk, const float* weight, const float* bias,
                  const morula_chunk_logits_shape& shape) {
    for (int64_t o = 0; o < shape.outputs; o++) {
        float* of_output = logits + o * shape.samples;
        for (int64_t s = 0; s < shape.samples; s++) of_output[s] = bias[o];
        for (int64_t k = 0; k < shape.chunk; k++) {
            const int64_t j = chunk[k];
            add_scaled(of_output, activations + j * shape.samples, weight[o * shape.neurons + j], shape.samples);
        }
    }
}

}  // namespace

void install_chunk_logits(Table& table) { table.chunk_logits = chunk_logits; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
