// Softmax cross-entropy, forward and backward in one pass over a row of logits:
//
//   loss = log(sum_c exp(x_c - max x)) - (x_label - max x)
//   dx_c = (softmax(x)_c - [c = label]) / batch          the gradient of the mean loss over the batch
//
// Shapes: logits and dlogits batch x classes; labels, losses and predicted one a row. Plain loops in every tier: with
// the usual ten classes a batch takes microseconds. Timed by SoftmaxCrossEntropyBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

// The first class with the largest logit, or -1 when a logit is not finite.
int64_t argmax(const float* logits, int64_t classes) {
    int64_t best = 0;
    for (int64_t c = 0; c < classes; c++) {
        if (logits[c] - logits[c] != 0) return -1;
        if (logits[c] > logits[best]) best = c;
    }
    return best;
}

float exponentials(float* result, const float* logits, float largest, int64_t classes) {
    float sum = 0;
    for (int64_t c = 0; c < classes; c++) {
        const float value = __builtin_expf(logits[c] - largest);
        if (result != nullptr) result[c] = value;
        sum += value;
    }
    return sum;
}

float row_loss(float* dlogits, const float* logits, int64_t largest, const morula_softmax& shape, int64_t label) {
    if (largest < 0) {
        for (int64_t c = 0; dlogits != nullptr && c < shape.classes; c++) dlogits[c] = __builtin_nanf("");
        return __builtin_nanf("");
    }
    const float sum = exponentials(dlogits, logits, logits[largest], shape.classes);
    if (dlogits != nullptr) {
        const float mean = 1.0f / static_cast<float>(shape.batch);
        const float scale = mean / sum;
        for (int64_t c = 0; c < shape.classes; c++) dlogits[c] *= scale;
        dlogits[label] -= mean;
    }
    return __builtin_logf(sum) - (logits[label] - logits[largest]);
}

void softmax_cross_entropy(float* dlogits, float* losses, int32_t* predicted, const float* logits,
                           const int32_t* labels, const morula_softmax& shape) {
    for (int64_t b = shape.first_row; b < shape.first_row + shape.rows; b++) {
        const float* row = logits + b * shape.classes;
        const int64_t largest = argmax(row, shape.classes);
        float* drow = dlogits == nullptr ? nullptr : dlogits + b * shape.classes;
        losses[b] = row_loss(drow, row, largest, shape, labels[b]);
        predicted[b] = static_cast<int32_t>(largest);
    }
}

}  // namespace

void install_softmax_cross_entropy(Table& table) { table.softmax_cross_entropy = softmax_cross_entropy; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
