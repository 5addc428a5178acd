// Intrinsics of a single thread. Approximate functions (__expf, ...) are as exact here as the host's: tests leave room
// for the device's.
#ifndef MORULA_EMULATION_INTRINSICS_H
#define MORULA_EMULATION_INTRINSICS_H

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "device.h"

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

inline int __popc(unsigned value) { return __builtin_popcount(value); }
inline int __popcll(unsigned long long value) { return __builtin_popcountll(value); }
inline int __ffs(int value) { return __builtin_ffs(value); }
inline int __ffsll(long long value) { return __builtin_ffsll(value); }
inline int __clz(int value) { return value == 0 ? 32 : __builtin_clz(static_cast<unsigned>(value)); }
inline int __clzll(long long value) {
    return value == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(value));
}
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((static_cast<uint64_t>(a) * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}

inline int __float_as_int(float value) { return morula::emulation::from_bits<int>(morula::emulation::to_bits(value)); }
inline unsigned __float_as_uint(float value) {
    return morula::emulation::from_bits<unsigned>(morula::emulation::to_bits(value));
}
inline float __int_as_float(int bits) { return morula::emulation::from_bits<float>(morula::emulation::to_bits(bits)); }
inline float __uint_as_float(unsigned bits) {
    return morula::emulation::from_bits<float>(morula::emulation::to_bits(bits));
}
inline long long __double_as_longlong(double value) {
    return morula::emulation::from_bits<long long>(morula::emulation::to_bits(value));
}
inline double __longlong_as_double(long long bits) {
    return morula::emulation::from_bits<double>(morula::emulation::to_bits(bits));
}

inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return std::sqrt(a); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __frsqrt_rn(float a) { return 1.0f / std::sqrt(a); }
inline float rsqrtf(float a) { return 1.0f / std::sqrt(a); }
inline double rsqrt(double a) { return 1.0 / std::sqrt(a); }
inline float __expf(float a) { return std::exp(a); }
inline float __logf(float a) { return std::log(a); }

template <class T>
T __ldg(const T* source) {
    return *source;
}
template <class T>
T __ldcg(const T* source) {
    return *source;
}
template <class T>
T __ldcs(const T* source) {
    return *source;
}
template <class T>
void __stcg(T* target, T value) {
    *target = value;
}
template <class T>
void __stcs(T* target, T value) {
    *target = value;
}

using std::max;
using std::min;

#endif
