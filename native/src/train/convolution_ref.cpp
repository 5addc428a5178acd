// A convolution in plain loops: the portable tier, and what the faster version is tested against. With (y, x) a
// position of the output and (v, u) = (y stride + ky - padding, x stride + kx - padding) inside the image:
//
//   forward          out[b, y, x, o]        = activation(bias[o] + sum over ky, kx, i of inp[b, v, u, i] weight[o, ky,
//   kx, i]) backward, weight dweight[o, ky, kx, i]  = sum over b, y, x of dout[b, y, x, o] inp[b, v, u, i] backward,
//   input  dinp[b, v, u, i]       = sum over ky, kx, o of dout[b, y, x, o] weight[o, ky, kx, i]
//
// Variants: this one; convolution_simd.cpp (avx2 and avx512). Timed by ConvolutionBenchmark. README.md says more.
#include "kernel/table.h"
#include "train/convolution.h"

namespace morula {
namespace portable {
namespace {

// Calls visit(row of positions in inp, row of positions in out, first column of the weight) for every pair of positions
// of one sample that a weight connects, kernel positions outermost.
template <typename Visit>
void for_each_pair(const morula_convolution& shape, int64_t sample, const Visit& visit) {
    const int64_t height = output_size(shape.height, shape), width = output_size(shape.width, shape);
    for (int64_t tap = 0; tap < shape.kernel * shape.kernel; tap++) {
        for (int64_t y = 0; y < height; y++) {
            for (int64_t x = 0; x < width; x++) {
                const int64_t v = y * shape.stride + tap / shape.kernel - shape.padding;
                const int64_t u = x * shape.stride + tap % shape.kernel - shape.padding;
                if (v < 0 || v >= shape.height || u < 0 || u >= shape.width) continue;
                visit((sample * shape.height + v) * shape.width + u, (sample * height + y) * width + x,
                      tap * shape.inputs);
            }
        }
    }
}

int64_t columns_of_weight(const morula_convolution& shape) { return shape.kernel * shape.kernel * shape.inputs; }

int64_t positions(const morula_convolution& shape) {
    return output_size(shape.height, shape) * output_size(shape.width, shape);
}

// The block's part of a row of out, before and after the sums.
void begin(float* row, const float* bias, const morula_block& block) {
    for (int64_t o = block.first_column; o < block.first_column + block.columns; o++) {
        row[o] = bias == nullptr ? 0 : bias[o];
    }
}

// Written so that NaN passes: a network that diverges must show it.
void rectify(float* row, const morula_block& block) {
    for (int64_t o = block.first_column; o < block.first_column + block.columns; o++) row[o] = row[o] < 0 ? 0 : row[o];
}

void convolution_forward(float* out, const float* inp, const float* weight, const float* bias, float*,
                         const morula_convolution& shape, int activation) {
    const morula_block& block = shape.block;
    const int64_t weights = columns_of_weight(shape);
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        float* image = out + b * positions(shape) * shape.outputs;
        for (int64_t p = 0; p < positions(shape); p++) begin(image + p * shape.outputs, bias, block);
        for_each_pair(shape, b, [&](int64_t from, int64_t to, int64_t column) {
            for (int64_t o = block.first_column; o < block.first_column + block.columns; o++) {
                float sum = 0;
                for (int64_t i = 0; i < shape.inputs; i++) {
                    sum += inp[from * shape.inputs + i] * weight[o * weights + column + i];
                }
                out[to * shape.outputs + o] += sum;
            }
        });
        if (activation != MORULA_RELU) continue;
        for (int64_t p = 0; p < positions(shape); p++) rectify(image + p * shape.outputs, block);
    }
}

void convolution_backward_weight(float* dweight, float* dbias, const float* dout, const float* inp, float*,
                                 const morula_convolution& shape) {
    const morula_block& block = shape.block;
    for (int64_t k = 0; k < shape.outputs * block.columns; k++) dweight[k] = 0;
    for (int64_t o = 0; dbias != nullptr && o < shape.outputs; o++) dbias[o] = 0;
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        for_each_pair(shape, b, [&](int64_t from, int64_t to, int64_t column) {
            for (int64_t i = 0; i < shape.inputs; i++) {
                const int64_t c = column + i - block.first_column;
                if (c < 0 || c >= block.columns) continue;
                for (int64_t o = 0; o < shape.outputs; o++) {
                    dweight[o * block.columns + c] += dout[to * shape.outputs + o] * inp[from * shape.inputs + i];
                }
            }
        });
        for (int64_t p = b * positions(shape); dbias != nullptr && p < (b + 1) * positions(shape); p++) {
            for (int64_t o = 0; o < shape.outputs; o++) dbias[o] += dout[p * shape.outputs + o];
        }
    }
}

void convolution_backward_input(float* dinp, const float* dout, const float* weight, float*,
                                const morula_convolution& shape) {
    const morula_block& block = shape.block;
    const int64_t image = shape.height * shape.width, weights = columns_of_weight(shape);
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        for (int64_t p = b * image; p < (b + 1) * image; p++) {
            for (int64_t i = 0; i < block.columns; i++) dinp[p * shape.inputs + block.first_column + i] = 0;
        }
        for_each_pair(shape, b, [&](int64_t to, int64_t from, int64_t column) {
            for (int64_t o = 0; o < shape.outputs; o++) {
                for (int64_t i = block.first_column; i < block.first_column + block.columns; i++) {
                    dinp[to * shape.inputs + i] += dout[from * shape.outputs + o] * weight[o * weights + column + i];
                }
            }
        });
    }
}

}  // namespace

void install_convolution(Table& table) {
    table.convolution_forward = convolution_forward;
    table.convolution_backward_weight = convolution_backward_weight;
    table.convolution_backward_input = convolution_backward_input;
}

}  // namespace portable
}  // namespace morula
