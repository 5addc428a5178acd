// The emulation runs kernels as nvcc made them: from all *.ptx files in the folder MORULA_EMULATION_PTX. A kernel is
// found by its name, which both compilers mangle alike.
#include <alloca.h>
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "checker.h"
#include "launch.h"
#include "ptx/module.h"

namespace morula::emulation {
namespace ptx {
namespace {

constexpr size_t most_local_bytes = 16 << 10;
constexpr int most_shared = 64;  // arrays

const Module& module() {
    static const Module* const all = [] {
        const char* const folder = std::getenv("MORULA_EMULATION_PTX");
        if (folder == nullptr) throw Error("MORULA_EMULATION_PTX names no folder with PTX files");
        auto* const parsed = new Module;
        for (const auto& file : std::filesystem::directory_iterator(folder)) {
            if (file.path().extension() == ".ptx") parse(file.path().string(), parsed);
        }
        return parsed;
    }();
    return *all;
}

const Entry& find(void* kernel) {
    static std::map<void*, const Entry*> found;
    const Entry*& entry = found[kernel];
    if (entry != nullptr) return *entry;
    Dl_info symbol;
    if (dladdr(kernel, &symbol) == 0 || symbol.dli_sname == nullptr || symbol.dli_saddr != kernel) {
        throw Error("a kernel without a name that the linker keeps: it needs external linkage");
    }
    const auto by_name = module().find(symbol.dli_sname);
    if (by_name == module().end()) throw Error(std::string("no PTX of the kernel ") + symbol.dli_sname);
    if (!by_name->second.error.empty()) throw Error(by_name->second.name + ": " + by_name->second.error);
    if (by_name->second.shared.size() > most_shared || by_name->second.local_bytes > most_local_bytes) {
        throw Error(by_name->second.name + ": more shared arrays or local memory than the emulation takes");
    }
    return *(entry = &by_name->second);
}

const Entry* current = nullptr;  // of the launch that runs: there is one at a time

uint64_t value_of(Special special, const Launch& launch, const char* local) {
    const Block& block = *running;
    const uint32_t bit = 1u << lane();
    const uint64_t values[] = {block.fiber->thread.x,
                               block.fiber->thread.y,
                               block.fiber->thread.z,
                               block.threads.x,
                               block.threads.y,
                               block.threads.z,
                               block.index.x,
                               block.index.y,
                               block.index.z,
                               block.grid.x,
                               block.grid.y,
                               block.grid.z,
                               static_cast<uint64_t>(lane()),
                               static_cast<uint64_t>(block.fiber->index / warp_size),
                               bit - 1,
                               (bit - 1) | bit,
                               ~((bit - 1) | bit),
                               ~(bit - 1),
                               warp_size,
                               launch.dynamic_shared,
                               reinterpret_cast<uint64_t>(launch.parameters.data()),
                               reinterpret_cast<uint64_t>(local)};
    return values[static_cast<int>(special)];
}

void interpret(Thread* thread) {
    while (thread->next != nullptr) {
        const Instruction& instruction = *thread->next++;
        if (instruction.predicate >= 0) {
            const bool holds = (thread->registers[instruction.predicate] & 1) != 0;
            if (holds == instruction.unless) continue;
        }
        instruction.handler(*thread, instruction);
    }
}

}  // namespace
}  // namespace ptx

void prepare_launch(const Launch& launch) {
    ptx::current = &ptx::find(launch.kernel);
    const uint64_t threads = static_cast<uint64_t>(launch.threads.x) * launch.threads.y * launch.threads.z;
    if (threads > ptx::current->most_threads) {
        throw Error(ptx::current->name + ": a block of " + std::to_string(threads) +
                    " threads, where __launch_bounds__ is " + std::to_string(ptx::current->most_threads));
    }
}

// All of a thread's own memory is on its stack, which the checker leaves alone.
void run_thread(const Launch& launch) {
    const ptx::Entry& entry = *ptx::current;
    auto* const registers = static_cast<uint64_t*>(alloca(entry.registers.size() * sizeof(uint64_t)));
    char* const local = static_cast<char*>(alloca(entry.local_bytes + 64));
    char* shared[ptx::most_shared];
    std::memcpy(registers, entry.registers.data(), entry.registers.size() * sizeof(uint64_t));
    std::memset(local, 0xff, entry.local_bytes + 64);
    for (size_t i = 0; i < entry.shared.size(); i++) {
        const int slot = entry.shared[i].slot;
        shared[i] = static_cast<char*>(slot == 0 ? running->dynamic_shared : shared_memory(slot));
    }
    char* const aligned = reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(local) + 63) / 64 * 64);
    for (const auto& filled : entry.special) {
        registers[filled.which] = ptx::value_of(filled.by, launch, aligned) + static_cast<uint64_t>(filled.offset);
    }
    ptx::Thread thread{registers, entry.code.data(), &entry, shared};
    ptx::interpret(&thread);
}

}  // namespace morula::emulation
