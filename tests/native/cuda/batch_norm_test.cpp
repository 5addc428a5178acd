// Batch norm against float64 loops: whole matrices and blocks of them, sums in one part and in two.
#include <algorithm>

#include "training.h"

using namespace morula_tests;

namespace {

constexpr double epsilon = 1e-5, momentum = 0.1;

struct Size {
    int64_t rows, channels;
};

// One row of threads and many, one block and many, and more channels than blocks have partial sums.
constexpr Size sizes[] = {{2, 1}, {3, 17}, {129, 67}, {5, 1031}, {300, 3}, {5000, 4}, {2001, 40}, {777, 1}};

std::vector<float> shifted_numbers(int64_t count, unsigned seed) {
    std::vector<float> numbers = normal_numbers(count, seed);
    for (float& number : numbers) number += 100;
    return numbers;
}

// A number of a block, or false.
bool within(const morula_channels& shape, int64_t row, int64_t column) {
    const morula_block& block = shape.block;
    return row >= block.first_row && row < block.first_row + block.rows && column >= block.first_column &&
           column < block.first_column + block.columns;
}

morula_channels whole(const Size& size) { return {size.rows, size.channels, {0, size.rows, 0, size.channels}}; }

// Rows from a third on, and of channels those between a quarter and three quarters; aligned where they can be.
morula_channels middle(const Size& size) {
    const int64_t quarter = (size.channels + 3) / 4 / 4 * 4;
    return {size.rows, size.channels, {size.rows / 3, size.rows / 2, quarter, (size.channels + 1) / 2}};
}

struct Sums {
    double first, second, absolute;  // the sum of absolute terms of both
};

// Of terms(row) over the rows of a block.
template <class Terms>
Sums sums_over_rows(const morula_channels& shape, const Terms& terms) {
    Sums sums{0, 0, 0};
    for (int64_t row = shape.block.first_row; row < shape.block.first_row + shape.block.rows; row++) {
        const auto [first, second] = terms(row);
        sums.first += first;
        sums.second += second;
        sums.absolute += std::fabs(first) + std::fabs(second);
    }
    return sums;
}

template <class Terms>
void check_sums(const std::vector<double>& actual, const morula_channels& shape, double error, const Terms& terms) {
    const int64_t channels = shape.channels;
    for (int64_t c = 0; c < channels; c++) {
        if (c < shape.block.first_column || c >= shape.block.first_column + shape.block.columns) {
            CHECK(actual[c] == untouched && actual[channels + c] == untouched);
            continue;
        }
        const Sums sums = sums_over_rows(shape, [&](int64_t row) { return terms(row, c); });
        CHECK_CLOSE(actual[c], sums.first, error * sums.absolute);
        CHECK_CLOSE(actual[channels + c], sums.second, error * sums.absolute);
    }
}

void test_sums(morula_cuda_context* context, const morula_channels& shape) {
    const int64_t channels = shape.channels;
    const std::vector<float> inp = shifted_numbers(shape.rows * channels, 1);
    DeviceBuffer<float> device_inp(context, inp);
    DeviceBuffer<double> sums(context, filled<double>(2 * channels));
    CHECK(morula_cuda_batch_norm_sums(context, sums, device_inp, &shape) == MORULA_OK);
    check_sums(sums.get(), shape, 1e-14, [&](int64_t row, int64_t c) {
        const double d = static_cast<double>(inp[row * channels + c]) - inp[c];
        return std::pair<double, double>{d, d * d};
    });
}

void test_backward_sums(morula_cuda_context* context, const morula_channels& shape, bool relu) {
    const int64_t channels = shape.channels, size = shape.rows * channels;
    const std::vector<float> dout = normal_numbers(size, 1), inp = normal_numbers(size, 2),
                             out = normal_numbers(size, 3), terms = normal_numbers(4 * channels, 4);
    DeviceBuffer<float> device_dout(context, dout), device_inp(context, inp), device_out(context, out),
        device_terms(context, terms);
    DeviceBuffer<double> sums(context, filled<double>(2 * channels));
    CHECK(morula_cuda_batch_norm_backward_sums(context, sums, device_dout, device_inp,
                                               relu ? static_cast<float*>(device_out) : nullptr, device_terms,
                                               &shape) == MORULA_OK);
    check_sums(sums.get(), shape, 2e-7, [&](int64_t row, int64_t c) {
        const int64_t i = row * channels + c;
        const double g = relu && out[i] <= 0 ? 0 : dout[i];
        return std::pair<double, double>{g, g * (inp[i] - static_cast<double>(terms[2 * channels + c]))};
    });
}

void test_forward(morula_cuda_context* context, const morula_channels& shape, int activation) {
    const int64_t channels = shape.channels, size = shape.rows * channels;
    std::vector<float> inp = normal_numbers(size, 1);
    inp[size - 1] = not_a_number();
    const std::vector<float> terms = normal_numbers(4 * channels, 2);
    DeviceBuffer<float> device_inp(context, inp), device_terms(context, terms), out(context, filled(size));
    CHECK(morula_cuda_batch_norm_forward(context, out, device_inp, device_terms, &shape, activation) == MORULA_OK);
    const std::vector<float> actual = out.get();
    for (int64_t i = 0; i < size; i++) {
        const int64_t c = i % channels;
        const double value = static_cast<double>(inp[i]) * terms[c] + terms[channels + c];
        if (!within(shape, i / channels, c)) {
            CHECK(actual[i] == untouched);
        } else if (std::isnan(value)) {
            CHECK(std::isnan(actual[i]));
        } else {
            const double wanted = activation == MORULA_RELU && value < 0 ? 0 : value;
            CHECK_CLOSE(actual[i], wanted, 2e-7 * (std::fabs(inp[i] * terms[c]) + std::fabs(value)));
        }
    }
}

void test_backward_input(morula_cuda_context* context, const morula_channels& shape, bool relu) {
    const int64_t channels = shape.channels, size = shape.rows * channels;
    const std::vector<float> dout = normal_numbers(size, 1), inp = normal_numbers(size, 2),
                             out = normal_numbers(size, 3), terms = normal_numbers(4 * channels, 4),
                             slopes = normal_numbers(2 * channels, 5);
    DeviceBuffer<float> device_dout(context, dout), device_inp(context, inp), device_out(context, out),
        device_terms(context, terms), device_slopes(context, slopes), dinp(context, filled(size));
    CHECK(morula_cuda_batch_norm_backward_input(context, dinp, device_dout, device_inp,
                                                relu ? static_cast<float*>(device_out) : nullptr, device_terms,
                                                device_slopes, &shape) == MORULA_OK);
    const std::vector<float> actual = dinp.get();
    for (int64_t i = 0; i < size; i++) {
        const int64_t c = i % channels;
        if (!within(shape, i / channels, c)) {
            CHECK(actual[i] == untouched);
            continue;
        }
        const double g = relu && out[i] <= 0 ? 0 : terms[c] * static_cast<double>(dout[i]);
        const double far = slopes[channels + c] * (inp[i] - static_cast<double>(terms[2 * channels + c]));
        CHECK_CLOSE(actual[i], g - slopes[c] - far, 4e-7 * (1 + std::fabs(g) + std::fabs(slopes[c]) + std::fabs(far)));
    }
}

struct Moments {
    double mean, squares;  // of deviations from the mean, summed
};

Moments moments(const std::vector<float>& inp, const Size& size, int64_t c) {
    Moments found{0, 0};
    for (int64_t row = 0; row < size.rows; row++) found.mean += inp[row * size.channels + c];
    found.mean /= static_cast<double>(size.rows);
    for (int64_t row = 0; row < size.rows; row++) {
        found.squares += std::pow(inp[row * size.channels + c] - found.mean, 2);
    }
    return found;
}

bool close(double actual, double expected) { return std::fabs(actual - expected) <= 1e-6 * (1 + std::fabs(expected)); }

void check_terms(const std::vector<float>& terms, int64_t channels, int64_t c, double scale, double shift, double mean,
                 double variance) {
    const double inverse = 1 / std::sqrt(variance + epsilon);
    CHECK(close(terms[c], scale * inverse));
    CHECK(close(terms[channels + c], shift - mean * scale * inverse));
    CHECK(close(terms[2 * channels + c], mean));
    CHECK(close(terms[3 * channels + c], inverse));
}

}  // namespace

CUDA_TEST(batch_norm_sums) {
    for (const Size& size : sizes) {
        test_sums(context, whole(size));
        test_sums(context, middle(size));
    }
    test_sums(context, {2, 33000, {0, 2, 0, 33000}});
    test_sums(context, {4, 3, {1, 0, 0, 3}});  // no rows: sums of nothing
}

CUDA_TEST(batch_norm_backward_sums) {
    for (const Size& size : sizes) {
        for (const bool relu : {false, true}) {
            test_backward_sums(context, whole(size), relu);
            test_backward_sums(context, middle(size), relu);
        }
    }
}

CUDA_TEST(batch_norm_forward) {
    for (const Size& size : {Size{2, 1}, Size{3, 17}, Size{129, 68}, Size{31, 40}, Size{1, 1031}, Size{300, 3}}) {
        for (const int activation : {MORULA_IDENTITY, MORULA_RELU}) {
            test_forward(context, whole(size), activation);
            test_forward(context, middle(size), activation);
        }
    }
    const morula_channels outside{4, 3, {1, 4, 0, 3}};
    CHECK(morula_cuda_batch_norm_forward(context, nullptr, nullptr, nullptr, &outside, 0) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(batch_norm_backward_input) {
    for (const Size& size : {Size{2, 1}, Size{3, 17}, Size{129, 68}, Size{31, 40}, Size{1, 1031}, Size{300, 3}}) {
        for (const bool relu : {false, true}) {
            test_backward_input(context, whole(size), relu);
            test_backward_input(context, middle(size), relu);
        }
    }
}

CUDA_TEST(batch_norm_training_terms) {
    for (const Size& size : sizes) {
        const int64_t channels = size.channels, first = channels / 3, end = (3 * channels + 3) / 4;
        const int64_t upper_rows = size.rows / 3;
        std::vector<float> inp = shifted_numbers(size.rows * channels, 1);
        const std::vector<float> scale = normal_numbers(channels, 2), shift = normal_numbers(channels, 3),
                                 mean = normal_numbers(channels, 4), variance = normal_numbers(channels, 5);
        DeviceBuffer<float> device_inp(context, inp), device_scale(context, scale), device_shift(context, shift),
            device_mean(context, mean), device_variance(context, variance), device_terms(context, filled(4 * channels));
        DeviceBuffer<double> sums(context, 4 * channels);
        morula_channels upper = whole(size), lower = whole(size), part = whole(size);
        upper.block.rows = lower.block.first_row = upper_rows;
        lower.block.rows -= upper_rows;
        part.block.first_column = first;
        part.block.columns = end - first;
        const morula_batch_norm layer{device_scale, device_shift, device_mean, device_variance, epsilon, momentum};
        CHECK(morula_cuda_batch_norm_sums(context, sums, device_inp, &upper) == MORULA_OK);
        CHECK(morula_cuda_batch_norm_sums(context, sums + 2 * channels, device_inp, &lower) == MORULA_OK);
        CHECK(morula_cuda_batch_norm_training(context, device_terms, sums, 2, device_inp, &layer, &part) == MORULA_OK);
        const std::vector<float> terms = device_terms.get(), means = device_mean.get(),
                                 variances = device_variance.get();
        for (int64_t c = 0; c < channels; c++) {
            if (c < first || c >= end) {
                CHECK(terms[c] == untouched && terms[3 * channels + c] == untouched && means[c] == mean[c]);
                continue;
            }
            const Moments of = moments(inp, size, c);
            const double n = static_cast<double>(size.rows);
            check_terms(terms, channels, c, scale[c], shift[c], of.mean, of.squares / n);
            CHECK(close(means[c], (1 - momentum) * mean[c] + momentum * of.mean));
            CHECK(close(variances[c], (1 - momentum) * variance[c] + momentum * of.squares / (n - 1)));
        }
    }
}

CUDA_TEST(batch_norm_evaluation_terms) {
    for (const int64_t channels : {1, 17, 300}) {
        std::vector<float> variance = normal_numbers(channels, 5);
        for (float& number : variance) number *= number;
        const std::vector<float> scale = normal_numbers(channels, 2), shift = normal_numbers(channels, 3),
                                 mean = normal_numbers(channels, 4);
        DeviceBuffer<float> device_scale(context, scale), device_shift(context, shift), device_mean(context, mean),
            device_variance(context, variance), terms(context, 4 * channels);
        const morula_batch_norm layer{device_scale, device_shift, device_mean, device_variance, epsilon, momentum};
        CHECK(morula_cuda_batch_norm_evaluation(context, terms, &layer, channels) == MORULA_OK);
        const std::vector<float> actual = terms.get();
        for (int64_t c = 0; c < channels; c++)
            check_terms(actual, channels, c, scale[c], shift[c], mean[c], variance[c]);
    }
}

CUDA_TEST(batch_norm_gradients) {
    for (const int64_t channels : {1, 17, 300}) {
        const int64_t rows = 77, first = channels / 3, end = (3 * channels + 3) / 4;
        std::vector<double> sums(static_cast<size_t>(3 * 2 * channels));
        for (size_t i = 0; i < sums.size(); i++) sums[i] = std::sin(static_cast<double>(i));
        const std::vector<float> terms = normal_numbers(4 * channels, 1);
        DeviceBuffer<float> device_terms(context, terms), dscale(context, filled(channels)),
            dshift(context, filled(channels)), slopes(context, filled(2 * channels));
        DeviceBuffer<double> device_sums(context, sums);
        const morula_channels shape{rows, channels, {0, rows, first, end - first}}, single{1, 1, {0, 1, 0, 1}};
        CHECK(morula_cuda_batch_norm_gradients(context, dscale, dshift, slopes, device_sums, 3, device_terms, &shape) ==
              MORULA_OK);
        const std::vector<float> by_scale = dscale.get(), by_shift = dshift.get(), by_input = slopes.get();
        for (int64_t c = 0; c < channels; c++) {
            double sum = 0, products = 0;
            for (int64_t part = 0; part < 3; part++) {
                sum += sums[2 * part * channels + c];
                products += sums[(2 * part + 1) * channels + c];
            }
            const double factor = terms[c], inverse = terms[3 * channels + c], n = static_cast<double>(rows);
            const bool done = c >= first && c < end;
            CHECK(close(by_shift[c], done ? sum : untouched));
            CHECK(close(by_scale[c], done ? products * inverse : untouched));
            CHECK(close(by_input[c], done ? factor * sum / n : untouched));
            CHECK(close(by_input[channels + c], done ? factor * inverse * inverse * products / n : untouched));
        }
        CHECK(morula_cuda_batch_norm_gradients(context, dscale, dshift, slopes, device_sums, 3, device_terms,
                                               &single) == MORULA_INVALID_ARGUMENT);
    }
}
