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

// ---- chunks ----

typedef struct {
    int64_t samples, neurons, outputs, chunk;  // of the layer, its read-out, and how many neurons the chunk has
} morula_chunk_logits_shape;

// logits (outputs x samples) of the neurons of a chunk alone: logits[o, s] = bias[o] + sum over its neurons j, in their
// order, of weight[o, j] activations[j, s]. activations is neurons x samples, weight outputs x neurons.
MORULA_API int morula_chunk_logits(morula_context* context, float* logits, const float* activations,
                                   const int32_t* chunk, const float* weight, const float* bias,
                                   const morula_chunk_logits_shape* shape);

typedef struct {
    int64_t neurons, chunk;  // of the layer, and those of them that are the chunk
} morula_chunk_shape;

typedef struct {
    double residual_squares, total_squares;  // over all neurons
    double held_out, held_out_pairs;         // sum of absolute correlations of residuals, and of how many pairs
    double all, all_pairs;
    double predicted;  // neurons outside the chunk of which nothing is left
} morula_chunk_sums;

// The numbers of a chunk's workspace: chunk^2 + 2 chunk neurons.
MORULA_API int64_t morula_chunk_fit_workspace(const morula_chunk_shape* shape);

// The ridge regression, alpha > 0, of all neurons of a layer on some of them, and the correlations of its residuals.
// gram is neurons x neurons, as morula_gram makes it, and finite; chunk has different neurons; workspace is for this
// call alone. Constant neurons are left out. held_out counts pairs of neurons outside the chunk of which something is
// left, at least 1e-12 of their own variance; all counts all pairs, with 0 where nothing is left.
MORULA_API int morula_chunk_fit(morula_context* context, morula_chunk_sums* sums, const double* gram,
                                const int32_t* chunk, double* workspace, const morula_chunk_shape* shape, double alpha);

// ---- classes ----

typedef struct {
    int64_t samples, neurons, classes;
} morula_classes;

// sums (classes x neurons): the sum of each class's samples, for `count` neurons from `first` on. values is samples x
// neurons; labels, one a sample, are below classes.
MORULA_API int morula_class_sums(morula_context* context, double* sums, const float* values, const int32_t* labels,
                                 const morula_classes* shape, int64_t first, int64_t count);

// distances (one a sample): the squared distance of each sample from its own class's row of means (classes x neurons).
MORULA_API int morula_class_distances(morula_context* context, double* distances, const float* values,
                                      const int32_t* labels, const double* means, const morula_classes* shape);

// projections (samples x count) = (values - centre) directions^T, with values samples x neurons, centre one number a
// neuron and directions count x neurons.
MORULA_API int morula_class_project(morula_context* context, double* projections, const float* values,
                                    const double* centre, const double* directions, int64_t samples, int64_t neurons,
                                    int64_t count);

#ifdef __cplusplus
}
#endif

#endif
