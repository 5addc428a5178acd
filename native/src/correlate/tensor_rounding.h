// What sums on tensor cores may lose.
#ifndef MORULA_CORRELATE_TENSOR_ROUNDING_H
#define MORULA_CORRELATE_TENSOR_ROUNDING_H

#include <cmath>

#include "correlate/panel.cuh"

namespace morula::cuda {

// Roundings to nearest (lost_by) that come to what a product of so many samples may lose: a tensor core's chain of n
// loses up to (n + 8) 2^-22 of the absolute values (tile.cu), and the chains are added up.
inline double tensor_roundings(double samples) {
    const double chain = static_cast<double>(chain_samples);
    return 4 * (std::fmin(samples, chain) + 8) + std::ceil(samples / chain) + 6;
}

}  // namespace morula::cuda

#endif
