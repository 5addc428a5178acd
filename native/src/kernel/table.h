// The kernels that differ between CPU tiers, as function pointers. A tier starts from the one below it and replaces
// what it does better. This header is seen by tier sources: no C++ library headers here (cmake/CpuTiers.cmake says
// why).
#ifndef MORULA_KERNEL_TABLE_H
#define MORULA_KERNEL_TABLE_H

#include <stdint.h>

#include "morula_redundancy.h"
#include "morula_train.h"

namespace morula {

// A pair passes if its product reaches the lesser of its ends' cuts: one a row of a tile's panels.
struct Cuts {
    const float *left, *right;
};

// How a tier's product wants its operands, and what error it makes; see correlate/README.md.
struct Product {
    int64_t left_rows, right_rows;    // the most rows of a panel
    int64_t left_panels;              // left panels worth keeping packed at a time
    int64_t left_strip, right_strip;  // packed rows are padded to multiples of these
    int64_t sample_multiple;          // packed samples are padded to a multiple of this
    int64_t element_bytes;            // of a packed element
    int64_t chain;                    // samples added up in one float32 chain
    int64_t workspace_bytes;
    double (*pack)(void* panel, const morula_layer* layer, const int32_t* neurons, int64_t rows, int side);
    void (*pack_rows)(void* panel, const float* rows, int64_t count, int64_t columns, int side);
    int64_t (*tile)(int64_t* pairs, void* workspace, const morula_tile* tile, const Cuts& cuts, int64_t capacity);
};

// Neurons of a sample-major layer that are staged together.
constexpr int64_t staged_neurons = 512;

struct Table {
    // activations, by bytes of an element
    void (*transpose2)(uint16_t* out, const uint16_t* in, const morula_transposition* block);
    void (*transpose4)(uint32_t* out, const uint32_t* in, const morula_transposition* block);
    void (*transpose8)(uint64_t* out, const uint64_t* in, const morula_transposition* block);
    // train
    void (*linear_forward)(float* out, const float* inp, const float* weight, const float* bias,
                           const morula_linear& shape, int activation);
    void (*linear_backward_weight)(float* dweight, float* dbias, const float* dout, const float* inp,
                                   const morula_linear& shape);
    void (*linear_backward_input)(float* dinp, const float* dout, const float* weight, const float* inp,
                                  const morula_linear& shape, int activation);
    void (*softmax_cross_entropy)(float* dout, float* losses, int32_t* predicted, const float* out,
                                  const int32_t* labels, const morula_loss& shape, double smoothing);
    void (*mean_squared_error)(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                               const morula_loss& shape);
    void (*square_hinge)(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                         const morula_loss& shape);
    void (*sgd_step)(float* parameter, float* velocity, const float* gradient, const morula_sgd& rule, int variant,
                     int64_t stride, const morula_block& block);
    void (*adam_step)(float* parameter, float* mean, float* square, const float* gradient, const morula_adam& rule,
                      int64_t stride, const morula_block& block);
    void (*convolution_forward)(float* out, const float* inp, const float* weight, const float* bias, float* workspace,
                                const morula_convolution& shape, int activation);
    void (*convolution_backward_weight)(float* dweight, float* dbias, const float* dout, const float* inp,
                                        float* workspace, const morula_convolution& shape);
    void (*convolution_backward_input)(float* dinp, const float* dout, const float* weight, float* workspace,
                                       const morula_convolution& shape);
    void (*add_parts)(float* sums, int64_t parts, int64_t size, int64_t first, int64_t count);
    void (*batch_norm_sums)(double* sums, const float* inp, const morula_channels& shape);
    void (*batch_norm_training)(float* terms, const double* sums, int64_t parts, const float* inp,
                                const morula_batch_norm& layer, const morula_channels& shape);
    void (*batch_norm_evaluation)(float* terms, const morula_batch_norm& layer, int64_t channels);
    void (*batch_norm_forward)(float* out, const float* inp, const float* terms, const morula_channels& shape,
                               int activation);
    void (*batch_norm_backward_sums)(double* sums, const float* dout, const float* inp, const float* out,
                                     const float* terms, const morula_channels& shape);
    void (*batch_norm_gradients)(float* dscale, float* dshift, float* slopes, const double* sums, int64_t parts,
                                 const float* terms, const morula_channels& shape);
    void (*batch_norm_backward_input)(float* dinp, const float* dout, const float* inp, const float* out,
                                      const float* terms, const float* slopes, const morula_channels& shape);
    void (*max_pool)(float* out, const float* inp, const morula_pool& shape);
    void (*max_pool_backward)(float* dinp, const float* dout, const float* inp, const float* out,
                              const morula_pool& shape);
    void (*average_pool)(float* out, const float* inp, const morula_pool& shape);
    void (*average_pool_backward)(float* dinp, const float* dout, const morula_pool& shape);
    void (*local_response_norm)(float* out, const float* inp, const morula_local_response& shape,
                                const morula_response_rule& rule);
    void (*local_response_norm_backward)(float* dinp, float* workspace, const float* dout, const float* inp,
                                         const morula_local_response& shape, const morula_response_rule& rule);
    void (*dropout)(float* out, const float* inp, const morula_dropout_draw& draw, double probability);
    void (*relu)(float* out, const float* inp, int64_t count);
    void (*relu_backward)(float* dinp, const float* dout, const float* out, int64_t count);
    void (*add)(float* out, const float* left, const float* right, int64_t count, int activation);
    // redundancy
    void (*chunk_logits)(float* logits, const float* activations, const int32_t* chunk, const float* weight,
                         const float* bias, const morula_chunk_logits_shape& shape);
    // standardise
    void (*moments)(morula_moments* moments, const void* row, int64_t type, int64_t samples, int metric);
    void (*standardise)(float* mean, const morula_layer* layer, const int32_t* members, int64_t count);
    void (*standardise_piece)(float* z, const morula_layer* layer, int64_t neuron, int64_t from, int64_t count);
    void (*column_moments)(morula_moments* moments, float* stage, const morula_layer* layer, int64_t first,
                           int64_t count, int metric);
    void (*standardise_columns)(float* rows, float* stage, const morula_layer* layer, const morula_neurons* neurons,
                                int64_t from, int64_t stride);
    void (*project_columns)(float* sums, float* stage, const float* directions, const morula_layer* layer,
                            int64_t first, int64_t count, int64_t from, int64_t rank);
    // correlate
    Product product;
    double (*dot)(const double* deviations, const morula_layer* layer, int64_t neuron);
    void (*refine)(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples);
};

// Each family of kernels has one install function a tier, defined in that tier's source files.
#define MORULA_FAMILIES(of)                                                                                           \
    of(install_transpose) of(install_linear) of(install_convolution) of(install_parts) of(install_batch_norm)         \
        of(install_pool) of(install_local_response_norm) of(install_dropout) of(install_pointwise) of(install_losses) \
            of(install_optimizers) of(install_standardise) of(install_columns) of(install_dot) of(install_product)    \
                of(install_refine) of(install_chunk_logits)

// Those that amx has a version of.
#define MORULA_FAMILIES_OF_AMX(of) of(install_linear) of(install_product)

#define MORULA_DECLARE(install) void install(Table& table);
namespace portable {
MORULA_FAMILIES(MORULA_DECLARE)
}
namespace avx2 {
MORULA_FAMILIES(MORULA_DECLARE)
}
namespace avx512 {
MORULA_FAMILIES(MORULA_DECLARE)
}
namespace amx {
MORULA_FAMILIES_OF_AMX(MORULA_DECLARE)
}
#undef MORULA_DECLARE

}  // namespace morula

#endif
