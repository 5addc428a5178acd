// What additions in float32 may lose.
#ifndef MORULA_CORRELATE_ROUNDING_H
#define MORULA_CORRELATE_ROUNDING_H

#include <cmath>

namespace morula {

// (1 + 2^-24)^roundings - 1, rounded up: what so many roundings to nearest may make of a term, and hence of a sum of
// terms, relative to the sum of their absolute values. Nearly roundings 2^-24, but for very many samples.
inline double lost_by(double roundings) { return std::expm1(roundings * 0x1p-24); }

}  // namespace morula

#endif
