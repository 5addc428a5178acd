// What the benchmark of the CUDA backend shares: what a call does, how it is timed, and memory to do it in.
#ifndef MORULA_BENCH_GPU_BENCH_H
#define MORULA_BENCH_GPU_BENCH_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "morula_cuda_correlate.h"
#include "morula_cuda_train.h"

namespace morula_bench {

// Throws std::runtime_error with morula_cuda_last_error() unless status is MORULA_OK.
void require(int status);

// Whether large products of linear layers are cuBLAS'.
bool uses_blas(const morula_cuda_context* context);

// What the operations of a kernel are held against. plain: nothing, since memory or the link takes longer.
enum class Arithmetic { plain, float32, tf32, bfloat16 };

// What a call does at least, as the header comment of its kernel counts it; each number of bytes is read or written
// once. to_device and to_host are bytes over the link, for calls whose arguments lie in host memory.
struct Work {
    double flops = 0;
    Arithmetic arithmetic = Arithmetic::plain;
    double bytes = 0, to_device = 0, to_host = 0;
};

// What the device can do at best, a second, as measured in the same run; null where that was not possible.
struct Ceilings {
    std::optional<double> memory;                   // bytes read or written by a copy in device memory
    std::optional<double> to_device, to_host;       // bytes copied from and to pinned memory
    std::optional<double> tf32, bfloat16, float32;  // flops of cuBLAS' product
};

struct Measurement {
    std::string entry, sizes;  // the call, and what it was given
    Work work;
    double seconds = 0;   // of one call, the median of several timings
    int64_t calls = 0;    // of each timing
    std::string failure;  // what the call said; empty if it succeeded
};

// The ceiling that a call is nearest to, by which it cannot take less than `seconds`; null if one that might be was not
// measured.
struct Bound {
    std::string name;
    double seconds;
};
std::optional<Bound> bound_of(const Work& work, const Ceilings& ceilings);

enum class Scale { whole, quick, tiny };  // tiny: for an emulated device, where figures mean nothing

// Times calls, by the host's clock around as many of them as take 50 ms, which are waited for; each measurement is
// handed on as soon as it is there.
class Bench {
  public:
    using Report = std::function<void(const Measurement&)>;
    Bench(morula_cuda_context* context, Scale scale, std::string only, Report report)
        : context_(context), scale_(scale), only_(std::move(only)), report_(std::move(report)) {}

    morula_cuda_context* context() const { return context_; }
    bool is_tiny() const { return scale_ == Scale::tiny; }
    bool is_whole() const { return scale_ == Scale::whole; }
    int64_t size(int64_t usual, int64_t tiny) const { return is_tiny() ? tiny : usual; }

    // The median time of one call, which returns a status, and how many calls each timing had.
    double median_seconds(const std::function<int()>& call, int64_t* calls) const;

    // Measures a call of the C ABI by this name, unless only others are wanted; a failure is reported like a result.
    void measure(const char* entry, const std::string& sizes, const Work& work, const std::function<int()>& call);

    // Runs cases that allocate what they share; if that fails, it is reported by this name, and others go on.
    void group(const char* name, const std::function<void()>& cases);

    bool has_failed() const { return failed_; }

  private:
    double seconds_of(const std::function<int()>& call, int64_t calls) const;
    bool wants(const char* entry) const;

    morula_cuda_context* const context_;
    const Scale scale_;
    const std::string only_;
    const Report report_;
    bool failed_ = false;
};

// Device memory, filled with random numbers from -1 to 1 (or the given ones) since zeros would be faster than any.
template <class T>
class Array {
  public:
    Array(const Bench& bench, int64_t count) : context_(bench.context()), bytes_(count * int64_t{sizeof(T)}) {
        require(morula_cuda_alloc(context_, &memory_, bytes_));
        fill();
    }
    Array(const Bench& bench, const std::vector<T>& values)
        : context_(bench.context()), bytes_(static_cast<int64_t>(values.size() * sizeof(T))) {
        require(morula_cuda_alloc(context_, &memory_, bytes_));
        require(morula_cuda_upload(context_, memory_, values.data(), bytes_));
    }
    ~Array() { morula_cuda_free(context_, memory_, bytes_); }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;

    operator T*() const { return static_cast<T*>(memory_); }

  private:
    void fill();
    morula_cuda_context* const context_;
    const int64_t bytes_;
    void* memory_ = nullptr;
};

// From -1 to 1, the same for the same seed.
std::vector<float> random_numbers(int64_t count, uint64_t seed);
// From 0 to limit - 1.
std::vector<int32_t> random_indices(int64_t count, int64_t limit, uint64_t seed);

// "128 x 256 x 8,192"
std::string product_of(const std::vector<int64_t>& sizes);

// The cases, by stage.
void memory_cases(Bench& bench);
void correlate_cases(Bench& bench);
void screen_cases(Bench& bench);
void product_cases(Bench& bench);
void convolution_cases(Bench& bench);
void layer_cases(Bench& bench);
void pool_cases(Bench& bench);
void optimizer_cases(Bench& bench);
void sample_cases(Bench& bench);
void step_cases(Bench& bench);

}  // namespace morula_bench

#endif
