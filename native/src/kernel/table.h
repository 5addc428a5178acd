// The kernels that differ between CPU tiers, as function pointers. A tier starts from the one below it and replaces
// what it does better. This header is seen by tier sources: no C++ library headers here (cmake/CpuTiers.cmake says
// why).
#ifndef MORULA_KERNEL_TABLE_H
#define MORULA_KERNEL_TABLE_H

#include <stdint.h>

#include "morula.h"

namespace morula {

struct Table {
    // activations, by bytes of an element
    void (*transpose2)(uint16_t* out, const uint16_t* in, const morula_transposition* block);
    void (*transpose4)(uint32_t* out, const uint32_t* in, const morula_transposition* block);
    void (*transpose8)(uint64_t* out, const uint64_t* in, const morula_transposition* block);
};

// Each family of kernels has one install function a tier, defined in that tier's source files.
#define MORULA_INSTALLERS(tier)           \
    namespace tier {                      \
    void install_transpose(Table& table); \
    }
MORULA_INSTALLERS(portable)
MORULA_INSTALLERS(avx2)
MORULA_INSTALLERS(avx512)
namespace amx {}
#undef MORULA_INSTALLERS

}  // namespace morula

#endif
