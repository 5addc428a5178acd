// Standardised rows: z = (s a - mean) / norm, in float64, rounded to float32 or left as it is.
// Shapes: a piece of a layer, rows x samples in either order; out rows of `stride` numbers, zero beyond the samples.
//
// Neuron-major: a block has a row. Sample-major: tiles of 32 x 32 pass through shared memory, so that both the layer
// and the rows are gone through along what lies side by side.
//
// For W x N elements of b bytes: 4 W N flops in float64, (b + 4) W N bytes of device memory: W = 32,768, N = 10,000 in
// float32 0.9 ms at the 3.0 TB/s of an H100, a bound, beside 24 ms for the copy from the host at 55 GB/s. Emulated,
// never run on a GPU.
#include "kernel/elements.cuh"
#include "morula_cuda_correlate.h"
#include "standardise/standardise.h"

namespace morula::cuda {

constexpr int row_threads = 256;
constexpr int turned_edge = 32, turned_rows = 8;

// width: numbers of a row to write, those from `samples` on being zeros.
template <class T, class Number>
__global__ void __launch_bounds__(row_threads) standardise_row(Number* out, int64_t stride, const NeuronScale* scales,
                                                               const T* values, int64_t samples, int64_t width) {
    const NeuronScale scale = scales[blockIdx.x];
    const T* row = values + blockIdx.x * samples;
    for (int64_t k = threadIdx.x; k < width; k += row_threads) {
        const bool inside = k < GPU_MUTANT(standardise_row_end, samples, samples + 1);
        out[scale.target * stride + k] = inside ? static_cast<Number>(standardised(to_double(row[k]), scale)) : 0;
    }
}

template <class T, class Number>
__global__ void __launch_bounds__(turned_edge* turned_rows)
    standardise_columns(Number* out, int64_t stride, const NeuronScale* scales, const T* values, int64_t rows,
                        int64_t samples, int64_t width) {
    GPU_SHARED(Number, tile, [turned_edge][turned_edge + 1]);
    const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
    const int64_t first_row = static_cast<int64_t>(blockIdx.y) * turned_edge;
    const int64_t first_sample = static_cast<int64_t>(blockIdx.x) * turned_edge;
    const bool present = first_row + x < rows;
    const NeuronScale scale = present ? scales[first_row + x] : NeuronScale{};
    for (int k = y; k < turned_edge; k += turned_rows) {
        const int64_t sample = first_sample + k;
        tile[k][x] = present && sample < samples
                         ? static_cast<Number>(standardised(to_double(values[sample * rows + first_row + x]), scale))
                         : 0;
    }
    GPU_MUTANT(standardise_barrier, __syncthreads(), (void)0);
    for (int r = y; r < turned_edge && first_row + r < GPU_MUTANT(standardise_columns_rows, rows, rows + 1);
         r += turned_rows) {
        if (first_sample + x < GPU_MUTANT(standardise_columns_end, width, width + 1)) {
            out[scales[first_row + r].target * stride + first_sample + x] = tile[x][r];
        }
    }
}

namespace {

template <class Number, class T>
int launch_piece(morula_cuda_context* context, Number* out, int64_t stride, const T* values, const LayerPiece& piece,
                 int64_t width, bool sample_major) {
    if (sample_major) {
        const dim3 grid(static_cast<unsigned>(ceil_div(width, turned_edge)),
                        static_cast<unsigned>(ceil_div(piece.rows, turned_edge)));
        GPU_LAUNCH((standardise_columns<T, Number>), grid, dim3(turned_edge, turned_rows), 0, context->stream,
                   out + piece.first_sample, stride, piece.scales, values, piece.rows, piece.samples, width);
    } else {
        GPU_LAUNCH((standardise_row<T, Number>), static_cast<unsigned>(piece.rows), row_threads, 0, context->stream,
                   out + piece.first_sample, stride, piece.scales, values, piece.samples, width);
    }
    return launched("standardise");
}

template <class Number>
int clear_rows(morula_cuda_context* context, Number* out, int64_t stride, const LayerRows& rows) {
    for (int64_t k = 0; k < rows.count; k++) {
        MORULA_CUDA_TRY(
            check("clearing", cudaMemsetAsync(out + rows.target(k) * stride, 0,
                                              static_cast<size_t>(stride) * sizeof(Number), context->stream)));
    }
    return MORULA_OK;
}

}  // namespace

template <class Number>
int standardise_rows(morula_cuda_context* context, Number* out, int64_t stride, const LayerRows& rows) {
    if (rows.samples <= 0) return clear_rows(context, out, stride, rows);
    Streaming streaming(context);
    return for_each_piece(streaming, rows, [&](const LayerPiece& piece) {
        const bool last = piece.first_sample + piece.samples == rows.samples;
        const int64_t width = last ? stride - piece.first_sample : piece.samples;
        return with_elements(piece.values, rows.layer->type, [&](const auto* values) {
            return launch_piece(context, out, stride, values, piece, width, rows.layer->order == MORULA_SAMPLE_MAJOR);
        });
    });
}

template int standardise_rows(morula_cuda_context*, float*, int64_t, const LayerRows&);
template int standardise_rows(morula_cuda_context*, double*, int64_t, const LayerRows&);

}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" int morula_cuda_standardise_piece(morula_cuda_context* context, float* rows, const morula_layer* layer,
                                             const morula_neurons* neurons, int64_t first_sample, int64_t samples) {
    if (samples % MORULA_PIECE != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld samples: a piece has a multiple of %d",
                    static_cast<long long>(samples), MORULA_PIECE);
    }
    SlottedNeurons slotted;
    MORULA_CUDA_TRY(list_slotted(&slotted, layer, neurons));
    MORULA_CUDA_TRY(enter(context));
    const int64_t rest = layer->samples - first_sample;
    return standardise_rows(context, rows, samples,
                            {layer, slotted.neurons.data(), slotted.targets.data(), slotted.count(), first_sample,
                             rest < samples ? rest : samples});
}
