// PTX instructions that CUDA C++ has no name for, one wrapper each: the only lines in which nvcc and the emulation see
// different code. Layouts of fragments are those of the PTX manual (mma.m16n8k8 .tf32 and mma.m16n8k16 .bf16).
#ifndef MORULA_KERNEL_PTX_H
#define MORULA_KERNEL_PTX_H

#include "kernel/gpu.h"

namespace morula {

// d (16 x 8) += a (16 x 8) b (8 x 8), operands tf32, sums float32.
__device__ inline void mma_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#ifdef __CUDACC__
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, " GPU_MUTANT(
                     ptx_operands, "{%4,%5,%6,%7}", "{%4,%6,%5,%7}") ", {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    emulation::mma_m16n8k8_tf32(d, a, b);
#endif
}

// d (16 x 8) += a (16 x 16) b (16 x 8), operands bfloat16 in pairs (the lower half is the lower column), sums float32.
__device__ inline void mma_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#ifdef __CUDACC__
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    emulation::mma_m16n8k16_bf16(d, a, b);
#endif
}

// Rounds to tf32: 10 fraction bits, to nearest, ties away from zero.
__device__ inline uint32_t to_tf32(float value) {
#ifdef __CUDACC__
    uint32_t bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
    return bits;
#else
    return emulation::round_to_tf32(value);
#endif
}

// Copies 16 bytes to shared memory behind the program's back: `valid` of them from source, zeros after. Both addresses
// are multiples of 16. The copies between two commits are a group.
__device__ inline void copy_async_16(void* target, const void* source, int valid) {
#ifdef __CUDACC__
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(unsigned(__cvta_generic_to_shared(target))),
                 "l"(source), "r"(valid)
                 : "memory");
#else
    emulation::cp_async16(target, source, valid);
#endif
}

// The same for one number of 4 bytes, both addresses multiples of 4; valid is 4 or 0.
__device__ inline void copy_async_4(void* target, const void* source, int valid) {
#ifdef __CUDACC__
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(unsigned(__cvta_generic_to_shared(target))),
                 "l"(source), "r"(valid)
                 : "memory");
#else
    emulation::cp_async4(target, source, valid);
#endif
}

__device__ inline void copy_async_commit() {
#ifdef __CUDACC__
    asm volatile("cp.async.commit_group;" ::: "memory");
#else
    emulation::cp_async_commit();
#endif
}

// Waits for all groups but the newest `pending`.
template <int pending>
__device__ inline void copy_async_wait() {
#ifdef __CUDACC__
    asm volatile("cp.async.wait_group %0;" ::"n"(GPU_MUTANT(ptx_wait, pending, pending + 1)) : "memory");
#else
    emulation::cp_async_wait(pending);
#endif
}

}  // namespace morula

#endif
