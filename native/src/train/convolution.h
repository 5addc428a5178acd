// What the variants of the convolution kernels share: sizes, frames and how much memory a call wants.
#ifndef MORULA_TRAIN_CONVOLUTION_H
#define MORULA_TRAIN_CONVOLUTION_H

#include <stdint.h>

#include "morula_train.h"

namespace morula {

// What an image is copied into, so that no position needs a test for the border: `low` rows and columns of zeros first,
// `height` and `width` in all. Rows and columns that nothing reads are left out.
struct Frame {
    int64_t low, height, width, channels;
};

// Panels of packed numbers have a width that every tier's divides.
constexpr int64_t widest_panel = 32;

// Framed images that are worked on at a time: 512 KiB leave room in an L2 cache of 1 MiB or more.
constexpr int64_t framed_floats = 1 << 17;

// Internal linkage, since tiers compile this with instructions of their own.
static inline int64_t output_size(int64_t size, const morula_convolution& shape) {
    return (size + 2 * shape.padding - shape.kernel) / shape.stride + 1;
}

static inline int64_t padded_to_panels(int64_t columns) {
    return (columns + widest_panel - 1) / widest_panel * widest_panel;
}

static inline int64_t floats(const Frame& frame) { return frame.height * frame.width * frame.channels; }

// Around the layer's input.
static inline Frame input_frame(const morula_convolution& shape) {
    const auto size = [&](int64_t outputs) { return (outputs - 1) * shape.stride + shape.kernel; };
    return {shape.padding, size(output_size(shape.height, shape)), size(output_size(shape.width, shape)), shape.inputs};
}

// Around the gradient of the output, for the input gradient: position y of the input is reached from the outputs
// (y + padding - ky) / stride, for every row ky of the kernel that makes this a whole number.
static inline Frame output_frame(const morula_convolution& shape) {
    const int64_t low = (shape.kernel - 1) / shape.stride;
    const auto size = [&](int64_t inputs) { return low + (inputs - 1 + shape.padding) / shape.stride + 1; };
    return {low, size(shape.height), size(shape.width), shape.outputs};
}

static inline int64_t samples_at_a_time(const Frame& frame, const morula_convolution& shape) {
    const int64_t most = framed_floats / floats(frame) + 1;
    return most < shape.block.rows ? most : shape.block.rows;
}

}  // namespace morula

#endif
