// Ranks of a neuron's activations over the samples, ties averaged, as integers centred at 0:
//   out[k] = 2 rank_k - (N + 1),  rank_k the mean of the positions, from 1 to N, of all samples equal to sample k
// Shapes: values and ranks are neurons x samples. -0 equals +0. A row with a NaN or an infinity becomes a row of NaN.
// Variants: none. Radix sort by bytes, plain code compiled once for all tiers; at 10,000 float32 samples std::sort took
// four times as long.
// Benchmark: dev.morula.standardise.RankBenchmark.
#include <cmath>
#include <cstring>
#include <memory>
#include <new>

#include "kernel/context.h"

namespace morula {
namespace {

constexpr int64_t most_samples = UINT32_MAX;
constexpr int64_t most_in_float32 = (int64_t{1} << 24) + 1;  // 2 rank - (N + 1) reaches N - 1

// A sample's value as an unsigned integer of the same order.
template <class Key>
struct Entry {
    Key key;
    uint32_t sample;
};

// `exponent` are the bits that are all set in what is NaN or infinite; false if there is such a value.
template <class Key>
bool read_keys(Entry<Key>* entries, const char* row, int64_t samples, Key exponent) {
    constexpr Key sign = static_cast<Key>(Key{1} << (8 * sizeof(Key) - 1));
    for (int64_t k = 0; k < samples; k++) {
        Key bits;
        std::memcpy(&bits, row + static_cast<size_t>(k) * sizeof bits, sizeof bits);
        if ((bits & exponent) == exponent) return false;
        if (bits == sign) bits = 0;  // -0
        entries[k] = {static_cast<Key>(bits & sign ? ~bits : bits | sign), static_cast<uint32_t>(k)};
    }
    return true;
}

// Sorts by key, from the lowest byte to the highest, and returns the array that the result is in: either of the two.
template <class Key>
Entry<Key>* sort(Entry<Key>* entries, Entry<Key>* other, int64_t count) {
    uint32_t starts[sizeof(Key)][256] = {};
    for (int64_t k = 0; k < count; k++) {
        for (size_t byte = 0; byte < sizeof(Key); byte++) starts[byte][entries[k].key >> 8 * byte & 255]++;
    }
    for (size_t byte = 0; byte < sizeof(Key); byte++) {
        if (starts[byte][entries[0].key >> 8 * byte & 255] == count) continue;  // all alike
        uint32_t start = 0;
        for (uint32_t& next : starts[byte]) {
            const uint32_t length = next;
            next = start;
            start += length;
        }
        for (int64_t k = 0; k < count; k++) other[starts[byte][entries[k].key >> 8 * byte & 255]++] = entries[k];
        Entry<Key>* const sorted = other;
        other = entries;
        entries = sorted;
    }
    return entries;
}

// Equal keys at positions first to last - 1, from 0, have the mean rank (first + 1 + last) / 2.
template <class Rank, class Key>
void write_ranks(Rank* ranks, const Entry<Key>* sorted, int64_t samples) {
    for (int64_t first = 0, last; first < samples; first = last) {
        for (last = first + 1; last < samples && sorted[last].key == sorted[first].key;) last++;
        for (int64_t k = first; k < last; k++) ranks[sorted[k].sample] = static_cast<Rank>(first + last - samples);
    }
}

template <class Key, class Rank>
int rank_rows(Rank* ranks, const void* values, int64_t neurons, int64_t samples, Key exponent) {
    const std::unique_ptr<Entry<Key>[]> entries(new (std::nothrow) Entry<Key>[static_cast<size_t>(2 * samples)]);
    if (!entries) return fail(MORULA_OUT_OF_MEMORY, "no memory to sort %lld samples", static_cast<long long>(samples));
    const char* row = static_cast<const char*>(values);
    for (int64_t i = 0; i < neurons; i++, ranks += samples, row += samples * static_cast<int64_t>(sizeof(Key))) {
        if (read_keys(entries.get(), row, samples, exponent)) {
            write_ranks(ranks, sort(entries.get(), entries.get() + samples, samples), samples);
        } else {
            for (int64_t k = 0; k < samples; k++) ranks[k] = static_cast<Rank>(NAN);
        }
    }
    return MORULA_OK;
}

template <class Rank>
int rank_type(Rank* ranks, const void* values, int type, int64_t neurons, int64_t samples) {
    switch (type) {
        case MORULA_F16:
            return rank_rows<uint16_t>(ranks, values, neurons, samples, 0x7c00);
        case MORULA_BF16:
            return rank_rows<uint16_t>(ranks, values, neurons, samples, 0x7f80);
        case MORULA_F32:
            return rank_rows<uint32_t>(ranks, values, neurons, samples, 0x7f800000);
        case MORULA_F64:
            return rank_rows<uint64_t>(ranks, values, neurons, samples, 0x7ff0000000000000);
        default:
            return fail(MORULA_INVALID_ARGUMENT, "element type %d is not one of 0 to 3", type);
    }
}

}  // namespace
}  // namespace morula

extern "C" int morula_rank(morula_context*, void* ranks, int ranks_type, const void* values, int type, int64_t neurons,
                           int64_t samples) {
    using namespace morula;
    const int64_t most = ranks_type == MORULA_F32 ? most_in_float32 : most_samples;
    if (samples < 1 || samples > most) {
        return fail(MORULA_INVALID_ARGUMENT, "%lld samples cannot be ranked in element type %d: 1 to %lld can",
                    static_cast<long long>(samples), ranks_type, static_cast<long long>(most));
    }
    switch (ranks_type) {
        case MORULA_F32:
            return rank_type(static_cast<float*>(ranks), values, type, neurons, samples);
        case MORULA_F64:
            return rank_type(static_cast<double*>(ranks), values, type, neurons, samples);
        default:
            return fail(MORULA_INVALID_ARGUMENT, "ranks are of element type F32 or F64, not %d", ranks_type);
    }
}
