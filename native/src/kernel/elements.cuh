// Elements of activations, of any type, as float64: exactly. The 16-bit types are integers here, so that nvcc and the
// emulation convert them alike.
#ifndef MORULA_KERNEL_ELEMENTS_CUH
#define MORULA_KERNEL_ELEMENTS_CUH

#include "kernel/cuda_context.h"

namespace morula {

struct Half {
    uint16_t bits;
};
struct Bfloat {
    uint16_t bits;
};

__device__ inline double to_double(double x) { return x; }
__device__ inline double to_double(float x) { return static_cast<double>(x); }
__device__ inline double to_double(Bfloat x) {
    return static_cast<double>(__uint_as_float(static_cast<uint32_t>(x.bits) << 16));
}
__device__ inline double to_double(Half x) {
    const uint32_t sign = static_cast<uint32_t>(x.bits & 0x8000) << 16, magnitude = (x.bits & 0x7fffu) << 13;
    constexpr uint32_t two_to_112 = 0x77800000, infinity = 0x7f800000, largest_finite = 0x7bffu << 13;
    // Moves the exponent's bias from 15 to 127.
    const float scaled = __uint_as_float(magnitude) * __uint_as_float(two_to_112);
    const uint32_t bits = magnitude > largest_finite ? infinity | magnitude : __float_as_uint(scaled);
    return static_cast<double>(__uint_as_float(sign | bits));
}

namespace cuda {

inline int64_t element_bytes(int64_t type) { return type == MORULA_F64 ? 8 : type == MORULA_F32 ? 4 : 2; }

// Calls work(const T* values) with the type that the elements have.
template <class Work>
int with_elements(const void* values, int64_t type, const Work& work) {
    switch (type) {
        case MORULA_F16:
            return work(static_cast<const Half*>(values));
        case MORULA_BF16:
            return work(static_cast<const Bfloat*>(values));
        case MORULA_F32:
            return work(static_cast<const float*>(values));
        case MORULA_F64:
            return work(static_cast<const double*>(values));
        default:
            return fail(MORULA_INVALID_ARGUMENT, "element type %lld is not one of 0 to 3",
                        static_cast<long long>(type));
    }
}

}  // namespace cuda
}  // namespace morula

#endif
