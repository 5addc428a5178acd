#include "support.h"

namespace morula_tests {
namespace {

struct Linear {
    explicit Linear(const morula_linear& shape)
        : inp(shape.batch * shape.inputs),
          weight(shape.outputs * shape.inputs),
          bias(shape.outputs),
          dout(shape.batch * shape.outputs) {
        Random random;
        random.fill(inp);
        random.fill(weight);
        random.fill(bias);
        random.fill(dout);
    }
    Buffer<float> inp, weight, bias, dout;
};

// What may differ of a sum of `terms` products of numbers up to 1: tiles of bfloat16 leave 3 x 2^-16 of each out.
double tolerance(Context& context, int64_t terms) {
    return 1e-4 + (morula_context_tier(context) == MORULA_TIER_AMX ? 3 * 0x1p-16 * static_cast<double>(terms) : 0);
}

morula_block part(int64_t rows, int64_t columns) {
    return {rows / 3, rows - rows / 3, columns / 5, columns - columns / 5};  // reaches the last row and column
}

void test_forward(Context& context, morula_linear shape, Linear& layer, int activation) {
    shape.block = part(shape.batch, shape.outputs);
    const morula_block& block = shape.block;
    Buffer<float> out(shape.batch * shape.outputs);
    CHECK(morula_linear_forward(context, out, layer.inp, layer.weight, layer.bias, &shape, activation) == MORULA_OK);
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        for (int64_t o = block.first_column; o < block.first_column + block.columns; o++) {
            double sum = layer.bias[o];
            for (int64_t i = 0; i < shape.inputs; i++) {
                sum += static_cast<double>(layer.inp[b * shape.inputs + i]) * layer.weight[o * shape.inputs + i];
            }
            CHECK_CLOSE(out[b * shape.outputs + o], activation == MORULA_RELU && sum < 0 ? 0 : sum,
                        tolerance(context, shape.inputs));
        }
    }
}

void test_backward_weight(Context& context, morula_linear shape, Linear& layer) {
    shape.block = part(shape.outputs, shape.inputs);
    const morula_block& block = shape.block;
    Buffer<float> dweight(block.rows * block.columns), dbias(block.rows);
    CHECK(morula_linear_backward_weight(context, dweight, dbias, layer.dout, layer.inp, &shape) == MORULA_OK);
    CHECK(morula_linear_backward_weight(context, dweight, nullptr, layer.dout, layer.inp, &shape) == MORULA_OK);
    for (int64_t row = 0; row < block.rows; row++) {
        double bias = 0;
        for (int64_t b = 0; b < shape.batch; b++) bias += layer.dout[b * shape.outputs + block.first_row + row];
        CHECK_CLOSE(dbias[row], bias, 1e-4);
        for (int64_t column = 0; column < block.columns; column++) {
            double sum = 0;
            for (int64_t b = 0; b < shape.batch; b++) {
                sum += static_cast<double>(layer.dout[b * shape.outputs + block.first_row + row]) *
                       layer.inp[b * shape.inputs + block.first_column + column];
            }
            CHECK_CLOSE(dweight[row * block.columns + column], sum, tolerance(context, shape.batch));
        }
    }
}

void test_backward_input(Context& context, morula_linear shape, Linear& layer) {
    shape.block = part(shape.batch, shape.inputs);
    const morula_block& block = shape.block;
    Buffer<float> dinp(shape.batch * shape.inputs);
    CHECK(morula_linear_backward_input(context, dinp, layer.dout, layer.weight, layer.inp, &shape, MORULA_RELU) ==
          MORULA_OK);
    for (int64_t b = block.first_row; b < block.first_row + block.rows; b++) {
        for (int64_t i = block.first_column; i < block.first_column + block.columns; i++) {
            double sum = 0;
            for (int64_t o = 0; o < shape.outputs; o++) {
                sum += static_cast<double>(layer.dout[b * shape.outputs + o]) * layer.weight[o * shape.inputs + i];
            }
            CHECK_CLOSE(dinp[b * shape.inputs + i], layer.inp[b * shape.inputs + i] > 0 ? sum : 0,
                        tolerance(context, shape.outputs));
        }
    }
}

void test_gather(Context& context) {
    constexpr int64_t rows = 5, columns = 7, count = 3;
    Buffer<float> source(rows * columns), out(count * columns);
    Buffer<int32_t> indices(count);
    Random().fill(source);
    indices[0] = 4, indices[1] = 0, indices[2] = 4;
    CHECK(morula_gather_rows(context, out, source, indices, count, rows, columns) == MORULA_OK);
    for (int64_t k = 0; k < count * columns; k++) CHECK(out[k] == source[indices[k / columns] * columns + k % columns]);
    indices[2] = 5;
    CHECK(morula_gather_rows(context, out, source, indices, count, rows, columns) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_train(Context& context) {
    // the last ones are wide enough for packed panels in every product
    constexpr int64_t shapes[][3] = {{1, 1, 1}, {3, 17, 10}, {65, 100, 33}, {129, 257, 131}, {100, 101, 700}};
    for (const auto& [batch, inputs, outputs] : shapes) {
        const morula_linear shape{batch, inputs, outputs, {}};
        Linear layer(shape);
        test_forward(context, shape, layer, MORULA_IDENTITY);
        test_forward(context, shape, layer, MORULA_RELU);
        test_backward_weight(context, shape, layer);
        test_backward_input(context, shape, layer);
    }
    test_gather(context);
}

}  // namespace morula_tests
