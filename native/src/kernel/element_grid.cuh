// What kernels share that do something to every element of a matrix, or of a block of one: a thread an element, or four
// that lie side by side, for which one 128-bit access does.
//
// Threads of a block cover some columns of some rows, so that no element needs a division to know its place; blocks
// count along x alone, whose limit no matrix reaches.
#ifndef MORULA_KERNEL_ELEMENT_GRID_CUH
#define MORULA_KERNEL_ELEMENT_GRID_CUH

#include <initializer_list>

#include "kernel/cuda_context.h"

namespace morula::cuda {
namespace {

constexpr unsigned block_threads = 256;

// Blocks and threads of a launch; column_blocks of the blocks lie side by side.
struct Grid {
    int64_t blocks;
    unsigned column_blocks;
    dim3 threads;
};

// The least power of two that is not below count, but `most` at most.
inline unsigned power_of_two(int64_t count, unsigned most) {
    unsigned power = 1;
    while (power < count && power < most) power *= 2;
    return power;
}

// A grid for rows x columns elements, `width` of a row a thread.
inline Grid element_grid(int64_t rows, int64_t columns, int width = 1) {
    const int64_t vectors = ceil_div(columns, width);
    const unsigned across = power_of_two(vectors, rows < 8 ? block_threads : 32);
    const dim3 threads(across, block_threads / across);
    const int64_t column_blocks = ceil_div(vectors, across);
    return {column_blocks * ceil_div(rows, threads.y), static_cast<unsigned>(column_blocks), threads};
}

// Launches a kernel on the context's stream; nothing where there is nothing to do, for which CUDA has no launch.
template <class... P, class... A>
int launch(const morula_cuda_context* context, const char* name, void (*kernel)(P...), int64_t blocks, dim3 threads,
           A... arguments) {
    if (blocks == 0) return MORULA_OK;
    GPU_LAUNCH(kernel, static_cast<unsigned>(blocks), threads, 0, work_stream(context), arguments...);
    return launched(name);
}

// How many numbers an access may take: 4 where all addresses are multiples of 16 bytes and all sizes of 4, else 1.
inline int vector_width(std::initializer_list<const void*> addresses, std::initializer_list<int64_t> sizes = {}) {
    for (const void* address : addresses) {
        if (reinterpret_cast<uintptr_t>(address) % 16 != 0) return 1;
    }
    for (const int64_t size : sizes) {
        if (size % 4 != 0) return 1;
    }
    return 4;
}

// ---- in kernels ----

struct Place {
    int64_t row, column;
};

// The first element of this thread, in a grid with so many blocks side by side.
template <int width>
__device__ Place thread_place(unsigned column_blocks) {
    const unsigned down = blockIdx.x / column_blocks, across = blockIdx.x - down * column_blocks;
    return {static_cast<int64_t>(down) * blockDim.y + threadIdx.y,
            (static_cast<int64_t>(across) * blockDim.x + threadIdx.x) * width};
}

template <int width>
struct alignas(width * sizeof(float)) Numbers {
    float value[width];
};

// `width` numbers, or the `count` that there are, and 0 for the others.
template <int width>
__device__ Numbers<width> load(const float* from, int64_t count) {
    if (count >= width) return *reinterpret_cast<const Numbers<width>*>(from);
    Numbers<width> some{};
#pragma unroll
    for (int i = 0; i < width; i++) {
        if (i < count) some.value[i] = from[i];
    }
    return some;
}

template <int width>
__device__ void store(float* to, const Numbers<width>& numbers, int64_t count) {
    if (count >= width) {
        *reinterpret_cast<Numbers<width>*>(to) = numbers;
        return;
    }
#pragma unroll
    for (int i = 0; i < width; i++) {
        if (GPU_MUTANT(store_stays_within_its_row, i < count, true)) to[i] = numbers.value[i];
    }
}

}  // namespace
}  // namespace morula::cuda

#endif
