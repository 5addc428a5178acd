#include "bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace morula_bench {
namespace {

constexpr double least_timing = 0.05;  // seconds: a thousand times what the start of a kernel may vary by
constexpr int64_t most_calls = 1 << 20;
constexpr int64_t block = 1 << 20;  // random numbers that larger arrays repeat

uint64_t next(uint64_t& state) {  // SplitMix64 (Steele, Lea and Flood, 2014)
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

template <class T>
T from_float(float value) {
    return static_cast<T>(value);
}

template <>
char from_float(float value) {
    return static_cast<char>(127 * value);
}

template <>
uint16_t from_float(float value) {  // a bfloat16, cut off
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return static_cast<uint16_t>(bits >> 16);
}

template <class T>
const std::vector<T>& random_block() {
    static const std::vector<T> numbers = [] {
        std::vector<T> made;
        for (const float value : random_numbers(block, 1)) made.push_back(from_float<T>(value));
        return made;
    }();
    return numbers;
}

}  // namespace

void require(int status) {
    if (status != MORULA_OK) throw std::runtime_error(morula_cuda_last_error());
}

bool uses_blas(const morula_cuda_context* context) { return std::strncmp(morula_cuda_blas(context), "none", 4) != 0; }

std::optional<Bound> bound_of(const Work& work, const Ceilings& ceilings) {
    const std::optional<double> product = work.arithmetic == Arithmetic::float32 ? ceilings.float32
                                          : work.arithmetic == Arithmetic::tf32  ? ceilings.tf32
                                                                                 : ceilings.bfloat16;
    struct Limit {
        const char* name;
        double amount;
        std::optional<double> rate;
    };
    const Limit limits[] = {{"memory", work.bytes, ceilings.memory},
                            {"link to the device", work.to_device, ceilings.to_device},
                            {"link to the host", work.to_host, ceilings.to_host},
                            {"product", work.arithmetic == Arithmetic::plain ? 0 : work.flops, product}};
    Bound bound{"", 0};
    for (const Limit& limit : limits) {
        if (limit.amount == 0) continue;
        if (!limit.rate) return std::nullopt;
        if (limit.amount / *limit.rate > bound.seconds) bound = {limit.name, limit.amount / *limit.rate};
    }
    if (bound.seconds == 0) return std::nullopt;
    return bound;
}

double Bench::seconds_of(const std::function<int()>& call, int64_t calls) const {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    for (int64_t i = 0; i < calls; i++) require(call());
    require(morula_cuda_synchronize(context_));
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double Bench::median_seconds(const std::function<int()>& call, int64_t* calls) const {
    *calls = 1;
    double once = seconds_of(call, 1);  // warms up
    if (is_tiny()) return once;
    for (once = seconds_of(call, 1); once < least_timing && *calls < most_calls; once = seconds_of(call, *calls)) {
        const double enough = 1.2 * least_timing / std::max(once, 1e-9) * static_cast<double>(*calls);
        *calls = std::min<int64_t>(most_calls, std::max<int64_t>(*calls + 1, std::llround(enough)));
    }
    std::vector<double> timings(is_whole() ? 9 : 3);
    for (double& timing : timings) timing = seconds_of(call, *calls) / static_cast<double>(*calls);
    std::nth_element(timings.begin(), timings.begin() + timings.size() / 2, timings.end());
    return timings[timings.size() / 2];
}

bool Bench::wants(const char* entry) const { return std::strstr(entry, only_.c_str()) != nullptr; }

void Bench::measure(const char* entry, const std::string& sizes, const Work& work, const std::function<int()>& call) {
    if (!wants(entry)) return;
    Measurement found{entry, sizes, work, 0, 0, ""};
    try {
        found.seconds = median_seconds(call, &found.calls);
    } catch (const std::runtime_error& error) {
        found.failure = error.what();
        failed_ = true;
    }
    report_(found);
}

void Bench::group(const char* name, const std::function<void()>& cases) {
    try {
        cases();
    } catch (const std::exception& error) {
        failed_ = true;
        report_({name, "", {}, 0, 0, error.what()});
    }
}

template <class T>
void Array<T>::fill() {
    const std::vector<T>& numbers = random_block<T>();
    for (int64_t done = 0; done < bytes_;) {
        const int64_t part = std::min(bytes_ - done, static_cast<int64_t>(numbers.size() * sizeof(T)));
        require(morula_cuda_upload(context_, static_cast<char*>(memory_) + done, numbers.data(), part));
        done += part;
    }
}

template class Array<float>;
template class Array<double>;
template class Array<uint16_t>;
template class Array<int32_t>;
template class Array<char>;

std::vector<float> random_numbers(int64_t count, uint64_t seed) {
    std::vector<float> numbers(static_cast<size_t>(count));
    for (float& number : numbers) number = static_cast<float>(next(seed) >> 40) * 0x1p-23f - 1;
    return numbers;
}

std::vector<int32_t> random_indices(int64_t count, int64_t limit, uint64_t seed) {
    std::vector<int32_t> indices(static_cast<size_t>(count));
    for (int32_t& index : indices) index = static_cast<int32_t>(next(seed) % static_cast<uint64_t>(limit));
    return indices;
}

std::string product_of(const std::vector<int64_t>& sizes) {
    std::string text;
    for (const int64_t size : sizes) {
        std::string digits = std::to_string(size);
        for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), ",");
        text += (text.empty() ? "" : " x ") + digits;
    }
    return text;
}

}  // namespace morula_bench
