// A linear layer around any product: `multiply` is one of product.h. linear_ref.cpp has the formulas. Bias, ReLU and
// its mask are applied right after the product, while the block is in cache: blocks of 64k numbers (256 KiB) fit any L2
// that has AVX2.
#ifndef MORULA_TRAIN_LINEAR_H
#define MORULA_TRAIN_LINEAR_H

#include "kernel/table.h"
#include "train/product.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

inline void add_bias(float* out, const float* bias, int64_t columns) {
#pragma omp simd
    for (int64_t o = 0; o < columns; o++) out[o] += bias[o];
}

// NaN passes: a network that diverges must show it.
inline void add_bias_relu(float* out, const float* bias, int64_t columns) {
#pragma omp simd
    for (int64_t o = 0; o < columns; o++) {
        const float sum = out[o] + bias[o];
        out[o] = sum < 0 ? 0 : sum;
    }
}

inline void mask(float* dinp, const float* inp, int64_t columns) {
#pragma omp simd
    for (int64_t i = 0; i < columns; i++) dinp[i] = inp[i] > 0 ? dinp[i] : 0;
}

inline void add(float* sum, const float* values, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) sum[i] += values[i];
}

template <auto multiply>
void linear_forward(float* out, const float* inp, const float* weight, const float* bias, const morula_linear& shape,
                    int activation) {
    const morula_block& block = shape.block;
    float* corner = out + block.first_row * shape.outputs + block.first_column;
    multiply(corner, shape.outputs, {inp + block.first_row * shape.inputs, shape.inputs, false},
             {weight + block.first_column * shape.inputs, shape.inputs, true}, block.rows, block.columns, shape.inputs);
    const auto finish = activation == MORULA_RELU ? add_bias_relu : add_bias;
    for (int64_t row = 0; row < block.rows; row++) {
        finish(corner + row * shape.outputs, bias + block.first_column, block.columns);
    }
}

template <auto multiply>
void linear_backward_weight(float* dweight, float* dbias, const float* dout, const float* inp,
                            const morula_linear& shape) {
    const morula_block& block = shape.block;
    multiply(dweight, block.columns, {dout + block.first_row, shape.outputs, true},
             {inp + block.first_column, shape.inputs, false}, block.rows, block.columns, shape.batch);
    if (dbias == nullptr) return;
    for (int64_t row = 0; row < block.rows; row++) dbias[row] = 0;
    for (int64_t b = 0; b < shape.batch; b++) add(dbias, dout + b * shape.outputs + block.first_row, block.rows);
}

template <auto multiply>
void linear_backward_input(float* dinp, const float* dout, const float* weight, const float* inp,
                           const morula_linear& shape, int activation) {
    const morula_block& block = shape.block;
    const int64_t corner = block.first_row * shape.inputs + block.first_column;
    multiply(dinp + corner, shape.inputs, {dout + block.first_row * shape.outputs, shape.outputs, false},
             {weight + block.first_column, shape.inputs, false}, block.rows, block.columns, shape.outputs);
    if (activation != MORULA_RELU) return;
    for (int64_t row = 0; row < block.rows; row++) {
        mask(dinp + corner + row * shape.inputs, inp + corner + row * shape.inputs, block.columns);
    }
}

}  // namespace
}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula

#endif
