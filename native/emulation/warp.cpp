// What the operations of a warp compute, once all lanes have come.
#include <algorithm>

#include "scheduler.h"

namespace morula::emulation {
namespace {

// The lane from which a lane of a shuffle reads: itself where the source lies outside of its segment.
int source_of(Operation operation, int lane, const Fiber& reader) {
    const int width = static_cast<int>(reader.width), segment = lane & ~(width - 1);
    const int argument = static_cast<int>(reader.argument);
    switch (operation) {
        case Operation::shuffle_index:
            return segment + (argument & (width - 1));
        case Operation::shuffle_up:
            return lane - argument < segment ? lane : lane - argument;
        case Operation::shuffle_down:
            return lane + argument >= segment + width ? lane : lane + argument;
        default:
            return (lane ^ argument) >= segment + width ? lane : lane ^ argument;
    }
}

int shuffle_lanes(Operation operation, uint32_t here, Fiber* lanes) {
    for (int i = 0; i < warp_size; i++) {
        if ((here >> i & 1) == 0) continue;
        const int source = source_of(operation, i, lanes[i]);
        if ((here >> source & 1) == 0) return i;
        lanes[i].result = lanes[source].value;
    }
    return -1;
}

uint64_t combine(Operation operation, uint64_t all, uint64_t value, int lane) {
    switch (operation) {
        case Operation::ballot:
            return all | static_cast<uint64_t>(value != 0) << lane;
        case Operation::any:
            return all | static_cast<uint64_t>(value != 0);
        case Operation::all:
            return all & static_cast<uint64_t>(value != 0);
        case Operation::add:
            return static_cast<uint32_t>(all + value);
        case Operation::min:
            return std::min(all, value);
        case Operation::max:
            return std::max(all, value);
        case Operation::bit_and:
            return all & value;
        case Operation::bit_or:
            return all | value;
        case Operation::bit_xor:
            return all ^ value;
        default:
            return 0;  // sync
    }
}

uint64_t neutral(Operation operation) {
    if (operation == Operation::all) return 1;
    return operation == Operation::min || operation == Operation::bit_and ? ~uint64_t{0} : 0;
}

void match(uint32_t here, Fiber* lanes) {
    for (int i = 0; i < warp_size; i++) {
        if ((here >> i & 1) == 0) continue;
        lanes[i].result = 0;
        for (int k = 0; k < warp_size; k++) {
            if ((here >> k & 1) != 0 && lanes[k].value == lanes[i].value) lanes[i].result |= 1u << k;
        }
    }
}

}  // namespace

int complete(Operation operation, uint32_t here, Fiber* lanes) {
    if (operation >= Operation::shuffle_index && operation <= Operation::shuffle_xor) {
        return shuffle_lanes(operation, here, lanes);
    }
    if (operation == Operation::match_any) {
        match(here, lanes);
        return -1;
    }
    uint64_t result = neutral(operation);
    for (int i = 0; i < warp_size; i++) {
        if ((here >> i & 1) != 0) result = combine(operation, result, lanes[i].value, i);
    }
    for (int i = 0; i < warp_size; i++) {
        if ((here >> i & 1) != 0) lanes[i].result = result;
    }
    return -1;
}

}  // namespace morula::emulation
