// What the entry points of training check before a kernel runs, on the host's processor and on a GPU alike: both report
// through a fail(status, format, ...) of their own, which they pass.
#ifndef MORULA_TRAIN_CHECKS_H
#define MORULA_TRAIN_CHECKS_H

#include "morula_train.h"

namespace morula {
namespace {

using Fail = int (*)(int status, const char* format, ...);

inline long long shown(int64_t n) { return static_cast<long long>(n); }

inline bool within(int64_t first, int64_t count, int64_t size) {
    return first >= 0 && count >= 0 && first <= size - count;
}

inline int check_range(Fail fail, const char* kernel, int64_t first, int64_t count, int64_t size) {
    if (within(first, count, size)) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "%s: %lld from %lld on are not within %lld", kernel, shown(count),
                shown(first), shown(size));
}

inline int check_block(Fail fail, const char* kernel, const morula_block& block, int64_t rows, int64_t columns) {
    if (within(block.first_row, block.rows, rows) && within(block.first_column, block.columns, columns)) {
        return MORULA_OK;
    }
    return fail(MORULA_INVALID_ARGUMENT,
                "%s: %lld rows from %lld and %lld columns from %lld leave a matrix of %lld x %lld", kernel,
                shown(block.rows), shown(block.first_row), shown(block.columns), shown(block.first_column), shown(rows),
                shown(columns));
}

inline int check_channels(Fail fail, const char* kernel, const morula_channels& shape) {
    return check_block(fail, kernel, shape.block, shape.rows, shape.channels);
}

// What the variance of one number a channel would be divided by is 0.
inline int check_batch(Fail fail, const char* kernel, int64_t parts, const morula_channels& shape) {
    if (shape.rows < 2 || parts < 1) {
        return fail(MORULA_INVALID_ARGUMENT, "%s: %lld rows and %lld sums, but it takes 2 rows and 1 sum", kernel,
                    shown(shape.rows), shown(parts));
    }
    return check_channels(fail, kernel, shape);
}

inline int check_pool(Fail fail, const char* kernel, const morula_pool& shape) {
    const int64_t window = shape.window_height < shape.window_width ? shape.window_height : shape.window_width;
    if (shape.channels < 1 || window < 1 || shape.stride < 1 || shape.padding < 0 || 2 * shape.padding > window ||
        shape.height + 2 * shape.padding < shape.window_height ||
        shape.width + 2 * shape.padding < shape.window_width) {
        return fail(MORULA_INVALID_ARGUMENT,
                    "%s: windows of %lld x %lld, %lld apart with padding %lld, do not fit images of %lld x %lld",
                    kernel, shown(shape.window_height), shown(shape.window_width), shown(shape.stride),
                    shown(shape.padding), shown(shape.height), shown(shape.width));
    }
    return check_range(fail, kernel, shape.first_sample, shape.samples, INT64_MAX);
}

inline int check_local_response(Fail fail, const char* kernel, const morula_local_response& shape) {
    if (shape.channels < 1 || shape.size < 1) {
        return fail(MORULA_INVALID_ARGUMENT, "%s: a size of %lld and %lld channels, but there is 1 at least", kernel,
                    shown(shape.size), shown(shape.channels));
    }
    return check_range(fail, kernel, shape.first_row, shape.rows, INT64_MAX);
}

inline int check_dropout(Fail fail, const morula_dropout_draw& draw, double probability) {
    if (!(probability >= 0 && probability < 1)) {
        return fail(MORULA_INVALID_ARGUMENT, "dropout: the probability is %g, but must be from 0 to below 1",
                    probability);
    }
    return check_range(fail, "dropout", draw.first, draw.count, INT64_MAX);
}

inline int check_channel_copy(Fail fail, const morula_channel_copy& shape) {
    int status = check_range(fail, "copy_channels", shape.out_first, shape.count, shape.out_channels);
    if (status == MORULA_OK) {
        status = check_range(fail, "copy_channels", shape.inp_first, shape.count, shape.inp_channels);
    }
    return status == MORULA_OK ? check_range(fail, "copy_channels", shape.first_row, shape.rows, INT64_MAX) : status;
}

inline int check_smoothing(Fail fail, double smoothing) {
    if (smoothing >= 0 && smoothing <= 1) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "softmax_cross_entropy: smoothing is %g, but must be from 0 to 1", smoothing);
}

inline int check_loss(Fail fail, const char* kernel, const morula_loss& shape) {
    if (shape.outputs >= 1 && within(shape.first_row, shape.rows, shape.batch)) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "%s: %lld rows from %lld leave a batch of %lld x %lld", kernel,
                shown(shape.rows), shown(shape.first_row), shown(shape.batch), shown(shape.outputs));
}

inline int check_sgd(Fail fail, const float* velocity, const morula_sgd& rule) {
    if (velocity != nullptr || rule.momentum == 0) return MORULA_OK;
    return fail(MORULA_INVALID_ARGUMENT, "sgd_step: a momentum of %g needs a velocity", rule.momentum);
}

}  // namespace
}  // namespace morula

#endif
