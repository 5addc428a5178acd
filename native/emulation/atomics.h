// Atomic operations under their CUDA names; each returns what was there before.
#ifndef MORULA_EMULATION_ATOMICS_H
#define MORULA_EMULATION_ATOMICS_H

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace morula::emulation {

// For what the host has no instruction for.
template <class T, class F>
T atomic_update(T* target, F update) {
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
    Bits* const bits = reinterpret_cast<Bits*>(target);
    Bits before = __atomic_load_n(bits, __ATOMIC_RELAXED), after;
    T value;
    do {
        std::memcpy(&value, &before, sizeof value);
        const T updated = update(value);
        std::memcpy(&after, &updated, sizeof updated);
    } while (!__atomic_compare_exchange_n(bits, &before, after, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return value;
}

template <class T>
constexpr bool atomic_integer =
    std::is_same_v<T, int> || std::is_same_v<T, unsigned> || std::is_same_v<T, unsigned long long>;
template <class T>
using same = std::type_identity_t<T>;

}  // namespace morula::emulation

template <class T>
T atomicAdd(T* target, morula::emulation::same<T> value) {
    if constexpr (morula::emulation::atomic_integer<T>) {
        return __atomic_fetch_add(target, value, __ATOMIC_RELAXED);
    } else {
        static_assert(std::is_floating_point_v<T>, "CUDA has no atomicAdd of this type");
        return morula::emulation::atomic_update(target, [=](T before) { return before + value; });
    }
}
template <class T>
T atomicSub(T* target, morula::emulation::same<T> value) {
    static_assert(std::is_same_v<T, int> || std::is_same_v<T, unsigned>, "CUDA has no atomicSub of this type");
    return __atomic_fetch_sub(target, value, __ATOMIC_RELAXED);
}
template <class T>
T atomicCAS(T* target, morula::emulation::same<T> expected, morula::emulation::same<T> value) {
    static_assert(morula::emulation::atomic_integer<T>, "CUDA has no atomicCAS of this type");
    __atomic_compare_exchange_n(target, &expected, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return expected;
}
template <class T>
T atomicExch(T* target, morula::emulation::same<T> value) {
    return morula::emulation::atomic_update(target, [=](T) { return value; });
}
template <class T>
T atomicMax(T* target, morula::emulation::same<T> value) {
    static_assert(std::is_integral_v<T>, "CUDA has no atomicMax of this type");
    return morula::emulation::atomic_update(target, [=](T before) { return std::max(before, value); });
}
template <class T>
T atomicMin(T* target, morula::emulation::same<T> value) {
    static_assert(std::is_integral_v<T>, "CUDA has no atomicMin of this type");
    return morula::emulation::atomic_update(target, [=](T before) { return std::min(before, value); });
}
template <class T>
T atomicOr(T* target, morula::emulation::same<T> value) {
    static_assert(std::is_integral_v<T>, "CUDA has no atomicOr of this type");
    return __atomic_fetch_or(target, value, __ATOMIC_RELAXED);
}
template <class T>
T atomicAnd(T* target, morula::emulation::same<T> value) {
    static_assert(std::is_integral_v<T>, "CUDA has no atomicAnd of this type");
    return __atomic_fetch_and(target, value, __ATOMIC_RELAXED);
}

#endif
