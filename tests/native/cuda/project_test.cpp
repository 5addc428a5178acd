// Projections on a basis, against float64, within what morula_cuda_projection_error says.
#include <memory>

#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

constexpr int64_t piece = MORULA_PIECE;

// Directions of unit norm, but far from orthogonal: so their norms are all that `deviation` has to be good for.
class Directions {
  public:
    Directions(morula_cuda_context* context, int64_t stored, int64_t samples, unsigned seed)
        : stored_(stored), samples_(samples), pieces_((samples + piece - 1) / piece) {
        const std::vector<float> random = normal_numbers(stored * samples, seed);
        host_.resize(static_cast<size_t>(pieces_ * stored * piece));
        for (int64_t r = 0; r < stored; r++) {
            double squares = 0;
            for (int64_t k = 0; k < samples; k++) squares += square(random[static_cast<size_t>(r * samples + k)]);
            for (int64_t k = 0; k < samples; k++) {
                const double number = random[static_cast<size_t>(r * samples + k)] / std::sqrt(squares);
                host_[index(r, k)] = static_cast<float>(number);
            }
        }
        device_.reset(new DeviceBuffer<float>(context, host_));
    }
    float at(int64_t r, int64_t k) const { return host_[index(r, k)]; }
    morula_basis first(int64_t rank) const { return {*device_, rank, stored_, 0x1p-20}; }

  private:
    static double square(float x) { return static_cast<double>(x) * static_cast<double>(x); }
    size_t index(int64_t r, int64_t k) const {
        return static_cast<size_t>((k / piece * stored_ + r) * piece + k % piece);
    }
    const int64_t stored_, samples_, pieces_;
    std::vector<float> host_;
    std::unique_ptr<DeviceBuffer<float>> device_;
};

// Neurons from `first` on, every third of which has no slot, the others in reverse order.
struct Slots {
    Slots(int64_t first_neuron, int64_t count) : first(first_neuron), slots(static_cast<size_t>(count), -1) {
        for (int64_t k = count - 1; k >= 0; k--) {
            if (k % 3 != 1) slots[static_cast<size_t>(k)] = rows++;
        }
    }
    morula_neurons view() const { return {slots.data(), first, static_cast<int64_t>(slots.size())}; }
    const int64_t first;
    std::vector<int32_t> slots;
    int32_t rows = 0;
};

void test_projections(morula_cuda_context* context, const Layer& layer, const Slots& slots,
                      const Directions& directions, int64_t rank) {
    const morula_basis basis = directions.first(rank);
    DeviceBuffer<float> device(context, slots.rows * rank);
    const morula_neurons neurons = slots.view();
    CHECK(morula_cuda_project(context, device, layer.view(), &neurons, &basis, slots.rows) == MORULA_OK);
    CHECK(morula_cuda_synchronize(context) == MORULA_OK);
    const std::vector<float> projections = device.get();
    const double error = morula_cuda_projection_error(context, &basis, layer.view()->samples);
    for (size_t k = 0; k < slots.slots.size(); k++) {
        double squares = 0;
        for (int64_t r = 0; slots.slots[k] >= 0 && r < rank; r++) {
            double product = 0;
            for (int64_t s = 0; s < layer.view()->samples; s++) {
                product += layer.standardised(slots.first + static_cast<int64_t>(k), s) * directions.at(r, s);
            }
            const double off = projections[static_cast<size_t>(slots.slots[k] * rank + r)] - product;
            squares += off * off;
        }
        CHECK(std::sqrt(squares) <= error);
    }
}

}  // namespace

CUDA_TEST(projections) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        for (const int64_t type : {MORULA_F16, MORULA_F32, MORULA_F64}) {
            const Layer layer(53, 300, type, order, 1);
            const Directions directions(context, 35, 300, 2);
            test_projections(context, layer, Slots(0, 53), directions, 35);  // more than a block has, both ways
            test_projections(context, layer, Slots(3, 20), directions, 17);
        }
        const Layer layer(4, 257, MORULA_F32, order, 3);
        test_projections(context, layer, Slots(2, 1), Directions(context, 1, 257, 4), 1);
    }
}

// More samples than are standardised at a time.
CUDA_TEST(projections_of_many_samples) {
    const Layer layer(5, 17000, MORULA_F32, MORULA_SAMPLE_MAJOR, 5);
    test_projections(context, layer, Slots(0, 5), Directions(context, 3, 17000, 6), 2);
}

// A row and a direction that are the same. Each of the four parts begins with a product of 1 / 4, and the 63 behind it
// are less than half a unit of its last place.
CUDA_TEST(projections_stay_within_their_error) {
    const int64_t samples = MORULA_PIECE;
    std::vector<float> row(static_cast<size_t>(samples));
    double squares = 0;
    for (size_t k = 0; k < row.size(); k++) {
        row[k] = static_cast<float>(std::sqrt(k % 16 == 0 && k < 64 ? 0.25 : 0x1.fcp-27));
        squares += static_cast<double>(row[k]) * static_cast<double>(row[k]);
    }
    const morula_moments moments{0, 0, 1, 1, 0, 0, MORULA_NEURON_VARYING, -1};
    const morula_layer layer{row.data(), &moments, MORULA_F32, 1, samples, MORULA_NEURON_MAJOR};
    const int32_t slot = 0;
    const morula_neurons neurons{&slot, 0, 1};
    DeviceBuffer<float> directions(context, row), projection(context, 1);
    const morula_basis basis{directions, 1, 1, std::fabs(squares - 1)};
    CHECK(morula_cuda_project(context, projection, &layer, &neurons, &basis, 1) == MORULA_OK);
    const double off = std::fabs(projection.get()[0] - squares);
    CHECK(off <= morula_cuda_projection_error(context, &basis, samples));
    CHECK(off > 60 * 0x1p-24);
}

CUDA_TEST(projections_on_the_first_samples) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        const Layer layer(7, 300, MORULA_F32, order, 7);
        const Slots slots(1, 6);
        const morula_neurons neurons = slots.view();
        for (const int64_t rank : {5, 300, 303}) {
            const morula_basis basis{nullptr, rank, rank, 0};
            DeviceBuffer<float> device(context, slots.rows * rank);
            CHECK(morula_cuda_project(context, device, layer.view(), &neurons, &basis, slots.rows) == MORULA_OK);
            CHECK(morula_cuda_synchronize(context) == MORULA_OK);
            const std::vector<float> found = device.get();
            for (int64_t k = 0; k < 6; k++) {
                const int64_t slot = slots.slots[static_cast<size_t>(k)];
                for (int64_t r = 0; slot >= 0 && r < rank; r++) {
                    const float z = r < 300 ? static_cast<float>(layer.standardised(1 + k, r)) : 0;
                    CHECK(found[static_cast<size_t>(slot * rank + r)] == z);
                }
            }
            CHECK(morula_cuda_projection_error(context, &basis, 300) < 0x1.01p-24);
        }
    }
}

CUDA_TEST(projections_that_cannot_be) {
    const Layer layer(5, 300, MORULA_F32, MORULA_NEURON_MAJOR, 8);
    const std::vector<int32_t> none(5, -1);
    const morula_basis basis{nullptr, 3, 3, 0};
    const morula_neurons all{none.data(), 0, 5}, beyond{none.data(), 1, 5};
    CHECK(morula_cuda_project(context, nullptr, layer.view(), &all, &basis, 0) == MORULA_OK);
    CHECK(morula_cuda_project(context, nullptr, layer.view(), &beyond, &basis, 0) == MORULA_INVALID_ARGUMENT);
}
