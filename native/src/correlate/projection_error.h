// What projections may be off by.
#ifndef MORULA_CORRELATE_PROJECTION_ERROR_H
#define MORULA_CORRELATE_PROJECTION_ERROR_H

#include "correlate/rounding.h"
#include "morula.h"

namespace morula {

// As morula_projection_error, where a term of a product passes through so many roundings to nearest.
inline double projection_error(const morula_basis* basis, double samples, double roundings) {
    const double row = 0x1p-24 + (samples + 16) * 0x1p-51;  // what rounding a standardised row loses
    if (basis->rows == nullptr) return row;
    const double grown = std::sqrt(1 + basis->deviation);
    const double products = std::sqrt(static_cast<double>(basis->rank)) * grown * lost_by(roundings);
    return (grown * row + products * (1 + row)) * (1 + 0x1p-20) + 0x1p-100;
}

}  // namespace morula

#endif
