// Some neurons of a layer on their way to kernels, in pieces of a few MiB: the values may be a mapped file that is far
// larger than the device's memory.
#ifndef MORULA_STANDARDISE_LAYER_PIECES_H
#define MORULA_STANDARDISE_LAYER_PIECES_H

#include <vector>

#include "kernel/streaming.h"

namespace morula::cuda {

// How a neuron's values are standardised, and to which row of the result they belong.
struct NeuronScale {
    double scale, mean_high, mean_low, inverse_norm;
    int64_t target;
};

// (scale a - mean) inverse_norm, in float64. The mean's low part matters where a neuron varies little around a large
// mean.
__device__ inline double standardised(double value, const NeuronScale& s) {
    return (value * s.scale - s.mean_high - s.mean_low) * s.inverse_norm;
}

// Neurons neurons[k] of a layer (null: k), each for row targets[k] (null: k), and a range of their samples.
struct LayerRows {
    const morula_layer* layer;  // without moments the values are taken as they are
    const int32_t* neurons;
    const int32_t* targets;
    int64_t count, first_sample, samples;

    int64_t neuron(int64_t k) const { return neurons == nullptr ? k : neurons[k]; }
    int64_t target(int64_t k) const { return targets == nullptr ? k : targets[k]; }
};

// In device memory: value k of row r is element r * row_stride + k * sample_stride of `values`. first_row and
// first_sample count from the beginning of the LayerRows. A piece has a multiple of 16 rows or the last ones, and a
// multiple of 256 samples or the last ones; pieces of the same rows follow each other, first samples first.
struct LayerPiece {
    const NeuronScale* scales;
    const void* values;
    int64_t first_row, rows, first_sample, samples, row_stride, sample_stride;
};

// The rows and samples of the largest piece.
struct PieceShape {
    int64_t rows, samples;
};
PieceShape shape_of_pieces(const LayerRows& rows);

int64_t bytes_of_piece(const LayerRows& rows, int64_t row_count, int64_t samples);

// Writes a piece to pinned memory: the scales, then the values. Returns the bytes written; *piece is what it is once
// `device` holds them.
int64_t write_piece(char* host, LayerPiece* piece, const LayerRows& rows);
void place_piece(LayerPiece* piece, const char* device);

int check_layer(const morula_layer* layer);

// Those of some neurons that have a slot, and the slots: what a LayerRows is made of.
struct SlottedNeurons {
    std::vector<int32_t> neurons, targets;
    int64_t count() const { return static_cast<int64_t>(neurons.size()); }
};

// Checks the layer, too.
int list_slotted(SlottedNeurons* slotted, const morula_layer* layer, const morula_neurons* neurons);

// Calls use(piece), which launches kernels and returns a status, for all pieces.
template <class Use>
int for_each_piece(Streaming& streaming, const LayerRows& rows, const Use& use) {
    if (rows.count == 0 || rows.samples <= 0) return MORULA_OK;
    const PieceShape shape = shape_of_pieces(rows);
    MORULA_CUDA_TRY(streaming.begin(bytes_of_piece(rows, shape.rows, shape.samples)));
    for (int64_t row = 0; row < rows.count; row += shape.rows) {
        for (int64_t sample = 0; sample < rows.samples; sample += shape.samples) {
            LayerPiece piece{};
            piece.first_row = row;
            piece.rows = shape.rows < rows.count - row ? shape.rows : rows.count - row;
            piece.first_sample = sample;
            piece.samples = shape.samples < rows.samples - sample ? shape.samples : rows.samples - sample;
            char* host;
            const char* device;
            MORULA_CUDA_TRY(streaming.room(&host));
            MORULA_CUDA_TRY(streaming.send(write_piece(host, &piece, rows), &device));
            place_piece(&piece, device);
            MORULA_CUDA_TRY(use(piece));
            MORULA_CUDA_TRY(streaming.consumed());
        }
    }
    return MORULA_OK;
}

}  // namespace morula::cuda

#endif
