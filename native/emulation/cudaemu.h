// cudaemu.h - run CUDA C++ kernels on the host, one fiber per CUDA thread.
// A fiber runs until it meets a barrier or a warp collective, so a thread is always as far
// ahead of the others as the program permits: missing barriers give wrong values instead of luck.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <tuple>
#include <vector>

// ---- qualifiers: the toolkit's host headers leave most of them empty; redefine all of them ------
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __constant__
#undef __grid_constant__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __grid_constant__
#define __launch_bounds__(...)
#define __shared__ static_assert(false, "write GPU_SHARED(type, name, [n])");  // bounds and poisons the array

#define CUDAEMU_STR2(x) #x
#define CUDAEMU_STR(x) CUDAEMU_STR2(x)
#define CUDAEMU_SITE (__FILE__ ":" CUDAEMU_STR(__LINE__))

namespace cudaemu {
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Order { forward, reverse, random };
struct Options {
    Order order = Order::forward;  // CUDAEMU_ORDER, of the threads in a block and of the blocks
    unsigned seed = 1;             // CUDAEMU_SEED
    int workers = 1;               // CUDAEMU_WORKERS, OS threads; each runs whole blocks
    bool strict = true;            // an early exit while others wait at a barrier is an error
};
Options& options();

enum class Op : uint8_t {
    sync,
    shfl_idx,
    shfl_up,
    shfl_down,
    shfl_xor,
    ballot,
    any,
    all,
    add,
    min,
    max,
    match_any,
    mma
};
enum class St : uint8_t { ready, at_block, at_warp, done };

struct Fiber {
    uint3 tid{};
    int lin = 0;
    uint64_t val = 0, res = 0;
    uint32_t mask = 0, arg = 0, width = 0;
    St st = St::done;
    Op op{};
    const char* site = "";
    void* sp = nullptr;
    char* stack = nullptr;
    void* san = nullptr;  // the sanitizer's handle
    void* async = nullptr;
};
struct State {  // of the OS thread: the running fiber and its block
    Fiber* cur = nullptr;
    uint3 bid{};
    dim3 block, grid;
    void* dyn = nullptr;
    int pred_or = 0, pred_and = 1, pred_count = 0;  // results of the last __syncthreads_{or,and,count}
};
extern thread_local State* g __attribute__((tls_model("initial-exec")));

using Mma = void (*)(Fiber** lane);
void launch(dim3 grid, dim3 block, size_t dyn, void (*call)(const void*), const void* body);
void sync_block(const char* site, int pred = 0);
uint64_t collective(Op op, uint32_t mask, uint64_t val, uint32_t arg, uint32_t width, const char* site,
                    Mma mma = nullptr);
[[noreturn]] void fail(const char* fmt, ...);
void* shared_slot(int slot);
int new_slot(size_t bytes, const char* name);
void* device_alloc(size_t bytes, const char* name);  // exact size, filled with 0xff
void device_free(void* p);
void device_written(void* p, size_t bytes);  // the host put data there

template <class T, class Tag>
struct SlotOf {
    static inline const int id = new_slot(sizeof(T), Tag::text());
};

void ptx_launch(dim3 grid, dim3 block, size_t dyn, void* kernel, const char* params);  // ptx.cpp
template <class... P, class... A>
void launch_kernel(dim3 grid, dim3 block, size_t dyn, cudaStream_t, void (*kernel)(P...), A&&... a) {
    const std::tuple<P...> args(std::forward<A>(a)...);  // converted and copied once, as the driver does
#ifdef CUDAEMU_PTX                                       // run what nvcc made of the kernel of the same mangled name
    alignas(16) char buf[4096];
    size_t at = 0;
    std::apply(
        [&](const P&... p) {
            ((at = (at + alignof(P) - 1) / alignof(P) * alignof(P), memcpy(buf + at, &p, sizeof p), at += sizeof p),
             ...);
        },
        args);
    return ptx_launch(grid, block, dyn, reinterpret_cast<void*>(kernel), buf);
#endif
    auto body = [&] { std::apply(kernel, args); };
    launch(
        grid, block, dyn, [](const void* b) { (*static_cast<const decltype(body)*>(b))(); }, &body);
}
void enqueue(cudaStream_t s, std::function<void()> f);  // cudart_emu.cpp
template <class... P, class... A>
void queue_kernel(dim3 grid, dim3 block, size_t dyn, cudaStream_t s, void (*kernel)(P...), A&&... a) {
    enqueue(s, [=, t = std::tuple<P...>(std::forward<A>(a)...)] {
        auto body = [&] { std::apply(kernel, t); };
        launch(
            grid, block, dyn, [](const void* b) { (*static_cast<const decltype(body)*>(b))(); }, &body);
    });
}

template <class T>
struct Buffer {
    T* p;
    size_t n;
    explicit Buffer(size_t n_, const char* name = "buffer")
        : p(static_cast<T*>(device_alloc(n_ * sizeof(T), name))), n(n_) {}
    Buffer(const std::vector<T>& v, const char* name = "buffer") : Buffer(v.size(), name) { put(v); }
    Buffer(const Buffer&) = delete;
    ~Buffer() { device_free(p); }
    void put(const std::vector<T>& v) {
        memcpy(static_cast<void*>(p), v.data(), n * sizeof(T));
        device_written(p, n * sizeof(T));
    }
    void zero() {
        memset(static_cast<void*>(p), 0, n * sizeof(T));
        device_written(p, n * sizeof(T));
    }
};

template <class T>
uint64_t pack(T v) {
    static_assert(sizeof(T) <= 8);
    uint64_t u = 0;
    memcpy(&u, &v, sizeof v);
    return u;
}
template <class T>
T unpack(uint64_t u) {
    T v;
    memcpy(&v, &u, sizeof v);
    return v;
}
template <class T>
T shfl(Op op, unsigned mask, T v, unsigned a, int width, const char* site) {
    return unpack<T>(collective(op, mask, pack(v), a, unsigned(width), site));
}
}  // namespace cudaemu

// GPU_SHARED(float, tile, [16][17]);  GPU_SHARED(int, count);  -- one slot per declaration (and template instance)
#define GPU_SHARED(T, name, ...)                                  \
    struct name##_shared_tag {                                    \
        static const char* text() { return #name; }               \
    };                                                            \
    using name##_shared_type = T __VA_ARGS__;                     \
    name##_shared_type& name = *static_cast<name##_shared_type*>( \
        ::cudaemu::shared_slot(::cudaemu::SlotOf<name##_shared_type, name##_shared_tag>::id))
#define GPU_DYNAMIC_SHARED(T, name) T* const name = static_cast<T*>(::cudaemu::g->dyn)
#ifdef CUDAEMU_RUNTIME  // with cudart_emu.cpp: queued, as on a stream
#define GPU_LAUNCH(kernel, grid, block, smem, stream, ...) \
    ::cudaemu::queue_kernel((grid), (block), (smem), (stream), kernel, __VA_ARGS__)
#else
#define GPU_LAUNCH(kernel, grid, block, smem, stream, ...) \
    ::cudaemu::launch_kernel((grid), (block), (smem), (stream), kernel, __VA_ARGS__)

#endif
#define threadIdx (::cudaemu::g->cur->tid)
#define blockIdx (::cudaemu::g->bid)
#define blockDim (::cudaemu::g->block)
#define gridDim (::cudaemu::g->grid)
#define warpSize 32

#define __syncthreads() ::cudaemu::sync_block(CUDAEMU_SITE)
#define __syncthreads_or(p) (::cudaemu::sync_block(CUDAEMU_SITE, (p)), ::cudaemu::g->pred_or)
#define __syncthreads_and(p) (::cudaemu::sync_block(CUDAEMU_SITE, (p)), ::cudaemu::g->pred_and)
#define __syncthreads_count(p) (::cudaemu::sync_block(CUDAEMU_SITE, (p)), ::cudaemu::g->pred_count)
#define CUDAEMU_1ST(a, ...) a
#define __syncwarp(...)                                                                                              \
    ((void)::cudaemu::collective(::cudaemu::Op::sync, CUDAEMU_1ST(__VA_ARGS__ __VA_OPT__(, ) 0xffffffffu), 0, 0, 32, \
                                 CUDAEMU_SITE))
#define __shfl_sync(m, v, a, ...)                                                                           \
    ::cudaemu::shfl(::cudaemu::Op::shfl_idx, m, v, unsigned(a), CUDAEMU_1ST(__VA_ARGS__ __VA_OPT__(, ) 32), \
                    CUDAEMU_SITE)
#define __shfl_up_sync(m, v, a, ...) \
    ::cudaemu::shfl(::cudaemu::Op::shfl_up, m, v, unsigned(a), CUDAEMU_1ST(__VA_ARGS__ __VA_OPT__(, ) 32), CUDAEMU_SITE)
#define __shfl_down_sync(m, v, a, ...)                                                                       \
    ::cudaemu::shfl(::cudaemu::Op::shfl_down, m, v, unsigned(a), CUDAEMU_1ST(__VA_ARGS__ __VA_OPT__(, ) 32), \
                    CUDAEMU_SITE)
#define __shfl_xor_sync(m, v, a, ...)                                                                       \
    ::cudaemu::shfl(::cudaemu::Op::shfl_xor, m, v, unsigned(a), CUDAEMU_1ST(__VA_ARGS__ __VA_OPT__(, ) 32), \
                    CUDAEMU_SITE)
#define __ballot_sync(m, p) unsigned(::cudaemu::collective(::cudaemu::Op::ballot, m, (p) ? 1 : 0, 0, 32, CUDAEMU_SITE))
#define __any_sync(m, p) int(::cudaemu::collective(::cudaemu::Op::any, m, (p) ? 1 : 0, 0, 32, CUDAEMU_SITE))
#define __all_sync(m, p) int(::cudaemu::collective(::cudaemu::Op::all, m, (p) ? 1 : 0, 0, 32, CUDAEMU_SITE))
#define __reduce_add_sync(m, v) unsigned(::cudaemu::collective(::cudaemu::Op::add, m, uint32_t(v), 0, 32, CUDAEMU_SITE))
#define __reduce_max_sync(m, v) unsigned(::cudaemu::collective(::cudaemu::Op::max, m, uint32_t(v), 0, 32, CUDAEMU_SITE))
#define __reduce_min_sync(m, v) unsigned(::cudaemu::collective(::cudaemu::Op::min, m, uint32_t(v), 0, 32, CUDAEMU_SITE))
#define __match_any_sync(m, v) \
    unsigned(::cudaemu::collective(::cudaemu::Op::match_any, m, ::cudaemu::pack(v), 0, 32, CUDAEMU_SITE))

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline int __clz(int v) { return v ? __builtin_clz(unsigned(v)) : 32; }
inline int __float_as_int(float f) {
    int i;
    memcpy(&i, &f, 4);
    return i;
}
inline unsigned __float_as_uint(float f) {
    unsigned i;
    memcpy(&i, &f, 4);
    return i;
}
inline float __int_as_float(int i) {
    float f;
    memcpy(&f, &i, 4);
    return f;
}
inline float __uint_as_float(unsigned i) {
    float f;
    memcpy(&f, &i, 4);
    return f;
}
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float rsqrtf(float a) { return 1.0f / std::sqrt(a); }
inline float __expf(float a) { return std::exp(a); }
inline float __logf(float a) { return std::log(a); }
template <class T>
inline T __ldg(const T* p) {
    return *p;
}
template <class T>
inline T __ldcg(const T* p) {
    return *p;
}
template <class T>
inline T __ldcs(const T* p) {
    return *p;
}
template <class T>
inline void __stcs(T* p, T v) {
    *p = v;
}
using std::max;
using std::min;

inline int atomicAdd(int* p, int v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline unsigned atomicAdd(unsigned* p, unsigned v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline unsigned long long atomicAdd(unsigned long long* p, unsigned long long v) {
    return __atomic_fetch_add(p, v, __ATOMIC_RELAXED);
}
inline int atomicCAS(int* p, int c, int v) {
    __atomic_compare_exchange_n(p, &c, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return c;
}
inline unsigned atomicCAS(unsigned* p, unsigned c, unsigned v) {
    __atomic_compare_exchange_n(p, &c, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return c;
}
inline unsigned long long atomicCAS(unsigned long long* p, unsigned long long c, unsigned long long v) {
    __atomic_compare_exchange_n(p, &c, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return c;
}
inline unsigned atomicExch(unsigned* p, unsigned v) { return __atomic_exchange_n(p, v, __ATOMIC_RELAXED); }
inline int atomicExch(int* p, int v) { return __atomic_exchange_n(p, v, __ATOMIC_RELAXED); }
namespace cudaemu {
template <class T, class U, class F>
inline T atomic_rmw(T* p, F f) {
    U* q = reinterpret_cast<U*>(p);
    U old = __atomic_load_n(q, __ATOMIC_RELAXED), neu;
    T o;
    do {
        memcpy(&o, &old, sizeof o);
        T r = f(o);
        memcpy(&neu, &r, sizeof r);
    } while (!__atomic_compare_exchange_n(q, &old, neu, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return o;
}
}  // namespace cudaemu
inline float atomicAdd(float* p, float v) {
    return cudaemu::atomic_rmw<float, uint32_t>(p, [=](float o) { return o + v; });
}
inline double atomicAdd(double* p, double v) {
    return cudaemu::atomic_rmw<double, uint64_t>(p, [=](double o) { return o + v; });
}
inline int atomicMax(int* p, int v) {
    return cudaemu::atomic_rmw<int, uint32_t>(p, [=](int o) { return std::max(o, v); });
}
inline unsigned atomicMax(unsigned* p, unsigned v) {
    return cudaemu::atomic_rmw<unsigned, uint32_t>(p, [=](unsigned o) { return std::max(o, v); });
}
inline int atomicMin(int* p, int v) {
    return cudaemu::atomic_rmw<int, uint32_t>(p, [=](int o) { return std::min(o, v); });
}

#include "cudaemu_mma.h"
