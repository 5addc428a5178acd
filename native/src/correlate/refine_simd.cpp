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

// For each of `count` right rows the 32 lanes of a sum, added up to 8.
#if defined(__AVX512F__)
template <int count>
inline void products_of(__m256* lanes, const float* left, const float* const* right, int64_t from) {
    __m512 even[count], odd[count];
    for (int q = 0; q < count; q++) even[q] = odd[q] = _mm512_setzero_ps();
#pragma GCC unroll 8
    for (int64_t k = from; k < from + unit; k += 32) {
        const __m512 a = _mm512_loadu_ps(left + k), b = _mm512_loadu_ps(left + k + 16);
        for (int q = 0; q < count; q++) {
            even[q] = _mm512_fmadd_ps(a, _mm512_loadu_ps(right[q] + k), even[q]);
            odd[q] = _mm512_fmadd_ps(b, _mm512_loadu_ps(right[q] + k + 16), odd[q]);
        }
    }
    for (int q = 0; q < count; q++) {
        const __m512 sum = _mm512_add_ps(even[q], odd[q]);
        lanes[q] = _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
    }
}
#else
template <int count>
inline void products_of(__m256* lanes, const float* left, const float* const* right, int64_t from) {
    for (int q = 0; q < count; q++) {
        __m256 sum[4];
        for (int l = 0; l < 4; l++) sum[l] = _mm256_setzero_ps();
#pragma GCC unroll 8
        for (int64_t k = from; k < from + unit; k += 32) {
            for (int l = 0; l < 4; l++) {
                const __m256 b = _mm256_loadu_ps(right[q] + k + 8 * l);
                sum[l] = _mm256_fmadd_ps(_mm256_loadu_ps(left + k + 8 * l), b, sum[l]);
            }
        }
        lanes[q] = _mm256_add_ps(_mm256_add_ps(sum[0], sum[2]), _mm256_add_ps(sum[1], sum[3]));
    }
}
#endif

// Element q of the result is the sum of lanes[q], halved again and again: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)).
inline __m128 add_up(const __m256* lanes) {
    const __m256 ab = _mm256_add_ps(_mm256_permute2f128_ps(lanes[0], lanes[1], 0x20),
                                    _mm256_permute2f128_ps(lanes[0], lanes[1], 0x31));
    const __m256 cd = _mm256_add_ps(_mm256_permute2f128_ps(lanes[2], lanes[3], 0x20),
                                    _mm256_permute2f128_ps(lanes[2], lanes[3], 0x31));
    const __m256 pairs = _mm256_add_ps(_mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xee));
    const __m256 even = _mm256_shuffle_ps(pairs, pairs, 0x88), odd = _mm256_shuffle_ps(pairs, pairs, 0xdd);
    const __m256 sums = _mm256_add_ps(even, odd);  // a c a c | b d b d
    return _mm_unpacklo_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps(sums, 1));
}

template <int count>
void add_products(double* sums, const float* left, const float* const* right, int64_t samples) {
    double totals[4] = {};
    for (int q = 0; q < count; q++) totals[q] = sums[q];
    __m256d total = _mm256_loadu_pd(totals);
    for (int64_t from = 0; from < samples; from += unit) {
        __m256 lanes[4];
        for (int q = count; q < 4; q++) lanes[q] = _mm256_setzero_ps();
        products_of<count>(lanes, left, right, from);
        total = _mm256_add_pd(total, _mm256_cvtps_pd(add_up(lanes)));
    }
    _mm256_storeu_pd(totals, total);
    for (int q = 0; q < count; q++) sums[q] = totals[q];
}

// The right row of a pair that comes soon, for lists whose pairs lie apart.
inline void prefetch(const int64_t* pairs, int64_t p, int64_t count, const float* rows, int64_t samples) {
    if (p >= count) return;
    const float* row = rows + (pairs[p] & 0x7fffffff) * samples;
    for (int64_t k = 0; k < unit; k += 16) _mm_prefetch(reinterpret_cast<const char*>(row + k), _MM_HINT_T0);
}

void refine(double* sums, const int64_t* pairs, int64_t count, const float* rows, int64_t samples) {
    constexpr int ahead = 8;
    for (int64_t p = 0; p < count;) {
        const int64_t left = pairs[p] >> 32;
        const float* right[4];
        int together = 0;
        for (; together < 4 && p + together < count && pairs[p + together] >> 32 == left; together++) {
            right[together] = rows + (pairs[p + together] & 0x7fffffff) * samples;
        }
        // Where four come together many do, and their rows are in the nearest cache already.
        for (int q = 0; together < 4 && q < together; q++) prefetch(pairs, p + q + ahead, count, rows, samples);
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
