// Operations of a warp. Where lanes meet is the instruction itself.
#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

void sync(Thread& t, const Instruction& i) {
    warp_operation(Operation::sync, t.get<uint32_t>(i, 0), 0, 0, warp_size, i.text);
}

Operation shuffle_of(uint32_t detail) {
    return static_cast<Operation>(static_cast<uint32_t>(Operation::shuffle_index) + detail);
}

// Whether the lane that a shuffle names is in the reader's segment.
bool in_segment(Operation operation, int lane, int argument, int width) {
    const int segment = lane & ~(width - 1);
    switch (operation) {
        case Operation::shuffle_up:
            return lane - argument >= segment;
        case Operation::shuffle_down:
            return lane + argument < segment + width;
        case Operation::shuffle_xor:
            return (lane ^ argument) < segment + width;
        default:
            return true;
    }
}

// d|p, a, b, c, mask: c holds the segment's mask from bit 8 on.
void shuffle(Thread& t, const Instruction& i) {
    const Operation operation = shuffle_of(i.detail);
    const bool has_predicate = i.operands == 6;
    const int first = has_predicate ? 2 : 1;
    const uint32_t argument = t.get<uint32_t>(i, first + 1) % warp_size;
    const uint32_t width = warp_size - (t.get<uint32_t>(i, first + 2) >> 8) % warp_size;
    const uint64_t result =
        warp_operation(operation, t.get<uint32_t>(i, first + 3), t.get<uint32_t>(i, first), argument, width, i.text);
    const int width_of_segment = static_cast<int>(width);
    t.set(i, 0, result);
    if (!has_predicate) return;
    t.set(i, 1, static_cast<uint64_t>(in_segment(operation, lane(), static_cast<int>(argument), width_of_segment)));
}

Handler shuffle_handler(Opcode* opcode, Instruction* i) {
    opcode->take_any({"sync", "b32"});
    for (const char* mode : {"idx", "up", "down", "bfly"}) {
        if (opcode->take(mode)) return shuffle;
        i->detail++;
    }
    return nullptr;
}

template <Operation operation>
void vote(Thread& t, const Instruction& i) {
    t.set(i, 0, warp_operation(operation, t.get<uint32_t>(i, 2), t.get<uint64_t>(i, 1), 0, warp_size, i.text));
}

Handler vote_handler(Opcode* opcode) {
    opcode->take_any({"sync", "b32", "pred"});
    if (opcode->take("ballot")) return vote<Operation::ballot>;
    if (opcode->take("any")) return vote<Operation::any>;
    return opcode->take("all") ? vote<Operation::all> : nullptr;
}

Handler reduction_handler(Opcode* opcode) {
    opcode->take_any({"sync", "u32", "b32"});
    if (opcode->take("add")) {
        opcode->take("s32");
        return vote<Operation::add>;
    }
    if (opcode->take("min")) return vote<Operation::min>;
    if (opcode->take("max")) return vote<Operation::max>;
    if (opcode->take("and")) return vote<Operation::bit_and>;
    if (opcode->take("or")) return vote<Operation::bit_or>;
    return opcode->take("xor") ? vote<Operation::bit_xor> : nullptr;
}

}  // namespace

Handler warp_handler(Opcode* opcode, Instruction* i) {
    if (opcode->text() == "bar.warp.sync") {
        opcode->take_any({"warp", "sync"});
        return sync;
    }
    if (opcode->is("shfl")) return shuffle_handler(opcode, i);
    if (opcode->is("vote")) return vote_handler(opcode);
    if (opcode->is("redux")) return reduction_handler(opcode);
    if (!opcode->is("match") || !opcode->take("any")) return nullptr;
    opcode->take_any({"sync", "b32", "b64"});
    return vote<Operation::match_any>;
}

}  // namespace morula::emulation::ptx
