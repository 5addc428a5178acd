// The running block of the emulated device, and what kernels ask of the scheduler.
#ifndef MORULA_EMULATION_DEVICE_H
#define MORULA_EMULATION_DEVICE_H

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace morula::emulation {

// What a kernel did wrong, in one sentence; thrown on the stack of whoever runs the launch.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

constexpr int warp_size = 32;

enum class Operation : uint8_t {
    sync,
    shuffle_index,
    shuffle_up,
    shuffle_down,
    shuffle_xor,
    ballot,
    any,
    all,
    add,
    min,
    max,
    bit_and,
    bit_or,
    bit_xor,
    match_any,
    together  // the lanes' values are pointers, and a function computes on all of them
};

enum class Status : uint8_t { ready, at_barrier, at_warp_operation, done };

struct PendingCopies;

// One CUDA thread.
struct Fiber {
    uint3 thread{};  // threadIdx
    int index = 0;   // in the block
    Status status = Status::done;
    const char* site = "";  // where it waits
    // what it brought to a warp operation, and what it gets
    Operation operation{};
    uint32_t mask = 0, argument = 0, width = 0;
    uint64_t value = 0, result = 0;
    void* stack_pointer = nullptr;
    char* stack = nullptr;
    PendingCopies* copies = nullptr;
};

// What the lanes of a warp compute together: one pointer to a Fiber for each of the 32.
using Together = void (*)(Fiber** lanes);

struct Block {
    Fiber* fiber = nullptr;  // the running one
    uint3 index{};           // blockIdx
    dim3 threads, grid;
    void* dynamic_shared = nullptr;
    int any = 0, all = 1, count = 0;  // of the predicates of the last __syncthreads_{or,and,count}
};

// Of this thread of the host. Initial-exec, because fibers never change threads and every access counts.
extern constinit thread_local Block* running __attribute__((tls_model("initial-exec")));

inline int lane() { return running->fiber->index % warp_size; }

// __syncthreads: waits for all threads of the block.
void sync_block(const char* site, int predicate = 0);

// Any operation of a warp: every lane of the mask leaves its value, the last to come computes all results.
uint64_t warp_operation(Operation operation, uint32_t mask, uint64_t value, uint32_t argument, uint32_t width,
                        const char* site, Together together = nullptr);

// Abandons the block; the launch throws an Error that names block and thread.
[[noreturn]] __attribute__((format(printf, 1, 2))) void fail(const char* format, ...);

// Memory of a __shared__ array: exactly its size, filled with NaN (-1 as an integer) at each block's start.
int new_shared_slot(size_t bytes, const char* name);
void* shared_memory(int slot);

template <class T, class Tag>
struct SharedSlot {
    static inline const int id = new_shared_slot(sizeof(T), Tag::text());  // before main
};

template <class T>
uint64_t to_bits(T value) {
    static_assert(sizeof(T) <= sizeof(uint64_t));
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
}

template <class T>
T from_bits(uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

}  // namespace morula::emulation

#endif
