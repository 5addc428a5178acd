#include <algorithm>
#include <vector>

#include "support.h"

namespace morula_tests {
namespace {

// The Gram matrix of neurons that are sums of a few signals and of noise; neuron 1 repeats neuron 0, neuron 3 is
// constant.
void fill_gram(Buffer<double>& gram, std::vector<double>& layer, int64_t samples, int64_t neurons) {
    Random random;
    layer.assign(static_cast<size_t>(samples * neurons), 0);
    for (int64_t n = 0; n < samples; n++) {
        double* row = layer.data() + n * neurons;
        double signals[4];
        for (double& signal : signals) signal = random.next();
        for (int64_t j = 0; j < neurons; j++) {
            row[j] = 0.5 * random.next();
            for (int64_t s = 0; s < 4; s++) row[j] += signals[s] * static_cast<double>((j * 7 + s * 3) % 5 - 2);
        }
        if (neurons > 1) row[1] = row[0];
        if (neurons > 3) row[3] = 0;
    }
    for (int64_t i = 0; i < neurons; i++) {
        for (int64_t j = 0; j < neurons; j++) {
            double sum = 0;
            for (int64_t n = 0; n < samples; n++) {
                sum += layer[static_cast<size_t>(n * neurons + i)] * layer[static_cast<size_t>(n * neurons + j)];
            }
            gram[i * neurons + j] = sum;
        }
    }
}

// Takes the projection on each neuron of the chunk off all neurons, one after the other (Gram and Schmidt).
void residuals(std::vector<double>& layer, Buffer<int32_t>& chunk, int64_t samples, int64_t neurons) {
    for (const int32_t k : chunk) {
        std::vector<double> own(static_cast<size_t>(samples));
        double square = 0;
        for (int64_t n = 0; n < samples; n++) {
            own[static_cast<size_t>(n)] = layer[static_cast<size_t>(n * neurons + k)];
            square += own[static_cast<size_t>(n)] * own[static_cast<size_t>(n)];
        }
        for (int64_t j = 0; j < neurons && square > 1e-9; j++) {
            double product = 0;
            for (int64_t n = 0; n < samples; n++) {
                product += own[static_cast<size_t>(n)] * layer[static_cast<size_t>(n * neurons + j)];
            }
            for (int64_t n = 0; n < samples; n++) {
                layer[static_cast<size_t>(n * neurons + j)] -= product / square * own[static_cast<size_t>(n)];
            }
        }
    }
}

void test_chunk_fit(Context& context, int64_t samples, int64_t neurons, int64_t size) {
    const morula_chunk_shape shape = {neurons, size};
    Buffer<double> gram(neurons * neurons), workspace(morula_chunk_fit_workspace(&shape));
    Buffer<int32_t> chunk(size);
    Buffer<morula_chunk_sums> sums(1);
    std::vector<double> layer;
    fill_gram(gram, layer, samples, neurons);
    for (int64_t k = 0; k < size; k++) chunk[k] = static_cast<int32_t>(k);
    CHECK(morula_chunk_fit(context, sums, gram, chunk, workspace, &shape, 1e-12) == MORULA_OK);
    residuals(layer, chunk, samples, neurons);
    double squares = 0, total = 0, held_out = 0, pairs = 0;
    std::vector<double> left;
    for (int64_t i = 0; i < neurons; i++) {
        double square = 0;
        for (int64_t n = 0; n < samples; n++) {
            square += layer[static_cast<size_t>(n * neurons + i)] * layer[static_cast<size_t>(n * neurons + i)];
        }
        left.push_back(i < size || square < 1e-9 ? 0 : square);
        squares += left.back();
        total += gram[i * neurons + i];
        for (int64_t j = 0; j < i; j++) {
            if (left[static_cast<size_t>(i)] * left[static_cast<size_t>(j)] <= 0) continue;
            double product = 0;
            for (int64_t n = 0; n < samples; n++) {
                product += layer[static_cast<size_t>(n * neurons + i)] * layer[static_cast<size_t>(n * neurons + j)];
            }
            held_out += std::fabs(product) / std::sqrt(left[static_cast<size_t>(i)] * left[static_cast<size_t>(j)]);
            pairs++;
        }
    }
    CHECK_CLOSE(sums.begin()->residual_squares, squares, 1e-9 * total);
    CHECK_CLOSE(sums.begin()->total_squares, total, 1e-9 * total);
    CHECK(sums.begin()->held_out_pairs == pairs);
    CHECK_CLOSE(sums.begin()->held_out, held_out, 1e-9 * (pairs + 1));
    CHECK_CLOSE(sums.begin()->all, held_out, 1e-9 * (pairs + 1));
    // With as large an alpha as this nothing is predicted, and the chunk's own neurons count too.
    CHECK(morula_chunk_fit(context, sums, gram, chunk, workspace, &shape, 1e12) == MORULA_OK);
    CHECK_CLOSE(sums.begin()->residual_squares, total, 1e-6 * total);
    chunk[size - 1] = static_cast<int32_t>(neurons);
    CHECK(morula_chunk_fit(context, sums, gram, chunk, workspace, &shape, 1e-8) == MORULA_INVALID_ARGUMENT);
    chunk[size - 1] = 0;
    CHECK(morula_chunk_fit(context, sums, gram, chunk, workspace, &shape, 0) == MORULA_INVALID_ARGUMENT);
}

void test_chunk_logits(Context& context, const morula_chunk_logits_shape& shape) {
    Buffer<float> logits(shape.outputs * shape.samples), activations(shape.neurons * shape.samples);
    Buffer<float> weight(shape.outputs * shape.neurons), bias(shape.outputs);
    Buffer<int32_t> chunk(shape.chunk);
    Random random;
    random.fill(activations);
    random.fill(weight);
    random.fill(bias);
    for (int64_t k = 0; k < shape.chunk; k++) chunk[k] = static_cast<int32_t>(shape.neurons - 1 - k);
    CHECK(morula_chunk_logits(context, logits, activations, chunk, weight, bias, &shape) == MORULA_OK);
    for (int64_t o = 0; o < shape.outputs; o++) {
        for (int64_t s = 0; s < shape.samples; s++) {
            double sum = bias[o];
            for (const int32_t j : chunk) {
                sum += static_cast<double>(weight[o * shape.neurons + j]) * activations[j * shape.samples + s];
            }
            CHECK_CLOSE(logits[o * shape.samples + s], sum, 1e-6 * static_cast<double>(shape.chunk + 1));
        }
    }
    chunk[0] = static_cast<int32_t>(shape.neurons);
    CHECK(morula_chunk_logits(context, logits, activations, chunk, weight, bias, &shape) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_redundancy(Context& context) {
    test_chunk_logits(context, {1, 1, 1, 1});
    test_chunk_logits(context, {7, 13, 3, 5});
    test_chunk_logits(context, {67, 31, 1, 31});
    test_chunk_fit(context, 9, 1, 1);
    test_chunk_fit(context, 40, 7, 1);
    test_chunk_fit(context, 40, 7, 7);
    test_chunk_fit(context, 61, 13, 5);
    test_chunk_fit(context, 400, 300, 23);
}

}  // namespace morula_tests
