// What the host side of every CUDA kernel shares: the context, and how a failure is reported.
#ifndef MORULA_KERNEL_CUDA_CONTEXT_H
#define MORULA_KERNEL_CUDA_CONTEXT_H

#include <atomic>
#include <mutex>

#include "kernel/gpu.h"
#include "morula_cuda.h"

struct morula_cuda_context {
    int device;
    int64_t limit;
    std::atomic<int64_t> used;
    cudaStream_t stream;       // all kernels, in order
    std::mutex staging_mutex;  // of what follows
    char* staging[2];          // pinned
    cudaEvent_t staged[2];     // the last copy from or to either
    std::mutex scratch_mutex;  // from the launch that fills the scratch until that which reads it
    float* scratch;            // scratch_floats numbers in device memory: partial sums
    std::mutex blas_mutex;     // of the handle
    void* blas;                // cuBLAS's handle, or null
    char blas_name[384];       // which library, or why none
};

namespace morula::cuda {

constexpr int64_t scratch_floats = 1 << 21;

// Keeps the message for morula_cuda_last_error() and returns the status: return fail(STATUS, ...).
__attribute__((format(printf, 2, 3))) int fail(int status, const char* format, ...);

// MORULA_OK, or the status and message of an error of the CUDA runtime while doing `what`.
int check(const char* what, cudaError_t error);

// After a launch: whether it was accepted.
int launched(const char* kernel);

// Makes the context's device that of the calling thread; first in every entry point.
int enter(const morula_cuda_context* context);

inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace morula::cuda

// Returns from an entry point with the status of a call that failed.
#define MORULA_CUDA_TRY(call)                                                 \
    do {                                                                      \
        if (const int status_ = (call); status_ != MORULA_OK) return status_; \
    } while (0)

#endif
