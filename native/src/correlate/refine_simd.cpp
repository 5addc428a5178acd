// Products of candidate pairs over one piece of the samples, as refine_ref.cpp defines them: the same order of
// additions, so that a pair has the same product whatever it is computed beside.
// Benchmark: dev.morula.correlate.RefineBenchmark.
//
// Bound by loads: a row of the left is held against up to four of the right, which come one after the other in the
// list, and the four sums are added up together.
#include <immintrin.h>

#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t unit = 256;  // samples of one float32 sum

#if defined(__AVX512F__)
// The 16 lanes of a sum, as two halves already added.
inline __m256 lanes_of(const float* a, const float* b) {
    __m512 even = _mm512_mul_ps(_mm512_loadu_ps(a), _mm512_loadu_ps(b));
    __m512 odd = _mm512_mul_ps(_mm512_loadu_ps(a + 16), _mm512_loadu_ps(b + 16));
#pragma GCC unroll 7
    for (int k = 32; k < unit; k += 32) {
        even = _mm512_fmadd_ps(_mm512_loadu_ps(a + k), _mm512_loadu_ps(b + k), even);
        odd = _mm512_fmadd_ps(_mm512_loadu_ps(a + k + 16), _mm512_loadu_ps(b + k + 16), odd);
    }
    const __m512 sum = _mm512_add_ps(even, odd);
    return _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
}
#else
inline __m256 lanes_of(const float* a, const float* b) {
    __m256 sum[4];
    for (int l = 0; l < 4; l++) sum[l] = _mm256_mul_ps(_mm256_loadu_ps(a + 8 * l), _mm256_loadu_ps(b + 8 * l));
    for (int k = 32; k < unit; k += 32) {
#pragma GCC unroll 4
        for (int l = 0; l < 4; l++) {
            sum[l] = _mm256_fmadd_ps(_mm256_loadu_ps(a + k + 8 * l), _mm256_loadu_ps(b + k + 8 * l), sum[l]);
        }
    }
    return _mm256_add_ps(_mm256_add_ps(sum[0], sum[2]), _mm256_add_ps(sum[1], sum[3]));
}
#endif

inline __m128 quarter(__m256 lanes) {
    return _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
}

// Element q of the result is the sum of the four lanes of sums[q]: (0 + 2) + (1 + 3).
inline __m128 add_up(const __m128* sums) {
    const __m128 ab = _mm_add_ps(_mm_shuffle_ps(sums[0], sums[1], 0x44), _mm_shuffle_ps(sums[0], sums[1], 0xee));
    const __m128 cd = _mm_add_ps(_mm_shuffle_ps(sums[2], sums[3], 0x44), _mm_shuffle_ps(sums[2], sums[3], 0xee));
    return _mm_add_ps(_mm_shuffle_ps(ab, cd, 0x88), _mm_shuffle_ps(ab, cd, 0xdd));
}

template <int count>
void add_products(double* sums, const float* left, const float* const* right, int64_t samples) {
    double totals[4] = {};
    for (int q = 0; q < count; q++) totals[q] = sums[q];
    __m256d total = _mm256_loadu_pd(totals);
    for (int64_t from = 0; from < samples; from += unit) {
        __m128 quarters[4];
        for (int q = 0; q < 4; q++) {
            quarters[q] = q < count ? quarter(lanes_of(left + from, right[q] + from)) : _mm_setzero_ps();
        }
        total = _mm256_add_pd(total, _mm256_cvtps_pd(add_up(quarters)));
    }
    _mm256_storeu_pd(totals, total);
    for (int q = 0; q < count; q++) sums[q] = totals[q];
}

void refine(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples) {
    constexpr int ahead = 8;
    for (int64_t p = 0; p < count;) {
        const int64_t left = pairs[p] >> 32;
        const float* right[4];
        int together = 0;
        for (; together < 4 && p + together < count && pairs[p + together] >> 32 == left; together++) {
            right[together] = rows + (pairs[p + together] & 0x7fffffff) * samples;
            if (p + together + ahead < count) {
                const float* next = rows + (pairs[p + together + ahead] & 0x7fffffff) * samples;
                for (int64_t k = 0; k < unit; k += 16)
                    _mm_prefetch(reinterpret_cast<const char*>(next + k), _MM_HINT_T0);
            }
        }
        const float* row = rows + left * samples;
        switch (together) {
            case 1:
                add_products<1>(sums + p, row, right, samples);
                break;
            case 2:
                add_products<2>(sums + p, row, right, samples);
                break;
            case 3:
                add_products<3>(sums + p, row, right, samples);
                break;
            default:
                add_products<4>(sums + p, row, right, samples);
        }
        p += together;
    }
}

}  // namespace

void install_refine(Table& table) { table.refine = refine; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
