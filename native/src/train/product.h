// Matrix products for tier sources: by OpenBLAS, whose header they must not include, or by our own kernel.
#ifndef MORULA_TRAIN_PRODUCT_H
#define MORULA_TRAIN_PRODUCT_H

#include <stdint.h>

namespace morula {

// A factor of a product: row-major with `stride` numbers a row; a transposed factor is stored the other way round.
struct Factor {
    const float* values;
    int64_t stride;
    bool transposed;
};

// c (rows x columns, row-major with c_stride numbers a row) = a (rows x inner) b (inner x columns), on this thread.
void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner);

// The same by our own kernel.
namespace avx512 {
void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner);
}

// The same on tiles of bfloat16, with the error that README.md gives.
namespace amx {
void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner);
}

}  // namespace morula

#endif
