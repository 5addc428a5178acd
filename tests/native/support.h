// What the tests of the kernels share: buffers with sharp ends, contexts, and checks that end the program.
#ifndef MORULA_TESTS_SUPPORT_H
#define MORULA_TESTS_SUPPORT_H

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "morula_redundancy.h"
#include "morula_train.h"

namespace morula_tests {

[[noreturn]] inline void stop(const char* file, int line, const char* what) {
    std::fprintf(stderr, "%s:%d: %s; last error: %s\n", file, line, what, morula_last_error());
    std::exit(1);
}

#define CHECK(condition) ((condition) ? (void)0 : morula_tests::stop(__FILE__, __LINE__, #condition))
#define CHECK_CLOSE(actual, expected, tolerance) CHECK(std::fabs((actual) - (expected)) <= (tolerance))

// `count` elements that end where the next page cannot be touched, and are poisoned around for AddressSanitizer: that
// sees every access of the compiler's, the page those that it does not see, such as tile loads and OpenBLAS. Filled
// with ones, which is NaN, so that what was not computed shows.
template <class T>
class Buffer {
  public:
    explicit Buffer(int64_t count, size_t alignment = alignof(T))
        : count_(count), bytes_(static_cast<size_t>(count) * sizeof(T)) {
        const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
        usable_ = (bytes_ + alignment + page) / page * page;
        base_ = static_cast<char*>(
            mmap(nullptr, usable_ + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        CHECK(base_ != MAP_FAILED);
        CHECK(mprotect(base_ + usable_, page, PROT_NONE) == 0);
        const size_t begin = (usable_ - bytes_) / alignment * alignment;
        data_ = reinterpret_cast<T*>(base_ + begin);
        std::memset(base_, 0xff, usable_);
        ASAN_POISON_MEMORY_REGION(base_, begin);
        ASAN_POISON_MEMORY_REGION(base_ + begin + bytes_, usable_ - begin - bytes_);
    }
    ~Buffer() {
        ASAN_UNPOISON_MEMORY_REGION(base_, usable_);
        munmap(base_, usable_ + static_cast<size_t>(sysconf(_SC_PAGESIZE)));
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    operator T*() { return data_; }
    T* begin() { return data_; }
    T* end() { return data_ + count_; }
    int64_t count() const { return count_; }

  private:
    const int64_t count_;
    const size_t bytes_;
    size_t usable_;
    char* base_;
    T* data_;
};

constexpr size_t line = 64;  // what packed panels and workspaces are aligned to

class Context {
  public:
    explicit Context(int tier) { CHECK(morula_context_create(&context_, tier) == MORULA_OK); }
    ~Context() { morula_context_destroy(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    operator morula_context*() { return context_; }

  private:
    morula_context* context_;
};

// Uniform numbers from -1 to 1.
class Random {
  public:
    double next() { return distribution_(engine_); }
    void fill(Buffer<float>& buffer) {
        for (float& x : buffer) x = static_cast<float>(next());
    }

  private:
    std::mt19937_64 engine_;
    std::uniform_real_distribution<double> distribution_{-1, 1};
};

void test_memory();
void test_activations(Context& context);
void test_standardise(Context& context);
void test_correlate(Context& context);
void test_screen(Context& context);
void test_graph(Context& context);
void test_train(Context& context);
void test_losses(Context& context);
void test_optimizers(Context& context);
void test_convolution(Context& context);
void test_samples(Context& context);
void test_layers(Context& context);
void test_classes(Context& context);
void test_redundancy(Context& context);

}  // namespace morula_tests

#endif
