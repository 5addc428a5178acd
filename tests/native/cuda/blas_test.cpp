// With and without cuBLAS: the emulated device has none, unless the loader finds blas_double.cpp, whose products must
// come out right, transposed and in blocks, with what is fused into our own.
#include <cstring>

#include "morula_cuda_train.h"
#include "product_bounds.h"

using namespace morula_tests;

namespace {

bool present(morula_cuda_context* context) { return std::strncmp(morula_cuda_blas(context), "none", 4) != 0; }

}  // namespace

CUDA_TEST(blas_is_named) {
    const bool expected = std::getenv("MORULA_TEST_BLAS") != nullptr;
    if (expected) CHECK(std::strstr(morula_cuda_blas(context), "version 130000") != nullptr);
    const char* const known =
        present(context) ? "version " : "cannot open shared object file";  // a GPU may have either
    CHECK(std::strstr(morula_cuda_blas(context), known) != nullptr);
}

CUDA_TEST(blas_is_declined) {
    CHECK(setenv("MORULA_CUDA_BLAS", "none", 1) == 0);
    morula_cuda_context* without = nullptr;
    CHECK(morula_cuda_context_create(&without, 0, 0) == MORULA_OK);
    CHECK(unsetenv("MORULA_CUDA_BLAS") == 0);
    CHECK(std::strstr(morula_cuda_blas(without), "none (MORULA_CUDA_BLAS=none)") != nullptr);
    morula_cuda_context_destroy(without);
}

// Products that are large enough for cuBLAS, of layers whose sizes all differ. Some numbers of each are compared.
CUDA_TEST(blas_products) {
    if (!present(context)) return;  // our own kernel would need minutes; linear_test.cpp has its sizes
    constexpr int64_t batch = 300, inputs = 700, outputs = 801, skipped = 5;
    const std::vector<float> inp = normal_numbers(batch * inputs, 1), weight = normal_numbers(outputs * inputs, 2),
                             bias = normal_numbers(outputs, 3), dout = normal_numbers(batch * outputs, 4);
    DeviceBuffer<float> d_inp(context, inp), d_weight(context, weight), d_bias(context, bias), d_dout(context, dout),
        d_out(context, batch * outputs), d_dinp(context, batch * inputs),
        d_dweight(context, (outputs - skipped) * (inputs - skipped));
    morula_linear shape{batch, inputs, outputs, {skipped, batch - skipped, skipped, outputs - skipped}};
    CHECK(morula_cuda_linear_forward(context, d_out, d_inp, d_weight, d_bias, &shape, MORULA_RELU) == MORULA_OK);
    shape.block = {skipped, outputs - skipped, skipped, inputs - skipped};
    CHECK(morula_cuda_linear_backward_weight(context, d_dweight, nullptr, d_dout, d_inp, &shape) == MORULA_OK);
    shape.block = {skipped, batch - skipped, skipped, inputs - skipped};
    CHECK(morula_cuda_linear_backward_input(context, d_dinp, d_dout, d_weight, d_inp, &shape, MORULA_RELU) ==
          MORULA_OK);
    const std::vector<float> out = d_out.get(), dinp = d_dinp.get(), dweight = d_dweight.get();
    for (int64_t k = 0; k < 2000; k++) {
        const int64_t b = skipped + k * 7 % (batch - skipped), i = skipped + k * 11 % (inputs - skipped),
                      o = skipped + k * 13 % (outputs - skipped);
        Sum forward, slope, input_slope;
        for (int64_t t = 0; t < inputs; t++) forward.add(inp[b * inputs + t], weight[o * inputs + t]);
        for (int64_t t = 0; t < batch; t++) slope.add(dout[t * outputs + o], inp[t * inputs + i]);
        for (int64_t t = 0; t < outputs; t++) input_slope.add(dout[b * outputs + t], weight[t * inputs + i]);
        CHECK(agrees(out[b * outputs + o], forward, rectified(forward.value + bias[o], MORULA_RELU)));
        CHECK(agrees(dweight[(o - skipped) * (inputs - skipped) + i - skipped], slope, slope.value));
        CHECK(agrees(dinp[b * inputs + i], input_slope, inp[b * inputs + i] > 0 ? input_slope.value : 0));
    }
}

CUDA_TEST(blas_products_cannot_be_recorded) {
    if (!present(context)) return;
    constexpr int64_t rows = 512, inner = 512;
    DeviceBuffer<float> left(context, rows * inner), out(context, rows * rows);
    morula_cuda_recording* recording = nullptr;
    CHECK(morula_cuda_record_begin(context) == MORULA_OK);
    CHECK(morula_cuda_product(context, out, left, left, rows, rows, inner) == MORULA_UNAVAILABLE);
    CHECK(morula_cuda_record_end(context, &recording) == MORULA_UNAVAILABLE && recording == nullptr);
}
