// Statistics of layers: dense linear algebra in float64. The conventions are those of morula.h.
#ifndef MORULA_REDUNDANCY_H
#define MORULA_REDUNDANCY_H

#include "morula.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- algebra ----

typedef struct {
    int64_t samples, neurons;
    morula_block block;
} morula_gram_shape;

// The block of gram = (values - means)^T (values - means), neurons x neurons, and its mirror image. values is samples x
// neurons, means one number a neuron. Products and sums are float64.
MORULA_API int morula_gram(morula_context* context, double* gram, const float* values, const double* means,
                           const morula_gram_shape* shape);

// eigenvalues = those of matrix (size x size, symmetric; its lower triangle is read, and all of it overwritten), the
// smallest first.
MORULA_API int morula_eigenvalues(morula_context* context, double* eigenvalues, double* matrix, int64_t size);

#ifdef __cplusplus
}
#endif

#endif
