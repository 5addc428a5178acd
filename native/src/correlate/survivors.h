// Scans a block of products that is still in cache and lists the pairs that pass the cut. Internal linkage: each tier
// has a copy of its own.
#ifndef MORULA_CORRELATE_SURVIVORS_H
#define MORULA_CORRELATE_SURVIVORS_H

#include <math.h>
#include <stdint.h>

#include "kernel/table.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace morula {
namespace {

struct Survivors {
    int64_t* pairs;
    int64_t capacity, count;
    bool absolute;
    Cuts cuts;
};

inline float least_of(const float* cuts, int64_t count) {
    float least = INFINITY;
    for (int64_t k = 0; k < count; k++) least = cuts[k] < least ? cuts[k] : least;
    return least;
}

inline void keep_survivor(Survivors* s, int64_t left, int64_t right) {
    if (s->count < s->capacity) s->pairs[s->count] = left << 32 | right;
    s->count++;  // beyond the capacity only counted: the caller sees the overflow
}

// One row of products, of left row i of a tile with its right rows first..first+columns-1. Positions up to the left one
// are skipped, so that each pair is looked at once.
inline void scan_products(Survivors* s, const float* products, const morula_tile* t, int64_t i, int64_t first,
                          int64_t columns) {
    const int64_t left = t->left_position + i, right = t->right_position + first;
    const float left_cut = s->cuts.left[i], *right_cuts = s->cuts.right + first;
    int64_t j = left >= right ? left + 1 - right : 0;
#if defined(__AVX512F__)
    const __m512 row_cut = _mm512_set1_ps(left_cut);
    for (; j + 16 <= columns; j += 16) {
        const __m512 r = _mm512_loadu_ps(products + j), cut = _mm512_min_ps(row_cut, _mm512_loadu_ps(right_cuts + j));
        unsigned mask = _mm512_cmp_ps_mask(s->absolute ? _mm512_abs_ps(r) : r, cut, _CMP_GE_OQ);
        for (; mask != 0; mask &= mask - 1) keep_survivor(s, left, right + j + __builtin_ctz(mask));
    }
#elif defined(__AVX2__)
    const __m256 row_cut = _mm256_set1_ps(left_cut), magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
    for (; j + 8 <= columns; j += 8) {
        const __m256 r = _mm256_loadu_ps(products + j), cut = _mm256_min_ps(row_cut, _mm256_loadu_ps(right_cuts + j));
        const __m256 compared = s->absolute ? _mm256_and_ps(r, magnitude) : r;
        unsigned mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(compared, cut, _CMP_GE_OQ)));
        for (; mask != 0; mask &= mask - 1) keep_survivor(s, left, right + j + __builtin_ctz(mask));
    }
#endif
    for (; j < columns; j++) {
        const float cut = left_cut < right_cuts[j] ? left_cut : right_cuts[j];
        if ((s->absolute ? fabsf(products[j]) : products[j]) >= cut) keep_survivor(s, left, right + j);
    }
}

}  // namespace
}  // namespace morula

#endif
