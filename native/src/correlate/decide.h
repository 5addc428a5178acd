// What decisions in double-double share.
#ifndef MORULA_CORRELATE_DECIDE_H
#define MORULA_CORRELATE_DECIDE_H

#include "correlate/double_double.h"
#include "morula.h"

namespace morula {

// Correlations that are no further apart count as equal.
constexpr double tie = 0x1p-90;

struct ExactProduct {
    DoubleDouble covariance, norms;  // the correlation is covariance / norms
};

ExactProduct product_in_double_double(const morula_layer* layer, int64_t i, int64_t j);

}  // namespace morula

#endif
