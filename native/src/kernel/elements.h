// Reads activations of any element type as doubles, exactly. Internal linkage: each tier has a copy of its own.
#ifndef MORULA_KERNEL_ELEMENTS_H
#define MORULA_KERNEL_ELEMENTS_H

#include <stdint.h>
#include <string.h>

#include "morula.h"

#if defined(__F16C__)
#include <immintrin.h>
#endif

namespace morula {
namespace {

inline float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

inline float float_of_half(uint16_t half) {
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    const uint32_t magnitude = static_cast<uint32_t>(half & 0x7fff) << 13;
    constexpr uint32_t two_to_112 = 0x77800000, infinity = 0x7f800000, largest_finite = 0x7bffu << 13;
    uint32_t bits;
    const float scaled =
        float_of_bits(magnitude) * float_of_bits(two_to_112);  // moves the exponent's bias from 15 to 127
    memcpy(&bits, &scaled, sizeof bits);
    return float_of_bits(sign | (magnitude > largest_finite ? infinity | magnitude : bits));
}

inline float float_of_bfloat(uint16_t bfloat) { return float_of_bits(static_cast<uint32_t>(bfloat) << 16); }

inline void halves_to_doubles(double* out, const uint16_t* in, int64_t count, double scale) {
    int64_t k = 0;
#if defined(__F16C__)
    for (; k + 8 <= count; k += 8) {
        alignas(32) float eight[8];
        _mm256_store_ps(eight, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + k))));
        for (int l = 0; l < 8; l++) out[k + l] = eight[l] * scale;
    }
#endif
    for (; k < count; k++) out[k] = float_of_half(in[k]) * scale;
}

// out[k] = scale * row[from + k] for k < count; exact, scale being a power of two.
inline void read_elements(double* out, const void* row, int64_t type, int64_t from, int64_t count, double scale) {
    switch (type) {
        case MORULA_F16:
            halves_to_doubles(out, static_cast<const uint16_t*>(row) + from, count, scale);
            break;
        case MORULA_BF16: {
            const uint16_t* in = static_cast<const uint16_t*>(row) + from;
            for (int64_t k = 0; k < count; k++) out[k] = float_of_bfloat(in[k]) * scale;
            break;
        }
        case MORULA_F32: {
            const float* in = static_cast<const float*>(row) + from;
            for (int64_t k = 0; k < count; k++) out[k] = in[k] * scale;
            break;
        }
        default: {
            const double* in = static_cast<const double*>(row) + from;
            for (int64_t k = 0; k < count; k++) out[k] = in[k] * scale;
        }
    }
}

inline int64_t element_bytes(int64_t type) { return type == MORULA_F64 ? 8 : type == MORULA_F32 ? 4 : 2; }

inline const void* row_of(const morula_layer* layer, int64_t neuron) {
    return static_cast<const char*>(layer->values) + neuron * layer->samples * element_bytes(layer->type);
}

// out[k] = scale a - mean for samples from..from+count-1 of one neuron, in float64. The mean's low part matters where a
// neuron varies little around a large mean.
inline void read_deviations(double* out, const morula_layer* layer, int64_t neuron, int64_t from, int64_t count) {
    const morula_moments& m = layer->moments[neuron];
    read_elements(out, row_of(layer, neuron), layer->type, from, count, m.scale);
    for (int64_t k = 0; k < count; k++) out[k] = out[k] - m.mean_high - m.mean_low;
}

}  // namespace
}  // namespace morula

#endif
