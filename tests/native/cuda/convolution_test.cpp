// Convolutions, and blocks of samples and channels of them, against float64.
#include <cstring>

#include "morula_cuda_train.h"
#include "product_bounds.h"

using namespace morula_tests;

namespace {

constexpr float untouched = -77;

// A layer with its three results in float64.
struct Convolution {
    explicit Convolution(const morula_convolution& s, unsigned seed = 1)
        : shape(s),
          height((s.height + 2 * s.padding - s.kernel) / s.stride + 1),
          width((s.width + 2 * s.padding - s.kernel) / s.stride + 1),
          columns(s.kernel * s.kernel * s.inputs),
          inp(normal_numbers(s.batch * s.height * s.width * s.inputs, seed)),
          weight(normal_numbers(s.outputs * columns, seed + 1)),
          bias(normal_numbers(s.outputs, seed + 2)),
          dout(normal_numbers(s.batch * height * width * s.outputs, seed + 3)) {
        shape.block.first_row = s.batch / 3;  // reaches the last sample
        shape.block.rows = s.batch - s.batch / 3;
    }

    void define() {
        const morula_convolution& s = shape;
        out.assign(dout.size(), {});
        dinp.assign(inp.size(), {});
        dweight.assign(weight.size(), {});
        dbias.assign(s.outputs, {});
        for (int64_t k = s.block.first_row * height * width * s.outputs; k < int64_t(dout.size()); k++) define(k);
    }

    // What the k-th number of the output takes part in.
    void define(int64_t k) {
        const morula_convolution& s = shape;
        const int64_t o = k % s.outputs, x = k / s.outputs % width, y = k / s.outputs / width % height;
        const int64_t b = k / s.outputs / width / height;
        dbias[o].add(dout[k], 1);
        for (int64_t column = 0; column < columns; column++) {
            const int64_t tap = column / s.inputs;
            const int64_t v = y * s.stride + tap / s.kernel - s.padding;
            const int64_t u = x * s.stride + tap % s.kernel - s.padding;
            if (v < 0 || v >= s.height || u < 0 || u >= s.width) continue;
            const int64_t from = ((b * s.height + v) * s.width + u) * s.inputs + column % s.inputs;
            out[k].add(inp[from], weight[o * columns + column]);
            dinp[from].add(dout[k], weight[o * columns + column]);
            dweight[o * columns + column].add(dout[k], inp[from]);
        }
    }

    // The shape of a call that computes all, or the last of so many columns from a multiple of four on.
    morula_convolution part(int64_t of_columns) const {
        morula_convolution result = shape;
        result.block.first_column = first_column < 0 ? of_columns / 5 : first_column;
        result.block.columns = of_columns - result.block.first_column;
        return result;
    }

    morula_convolution shape;
    int64_t height, width, columns, first_column = -1;
    std::vector<float> inp, weight, bias, dout;
    std::vector<Sum> out, dinp, dweight, dbias;
};

// As many terms as there would be without a border take part in the rounding.
Sum with_terms(Sum sum, int64_t terms) {
    sum.terms = terms;
    return sum;
}

void check_forward(morula_cuda_context* context, const Convolution& layer, int activation) {
    const morula_convolution shape = layer.part(layer.shape.outputs);
    DeviceBuffer<float> inp(context, layer.inp), weight(context, layer.weight), bias(context, layer.bias),
        device_out(context, std::vector<float>(layer.out.size(), untouched)), workspace(context, 1);
    CHECK(morula_cuda_convolution_workspace(&shape, MORULA_CONVOLUTION_FORWARD) == 1);
    CHECK(morula_cuda_convolution_forward(context, device_out, inp, weight,
                                          activation == MORULA_RELU ? static_cast<float*>(bias) : nullptr, workspace,
                                          &shape, activation) == MORULA_OK);
    const std::vector<float> out = device_out.get();
    const int64_t first = shape.block.first_row * layer.height * layer.width * shape.outputs;
    for (int64_t k = 0; k < int64_t(out.size()); k++) {
        if (k < first || k % shape.outputs < shape.block.first_column) {
            CHECK(out[k] == untouched);
            continue;
        }
        const double shift = activation == MORULA_RELU ? layer.bias[k % shape.outputs] : 0;
        CHECK(
            agrees(out[k], with_terms(layer.out[k], layer.columns), rectified(layer.out[k].value + shift, activation)));
    }
}

void check_backward_weight(morula_cuda_context* context, const Convolution& layer) {
    const morula_convolution shape = layer.part(layer.columns);
    const morula_block& block = shape.block;
    const int64_t terms = block.rows * layer.height * layer.width;
    DeviceBuffer<float> dout(context, layer.dout), inp(context, layer.inp), workspace(context, 1),
        device_dweight(context, shape.outputs * block.columns), device_dbias(context, shape.outputs);
    CHECK(morula_cuda_convolution_backward_weight(context, device_dweight, device_dbias, dout, inp, workspace,
                                                  &shape) == MORULA_OK);
    const std::vector<float> dweight = device_dweight.get(), dbias = device_dbias.get();
    for (int64_t o = 0; o < shape.outputs; o++) {
        CHECK_CLOSE(dbias[o], layer.dbias[o].value, static_cast<double>(terms) * 0x1p-24 * layer.dbias[o].absolute);
        for (int64_t column = 0; column < block.columns; column++) {
            const Sum& sum = layer.dweight[o * layer.columns + block.first_column + column];
            CHECK(agrees(dweight[o * block.columns + column], with_terms(sum, terms), sum.value));
        }
    }
    CHECK(morula_cuda_convolution_backward_weight(context, device_dweight, nullptr, dout, inp, workspace, &shape) ==
          MORULA_OK);
    CHECK(std::memcmp(device_dweight.get().data(), dweight.data(), dweight.size() * sizeof(float)) == 0);
}

void check_backward_input(morula_cuda_context* context, const Convolution& layer) {
    const morula_convolution shape = layer.part(layer.shape.inputs);
    DeviceBuffer<float> dout(context, layer.dout), weight(context, layer.weight), workspace(context, 1),
        device_dinp(context, std::vector<float>(layer.dinp.size(), untouched));
    CHECK(morula_cuda_convolution_backward_input(context, device_dinp, dout, weight, workspace, &shape) == MORULA_OK);
    const std::vector<float> dinp = device_dinp.get();
    const int64_t first = shape.block.first_row * shape.height * shape.width * shape.inputs;
    for (int64_t k = 0; k < int64_t(dinp.size()); k++) {
        const bool inside = k >= first && k % shape.inputs >= shape.block.first_column;
        const Sum sum = with_terms(layer.dinp[k], shape.kernel * shape.kernel * shape.outputs);
        CHECK(inside ? agrees(dinp[k], sum, sum.value) : dinp[k] == untouched);
    }
}

void check_layer(morula_cuda_context* context, Convolution& layer) {
    layer.define();
    check_forward(context, layer, MORULA_IDENTITY);
    check_forward(context, layer, MORULA_RELU);
    check_backward_weight(context, layer);
    check_backward_input(context, layer);
}

}  // namespace

CUDA_TEST(convolutions_of_any_size) {
    // batch, height, width, inputs, outputs, kernel, stride, padding
    constexpr int64_t shapes[][8] = {
        {1, 1, 1, 1, 1, 1, 1, 0},  {2, 5, 7, 3, 17, 3, 1, 1}, {3, 6, 6, 1, 10, 5, 1, 2},   {2, 7, 5, 33, 65, 3, 2, 1},
        {2, 8, 9, 5, 6, 1, 2, 0},  {2, 9, 8, 4, 33, 2, 2, 0}, {1, 13, 27, 3, 16, 3, 1, 0}, {1, 5, 5, 2, 3, 2, 3, 1},
        {2, 6, 5, 8, 12, 3, 1, 1}, {1, 3, 3, 2, 2, 1, 1, 2},  {3, 6, 7, 4, 8, 3, 2, 1},    {2, 2, 9, 4, 4, 2, 1, 1},
    };
    for (const auto& s : shapes) {
        for (const int64_t first_column : {-1, 0}) {
            Convolution layer({s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], {}});
            layer.first_column = first_column;
            check_layer(context, layer);
        }
    }
}

CUDA_TEST(convolution_in_large_tiles) {
    Convolution layer({9, 31, 45, 4, 36, 1, 1, 0, {}});
    layer.first_column = 0;
    layer.define();
    check_forward(context, layer, MORULA_RELU);
    Convolution inputs({9, 31, 45, 36, 4, 1, 1, 0, {}});
    inputs.first_column = 0;
    inputs.define();
    check_backward_input(context, inputs);
    Convolution weights({1, 4, 5, 57, 1000, 3, 1, 1, {}});
    weights.define();
    check_backward_weight(context, weights);
}

CUDA_TEST(convolution_that_diverged) {
    Convolution layer({2, 4, 4, 3, 5, 3, 2, 1, {}});
    layer.first_column = 0;
    layer.inp[5] = NAN;
    layer.inp[60] = HUGE_VALF;
    layer.weight[40] = -HUGE_VALF;  // only where it is used: zeros of the border are no numbers of the image
    layer.dout[9] = HUGE_VALF;
    layer.define();
    check_forward(context, layer, MORULA_IDENTITY);
    check_backward_input(context, layer);
    layer.dout[9] = 1;
    layer.define();
    check_backward_weight(context, layer);
}

CUDA_TEST(convolution_of_no_samples) {
    const morula_convolution shape{2, 3, 3, 2, 2, 3, 1, 1, {1, 0, 0, 18}};
    DeviceBuffer<float> memory(context, 36), dweight(context, 36), dbias(context, 2);
    CHECK(morula_cuda_convolution_backward_weight(context, dweight, dbias, memory, memory, memory, &shape) ==
          MORULA_OK);
    CHECK(dweight.get() == std::vector<float>(36, 0));
    CHECK(dbias.get() == std::vector<float>(2, 0));
}

CUDA_TEST(convolution_refusals) {
    DeviceBuffer<float> memory(context, 64);
    const auto status = [&](const morula_convolution& shape) {
        return morula_cuda_convolution_backward_input(context, memory, memory, memory, memory, &shape);
    };
    CHECK(status({1, 2, 2, 1, 1, 3, 1, 0, {0, 1, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // the kernel does not fit
    CHECK(status({1, 2, 2, 1, 1, 2, 0, 0, {0, 1, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // no stride
    CHECK(status({1, 2, 2, 1, 1, 2, 1, 0, {0, 2, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // no second sample
    CHECK(status({1, 2, 2, 1, 1, 2, 1, 0, {0, 1, 1, 1}}) == MORULA_INVALID_ARGUMENT);  // no second input
    CHECK(status({1 << 20, 1 << 10, 2, 1, 1, 2, 1, 0, {0, 1, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // 2^31 positions
}

CUDA_TEST(sums_of_parts) {
    for (const int64_t parts : {1, 3, 5}) {
        const int64_t size = 517, first = size / 3;
        const std::vector<float> before = normal_numbers(parts * size, 1);
        DeviceBuffer<float> sums(context, before);
        CHECK(morula_cuda_add_parts(context, sums, parts, size, first, size - first) == MORULA_OK);
        const std::vector<float> after = sums.get();
        for (int64_t column = 0; column < size; column++) {
            float sum = before[column];
            for (int64_t part = 1; part < parts && column >= first; part++) sum += before[part * size + column];
            CHECK(after[column] == sum);
        }
        CHECK(morula_cuda_add_parts(context, sums, parts, size, first, size) == MORULA_INVALID_ARGUMENT);
    }
}
