// Dropout: every number times 0 or times 1 / (1 - probability), by random bits that depend on seed, step and the
// number's place alone. Forward and backward are the same pass, on inp and on dout.
//
// The bits are those of Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) with the
// seed as key and (counter, step) as counter. They are made for 256 numbers at a time: number i takes word i / 64 mod 4
// of counter 64 (i / 256) + i mod 64, so that words and counters both lie side by side. Plain loops that the compiler
// vectorises. Timed by PointwiseBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t counters = 64, group = 4 * counters;

struct Philox {
    uint32_t c0, c1, c2, c3, key0, key1;
};

inline Philox round(const Philox& p) {
    const uint64_t product0 = static_cast<uint64_t>(p.c0) * 0xd2511f53u;
    const uint64_t product1 = static_cast<uint64_t>(p.c2) * 0xcd9e8d57u;
    return {static_cast<uint32_t>(product1 >> 32) ^ p.c1 ^ p.key0,
            static_cast<uint32_t>(product1),
            static_cast<uint32_t>(product0 >> 32) ^ p.c3 ^ p.key1,
            static_cast<uint32_t>(product0),
            p.key0 + 0x9e3779b9u,
            p.key1 + 0xbb67ae85u};
}

uint32_t low(int64_t value) { return static_cast<uint32_t>(static_cast<uint64_t>(value)); }

uint32_t high(int64_t value) { return static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32); }

// The bits of numbers 256 index and those after it. Counters of a group share their high word: 64 divides 2^32.
void random_bits(uint32_t* bits, int64_t index, const morula_dropout_draw& draw) {
    const int64_t first = index * counters;
    const uint32_t first_low = low(first), first_high = high(first), step_low = low(draw.step),
                   step_high = high(draw.step), key0 = low(draw.seed), key1 = high(draw.seed);
#pragma omp simd
    for (uint32_t i = 0; i < counters; i++) {
        Philox p{first_low + i, first_high, step_low, step_high, key0, key1};
        p = round(round(round(round(round(p)))));
        p = round(round(round(round(round(p)))));
        bits[i] = p.c0;
        bits[i + counters] = p.c1;
        bits[i + 2 * counters] = p.c2;
        bits[i + 3 * counters] = p.c3;
    }
}

// A number that is dropped is multiplied by 0 rather than replaced: NaN stays NaN.
void drop(float* out, const float* inp, const uint32_t* bits, uint32_t threshold, float factor, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) out[i] = inp[i] * (bits[i] < threshold ? 0 : factor);
}

void dropout(float* out, const float* inp, const morula_dropout_draw& draw, double probability) {
    const double scaled = probability * 4294967296.0;
    const uint32_t threshold = scaled < 4294967295.0 ? static_cast<uint32_t>(scaled) : 4294967295u;
    const float factor = static_cast<float>(1 / (1 - probability));
    const int64_t end = draw.first + draw.count;
    for (int64_t at = draw.first; at < end;) {
        uint32_t bits[group];
        random_bits(bits, at / group, draw);
        const int64_t skipped = at % group, left = end - at;
        const int64_t count = group - skipped < left ? group - skipped : left;
        drop(out + at, inp + at, bits + skipped, threshold, factor, count);
        at += count;
    }
}

}  // namespace

void install_dropout(Table& table) { table.dropout = dropout; }

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
