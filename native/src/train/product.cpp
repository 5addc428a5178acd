#include "train/product.h"

#include <cblas.h>

namespace morula {

void product(float* c, int64_t c_stride, const Factor& a, const Factor& b, int64_t rows, int64_t columns,
             int64_t inner) {
    const auto side = [](const Factor& factor) { return factor.transposed ? CblasTrans : CblasNoTrans; };
    const auto size = [](int64_t n) { return static_cast<blasint>(n); };
    cblas_sgemm(CblasRowMajor, side(a), side(b), size(rows), size(columns), size(inner), 1, a.values, size(a.stride),
                b.values, size(b.stride), 0, c, size(c_stride));
}

}  // namespace morula
