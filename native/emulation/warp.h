// Barriers and warp operations under their CUDA names. The site of a call says where threads meet.
#ifndef MORULA_EMULATION_WARP_H
#define MORULA_EMULATION_WARP_H

#include "device.h"

#define MORULA_EMULATION_TEXT(x) #x
#define MORULA_EMULATION_LINE(x) MORULA_EMULATION_TEXT(x)
#define MORULA_EMULATION_SITE (__FILE__ ":" MORULA_EMULATION_LINE(__LINE__))
#define MORULA_EMULATION_FIRST(first, ...) first
// the optional last argument of a shuffle
#define MORULA_EMULATION_WIDTH(...) MORULA_EMULATION_FIRST(__VA_ARGS__ __VA_OPT__(, ) 32)

namespace morula::emulation {

template <class T>
T shuffle(Operation operation, unsigned mask, T value, unsigned argument, int width, const char* site) {
    return from_bits<T>(warp_operation(operation, mask, to_bits(value), argument, static_cast<unsigned>(width), site));
}

inline uint32_t vote(Operation operation, unsigned mask, uint64_t value, const char* site) {
    return static_cast<uint32_t>(warp_operation(operation, mask, value, 0, warp_size, site));
}

}  // namespace morula::emulation

#define __syncthreads() ::morula::emulation::sync_block(MORULA_EMULATION_SITE)
#define __syncthreads_or(p) \
    (::morula::emulation::sync_block(MORULA_EMULATION_SITE, (p)), ::morula::emulation::running->any)
#define __syncthreads_and(p) \
    (::morula::emulation::sync_block(MORULA_EMULATION_SITE, (p)), ::morula::emulation::running->all)
#define __syncthreads_count(p) \
    (::morula::emulation::sync_block(MORULA_EMULATION_SITE, (p)), ::morula::emulation::running->count)
#define __syncwarp(...)                                                                                 \
    ((void)::morula::emulation::vote(::morula::emulation::Operation::sync,                              \
                                     MORULA_EMULATION_FIRST(__VA_ARGS__ __VA_OPT__(, ) 0xffffffffu), 0, \
                                     MORULA_EMULATION_SITE))

#define MORULA_EMULATION_SHUFFLE(how, mask, value, argument, ...)                                      \
    ::morula::emulation::shuffle(::morula::emulation::Operation::shuffle_##how, mask, value,           \
                                 static_cast<unsigned>(argument), MORULA_EMULATION_WIDTH(__VA_ARGS__), \
                                 MORULA_EMULATION_SITE)
#define __shfl_sync(...) MORULA_EMULATION_SHUFFLE(index, __VA_ARGS__)
#define __shfl_up_sync(...) MORULA_EMULATION_SHUFFLE(up, __VA_ARGS__)
#define __shfl_down_sync(...) MORULA_EMULATION_SHUFFLE(down, __VA_ARGS__)
#define __shfl_xor_sync(...) MORULA_EMULATION_SHUFFLE(xor, __VA_ARGS__)

#define MORULA_EMULATION_VOTE(how, mask, value) \
    ::morula::emulation::vote(::morula::emulation::Operation::how, mask, value, MORULA_EMULATION_SITE)
#define __ballot_sync(mask, predicate) MORULA_EMULATION_VOTE(ballot, mask, (predicate) ? 1 : 0)
#define __any_sync(mask, predicate) static_cast<int>(MORULA_EMULATION_VOTE(any, mask, (predicate) ? 1 : 0))
#define __all_sync(mask, predicate) static_cast<int>(MORULA_EMULATION_VOTE(all, mask, (predicate) ? 1 : 0))
#define __reduce_add_sync(mask, value) MORULA_EMULATION_VOTE(add, mask, static_cast<uint32_t>(value))
#define __reduce_max_sync(mask, value) MORULA_EMULATION_VOTE(max, mask, static_cast<uint32_t>(value))
#define __reduce_min_sync(mask, value) MORULA_EMULATION_VOTE(min, mask, static_cast<uint32_t>(value))
#define __reduce_and_sync(mask, value) MORULA_EMULATION_VOTE(bit_and, mask, static_cast<uint32_t>(value))
#define __reduce_or_sync(mask, value) MORULA_EMULATION_VOTE(bit_or, mask, static_cast<uint32_t>(value))
#define __reduce_xor_sync(mask, value) MORULA_EMULATION_VOTE(bit_xor, mask, static_cast<uint32_t>(value))
#define __match_any_sync(mask, value) MORULA_EMULATION_VOTE(match_any, mask, ::morula::emulation::to_bits(value))

#endif
