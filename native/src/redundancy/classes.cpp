// What samples of one class have in common, in float64; samples x neurons float32 in. Sums of a range of neurons are
// over all samples in their order, and those of a sample over its neurons, so that results do not depend on how many
// threads share the work. Timed by ClassBenchmark.
#include <cblas.h>

#include <new>
#include <vector>

#include "kernel/context.h"
#include "morula_redundancy.h"

namespace {

using morula::fail;

constexpr int64_t kSamples = 128;  // widened at a time, with kNeurons: 512 KiB, which stays in the second cache
constexpr int64_t kNeurons = 512;
constexpr int64_t kSums = 8;  // kept apart, since each addition waits for the one before it

long long shown(int64_t n) { return static_cast<long long>(n); }

int check_labels(const int32_t* labels, const morula_classes* shape) {
    for (int64_t n = 0; n < shape->samples; n++) {
        if (labels[n] < 0 || labels[n] >= shape->classes) {
            return fail(MORULA_INVALID_ARGUMENT, "sample %lld has label %d, but there are %lld classes", shown(n),
                        labels[n], shown(shape->classes));
        }
    }
    return MORULA_OK;
}

double square_distance(const float* values, const double* mean, int64_t neurons) {
    double sums[kSums] = {};
    int64_t i = 0;
    for (; i + kSums <= neurons; i += kSums) {
        for (int64_t k = 0; k < kSums; k++) {
            const double difference = values[i + k] - mean[i + k];
            sums[k] += difference * difference;
        }
    }
    for (; i < neurons; i++) sums[0] += (values[i] - mean[i]) * (values[i] - mean[i]);
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum;
}

}  // namespace

extern "C" {

int morula_class_sums(morula_context*, double* sums, const float* values, const int32_t* labels,
                      const morula_classes* shape, int64_t first, int64_t count) {
    const int status = check_labels(labels, shape);
    if (status != MORULA_OK) return status;
    for (int64_t c = 0; c < shape->classes; c++) {
        for (int64_t i = 0; i < count; i++) sums[c * shape->neurons + first + i] = 0;
    }
    for (int64_t n = 0; n < shape->samples; n++) {
        const float* row = values + n * shape->neurons + first;
        double* sum = sums + labels[n] * shape->neurons + first;
        for (int64_t i = 0; i < count; i++) sum[i] += row[i];
    }
    return MORULA_OK;
}

int morula_class_distances(morula_context*, double* distances, const float* values, const int32_t* labels,
                           const double* means, const morula_classes* shape) {
    const int status = check_labels(labels, shape);
    if (status != MORULA_OK) return status;
    for (int64_t n = 0; n < shape->samples; n++) {
        distances[n] = square_distance(values + n * shape->neurons, means + labels[n] * shape->neurons, shape->neurons);
    }
    return MORULA_OK;
}

int morula_class_project(morula_context*, double* projections, const float* values, const double* centre,
                         const double* directions, int64_t samples, int64_t neurons, int64_t count) {
    std::vector<double> panel;
    try {
        panel.resize(static_cast<size_t>(kSamples * kNeurons));
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory to project samples on %lld directions", shown(count));
    }
    for (int64_t first = 0; first < samples; first += kSamples) {
        const int64_t rows = samples - first < kSamples ? samples - first : kSamples;
        for (int64_t from = 0; from < neurons; from += kNeurons) {
            const int64_t columns = neurons - from < kNeurons ? neurons - from : kNeurons;
            for (int64_t n = 0; n < rows; n++) {
                const float* row = values + (first + n) * neurons + from;
                for (int64_t i = 0; i < columns; i++) panel[n * columns + i] = row[i] - centre[from + i];
            }
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(rows), static_cast<int>(count),
                        static_cast<int>(columns), 1, panel.data(), static_cast<int>(columns), directions + from,
                        static_cast<int>(neurons), from == 0 ? 0 : 1, projections + first * count,
                        static_cast<int>(count));
        }
    }
    return MORULA_OK;
}

}  // extern "C"
