// Panels of standardised rows in bfloat16, in the layout of panel.cuh.
//   p = bfloat16((s a - mean) / norm), computed in float64;  lost[r] += sum over samples of (p - z)^2
// Shapes: a piece of a layer, rows x samples in either order; panel 128 rows at a time x samples, padded with zeros.
//
// A block has 16 rows, a warp every eighth block of 16 samples. Each lane reads its 8 elements where they lie: four
// lanes (neuron-major) or eight (sample-major) read 32 or 64 bytes side by side, so all of each 32-byte sector is used,
// at once or by the next load of the same warp, and nothing is transposed through shared memory.
//
// For W x N elements of b bytes: 6 W N flops in float64, and (b + 2) W N bytes of device memory: at W = 4,096, N =
// 10,000 in float32 0.08 ms at the 3.0 TB/s of an H100, a bound, beside 3 ms for the copy from the host at 55 GB/s.
// Emulated, never run on a GPU.
#include <algorithm>
#include <cmath>
#include <vector>

#include "correlate/panel.cuh"
#include "kernel/elements.cuh"
#include "morula_cuda_correlate.h"
#include "standardise/layer_pieces.h"

namespace morula::cuda {

constexpr int pack_warps = 8;

// The nearest bfloat16 (even), denormals to zero, so that it does not matter whether tensor cores see them.
__device__ inline uint32_t nearest_bfloat(double z) {
    const float x = static_cast<float>(z);
    if (fabsf(x) < GPU_MUTANT(pack_denormals, 1.17549435e-38f, 0.0f)) return 0;
    const uint32_t bits = __float_as_uint(x);
    return (bits + 0x7fff + GPU_MUTANT(pack_ties, ((bits >> 16) & 1), 0)) >> 16;
}

// One element and what rounding it lost.
template <class T>
__device__ uint32_t pack_element(double* lost, const T* values, const NeuronScale& scale, int64_t sample,
                                 int64_t samples, int64_t sample_stride) {
    if (sample >= GPU_MUTANT(pack_samples, samples, samples + 1)) return 0;
    const double z = standardised(to_double(values[sample * sample_stride]), scale);
    const uint32_t packed = nearest_bfloat(z);
    const double off = z - static_cast<double>(__uint_as_float(packed << 16));
    *lost += off * off;
    return packed;
}

// panel and lost begin where this piece's first row and sample go.
template <class T>
__global__ void __launch_bounds__(32 * pack_warps)
    pack_strips(uint4* panel, double* lost, const NeuronScale* scales, const T* values, int64_t rows, int64_t samples,
                int64_t row_stride, int64_t sample_stride, int64_t blocks, int64_t panel_blocks) {
    GPU_SHARED(double, lost_by_warp, [pack_warps][strip]);
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    const int64_t first_row = static_cast<int64_t>(blockIdx.x) * strip;
    NeuronScale scale[2];
    const T* row_values[2];
    bool present[2];
    double sums[2] = {0, 0};
    for (int half = 0; half < 2; half++) {
        const int64_t row = first_row + lane / 4 + 8 * half;
        present[half] = row < GPU_MUTANT(pack_rows, rows, rows + 1);
        scale[half] = present[half] ? scales[row] : NeuronScale{};
        row_values[half] = values + (present[half] ? row : 0) * row_stride;
    }
    for (int64_t block = warp; block < blocks; block += pack_warps) {
        uint32_t packed[4];
        for (int q = 0; q < 4; q++) {
            const int half = q % 2;
            const int64_t sample = block * block_samples + 2 * (lane % 4) + 8 * (q / 2);
            packed[q] = 0;
            if (!present[half]) continue;
            for (int k = 0; k < 2; k++) {
                packed[q] |=
                    pack_element(&sums[half], row_values[half], scale[half], sample + k, samples, sample_stride)
                    << (16 * k);
            }
        }
        panel[(blockIdx.x * panel_blocks + block) * block_lanes + lane] =
            make_uint4(packed[0], packed[1], packed[2], packed[3]);
    }
    for (int half = 0; half < 2; half++) {
        sums[half] += __shfl_xor_sync(0xffffffffu, sums[half], 1);
        sums[half] += __shfl_xor_sync(0xffffffffu, sums[half], 2);
        if (lane % 4 == 0) lost_by_warp[warp][lane / 4 + 8 * half] = sums[half];
    }
    GPU_MUTANT(pack_barrier, __syncthreads(), (void)0);
    const int row = static_cast<int>(threadIdx.x);
    if (row >= strip || first_row + row >= rows) return;
    double total = 0;
    for (int w = 0; w < pack_warps; w++) total += lost_by_warp[w][row];
    lost[first_row + row] += total;  // pieces of the same row follow each other on the stream
}

namespace {

template <class T>
int launch_pack(morula_cuda_context* context, uint4* panel, double* lost, const T* values, const LayerPiece& piece,
                int64_t panel_blocks, bool last) {
    const int64_t first_block = piece.first_sample / block_samples;
    const int64_t blocks = last ? panel_blocks - first_block : piece.samples / block_samples;
    uint4* target = panel + (piece.first_row / strip * panel_blocks + first_block) * block_lanes;
    GPU_LAUNCH((pack_strips<T>), static_cast<unsigned>(ceil_div(piece.rows, strip)), 32 * pack_warps, 0,
               context->stream, target, lost + piece.first_row, piece.scales, values, piece.rows, piece.samples,
               piece.row_stride, piece.sample_stride, blocks, panel_blocks);
    return launched("pack_strips");
}

// Zeros in the strips that have no row.
int clear_padding(morula_cuda_context* context, void* panel, int64_t rows, int64_t samples) {
    const int64_t strip_bytes = blocks_of(samples) * block_lanes * int64_t{sizeof(uint4)};
    const int64_t used = ceil_div(rows, strip) * strip_bytes, all = panel_bytes(rows, samples);
    if (used == all) return MORULA_OK;
    return check("clearing", cudaMemsetAsync(static_cast<char*>(panel) + used, 0, static_cast<size_t>(all - used),
                                             context->stream));
}

// *largest: the largest sum of squares that rounding a row lost.
int pack(morula_cuda_context* context, void* panel, double* largest, const LayerRows& rows) {
    if (rows.count < 1 || rows.count > panel_rows) {
        return fail(MORULA_INVALID_ARGUMENT, "a panel of %lld rows: 1 to %lld can be packed",
                    static_cast<long long>(rows.count), static_cast<long long>(panel_rows));
    }
    MORULA_CUDA_TRY(enter(context));
    Streaming streaming(context);
    CallMemory lost(context);
    const int64_t lost_bytes = rows.count * int64_t{sizeof(double)};
    MORULA_CUDA_TRY(lost.allocate(lost_bytes));
    MORULA_CUDA_TRY(
        check("clearing", cudaMemsetAsync(lost.at<void>(0), 0, static_cast<size_t>(lost_bytes), context->stream)));
    MORULA_CUDA_TRY(clear_padding(context, panel, rows.count, rows.samples));
    MORULA_CUDA_TRY(for_each_piece(streaming, rows, [&](const LayerPiece& piece) {
        const bool last = piece.first_sample + piece.samples == rows.samples;
        return with_elements(piece.values, rows.layer->type, [&](const auto* values) {
            return launch_pack(context, static_cast<uint4*>(panel), lost.at<double>(0), values, piece,
                               blocks_of(rows.samples), last);
        });
    }));
    std::vector<double> squares(static_cast<size_t>(rows.count));
    MORULA_CUDA_TRY(streaming.download(squares.data(), lost.at<double>(0), lost_bytes));
    *largest = *std::max_element(squares.begin(), squares.end());
    return MORULA_OK;
}

}  // namespace
}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" {

int64_t morula_cuda_packed_bytes(const morula_cuda_context*, int, int64_t rows, int64_t samples) {
    return panel_bytes(rows, samples);
}

int morula_cuda_pack(morula_cuda_context* context, void* panel, double* error, const morula_layer* layer,
                     const int32_t* neurons, int64_t rows, int) {
    MORULA_CUDA_TRY(check_layer(layer));
    double largest = 0;
    MORULA_CUDA_TRY(pack(context, panel, &largest, {layer, neurons, nullptr, rows, 0, layer->samples}));
    // What rounding lost, plus what float64 lost in mean, norm and quotient: as morula_pack has it.
    *error = (std::sqrt(largest) * (1 + 0x1p-20) + 0x1p-100) * (1 + 0x1p-20) +
             static_cast<double>(layer->samples + 16) * 0x1p-51;
    return MORULA_OK;
}

int morula_cuda_pack_rows(morula_cuda_context* context, void* panel, const float* rows, int64_t count, int64_t columns,
                          int) {
    const morula_layer layer{rows, nullptr, MORULA_F32, count, columns, MORULA_NEURON_MAJOR};
    double largest = 0;
    MORULA_CUDA_TRY(pack(context, panel, &largest, {&layer, nullptr, nullptr, count, 0, columns}));
    if (largest == 0) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT,
                "a row that is off by %g in bfloat16: rows of a screen must be numbers that it holds",
                std::sqrt(largest));
}

}  // extern "C"
