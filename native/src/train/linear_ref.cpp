// A linear layer in plain loops: the portable tier, and what the faster version is tested against.
//
//   forward          out    = activation(inp weight^T + bias)   batch x outputs
//   backward, weight dweight = dout^T inp                       outputs x inputs
//   backward, input  dinp   = dout weight, masked by ReLU       batch x inputs
//
// Variants: this one; linear.h (fast products, the element-wise rest fused in) around the products of linear_simd.cpp
// and linear_amx.cpp. Timed by LinearBenchmark.
#include "kernel/table.h"

namespace morula {
namespace portable {
namespace {

void linear_forward(float* out, const float* inp, const float* weight, const float* bias, const morula_linear& shape,
                    int activation) {
    const morula_block& block = shape.block;
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        for (int64_t o = block.first_column; o < block.first_column + block.columns; o++) {
            float sum = bias[o];
            for (int64_t i = 0; i < shape.inputs; i++) sum += inp[b * shape.inputs + i] * weight[o * shape.inputs + i];
            // written so that NaN passes: a network that diverges must show it
            out[b * shape.outputs + o] = activation == MORULA_RELU && sum < 0 ? 0 : sum;
        }
    }
}

void linear_backward_weight(float* dweight, float* dbias, const float* dout, const float* inp,
                            const morula_linear& shape) {
    const morula_block& block = shape.block;
    for (int64_t row = 0; row < block.rows; row++) {
        const float* dout_column = dout + block.first_row + row;
        float* dweight_row = dweight + row * block.columns;
        for (int64_t i = 0; i < block.columns; i++) dweight_row[i] = 0;
        for (int64_t b = 0; b < shape.batch; b++) {
            const float* inp_row = inp + b * shape.inputs + block.first_column;
            for (int64_t i = 0; i < block.columns; i++) dweight_row[i] += dout_column[b * shape.outputs] * inp_row[i];
        }
        if (dbias == nullptr) continue;
        dbias[row] = 0;
        for (int64_t b = 0; b < shape.batch; b++) dbias[row] += dout_column[b * shape.outputs];
    }
}

void linear_backward_input(float* dinp, const float* dout, const float* weight, const float* inp,
                           const morula_linear& shape, int activation) {
    const morula_block& block = shape.block;
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        float* dinp_row = dinp + b * shape.inputs + block.first_column;
        const float* inp_row = inp + b * shape.inputs + block.first_column;
        for (int64_t i = 0; i < block.columns; i++) dinp_row[i] = 0;
        for (int64_t o = 0; o < shape.outputs; o++) {
            const float* weight_row = weight + o * shape.inputs + block.first_column;
            for (int64_t i = 0; i < block.columns; i++) dinp_row[i] += dout[b * shape.outputs + o] * weight_row[i];
        }
        for (int64_t i = 0; i < block.columns; i++) {
            if (activation == MORULA_RELU && !(inp_row[i] > 0)) dinp_row[i] = 0;
        }
    }
}

}  // namespace

void install_linear(Table& table) {
    table.linear_forward = linear_forward;
    table.linear_backward_weight = linear_backward_weight;
    table.linear_backward_input = linear_backward_input;
}

}  // namespace portable
}  // namespace morula
