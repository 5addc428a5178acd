// What the tests of the training kernels share.
#ifndef MORULA_TESTS_CUDA_TRAINING_H
#define MORULA_TESTS_CUDA_TRAINING_H

#include <cstring>

#include "morula_cuda_train.h"
#include "support.h"

namespace morula_tests {

constexpr float untouched = 7.25f;  // in what a call must leave as it is

template <class T = float>
std::vector<T> filled(int64_t count, T value = T(untouched)) {
    return std::vector<T>(static_cast<size_t>(count), value);
}

// Whether two numbers are the same bits, or both not numbers.
inline bool same(float a, float b) { return (a != a && b != b) || std::memcmp(&a, &b, sizeof a) == 0; }

#define CHECK_SAME(actual, expected)                                                            \
    do {                                                                                        \
        const auto& actual_ = (actual);                                                         \
        const auto& expected_ = (expected);                                                     \
        CHECK(actual_.size() == expected_.size());                                              \
        for (size_t i_ = 0; i_ < actual_.size(); i_++) CHECK(same(actual_[i_], expected_[i_])); \
    } while (0)

inline float not_a_number() { return std::nanf(""); }

}  // namespace morula_tests

#endif
