#include <cstdio>

#include "gpu.h"
using namespace cudaemu;
template <bool S>
__global__ void warp_swap(const float* in, float* out) {
    GPU_SHARED(float, s, [32]);
    const int t = threadIdx.x;
    s[t] = in[t];
    if (S) __syncwarp();
    out[t] = s[31 - t];
}
__global__ void overlap(float* out) { out[blockIdx.x * 31 + threadIdx.x] = 1; }
__global__ void half_exit(float* out) {
    if (threadIdx.x >= 16) return;
    out[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.f, 1);
}
__global__ void bad_mask(float* out) { out[threadIdx.x] = __shfl_sync(0x0000ffffu, 1.f, 0); }
__global__ void half_mask(float* out) {
    const unsigned m = threadIdx.x < 16 ? 0xffffu : 0xffff0000u;
    float v = threadIdx.x;
    for (int d = 8; d; d >>= 1) v += __shfl_xor_sync(m, v, d, 16);
    out[threadIdx.x] = v;
}
__global__ void diverged(float* out) {
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    out[threadIdx.x] = 0;
}
__global__ void dyn_over(float* out, int n) {
    GPU_DYNAMIC_SHARED(float, s);
    s[threadIdx.x] = 1;
    if (threadIdx.x == 0) s[n] = 2;
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x];
}
__global__ void uninit(float* out) {
    GPU_SHARED(float, s, [64]);
    out[threadIdx.x] = s[threadIdx.x];
}
__global__ void last_block(const float* in, float* part, unsigned* n, float* out) {
    if (threadIdx.x == 0) {
        part[blockIdx.x] = in[blockIdx.x];
        __threadfence();
        if (atomicAdd(n, 1u) == gridDim.x - 1) {
            float s = 0;
            for (unsigned i = 0; i < gridDim.x; ++i) s += part[i];
            *out = s;
        }
    }
}
__global__ void shfl_as_barrier(float* out) {
    GPU_SHARED(float, s, [32]);
    s[threadIdx.x] = threadIdx.x;
    (void)__shfl_xor_sync(0xffffffffu, 1, 1);
    out[threadIdx.x] = s[31 - threadIdx.x];
}
template <class F>
void t(const char* name, F f) {
    try {
        f();
    } catch (const Error& e) {
        std::string s = e.what();
        printf("%-16s ERROR %s\n", name, s.substr(0, 190).c_str());
    }
}
int main() {
    std::vector<float> in(64);
    for (int i = 0; i < 64; ++i) in[i] = i;
    Buffer<float> a(in), o(64), p(8), r(1);
    Buffer<unsigned> n(1);
    n.zero();
    auto show = [&](const char* name) { printf("%-16s %g %g .. %g %g\n", name, o.p[0], o.p[1], o.p[30], o.p[31]); };
    t("warp_swap sync", [&] {
        GPU_LAUNCH(warp_swap<true>, 1, 32, 0, nullptr, a.p, o.p);
        show("warp_swap sync");
    });
    t("warp_swap none", [&] {
        GPU_LAUNCH(warp_swap<false>, 1, 32, 0, nullptr, a.p, o.p);
        show("warp_swap none");
    });
    t("shfl_as_barrier", [&] {
        GPU_LAUNCH(shfl_as_barrier, 1, 32, 0, nullptr, o.p);
        show("shfl_as_barrier");
    });
    t("overlap", [&] {
        GPU_LAUNCH(overlap, 2, 32, 0, nullptr, o.p);
        show("overlap");
    });
    t("half_exit", [&] {
        GPU_LAUNCH(half_exit, 1, 32, 0, nullptr, o.p);
        show("half_exit");
    });
    t("bad_mask", [&] {
        GPU_LAUNCH(bad_mask, 1, 32, 0, nullptr, o.p);
        show("bad_mask");
    });
    t("half_mask", [&] {
        GPU_LAUNCH(half_mask, 1, 32, 0, nullptr, o.p);
        show("half_mask");
    });
    t("diverged", [&] {
        GPU_LAUNCH(diverged, 1, 64, 0, nullptr, o.p);
        show("diverged");
    });
    t("uninit", [&] {
        GPU_LAUNCH(uninit, 1, 64, 0, nullptr, o.p);
        show("uninit");
    });
    t("last_block", [&] {
        GPU_LAUNCH(last_block, 8, 32, 0, nullptr, a.p, p.p, n.p, r.p);
        printf("last_block       %g\n", r.p[0]);
    });
    t("too many threads", [&] { GPU_LAUNCH(uninit, 1, 1056, 0, nullptr, o.p); });
    t("dyn_over", [&] {
        GPU_LAUNCH(dyn_over, 1, 32, 32 * 4, nullptr, o.p, 32);
        show("dyn_over");
    });
}
