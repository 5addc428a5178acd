// Batch norm on a GPU, but for its sums (batch_norm_sums.cu); batch_norm_loops.cpp has the formulas.
//
// Shapes: matrices are rows x channels; terms (4 x channels) and slopes (2 x channels) stay in the caches. Forward
// moves 8 bytes a number for 2 flops, backward 12 or 16 (with a ReLU) for 4: an H100 cannot need less than 2.7 us a
// million numbers forward, and 4 or 5.3 backward; a bound. Terms and gradients of parameters, a thread a channel, take
// what a launch takes. Emulated, never run on a GPU.
#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"

namespace morula::cuda {
namespace {

// The sum over the parts, in their order.
__device__ double total(const double* sums, int64_t parts, int64_t stride, int64_t column) {
    double sum = 0;
    for (int64_t part = 0; part < GPU_MUTANT(batch_norm_all_parts, parts, 1); part++) {
        sum += sums[part * stride + column];
    }
    return sum;
}

__device__ void set_terms(float* terms, float scale, float shift, double epsilon, int64_t channels, int64_t c,
                          double mean, double variance) {
    const double inverse = 1 / sqrt(variance + epsilon), factor = scale * inverse;
    terms[c] = static_cast<float>(factor);
    terms[channels + c] = static_cast<float>(shift - mean * factor);
    terms[2 * channels + c] = static_cast<float>(mean);
    terms[3 * channels + c] = static_cast<float>(inverse);
}

__device__ float average(float running, double value, double momentum) {
    return static_cast<float>((1 - momentum) * running + momentum * value);
}

__device__ int64_t thread_channel() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }

}  // namespace

// A layer as the device sees it: all pointers are to its memory.
__global__ void __launch_bounds__(block_threads)
    batch_norm_training_terms(float* terms, const double* sums, int64_t parts, const float* inp,
                              morula_batch_norm layer, int64_t rows, int64_t channels, int64_t first, int64_t columns) {
    const int64_t c = first + thread_channel();
    if (GPU_MUTANT(batch_norm_terms_end, c >= first + columns, c >= channels)) return;
    const double n = static_cast<double>(rows);
    const double sum = total(sums, parts, 2 * channels, c);
    const double squares = total(sums, parts, 2 * channels, channels + c);
    const double mean = inp[c] + sum / n, left = squares - sum * (sum / n);
    const double deviations = left < 0 ? 0 : left;  // only rounding makes it negative; NaN passes
    set_terms(terms, layer.scale[c], layer.shift[c], layer.epsilon, channels, c, mean, deviations / n);
    layer.mean[c] = average(layer.mean[c], mean, layer.momentum);
    layer.variance[c] = average(layer.variance[c], deviations / (n - 1), layer.momentum);
}

__global__ void __launch_bounds__(block_threads)
    batch_norm_evaluation_terms(float* terms, morula_batch_norm layer, int64_t channels) {
    const int64_t c = thread_channel();
    if (c >= GPU_MUTANT(batch_norm_evaluation_end, channels, channels + 1)) return;
    set_terms(terms, layer.scale[c], layer.shift[c], layer.epsilon, channels, c, layer.mean[c], layer.variance[c]);
}

// Matrices are at the block's first element, factor and constant at its first column.
template <int width, bool relu>
__global__ void __launch_bounds__(block_threads)
    batch_norm_forward_elements(float* out, const float* inp, const float* factor, const float* constant,
                                int64_t channels, int64_t rows, int64_t columns, unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    if (GPU_MUTANT(batch_norm_forward_rows, at.row >= rows, false) || at.column >= columns) return;
    const int64_t place = at.row * channels + at.column;
    const Numbers<width> f = load<width>(factor + at.column, width), k = load<width>(constant + at.column, width);
    Numbers<width> x = load<width>(inp + place, width);
#pragma unroll
    for (int i = 0; i < width; i++) {
        const float value = x.value[i] * f.value[i] + k.value[i];
        x.value[i] = relu && value < 0 ? 0 : value;  // NaN passes
    }
    store<width>(out + place, x, width);
}

// terms and slopes are at the block's first column.
template <int width, bool relu>
__global__ void __launch_bounds__(block_threads)
    batch_norm_backward_elements(float* dinp, const float* dout, const float* inp, const float* out, const float* terms,
                                 const float* slopes, int64_t channels, int64_t rows, int64_t columns,
                                 unsigned column_blocks) {
    const Place at = thread_place<width>(column_blocks);
    if (at.row >= rows || GPU_MUTANT(batch_norm_backward_columns, at.column >= columns, false)) return;
    const int64_t place = at.row * channels + at.column, c = at.column;
    const Numbers<width> factor = load<width>(terms + c, width), mean = load<width>(terms + 2 * channels + c, width),
                         constant = load<width>(slopes + c, width), slope = load<width>(slopes + channels + c, width);
    const Numbers<width> x = load<width>(inp + place, width);
    Numbers<width> g = load<width>(dout + place, width), y{};
    if (relu) y = load<width>(out + place, width);
#pragma unroll
    for (int i = 0; i < width; i++) {
        const float masked = relu && y.value[i] <= 0 ? 0 : g.value[i];
        g.value[i] = factor.value[i] * masked - constant.value[i] - slope.value[i] * (x.value[i] - mean.value[i]);
    }
    store<width>(dinp + place, g, width);
}

__global__ void __launch_bounds__(block_threads)
    batch_norm_parameter_gradients(float* dscale, float* dshift, float* slopes, const double* sums, int64_t parts,
                                   const float* terms, int64_t rows, int64_t channels, int64_t first, int64_t columns) {
    const int64_t c = first + thread_channel();
    if (GPU_MUTANT(batch_norm_gradients_end, c >= first + columns, c >= channels)) return;
    const double n = static_cast<double>(rows);
    const double sum = total(sums, parts, 2 * channels, c);
    const double products = total(sums, parts, 2 * channels, channels + c);
    const double factor = terms[c], inverse = terms[3 * channels + c];
    dshift[c] = static_cast<float>(sum);
    dscale[c] = static_cast<float>(products * inverse);
    slopes[c] = static_cast<float>(factor * sum / n);
    slopes[channels + c] = static_cast<float>(factor * inverse * inverse * products / n);
}

}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_batch_norm_training(morula_cuda_context* context, float* terms, const double* sums, int64_t parts,
                                    const float* inp, const morula_batch_norm* layer, const morula_channels* shape) {
    MORULA_CUDA_TRY(check_batch(fail, "batch_norm_training", parts, *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    return launch(context, "batch_norm_training", batch_norm_training_terms, ceil_div(block.columns, block_threads),
                  dim3(block_threads), terms, sums, parts, inp, *layer, shape->rows, shape->channels,
                  block.first_column, block.columns);
}

int morula_cuda_batch_norm_evaluation(morula_cuda_context* context, float* terms, const morula_batch_norm* layer,
                                      int64_t channels) {
    MORULA_CUDA_TRY(enter(context));
    return launch(context, "batch_norm_evaluation", batch_norm_evaluation_terms, ceil_div(channels, block_threads),
                  dim3(block_threads), terms, *layer, channels);
}

int morula_cuda_batch_norm_forward(morula_cuda_context* context, float* out, const float* inp, const float* terms,
                                   const morula_channels* shape, int activation) {
    MORULA_CUDA_TRY(check_channels(fail, "batch_norm_forward", *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t start = block.first_row * shape->channels + block.first_column;
    out += start;
    inp += start;
    terms += block.first_column;
    const int width = vector_width({out, inp, terms}, {shape->channels, block.columns});
    const Grid grid = element_grid(block.rows, block.columns, width);
    const auto plain = width == 4 ? batch_norm_forward_elements<4, false> : batch_norm_forward_elements<1, false>;
    const auto rectifying = width == 4 ? batch_norm_forward_elements<4, true> : batch_norm_forward_elements<1, true>;
    return launch(context, "batch_norm_forward", activation == MORULA_RELU ? rectifying : plain, grid.blocks,
                  grid.threads, out, inp, terms, terms + shape->channels, shape->channels, block.rows, block.columns,
                  grid.column_blocks);
}

int morula_cuda_batch_norm_gradients(morula_cuda_context* context, float* dscale, float* dshift, float* slopes,
                                     const double* sums, int64_t parts, const float* terms,
                                     const morula_channels* shape) {
    MORULA_CUDA_TRY(check_batch(fail, "batch_norm_gradients", parts, *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    return launch(context, "batch_norm_gradients", batch_norm_parameter_gradients,
                  ceil_div(block.columns, block_threads), dim3(block_threads), dscale, dshift, slopes, sums, parts,
                  terms, shape->rows, shape->channels, block.first_column, block.columns);
}

int morula_cuda_batch_norm_backward_input(morula_cuda_context* context, float* dinp, const float* dout,
                                          const float* inp, const float* out, const float* terms, const float* slopes,
                                          const morula_channels* shape) {
    MORULA_CUDA_TRY(check_channels(fail, "batch_norm_backward_input", *shape));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t start = block.first_row * shape->channels + block.first_column;
    dinp += start;
    dout += start;
    inp += start;
    if (out != nullptr) out += start;
    terms += block.first_column;
    slopes += block.first_column;
    const int width = vector_width({dinp, dout, inp, out, terms, slopes}, {shape->channels, block.columns});
    const Grid grid = element_grid(block.rows, block.columns, width);
    const auto plain = width == 4 ? batch_norm_backward_elements<4, false> : batch_norm_backward_elements<1, false>;
    const auto masked = width == 4 ? batch_norm_backward_elements<4, true> : batch_norm_backward_elements<1, true>;
    return launch(context, "batch_norm_backward_input", out == nullptr ? plain : masked, grid.blocks, grid.threads,
                  dinp, dout, inp, out, terms, slopes, shape->channels, block.rows, block.columns, grid.column_blocks);
}

}  // extern "C"
