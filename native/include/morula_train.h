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

// ---- convolution ----
// A two-dimensional convolution of images inp (batch x height x width positions, inputs channels) with a square kernel:
//
//   out[b, y, x, o] = bias[o] + sum over ky, kx, i of
//                     inp[b, y stride + ky - padding, x stride + kx - padding, i] weight[o, ky, kx, i]
//
// where what lies outside the image is 0. The output is (height + 2 padding - kernel) / stride + 1 high, and as wide
// accordingly. The weight is a matrix of outputs x (kernel kernel inputs), a row's columns ordered (ky, kx, input).
//
// A call computes a block of its result: some samples (block.first_row, block.rows) of some columns, which are output
// channels going forward, columns of the weight for its gradient, and input channels for theirs; the matrices are
// always passed whole. A call wants a workspace, memory that nobody else uses meanwhile.

enum { MORULA_CONVOLUTION_FORWARD = 0, MORULA_CONVOLUTION_BACKWARD_WEIGHT = 1, MORULA_CONVOLUTION_BACKWARD_INPUT = 2 };

typedef struct {
    int64_t batch, height, width, inputs, outputs, kernel, stride, padding;
    morula_block block;
} morula_convolution;

// The numbers that the workspace of one of the three calls must hold; 1 at least.
MORULA_API int64_t morula_convolution_workspace(const morula_convolution* shape, int pass);

// The block of activation(out); bias may be null.
MORULA_API int morula_convolution_forward(morula_context* context, float* out, const float* inp, const float* weight,
                                          const float* bias, float* workspace, const morula_convolution* shape,
                                          int activation);

// What the block's samples contribute to its columns of dweight, packed: outputs x columns numbers, no gaps. dbias, the
// sums of dout over the positions of these samples, outputs numbers, may be null.
MORULA_API int morula_convolution_backward_weight(morula_context* context, float* dweight, float* dbias,
                                                  const float* dout, const float* inp, float* workspace,
                                                  const morula_convolution* shape);

// Adds up what several calls of the above have contributed, in the order of the parts: to columns first to first +
// count of the first row of sums (parts x size), those of all other rows.
MORULA_API int morula_add_parts(morula_context* context, float* sums, int64_t parts, int64_t size, int64_t first,
                                int64_t count);

// The block of dinp.
MORULA_API int morula_convolution_backward_input(morula_context* context, float* dinp, const float* dout,
                                                 const float* weight, float* workspace,
                                                 const morula_convolution* shape);

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

#ifdef __cplusplus
}
#endif

#endif
