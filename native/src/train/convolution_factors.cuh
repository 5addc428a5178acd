// The factors of a convolution's three products, gathered from where they lie: nothing is unfolded in memory.
//
// An image's positions are rows, channels last; the weight is outputs x (ky, kx, input). Each pass is a product:
//
//   forward          out    = Patches (positions of out x taps channels)   weight^T
//   backward, weight dweight = dout^T                                       Patches, transposed
//   backward, input  dinp   = Slopes (positions of inp x taps outputs)     TapWeights
//
// Sizes are checked to be below 2^31, so that indices are 32-bit numbers, whose division is fast enough beside the
// tensor instructions; addresses are 64-bit.
#ifndef MORULA_TRAIN_CONVOLUTION_FACTORS_CUH
#define MORULA_TRAIN_CONVOLUTION_FACTORS_CUH

#include "kernel/tensor_tile.cuh"
#include "morula_train.h"

namespace morula::cuda {

// A convolution's sizes: images of height x width positions, of which out_height x out_width come out.
struct Geometry {
    uint32_t height, width, out_height, out_width, kernel, stride, padding;
};

// What an output position sees of the input: element (position of the output, (ky, kx, channel)). Transposed for
// Run::outer, then from first_column on.
template <Run run_>
struct Patches {
    static constexpr Run run = run_;
    const float* values;
    uint32_t size;
    bool wide;
    uint32_t channels, first_column;
    Geometry geometry;

    __device__ const float* at(uint32_t outer, uint32_t inner) const {
        return run == Run::inner ? seen(outer, inner) : seen(inner, first_column + outer);
    }
    __device__ const float* seen(uint32_t position, uint32_t column) const {
        const Geometry& g = geometry;
        const uint32_t tap = column / channels, channel = column % channels;
        const uint32_t x = position % g.out_width, row = position / g.out_width;
        const uint32_t y = row % g.out_height, image = row / g.out_height;
        // what is left of 0 wraps around to more than any size
        const uint32_t v = y * g.stride + tap / g.kernel - g.padding, u = x * g.stride + tap % g.kernel - g.padding;
        if (v >= GPU_MUTANT(patches_bottom, g.height, g.height + 1) || u >= g.width) return nullptr;
        return values + ((int64_t(image) * g.height + v) * g.width + u) * channels + channel;
    }
};

// The gradients of the outputs that a position of the input took part in: element (position of the input, (ky, kx,
// output)). With a stride of s, 1 of s^2 is stored, and the rest are zeros that are multiplied all the same.
struct Slopes {
    static constexpr Run run = Run::inner;
    const float* values;
    uint32_t size;
    bool wide;
    uint32_t outputs;
    Geometry geometry;

    __device__ const float* at(uint32_t position, uint32_t column) const {
        const Geometry& g = geometry;
        const uint32_t tap = column / outputs, output = column % outputs;
        const uint32_t row = position / g.width, image = row / g.height;
        const uint32_t v = row % g.height + g.padding, u = position % g.width + g.padding;
        const uint32_t ky = tap / g.kernel, kx = tap % g.kernel;
        if (v < ky || u < kx || (v - ky) % g.stride != 0 || (u - kx) % g.stride != 0) return nullptr;
        const uint32_t y = (v - ky) / g.stride, x = (u - kx) / g.stride;
        if (y >= g.out_height || x >= GPU_MUTANT(slopes_right, g.out_width, g.out_width + 1)) return nullptr;
        return values + ((int64_t(image) * g.out_height + y) * g.out_width + x) * outputs + output;
    }
};

// The weight with its taps inside: element (input channel, (ky, kx, output)).
struct TapWeights {
    static constexpr Run run = Run::outer;
    const float* values;  // from the first input channel on
    uint32_t size;
    bool wide;
    uint32_t inputs, outputs, taps;

    __device__ const float* at(uint32_t channel, uint32_t column) const {
        const uint32_t tap = column / outputs, output = column % outputs;
        return values + (int64_t(output) * taps + tap) * inputs + channel;
    }
};

}  // namespace morula::cuda

#endif
