// Standardised rows of some neurons, sent from host memory.
#ifndef MORULA_STANDARDISE_STANDARDISE_H
#define MORULA_STANDARDISE_STANDARDISE_H

#include "standardise/layer_pieces.h"

namespace morula::cuda {

// targets[k] of `out` (rows of `stride` numbers in device memory, float or double) = the samples of `rows` of neuron k,
// standardised in float64, and zeros from there to the row's end.
template <class Number>
int standardise_rows(morula_cuda_context* context, Number* out, int64_t stride, const LayerRows& rows);

}  // namespace morula::cuda

#endif
