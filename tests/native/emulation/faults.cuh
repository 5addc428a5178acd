// Kernels with one fault each, and some without.
#ifndef MORULA_TESTS_EMULATION_FAULTS_H
#define MORULA_TESTS_EMULATION_FAULTS_H

#include "kernel/gpu.h"
#include "kernel/ptx.h"

constexpr unsigned whole_warp = 0xffffffffu;

enum class Barrier { none, shuffle, warp };

// out_i = 31 - i through shared memory, for a warp.
template <Barrier barrier>
__global__ void reverse_warp(float* out) {
    GPU_SHARED(float, values, [32]);
    const int i = static_cast<int>(threadIdx.x);
    values[i] = static_cast<float>(i);
    if (barrier == Barrier::warp) __syncwarp();
    if (barrier == Barrier::shuffle) __shfl_xor_sync(whole_warp, 1, 1);
    out[i] = values[31 - i];
}

// The sums of either half of a warp, of 0, 1, ...
__global__ void sum_halves(float* out) {
    const unsigned half = threadIdx.x < 16 ? 0xffffu : 0xffff0000u;
    float sum = static_cast<float>(threadIdx.x);
    for (int distance = 8; distance > 0; distance /= 2) sum += __shfl_xor_sync(half, sum, distance, 16);
    out[threadIdx.x] = sum;
}

__global__ void foreign_mask(float* out) { out[threadIdx.x] = __shfl_sync(0xffffu, 1.0f, 0); }

__global__ void __launch_bounds__(32) of_one_warp(float* out) { out[threadIdx.x] = 1; }

__global__ void shuffle_with_the_gone(float* out) {
    if (threadIdx.x >= 16) return;
    out[threadIdx.x] = __shfl_xor_sync(whole_warp, 1.0f, 1);
}

__global__ void barrier_with_the_gone(float* out) {
    if (threadIdx.x >= 40) return;
    __syncthreads();
    out[threadIdx.x] = 1;
}

__global__ void lanes_that_skip_a_vote(float* out) {
    unsigned votes = 0;
    if (threadIdx.x < 16) votes = __ballot_sync(whole_warp, 1);
    __syncthreads();
    out[threadIdx.x] = static_cast<float>(votes);
}

__global__ void blocks_that_overlap(float* out) { out[blockIdx.x * 31 + threadIdx.x] = 1; }

__global__ void count_without_atomics(float* out) {
    if (threadIdx.x == 0) *out += 1;
}

__global__ void count_with_atomics(float* out) {
    if (threadIdx.x == 0) atomicAdd(out, 1.0f);
}

__global__ void shared_overrun(float* out, int length) {
    GPU_DYNAMIC_SHARED(float, values);
    values[threadIdx.x] = 1;
    if (threadIdx.x == 0) values[length] = 2;
    __syncthreads();
    out[threadIdx.x] = values[threadIdx.x];
}

__global__ void device_overrun(float* out, const float* in, int length) {
    const int i = static_cast<int>(threadIdx.x);
    if (i <= length) out[0] = in[i];
}

__global__ void read_of_nothing(float* out) {
    GPU_SHARED(float, values, [32]);
    if (threadIdx.x > 0) values[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = values[threadIdx.x];
}

__global__ void odd_address(float* out) {
    if (threadIdx.x == 0) *reinterpret_cast<float2*>(out + 1) = make_float2(1, 2);
}

enum class Wait { none, all };

// Copies 20 of 32 floats through shared memory; the others are zeros.
template <Wait wait>
__global__ void copy_by_four(float* out, const float* in) {
    GPU_SHARED(float, values, [32]);
    const int first = static_cast<int>(threadIdx.x) * 4;
    if (first < 32) morula::copy_async_16(values + first, in + first, first < 20 ? 16 : 0);
    morula::copy_async_commit();
    if (wait == Wait::all) morula::copy_async_wait<0>();
    __syncthreads();
    out[threadIdx.x] = values[threadIdx.x];
}

#endif
