// Entry points of the layers that stand between products: check the arguments, then call the tier's kernel.
#include <cstring>

#include "kernel/context.h"
#include "train/checks.h"

using namespace morula;

extern "C" {

int morula_batch_norm_sums(morula_context* context, double* sums, const float* inp, const morula_channels* shape) {
    const int status = check_channels(fail, "batch_norm_sums", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_sums(sums, inp, *shape);
    return status;
}

int morula_batch_norm_training(morula_context* context, float* terms, const double* sums, int64_t parts,
                               const float* inp, const morula_batch_norm* layer, const morula_channels* shape) {
    const int status = check_batch(fail, "batch_norm_training", parts, *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_training(terms, sums, parts, inp, *layer, *shape);
    return status;
}

int morula_batch_norm_evaluation(morula_context* context, float* terms, const morula_batch_norm* layer,
                                 int64_t channels) {
    context->kernels.batch_norm_evaluation(terms, *layer, channels);
    return MORULA_OK;
}

int morula_batch_norm_forward(morula_context* context, float* out, const float* inp, const float* terms,
                              const morula_channels* shape, int activation) {
    const int status = check_channels(fail, "batch_norm_forward", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_forward(out, inp, terms, *shape, activation);
    return status;
}

int morula_batch_norm_backward_sums(morula_context* context, double* sums, const float* dout, const float* inp,
                                    const float* out, const float* terms, const morula_channels* shape) {
    const int status = check_channels(fail, "batch_norm_backward_sums", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_backward_sums(sums, dout, inp, out, terms, *shape);
    return status;
}

int morula_batch_norm_gradients(morula_context* context, float* dscale, float* dshift, float* slopes,
                                const double* sums, int64_t parts, const float* terms, const morula_channels* shape) {
    const int status = check_batch(fail, "batch_norm_gradients", parts, *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_gradients(dscale, dshift, slopes, sums, parts, terms, *shape);
    return status;
}

int morula_batch_norm_backward_input(morula_context* context, float* dinp, const float* dout, const float* inp,
                                     const float* out, const float* terms, const float* slopes,
                                     const morula_channels* shape) {
    const int status = check_channels(fail, "batch_norm_backward_input", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_backward_input(dinp, dout, inp, out, terms, slopes, *shape);
    return status;
}

int morula_max_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape) {
    const int status = check_pool(fail, "max_pool", *shape);
    if (status == MORULA_OK) context->kernels.max_pool(out, inp, *shape);
    return status;
}

int morula_max_pool_backward(morula_context* context, float* dinp, const float* dout, const float* inp,
                             const float* out, const morula_pool* shape) {
    const int status = check_pool(fail, "max_pool_backward", *shape);
    if (status == MORULA_OK) context->kernels.max_pool_backward(dinp, dout, inp, out, *shape);
    return status;
}

int morula_average_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape) {
    const int status = check_pool(fail, "average_pool", *shape);
    if (status == MORULA_OK) context->kernels.average_pool(out, inp, *shape);
    return status;
}

int morula_average_pool_backward(morula_context* context, float* dinp, const float* dout, const morula_pool* shape) {
    const int status = check_pool(fail, "average_pool_backward", *shape);
    if (status == MORULA_OK) context->kernels.average_pool_backward(dinp, dout, *shape);
    return status;
}

int morula_local_response_norm(morula_context* context, float* out, const float* inp,
                               const morula_local_response* shape, const morula_response_rule* rule) {
    const int status = check_local_response(fail, "local_response_norm", *shape);
    if (status == MORULA_OK) context->kernels.local_response_norm(out, inp, *shape, *rule);
    return status;
}

int morula_local_response_norm_backward(morula_context* context, float* dinp, float* workspace, const float* dout,
                                        const float* inp, const morula_local_response* shape,
                                        const morula_response_rule* rule) {
    const int status = check_local_response(fail, "local_response_norm_backward", *shape);
    if (status == MORULA_OK) context->kernels.local_response_norm_backward(dinp, workspace, dout, inp, *shape, *rule);
    return status;
}

int morula_dropout(morula_context* context, float* out, const float* inp, const morula_dropout_draw* draw,
                   double probability) {
    const int status = check_dropout(fail, *draw, probability);
    if (status == MORULA_OK) context->kernels.dropout(out, inp, *draw, probability);
    return status;
}

int morula_relu(morula_context* context, float* out, const float* inp, int64_t first, int64_t count) {
    const int status = check_range(fail, "relu", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.relu(out + first, inp + first, count);
    return status;
}

int morula_relu_backward(morula_context* context, float* dinp, const float* dout, const float* out, int64_t first,
                         int64_t count) {
    const int status = check_range(fail, "relu_backward", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.relu_backward(dinp + first, dout + first, out + first, count);
    return status;
}

int morula_add(morula_context* context, float* out, const float* left, const float* right, int64_t first, int64_t count,
               int activation) {
    const int status = check_range(fail, "add", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.add(out + first, left + first, right + first, count, activation);
    return status;
}

int morula_copy_channels(morula_context*, float* out, const float* inp, const morula_channel_copy* shape) {
    const int status = check_channel_copy(fail, *shape);
    if (status != MORULA_OK) return status;
    for (int64_t row = shape->first_row; row < shape->first_row + shape->rows; row++) {
        std::memcpy(out + row * shape->out_channels + shape->out_first,
                    inp + row * shape->inp_channels + shape->inp_first,
                    static_cast<size_t>(shape->count) * sizeof(float));
    }
    return MORULA_OK;
}

int morula_transpose_samples(morula_context* context, float* out, const float* inp,
                             const morula_sample_transposition* shape) {
    const int status = check_range(fail, "transpose_samples", shape->first_sample, shape->samples, INT64_MAX);
    if (status != MORULA_OK) return status;
    const morula_transposition block{shape->rows, shape->columns, shape->columns, shape->rows, sizeof(float)};
    for (int64_t s = shape->first_sample; s < shape->first_sample + shape->samples; s++) {
        const int64_t at = s * shape->rows * shape->columns;
        context->kernels.transpose4(reinterpret_cast<uint32_t*>(out + at), reinterpret_cast<const uint32_t*>(inp + at),
                                    &block);
    }
    return MORULA_OK;
}

}  // extern "C"
