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

// ---- layers between products ----
// Every call computes one block or range of its result, so that a layer's work can be shared out; the matrices are
// always passed whole. What must not be hidden is not: NaN gives NaN.

// Batch norm of matrices of rows x channels, and the block that a call works on.
typedef struct {
    int64_t rows, channels;
    morula_block block;
} morula_channels;

// Its parameters, 1 x channels each; mean and variance are the running ones.
typedef struct {
    const float *scale, *shift;
    float *mean, *variance;
    double epsilon;   // is added to variances
    double momentum;  // the weight of a batch in the running averages
} morula_batch_norm;

// For the block: the sums over its rows of deviations from the first row of inp, and of their squares. sums is
// 2 x channels; only the block's columns are written.
MORULA_API int morula_batch_norm_sums(morula_context* context, double* sums, const float* inp,
                                      const morula_channels* shape);

// What the other calls need of the batch, for the block's columns, from the sums over all rows in `parts` parts, one
// after the other: terms (4 x channels) = factor and constant of out = factor inp + constant, the batch's mean, and
// 1 / sqrt(variance + epsilon). The running averages move on, that of the variance by the unbiased one. 2 rows at
// least.
MORULA_API int morula_batch_norm_training(morula_context* context, float* terms, const double* sums, int64_t parts,
                                          const float* inp, const morula_batch_norm* layer,
                                          const morula_channels* shape);

// The same terms for all channels, from the running averages.
MORULA_API int morula_batch_norm_evaluation(morula_context* context, float* terms, const morula_batch_norm* layer,
                                            int64_t channels);

// The block of out = activation(factor inp + constant), the first two terms.
MORULA_API int morula_batch_norm_forward(morula_context* context, float* out, const float* inp, const float* terms,
                                         const morula_channels* shape, int activation);

// For the block: the sums over its rows of g and of g (inp - mean), g being dout, or, unless out is null, 0 where out,
// then of a ReLU, is not positive. sums as above.
MORULA_API int morula_batch_norm_backward_sums(morula_context* context, double* sums, const float* dout,
                                               const float* inp, const float* out, const float* terms,
                                               const morula_channels* shape);

// For the block's columns: dscale and dshift (1 x channels) from the sums over all rows in `parts` parts, and the
// slopes (2 x channels) that the gradient of the input takes.
MORULA_API int morula_batch_norm_gradients(morula_context* context, float* dscale, float* dshift, float* slopes,
                                           const double* sums, int64_t parts, const float* terms,
                                           const morula_channels* shape);

// The block of dinp; out as for the sums.
MORULA_API int morula_batch_norm_backward_input(morula_context* context, float* dinp, const float* dout,
                                                const float* inp, const float* out, const float* terms,
                                                const float* slopes, const morula_channels* shape);

// Windows over images of height x width positions, `stride` apart both ways, with `padding` positions around the image,
// at most half a window; and the samples that a call works on.
typedef struct {
    int64_t channels, height, width, window_height, window_width, stride, padding, first_sample, samples;
} morula_pool;

// out = the largest number of every window. Backward, dout goes to the first of the largest.
MORULA_API int morula_max_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape);
MORULA_API int morula_max_pool_backward(morula_context* context, float* dinp, const float* dout, const float* inp,
                                        const float* out, const morula_pool* shape);

// out = the mean of every window, padding counted as 0.
MORULA_API int morula_average_pool(morula_context* context, float* out, const float* inp, const morula_pool* shape);
MORULA_API int morula_average_pool_backward(morula_context* context, float* dinp, const float* dout,
                                            const morula_pool* shape);

typedef struct {
    int64_t channels, size, first_row, rows;
} morula_local_response;

typedef struct {
    double alpha, beta, bias;
} morula_response_rule;

// For the given rows: out_c = inp_c / (bias + alpha / size * sum of squares of the size channels around c)^beta.
MORULA_API int morula_local_response_norm(morula_context* context, float* out, const float* inp,
                                          const morula_local_response* shape, const morula_response_rule* rule);

// workspace has room for two rows.
MORULA_API int morula_local_response_norm_backward(morula_context* context, float* dinp, float* workspace,
                                                   const float* dout, const float* inp,
                                                   const morula_local_response* shape,
                                                   const morula_response_rule* rule);

// What the random bits of a dropout depend on, and the elements that a call works on.
typedef struct {
    int64_t seed, step, first, count;
} morula_dropout_draw;

// The elements of out = inp times 0 with the given probability, else times 1 / (1 - probability). Backward, the same
// with dout.
MORULA_API int morula_dropout(morula_context* context, float* out, const float* inp, const morula_dropout_draw* draw,
                              double probability);

// `count` elements from `first` on of out = inp, 0 where that is negative; of dinp = dout, 0 where out is not positive;
// and of out = activation(left + right). out and dinp may be one of the others.
MORULA_API int morula_relu(morula_context* context, float* out, const float* inp, int64_t first, int64_t count);
MORULA_API int morula_relu_backward(morula_context* context, float* dinp, const float* dout, const float* out,
                                    int64_t first, int64_t count);
MORULA_API int morula_add(morula_context* context, float* out, const float* left, const float* right, int64_t first,
                          int64_t count, int activation);

// `count` channels from out_first on of matrices with so many channels, taken from inp_first on; for the given rows.
typedef struct {
    int64_t out_channels, out_first, inp_channels, inp_first, count, first_row, rows;
} morula_channel_copy;

MORULA_API int morula_copy_channels(morula_context* context, float* out, const float* inp,
                                    const morula_channel_copy* shape);

typedef struct {
    int64_t rows, columns, first_sample, samples;
} morula_sample_transposition;

// For the given samples, each of rows x columns numbers in inp: out = the transpose, columns x rows.
MORULA_API int morula_transpose_samples(morula_context* context, float* out, const float* inp,
                                        const morula_sample_transposition* shape);

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
