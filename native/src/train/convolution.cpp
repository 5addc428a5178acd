// Entry points of the convolution kernels: check the arguments, then call the tier's kernel.
#include "train/convolution.h"

#include "kernel/context.h"
#include "train/product_checks.h"

namespace {

using morula::fail;
using morula::Frame;
using morula::shown;
using morula::within;
using morula::products::check_convolution;

int64_t framed(const Frame& frame, const morula_convolution& shape) {
    return morula::samples_at_a_time(frame, shape) * morula::floats(frame);
}

// Images, sums and one panel of the gradient of the output.
int64_t backward_weight_workspace(const morula_convolution& shape) {
    const Frame frame = morula::input_frame(shape);
    const int64_t positions = morula::output_size(shape.height, shape) * morula::output_size(shape.width, shape);
    return framed(frame, shape) + shape.block.columns * morula::padded_to_panels(shape.outputs) +
           morula::samples_at_a_time(frame, shape) * positions * morula::widest_panel;
}

// Images and packed weights.
int64_t product_workspace(const morula_convolution& shape, const Frame& frame) {
    return framed(frame, shape) +
           shape.kernel * shape.kernel * frame.channels * morula::padded_to_panels(shape.block.columns);
}

}  // namespace

extern "C" {

int64_t morula_convolution_workspace(const morula_convolution* shape, int pass) {
    if (pass == MORULA_CONVOLUTION_BACKWARD_WEIGHT) return backward_weight_workspace(*shape);
    return product_workspace(
        *shape, pass == MORULA_CONVOLUTION_FORWARD ? morula::input_frame(*shape) : morula::output_frame(*shape));
}

int morula_convolution_forward(morula_context* context, float* out, const float* inp, const float* weight,
                               const float* bias, float* workspace, const morula_convolution* shape, int activation) {
    const int status = check_convolution(fail, "convolution_forward", *shape, shape->outputs);
    if (status == MORULA_OK) {
        context->kernels.convolution_forward(out, inp, weight, bias, workspace, *shape, activation);
    }
    return status;
}

int morula_convolution_backward_weight(morula_context* context, float* dweight, float* dbias, const float* dout,
                                       const float* inp, float* workspace, const morula_convolution* shape) {
    const int status =
        check_convolution(fail, "convolution_backward_weight", *shape, shape->kernel * shape->kernel * shape->inputs);
    if (status == MORULA_OK) {
        context->kernels.convolution_backward_weight(dweight, dbias, dout, inp, workspace, *shape);
    }
    return status;
}

int morula_add_parts(morula_context* context, float* sums, int64_t parts, int64_t size, int64_t first, int64_t count) {
    if (parts < 1 || !within(first, count, size)) {
        return fail(MORULA_INVALID_ARGUMENT, "add_parts: %lld numbers from %lld leave %lld parts of %lld", shown(count),
                    shown(first), shown(parts), shown(size));
    }
    context->kernels.add_parts(sums, parts, size, first, count);
    return MORULA_OK;
}

int morula_convolution_backward_input(morula_context* context, float* dinp, const float* dout, const float* weight,
                                      float* workspace, const morula_convolution* shape) {
    const int status = check_convolution(fail, "convolution_backward_input", *shape, shape->inputs);
    if (status == MORULA_OK) context->kernels.convolution_backward_input(dinp, dout, weight, workspace, *shape);
    return status;
}

}  // extern "C"
