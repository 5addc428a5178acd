// cudaemu_mma.h - tensor-core fragments, mma.sync and cp.async for the emulator.
#pragma once
#include <random>
namespace cudaemu {
// "The mapping of matrix elements into fragment storage is unspecified": a scrambled one, so that code
// which guesses it fails. Same for all fragments of one type, as CUDA promises.
template <int N>
int scramble(int i) {
    static_assert((N & (N - 1)) == 0);
    return int((unsigned(i) * 1103515245u + 12345u) & unsigned(N - 1));
}
inline float to_float(float f) { return f; }
inline float to_float(__half f) { return __half2float(f); }
inline float to_float(__nv_bfloat16 f) { return __bfloat162float(f); }
inline float tf32_truncate(float f) {
    return __uint_as_float(__float_as_uint(f) & 0xffffe000u);
}  // what the hardware ignores
inline int lane() { return g->cur->lin & 31; }

struct AsyncCopy {
    void* dst;
    const void* src;
    int valid;
};                             // 16 bytes, zeros past valid
void async_push(AsyncCopy c);  // queue of the current fiber
void async_commit();
bool async_pop(int leave, AsyncCopy* c);  // the next copy of all but the newest `leave` groups
}  // namespace cudaemu

namespace nvcuda::wmma {
struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
namespace precision {
struct tf32;
}
enum layout_t { mem_row_major, mem_col_major };
template <class T>
struct storage {
    using type = T;
};
template <>
struct storage<precision::tf32> {
    using type = float;
};
template <class Use, int M, int N, int K, class T, class Layout = void>
struct fragment {
    static constexpr bool a = std::is_same_v<Use, matrix_a>, b = std::is_same_v<Use, matrix_b>;
    static constexpr int rows = b ? K : M, cols = a ? K : N, num_elements = rows * cols / 32;
    typename storage<T>::type x[num_elements];
    static void where(int lane, int e, int& r, int& c) {
        const int i = cudaemu::scramble<rows * cols>(lane * num_elements + e);
        r = i / cols;
        c = i % cols;
    }
};
inline float __float_to_tf32(float f) {  // round to nearest, ties away, 10 fraction bits
    return cudaemu::tf32_truncate(__uint_as_float(__float_as_uint(f) + 0x1000u));
}
template <class F, class V>
void fill_fragment(F& f, V v) {
    for (auto& e : f.x) e = v;
}
template <class P>
void check_pointer(const P* p, unsigned ld, const char* what) {
    if (reinterpret_cast<uintptr_t>(p) % 32) cudaemu::fail("%s: pointer is not 256-bit aligned", what);
    if (ld * sizeof(P) % 16) cudaemu::fail("%s: leading dimension is not a multiple of 16 bytes", what);
}
template <class U, int M, int N, int K, class T, class L, class P>
void load_matrix_sync(fragment<U, M, N, K, T, L>& f, const P* p, unsigned ld, layout_t how = mem_row_major) {
    check_pointer(p, ld, "load_matrix_sync");
    cudaemu::collective(cudaemu::Op::mma, 0xffffffffu, 0, 0, 32, "load_matrix_sync");
    const bool rm = std::is_void_v<L> ? how == mem_row_major : std::is_same_v<L, row_major>;
    for (int e = 0; e < f.num_elements; ++e) {
        int r, c;
        f.where(cudaemu::lane(), e, r, c);
        f.x[e] = rm ? p[size_t(r) * ld + c] : p[size_t(c) * ld + r];
    }
}
template <int M, int N, int K, class T, class P>
void store_matrix_sync(P* p, const fragment<accumulator, M, N, K, T>& f, unsigned ld, layout_t how) {
    check_pointer(p, ld, "store_matrix_sync");
    cudaemu::collective(cudaemu::Op::mma, 0xffffffffu, 0, 0, 32, "store_matrix_sync");
    for (int e = 0; e < f.num_elements; ++e) {
        int r, c;
        f.where(cudaemu::lane(), e, r, c);
        (how == mem_row_major ? p[size_t(r) * ld + c] : p[size_t(c) * ld + r]) = f.x[e];
    }
}
template <int M, int N, int K, class T, class LA, class LB>
void mma_sync(fragment<accumulator, M, N, K, float>& d, const fragment<matrix_a, M, N, K, T, LA>& a,
              const fragment<matrix_b, M, N, K, T, LB>& b, const fragment<accumulator, M, N, K, float>& c) {
    struct Args {
        void* d;
        const void* a;
        const void* b;
        const void* c;
    } mine{&d, &a, &b, &c};
    cudaemu::collective(
        cudaemu::Op::mma, 0xffffffffu, reinterpret_cast<uint64_t>(&mine), 0, 32, "mma_sync", [](cudaemu::Fiber** f) {
            float A[M][K], B[K][N], C[M][N];
            auto arg = [&](int l) { return reinterpret_cast<Args*>(f[l]->val); };
            auto value = [](auto v) {
                float x = cudaemu::to_float(v);
                return std::is_same_v<T, precision::tf32> ? cudaemu::tf32_truncate(x) : x;
            };
            for (int l = 0, r, q; l < 32; ++l) {
                auto& fa = *static_cast<const fragment<matrix_a, M, N, K, T, LA>*>(arg(l)->a);
                auto& fb = *static_cast<const fragment<matrix_b, M, N, K, T, LB>*>(arg(l)->b);
                auto& fc = *static_cast<const fragment<accumulator, M, N, K, float>*>(arg(l)->c);
                for (int e = 0; e < fa.num_elements; ++e) {
                    fa.where(l, e, r, q);
                    A[r][q] = value(fa.x[e]);
                }
                for (int e = 0; e < fb.num_elements; ++e) {
                    fb.where(l, e, r, q);
                    B[r][q] = value(fb.x[e]);
                }
                for (int e = 0; e < fc.num_elements; ++e) {
                    fc.where(l, e, r, q);
                    C[r][q] = fc.x[e];
                }
            }
            for (int i = 0; i < M; ++i)
                for (int k = 0; k < K; ++k) {
                    const float x = A[i][k];
                    for (int j = 0; j < N; ++j)
                        C[i][j] += x * B[k][j];  // products are exact; the order of the sums is the hardware's own
                }
            for (int l = 0, r, q; l < 32; ++l) {
                auto& fd = *static_cast<fragment<accumulator, M, N, K, float>*>(arg(l)->d);
                for (int e = 0; e < fd.num_elements; ++e) {
                    fd.where(l, e, r, q);
                    fd.x[e] = C[r][q];
                }
            }
        });
}
}  // namespace nvcuda::wmma

namespace cudaemu {  // mma.sync: register layouts as in the PTX manual
struct MmaArgs {
    float* d;
    const uint32_t* a;
    const uint32_t* b;
};
inline void mma_m16n8k8_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    MmaArgs mine{d, a, b};
    collective(Op::mma, 0xffffffffu, reinterpret_cast<uint64_t>(&mine), 0, 32, "mma.m16n8k8.tf32", [](Fiber** f) {
        float A[16][8], B[8][8], C[16][8];
        for (int l = 0; l < 32; ++l) {
            auto& x = *reinterpret_cast<MmaArgs*>(f[l]->val);
            const int gr = l >> 2, t = l & 3;
            for (int i = 0; i < 4; ++i) A[gr + (i & 1) * 8][t + (i >> 1) * 4] = tf32_truncate(__uint_as_float(x.a[i]));
            for (int i = 0; i < 2; ++i) B[t + i * 4][gr] = tf32_truncate(__uint_as_float(x.b[i]));
            for (int i = 0; i < 4; ++i) C[gr + (i >> 1) * 8][t * 2 + (i & 1)] = x.d[i];
        }
        for (int i = 0; i < 16; ++i)
            for (int k = 0; k < 8; ++k)
                for (int j = 0; j < 8; ++j) C[i][j] += A[i][k] * B[k][j];
        for (int l = 0; l < 32; ++l)
            for (int i = 0; i < 4; ++i)
                reinterpret_cast<MmaArgs*>(f[l]->val)->d[i] = C[(l >> 2) + (i >> 1) * 8][(l & 3) * 2 + (i & 1)];
    });
}
inline void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    MmaArgs mine{d, a, b};
    collective(Op::mma, 0xffffffffu, reinterpret_cast<uint64_t>(&mine), 0, 32, "mma.m16n8k16.bf16", [](Fiber** f) {
        float A[16][16], B[16][8], C[16][8];
        auto half_of = [](uint32_t v, int h) {
            return __uint_as_float(h ? v & 0xffff0000u : v << 16);
        };  // low half: lower column
        for (int l = 0; l < 32; ++l) {
            auto& x = *reinterpret_cast<MmaArgs*>(f[l]->val);
            const int gr = l >> 2, t = l & 3;
            for (int i = 0; i < 4; ++i)
                for (int h = 0; h < 2; ++h) A[gr + (i & 1) * 8][t * 2 + h + (i >> 1) * 8] = half_of(x.a[i], h);
            for (int i = 0; i < 2; ++i)
                for (int h = 0; h < 2; ++h) B[t * 2 + h + i * 8][gr] = half_of(x.b[i], h);
            for (int i = 0; i < 4; ++i) C[gr + (i >> 1) * 8][t * 2 + (i & 1)] = x.d[i];
        }
        for (int i = 0; i < 16; ++i)
            for (int k = 0; k < 16; ++k)
                for (int j = 0; j < 8; ++j) C[i][j] += A[i][k] * B[k][j];
        for (int l = 0; l < 32; ++l)
            for (int i = 0; i < 4; ++i)
                reinterpret_cast<MmaArgs*>(f[l]->val)->d[i] = C[(l >> 2) + (i >> 1) * 8][(l & 3) * 2 + (i & 1)];
    });
}
// cp.async: nothing arrives before the wait; until then the destination holds NaN.
inline void cp_async16(void* dst, const void* src, int valid = 16) {
    if (reinterpret_cast<uintptr_t>(dst) % 16 || reinterpret_cast<uintptr_t>(src) % 16)
        fail("cp.async: address is not 16-byte aligned");
    for (int i = 0; i < 4; ++i) static_cast<uint32_t*>(dst)[i] = 0xffffffffu;
    async_push({dst, src, valid});
}
inline void cp_async_commit() { async_commit(); }
inline void cp_async_wait(int leave) {
    for (AsyncCopy c; async_pop(leave, &c);)
        for (int i = 0; i < 4; ++i)
            static_cast<uint32_t*>(c.dst)[i] = i * 4 < c.valid ? static_cast<const uint32_t*>(c.src)[i] : 0u;
}
}  // namespace cudaemu
