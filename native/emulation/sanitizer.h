// What AddressSanitizer must be told about stacks that change under it, and about memory that it did not hand out.
// Nothing in other builds.
#ifndef MORULA_EMULATION_SANITIZER_H
#define MORULA_EMULATION_SANITIZER_H

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace morula::emulation::sanitizer {

#if defined(__SANITIZE_ADDRESS__)

constexpr bool present = true;
inline void poison(const void* memory, size_t bytes) { __asan_poison_memory_region(memory, bytes); }
inline void unpoison(const void* memory, size_t bytes) { __asan_unpoison_memory_region(memory, bytes); }
inline void start_switch(void** fake_stack, const void* stack, size_t bytes) {
    __sanitizer_start_switch_fiber(fake_stack, stack, bytes);
}
inline void finish_switch(void* fake_stack) { __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr); }

#else

constexpr bool present = false;
inline void poison(const void*, size_t) {}
inline void unpoison(const void*, size_t) {}
inline void start_switch(void**, const void*, size_t) {}
inline void finish_switch(void*) {}

#endif

}  // namespace morula::emulation::sanitizer

#endif
