// Losses on a GPU, forward and backward in one kernel; losses_loops.cpp has the formulas. A warp takes a row of few
// outputs, a block one of many. The lanes go through the row once for its largest output and the loss's sum, in double,
// which the softmax keeps relative to the largest seen so far (Milakov and Gimelshein, "Online normalizer calculation
// for softmax", 2018), and once more for the gradient. The order of a sum depends on the number of outputs alone.
//
// Shapes: out and dout batch x outputs; labels, losses and predicted one a row. A label that names no class, which only
// the device sees, counts like an output that is not finite.
//
// 8 bytes and some 50 flops an output: an H100 cannot need less than 2.7 us a million outputs; a bound. With ten
// classes a launch takes longer than that. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {

// What lanes have seen of a row. There is no gap between its numbers, since lanes hand it on whole.
struct RowScan {
    double sum;     // of the loss's terms
    double total;   // of the outputs
    float largest;  // NaN once an output was not finite
    int32_t place;  // of the first of the largest
};

// What a loss needs to know of its row.
struct LossRow {
    int64_t outputs, label;
    float mean;  // 1 / batch
    double smoothing;
};

// -sum_c t_c log softmax(x)_c; the sum is that of exponentials, relative to the largest.
struct SoftmaxCrossEntropy {
    static __device__ int64_t classes(const LossRow& row) { return row.outputs; }
    static __device__ void add(RowScan& scan, float x, int64_t, const LossRow&) {
        if (x > scan.largest) {
            scan.sum =
                GPU_MUTANT(softmax_rescales, scan.sum * static_cast<double>(expf(scan.largest - x)), scan.sum) + 1;
        } else {
            scan.sum += static_cast<double>(expf(x - scan.largest));
        }
    }
    static __device__ double merged(const RowScan& a, const RowScan& b) {
        if (a.largest == b.largest) return a.sum + b.sum;  // two lanes without outputs among them
        const float distance = fabsf(a.largest - b.largest);
        const bool first = a.largest > b.largest;
        return (first ? a.sum : b.sum) + (first ? b.sum : a.sum) * static_cast<double>(expf(-distance));
    }
    static __device__ float loss(const RowScan& scan, const float* out, const LossRow& row) {
        const double largest = scan.largest;
        const double depth = largest - static_cast<double>(out[row.label]);
        const double mean_depth = largest - scan.total / static_cast<double>(row.outputs);
        return static_cast<float>(log(scan.sum) + (1 - row.smoothing) * depth + row.smoothing * mean_depth);
    }
    static __device__ float gradient(const RowScan& scan, float x, int64_t c, const LossRow& row) {
        const float scale = static_cast<float>(static_cast<double>(row.mean) / scan.sum);
        const float shared = static_cast<float>(row.smoothing / static_cast<double>(row.outputs)) * row.mean;
        const float slope = expf(x - scan.largest) * scale - shared;
        return c == row.label ? slope - static_cast<float>(1 - row.smoothing) * row.mean : slope;
    }
    static __device__ int32_t predicted(const RowScan& scan, const float*, const LossRow&) { return scan.place; }
};

// sum_c (x_c - [c = label])^2 / outputs
struct MeanSquaredError {
    static __device__ int64_t classes(const LossRow& row) { return row.outputs; }
    static __device__ float off(float x, int64_t c, const LossRow& row) { return c == row.label ? x - 1 : x; }
    static __device__ void add(RowScan& scan, float x, int64_t c, const LossRow& row) {
        const double distance = off(x, c, row);
        scan.sum += distance * distance;
    }
    static __device__ double merged(const RowScan& a, const RowScan& b) { return a.sum + b.sum; }
    static __device__ float loss(const RowScan& scan, const float*, const LossRow& row) {
        return static_cast<float>(scan.sum / static_cast<double>(row.outputs));
    }
    static __device__ float gradient(const RowScan&, float x, int64_t c, const LossRow& row) {
        return 2 * off(x, c, row) * row.mean / static_cast<float>(row.outputs);
    }
    static __device__ int32_t predicted(const RowScan& scan, const float*, const LossRow&) { return scan.place; }
};

// sum_c max(0, 1 - y_c x_c)^2 / 2; a single output is positive for class 1 of two.
struct SquareHinge {
    static __device__ int64_t classes(const LossRow& row) { return row.outputs == 1 ? 2 : row.outputs; }
    static __device__ float sign(int64_t c, const LossRow& row) {
        const int64_t wanted = row.outputs == 1 ? row.label - 1 : row.label;
        return c == wanted ? 1.0f : -1.0f;
    }
    static __device__ float missing(float x, float sign) {
        const float margin = 1 - sign * x;
        return margin > 0 ? margin : 0;
    }
    static __device__ void add(RowScan& scan, float x, int64_t c, const LossRow& row) {
        const double distance = missing(x, sign(c, row));
        scan.sum += distance * distance;
    }
    static __device__ double merged(const RowScan& a, const RowScan& b) { return a.sum + b.sum; }
    static __device__ float loss(const RowScan& scan, const float*, const LossRow&) {
        return static_cast<float>(scan.sum / 2);
    }
    static __device__ float gradient(const RowScan&, float x, int64_t c, const LossRow& row) {
        const float y = sign(c, row);
        return -y * missing(x, y) * row.mean;
    }
    static __device__ int32_t predicted(const RowScan& scan, const float* out, const LossRow& row) {
        return row.outputs == 1 ? (out[0] > 0 ? 1 : 0) : scan.place;
    }
};

namespace {

constexpr int warp_lanes = 32, block_lanes = 256;
constexpr int64_t warp_outputs = 1024;  // the most that a warp takes
constexpr unsigned whole_warp = 0xffffffffu;

__device__ RowScan nothing_seen() { return {0, 0, -INFINITY, 0}; }

// Symmetric in a and b, so that all lanes of a butterfly get the same bits.
template <class Loss>
__device__ RowScan merged(const RowScan& a, const RowScan& b) {
    const bool earlier = GPU_MUTANT(loss_first_of_ties, a.place <= b.place, b.place <= a.place);
    const bool first = a.largest > b.largest || (a.largest == b.largest && earlier) ||
                       GPU_MUTANT(loss_keeps_nan, a.largest != a.largest, false);
    return {Loss::merged(a, b), a.total + b.total, first ? a.largest : b.largest, first ? a.place : b.place};
}

template <class Loss>
__device__ RowScan merged_over_warp(RowScan scan) {
#pragma unroll
    for (int away = GPU_MUTANT(loss_whole_warp, 16, 8); away > 0; away /= 2) {
        const RowScan other{__shfl_xor_sync(whole_warp, scan.sum, away), __shfl_xor_sync(whole_warp, scan.total, away),
                            __shfl_xor_sync(whole_warp, scan.largest, away),
                            __shfl_xor_sync(whole_warp, scan.place, away)};
        scan = merged<Loss>(scan, other);
    }
    return scan;
}

// Every warp's scan to every thread of the block, merged.
template <class Loss>
__device__ RowScan merged_over_block(const RowScan& scan) {
    constexpr int warps = block_lanes / warp_lanes;
    GPU_SHARED(RowScan, scans, [warps]);
    if (threadIdx.x % warp_lanes == 0) scans[threadIdx.x / warp_lanes] = scan;
    GPU_MUTANT(loss_barrier, __syncthreads(), (void)0);
    RowScan all = scans[0];
    for (int warp = 1; warp < warps; warp++) all = merged<Loss>(all, scans[warp]);
    return all;
}

}  // namespace

// Blocks of lanes x (256 / lanes) threads. dout may be null. Six blocks a multiprocessor: for more, nvcc would spill.
template <class Loss, int lanes>
__global__ void __launch_bounds__(block_lanes, 6)
    loss_rows(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels, int64_t rows,
              int64_t outputs, float mean, double smoothing) {
    const int64_t b = static_cast<int64_t>(blockIdx.x) * blockDim.y + threadIdx.y;
    if (GPU_MUTANT(loss_rows_end, b >= rows, false)) return;  // whole warps, or, of a block with one row, nobody
    const LossRow row{outputs, labels[b], mean, smoothing};
    const float* x = out + b * outputs;
    RowScan scan = nothing_seen();
    for (int64_t c = threadIdx.x; c < outputs; c += lanes) {
        const float value = x[c];
        Loss::add(scan, value, c, row);
        scan.total += static_cast<double>(value);
        const bool finite = value - value == 0;
        if (value > scan.largest || !finite) {
            scan.largest = finite ? value : NAN;
            scan.place = static_cast<int32_t>(c);
        }
    }
    scan = merged_over_warp<Loss>(scan);
    if constexpr (lanes > warp_lanes) scan = merged_over_block<Loss>(scan);
    const bool valid = scan.largest == scan.largest && row.label >= 0 && row.label < Loss::classes(row);
    if (dout != nullptr) {
        for (int64_t c = threadIdx.x; c < outputs; c += lanes) {
            dout[b * outputs + c] = valid ? Loss::gradient(scan, x[c], c, row) : NAN;
        }
    }
    if (threadIdx.x == 0) {
        losses[b] = valid ? Loss::loss(scan, x, row) : NAN;
        predicted[b] = valid ? Loss::predicted(scan, x, row) : -1;
    }
}

namespace {

template <class Loss>
int compute_loss(const char* name, morula_cuda_context* context, float* dout, float* losses, int32_t* predicted,
                 const float* out, const int32_t* labels, const morula_loss& shape, double smoothing = 0) {
    MORULA_CUDA_TRY(check_loss(fail, name, shape));
    MORULA_CUDA_TRY(enter(context));
    const bool few = shape.outputs <= warp_outputs;
    const dim3 threads(few ? warp_lanes : block_lanes, few ? block_lanes / warp_lanes : 1);
    const int64_t first = shape.first_row, start = first * shape.outputs;
    return launch(context, name, few ? loss_rows<Loss, warp_lanes> : loss_rows<Loss, block_lanes>,
                  ceil_div(shape.rows, threads.y), threads, dout == nullptr ? nullptr : dout + start, losses + first,
                  predicted + first, out + start, labels + first, shape.rows, shape.outputs,
                  1.0f / static_cast<float>(shape.batch), smoothing);
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_softmax_cross_entropy(morula_cuda_context* context, float* dout, float* losses, int32_t* predicted,
                                      const float* out, const int32_t* labels, const morula_loss* shape,
                                      double smoothing) {
    MORULA_CUDA_TRY(check_smoothing(fail, smoothing));
    return compute_loss<SoftmaxCrossEntropy>("softmax_cross_entropy", context, dout, losses, predicted, out, labels,
                                             *shape, smoothing);
}

int morula_cuda_mean_squared_error(morula_cuda_context* context, float* dout, float* losses, int32_t* predicted,
                                   const float* out, const int32_t* labels, const morula_loss* shape) {
    return compute_loss<MeanSquaredError>("mean_squared_error", context, dout, losses, predicted, out, labels, *shape);
}

int morula_cuda_square_hinge(morula_cuda_context* context, float* dout, float* losses, int32_t* predicted,
                             const float* out, const int32_t* labels, const morula_loss* shape) {
    return compute_loss<SquareHinge>("square_hinge", context, dout, losses, predicted, out, labels, *shape);
}

}  // extern "C"
