// What -fsanitize=thread has the compiler call before each access; the names are those of its library.
#include <cstring>

#include "checker.h"

using morula::emulation::checker::access;
using morula::emulation::checker::Access;
using morula::emulation::checker::aligned_access;

#define SITE reinterpret_cast<uintptr_t>(__builtin_return_address(0))

// Where the compiler knows of no alignment, it makes a call of its own, and several accesses for a device.
#define ACCESSES(n)                                                                              \
    void __tsan_read##n(void* p) { aligned_access(p, n, Access::read, SITE); }                   \
    void __tsan_write##n(void* p) { aligned_access(p, n, Access::write, SITE); }                 \
    void __tsan_unaligned_read##n(void* p) { access(p, n, Access::read, SITE); }                 \
    void __tsan_unaligned_write##n(void* p) { access(p, n, Access::write, SITE); }               \
    void __tsan_volatile_read##n(void* p) { aligned_access(p, n, Access::atomic_read, SITE); }   \
    void __tsan_volatile_write##n(void* p) { aligned_access(p, n, Access::atomic_write, SITE); } \
    void __tsan_unaligned_volatile_read##n(void* p) { access(p, n, Access::atomic_read, SITE); } \
    void __tsan_unaligned_volatile_write##n(void* p) { access(p, n, Access::atomic_write, SITE); }

#define UPDATE(bits, T, name, update)                                    \
    T __tsan_atomic##bits##_##name(volatile T* p, T value, int) {        \
        access(const_cast<T*>(p), bits / 8, Access::atomic_write, SITE); \
        return update(p, value, __ATOMIC_SEQ_CST);                       \
    }

#define ATOMICS(bits, T)                                                                                   \
    T __tsan_atomic##bits##_load(const volatile T* p, int) {                                               \
        access(const_cast<T*>(p), bits / 8, Access::atomic_read, SITE);                                    \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                       \
    }                                                                                                      \
    void __tsan_atomic##bits##_store(volatile T* p, T value, int) {                                        \
        access(const_cast<T*>(p), bits / 8, Access::atomic_write, SITE);                                   \
        __atomic_store_n(p, value, __ATOMIC_SEQ_CST);                                                      \
    }                                                                                                      \
    bool __tsan_atomic##bits##_compare_exchange_strong(volatile T* p, T* expected, T value, int, int) {    \
        access(const_cast<T*>(p), bits / 8, Access::atomic_write, SITE);                                   \
        return __atomic_compare_exchange_n(p, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    }                                                                                                      \
    UPDATE(bits, T, exchange, __atomic_exchange_n)                                                         \
    UPDATE(bits, T, fetch_add, __atomic_fetch_add)                                                         \
    UPDATE(bits, T, fetch_sub, __atomic_fetch_sub)                                                         \
    UPDATE(bits, T, fetch_or, __atomic_fetch_or)                                                           \
    UPDATE(bits, T, fetch_and, __atomic_fetch_and)                                                         \
    UPDATE(bits, T, fetch_xor, __atomic_fetch_xor)

extern "C" {

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
ATOMICS(8, uint8_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

void __tsan_read_range(void* p, unsigned long bytes) { access(p, bytes, Access::read, SITE); }
void __tsan_write_range(void* p, unsigned long bytes) { access(p, bytes, Access::write, SITE); }

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}
void __tsan_atomic_thread_fence(int) {}

}  // extern "C"
