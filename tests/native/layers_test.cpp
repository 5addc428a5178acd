#include <algorithm>
#include <vector>

#include "support.h"

namespace morula_tests {
namespace {

void test_batch_norm(Context& context, int64_t rows, int64_t channels) {
    Random random;
    const int64_t size = rows * channels;
    Buffer<float> inp(size), dout(size), out(size), dinp(size), scale(channels), shift(channels), mean(channels),
        variance(channels), terms(4 * channels), slopes(2 * channels), dscale(channels), dshift(channels);
    for (Buffer<float>* matrix : {&inp, &dout, &scale, &shift, &mean, &variance}) random.fill(*matrix);
    Buffer<double> sums(2 * 2 * channels);
    const int64_t middle = rows / 3;
    const morula_channels upper{rows, channels, {0, middle, 0, channels}},
        lower{rows, channels, {middle, rows - middle, 0, channels}}, all{rows, channels, {0, rows, 0, channels}};
    const morula_batch_norm layer{scale, shift, mean, variance, 1e-5, 0.1};
    CHECK(morula_batch_norm_sums(context, sums, inp, &upper) == MORULA_OK);
    CHECK(morula_batch_norm_sums(context, sums + 2 * channels, inp, &lower) == MORULA_OK);
    CHECK(morula_batch_norm_training(context, terms, sums, 2, inp, &layer, &all) == MORULA_OK);
    CHECK(morula_batch_norm_forward(context, out, inp, terms, &all, MORULA_RELU) == MORULA_OK);
    CHECK(morula_batch_norm_backward_sums(context, sums, dout, inp, out, terms, &all) == MORULA_OK);
    CHECK(morula_batch_norm_gradients(context, dscale, dshift, slopes, sums, 1, terms, &all) == MORULA_OK);
    CHECK(morula_batch_norm_backward_input(context, dinp, dout, inp, out, terms, slopes, &all) == MORULA_OK);
    for (int64_t c = 0; c < channels; c++) {
        double sum = 0, squares = 0, slope = 0;
        for (int64_t row = 0; row < rows; row++) sum += inp[row * channels + c];
        for (int64_t row = 0; row < rows; row++) {
            squares += std::pow(inp[row * channels + c] - sum / static_cast<double>(rows), 2);
            if (out[row * channels + c] > 0) slope += dout[row * channels + c];
        }
        const double inverse = 1 / std::sqrt(squares / static_cast<double>(rows) + 1e-5);
        CHECK_CLOSE(dshift[c], slope, 1e-4);
        for (int64_t row = 0; row < rows; row++) {
            const double z = scale[c] * (inp[row * channels + c] - sum / static_cast<double>(rows)) * inverse;
            CHECK_CLOSE(out[row * channels + c], std::fmax(0, z + shift[c]), 1e-4);
            CHECK(std::isfinite(dinp[row * channels + c]));
        }
    }
    CHECK(morula_batch_norm_evaluation(context, terms, &layer, channels) == MORULA_OK);
    const morula_channels single{1, channels, {0, 1, 0, channels}}, outside{rows, channels, {1, rows, 0, channels}};
    CHECK(morula_batch_norm_training(context, terms, sums, 2, inp, &layer, &single) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_batch_norm_forward(context, out, inp, terms, &outside, MORULA_RELU) == MORULA_INVALID_ARGUMENT);
}

void test_pool(Context& context, const morula_pool& shape) {
    Random random;
    const int64_t rows = (shape.height + 2 * shape.padding - shape.window_height) / shape.stride + 1;
    const int64_t columns = (shape.width + 2 * shape.padding - shape.window_width) / shape.stride + 1;
    const int64_t samples = shape.first_sample + shape.samples;
    Buffer<float> inp(samples * shape.height * shape.width * shape.channels), dinp(inp.count()),
        out(samples * rows * columns * shape.channels), mean(out.count()), dout(out.count());
    random.fill(inp);
    random.fill(dout);
    CHECK(morula_max_pool(context, out, inp, &shape) == MORULA_OK);
    CHECK(morula_average_pool(context, mean, inp, &shape) == MORULA_OK);
    CHECK(morula_max_pool_backward(context, dinp, dout, inp, out, &shape) == MORULA_OK);
    double given = 0, taken = 0;
    const int64_t first = shape.first_sample * rows * columns * shape.channels;
    for (int64_t i = first; i < out.count(); i++) {
        CHECK(out[i] + 1e-6 >= mean[i] || shape.padding > 0);
        given += dout[i];
    }
    for (int64_t i = shape.first_sample * shape.height * shape.width * shape.channels; i < inp.count(); i++) {
        taken += dinp[i];
    }
    CHECK_CLOSE(given, taken, 1e-3);
    CHECK(morula_average_pool_backward(context, dinp, dout, &shape) == MORULA_OK);
    morula_pool wrong = shape;
    wrong.window_width = shape.width + 2 * shape.padding + 1;
    CHECK(morula_max_pool(context, out, inp, &wrong) == MORULA_INVALID_ARGUMENT);
}

void test_local_response_norm(Context& context, int64_t rows, int64_t channels, int64_t size, double beta) {
    Random random;
    Buffer<float> inp(rows * channels), dout(inp.count()), out(inp.count()), dinp(inp.count()), workspace(2 * channels);
    random.fill(inp);
    random.fill(dout);
    const morula_local_response shape{channels, size, 0, rows};
    const morula_response_rule rule{0.1, beta, 2};
    CHECK(morula_local_response_norm(context, out, inp, &shape, &rule) == MORULA_OK);
    CHECK(morula_local_response_norm_backward(context, dinp, workspace, dout, inp, &shape, &rule) == MORULA_OK);
    for (int64_t i = 0; i < inp.count(); i++) {
        const int64_t row = i / channels, c = i % channels;
        double squares = 0;
        for (int64_t k = std::max<int64_t>(0, c - size / 2); k < std::min(channels, c - size / 2 + size); k++) {
            squares += static_cast<double>(inp[row * channels + k]) * inp[row * channels + k];
        }
        CHECK_CLOSE(out[i], inp[i] * std::pow(2 + 0.1 / static_cast<double>(size) * squares, -beta), 1e-6);
        CHECK(std::isfinite(dinp[i]));
    }
}

void test_dropout(Context& context, int64_t count) {
    Random random;
    Buffer<float> inp(count), out(count), pieces(count);
    random.fill(inp);
    const morula_dropout_draw all{1, 2, 0, count}, left{1, 2, 0, count / 3}, right{1, 2, count / 3, count - count / 3};
    CHECK(morula_dropout(context, out, inp, &all, 0.25) == MORULA_OK);
    CHECK(morula_dropout(context, pieces, inp, &left, 0.25) == MORULA_OK);
    CHECK(morula_dropout(context, pieces, inp, &right, 0.25) == MORULA_OK);
    for (int64_t i = 0; i < count; i++) {
        CHECK(out[i] == pieces[i]);
        CHECK(out[i] == 0 || std::fabs(out[i] - inp[i] / 0.75f) < 1e-6);
    }
    CHECK(morula_dropout(context, out, inp, &all, 1) == MORULA_INVALID_ARGUMENT);
}

void test_pointwise(Context& context, int64_t count) {
    Random random;
    Buffer<float> left(count), right(count), out(count), sum(count), dinp(count);
    random.fill(left);
    random.fill(right);
    CHECK(morula_relu(context, out, left, 0, count / 2) == MORULA_OK);
    CHECK(morula_relu(context, out, left, count / 2, count - count / 2) == MORULA_OK);
    CHECK(morula_relu_backward(context, dinp, right, out, 0, count) == MORULA_OK);
    CHECK(morula_add(context, sum, left, right, 0, count, MORULA_RELU) == MORULA_OK);
    for (int64_t i = 0; i < count; i++) {
        CHECK(out[i] == (left[i] < 0 ? 0 : left[i]));
        CHECK(dinp[i] == (left[i] > 0 ? right[i] : 0));
        CHECK(sum[i] == std::fmax(0.0f, left[i] + right[i]));
    }
    CHECK(morula_add(context, sum, left, right, 0, count, MORULA_IDENTITY) == MORULA_OK);
    CHECK(morula_relu(context, out, left, -1, count) == MORULA_INVALID_ARGUMENT);
}

void test_movement(Context& context, int64_t samples, int64_t rows, int64_t columns) {
    Random random;
    Buffer<float> inp(samples * rows * columns), out(inp.count()), wide(samples * rows * (columns + 3));
    random.fill(inp);
    const morula_sample_transposition shape{rows, columns, 0, samples};
    CHECK(morula_transpose_samples(context, out, inp, &shape) == MORULA_OK);
    morula_channel_copy copy{columns + 3, 3, columns, 0, columns, 0, samples * rows};
    CHECK(morula_copy_channels(context, wide, inp, &copy) == MORULA_OK);
    for (int64_t i = 0; i < inp.count(); i++) {
        const int64_t s = i / (rows * columns), row = i / columns % rows, column = i % columns;
        CHECK(out[(s * columns + column) * rows + row] == inp[i]);
        CHECK(wide[i / columns * (columns + 3) + 3 + column] == inp[i]);
    }
    copy.count++;
    CHECK(morula_copy_channels(context, wide, inp, &copy) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_layers(Context& context) {
    for (const auto& [rows, channels] : {std::pair<int64_t, int64_t>{2, 1}, {3, 17}, {37, 65}, {5, 1031}, {300, 3}}) {
        test_batch_norm(context, rows, channels);
        test_local_response_norm(context, rows, channels, 5, 0.75);
        test_local_response_norm(context, rows, channels, 4, 0.6);
        test_dropout(context, rows * channels);
        test_pointwise(context, rows * channels);
        test_movement(context, 3, rows, channels);
    }
    for (const morula_pool& shape : {morula_pool{1, 1, 1, 1, 1, 1, 0, 0, 1}, morula_pool{17, 7, 5, 2, 2, 2, 0, 1, 2},
                                     morula_pool{33, 9, 8, 3, 3, 2, 1, 0, 2}, morula_pool{300, 4, 6, 4, 6, 1, 0, 0, 3},
                                     morula_pool{3, 11, 7, 3, 3, 1, 0, 1, 1}, morula_pool{5, 9, 9, 2, 2, 3, 0, 0, 2}}) {
        test_pool(context, shape);
    }
}

}  // namespace morula_tests
