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
    cudaStream_t stream;       // all kernels, in order: work_stream()
    cudaStream_t copies;       // uploads of pieces (kernel/streaming.h), beside the kernels
    std::mutex staging_mutex;  // of what follows
    char* staging[2];          // pinned
    cudaEvent_t staged[2];     // the last copy from or to either
    std::mutex scratch_mutex;  // held while launches that share what follows are put on the stream
    void* scratch;             // scratch_bytes of device memory for what one of them leaves the next
    cudaEvent_t consumed[2];   // the last kernel that reads what was copied from either by `copies`
    std::mutex blas_mutex;     // of the handle
    void* blas;                // cuBLAS's handle, or null
    char blas_name[384];       // which library, or why none
};

namespace morula::cuda {

constexpr int64_t scratch_bytes = 8 << 20;
constexpr int64_t scratch_floats = scratch_bytes / sizeof(float);

// Keeps the message for morula_cuda_last_error() and returns the status: return fail(STATUS, ...).
__attribute__((format(printf, 2, 3))) int fail(int status, const char* format, ...);

// MORULA_OK, or the status and message of an error of the CUDA runtime while doing `what`.
int check(const char* what, cudaError_t error);

// After a launch: whether it was accepted.
int launched(const char* kernel);

// Makes the context's device that of the calling thread; first in every entry point.
int enter(const morula_cuda_context* context);

// Where the calling thread puts its kernels: on the context's stream, unless it records them (kernel/recording.cu).
cudaStream_t work_stream(const morula_cuda_context* context);

// Fails while the calling thread records: `what` waits for the device or allocates, which cannot be repeated.
int refuse_recording(const char* what);

// The size of a pinned buffer: a copy takes long enough that starting it costs little beside.
constexpr int64_t staging_bytes = 4 << 20;

// Counts bytes of device memory against the context's limit; MORULA_OUT_OF_MEMORY, with figures, if they are too many.
int reserve(morula_cuda_context* context, int64_t bytes);

// Copies to the host through the pinned buffers, whose mutex the caller holds.
int download_locked(morula_cuda_context* context, void* host, const void* device, int64_t bytes);

// Device memory for the time of one call, allocated and freed in the order of the context's stream.
class CallMemory {
  public:
    explicit CallMemory(morula_cuda_context* context) : context_(context) {}
    ~CallMemory();
    CallMemory(const CallMemory&) = delete;
    CallMemory& operator=(const CallMemory&) = delete;

    int allocate(int64_t bytes);  // once, and more than 0
    template <class T>
    T* at(int64_t byte) const {
        return reinterpret_cast<T*>(static_cast<char*>(memory_) + byte);
    }

  private:
    morula_cuda_context* const context_;
    void* memory_ = nullptr;
    int64_t bytes_ = 0;
};

__host__ __device__ inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
inline int64_t round_up(int64_t a, int64_t multiple) { return ceil_div(a, multiple) * multiple; }

}  // namespace morula::cuda

// Returns from an entry point with the status of a call that failed.
#define MORULA_CUDA_TRY(call)                                                 \
    do {                                                                      \
        if (const int status_ = (call); status_ != MORULA_OK) return status_; \
    } while (0)

#endif
