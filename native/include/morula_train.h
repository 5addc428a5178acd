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
// A loss of out (batch x outputs), given one label a sample, for the given rows: losses[b] is the loss of sample b,
// predicted[b] the first output that is the largest, dout the gradient of the mean loss over the batch; dout may be
// null. A row with an output that is not finite has loss and gradient NaN and the prediction -1.

typedef struct {
    int64_t batch, outputs, first_row, rows;
} morula_loss;

// losses[b] = -sum_c t_c log softmax(out[b])_c with t_c = (1 - smoothing) [c = label] + smoothing / outputs; smoothing
// is from 0 to 1.
MORULA_API int morula_softmax_cross_entropy(morula_context* context, float* dout, float* losses, int32_t* predicted,
                                            const float* out, const int32_t* labels, const morula_loss* shape,
                                            double smoothing);

// losses[b] = the mean over outputs of (out[b][c] - [c = label])^2.
MORULA_API int morula_mean_squared_error(morula_context* context, float* dout, float* losses, int32_t* predicted,
                                         const float* out, const int32_t* labels, const morula_loss* shape);

// losses[b] = half the sum over outputs of max(0, 1 - y_c out[b][c])^2 with y_c = 1 for c = label and else -1. A single
// output tells two classes apart: y = 1 for label 1, -1 for label 0, and a positive output predicts 1.
MORULA_API int morula_square_hinge(morula_context* context, float* dout, float* losses, int32_t* predicted,
                                   const float* out, const int32_t* labels, const morula_loss* shape);

// ---- optimisers ----
// A step on a block of a parameter, a matrix whose rows have `stride` numbers, and of what the optimiser remembers of
// it, which has the same shape. The gradient is packed: rows x columns numbers of the block.

enum { MORULA_MOMENTUM = 0, MORULA_NESTEROV = 1 };

typedef struct {
    double rate, momentum, weight_decay;
} morula_sgd;

// Stochastic gradient descent as PyTorch defines it: g = gradient + weight_decay p; velocity = momentum velocity + g;
// p -= rate velocity, or with MORULA_NESTEROV p -= rate (g + momentum velocity). Without momentum velocity may be null.
MORULA_API int morula_sgd_step(morula_context* context, float* parameter, float* velocity, const float* gradient,
                               const morula_sgd* rule, int variant, int64_t stride, const morula_block* block);

// weight_decay is Adam's, added to the gradient; decoupled_weight_decay is AdamW's. In step t, counted from 1, the
// corrections are 1 - beta1^t and 1 - beta2^t.
typedef struct {
    double rate, beta1, beta2, epsilon, weight_decay, decoupled_weight_decay;
    double mean_correction, square_correction;
} morula_adam;

// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019) as PyTorch defines them: g = gradient +
// weight_decay p; mean = beta1 mean + (1 - beta1) g; square = beta2 square + (1 - beta2) g^2; p -= rate
// decoupled_weight_decay p + rate (mean / mean_correction) / (sqrt(square / square_correction) + epsilon).
MORULA_API int morula_adam_step(morula_context* context, float* parameter, float* mean, float* square,
                                const float* gradient, const morula_adam* rule, int64_t stride,
                                const morula_block* block);

// ---- initial weights ----

// Replaces a matrix of full rank by its orthogonal factor: rows of length gain at right angles to each other, or
// columns where there are more rows. Of a matrix of independent standard normal numbers it makes a uniformly
// distributed one.
MORULA_API int morula_orthogonal_factor(morula_context* context, float* matrix, int64_t rows, int64_t columns,
                                        double gain);

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
