// Moments against long double, and the neurons that have none.
#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

std::vector<morula_moments> moments_of(morula_cuda_context* context, const std::vector<unsigned char>& raw, int type,
                                       int64_t neurons, int metric) {
    const int64_t samples = static_cast<int64_t>(raw.size()) / neurons / bytes_of(type);
    std::vector<morula_moments> moments(static_cast<size_t>(neurons));
    CHECK(morula_cuda_moments_of(context, moments.data(), raw.data(), type, neurons, samples, metric) == MORULA_OK);
    return moments;
}

std::vector<unsigned char> encoded(const std::vector<double>& values, int type) {
    std::vector<unsigned char> raw(values.size() * static_cast<size_t>(bytes_of(type)));
    for (size_t k = 0; k < values.size(); k++) {
        encode(raw.data() + static_cast<int64_t>(k) * bytes_of(type), values[k], type);
    }
    return raw;
}

bool has_state(const morula_moments& m, int state) { return m.state == state; }

// Measured from the first value, so that a little variation around a large mean loses nothing here.
void test_row(const morula_moments& m, const double* row, int64_t samples, int metric) {
    const long double origin = static_cast<long double>(row[0]) * m.scale;
    long double sum = 0, around_mean = 0, around_zero = 0, largest = 0;
    const auto scaled = [&](int64_t k) { return static_cast<long double>(row[k]) * m.scale; };
    for (int64_t k = 0; k < samples; k++) {
        sum += scaled(k) - origin;
        largest = std::max(largest, std::fabs(static_cast<long double>(row[k])));
    }
    const long double mean = sum / samples;
    for (int64_t k = 0; k < samples; k++) {
        around_mean += (scaled(k) - origin - mean) * (scaled(k) - origin - mean);
        around_zero += scaled(k) * scaled(k);
    }
    const bool centred = metric == MORULA_PEARSON;
    const double tolerance = static_cast<double>(samples) * 0x1p-52;
    CHECK(has_state(m, MORULA_NEURON_VARYING) && m.first_nonfinite == -1);
    CHECK(m.scale * largest >= 0.5 && m.scale * largest < 1);
    CHECK_CLOSE(m.mean, static_cast<double>((origin + mean) / m.scale), static_cast<double>(largest) * 0x1p-52);
    CHECK_CLOSE(m.mean_high - (centred ? origin : 0) + m.mean_low, centred ? mean : 0, std::fabs(mean) * 0x1p-50);
    CHECK_CLOSE(m.deviation * m.scale, std::sqrt(around_mean / samples), tolerance * m.deviation * m.scale);
    CHECK_CLOSE(m.inverse_norm * std::sqrt(centred ? around_mean : around_zero), 1, tolerance);
}

void test_values(morula_cuda_context* context, const std::vector<double>& values, int64_t neurons, int type) {
    const int64_t samples = static_cast<int64_t>(values.size()) / neurons;
    for (const int metric : {MORULA_PEARSON, MORULA_COSINE}) {
        const std::vector<morula_moments> moments = moments_of(context, encoded(values, type), type, neurons, metric);
        for (int64_t i = 0; i < neurons; i++) {
            test_row(moments[static_cast<size_t>(i)], values.data() + i * samples, samples, metric);
        }
    }
}

std::vector<double> random_values(int64_t neurons, int64_t samples, double offset, double size) {
    std::vector<double> values;
    for (const float x : normal_numbers(neurons * samples, 1)) {
        values.push_back((offset + static_cast<double>(x)) * size);
    }
    return values;
}

}  // namespace

CUDA_TEST(moments_of_rows) {
    for (const int type : {MORULA_F16, MORULA_BF16, MORULA_F32, MORULA_F64}) {
        const Layer layer(7, 300, type, MORULA_NEURON_MAJOR, 2);
        std::vector<double> values;
        for (int64_t k = 0; k < 7 * 300; k++) values.push_back(layer.value(k / 300, k % 300));
        test_values(context, values, 7, type);
    }
    for (const int64_t samples : {2, 3, 31, 257, 1000}) {
        test_values(context, random_values(3, samples, 0, 1), 3, MORULA_F64);
    }
}

// What squares cannot hold, and a little variation around a large mean.
CUDA_TEST(moments_of_extreme_rows) {
    for (const double size : {1e300, 1.5e308, 1e-300}) {
        std::vector<double> values = random_values(2, 301, 0, 1);
        for (double& value : values) value = value / 8 * size;
        test_values(context, values, 2, MORULA_F64);
    }
    test_values(context, random_values(2, 5000, 1e6, 1), 2, MORULA_F64);
}

// A row that is longer than a piece goes through three times.
CUDA_TEST(moments_of_long_rows) {
    const Layer layer(17, 40001, MORULA_F64, MORULA_NEURON_MAJOR, 3);
    std::vector<double> values;
    for (int64_t k = 0; k < 17 * 40001; k++) values.push_back(layer.value(k / 40001, k % 40001));
    test_values(context, values, 17, MORULA_F64);
    values[40001 * 3 + 39000] = NAN;
    values[40001 * 3 + 39001] = INFINITY;
    const morula_moments m = moments_of(context, encoded(values, MORULA_F64), MORULA_F64, 17, MORULA_PEARSON)[3];
    CHECK(has_state(m, MORULA_NEURON_NON_FINITE) && m.first_nonfinite == 39000);
}

CUDA_TEST(moments_of_neurons_without_a_correlation) {
    std::vector<double> values(4 * 300, 2.5);  // constant, never active (-0 too), not finite, constant but for the last
    for (int64_t k = 0; k < 300; k++) values[static_cast<size_t>(300 + k)] = k % 2 == 0 ? 0.0 : -0.0;
    values[600 + 288] = -INFINITY;
    values[600 + 270] = NAN;
    values[900 + 299] = 2.5000000000000004;
    const std::vector<unsigned char> raw = encoded(values, MORULA_F64);
    const std::vector<morula_moments> pearson = moments_of(context, raw, MORULA_F64, 4, MORULA_PEARSON);
    CHECK(has_state(pearson[0], MORULA_NEURON_CONSTANT) && pearson[0].mean == 2.5 && pearson[0].inverse_norm == 0);
    CHECK(has_state(pearson[1], MORULA_NEURON_NEVER_ACTIVE) && pearson[1].inverse_norm == 0);
    CHECK(pearson[1].mean == 0 && !std::signbit(pearson[1].mean));
    CHECK(has_state(pearson[2], MORULA_NEURON_NON_FINITE) && pearson[2].first_nonfinite == 270);
    CHECK(pearson[2].inverse_norm == 0 && pearson[2].mean == 0 && pearson[2].deviation == 0);
    test_row(pearson[3], values.data() + 900, 300, MORULA_PEARSON);
    const std::vector<morula_moments> cosine = moments_of(context, raw, MORULA_F64, 4, MORULA_COSINE);
    CHECK(has_state(cosine[0], MORULA_NEURON_CONSTANT) && cosine[0].deviation == 0 && cosine[0].mean == 2.5);
    CHECK_CLOSE(cosine[0].inverse_norm * cosine[0].scale * 2.5 * std::sqrt(300.0), 1, 1e-14);
    CHECK(cosine[1].inverse_norm == 0 && cosine[2].inverse_norm == 0);
}

CUDA_TEST(moments_that_cannot_be) {
    morula_moments m;
    const float values[2] = {1, 2};
    CHECK(morula_cuda_moments_of(context, &m, values, 4, 1, 2, MORULA_PEARSON) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_moments_of(context, &m, values, MORULA_F32, 2, 1, MORULA_PEARSON) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_moments_of(context, &m, values, MORULA_F32, 1, 2, 2) == MORULA_INVALID_ARGUMENT);
}
