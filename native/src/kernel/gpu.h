// The only header through which kernels see CUDA. nvcc gets CUDA itself; any other compiler gets the emulation
// (native/emulation), which runs the same sources on the host, so that they are tested where there is no GPU.
//
// What a kernel must keep to, so that both can compile it: shared memory is declared with GPU_SHARED or
// GPU_DYNAMIC_SHARED, a launch is GPU_LAUNCH, a PTX instruction stands behind a wrapper of one line (kernel/ptx.h), and
// kernels have external linkage, since the tests find them in nvcc's PTX by their names.
#ifndef MORULA_KERNEL_GPU_H
#define MORULA_KERNEL_GPU_H

#ifdef __CUDACC__

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstdint>

// GPU_SHARED(float, tile, [16][17]) declares an array in shared memory, GPU_SHARED(int, count) a variable.
#define GPU_SHARED(T, name, ...) __shared__ __align__(128) T name __VA_ARGS__
#define GPU_DYNAMIC_SHARED(T, name)                                            \
    extern __shared__ __align__(128) unsigned char gpu_dynamic_shared_bytes[]; \
    T* const name = reinterpret_cast<T*>(gpu_dynamic_shared_bytes)

// A kernel with template arguments goes in parentheses: GPU_LAUNCH((sum<256, float>), grid, block, 0, stream, ...).
#define GPU_LAUNCH(kernel, grid, block, shared_bytes, stream, ...) \
    (kernel<<<(grid), (block), (shared_bytes), (stream)>>>(__VA_ARGS__))

#else
#include "emulator.h"
#endif

// GPU_MUTANT(name, right, wrong) is `right`, and `wrong` where it is shown that the tests notice it: two expressions of
// one type, or without one, of which the checker's library chooses at run time (native/emulation/mutants.h). Every
// mutant must be killed: native/emulation/README.md. Those whose names begin with ptx_ are of lines that nvcc alone
// compiles, where one is chosen by GPU_MUTANT_name, defined as ~, GPU_WRONG.
#ifndef GPU_MUTANT
#define GPU_MUTANT(name, right, wrong) GPU_CHOOSE(GPU_MUTANT_##name)(right, wrong)
#define GPU_CHOOSE(...) GPU_SECOND(__VA_ARGS__, GPU_RIGHT, )
#define GPU_SECOND(first, second, ...) second
#define GPU_RIGHT(right, wrong) right
#define GPU_WRONG(right, wrong) wrong
#endif

#endif
