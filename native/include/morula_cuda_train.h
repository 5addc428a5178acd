// Training on a GPU: the calls of morula_train.h, where shapes, results and errors are described. What differs:
// pointers to matrices are device memory, and sums over many numbers may round differently. Descriptors and rules are
// the host's. Labels, indices and moves are device memory too, which no call waits for: a label that names no class
// counts as an output that is not finite, and what cannot be gathered becomes NaN.
#ifndef MORULA_CUDA_TRAIN_H
#define MORULA_CUDA_TRAIN_H

#include "morula_cuda.h"
#include "morula_train.h"

#ifdef __cplusplus
extern "C" {
#endif

MORULA_API int morula_cuda_linear_forward(morula_cuda_context* context, float* out, const float* inp,
                                          const float* weight, const float* bias, const morula_linear* shape,
                                          int activation);
MORULA_API int morula_cuda_linear_backward_weight(morula_cuda_context* context, float* dweight, float* dbias,
                                                  const float* dout, const float* inp, const morula_linear* shape);
MORULA_API int morula_cuda_linear_backward_input(morula_cuda_context* context, float* dinp, const float* dout,
                                                 const float* weight, const float* inp, const morula_linear* shape,
                                                 int activation);
MORULA_API int64_t morula_cuda_convolution_workspace(const morula_convolution* shape, int pass);
MORULA_API int morula_cuda_convolution_forward(morula_cuda_context* context, float* out, const float* inp,
                                               const float* weight, const float* bias, float* workspace,
                                               const morula_convolution* shape, int activation);
MORULA_API int morula_cuda_convolution_backward_weight(morula_cuda_context* context, float* dweight, float* dbias,
                                                       const float* dout, const float* inp, float* workspace,
                                                       const morula_convolution* shape);
MORULA_API int morula_cuda_add_parts(morula_cuda_context* context, float* sums, int64_t parts, int64_t size,
                                     int64_t first, int64_t count);
MORULA_API int morula_cuda_convolution_backward_input(morula_cuda_context* context, float* dinp, const float* dout,
                                                      const float* weight, float* workspace,
                                                      const morula_convolution* shape);
MORULA_API int morula_cuda_batch_norm_sums(morula_cuda_context* context, double* sums, const float* inp,
                                           const morula_channels* shape);
MORULA_API int morula_cuda_batch_norm_training(morula_cuda_context* context, float* terms, const double* sums,
                                               int64_t parts, const float* inp, const morula_batch_norm* layer,
                                               const morula_channels* shape);
MORULA_API int morula_cuda_batch_norm_evaluation(morula_cuda_context* context, float* terms,
                                                 const morula_batch_norm* layer, int64_t channels);
MORULA_API int morula_cuda_batch_norm_forward(morula_cuda_context* context, float* out, const float* inp,
                                              const float* terms, const morula_channels* shape, int activation);
MORULA_API int morula_cuda_batch_norm_backward_sums(morula_cuda_context* context, double* sums, const float* dout,
                                                    const float* inp, const float* out, const float* terms,
                                                    const morula_channels* shape);
MORULA_API int morula_cuda_batch_norm_gradients(morula_cuda_context* context, float* dscale, float* dshift,
                                                float* slopes, const double* sums, int64_t parts, const float* terms,
                                                const morula_channels* shape);
MORULA_API int morula_cuda_batch_norm_backward_input(morula_cuda_context* context, float* dinp, const float* dout,
                                                     const float* inp, const float* out, const float* terms,
                                                     const float* slopes, const morula_channels* shape);
MORULA_API int morula_cuda_max_pool(morula_cuda_context* context, float* out, const float* inp,
                                    const morula_pool* shape);
MORULA_API int morula_cuda_max_pool_backward(morula_cuda_context* context, float* dinp, const float* dout,
                                             const float* inp, const float* out, const morula_pool* shape);
MORULA_API int morula_cuda_average_pool(morula_cuda_context* context, float* out, const float* inp,
                                        const morula_pool* shape);
MORULA_API int morula_cuda_average_pool_backward(morula_cuda_context* context, float* dinp, const float* dout,
                                                 const morula_pool* shape);
MORULA_API int morula_cuda_local_response_norm(morula_cuda_context* context, float* out, const float* inp,
                                               const morula_local_response* shape, const morula_response_rule* rule);
MORULA_API int morula_cuda_local_response_norm_backward(morula_cuda_context* context, float* dinp, float* workspace,
                                                        const float* dout, const float* inp,
                                                        const morula_local_response* shape,
                                                        const morula_response_rule* rule);
// `step` on the device is read in the place of draw's, when the work is done: what is repeated draws anew.
MORULA_API int morula_cuda_dropout(morula_cuda_context* context, float* out, const float* inp, const int64_t* step,
                                   const morula_dropout_draw* draw, double probability);
MORULA_API int morula_cuda_relu(morula_cuda_context* context, float* out, const float* inp, int64_t first,
                                int64_t count);
MORULA_API int morula_cuda_relu_backward(morula_cuda_context* context, float* dinp, const float* dout, const float* out,
                                         int64_t first, int64_t count);
MORULA_API int morula_cuda_add(morula_cuda_context* context, float* out, const float* left, const float* right,
                               int64_t first, int64_t count, int activation);
MORULA_API int morula_cuda_copy_channels(morula_cuda_context* context, float* out, const float* inp,
                                         const morula_channel_copy* shape);
MORULA_API int morula_cuda_transpose_samples(morula_cuda_context* context, float* out, const float* inp,
                                             const morula_sample_transposition* shape);
MORULA_API int morula_cuda_softmax_cross_entropy(morula_cuda_context* context, float* dout, float* losses,
                                                 int32_t* predicted, const float* out, const int32_t* labels,
                                                 const morula_loss* shape, double smoothing);
MORULA_API int morula_cuda_mean_squared_error(morula_cuda_context* context, float* dout, float* losses,
                                              int32_t* predicted, const float* out, const int32_t* labels,
                                              const morula_loss* shape);
MORULA_API int morula_cuda_square_hinge(morula_cuda_context* context, float* dout, float* losses, int32_t* predicted,
                                        const float* out, const int32_t* labels, const morula_loss* shape);

// A parameter, its gradient, and what the optimiser remembers of it: `count` numbers each, without gaps.
typedef struct {
    float* parameter;
    float* first_moment;   // SGD's velocity, or Adam's mean; null for SGD without momentum
    float* second_moment;  // Adam's mean square; null for SGD
    const float* gradient;
    int64_t count;
} morula_cuda_parameter;

// One step, as morula_sgd_step and morula_adam_step make it, on each of `count` parameters, 64 of them a launch; the
// list is the host's. Without momentum no velocity is kept.
MORULA_API int morula_cuda_sgd_steps(morula_cuda_context* context, const morula_cuda_parameter* parameters,
                                     int64_t count, const morula_sgd* rule, int variant);
MORULA_API int morula_cuda_adam_steps(morula_cuda_context* context, const morula_cuda_parameter* parameters,
                                      int64_t count, const morula_adam* rule);

MORULA_API int morula_cuda_gather_rows(morula_cuda_context* context, float* out, const float* source,
                                       const int32_t* indices, int64_t count, int64_t rows, int64_t columns);
MORULA_API int morula_cuda_gather_images(morula_cuda_context* context, float* out, const float* source,
                                         const int32_t* indices, const int32_t* moves, const morula_images* shape);

#ifdef __cplusplus
}
#endif

#endif
