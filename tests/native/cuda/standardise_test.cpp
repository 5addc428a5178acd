// Standardised pieces of layers in either order, against float64.
#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

// Neurons first..first+count-1, every third of which has no slot, the others in reverse order.
void test_piece(morula_cuda_context* context, const Layer& layer, int64_t first, int64_t count, int64_t first_sample,
                int64_t samples) {
    std::vector<int32_t> slots(static_cast<size_t>(count), -1);
    int32_t rows = 0;
    for (int64_t k = count - 1; k >= 0; k--) {
        if (k % 3 != 1) slots[static_cast<size_t>(k)] = rows++;
    }
    DeviceBuffer<float> device(context, rows * samples);
    const morula_neurons neurons{slots.data(), first, count};
    CHECK(morula_cuda_standardise_piece(context, device, layer.view(), &neurons, first_sample, samples) == MORULA_OK);
    // Nothing else makes sure that the copies were done before the kernels ran.
    CHECK(morula_cuda_synchronize(context) == MORULA_OK);
    const std::vector<float> standardised = device.get();
    for (int64_t k = 0; k < count; k++) {
        const int64_t slot = slots[static_cast<size_t>(k)];
        for (int64_t s = 0; slot >= 0 && s < samples; s++) {
            const bool inside = first_sample + s < layer.view()->samples;
            const double z = inside ? layer.standardised(first + k, first_sample + s) : 0;
            CHECK_CLOSE(standardised[static_cast<size_t>(slot * samples + s)], z, 0x1p-23 * std::fabs(z));
        }
    }
}

}  // namespace

CUDA_TEST(standardised_pieces) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        for (const int64_t type : {MORULA_F16, MORULA_BF16, MORULA_F32, MORULA_F64}) {
            const Layer layer(67, 300, type, order, 1);
            test_piece(context, layer, 0, 67, 0, 256);
            test_piece(context, layer, 3, 41, 256, 256);  // most of it beyond the last sample
        }
        const Layer layer(5, 300, MORULA_F32, order, 2);
        test_piece(context, layer, 4, 1, 0, 512);
        test_piece(context, layer, 1, 4, 512, 256);  // all of it
        test_piece(context, layer, 2, 0, 0, 256);
    }
}

// More than the pinned buffers hold: the pieces of one buffer must not be taken for those of another.
CUDA_TEST(standardised_in_several_pieces) {
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        const Layer layer(40, 50001, MORULA_F64, order, 3);
        test_piece(context, layer, 0, 40, 256, 50176);
    }
}

CUDA_TEST(standardised_pieces_that_cannot_be) {
    const Layer layer(5, 300, MORULA_F32, MORULA_NEURON_MAJOR, 4);
    const std::vector<int32_t> slots(5, -1);
    const morula_neurons all{slots.data(), 0, 5}, beyond{slots.data(), 1, 5};
    CHECK(morula_cuda_standardise_piece(context, nullptr, layer.view(), &all, 0, 255) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_standardise_piece(context, nullptr, layer.view(), &beyond, 0, 256) == MORULA_INVALID_ARGUMENT);
}
