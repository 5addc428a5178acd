// Entry points of the layers that stand between products: check the arguments, then call the tier's kernel.
#include <cstring>

#include "kernel/context.h"
#include "train/pool.h"

namespace {

using morula::fail;

long long shown(int64_t n) { return static_cast<long long>(n); }

bool within(int64_t first, int64_t count, int64_t size) { return first >= 0 && count >= 0 && first <= size - count; }

int check_range(const char* kernel, int64_t first, int64_t count, int64_t size) {
    if (within(first, count, size)) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "%s: %lld from %lld on are not within %lld", kernel, shown(count),
                shown(first), shown(size));
}

int check_channels(const char* kernel, const morula_channels& shape) {
    const morula_block& block = shape.block;
    const int status = check_range(kernel, block.first_row, block.rows, shape.rows);
    return status == MORULA_OK ? check_range(kernel, block.first_column, block.columns, shape.channels) : status;
}

// What the variance of one number a channel would be divided by is 0.
int check_batch(const char* kernel, int64_t parts, const morula_channels& shape) {
    if (shape.rows < 2 || parts < 1) {
        return fail(MORULA_INVALID_ARGUMENT, "%s: %lld rows and %lld sums, but it takes 2 rows and 1 sum", kernel,
                    shown(shape.rows), shown(parts));
    }
    return check_channels(kernel, shape);
}

int check_pool(const char* kernel, const morula_pool& shape) {
    const int64_t window = shape.window_height < shape.window_width ? shape.window_height : shape.window_width;
    if (shape.channels < 1 || window < 1 || shape.stride < 1 || shape.padding < 0 || 2 * shape.padding > window ||
        shape.height + 2 * shape.padding < shape.window_height ||
        shape.width + 2 * shape.padding < shape.window_width) {
        return fail(MORULA_INVALID_ARGUMENT,
                    "%s: windows of %lld x %lld, %lld apart with padding %lld, do not fit images of %lld x %lld",
                    kernel, shown(shape.window_height), shown(shape.window_width), shown(shape.stride),
                    shown(shape.padding), shown(shape.height), shown(shape.width));
    }
    return check_range(kernel, shape.first_sample, shape.samples, INT64_MAX);
}

int check_local_response(const char* kernel, const morula_local_response& shape) {
    if (shape.channels < 1 || shape.size < 1) {
        return fail(MORULA_INVALID_ARGUMENT, "%s: a size of %lld and %lld channels, but there is 1 at least", kernel,
                    shown(shape.size), shown(shape.channels));
    }
    return check_range(kernel, shape.first_row, shape.rows, INT64_MAX);
}

}  // namespace

extern "C" {

int morula_batch_norm_sums(morula_context* context, double* sums, const float* inp, const morula_channels* shape) {
    const int status = check_channels("batch_norm_sums", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_sums(sums, inp, *shape);
    return status;
}

int morula_batch_norm_training(morula_context* context, float* terms, const double* sums, int64_t parts,
                               const float* inp, const morula_batch_norm* layer, const morula_channels* shape) {
    const int status = check_batch("batch_norm_training", parts, *shape);
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
    const int status = check_channels("batch_norm_forward", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_forward(out, inp, terms, *shape, activation);
    return status;
}

int morula_batch_norm_backward_sums(morula_context* context, double* sums, const float* dout, const float* inp,
                                    const float* out, const float* terms, const morula_channels* shape) {
    const int status = check_channels("batch_norm_backward_sums", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_backward_sums(sums, dout, inp, out, terms, *shape);
    return status;
}

int morula_batch_norm_gradients(morula_context* context, float* dscale, float* dshift, float* slopes,
                                const double* sums, int64_t parts, const float* terms, const morula_channels* shape) {
    const int status = check_batch("batch_norm_gradients", parts, *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_gradients(dscale, dshift, slopes, sums, parts, terms, *shape);
    return status;
}

int morula_batch_norm_backward_input(morula_context* context, float* dinp, const float* dout, const float* inp,
                                     const float* out, const float* terms, const float* slopes,
                                     const morula_channels* shape) {
    const int status = check_channels("batch_norm_backward_input", *shape);
    if (status == MORULA_OK) context->kernels.batch_norm_backward_input(dinp, dout, inp, out, terms, slopes, *shape);
    return status;
}

int morula_max_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape) {
    const int status = check_pool("max_pool", *shape);
    if (status == MORULA_OK) context->kernels.max_pool(out, inp, *shape);
    return status;
}

int morula_max_pool_backward(morula_context* context, float* dinp, const float* dout, const float* inp,
                             const float* out, const morula_pool* shape) {
    const int status = check_pool("max_pool_backward", *shape);
    if (status == MORULA_OK) context->kernels.max_pool_backward(dinp, dout, inp, out, *shape);
    return status;
}

int morula_average_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape) {
    const int status = check_pool("average_pool", *shape);
    if (status == MORULA_OK) context->kernels.average_pool(out, inp, *shape);
    return status;
}

int morula_average_pool_backward(morula_context* context, float* dinp, const float* dout, const morula_pool* shape) {
    const int status = check_pool("average_pool_backward", *shape);
    if (status == MORULA_OK) context->kernels.average_pool_backward(dinp, dout, *shape);
    return status;
}

int morula_local_response_norm(morula_context* context, float* out, const float* inp,
                               const morula_local_response* shape, const morula_response_rule* rule) {
    const int status = check_local_response("local_response_norm", *shape);
    if (status == MORULA_OK) context->kernels.local_response_norm(out, inp, *shape, *rule);
    return status;
}

int morula_local_response_norm_backward(morula_context* context, float* dinp, float* workspace, const float* dout,
                                        const float* inp, const morula_local_response* shape,
                                        const morula_response_rule* rule) {
    const int status = check_local_response("local_response_norm_backward", *shape);
    if (status == MORULA_OK) context->kernels.local_response_norm_backward(dinp, workspace, dout, inp, *shape, *rule);
    return status;
}

int morula_dropout(morula_context* context, float* out, const float* inp, const morula_dropout_draw* draw,
                   double probability) {
    if (!(probability >= 0 && probability < 1)) {
        return fail(MORULA_INVALID_ARGUMENT, "dropout: the probability is %g, but must be from 0 to below 1",
                    probability);
    }
    const int status = check_range("dropout", draw->first, draw->count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.dropout(out, inp, *draw, probability);
    return status;
}

int morula_relu(morula_context* context, float* out, const float* inp, int64_t first, int64_t count) {
    const int status = check_range("relu", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.relu(out + first, inp + first, count);
    return status;
}

int morula_relu_backward(morula_context* context, float* dinp, const float* dout, const float* out, int64_t first,
                         int64_t count) {
    const int status = check_range("relu_backward", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.relu_backward(dinp + first, dout + first, out + first, count);
    return status;
}

int morula_add(morula_context* context, float* out, const float* left, const float* right, int64_t first, int64_t count,
               int activation) {
    const int status = check_range("add", first, count, INT64_MAX);
    if (status == MORULA_OK) context->kernels.add(out + first, left + first, right + first, count, activation);
    return status;
}

int morula_copy_channels(morula_context*, float* out, const float* inp, const morula_channel_copy* shape) {
    int status = check_range("copy_channels", shape->out_first, shape->count, shape->out_channels);
    if (status == MORULA_OK) status = check_range("copy_channels", shape->inp_first, shape->count, shape->inp_channels);
    if (status == MORULA_OK) status = check_range("copy_channels", shape->first_row, shape->rows, INT64_MAX);
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
    const int status = check_range("transpose_samples", shape->first_sample, shape->samples, INT64_MAX);
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
