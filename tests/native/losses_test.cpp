#include <vector>

#include "support.h"

namespace morula_tests {
namespace {

struct Batch {
    Batch(int64_t batch, int64_t outputs, int64_t classes)
        : shape{batch, outputs, 0, batch},
          out(batch * outputs),
          dout(batch * outputs),
          losses(batch),
          labels(batch),
          predicted(batch) {
        Random().fill(out);
        for (int64_t b = 0; b < batch; b++) labels[b] = static_cast<int32_t>(b % classes);
    }

    const morula_loss shape;
    Buffer<float> out, dout, losses;
    Buffer<int32_t> labels, predicted;
};

// `loss` calls the kernel with a gradient that may be null; `expected` is the loss of one row and sets its gradient.
template <class Loss, class Expected>
void test_loss(Batch& batch, Loss loss, Expected expected) {
    const int64_t outputs = batch.shape.outputs;
    CHECK(loss(nullptr) == MORULA_OK);
    CHECK(loss(batch.dout) == MORULA_OK);
    for (int64_t b = 0; b < batch.shape.batch; b++) {
        const float* row = batch.out + b * outputs;
        std::vector<double> gradient(static_cast<size_t>(outputs));
        CHECK_CLOSE(batch.losses[b], expected(row, batch.labels[b], gradient), 1e-6 * (1 + batch.losses[b]));
        for (int64_t c = 0; c < outputs; c++) {
            CHECK_CLOSE(batch.dout[b * outputs + c], gradient[static_cast<size_t>(c)] / batch.shape.batch, 1e-6);
            CHECK(outputs == 1 || row[batch.predicted[b]] >= row[c]);
        }
    }
    batch.labels[batch.shape.batch - 1] = -1;
    CHECK(loss(batch.dout) == MORULA_INVALID_ARGUMENT);
}

void test_cross_entropy(Context& context, int64_t samples, int64_t outputs, double smoothing) {
    Batch batch(samples, outputs, outputs);
    const auto loss = [&](float* dout) {
        return morula_softmax_cross_entropy(context, dout, batch.losses, batch.predicted, batch.out, batch.labels,
                                            &batch.shape, smoothing);
    };
    test_loss(batch, loss, [=](const float* row, int64_t label, std::vector<double>& gradient) {
        double sum = 0, lost = 0;
        for (int64_t c = 0; c < outputs; c++) sum += std::exp(static_cast<double>(row[c]));
        for (int64_t c = 0; c < outputs; c++) {
            const double target = (c == label ? 1 - smoothing : 0) + smoothing / static_cast<double>(outputs);
            lost += target * (std::log(sum) - row[c]);
            gradient[static_cast<size_t>(c)] = std::exp(static_cast<double>(row[c])) / sum - target;
        }
        return lost;
    });
}

void test_mean_squared_error(Context& context, int64_t samples, int64_t outputs) {
    Batch batch(samples, outputs, outputs);
    const auto loss = [&](float* dout) {
        return morula_mean_squared_error(context, dout, batch.losses, batch.predicted, batch.out, batch.labels,
                                         &batch.shape);
    };
    test_loss(batch, loss, [=](const float* row, int64_t label, std::vector<double>& gradient) {
        double sum = 0;
        for (int64_t c = 0; c < outputs; c++) {
            const double off = static_cast<double>(row[c]) - (c == label);
            sum += off * off;
            gradient[static_cast<size_t>(c)] = 2 * off / static_cast<double>(outputs);
        }
        return sum / static_cast<double>(outputs);
    });
}

void test_square_hinge(Context& context, int64_t samples, int64_t outputs) {
    Batch batch(samples, outputs, outputs == 1 ? 2 : outputs);
    const auto loss = [&](float* dout) {
        return morula_square_hinge(context, dout, batch.losses, batch.predicted, batch.out, batch.labels, &batch.shape);
    };
    test_loss(batch, loss, [=](const float* row, int64_t label, std::vector<double>& gradient) {
        double sum = 0;
        for (int64_t c = 0; c < outputs; c++) {
            const double sign = (outputs == 1 ? label == 1 : c == label) ? 1 : -1;
            const double missing = std::fmax(0, 1 - sign * row[c]);
            sum += missing * missing;
            gradient[static_cast<size_t>(c)] = -sign * missing;
        }
        return sum / 2;
    });
}

}  // namespace

void test_losses(Context& context) {
    for (const int64_t samples : {1, 3, 65}) {
        for (const int64_t outputs : {1, 2, 10, 131}) {
            test_cross_entropy(context, samples, outputs, 0);
            test_cross_entropy(context, samples, outputs, 0.1);
            test_mean_squared_error(context, samples, outputs);
            test_square_hinge(context, samples, outputs);
        }
    }
}

}  // namespace morula_tests
