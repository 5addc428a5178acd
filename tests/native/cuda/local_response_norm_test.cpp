// Local response normalisation against float64 loops: windows within a row of threads, across, and wider than one.
#include "training.h"

using namespace morula_tests;

namespace {

constexpr double alpha = 0.1, bias = 2;

struct Case {
    morula_local_response shape;
    double beta;
};

constexpr Case cases[] = {{{1, 1, 0, 1}, 0.75},     {{7, 5, 1, 3}, 0.75},     {{64, 5, 0, 5}, 0.5},
                          {{3, 4, 2, 90}, 0.75},    {{300, 5, 1, 2}, 0.75},   {{700, 4, 0, 2}, 1},
                          {{700, 301, 1, 1}, 0.75}, {{257, 128, 0, 2}, 0.75}, {{520, 129, 0, 1}, 0.6},
                          {{300, 700, 0, 1}, 1},    {{5, 2, 1, 0}, 0.75}};

double denominator(const float* x, int64_t c, const morula_local_response& shape) {
    double squares = 0;
    for (int64_t i = 0; i < shape.channels; i++) {
        if (i >= c - shape.size / 2 && i <= c + (shape.size - 1) / 2) squares += static_cast<double>(x[i]) * x[i];
    }
    return bias + alpha / static_cast<double>(shape.size) * squares;
}

// dx of channel c: that of every y_i whose window holds c.
double slope(const float* dy, const float* x, const std::vector<double>& d, int64_t c, const Case& of) {
    double shares = 0;
    for (int64_t i = 0; i < of.shape.channels; i++) {
        if (c < i - of.shape.size / 2 || c > i + (of.shape.size - 1) / 2) continue;
        shares += static_cast<double>(dy[i]) * x[i] * std::pow(d[i], -of.beta - 1);
    }
    const double factor = 2 * alpha * of.beta / static_cast<double>(of.shape.size);
    return dy[c] * std::pow(d[c], -of.beta) - factor * x[c] * shares;
}

void check_row(const Case& of, const float* x, const float* dy, const float* out, const float* dinp) {
    std::vector<double> d;
    for (int64_t c = 0; c < of.shape.channels; c++) d.push_back(denominator(x, c, of.shape));
    for (int64_t c = 0; c < of.shape.channels; c++) {
        CHECK_CLOSE(out[c], x[c] * std::pow(d[c], -of.beta), 2e-6);
        CHECK_CLOSE(dinp[c], slope(dy, x, d, c, of), 4e-6);
    }
}

}  // namespace

CUDA_TEST(local_response_norm) {
    for (const Case& of : cases) {
        const int64_t channels = of.shape.channels, rows = of.shape.first_row + of.shape.rows + 1;
        const std::vector<float> inp = normal_numbers(rows * channels, 1), dout = normal_numbers(rows * channels, 2);
        DeviceBuffer<float> device_inp(context, inp), device_dout(context, dout), out(context, filled(rows * channels)),
            dinp(context, filled(rows * channels));
        const morula_response_rule rule{alpha, of.beta, bias};
        CHECK(morula_cuda_local_response_norm(context, out, device_inp, &of.shape, &rule) == MORULA_OK);
        CHECK(morula_cuda_local_response_norm_backward(context, dinp, nullptr, device_dout, device_inp, &of.shape,
                                                       &rule) == MORULA_OK);
        const std::vector<float> actual = out.get(), slopes = dinp.get();
        for (int64_t row = 0; row < rows; row++) {
            const int64_t at = row * channels;
            if (row >= of.shape.first_row && row < of.shape.first_row + of.shape.rows) {
                check_row(of, inp.data() + at, dout.data() + at, actual.data() + at, slopes.data() + at);
                continue;
            }
            for (int64_t c = 0; c < channels; c++) CHECK(actual[at + c] == untouched && slopes[at + c] == untouched);
        }
    }
    const morula_local_response empty{5, 0, 0, 1};
    const morula_response_rule rule{alpha, 1, bias};
    CHECK(morula_cuda_local_response_norm(context, nullptr, nullptr, &empty, &rule) == MORULA_INVALID_ARGUMENT);
}
