// The scheduler's and the runtime's side of the checker (checker.cpp); nothing in builds without it.
#ifndef MORULA_EMULATION_CHECKER_H
#define MORULA_EMULATION_CHECKER_H

#include <cstddef>
#include <cstdint>

namespace morula::emulation::checker {

enum class Access { read, write, atomic_read, atomic_write };
enum class Space { global, shared };

#ifdef MORULA_EMULATION_CHECKER

constexpr bool present = true;

// An access of the running thread; the site is the address of the code behind it, or the line of a PTX file. Throws
// by fail() when it is outside of all device memory; other findings are kept until the launch ends.
void access(const void* memory, size_t bytes, Access access, uintptr_t site);
// As access(), at an address that must be a multiple of the size.
void aligned_access(const void* memory, size_t bytes, Access access, uintptr_t site);
// As access(), for nvcc's code: it has no business outside of device memory, but may read what it does not use.
void device_access(const void* memory, size_t bytes, Access access, uintptr_t site);

// Device memory comes, goes, and is written by the host.
void add(const void* memory, size_t bytes, const char* name, Space space);
void remove(const void* memory);
void written(const void* memory, size_t bytes);

// The threads' own memory: their stacks and their state.
void ignore(const void* stacks, const void* stacks_end, const void* state, const void* state_end);

void thread_runs(int block, int thread);  // -1: none
// While the emulator works for the running thread: the linker may have it use functions of the C++ library that were
// compiled to be checked.
class Pause {
  public:
    Pause();
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

  private:
    const int thread_;
};
void block_begins();
void block_ends();
void block_synchronised();
void warp_synchronised(int warp);
void launch_begins();
void launch_ends();  // throws an Error with what was found

#else

constexpr bool present = false;
inline void access(const void*, size_t, Access, uintptr_t) {}
inline void device_access(const void*, size_t, Access, uintptr_t) {}
inline void add(const void*, size_t, const char*, Space) {}
inline void remove(const void*) {}
inline void written(const void*, size_t) {}
inline void ignore(const void*, const void*, const void*, const void*) {}
inline void thread_runs(int, int) {}
struct Pause {
    Pause() {}
};
inline void block_begins() {}
inline void block_ends() {}
inline void block_synchronised() {}
inline void warp_synchronised(int) {}
inline void launch_begins() {}
inline void launch_ends() {}

#endif

}  // namespace morula::emulation::checker

#endif
