// check.h - hooks of the optional checker (check.cpp). Without CUDAEMU_CHECK they vanish.
#pragma once
#include <cstddef>
#include <cstdint>
namespace cudaemu::check {
#ifdef CUDAEMU_CHECK
void access(uintptr_t a, size_t n, bool write, bool atomic, uintptr_t pc);
void region(void* p, size_t n, const char* name, bool shared);
void unregion(void* p);
void written(void* p, size_t n);
void ignore(int which, void* lo, void* hi);
void thread(int block, int thread);
void block_epoch();
void warp_epoch(int warp);
void block_begin();
void block_end();
void launch_begin();
void launch_end();
void profile_report();
#else
inline void access(uintptr_t, size_t, bool, bool, uintptr_t) {}
inline void region(void*, size_t, const char*, bool) {}
inline void unregion(void*) {}
inline void written(void*, size_t) {}
inline void ignore(int, void*, void*) {}
inline void thread(int, int) {}
inline void block_epoch() {}
inline void warp_epoch(int) {}
inline void block_begin() {}
inline void block_end() {}
inline void launch_begin() {}
inline void launch_end() {}
inline void profile_report() {}
#endif
}  // namespace cudaemu::check
