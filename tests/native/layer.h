// Random layers of any element type, and their correlations in float64.
#ifndef MORULA_TESTS_LAYER_H
#define MORULA_TESTS_LAYER_H

#include <vector>

#include "support.h"

namespace morula_tests {

// Small integers, which every type holds exactly; neurons share a signal.
class Layer {
  public:
    Layer(Context& context, int64_t neurons, int64_t samples, int type, int metric)
        : raw_(neurons * samples *
               (type == MORULA_F64   ? 8
                : type == MORULA_F32 ? 4
                                     : 2)),
          moments_(neurons),
          values_(static_cast<size_t>(neurons * samples)),
          view_{raw_, moments_, type, neurons, samples, MORULA_NEURON_MAJOR},
          centred_(metric == MORULA_PEARSON) {
        Random random;
        for (int64_t k = 0; k < neurons * samples; k++) {
            const double shared = 8 * std::sin(static_cast<double>(k % samples));
            values_[static_cast<size_t>(k)] = std::rint(shared + 7 * random.next());
            store(k);
        }
        CHECK(morula_moments_of(context, moments_, raw_, type, neurons, samples, metric) == MORULA_OK);
    }

    const morula_layer* view() const { return &view_; }
    morula_moments* moments() { return moments_; }
    const double* row(int64_t neuron) const { return values_.data() + neuron * view_.samples; }

    double mean(int64_t neuron) const {
        double sum = 0;
        for (int64_t k = 0; k < view_.samples; k++) sum += row(neuron)[k];
        return sum / static_cast<double>(view_.samples);
    }

    double covariance(int64_t i, int64_t j) const {
        const double mean_i = centred_ ? mean(i) : 0, mean_j = centred_ ? mean(j) : 0;
        double sum = 0;
        for (int64_t k = 0; k < view_.samples; k++) sum += (row(i)[k] - mean_i) * (row(j)[k] - mean_j);
        return sum;
    }

    double correlation(int64_t i, int64_t j) const {
        return covariance(i, j) / std::sqrt(covariance(i, i) * covariance(j, j));
    }

  private:
    void store(int64_t k) {
        const double value = values_[static_cast<size_t>(k)];
        const float single = static_cast<float>(value);
        uint32_t bits;
        std::memcpy(&bits, &single, sizeof bits);
        const uint16_t bfloat = static_cast<uint16_t>(bits >> 16);
        const uint32_t magnitude = value == 0 ? 0 : ((bits & 0x7fffffff) >> 13) - ((127 - 15) << 10);
        const uint16_t half = static_cast<uint16_t>((bits >> 16 & 0x8000) | magnitude);
        switch (view_.type) {
            case MORULA_F16:
                std::memcpy(raw_ + 2 * k, &half, sizeof half);
                break;
            case MORULA_BF16:
                std::memcpy(raw_ + 2 * k, &bfloat, sizeof bfloat);
                break;
            case MORULA_F32:
                std::memcpy(raw_ + 4 * k, &single, sizeof single);
                break;
            default:
                std::memcpy(raw_ + 8 * k, &value, sizeof value);
        }
    }

    Buffer<unsigned char> raw_;
    Buffer<morula_moments> moments_;
    std::vector<double> values_;
    morula_layer view_;
    bool centred_;
};

}  // namespace morula_tests

#endif
