// cp.async: nothing arrives before the wait; until then the destination holds NaN.
#ifndef MORULA_EMULATION_COPY_ASYNC_H
#define MORULA_EMULATION_COPY_ASYNC_H

#include <cstdint>

namespace morula::emulation {

// `valid` bytes from the source, zeros after, up to `bytes`: 4, 8 or 16, of which both addresses are multiples. The
// site is what the checker is told; without one, the caller's.
void copy_async(void* target, const void* source, int bytes, int valid, uintptr_t site = 0);
inline void cp_async16(void* target, const void* source, int valid = 16) { copy_async(target, source, 16, valid); }
inline void cp_async4(void* target, const void* source, int valid) { copy_async(target, source, 4, valid); }
void cp_async_commit();
void cp_async_wait(int pending);  // for all groups but the newest `pending`

}  // namespace morula::emulation

#endif
