// What the tests of the CUDA kernels share: tests that register themselves, exact-size device memory, and checks that
// end the program. The library under test is the emulated one (native/emulation), or the real one on a GPU.
#ifndef MORULA_TESTS_CUDA_SUPPORT_H
#define MORULA_TESTS_CUDA_SUPPORT_H

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "morula_cuda.h"

namespace morula_tests {

[[noreturn]] inline void stop(const char* file, int line, const char* what) {
    std::fprintf(stderr, "%s:%d: %s; last error: %s\n", file, line, what, morula_cuda_last_error());
    std::exit(1);
}

#define CHECK(condition) ((condition) ? (void)0 : morula_tests::stop(__FILE__, __LINE__, #condition))
// Not a number is never close.
#define CHECK_CLOSE(actual, expected, tolerance) CHECK(std::fabs((actual) - (expected)) <= (tolerance))

// CUDA_TEST(name) { ... } runs with `context`, in no particular order.
using Test = void (*)(morula_cuda_context* context);
struct Registration {
    Registration(const char* name, Test test);
};
#define CUDA_TEST(name)                                                              \
    static void test_##name([[maybe_unused]] morula_cuda_context* context);          \
    static const morula_tests::Registration registration_##name(#name, test_##name); \
    static void test_##name([[maybe_unused]] morula_cuda_context* context)

// `count` elements of device memory, filled with NaN (or -1) by the emulation, so that what was not computed shows.
template <class T>
class DeviceBuffer {
  public:
    DeviceBuffer(morula_cuda_context* context, int64_t count) : context_(context), count_(count) {
        CHECK(morula_cuda_alloc(context, &memory_, bytes()) == MORULA_OK);
    }
    DeviceBuffer(morula_cuda_context* context, const std::vector<T>& values)
        : DeviceBuffer(context, static_cast<int64_t>(values.size())) {
        put(values);
    }
    ~DeviceBuffer() { morula_cuda_free(context_, memory_, bytes()); }
    DeviceBuffer(const DeviceBuffer&) = delete;
    DeviceBuffer& operator=(const DeviceBuffer&) = delete;

    operator T*() { return static_cast<T*>(memory_); }
    void put(const std::vector<T>& values) {
        CHECK(static_cast<int64_t>(values.size()) == count_);
        CHECK(morula_cuda_upload(context_, memory_, values.data(), bytes()) == MORULA_OK);
    }
    std::vector<T> get() {
        std::vector<T> values(static_cast<size_t>(count_));
        CHECK(morula_cuda_download(context_, values.data(), memory_, bytes()) == MORULA_OK);
        return values;
    }

  private:
    int64_t bytes() const { return count_ * static_cast<int64_t>(sizeof(T)); }
    morula_cuda_context* const context_;
    const int64_t count_;
    void* memory_ = nullptr;
};

inline std::vector<float> normal_numbers(int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values) value = normal(random);
    return values;
}

}  // namespace morula_tests

#endif
