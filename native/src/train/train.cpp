// Entry points of the training kernels: check the arguments, then call the tier's kernel.
#include <cstring>

#include "kernel/context.h"
#include "train/product_checks.h"

using namespace morula;
using products::check_linear;

namespace {

int check_labels(const char* kernel, const int32_t* labels, const morula_loss& shape, int64_t classes) {
    const int status = check_loss(fail, kernel, shape);
    if (status != MORULA_OK) return status;
    for (int64_t b = shape.first_row; b < shape.first_row + shape.rows; b++) {
        if (labels[b] < 0 || labels[b] >= classes) {
            return fail(MORULA_INVALID_ARGUMENT, "%s: sample %lld has label %d, but there are %lld classes", kernel,
                        shown(b), labels[b], shown(classes));
        }
    }
    return MORULA_OK;
}

}  // namespace

extern "C" {

int morula_linear_forward(morula_context* context, float* out, const float* inp, const float* weight, const float* bias,
                          const morula_linear* shape, int activation) {
    const int status = check_linear(fail, "linear_forward", *shape, shape->batch, shape->outputs);
    if (status == MORULA_OK) context->kernels.linear_forward(out, inp, weight, bias, *shape, activation);
    return status;
}

int morula_linear_backward_weight(morula_context* context, float* dweight, float* dbias, const float* dout,
                                  const float* inp, const morula_linear* shape) {
    const int status = check_linear(fail, "linear_backward_weight", *shape, shape->outputs, shape->inputs);
    if (status == MORULA_OK) context->kernels.linear_backward_weight(dweight, dbias, dout, inp, *shape);
    return status;
}

int morula_linear_backward_input(morula_context* context, float* dinp, const float* dout, const float* weight,
                                 const float* inp, const morula_linear* shape, int activation) {
    const int status = check_linear(fail, "linear_backward_input", *shape, shape->batch, shape->inputs);
    if (status == MORULA_OK) context->kernels.linear_backward_input(dinp, dout, weight, inp, *shape, activation);
    return status;
}

int morula_softmax_cross_entropy(morula_context* context, float* dout, float* losses, int32_t* predicted,
                                 const float* out, const int32_t* labels, const morula_loss* shape, double smoothing) {
    int status = check_smoothing(fail, smoothing);
    if (status == MORULA_OK) status = check_labels("softmax_cross_entropy", labels, *shape, shape->outputs);
    if (status == MORULA_OK) {
        context->kernels.softmax_cross_entropy(dout, losses, predicted, out, labels, *shape, smoothing);
    }
    return status;
}

int morula_mean_squared_error(morula_context* context, float* dout, float* losses, int32_t* predicted, const float* out,
                              const int32_t* labels, const morula_loss* shape) {
    const int status = check_labels("mean_squared_error", labels, *shape, shape->outputs);
    if (status == MORULA_OK) context->kernels.mean_squared_error(dout, losses, predicted, out, labels, *shape);
    return status;
}

int morula_square_hinge(morula_context* context, float* dout, float* losses, int32_t* predicted, const float* out,
                        const int32_t* labels, const morula_loss* shape) {
    const int64_t classes = shape->outputs == 1 ? 2 : shape->outputs;
    const int status = check_labels("square_hinge", labels, *shape, classes);
    if (status == MORULA_OK) context->kernels.square_hinge(dout, losses, predicted, out, labels, *shape);
    return status;
}

int morula_sgd_step(morula_context* context, float* parameter, float* velocity, const float* gradient,
                    const morula_sgd* rule, int variant, int64_t stride, const morula_block* block) {
    int status = check_sgd(fail, velocity, *rule);
    if (status == MORULA_OK) status = check_block(fail, "sgd_step", *block, INT64_MAX, stride);
    if (status == MORULA_OK) context->kernels.sgd_step(parameter, velocity, gradient, *rule, variant, stride, *block);
    return status;
}

int morula_adam_step(morula_context* context, float* parameter, float* mean, float* square, const float* gradient,
                     const morula_adam* rule, int64_t stride, const morula_block* block) {
    const int status = check_block(fail, "adam_step", *block, INT64_MAX, stride);
    if (status == MORULA_OK) context->kernels.adam_step(parameter, mean, square, gradient, *rule, stride, *block);
    return status;
}

int morula_gather_rows(morula_context*, float* out, const float* source, const int32_t* indices, int64_t count,
                       int64_t rows, int64_t columns) {
    for (int64_t i = 0; i < count; i++) {
        if (indices[i] < 0 || indices[i] >= rows) {
            return fail(MORULA_INVALID_ARGUMENT, "gather_rows: index %d, but there are %lld rows", indices[i],
                        shown(rows));
        }
        std::memcpy(out + i * columns, source + indices[i] * columns, static_cast<size_t>(columns) * sizeof(float));
    }
    return MORULA_OK;
}

}  // extern "C"
