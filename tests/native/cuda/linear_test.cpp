// Linear layers and blocks of them against float64; what is outside a block stays as it was.
#include "morula_cuda_train.h"
#include "product_bounds.h"

using namespace morula_tests;

namespace {

constexpr float untouched = -77;

struct Linear {
    morula_linear shape;
    std::vector<float> inp, weight, bias, dout;
    explicit Linear(const morula_linear& s)
        : shape(s),
          inp(normal_numbers(s.batch * s.inputs, 1)),
          weight(normal_numbers(s.outputs * s.inputs, 2)),
          bias(normal_numbers(s.outputs, 3)),
          dout(normal_numbers(s.batch * s.outputs, 4)) {}

    bool inside(int64_t row, int64_t column) const {
        const morula_block& block = shape.block;
        return row >= block.first_row && row < block.first_row + block.rows && column >= block.first_column &&
               column < block.first_column + block.columns;
    }
};

void check_forward(morula_cuda_context* context, const Linear& layer, int activation) {
    const morula_linear& s = layer.shape;
    DeviceBuffer<float> inp(context, layer.inp), weight(context, layer.weight), bias(context, layer.bias),
        device_out(context, std::vector<float>(s.batch * s.outputs, untouched));
    CHECK(morula_cuda_linear_forward(context, device_out, inp, weight, bias, &s, activation) == MORULA_OK);
    const std::vector<float> out = device_out.get();
    for (int64_t b = 0; b < s.batch; b++) {
        for (int64_t o = 0; o < s.outputs; o++) {
            Sum sum;
            for (int64_t i = 0; i < s.inputs; i++) sum.add(layer.inp[b * s.inputs + i], layer.weight[o * s.inputs + i]);
            const double expected = rectified(sum.value + layer.bias[o], activation);
            const float actual = out[b * s.outputs + o];
            CHECK(layer.inside(b, o) ? agrees(actual, sum, expected) : actual == untouched);
        }
    }
}

void check_backward_weight(morula_cuda_context* context, const Linear& layer) {
    const morula_linear& s = layer.shape;
    const morula_block& block = s.block;
    DeviceBuffer<float> dout(context, layer.dout), inp(context, layer.inp),
        device_dweight(context, block.rows * block.columns), device_dbias(context, block.rows);
    CHECK(morula_cuda_linear_backward_weight(context, device_dweight, nullptr, dout, inp, &s) == MORULA_OK);
    CHECK(morula_cuda_linear_backward_weight(context, device_dweight, device_dbias, dout, inp, &s) == MORULA_OK);
    const std::vector<float> dweight = device_dweight.get(), dbias = device_dbias.get();
    for (int64_t row = 0; row < block.rows; row++) {
        const int64_t o = block.first_row + row;
        Sum total;
        for (int64_t b = 0; b < s.batch; b++) total.add(layer.dout[b * s.outputs + o], 1);
        CHECK_CLOSE(dbias[row], total.value, static_cast<double>(s.batch) * 0x1p-24 * total.absolute);
        for (int64_t column = 0; column < block.columns; column++) {
            Sum sum;
            for (int64_t b = 0; b < s.batch; b++) {
                sum.add(layer.dout[b * s.outputs + o], layer.inp[b * s.inputs + block.first_column + column]);
            }
            CHECK(agrees(dweight[row * block.columns + column], sum, sum.value));
        }
    }
}

void check_backward_input(morula_cuda_context* context, const Linear& layer, int activation) {
    const morula_linear& s = layer.shape;
    DeviceBuffer<float> dout(context, layer.dout), weight(context, layer.weight), inp(context, layer.inp),
        device_dinp(context, std::vector<float>(s.batch * s.inputs, untouched));
    CHECK(morula_cuda_linear_backward_input(context, device_dinp, dout, weight, inp, &s, activation) == MORULA_OK);
    const std::vector<float> dinp = device_dinp.get();
    for (int64_t b = 0; b < s.batch; b++) {
        for (int64_t i = 0; i < s.inputs; i++) {
            Sum sum;
            for (int64_t o = 0; o < s.outputs; o++) {
                sum.add(layer.dout[b * s.outputs + o], layer.weight[o * s.inputs + i]);
            }
            const bool masked = activation == MORULA_RELU && !(layer.inp[b * s.inputs + i] > 0);
            const float actual = dinp[b * s.inputs + i];
            CHECK(layer.inside(b, i) ? agrees(actual, sum, masked ? 0 : sum.value) : actual == untouched);
        }
    }
}

// Of a matrix of so many rows and columns: from a third and from a multiple of four on, to its end.
morula_block most_of(int64_t rows, int64_t columns) {
    const int64_t column = columns / 5 / 4 * 4;
    return {rows / 3, rows - rows / 3, column, columns - column};
}

void check_layer(morula_cuda_context* context, int64_t batch, int64_t inputs, int64_t outputs) {
    for (const bool whole : {true, false}) {
        const auto layer = [&](int64_t rows, int64_t columns) {
            return Linear({batch, inputs, outputs, whole ? morula_block{0, rows, 0, columns} : most_of(rows, columns)});
        };
        check_forward(context, layer(batch, outputs), whole ? MORULA_RELU : MORULA_IDENTITY);
        check_backward_weight(context, layer(outputs, inputs));
        check_backward_input(context, layer(batch, inputs), whole ? MORULA_RELU : MORULA_IDENTITY);
    }
}

}  // namespace

CUDA_TEST(linear_layers_of_any_size) {
    check_layer(context, 1, 1, 1);
    check_layer(context, 2, 5, 3);
    check_layer(context, 31, 67, 10);
    check_layer(context, 33, 72, 132);
    check_layer(context, 521, 12, 9);
    check_layer(context, 4, 20, 515);
}

CUDA_TEST(linear_layers_in_large_tiles) {
    check_backward_weight(context, Linear({9, 1000, 505, {0, 505, 0, 1000}}));
    check_backward_input(context, Linear({1000, 505, 9, {0, 1000, 0, 505}}), MORULA_RELU);
    check_forward(context, Linear({1001, 8, 512, {1, 1000, 0, 512}}), MORULA_RELU);
}

// The output of a ReLU is 0 in places, where no slope passes.
CUDA_TEST(linear_layer_behind_a_relu) {
    Linear layer({7, 20, 9, {0, 7, 0, 20}});
    for (float& value : layer.inp) value = value < 0 ? 0 : value;
    layer.inp[11] = NAN;
    check_backward_input(context, layer, MORULA_RELU);
}

// A matrix that begins anywhere, and a block of it whose first number lies at a multiple of 16 bytes: the last numbers
// of a row are fewer than four.
CUDA_TEST(linear_layer_in_the_middle_of_memory) {
    constexpr int64_t batch = 6, inputs = 8, outputs = 4;
    for (const int64_t before : {1, 2, 3}) {
        const int64_t first = 4 - before;
        const Linear layer({batch, inputs, outputs, {0, outputs, first, inputs - first}});
        std::vector<float> shifted = layer.inp;
        shifted.insert(shifted.begin(), before, untouched);
        DeviceBuffer<float> inp(context, shifted), dout(context, layer.dout),
            dweight(context, outputs * (inputs - first));
        CHECK(morula_cuda_linear_backward_weight(context, dweight, nullptr, dout, inp + before, &layer.shape) ==
              MORULA_OK);
        const std::vector<float> slopes = dweight.get();
        for (int64_t k = 0; k < outputs * (inputs - first); k++) {
            const int64_t o = k / (inputs - first), i = first + k % (inputs - first);
            Sum sum;
            for (int64_t b = 0; b < batch; b++) sum.add(layer.dout[b * outputs + o], layer.inp[b * inputs + i]);
            CHECK(agrees(slopes[k], sum, sum.value));
        }
    }
}

CUDA_TEST(linear_layer_that_diverged) {
    Linear layer({5, 40, 6, {0, 5, 0, 6}});
    layer.inp[3] = NAN;
    layer.inp[40] = HUGE_VALF;
    layer.dout[7] = NAN;
    layer.dout[20] = -HUGE_VALF;
    check_forward(context, layer, MORULA_RELU);
    layer.shape.block = {0, 6, 0, 40};
    DeviceBuffer<float> dout(context, layer.dout), inp(context, layer.inp), dweight(context, 240), dbias(context, 6);
    CHECK(morula_cuda_linear_backward_weight(context, dweight, dbias, dout, inp, &layer.shape) == MORULA_OK);
    const std::vector<float> sums = dbias.get(), slopes = dweight.get();
    for (int64_t o = 0; o < 6; o++) {
        CHECK(o == 1 ? std::isnan(sums[o]) : o == 2 ? sums[o] == -HUGE_VALF : std::isfinite(sums[o]));
        CHECK(std::isnan(slopes[o * 40 + 3]));
        CHECK(std::isfinite(slopes[o * 40 + 4]) == (o != 1 && o != 2));
    }
    layer.shape.block = {0, 5, 0, 40};
    layer.inp[3] = layer.inp[40] = 1;
    check_backward_input(context, layer, MORULA_RELU);
}

CUDA_TEST(linear_refusals) {
    DeviceBuffer<float> memory(context, 64);
    const auto status = [&](const morula_linear& shape) {
        return morula_cuda_linear_forward(context, memory, memory, memory, memory, &shape, MORULA_RELU);
    };
    CHECK(status({2, 2, 2, {0, 0, 0, 2}}) == MORULA_OK);
    CHECK(status({0, 2, 2, {0, 0, 0, 2}}) == MORULA_INVALID_ARGUMENT);
    CHECK(status({2, 2, 2, {1, 2, 0, 2}}) == MORULA_INVALID_ARGUMENT);
    CHECK(status({2, 2, 2, {0, 2, 1, 2}}) == MORULA_INVALID_ARGUMENT);
}
