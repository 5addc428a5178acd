// Random layers of any element type and order, with their moments and correlations in float64.
#ifndef MORULA_TESTS_CUDA_LAYER_H
#define MORULA_TESTS_CUDA_LAYER_H

#include <cstring>

#include "support.h"

namespace morula_tests {

// The bits of a value that the type holds exactly.
inline void encode(unsigned char* out, double value, int64_t type) {
    const float single = static_cast<float>(value);
    uint32_t bits;
    std::memcpy(&bits, &single, sizeof bits);
    const uint16_t bfloat = static_cast<uint16_t>(bits >> 16);
    const uint32_t magnitude = value == 0 ? 0 : ((bits & 0x7fffffff) >> 13) - ((127 - 15) << 10);
    const uint16_t half = static_cast<uint16_t>((bits >> 16 & 0x8000) | magnitude);
    switch (type) {
        case MORULA_F16:
            std::memcpy(out, &half, sizeof half);
            break;
        case MORULA_BF16:
            std::memcpy(out, &bfloat, sizeof bfloat);
            break;
        case MORULA_F32:
            std::memcpy(out, &single, sizeof single);
            break;
        default:
            std::memcpy(out, &value, sizeof value);
    }
}

inline int64_t bytes_of(int64_t type) { return type == MORULA_F64 ? 8 : type == MORULA_F32 ? 4 : 2; }

// Small integers, which every type holds; neurons share a signal.
class Layer {
  public:
    Layer(int64_t neurons, int64_t samples, int64_t type, int64_t order, unsigned seed)
        : values_(static_cast<size_t>(neurons * samples)),
          raw_(static_cast<size_t>(neurons * samples * bytes_of(type))),
          moments_(static_cast<size_t>(neurons)),
          view_{raw_.data(), moments_.data(), type, neurons, samples, order} {
        const std::vector<float> random = normal_numbers(neurons * samples, seed);
        for (int64_t i = 0; i < neurons; i++) {
            for (int64_t k = 0; k < samples; k++) {
                const size_t at = static_cast<size_t>(i * samples + k);
                const double shared = 4 * (i % 3) * std::sin(static_cast<double>(k));
                values_[at] = std::rint(shared + 7 * static_cast<double>(random[at]));
            }
            values_[static_cast<size_t>(i * samples)] += 3;  // never constant: two samples differ
            values_[static_cast<size_t>(i * samples + 1)] = values_[static_cast<size_t>(i * samples)] - 5;
            for (int64_t k = 0; k < samples; k++) {
                const int64_t at = order == MORULA_NEURON_MAJOR ? i * samples + k : k * neurons + i;
                encode(raw_.data() + at * bytes_of(type), value(i, k), type);
            }
            moments_[static_cast<size_t>(i)] = moments_of_row(i);
        }
    }
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    const morula_layer* view() const { return &view_; }
    double value(int64_t i, int64_t k) const { return values_[static_cast<size_t>(i * view_.samples + k)]; }
    const morula_moments& moments(int64_t i) const { return moments_[static_cast<size_t>(i)]; }
    double standardised(int64_t i, int64_t k) const {
        const morula_moments& m = moments(i);
        return (value(i, k) * m.scale - m.mean_high - m.mean_low) * m.inverse_norm;
    }
    double correlation(int64_t i, int64_t j) const {
        double sum = 0;
        for (int64_t k = 0; k < view_.samples; k++) sum += standardised(i, k) * standardised(j, k);
        return sum;
    }

  private:
    morula_moments moments_of_row(int64_t i) const {
        double sum = 0, squares = 0;
        for (int64_t k = 0; k < view_.samples; k++) sum += value(i, k);
        const double mean = sum / static_cast<double>(view_.samples), scale = 1.0 / 64;
        for (int64_t k = 0; k < view_.samples; k++) squares += (value(i, k) - mean) * (value(i, k) - mean);
        return {mean * scale, 0, scale, 1 / (std::sqrt(squares) * scale), mean, 0, MORULA_NEURON_VARYING, -1};
    }

    std::vector<double> values_;
    std::vector<unsigned char> raw_;
    std::vector<morula_moments> moments_;
    morula_layer view_;
};

}  // namespace morula_tests

#endif
