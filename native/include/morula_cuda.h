// Morula's GPU library: built only where nvcc is (cmake/OptionalCuda.cmake), loadable where no driver is. The
// conventions are those of morula.h, whose status codes it uses.
#ifndef MORULA_CUDA_H
#define MORULA_CUDA_H

#include "morula.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a device is, as 64-bit fields, so that Java passes a long[].
typedef struct {
    int64_t major;  // compute capability major.minor
    int64_t minor;
    int64_t memory_bytes;
    int64_t multiprocessors;
} morula_cuda_device;

// Why the last call of this thread failed; as morula_last_error().
MORULA_API const char* morula_cuda_last_error(void);

// As morula_abi_version().
MORULA_API int morula_cuda_abi_version(void);

// The newest CUDA version that the installed driver supports, as 1000 major + 10 minor; 0 without a driver.
MORULA_API int morula_cuda_driver_version(void);

// The CUDA version of the runtime in this library, in the same form.
MORULA_API int morula_cuda_runtime_version(void);

// The number of devices. No driver is MORULA_UNAVAILABLE; a driver that sees no device is 0 devices.
MORULA_API int morula_cuda_device_count(int* count);

// Describes one device. name takes name_capacity bytes, the terminating zero among them.
MORULA_API int morula_cuda_describe(morula_cuda_device* device, char* name, int64_t name_capacity, int index);

// ---- a context and the memory of its device ----
// Calls take a context first; it holds a device, a stream on which its work runs in order, and pinned buffers for
// copies. Calls return when their work is on the stream; those that hand something to the host return when it is there.
// Any number of threads may use a context.

typedef struct morula_cuda_context morula_cuda_context;

// memory_limit: the most bytes of device memory that this context allocates, besides 8 MiB for partial sums; 0 for what
// is free, less a reserve.
MORULA_API int morula_cuda_context_create(morula_cuda_context** context, int device, int64_t memory_limit);
MORULA_API void morula_cuda_context_destroy(morula_cuda_context* context);

// Bytes that are allocated and that may be, at most.
MORULA_API void morula_cuda_memory(const morula_cuda_context* context, int64_t* used, int64_t* limit);

// Device memory, 256-byte aligned and not initialised. More than the limit leaves is MORULA_OUT_OF_MEMORY, with
// figures. It is freed with the size that it was allocated with.
MORULA_API int morula_cuda_alloc(morula_cuda_context* context, void** memory, int64_t bytes);
MORULA_API int morula_cuda_free(morula_cuda_context* context, void* memory, int64_t bytes);

// Copies between host and device, after all work before; the host's side may be used again when the call returns.
MORULA_API int morula_cuda_upload(morula_cuda_context* context, void* device, const void* host, int64_t bytes);
MORULA_API int morula_cuda_download(morula_cuda_context* context, void* host, const void* device, int64_t bytes);

// Zeros.
MORULA_API int morula_cuda_clear(morula_cuda_context* context, void* device, int64_t bytes);

// Waits for all work of the context, and reports what failed in it.
MORULA_API int morula_cuda_synchronize(morula_cuda_context* context);

// ---- work that is repeated ----
// Between record_begin and record_end what the calling thread's calls of morula_cuda_train.h, morula_cuda_product and
// morula_cuda_clear put on the device is kept instead of done, with its addresses and numbers as they are then; other
// threads' calls are not. repeat does all of it in one launch, any number of times, like one call; the memory that it
// uses must be allocated then. What waits for the device, copies from or to the host, allocates or frees cannot be
// recorded, nor can products by cuBLAS, beside which a launch is short and whose workspace is its own: they are
// MORULA_UNAVAILABLE, and so is record_end then, which ends the recording in any case. The thread makes no calls of
// morula_cuda_correlate.h meanwhile.

typedef struct morula_cuda_recording morula_cuda_recording;

MORULA_API int morula_cuda_record_begin(morula_cuda_context* context);
MORULA_API int morula_cuda_record_end(morula_cuda_context* context, morula_cuda_recording** recording);
MORULA_API int morula_cuda_repeat(morula_cuda_context* context, morula_cuda_recording* recording);

// Not while another thread repeats it; null is nothing.
MORULA_API void morula_cuda_recording_destroy(morula_cuda_recording* recording);

// out (m x n) = left (m x k) right (n x k)^T, as morula_product. Sizes are below 2^31.
MORULA_API int morula_cuda_product(morula_cuda_context* context, float* out, const float* left, const float* right,
                                   int64_t m, int64_t n, int64_t k);

// Which library computes large products of linear layers, or why none does, and Morula's own kernels compute all of
// them: "none (...)", as with MORULA_CUDA_BLAS=none in the environment when the context was created.
MORULA_API const char* morula_cuda_blas(const morula_cuda_context* context);

// Runs one small kernel on the device and compares every element of its result; MORULA_UNAVAILABLE says what failed.
MORULA_API int morula_cuda_probe(int index);

#ifdef __cplusplus
}
#endif

#endif
