// Losses against float64 loops: some rows of a batch, ties, what is not finite, and labels that name no class.
#include <algorithm>

#include "training.h"

using namespace morula_tests;

namespace {

enum class Loss { softmax, squares, hinge };

constexpr double smoothing = 0.1;

struct Expected {
    double loss;
    std::vector<double> gradient;  // of the row's own loss
    int32_t predicted;
};

double exponential_sum(const float* x, int64_t outputs, double largest) {
    double sum = 0;
    for (int64_t c = 0; c < outputs; c++) sum += std::exp(x[c] - largest);
    return sum;
}

void add_output(Expected& row, Loss kind, double x, double y, double log_sum, double outputs) {
    if (kind == Loss::softmax) {
        const double t = (1 - smoothing) * y + smoothing / outputs;
        row.loss -= t * (x - log_sum);
        row.gradient.push_back(std::exp(x - log_sum) - t);
    } else if (kind == Loss::squares) {
        row.loss += (x - y) * (x - y) / outputs;
        row.gradient.push_back(2 * (x - y) / outputs);
    } else {
        const double sign = 2 * y - 1, missing = std::max(0.0, 1 - sign * x);
        row.loss += missing * missing / 2;
        row.gradient.push_back(-sign * missing);
    }
}

Expected expected_row(Loss kind, const float* x, int64_t outputs, int32_t label) {
    const bool single = kind == Loss::hinge && outputs == 1;
    const int64_t classes = single ? 2 : outputs, largest = std::max_element(x, x + outputs) - x;
    const bool finite = std::all_of(x, x + outputs, [](float value) { return std::isfinite(value); });
    if (!finite || label < 0 || label >= classes) {
        return {std::nan(""), std::vector<double>(static_cast<size_t>(outputs), std::nan("")), -1};
    }
    const double log_sum = x[largest] + std::log(exponential_sum(x, outputs, x[largest]));
    Expected row{0, {}, static_cast<int32_t>(single ? x[0] > 0 : largest)};
    for (int64_t c = 0; c < outputs; c++) {
        add_output(row, kind, x[c], c == (single ? label - 1 : label) ? 1 : 0, log_sum, static_cast<double>(outputs));
    }
    return row;
}

int run(Loss kind, morula_cuda_context* context, float* dout, float* losses, int32_t* predicted, const float* out,
        const int32_t* labels, const morula_loss& shape) {
    switch (kind) {
        case Loss::softmax:
            return morula_cuda_softmax_cross_entropy(context, dout, losses, predicted, out, labels, &shape, smoothing);
        case Loss::squares:
            return morula_cuda_mean_squared_error(context, dout, losses, predicted, out, labels, &shape);
        default:
            return morula_cuda_square_hinge(context, dout, losses, predicted, out, labels, &shape);
    }
}

bool close(double actual, double expected, double tolerance) {
    return (std::isnan(actual) && std::isnan(expected)) || std::fabs(actual - expected) <= tolerance;
}

// Rows with ties, with NaN, with an infinity, with a hopeless label, and with outputs far apart.
void spoil(std::vector<float>& out, std::vector<int32_t>& labels, int64_t batch, int64_t outputs) {
    for (int64_t b = 0; b < batch; b++) {
        float* row = out.data() + b * outputs;
        if (b % 7 == 1) std::fill(row, row + outputs, 0.5f);
        if (b % 7 == 2) row[outputs / 2] = not_a_number();
        if (b % 7 == 3) row[outputs - 1] = b % 2 == 0 ? INFINITY : -INFINITY;
        if (b % 7 == 4) labels[b] = b % 2 == 0 ? -1 : 5000;
        if (b % 7 == 5) std::transform(row, row + outputs, row, [](float x) { return 200 * x; });
    }
}

void check_row(const morula_loss& shape, const Expected& row, float loss, int32_t predicted, const float* dout) {
    CHECK(close(loss, row.loss, 4e-6 * (1 + std::fabs(row.loss))));
    CHECK(predicted == row.predicted);
    const double batch = static_cast<double>(shape.batch);
    for (int64_t c = 0; c < shape.outputs; c++) {
        const double slope = row.gradient[static_cast<size_t>(c)] / batch;
        CHECK(close(dout[c], slope, (4e-6 + 1e-6 * std::fabs(slope)) / batch + 1e-6 * std::fabs(slope)));
    }
}

void test_loss(morula_cuda_context* context, Loss kind, const morula_loss& shape) {
    const int64_t batch = shape.batch, outputs = shape.outputs;
    std::vector<float> out = normal_numbers(batch * outputs, 1);
    std::vector<int32_t> labels(static_cast<size_t>(batch));
    for (int64_t b = 0; b < batch; b++) labels[b] = static_cast<int32_t>(5 * b % outputs);
    spoil(out, labels, batch, outputs);
    DeviceBuffer<float> device_out(context, out), dout(context, filled(batch * outputs)),
        losses(context, filled(batch)), again(context, batch);
    DeviceBuffer<int32_t> device_labels(context, labels), predicted(context, filled<int32_t>(batch, 99));
    CHECK(run(kind, context, dout, losses, predicted, device_out, device_labels, shape) == MORULA_OK);
    CHECK(run(kind, context, nullptr, again, predicted, device_out, device_labels, shape) == MORULA_OK);
    const std::vector<float> slopes = dout.get(), loss = losses.get(), loss_again = again.get();
    const std::vector<int32_t> classes = predicted.get();
    for (int64_t b = 0; b < batch; b++) {
        if (b >= shape.first_row && b < shape.first_row + shape.rows) {
            CHECK(same(loss[b], loss_again[b]));
            check_row(shape, expected_row(kind, out.data() + b * outputs, outputs, labels[b]), loss[b], classes[b],
                      slopes.data() + b * outputs);
            continue;
        }
        CHECK(loss[b] == untouched && classes[b] == 99);
        for (int64_t c = 0; c < outputs; c++) CHECK(slopes[b * outputs + c] == untouched);
    }
}

}  // namespace

CUDA_TEST(losses) {
    const morula_loss shapes[] = {{1, 1, 0, 1},    {2, 5, 0, 2},    {40, 10, 3, 30}, {9, 33, 0, 8},
                                  {6, 1024, 1, 5}, {7, 1025, 0, 7}, {8, 3001, 2, 6}, {3, 4, 1, 0}};
    for (const Loss kind : {Loss::softmax, Loss::squares, Loss::hinge}) {
        for (const morula_loss& shape : shapes) test_loss(context, kind, shape);
    }
}

CUDA_TEST(hinge_of_one_output) {
    const morula_loss shape{5, 1, 0, 5};
    const std::vector<float> out{0.5f, -0.25f, 2, 0, -3};
    DeviceBuffer<float> device_out(context, out), dout(context, 5), losses(context, 5);
    DeviceBuffer<int32_t> labels(context, std::vector<int32_t>{1, 1, 0, 0, 2}), predicted(context, 5);
    CHECK(morula_cuda_square_hinge(context, dout, losses, predicted, device_out, labels, &shape) == MORULA_OK);
    CHECK((predicted.get() == std::vector<int32_t>{1, 0, 1, 0, -1}));
    CHECK_SAME(losses.get(), (std::vector<float>{0.125f, 0.78125f, 4.5f, 0.5f, not_a_number()}));
    CHECK_SAME(dout.get(), (std::vector<float>{-0.5f / 5, -1.25f / 5, 3.0f / 5, 1.0f / 5, not_a_number()}));
}

CUDA_TEST(losses_refuse) {
    const morula_loss outside{4, 10, 2, 3}, fine{4, 10, 0, 4};
    CHECK(morula_cuda_square_hinge(context, nullptr, nullptr, nullptr, nullptr, nullptr, &outside) ==
          MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_softmax_cross_entropy(context, nullptr, nullptr, nullptr, nullptr, nullptr, &fine, 1.5) ==
          MORULA_INVALID_ARGUMENT);
}
