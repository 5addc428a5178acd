// Losses, forward and backward in one pass over a row of outputs x, of which there are C:
//
//   softmax cross-entropy   loss = -sum_c t_c log softmax(x)_c     t_c = (1 - smoothing) [c = label] + smoothing / C
//                           dx_c = (softmax(x)_c - t_c) / batch
//   mean squared error      loss = sum_c (x_c - [c = label])^2 / C
//                           dx_c = 2 (x_c - [c = label]) / (C batch)
//   square hinge            loss = sum_c max(0, 1 - y_c x_c)^2 / 2     y_c = 1 for what the label wants large, else -1
//                           dx_c = -y_c max(0, 1 - y_c x_c) / batch
//
// Every dx is the gradient of the mean loss over the batch. Sums are in double, since a row may have many outputs.
// Shapes: x and dx batch x C; labels, losses and predicted one a row. Plain loops in every tier: with the usual ten
// classes a batch takes microseconds. Timed by LossBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

// What a loss says about a row; dout may be null.
struct Row {
    float* dout;
    const float* out;
    int64_t outputs, label, largest;
    float mean;  // 1 / batch
};

// The first output that is the largest, or -1 when one is not finite.
int64_t argmax(const float* out, int64_t outputs) {
    int64_t best = 0;
    for (int64_t c = 0; c < outputs; c++) {
        if (out[c] - out[c] != 0) return -1;
        if (out[c] > out[best]) best = c;
    }
    return best;
}

// For each row: its loss, gradient and predicted class. A network that diverges must show it.
template <class Loss>
void for_each_row(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                  const morula_loss& shape, Loss loss) {
    const int64_t outputs = shape.outputs;
    for (int64_t b = shape.first_row; b < shape.first_row + shape.rows; b++) {
        Row row{dout == nullptr ? nullptr : dout + b * outputs, out + b * outputs, outputs, labels[b], 0,
                1.0f / static_cast<float>(shape.batch)};
        row.largest = argmax(row.out, outputs);
        predicted[b] = static_cast<int32_t>(row.largest);
        if (row.largest >= 0) {
            losses[b] = loss(row);
        } else {
            losses[b] = __builtin_nanf("");
            for (int64_t c = 0; row.dout != nullptr && c < outputs; c++) row.dout[c] = __builtin_nanf("");
        }
    }
}

double exponentials(float* result, const float* out, float largest, int64_t outputs) {
    double sum = 0;
    for (int64_t c = 0; c < outputs; c++) {
        const float value = __builtin_expf(out[c] - largest);
        if (result != nullptr) result[c] = value;
        sum += static_cast<double>(value);
    }
    return sum;
}

// How far the outputs lie below the largest, on average.
double mean_depth(const Row& row) {
    double sum = 0;
    for (int64_t c = 0; c < row.outputs; c++) {
        sum += static_cast<double>(row.out[row.largest]) - static_cast<double>(row.out[c]);
    }
    return sum / static_cast<double>(row.outputs);
}

float softmax_row(const Row& row, double smoothing) {
    const float largest = row.out[row.largest];
    const double sum = exponentials(row.dout, row.out, largest, row.outputs);
    if (row.dout != nullptr) {
        const float scale = static_cast<float>(static_cast<double>(row.mean) / sum);
        const float shared = static_cast<float>(smoothing / static_cast<double>(row.outputs)) * row.mean;
        for (int64_t c = 0; c < row.outputs; c++) row.dout[c] = row.dout[c] * scale - shared;
        row.dout[row.label] -= static_cast<float>(1 - smoothing) * row.mean;
    }
    const double depth = static_cast<double>(largest) - static_cast<double>(row.out[row.label]);
    const double smoothed = smoothing > 0 ? smoothing * mean_depth(row) : 0;
    return static_cast<float>(__builtin_log(sum) + (1 - smoothing) * depth + smoothed);
}

float squared_error_row(const Row& row) {
    double sum = 0;
    for (int64_t c = 0; c < row.outputs; c++) {
        const float off = c == row.label ? row.out[c] - 1 : row.out[c];
        sum += static_cast<double>(off) * static_cast<double>(off);
        if (row.dout != nullptr) row.dout[c] = 2 * off * row.mean / static_cast<float>(row.outputs);
    }
    return static_cast<float>(sum / static_cast<double>(row.outputs));
}

// `wanted` is the output that should be positive, if any.
float hinge_row(const Row& row, int64_t wanted) {
    double sum = 0;
    for (int64_t c = 0; c < row.outputs; c++) {
        const float sign = c == wanted ? 1.0f : -1.0f;
        const float margin = 1 - sign * row.out[c];
        const float missing = margin > 0 ? margin : 0;
        sum += static_cast<double>(missing) * static_cast<double>(missing);
        if (row.dout != nullptr) row.dout[c] = -sign * missing * row.mean;
    }
    return static_cast<float>(sum / 2);
}

void softmax_cross_entropy(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                           const morula_loss& shape, double smoothing) {
    for_each_row(dout, losses, predicted, out, labels, shape,
                 [smoothing](const Row& row) { return softmax_row(row, smoothing); });
}

void mean_squared_error(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                        const morula_loss& shape) {
    for_each_row(dout, losses, predicted, out, labels, shape, squared_error_row);
}

void square_hinge(float* dout, float* losses, int32_t* predicted, const float* out, const int32_t* labels,
                  const morula_loss& shape) {
    const bool single = shape.outputs == 1;
    for_each_row(dout, losses, predicted, out, labels, shape,
                 [single](const Row& row) { return hinge_row(row, single ? row.label - 1 : row.label); });
    for (int64_t b = shape.first_row; single && b < shape.first_row + shape.rows; b++) {
        if (predicted[b] == 0) predicted[b] = out[b] > 0;
    }
}

}  // namespace

void install_losses(Table& table) {
    table.softmax_cross_entropy = softmax_cross_entropy;
    table.mean_squared_error = mean_squared_error;
    table.square_hinge = square_hinge;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
