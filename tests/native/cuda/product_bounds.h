// The error bound of kernel/tensor_product.cuh, and numbers in float64 to compare with.
#ifndef MORULA_TESTS_CUDA_PRODUCT_BOUNDS_H
#define MORULA_TESTS_CUDA_PRODUCT_BOUNDS_H

#include <algorithm>
#include <limits>

#include "support.h"

namespace morula_tests {

// A sum of products in float64, that of their absolute values, and the same in float32, which tells whether it is
// finite.
struct Sum {
    double value = 0, absolute = 0;
    float plain = 0;
    int64_t terms = 0;

    void add(float left, float right) {
        const double product = static_cast<double>(left) * right;
        value += product;
        absolute += std::fabs(product);
        plain += left * right;
        terms++;
    }
    // Of the product as such. A part has 128 terms at least.
    double bound() const {
        const double steps = 3 * std::ceil(static_cast<double>(std::min<int64_t>(terms, 64)) / 8);
        const double float_sums = static_cast<double>(terms) * (1.0 / 64 + 1.0 / 128) + 2;
        return (3 * 0x1p-22 + 10 * steps * 0x1p-23 + float_sums * 0x1p-24) * absolute;
    }
};

// Whether a float32 result is this sum, then changed by something that rounds once more, such as a bias. Where the sum
// is not finite, `expected` tells whether that was masked.
inline bool agrees(float actual, const Sum& sum, double expected) {
    if (std::isfinite(sum.plain)) return std::fabs(actual - expected) <= sum.bound() + 0x1p-23 * std::fabs(expected);
    if (expected == 0) return actual == 0;
    return std::isnan(sum.plain) ? std::isnan(actual) : actual == sum.plain;
}

inline double rectified(double value, int activation) { return activation == MORULA_RELU && value < 0 ? 0 : value; }

}  // namespace morula_tests

#endif
