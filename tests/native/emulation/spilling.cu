// A kernel that holds more numbers than a thread of so large a block has registers: its build must fail, and say why.
#include "kernel/gpu.h"

constexpr int numbers = 128;

__global__ void __launch_bounds__(1024) spilling_kernel(float* values, int turns) {
    float held[numbers];
#pragma unroll
    for (int i = 0; i < numbers; i++) held[i] = values[i * 1024 + threadIdx.x];
    for (int turn = 0; turn < turns; turn++) {
#pragma unroll
        for (int i = 0; i < numbers; i++) held[i] += held[i] * held[(i + 1) % numbers];
    }
#pragma unroll
    for (int i = 0; i < numbers; i++) values[i * 1024 + threadIdx.x] = held[i];
}
