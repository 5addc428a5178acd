// Packed panels, read back as panel.cuh lays them out, against standardised values in float64.
#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

float of_bfloat(uint16_t bits) {
    const uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

class Panel {
  public:
    Panel(morula_cuda_context* context, int64_t rows, int64_t samples)
        : blocks_((samples + 31) / 32 * 2),
          bytes_(morula_cuda_packed_bytes(context, MORULA_LEFT, rows, samples)),
          memory_(context, bytes_ / 2) {
        CHECK(bytes_ == (rows + 127) / 128 * 128 * blocks_ * 16 * 2);
    }
    operator void*() { return static_cast<uint16_t*>(memory_); }
    void read() { packed_ = memory_.get(); }
    int64_t rows() const { return bytes_ / 32 / blocks_; }
    int64_t samples() const { return 16 * blocks_; }
    float at(int64_t row, int64_t sample) const {
        const int64_t r = row % 16, k = sample % 16, lane = r % 8 * 4 + k % 8 / 2, pair = r / 8 + k / 8 * 2;
        const int64_t block = row / 16 * blocks_ + sample / 16;
        return of_bfloat(packed_[static_cast<size_t>(block * 256 + lane * 8 + pair * 2 + k % 2)]);
    }

  private:
    int64_t blocks_, bytes_;
    DeviceBuffer<uint16_t> memory_;
    std::vector<uint16_t> packed_;
};

// Nearest of the numbers with 8 bits of fraction, ties to even.
float nearest_bfloat(float z) {
    if (z == 0) return 0;
    int exponent;
    std::frexp(z, &exponent);
    const float unit = std::ldexp(1.0f, exponent - 8);
    return std::nearbyint(z / unit) * unit;
}

void test_panel(morula_cuda_context* context, const Layer& layer, const std::vector<int32_t>& neurons) {
    const int64_t rows = static_cast<int64_t>(neurons.size()), samples = layer.view()->samples;
    Panel panel(context, rows, samples);
    double error = 0, largest = 0;
    CHECK(morula_cuda_pack(context, panel, &error, layer.view(), neurons.data(), rows, MORULA_LEFT) == MORULA_OK);
    panel.read();
    for (int64_t r = 0; r < panel.rows(); r++) {
        double lost = 0;
        for (int64_t k = 0; k < panel.samples(); k++) {
            const bool inside = r < rows && k < samples;
            const double z = inside ? layer.standardised(neurons[static_cast<size_t>(r)], k) : 0;
            CHECK(panel.at(r, k) == nearest_bfloat(static_cast<float>(z)));
            lost += (panel.at(r, k) - z) * (panel.at(r, k) - z);
        }
        largest = std::max(largest, std::sqrt(lost));
    }
    CHECK(error >= largest);
    CHECK_CLOSE(error, largest, 1e-5 * largest + 1e-10);
}

// Every second neuron, then two that lie side by side, then the last one again.
std::vector<int32_t> some_of(int64_t neurons) {
    std::vector<int32_t> list;
    for (int32_t i = 0; i < neurons; i += 2) list.push_back(i);
    if (neurons > 1) list.insert(list.end(), {0, 1});
    list.push_back(static_cast<int32_t>(neurons - 1));
    return list;
}

}  // namespace

CUDA_TEST(packed_panels) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        for (const int64_t type : {MORULA_F16, MORULA_BF16, MORULA_F32, MORULA_F64}) {
            const Layer layer(45, 131, type, order, 1);
            test_panel(context, layer, some_of(45));
        }
        for (const auto& [neurons, samples] : {std::pair{1, 2}, {2, 5}, {31, 33}, {300, 67}}) {
            const Layer layer(neurons, samples, MORULA_F32, order, 2);
            test_panel(context, layer, some_of(neurons));
        }
    }
}

// More than the pinned buffers hold: several pieces, of rows and of samples.
CUDA_TEST(panels_of_several_pieces) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        const Layer wide(150, 8001, MORULA_F64, order, 3), deep(17, 40001, MORULA_F64, order, 4);
        std::vector<int32_t> all;
        for (int32_t i = 0; i < 150; i++) all.push_back(149 - i);
        test_panel(context, wide, all);
        test_panel(context, deep, {16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
    }
}

CUDA_TEST(packed_rows) {
    const int64_t rows = 37, columns = 19;
    std::vector<float> values = normal_numbers(rows * columns, 5);
    for (float& value : values) value = nearest_bfloat(value);
    Panel panel(context, rows, columns);
    CHECK(morula_cuda_pack_rows(context, panel, values.data(), rows, columns, MORULA_RIGHT) == MORULA_OK);
    panel.read();
    for (int64_t r = 0; r < panel.rows(); r++) {
        for (int64_t k = 0; k < panel.samples(); k++) {
            CHECK(panel.at(r, k) == (r < rows && k < columns ? values[static_cast<size_t>(r * columns + k)] : 0.0f));
        }
    }
    values[7] = 1 + 0x1p-9f;
    CHECK(morula_cuda_pack_rows(context, panel, values.data(), rows, columns, MORULA_RIGHT) == MORULA_INVALID_ARGUMENT);
    values[7] = 1 + 0x1p-6f + 0x1p-7f;
    values[8] = 0x1p-130f;  // below the normal numbers: flushed, and so not held
    CHECK(morula_cuda_pack_rows(context, panel, values.data(), rows, columns, MORULA_RIGHT) == MORULA_INVALID_ARGUMENT);
}

// Values half way between two numbers, which go to the even one.
CUDA_TEST(packed_ties) {
    const std::vector<float> values = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, -1 - 5 * 0x1p-8f};
    const morula_moments as_they_are{0, 0, 1, 1, 0, 0, MORULA_NEURON_VARYING, -1};
    const morula_layer layer{values.data(), &as_they_are, MORULA_F32, 1, 3, MORULA_NEURON_MAJOR};
    Panel panel(context, 1, 3);
    const int32_t neuron = 0;
    double error = 0;
    CHECK(morula_cuda_pack(context, panel, &error, &layer, &neuron, 1, MORULA_LEFT) == MORULA_OK);
    panel.read();
    CHECK(panel.at(0, 0) == 1 && panel.at(0, 1) == 1 + 0x1p-6f && panel.at(0, 2) == -1 - 0x1p-6f);
}

CUDA_TEST(panels_that_cannot_be) {
    const Layer layer(2, 3, MORULA_F32, MORULA_NEURON_MAJOR, 6);
    double error = 0;
    CHECK(morula_cuda_pack(context, nullptr, &error, layer.view(), nullptr, 4097, 0) == MORULA_INVALID_ARGUMENT);
    morula_layer other = *layer.view();
    other.type = 4;
    CHECK(morula_cuda_pack(context, nullptr, &error, &other, nullptr, 2, 0) == MORULA_INVALID_ARGUMENT);
    other = *layer.view();
    other.samples = 1;
    CHECK(morula_cuda_pack(context, nullptr, &error, &other, nullptr, 2, 0) == MORULA_INVALID_ARGUMENT);
}
