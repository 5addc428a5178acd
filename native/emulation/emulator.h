// What kernel/gpu.h is to a compiler other than nvcc: CUDA C++ that runs on the host, one fiber per CUDA thread. Types
// and conversions (dim3, float4, __half, __nv_bfloat16, ...) are the toolkit's own; what needs a device is here.
//
// A fiber runs until it meets a barrier or a warp operation, so that a thread is always as far ahead of the others as
// the program permits: a missing barrier gives wrong values, not luck.
#ifndef MORULA_EMULATION_EMULATOR_H
#define MORULA_EMULATION_EMULATOR_H

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

// The toolkit's qualifiers are mostly empty here: an array that is __shared__ would become a private one unnoticed.
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __constant__
#undef __grid_constant__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __grid_constant__
#define __launch_bounds__(...)
#define __shared__ static_assert(false, "write GPU_SHARED(type, name, [n])");

#include "atomics.h"
#include "copy_async.h"
#include "device.h"
#include "intrinsics.h"
#include "launch.h"
#include "mutants.h"
#include "tensor_cores.h"
#include "warp.h"

#define threadIdx (::morula::emulation::running->fiber->thread)
#define blockIdx (::morula::emulation::running->index)
#define blockDim (::morula::emulation::running->threads)
#define gridDim (::morula::emulation::running->grid)
#define warpSize 32

// One slot a declaration, and one a template instance; each block gets memory of its own for it.
#define GPU_SHARED(T, name, ...)                                                                     \
    struct name##_shared_tag {                                                                       \
        static const char* text() { return #name; }                                                  \
    };                                                                                               \
    using name##_shared_type = T __VA_ARGS__;                                                        \
    name##_shared_type& name = *static_cast<name##_shared_type*>(::morula::emulation::shared_memory( \
        ::morula::emulation::SharedSlot<name##_shared_type, name##_shared_tag>::id))
#define GPU_DYNAMIC_SHARED(T, name) T* const name = static_cast<T*>(::morula::emulation::running->dynamic_shared)
#define GPU_LAUNCH(kernel, grid, block, shared_bytes, stream, ...) \
    ::morula::emulation::launch_kernel((grid), (block), (shared_bytes), (stream), kernel, __VA_ARGS__)

#ifdef MORULA_EMULATION_MUTANTS
#define GPU_MUTANT(name, right, wrong) (::morula::emulation::NamedMutant<#name>::mutant.is_chosen() ? (wrong) : (right))
#endif

#endif
