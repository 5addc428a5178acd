#include "fiber.h"

#include <pthread.h>
#include <sys/mman.h>

#include "checker.h"
#include "sanitizer.h"

#if !defined(__x86_64__)
#error "the switch of fibers is written for x86-64"
#endif

// Saves what the System V ABI has a function keep, and goes on where the other stack left off.
extern "C" void morula_emulation_switch(void** save, void* load);
asm(R"(
.text
.globl morula_emulation_switch
.hidden morula_emulation_switch
.type morula_emulation_switch,@function
morula_emulation_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size morula_emulation_switch,.-morula_emulation_switch
)");

namespace morula::emulation {
namespace {

constexpr size_t page = 4096;
// With room for red zones, or for the registers of PTX.
constexpr size_t stack_bytes = (sanitizer::present || checker::present ? 256 : 64) << 10;
constexpr size_t all_bytes = most_threads * stack_bytes;
constexpr int saved_registers = 6;

}  // namespace

Stacks::Stacks() {
    void* const memory = mmap(nullptr, all_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) throw Error("no memory for the stacks of a block");
    memory_ = static_cast<char*>(memory);
}

Stacks::~Stacks() {
    sanitizer::unpoison(memory_, all_bytes);
    munmap(memory_, all_bytes);
}

char* Stacks::end() const { return memory_ + all_bytes; }

void Stacks::assign(Fiber* fibers, int count) {
    for (int i = 0; i < count; i++) fibers[i].stack = memory_ + static_cast<size_t>(i) * stack_bytes;
    for (; guarded_ < count; guarded_++) mprotect(fibers[guarded_].stack, page, PROT_NONE);
}

void Stacks::enter_from_host(Fiber* host) {
    if constexpr (!sanitizer::present) return;
    pthread_attr_t attributes;
    void* lowest = nullptr;
    size_t bytes = 0;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &lowest, &bytes);
    pthread_attr_destroy(&attributes);
    host->stack = static_cast<char*>(lowest);
    host->value = bytes;  // of its stack
}

void start(Fiber* fiber, void (*entry)()) {
    sanitizer::unpoison(fiber->stack + page, stack_bytes - page);  // as frames abandoned there left it
    void** top = reinterpret_cast<void**>(fiber->stack + stack_bytes - 16);
    *--top = nullptr;  // so that at entry rsp + 8 is a multiple of 16
    *--top = reinterpret_cast<void*>(entry);
    for (int i = 0; i < saved_registers; i++) *--top = nullptr;
    fiber->stack_pointer = top;
}

void switch_fiber(Fiber* from, Fiber* to, Leave leave) {
    void* fake_stack = nullptr;
    const bool to_host = to->index < 0;
    sanitizer::start_switch(leave == Leave::last_time ? nullptr : &fake_stack, to->stack,
                            to_host ? to->value : stack_bytes);
    morula_emulation_switch(&from->stack_pointer, to->stack_pointer);
    sanitizer::finish_switch(fake_stack);
}

void entered_fiber() { sanitizer::finish_switch(nullptr); }

}  // namespace morula::emulation
