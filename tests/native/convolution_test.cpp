#include "support.h"

namespace morula_tests {
namespace {

int64_t output_size(int64_t size, const morula_convolution& shape) {
    return (size + 2 * shape.padding - shape.kernel) / shape.stride + 1;
}

// Of a sum of so many products of numbers from -1 to 1, rounded as often.
double tolerance(int64_t terms) { return 4e-7 * static_cast<double>(terms + 4); }

// A layer, and in float64 its output and gradients for the samples of a block.
struct Convolution {
    explicit Convolution(const morula_convolution& layer)
        : shape(layer),
          positions(output_size(shape.height, shape) * output_size(shape.width, shape)),
          columns(shape.kernel * shape.kernel * shape.inputs),
          inp(shape.batch * shape.height * shape.width * shape.inputs),
          weight(shape.outputs * columns),
          bias(shape.outputs),
          dout(shape.batch * positions * shape.outputs),
          out(dout.count()),
          dinp(inp.count()),
          dweight(weight.count()),
          dbias(shape.outputs) {
        Random random;
        random.fill(inp);
        random.fill(weight);
        random.fill(bias);
        random.fill(dout);
        shape.block.first_row = shape.batch / 3;  // reaches the last sample
        shape.block.rows = shape.batch - shape.batch / 3;
        for (double& value : dinp) value = 0;
        for (double& value : dweight) value = 0;
        for (double& value : dbias) value = 0;
        for (int64_t k = shape.block.first_row * positions * shape.outputs; k < out.count(); k++) define(k);
    }

    void define(int64_t k) {
        const int64_t o = k % shape.outputs, p = k / shape.outputs % positions, b = k / shape.outputs / positions;
        const int64_t width = output_size(shape.width, shape);
        out[k] = bias[o];
        dbias[o] += dout[k];
        for (int64_t column = 0; column < columns; column++) {
            const int64_t tap = column / shape.inputs;
            const int64_t v = p / width * shape.stride + tap / shape.kernel - shape.padding;
            const int64_t u = p % width * shape.stride + tap % shape.kernel - shape.padding;
            if (v < 0 || v >= shape.height || u < 0 || u >= shape.width) continue;
            const int64_t from = ((b * shape.height + v) * shape.width + u) * shape.inputs + column % shape.inputs;
            const double x = inp[from], w = weight[o * columns + column], slope = dout[k];
            out[k] += x * w;
            dinp[from] += slope * w;
            dweight[o * columns + column] += slope * x;
        }
    }

    // The shape of a call that computes the last four fifths of so many columns.
    morula_convolution part(int64_t of_columns) const {
        morula_convolution result = shape;
        result.block.first_column = of_columns / 5;
        result.block.columns = of_columns - of_columns / 5;
        return result;
    }

    morula_convolution shape;
    int64_t positions, columns;
    Buffer<float> inp, weight, bias, dout;
    Buffer<double> out, dinp, dweight, dbias;
};

void test_forward(Context& context, Convolution& layer, int activation) {
    const morula_convolution shape = layer.part(layer.shape.outputs);
    Buffer<float> out(layer.out.count()), workspace(morula_convolution_workspace(&shape, MORULA_CONVOLUTION_FORWARD));
    CHECK(morula_convolution_forward(context, out, layer.inp, layer.weight, nullptr, workspace, &shape, activation) ==
          MORULA_OK);
    CHECK(morula_convolution_forward(context, out, layer.inp, layer.weight, layer.bias, workspace, &shape,
                                     activation) == MORULA_OK);
    for (int64_t k = shape.block.first_row * layer.positions * shape.outputs; k < out.count(); k++) {
        if (k % shape.outputs < shape.block.first_column) continue;
        CHECK_CLOSE(out[k], activation == MORULA_RELU && layer.out[k] < 0 ? 0 : layer.out[k], tolerance(layer.columns));
    }
}

void test_backward_weight(Context& context, Convolution& layer) {
    const morula_convolution shape = layer.part(layer.columns);
    const morula_block& block = shape.block;
    Buffer<float> dweight(shape.outputs * block.columns), dbias(shape.outputs);
    Buffer<float> workspace(morula_convolution_workspace(&shape, MORULA_CONVOLUTION_BACKWARD_WEIGHT));
    const double allowed = tolerance(block.rows * layer.positions);
    CHECK(morula_convolution_backward_weight(context, dweight, nullptr, layer.dout, layer.inp, workspace, &shape) ==
          MORULA_OK);
    CHECK(morula_convolution_backward_weight(context, dweight, dbias, layer.dout, layer.inp, workspace, &shape) ==
          MORULA_OK);
    for (int64_t o = 0; o < shape.outputs; o++) {
        CHECK_CLOSE(dbias[o], layer.dbias[o], allowed);
        for (int64_t column = 0; column < block.columns; column++) {
            CHECK_CLOSE(dweight[o * block.columns + column],
                        layer.dweight[o * layer.columns + block.first_column + column], allowed);
        }
    }
}

void test_backward_input(Context& context, Convolution& layer) {
    const morula_convolution shape = layer.part(layer.shape.inputs);
    Buffer<float> dinp(layer.dinp.count());
    Buffer<float> workspace(morula_convolution_workspace(&shape, MORULA_CONVOLUTION_BACKWARD_INPUT));
    CHECK(morula_convolution_backward_input(context, dinp, layer.dout, layer.weight, workspace, &shape) == MORULA_OK);
    for (int64_t k = shape.block.first_row * shape.height * shape.width * shape.inputs; k < dinp.count(); k++) {
        if (k % shape.inputs >= shape.block.first_column)
            CHECK_CLOSE(dinp[k], layer.dinp[k], tolerance(shape.kernel * shape.kernel * shape.outputs));
    }
}

void test_add_parts(Context& context, int64_t parts, int64_t size) {
    Buffer<float> sums(parts * size), before(parts * size);
    Random().fill(before);
    std::memcpy(sums, before, static_cast<size_t>(parts * size) * sizeof(float));
    const int64_t first = size / 3;  // reaches the last column
    CHECK(morula_add_parts(context, sums, parts, size, first, size - first) == MORULA_OK);
    for (int64_t column = 0; column < size; column++) {
        float sum = before[column];
        for (int64_t part = 1; part < parts && column >= first; part++) sum += before[part * size + column];
        CHECK(sums[column] == sum);
    }
    CHECK(morula_add_parts(context, sums, parts, size, first, size) ==
          (first == 0 ? MORULA_OK : MORULA_INVALID_ARGUMENT));
}

void test_refusals(Context& context) {
    Buffer<float> memory(64);
    const auto status = [&](const morula_convolution& shape) {
        return morula_convolution_backward_input(context, memory, memory, memory, memory, &shape);
    };
    CHECK(status({1, 2, 2, 1, 1, 3, 1, 0, {0, 1, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // the kernel does not fit
    CHECK(status({1, 2, 2, 1, 1, 2, 0, 0, {0, 1, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // no stride
    CHECK(status({1, 2, 2, 1, 1, 2, 1, 0, {0, 2, 0, 1}}) == MORULA_INVALID_ARGUMENT);  // no second sample
    CHECK(status({1, 2, 2, 1, 1, 2, 1, 0, {0, 1, 1, 1}}) == MORULA_INVALID_ARGUMENT);  // no second input
}

}  // namespace

void test_convolution(Context& context) {
    // batch, height, width, inputs, outputs, kernel, stride, padding
    constexpr int64_t shapes[][8] = {
        {1, 1, 1, 1, 1, 1, 1, 0}, {2, 5, 7, 3, 17, 3, 1, 1},   {3, 6, 6, 1, 10, 5, 1, 2},   {2, 7, 5, 33, 65, 3, 2, 1},
        {2, 8, 9, 5, 6, 1, 2, 0}, {2, 9, 8, 4, 33, 2, 2, 0},   {1, 13, 27, 3, 16, 3, 1, 0}, {5, 7, 7, 20, 31, 1, 1, 0},
        {1, 5, 5, 2, 3, 2, 3, 1}, {2, 4, 4, 130, 40, 3, 1, 1}, {1, 3, 3, 2, 2, 1, 1, 2},    {7, 40, 40, 13, 9, 3, 1, 1},
    };
    for (const auto& s : shapes) {
        Convolution layer({s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], {}});
        test_forward(context, layer, MORULA_IDENTITY);
        test_forward(context, layer, MORULA_RELU);
        test_backward_weight(context, layer);
        test_backward_input(context, layer);
    }
    test_add_parts(context, 1, 1);
    test_add_parts(context, 3, 17);
    test_add_parts(context, 5, 5000);
    test_refusals(context);
}

}  // namespace morula_tests
