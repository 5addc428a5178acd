// Entry points: moments of sample-major layers, and standardised pieces of layers in either order.
#include <algorithm>
#include <new>
#include <vector>

#include "kernel/context.h"
#include "kernel/elements.h"

namespace morula {
namespace {

// One vector more than the neurons of a row, and what a vector may read beyond the last row.
constexpr int64_t stage_floats = (MORULA_PIECE + 1) * (staged_neurons + 16);

int check(const morula_layer* layer, int64_t first, int64_t count) {
    if (layer->order == MORULA_SAMPLE_MAJOR && layer->type == MORULA_F64) {
        return fail(MORULA_INVALID_ARGUMENT, "a sample-major layer of 8-byte elements: turn it neuron-major first");
    }
    if (first < 0 || count < 0 || count > layer->neurons - first) {
        return fail(MORULA_INVALID_ARGUMENT, "neurons %lld to %lld of a layer of %lld", static_cast<long long>(first),
                    static_cast<long long>(first + count), static_cast<long long>(layer->neurons));
    }
    return MORULA_OK;
}

// Calls work(first, count, stage) for parts of the neurons that fit the stage.
template <class Work>
int in_stages(int64_t first, int64_t count, const Work& work) {
    std::vector<float> stage;
    try {
        stage.resize(static_cast<size_t>(stage_floats));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for a stage of %lld numbers",
                    static_cast<long long>(stage_floats));
    }
    for (int64_t k = 0; k < count; k += staged_neurons) {
        work(first + k, std::min<int64_t>(staged_neurons, count - k), stage.data());
    }
    return MORULA_OK;
}

// Rows are far apart, so the processor does not see the next one coming.
void prefetch(const morula_layer* layer, int64_t neuron, int64_t from, int64_t length) {
    const int64_t bytes = element_bytes(layer->type);
    const char* values = static_cast<const char*>(row_of(layer, neuron)) + from * bytes;
    for (int64_t b = 0; b < length * bytes; b += 64) __builtin_prefetch(values + b, 0, 2);
}

void standardise_rows(const Table& kernels, float* rows, const morula_layer* layer, const morula_neurons* neurons,
                      int64_t first_sample, int64_t samples) {
    const int64_t length = std::max<int64_t>(0, std::min(samples, layer->samples - first_sample));
    for (int64_t k = 0; k < neurons->count; k++) {
        if (k + 4 < neurons->count && neurons->slots[k + 4] >= 0) {
            prefetch(layer, neurons->first + k + 4, first_sample, length);
        }
        if (neurons->slots[k] < 0) continue;
        float* row = rows + neurons->slots[k] * samples;
        kernels.standardise_piece(row, layer, neurons->first + k, first_sample, length);
        std::fill(row + length, row + samples, 0.0f);
    }
}

}  // namespace

int project_in_place(morula_context* context, float* projections, const morula_layer* layer,
                     const morula_neurons* neurons, const morula_basis* basis) {
    if (const int status = check(layer, neurons->first, neurons->count)) return status;
    const int64_t rank = basis->rank;
    std::vector<float> sums;
    try {
        sums.resize(static_cast<size_t>(rank * staged_neurons));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for %lld projections of a stage", static_cast<long long>(rank));
    }
    return in_stages(neurons->first, neurons->count, [&](int64_t first, int64_t count, float* stage) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        const float* directions = basis->rows;
        for (int64_t from = 0; from < layer->samples; from += MORULA_PIECE) {
            context->kernels.project_columns(sums.data(), stage, directions, layer, first, count, from, rank);
            directions += basis->stored_rank * MORULA_PIECE;
        }
        const int32_t* slots = neurons->slots + (first - neurons->first);
        for (int64_t l = 0; l < count; l++) {
            if (slots[l] < 0) continue;
            for (int64_t r = 0; r < rank; r++) {
                projections[slots[l] * rank + r] = sums[static_cast<size_t>(r * staged_neurons + l)];
            }
        }
    });
}

}  // namespace morula

extern "C" {

using namespace morula;

int morula_column_moments(morula_context* context, morula_moments* moments, const morula_layer* layer, int64_t first,
                          int64_t count, int metric) {
    if (const int status = check(layer, first, count)) return status;
    return in_stages(first, count, [&](int64_t from, int64_t neurons, float* stage) {
        context->kernels.column_moments(moments + (from - first), stage, layer, from, neurons, metric);
    });
}

int morula_standardise_piece(morula_context* context, float* rows, const morula_layer* layer,
                             const morula_neurons* neurons, int64_t first_sample, int64_t samples) {
    if (const int status = check(layer, neurons->first, neurons->count)) return status;
    if (samples % MORULA_PIECE != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld samples: a piece has a multiple of %d",
                    static_cast<long long>(samples), MORULA_PIECE);
    }
    if (layer->order == MORULA_NEURON_MAJOR) {
        standardise_rows(context->kernels, rows, layer, neurons, first_sample, samples);
        return MORULA_OK;
    }
    return in_stages(neurons->first, neurons->count, [&](int64_t from, int64_t count, float* stage) {
        const morula_neurons part{neurons->slots + (from - neurons->first), from, count};
        for (int64_t k = 0; k < samples; k += MORULA_PIECE) {
            context->kernels.standardise_columns(rows + k, stage, layer, &part, first_sample + k, samples);
        }
    });
}

}  // extern "C"
