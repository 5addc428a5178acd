// Shared memory: every array of every block is an allocation of exactly its size.
#include <cstdlib>
#include <cstring>

#include "checker.h"
#include "scheduler.h"

namespace morula::emulation {
namespace {

constexpr size_t alignment = 128;
// For the checker, which must tell an access past the end from one to the host's memory behind.
constexpr size_t margin = checker::present ? 1024 : 0;

struct Slot {
    size_t bytes;
    const char* name;
};

std::vector<Slot>& slots() {
    static std::vector<Slot> all{{0, "dynamic shared memory"}};  // whose size is the launch's
    return all;
}

}  // namespace

int new_shared_slot(size_t bytes, const char* name) {
    slots().push_back({bytes, name});
    return static_cast<int>(slots().size()) - 1;
}

void* shared_memory(int slot) {
    const checker::Pause pause;
    const Slot& which = slots()[static_cast<size_t>(slot)];
    return worker()->shared(slot, which.bytes, which.name);
}

void* Worker::shared(int slot, size_t bytes, const char* name) {
    const size_t index = static_cast<size_t>(slot);
    if (shared_.size() <= index) shared_.resize(slots().size());
    void*& memory = shared_[index];
    if (memory != nullptr) return memory;
    if (posix_memalign(&memory, alignment, bytes + margin) != 0) throw Error("no memory for a shared array");
    std::memset(memory, 0xff, bytes);
    checker::add(memory, bytes, name, checker::Space::shared);
    return memory;
}

void Worker::free_shared() {
    for (void*& memory : shared_) {
        if (memory == nullptr) continue;
        checker::remove(memory);
        std::free(memory);
        memory = nullptr;
    }
    dynamic_shared = nullptr;
}

}  // namespace morula::emulation
