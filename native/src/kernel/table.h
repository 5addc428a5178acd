// The kernels that differ between CPU tiers, as function pointers. A tier starts from the one below it and replaces
// what it does better. This header is seen by tier sources: no C++ library headers here (cmake/CpuTiers.cmake says
// why).
#ifndef MORULA_KERNEL_TABLE_H
#define MORULA_KERNEL_TABLE_H

#include <stdint.h>

#include "morula.h"

namespace morula {

struct Table {
    // train
    void (*linear_forward)(float* out, const float* inp, const float* weight, const float* bias,
                           const morula_linear& shape, int activation);
    void (*linear_backward_weight)(float* dweight, float* dbias, const float* dout, const float* inp,
                                   const morula_linear& shape);
    void (*linear_backward_input)(float* dinp, const float* dout, const float* weight, const float* inp,
                                  const morula_linear& shape, int activation);
    void (*softmax_cross_entropy)(float* dlogits, float* losses, int32_t* predicted, const float* logits,
                                  const int32_t* labels, const morula_softmax& shape);
    void (*sgd_step)(float* parameter, float* velocity, const float* gradient, const morula_sgd& rule, int64_t stride,
                     const morula_block& block);
};

// Each family of kernels has one install function a tier, defined in that tier's source files.
#define MORULA_INSTALLERS(tier) \
    namespace tier {}
MORULA_INSTALLERS(portable)
MORULA_INSTALLERS(avx2)
MORULA_INSTALLERS(avx512)
namespace amx {}
#undef MORULA_INSTALLERS

// train
#define MORULA_TRAIN_INSTALLERS(tier)                 \
    namespace tier {                                  \
    void install_linear(Table& table);                \
    void install_softmax_cross_entropy(Table& table); \
    void install_sgd(Table& table);                   \
    }
MORULA_TRAIN_INSTALLERS(portable)
MORULA_TRAIN_INSTALLERS(avx2)
MORULA_TRAIN_INSTALLERS(avx512)
#undef MORULA_TRAIN_INSTALLERS

}  // namespace morula

#endif
