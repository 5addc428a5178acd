// One training step of a small network, forward and backward, all of it on the device, against float64: a convolution
// with ReLU, a linear layer with ReLU, and one without.
#include "morula_cuda_train.h"
#include "support.h"

using namespace morula_tests;

namespace {

using Doubles = std::vector<double>;

// rows x columns = left right, of rows x inner and inner x columns numbers read through functions.
template <class Left, class Right>
Doubles product(int64_t rows, int64_t columns, int64_t inner, const Left& left, const Right& right) {
    Doubles result(rows * columns);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            for (int64_t k = 0; k < inner; k++) result[i * columns + j] += left(i, k) * right(k, j);
        }
    }
    return result;
}

// No number is so close to 0 that float32 and float64 may disagree about its sign.
Doubles relu(Doubles values) {
    for (double& value : values) {
        CHECK(std::fabs(value) > 1e-4);
        value = std::fmax(value, 0);
    }
    return values;
}

Doubles masked(Doubles slopes, const Doubles& out) {
    for (size_t k = 0; k < out.size(); k++) slopes[k] = out[k] > 0 ? slopes[k] : 0;
    return slopes;
}

// Within 1e-5 of the largest.
void check_like(const std::vector<float>& actual, const Doubles& expected) {
    double largest = 0;
    for (const double value : expected) largest = std::fmax(largest, std::fabs(value));
    CHECK(actual.size() == expected.size() && largest > 0);
    for (size_t k = 0; k < actual.size(); k++) CHECK_CLOSE(actual[k], expected[k], 1e-5 * largest);
}

}  // namespace

CUDA_TEST(training_step_of_a_network) {
    constexpr int64_t batch = 5, side = 4, channels = 3, filters = 6, kernel = 3, hidden = 19, classes = 10;
    constexpr int64_t positions = side * side, features = positions * filters, taps = kernel * kernel * channels;
    const std::vector<float> images = normal_numbers(batch * positions * channels, 1),
                             filter = normal_numbers(filters * taps, 2), first = normal_numbers(hidden * features, 3),
                             second = normal_numbers(classes * hidden, 4), bias = normal_numbers(hidden, 5),
                             dout = normal_numbers(batch * classes, 6);

    // What the convolution sees: a row a position of the output, zeros outside the image.
    Doubles patches(batch * positions * taps);
    for (int64_t row = 0; row < batch * positions; row++) {
        for (int64_t column = 0; column < taps; column++) {
            const int64_t tap = column / channels, y = row % positions / side + tap / kernel - 1,
                          x = row % side + tap % kernel - 1;
            if (y < 0 || y >= side || x < 0 || x >= side) continue;
            patches[row * taps + column] =
                images[((row / positions * side + y) * side + x) * channels + column % channels];
        }
    }
    const auto at = [](const auto& values, int64_t columns) {
        return [&values, columns](int64_t row, int64_t column) -> double { return values[row * columns + column]; };
    };
    const auto turned = [](const auto& values, int64_t columns) {
        return [&values, columns](int64_t row, int64_t column) -> double { return values[column * columns + row]; };
    };
    const Doubles seen = relu(product(batch * positions, filters, taps, at(patches, taps), turned(filter, taps)));
    Doubles sums = product(batch, hidden, features, at(seen, features), turned(first, features));
    for (int64_t k = 0; k < batch * hidden; k++) sums[k] += bias[k % hidden];
    const Doubles middle = relu(sums),
                  out = product(batch, classes, hidden, at(middle, hidden), turned(second, hidden));
    const Doubles dsecond = product(classes, hidden, batch, turned(dout, classes), at(middle, hidden));
    const Doubles dmiddle = masked(product(batch, hidden, classes, at(dout, classes), at(second, hidden)), middle);
    const Doubles dfirst = product(hidden, features, batch, turned(dmiddle, hidden), at(seen, features));
    const Doubles dseen = masked(product(batch, features, hidden, at(dmiddle, hidden), at(first, features)), seen);
    const Doubles dfilter = product(filters, taps, batch * positions, turned(dseen, filters), at(patches, taps));

    DeviceBuffer<float> d_images(context, images), d_filter(context, filter), d_first(context, first),
        d_second(context, second), d_bias(context, bias), d_dout(context, dout),
        d_zeros(context, std::vector<float>(classes, 0)), d_seen(context, batch * features),
        d_middle(context, batch * hidden), d_out(context, batch * classes), d_dsecond(context, classes * hidden),
        d_dmiddle(context, batch * hidden), d_dfirst(context, hidden * features), d_dseen(context, batch * features),
        d_dfilter(context, filters * taps), workspace(context, 1);
    morula_convolution filtering{batch, side, side, channels, filters, kernel, 1, 1, {0, batch, 0, filters}};
    morula_linear lower{batch, features, hidden, {0, batch, 0, hidden}},
        upper{batch, hidden, classes, {0, batch, 0, classes}};
    CHECK(morula_cuda_convolution_forward(context, d_seen, d_images, d_filter, nullptr, workspace, &filtering,
                                          MORULA_RELU) == MORULA_OK);
    CHECK(morula_cuda_linear_forward(context, d_middle, d_seen, d_first, d_bias, &lower, MORULA_RELU) == MORULA_OK);
    CHECK(morula_cuda_linear_forward(context, d_out, d_middle, d_second, d_zeros, &upper, MORULA_IDENTITY) ==
          MORULA_OK);
    upper.block = {0, classes, 0, hidden};
    CHECK(morula_cuda_linear_backward_weight(context, d_dsecond, nullptr, d_dout, d_middle, &upper) == MORULA_OK);
    upper.block = {0, batch, 0, hidden};
    CHECK(morula_cuda_linear_backward_input(context, d_dmiddle, d_dout, d_second, d_middle, &upper, MORULA_RELU) ==
          MORULA_OK);
    lower.block = {0, hidden, 0, features};
    CHECK(morula_cuda_linear_backward_weight(context, d_dfirst, nullptr, d_dmiddle, d_seen, &lower) == MORULA_OK);
    lower.block = {0, batch, 0, features};
    CHECK(morula_cuda_linear_backward_input(context, d_dseen, d_dmiddle, d_first, d_seen, &lower, MORULA_RELU) ==
          MORULA_OK);
    filtering.block.columns = taps;
    CHECK(morula_cuda_convolution_backward_weight(context, d_dfilter, nullptr, d_dseen, d_images, workspace,
                                                  &filtering) == MORULA_OK);
    check_like(d_seen.get(), seen);
    check_like(d_middle.get(), middle);
    check_like(d_out.get(), out);
    check_like(d_dsecond.get(), dsecond);
    check_like(d_dmiddle.get(), dmiddle);
    check_like(d_dfirst.get(), dfirst);
    check_like(d_dseen.get(), dseen);
    check_like(d_dfilter.get(), dfilter);
}
