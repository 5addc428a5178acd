// Training: layers, losses, optimisers and what brings samples into a batch. The conventions are those of morula.h.
//
// A batch of images is a matrix with one row a position (image, row, column) and one column a channel: what PyTorch
// calls channels_last. What has no height and width has one position a sample.
#ifndef MORULA_TRAIN_H
#define MORULA_TRAIN_H

#include "morula.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- linear ----
// A linear layer maps inp (batch x inputs) to out (batch x outputs): out = inp weight^T + bias, weight outputs x inputs
// as PyTorch keeps it, bias one number an output. Every call computes one rectangular block of its result, so that a
// layer's work can be shared out; the matrices are always passed whole.

enum { MORULA_IDENTITY = 0, MORULA_RELU = 1 };

typedef struct {
    int64_t batch, inputs, outputs;
    morula_block block;
} morula_linear;

// The block of out: activation(inp weight^T + bias).
MORULA_API int morula_linear_forward(morula_context* context, float* out, const float* inp, const float* weight,
                                     const float* bias, const morula_linear* shape, int activation);

// The block of dweight = dout^T inp, packed: rows x columns numbers, no gaps. dbias, the sums over the batch for the
// block's rows, may be null; it is packed too.
MORULA_API int morula_linear_backward_weight(morula_context* context, float* dweight, float* dbias, const float* dout,
                                             const float* inp, const morula_linear* shape);

// The block of dinp = dout weight; with MORULA_RELU it is 0 wherever inp, then the output of a ReLU, is not positive.
MORULA_API int morula_linear_backward_input(morula_context* context, float* dinp, const float* dout,
                                            const float* weight, const float* inp, const morula_linear* shape,
                                            int activation);

// ---- losses ----

typedef struct {
    int64_t batch, classes, first_row, rows;
} morula_softmax;

// For the given rows of logits (batch x classes): losses[b] = -log softmax(logits[b])[labels[b]], predicted[b] = the
// first class with the largest logit, dlogits = gradient of the mean loss over the batch; dlogits may be null. A row
// with a logit that is not finite has loss and gradient NaN and the prediction -1.
MORULA_API int morula_softmax_cross_entropy(morula_context* context, float* dlogits, float* losses, int32_t* predicted,
                                            const float* logits, const int32_t* labels, const morula_softmax* shape);

// ---- optimisers ----

typedef struct {
    double rate, momentum, weight_decay;
} morula_sgd;

// One step of stochastic gradient descent, as PyTorch defines it, on a block of the parameter, a matrix whose rows have
// `stride` numbers: g = gradient + weight_decay p; velocity = momentum velocity + g; p -= rate velocity. The gradient
// is packed: rows x columns numbers of the block.
MORULA_API int morula_sgd_step(morula_context* context, float* parameter, float* velocity, const float* gradient,
                               const morula_sgd* rule, int64_t stride, const morula_block* block);

// ---- samples ----

// out (count x columns) = the rows of source (rows x columns) that indices names.
MORULA_API int morula_gather_rows(morula_context* context, float* out, const float* source, const int32_t* indices,
                                  int64_t count, int64_t rows, int64_t columns);

// What lies beyond the border of an image: zeros, or the image mirrored at its first and last row and column, which are
// not repeated.
enum { MORULA_ZEROS = 0, MORULA_REFLECTED = 1 };

// `count` of a source's `images`, each of height x width positions of so many channels.
typedef struct {
    int64_t count, images, height, width, channels, border;
} morula_images;

// out (count images) = the images of source that indices names, moved. moves has three numbers an image: position
// (y, x) of out is position (y + moves[0], x + moves[1]) of the image, and where moves[2] is not 0, the result is
// mirrored left to right. An image is moved by less than its shorter side.
MORULA_API int morula_gather_images(morula_context* context, float* out, const float* source, const int32_t* indices,
                                    const int32_t* moves, const morula_images* shape);

// axes (count x size) = the eigenvectors of covariance (size x size, symmetric; its lower triangle is read, and all of
// it overwritten) with the largest eigenvalues, the largest first; variances = these. The sign of an axis is LAPACK's.
MORULA_API int morula_principal_axes(morula_context* context, double* axes, double* variances, double* covariance,
                                     int64_t size, int64_t count);

#ifdef __cplusplus
}
#endif

#endif
