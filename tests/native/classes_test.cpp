#include "support.h"

namespace morula_tests {
namespace {

void test_class_kernels(Context& context, const morula_classes& shape) {
    const int64_t samples = shape.samples, neurons = shape.neurons, classes = shape.classes;
    Buffer<float> values(samples * neurons);
    Buffer<int32_t> labels(samples);
    Buffer<double> sums(classes * neurons), distances(samples), centre(neurons), projections(samples * classes);
    Random random;
    random.fill(values);
    for (int32_t& label : labels) label = static_cast<int32_t>((random.next() + 1) / 2 * classes);
    for (double& x : centre) x = random.next();
    const int64_t half = neurons / 2;
    CHECK(morula_class_sums(context, sums, values, labels, &shape, 0, half) == MORULA_OK);
    CHECK(morula_class_sums(context, sums, values, labels, &shape, half, neurons - half) == MORULA_OK);
    CHECK(morula_class_distances(context, distances, values, labels, sums, &shape) == MORULA_OK);
    CHECK(morula_class_project(context, projections, values, centre, sums, samples, neurons, classes) == MORULA_OK);
    const double tolerance = 1e-13 * static_cast<double>(samples * neurons);
    for (int64_t k = 0; k < classes * neurons; k++) {
        double sum = 0;
        for (int64_t n = 0; n < samples; n++) sum += labels[n] == k / neurons ? values[n * neurons + k % neurons] : 0;
        CHECK_CLOSE(sums[k], sum, tolerance);
    }
    for (int64_t n = 0; n < samples; n++) {
        double square = 0;
        for (int64_t i = 0; i < neurons; i++) {
            const double difference = values[n * neurons + i] - sums[labels[n] * neurons + i];
            square += difference * difference;
        }
        CHECK_CLOSE(distances[n], square, tolerance * (1 + square));
        for (int64_t c = 0; c < classes; c++) {
            double product = 0;
            for (int64_t i = 0; i < neurons; i++) {
                product += (values[n * neurons + i] - centre[i]) * sums[c * neurons + i];
            }
            CHECK_CLOSE(projections[n * classes + c], product, tolerance * static_cast<double>(samples));
        }
    }
    labels[samples - 1] = static_cast<int32_t>(classes);
    CHECK(morula_class_sums(context, sums, values, labels, &shape, 0, neurons) == MORULA_INVALID_ARGUMENT);
    labels[samples - 1] = -1;
    CHECK(morula_class_distances(context, distances, values, labels, sums, &shape) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_classes(Context& context) {
    test_class_kernels(context, {1, 1, 1});
    test_class_kernels(context, {3, 7, 2});
    test_class_kernels(context, {131, 67, 5});
    test_class_kernels(context, {300, 521, 3});
}

}  // namespace morula_tests
