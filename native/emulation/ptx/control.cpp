// Branches, barriers of the block, and what does nothing here.
#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

void branch(Thread& t, const Instruction& i) { t.next = i.target; }
void leave(Thread& t, const Instruction&) { t.next = nullptr; }
void nothing(Thread&, const Instruction&) {}
void trap(Thread&, const Instruction& i) { fail("%s", i.text); }

void barrier(Thread&, const Instruction& i) { sync_block(i.text); }

enum Reduction : uint32_t { reduce_or, reduce_and, reduce_count };

// bar.red d, 0, p
void barrier_with_vote(Thread& t, const Instruction& i) {
    sync_block(i.text, t.holds(i, 2));
    const int result = i.detail == reduce_or ? running->any : i.detail == reduce_and ? running->all : running->count;
    t.set(i, 0, static_cast<uint64_t>(result));
}

// Only barrier 0 of the whole block is known, which is the last operand but the predicate.
Handler barrier_handler(Opcode* opcode, Instruction* i) {
    opcode->take_any({"cta", "aligned"});
    if (opcode->take("sync")) return i->operands == 1 ? barrier : nullptr;
    if (!opcode->take("red") || i->operands != 3) return nullptr;
    i->detail = opcode->take("or") ? reduce_or : opcode->take("and") ? reduce_and : reduce_count;
    opcode->take_any({"popc", "pred", "u32"});
    return barrier_with_vote;
}

}  // namespace

Handler control_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("bra")) {
        opcode->take("uni");
        return branch;
    }
    if (opcode->is("ret") || opcode->is("exit")) {
        opcode->take("uni");
        return leave;
    }
    if (opcode->is("trap")) return trap;
    if (opcode->is("membar") || opcode->is("fence") || opcode->is("prefetch") || opcode->is("nanosleep")) {
        opcode->take_prefixed("");
        return nothing;
    }
    if (opcode->is("bar") && opcode->text() == "bar.warp.sync") return nullptr;
    return opcode->is("bar") || opcode->is("barrier") ? barrier_handler(opcode, i) : nullptr;
}

}  // namespace morula::emulation::ptx
