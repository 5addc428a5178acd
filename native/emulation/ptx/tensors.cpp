// Tensor cores, and copies that arrive later.
#include "copy_async.h"
#include "ptx/opcode.h"
#include "tensor_cores.h"

namespace morula::emulation::ptx {
namespace {

using Multiply = void (*)(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);

// d, a, b, c: 4, 4, 2 and 4 registers
template <Multiply multiply>
void multiply_fragments(Thread& t, const Instruction& i) {
    float d[4];
    uint32_t a[4], b[2];
    for (int k = 0; k < 4; k++) a[k] = t.get<uint32_t>(i, 4 + k);
    for (int k = 0; k < 2; k++) b[k] = t.get<uint32_t>(i, 8 + k);
    for (int k = 0; k < 4; k++) d[k] = t.get<float>(i, 10 + k);
    multiply(d, a, b);
    for (int k = 0; k < 4; k++) t.set(i, k, d[k]);
}

template <int count, bool transposed>
void load_fragments(Thread& t, const Instruction& i) {
    uint32_t result[4];
    const bool gives_row = lane() < count * 8;
    load_matrices(result, gives_row ? memory(t, i, count, 0, 16, false, false) : nullptr, count, transposed);
    for (int k = 0; k < count; k++) t.set(i, k, result[k]);
}

// [to], [from], bytes, valid bytes
void copy(Thread& t, const Instruction& i) {
    const int bytes = t.get<int32_t>(i, 2), valid = i.operands > 3 ? t.get<int32_t>(i, 3) : bytes;
    const auto* const from = reinterpret_cast<const char*>(t.get<uint64_t>(i, 1)) + i.offset[1];
    copy_async(memory(t, i, 0, 0, static_cast<size_t>(bytes), true, false), from, bytes, valid,
               static_cast<uintptr_t>(i.line));
}

void commit(Thread&, const Instruction&) { cp_async_commit(); }
void wait(Thread& t, const Instruction& i) { cp_async_wait(t.get<int32_t>(i, 0)); }
void wait_for_all(Thread&, const Instruction&) {
    cp_async_commit();
    cp_async_wait(0);
}

Handler copy_handler(Opcode* opcode, Instruction* i) {
    if (!opcode->take("async")) return nullptr;
    if (opcode->take("commit_group")) return commit;
    if (opcode->take("wait_group")) return wait;
    if (opcode->take("wait_all")) return wait_for_all;
    opcode->take_any({"ca", "cg", "shared", "shared::cta", "global"});
    opcode->take_prefixed("L2::");
    i->space = Space::shared;  // of the first address
    return copy;
}

template <int count>
Handler load_handler(bool transposed) {
    return transposed ? load_fragments<count, true> : load_fragments<count, false>;
}

Handler matrix_load_handler(Opcode* opcode, Instruction* i) {
    opcode->take_any({"sync", "aligned", "m8n8", "shared", "shared::cta", "b16"});
    i->space = Space::shared;
    const bool transposed = opcode->take("trans");
    if (opcode->take("x4")) return load_handler<4>(transposed);
    if (opcode->take("x2")) return load_handler<2>(transposed);
    return opcode->take("x1") ? load_handler<1>(transposed) : nullptr;
}

}  // namespace

Handler tensor_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("cp")) return copy_handler(opcode, i);
    if (opcode->is("ldmatrix")) return matrix_load_handler(opcode, i);
    const struct {
        const char* text;
        Handler handler;
    } all[] = {{"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", multiply_fragments<mma_m16n8k8_tf32>},
               {"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", multiply_fragments<mma_m16n8k16_bf16>},
               {"mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", multiply_fragments<mma_m16n8k16_f16>}};
    for (const auto& [text, handler] : all) {
        if (opcode->text() != text) continue;
        opcode->take_prefixed("");
        return handler;
    }
    return nullptr;
}

}  // namespace morula::emulation::ptx
