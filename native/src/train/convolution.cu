// Convolutions on a GPU: products whose factors are gathered as they are copied to shared memory
// (train/convolution_factors.cuh, kernel/tensor_product.cuh). With P positions of the output or, for its gradient, of
// the input, and T = kernel^2 taps,
//
//   flops       3 x 2 P T inputs outputs in tf32: an H100 cannot beat 6 P T inputs outputs / 395e12 s (a bound)
//   least bytes 4 (inp + out + weight): nor bytes / 3.0e12 s (a bound); patches are read again from caches
//
// Emulated, never run on a GPU. The workspaces of the host's kernels are not needed.
#include "kernel/tensor_product.cuh"
#include "morula_cuda_train.h"
#include "train/column_sums.h"
#include "train/convolution.h"
#include "train/convolution_factors.cuh"
#include "train/layer_result.cuh"
#include "train/matrix_factor.cuh"
#include "train/product_checks.h"

namespace morula::cuda {

// sums (parts x size): what the other rows have from `first` on is added to the first, row by row.
//
//   flops       (parts - 1) count
//   least bytes 4 (parts + 1) count: an H100 cannot beat bytes / 3.0e12 s (a bound). Emulated, never run on a GPU.
__global__ void __launch_bounds__(sum_threads)
    add_parts(float* sums, int64_t parts, int64_t size, int64_t first, int64_t count) {
    const int64_t at = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= GPU_MUTANT(add_parts_bound, count, count + 1)) return;
    float sum = sums[first + at];
    for (int64_t part = 1; part < parts; part++) sum += sums[part * size + first + at];
    sums[first + at] = sum;
}

}  // namespace morula::cuda

namespace {

using namespace morula::cuda;

// Positions of all images with their borders, and columns of the weight, are counted in 32 bits.
int check(const char* kernel, const morula_convolution& shape, int64_t columns) {
    MORULA_CUDA_TRY(morula::products::check_convolution(fail, kernel, shape, columns));
    const double height = double(shape.height + 2 * shape.padding), width = double(shape.width + 2 * shape.padding);
    const double channels = double(std::max(shape.inputs, shape.outputs));
    if (double(shape.batch) * height * width <= INT32_MAX &&
        double(shape.kernel * shape.kernel) * channels <= INT32_MAX)
        return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT,
                "%s: %lld images of %.0f x %.0f positions with their borders and %lld weights for each of %.0f "
                "channels, but 2^31 - 1 is the most of either",
                kernel, static_cast<long long>(shape.batch), height, width,
                static_cast<long long>(shape.kernel * shape.kernel), channels);
}

Geometry geometry(const morula_convolution& shape) {
    const auto number = [](int64_t n) { return static_cast<uint32_t>(n); };
    return {number(shape.height),
            number(shape.width),
            number(morula::output_size(shape.height, shape)),
            number(morula::output_size(shape.width, shape)),
            number(shape.kernel),
            number(shape.stride),
            number(shape.padding)};
}

// Of one image.
int64_t inp_positions(const morula_convolution& shape) { return shape.height * shape.width; }
int64_t out_positions(const morula_convolution& shape) {
    return morula::output_size(shape.height, shape) * morula::output_size(shape.width, shape);
}

int64_t weights(const morula_convolution& shape) { return shape.kernel * shape.kernel * shape.inputs; }

// The block's samples of inp and of dout.
const float* inp_of_block(const float* inp, const morula_convolution& shape) {
    return inp + shape.block.first_row * inp_positions(shape) * shape.inputs;
}
const float* dout_of_block(const float* dout, const morula_convolution& shape) {
    return dout + shape.block.first_row * out_positions(shape) * shape.outputs;
}

template <Run run>
Patches<run> patches(const float* inp, const morula_convolution& shape, int64_t size, int64_t first_column) {
    const float* values = inp_of_block(inp, shape);
    const bool wide = wide_rows(values, shape.inputs) && first_column % 4 == 0;
    return {values, uint32_t(size), wide, uint32_t(shape.inputs), uint32_t(first_column), geometry(shape)};
}

}  // namespace

extern "C" {

int64_t morula_cuda_convolution_workspace(const morula_convolution*, int) { return 1; }

int morula_cuda_convolution_forward(morula_cuda_context* context, float* out, const float* inp, const float* weight,
                                    const float* bias, float*, const morula_convolution* shape, int activation) {
    MORULA_CUDA_TRY(check("convolution_forward", *shape, shape->outputs));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t positions = out_positions(*shape);
    const LayerResult result{out + block.first_row * positions * shape->outputs + block.first_column, shape->outputs,
                             bias == nullptr ? nullptr : bias + block.first_column, nullptr, activation == MORULA_RELU};
    const auto weight_rows =
        strided_factor<Run::inner>(weight + block.first_column * weights(*shape), weights(*shape), block.columns);
    return multiply(context, patches<Run::inner>(inp, *shape, block.rows * positions, 0), weight_rows, result,
                    weights(*shape));
}

int morula_cuda_convolution_backward_weight(morula_cuda_context* context, float* dweight, float* dbias,
                                            const float* dout, const float* inp, float*,
                                            const morula_convolution* shape) {
    MORULA_CUDA_TRY(check("convolution_backward_weight", *shape, weights(*shape)));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const float* slopes = dout_of_block(dout, *shape);
    const int64_t positions = block.rows * out_positions(*shape);
    MORULA_CUDA_TRY(multiply(context, strided_factor<Run::outer>(slopes, shape->outputs, shape->outputs),
                             patches<Run::outer>(inp, *shape, block.columns, block.first_column),
                             LayerResult{dweight, block.columns, nullptr, nullptr, false}, positions));
    if (dbias == nullptr) return MORULA_OK;
    return column_sums(context, dbias, slopes, shape->outputs, positions, shape->outputs);
}

int morula_cuda_convolution_backward_input(morula_cuda_context* context, float* dinp, const float* dout,
                                           const float* weight, float*, const morula_convolution* shape) {
    MORULA_CUDA_TRY(check("convolution_backward_input", *shape, shape->inputs));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t positions = inp_positions(*shape), taps = shape->kernel * shape->kernel;
    const float *dout_values = dout_of_block(dout, *shape), *weight_values = weight + block.first_column;
    const Slopes slopes{dout_values, uint32_t(block.rows * positions), wide_rows(dout_values, shape->outputs),
                        uint32_t(shape->outputs), geometry(*shape)};
    const TapWeights tap_weights{
        weight_values,           uint32_t(block.columns),  wide_rows(weight_values, shape->inputs),
        uint32_t(shape->inputs), uint32_t(shape->outputs), uint32_t(taps)};
    const LayerResult result{dinp + block.first_row * positions * shape->inputs + block.first_column, shape->inputs,
                             nullptr, nullptr, false};
    return multiply(context, slopes, tap_weights, result, taps * shape->outputs);
}

int morula_cuda_add_parts(morula_cuda_context* context, float* sums, int64_t parts, int64_t size, int64_t first,
                          int64_t count) {
    if (parts < 1 || !morula::within(first, count, size)) {
        return fail(MORULA_INVALID_ARGUMENT, "add_parts: %lld numbers from %lld leave %lld parts of %lld",
                    static_cast<long long>(count), static_cast<long long>(first), static_cast<long long>(parts),
                    static_cast<long long>(size));
    }
    MORULA_CUDA_TRY(enter(context));
    if (count == 0 || parts == 1) return MORULA_OK;
    GPU_LAUNCH(add_parts, unsigned(ceil_div(count, sum_threads)), sum_threads, 0, work_stream(context), sums, parts,
               size, first, count);
    return launched("add_parts");
}

}  // extern "C"
