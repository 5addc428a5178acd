// Gathers pieces of a layer into pinned memory. Neuron-major ones take few whole rows, sample-major ones many neurons
// and few samples, so that what lies together in the layer is copied together.
#include <algorithm>
#include <cstring>

#include "kernel/elements.cuh"
#include "standardise/layer_pieces.h"

namespace morula::cuda {
namespace {

constexpr int64_t row_unit = 16, sample_unit = 256;
constexpr int64_t most_samples = int64_t{1} << 40;

bool sample_major(const LayerRows& rows) { return rows.layer->order == MORULA_SAMPLE_MAJOR; }

NeuronScale scale_of(const LayerRows& rows, int64_t k) {
    if (rows.layer->moments == nullptr) return {1, 0, 0, 1, rows.target(k)};
    const morula_moments& m = rows.layer->moments[rows.neuron(k)];
    return {m.scale, m.mean_high, m.mean_low, m.inverse_norm, rows.target(k)};
}

// How many neurons of the list from k on lie side by side in the layer.
int64_t run_length(const LayerRows& rows, int64_t k, int64_t end) {
    int64_t length = 1;
    while (k + length < end && rows.neuron(k + length) == rows.neuron(k) + length) length++;
    return length;
}

void gather_samples(char* out, const LayerPiece& piece, const LayerRows& rows, int64_t bytes) {
    const int64_t end = piece.first_row + piece.rows;
    for (int64_t k = piece.first_row; k < end;) {
        const int64_t run = run_length(rows, k, end);
        const char* from = static_cast<const char*>(rows.layer->values) +
                           ((rows.first_sample + piece.first_sample) * rows.layer->neurons + rows.neuron(k)) * bytes;
        char* to = out + (k - piece.first_row) * bytes;
        for (int64_t s = 0; s < piece.samples; s++) {
            std::memcpy(to + s * piece.rows * bytes, from + s * rows.layer->neurons * bytes,
                        static_cast<size_t>(run * bytes));
        }
        k += run;
    }
}

void gather_rows(char* out, const LayerPiece& piece, const LayerRows& rows, int64_t bytes) {
    for (int64_t r = 0; r < piece.rows; r++) {
        const int64_t first =
            rows.neuron(piece.first_row + r) * rows.layer->samples + rows.first_sample + piece.first_sample;
        std::memcpy(out + r * piece.samples * bytes, static_cast<const char*>(rows.layer->values) + first * bytes,
                    static_cast<size_t>(piece.samples * bytes));
    }
}

}  // namespace

PieceShape shape_of_pieces(const LayerRows& rows) {
    const int64_t bytes = element_bytes(rows.layer->type), scale = int64_t{sizeof(NeuronScale)};
    const auto most_rows = [&](int64_t samples) {
        const int64_t most = staging_bytes / (samples * bytes + scale) / row_unit * row_unit;
        return std::min(std::max(most, row_unit), rows.count);
    };
    const auto most_samples_of = [&](int64_t count) {
        const int64_t most = (staging_bytes / count - scale) / bytes;
        return most >= rows.samples ? rows.samples : most / sample_unit * sample_unit;
    };
    const int64_t count = most_rows(sample_major(rows) ? std::min(sample_unit, rows.samples) : rows.samples);
    return {count, most_samples_of(count)};
}

int64_t bytes_of_piece(const LayerRows& rows, int64_t row_count, int64_t samples) {
    return row_count * (int64_t{sizeof(NeuronScale)} + samples * element_bytes(rows.layer->type));
}

int64_t write_piece(char* host, LayerPiece* piece, const LayerRows& rows) {
    auto* scales = reinterpret_cast<NeuronScale*>(host);
    for (int64_t r = 0; r < piece->rows; r++) scales[r] = scale_of(rows, piece->first_row + r);
    char* values = host + piece->rows * int64_t{sizeof(NeuronScale)};
    const int64_t bytes = element_bytes(rows.layer->type);
    if (sample_major(rows)) {
        gather_samples(values, *piece, rows, bytes);
    } else {
        gather_rows(values, *piece, rows, bytes);
    }
    piece->row_stride = sample_major(rows) ? 1 : piece->samples;
    piece->sample_stride = sample_major(rows) ? piece->rows : 1;
    return bytes_of_piece(rows, piece->rows, piece->samples);
}

void place_piece(LayerPiece* piece, const char* device) {
    piece->scales = reinterpret_cast<const NeuronScale*>(device);
    piece->values = device + piece->rows * int64_t{sizeof(NeuronScale)};
}

int check_layer(const morula_layer* layer) {
    if (layer->type < MORULA_F16 || layer->type > MORULA_F64) {
        return fail(MORULA_INVALID_ARGUMENT, "element type %lld is not one of 0 to 3",
                    static_cast<long long>(layer->type));
    }
    if (layer->neurons < 1 || layer->samples < 2 || layer->samples > most_samples) {
        return fail(MORULA_INVALID_ARGUMENT, "a layer of %lld neurons and %lld samples: at least 1 and 2 are needed",
                    static_cast<long long>(layer->neurons), static_cast<long long>(layer->samples));
    }
    return MORULA_OK;
}

int list_slotted(SlottedNeurons* slotted, const morula_layer* layer, const morula_neurons* neurons) {
    MORULA_CUDA_TRY(check_layer(layer));
    if (neurons->first < 0 || neurons->count < 0 || neurons->count > layer->neurons - neurons->first) {
        return fail(MORULA_INVALID_ARGUMENT, "neurons %lld to %lld of a layer of %lld",
                    static_cast<long long>(neurons->first), static_cast<long long>(neurons->first + neurons->count),
                    static_cast<long long>(layer->neurons));
    }
    for (int64_t k = 0; k < neurons->count; k++) {
        if (neurons->slots[k] < 0) continue;
        slotted->neurons.push_back(static_cast<int32_t>(neurons->first + k));
        slotted->targets.push_back(neurons->slots[k]);
    }
    return MORULA_OK;
}

}  // namespace morula::cuda
