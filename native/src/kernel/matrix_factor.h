#ifndef MORULA_KERNEL_MATRIX_FACTOR_H
#define MORULA_KERNEL_MATRIX_FACTOR_H

#include <cstdint>

namespace morula::cuda {

// A factor of a product, row-major with `stride` numbers a row. left is rows x inner, right columns x inner; a
// transposed one is stored the other way round.
struct MatrixFactor {
    const float* values;
    int64_t stride;
    bool transposed;
};

}  // namespace morula::cuda

#endif
