// Device memory: what goes up comes down, in one piece or many, and too much is refused with figures.
#include <cstring>

#include "support.h"

using namespace morula_tests;

CUDA_TEST(copies_of_any_size) {
    for (const int64_t count : {1, 3, 1 << 20, (1 << 20) + 1, 5 * (1 << 19) + 7}) {
        const std::vector<float> values = normal_numbers(count, 1);
        DeviceBuffer<float> device(context, values);
        CHECK(device.get() == values);
    }
}

CUDA_TEST(cleared_memory) {
    DeviceBuffer<int32_t> device(context, 1001);
    CHECK(morula_cuda_clear(context, device, 1001 * 4) == MORULA_OK);
    CHECK(device.get() == std::vector<int32_t>(1001, 0));
}

CUDA_TEST(what_one_context_did_another_sees) {
    const std::vector<float> first = normal_numbers(1001, 2), second = normal_numbers(1001, 3);
    DeviceBuffer<float> device(context, 1001);
    morula_cuda_context* other = nullptr;
    CHECK(morula_cuda_context_create(&other, 0, 0) == MORULA_OK);
    CHECK(morula_cuda_upload(other, device, first.data(), 1001 * 4) == MORULA_OK);
    CHECK(morula_cuda_synchronize(other) == MORULA_OK);
    CHECK(device.get() == first);
    CHECK(morula_cuda_upload(other, device, second.data(), 1001 * 4) == MORULA_OK);
    morula_cuda_context_destroy(other);
    CHECK(device.get() == second);
}

CUDA_TEST(memory_beyond_the_limit) {
    morula_cuda_context* small = nullptr;
    CHECK(morula_cuda_context_create(&small, 0, 1000) == MORULA_OK);
    void *first = nullptr, *second = nullptr;
    CHECK(morula_cuda_alloc(small, &first, 600) == MORULA_OK);
    CHECK(morula_cuda_alloc(small, &second, 401) == MORULA_OUT_OF_MEMORY);
    CHECK(second == nullptr);
    CHECK(std::strstr(morula_cuda_last_error(), "401 bytes of device memory") != nullptr);
    CHECK(std::strstr(morula_cuda_last_error(), "of 1000 only 400 are left") != nullptr);
    CHECK(morula_cuda_alloc(small, &second, 400) == MORULA_OK);
    CHECK(morula_cuda_free(small, first, 600) == MORULA_OK);
    CHECK(morula_cuda_free(small, second, 400) == MORULA_OK);
    morula_cuda_context_destroy(small);
}

CUDA_TEST(probe) { CHECK(morula_cuda_probe(0) == MORULA_OK); }
