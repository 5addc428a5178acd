// What the entry points of linear layers and convolutions check before a kernel runs, on the host's processor and on a
// GPU alike: both report through a fail(status, format, ...) of their own, which they pass.
#ifndef MORULA_TRAIN_PRODUCT_CHECKS_H
#define MORULA_TRAIN_PRODUCT_CHECKS_H

#include "train/checks.h"

namespace morula::products {

inline int check_sizes(Fail fail, const char* kernel, const int64_t* sizes, int count) {
    for (int i = 0; i < count; i++) {
        if (sizes[i] < 1 || sizes[i] > INT32_MAX) {
            return fail(MORULA_INVALID_ARGUMENT, "%s: a size is %lld, but must be from 1 to 2^31 - 1", kernel,
                        shown(sizes[i]));
        }
    }
    return MORULA_OK;
}

// OpenBLAS counts in 32 bits, and so do our kernels. rows x columns is what the block is one of.
inline int check_linear(Fail fail, const char* kernel, const morula_linear& shape, int64_t rows, int64_t columns) {
    const int64_t sizes[] = {shape.batch, shape.inputs, shape.outputs};
    if (const int status = check_sizes(fail, kernel, sizes, 3); status != MORULA_OK) return status;
    return check_block(fail, kernel, shape.block, rows, columns);
}

inline int check_convolution(Fail fail, const char* kernel, const morula_convolution& shape, int64_t columns) {
    const int64_t sizes[] = {shape.batch,   shape.height, shape.width, shape.inputs,
                             shape.outputs, shape.kernel, shape.stride};
    if (const int status = check_sizes(fail, kernel, sizes, 7); status != MORULA_OK) return status;
    const int64_t smaller = shape.height < shape.width ? shape.height : shape.width;
    if (shape.padding < 0 || shape.padding > INT32_MAX || smaller + 2 * shape.padding < shape.kernel) {
        return fail(MORULA_INVALID_ARGUMENT,
                    "%s: a kernel of %lld does not fit an image of %lld x %lld with padding %lld", kernel,
                    shown(shape.kernel), shown(shape.height), shown(shape.width), shown(shape.padding));
    }
    const morula_block& block = shape.block;
    if (within(block.first_row, block.rows, shape.batch) && within(block.first_column, block.columns, columns)) {
        return MORULA_OK;
    }
    return fail(MORULA_INVALID_ARGUMENT,
                "%s: %lld samples from %lld and %lld columns from %lld leave a batch of %lld and %lld columns", kernel,
                shown(block.rows), shown(block.first_row), shown(block.columns), shown(block.first_column),
                shown(shape.batch), shown(columns));
}

}  // namespace morula::products

#endif
