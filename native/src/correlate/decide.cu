// Decides pairs against the real correlation in float64, from the raw values, and says which it leaves open.
//   v = z_i . z_j, z in float64; decided where abs(v - threshold) > eps64 = (N + 8) 2^-52
// Shapes: rows of z in device memory, as many as 16 MiB hold; pairs are taken in their order, as long as they need no
// more rows. A block has a pair and adds up 256 parts of its sum, always in the same order.
//
// For P pairs of N samples: 2 P N flops in float64 and 16 P N bytes of device memory, cached where pairs share rows: at
// 10,000 pairs of 10,000 samples 0.5 ms at the 3.0 TB/s of an H100, a bound. Emulated, never run on a GPU. Reference:
// decide.cpp.
#include <cmath>
#include <unordered_map>
#include <vector>

#include "morula_cuda_correlate.h"
#include "standardise/standardise.h"

namespace morula::cuda {

constexpr int dot_threads = 256;
constexpr int dot_warps = dot_threads / 32;

// products[p] = row (pairs[p] >> 32) . row (pairs[p] & 0x7fffffff)
__global__ void __launch_bounds__(dot_threads)
    dot_pairs(double* products, const int64_t* pairs, const double* rows, int64_t samples) {
    GPU_SHARED(double, parts, [dot_warps]);
    const double* a = rows + (pairs[blockIdx.x] >> 32) * samples;
    const double* b = rows + (pairs[blockIdx.x] & 0x7fffffff) * samples;
    double sum = 0;
    for (int64_t k = threadIdx.x; k < GPU_MUTANT(decide_end, samples, samples - 1); k += dot_threads)
        sum += a[k] * b[k];
    for (int mask = 16; mask > 0; mask /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, mask);
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = sum;
    GPU_MUTANT(decide_barrier, __syncthreads(), (void)0);
    if (threadIdx.x != 0) return;
    for (int w = 1; w < dot_warps; w++) sum += parts[w];
    products[blockIdx.x] = sum;
}

namespace {

constexpr int64_t row_bytes = 16 << 20;

// Pairs that can be looked at together: the rows they need, and the pairs as numbers of those rows.
struct Batch {
    std::unordered_map<int32_t, int64_t> row_of;
    std::vector<int32_t> neurons;
    std::vector<int64_t> pairs;

    int64_t row(int32_t neuron) {
        const auto [at, is_new] = row_of.try_emplace(neuron, static_cast<int64_t>(neurons.size()));
        if (is_new) neurons.push_back(neuron);
        return at->second;
    }
    void add(int32_t i, int32_t j) {
        const int64_t left = row(i);
        pairs.push_back(left << 32 | row(j));
    }
};

int correlate(morula_cuda_context* context, std::vector<double>& correlations, const Batch& batch,
              const morula_layer* layer) {
    const int64_t rows = static_cast<int64_t>(batch.neurons.size()), count = static_cast<int64_t>(batch.pairs.size());
    CallMemory values(context), lists(context);
    const int64_t bytes = count * int64_t{sizeof(int64_t)};
    MORULA_CUDA_TRY(values.allocate(rows * layer->samples * int64_t{sizeof(double)}));
    MORULA_CUDA_TRY(lists.allocate(2 * bytes));
    MORULA_CUDA_TRY(standardise_rows(context, values.at<double>(0), layer->samples,
                                     {layer, batch.neurons.data(), nullptr, rows, 0, layer->samples}));
    MORULA_CUDA_TRY(morula_cuda_upload(context, lists.at<int64_t>(0), batch.pairs.data(), bytes));
    GPU_LAUNCH(dot_pairs, static_cast<unsigned>(count), dot_threads, 0, context->stream, lists.at<double>(bytes),
               lists.at<int64_t>(0), values.at<double>(0), layer->samples);
    MORULA_CUDA_TRY(launched("dot_pairs"));
    correlations.resize(static_cast<size_t>(count));
    return morula_cuda_download(context, correlations.data(), lists.at<double>(bytes), bytes);
}

// Sorts the pairs from `first` on, whose correlations are known, into edges and open ones.
void sift(int64_t* pairs, float* values, int64_t* open, int64_t* edges_and_open, int64_t first,
          const std::vector<double>& correlations, const morula_layer* layer, const morula_selection* selection) {
    const double eps64 = static_cast<double>(layer->samples + 8) * 0x1p-52;
    for (size_t p = 0; p < correlations.size(); p++) {
        const int64_t pair = pairs[first + static_cast<int64_t>(p)];
        const double r = correlations[p];
        const double distance = (selection->sign == MORULA_ABSOLUTE ? std::fabs(r) : r) - selection->threshold;
        if (std::fabs(distance) <= eps64) {
            open[edges_and_open[1]++] = pair;
        } else if (distance > 0) {
            const int64_t i = selection->neurons[pair >> 32], j = selection->neurons[pair & 0x7fffffff];
            pairs[edges_and_open[0]] = i < j ? i << 32 | j : j << 32 | i;
            values[edges_and_open[0]++] = static_cast<float>(std::fmin(1.0, std::fmax(-1.0, r)));
        }
    }
}

}  // namespace
}  // namespace morula::cuda

extern "C" int morula_cuda_decide(morula_cuda_context* context, int64_t* pairs, float* values, int64_t* open,
                                  int64_t* counts, const morula_layer* layer, const morula_selection* selection) {
    using namespace morula::cuda;
    MORULA_CUDA_TRY(check_layer(layer));
    MORULA_CUDA_TRY(enter(context));
    const int64_t given = counts[0], fit = row_bytes / int64_t{sizeof(double)} / layer->samples;
    const size_t most_rows = static_cast<size_t>(fit < 2 ? 2 : fit);
    int64_t done[2] = {0, 0};
    std::vector<double> correlations;
    for (int64_t p = 0; p < given;) {
        Batch batch;
        const int64_t first = p;
        for (; p < given && batch.neurons.size() + 2 <= most_rows; p++) {
            batch.add(selection->neurons[pairs[p] >> 32], selection->neurons[pairs[p] & 0x7fffffff]);
        }
        MORULA_CUDA_TRY(correlate(context, correlations, batch, layer));
        sift(pairs, values, open, done, first, correlations, layer, selection);
    }
    counts[0] = done[0];
    counts[1] = done[1];
    return MORULA_OK;
}
