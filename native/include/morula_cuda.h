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

// The newest CUDA version that the installed driver supports, as 1000 major + 10 minor; 0 without a driver.
MORULA_API int morula_cuda_driver_version(void);

// The CUDA version of the runtime in this library, in the same form.
MORULA_API int morula_cuda_runtime_version(void);

// The number of devices. No driver is MORULA_UNAVAILABLE; a driver that sees no device is 0 devices.
MORULA_API int morula_cuda_device_count(int* count);

// Describes one device. name takes name_capacity bytes, the terminating zero among them.
MORULA_API int morula_cuda_describe(morula_cuda_device* device, char* name, int64_t name_capacity, int index);

// Runs one small kernel on the device and compares every element of its result; MORULA_UNAVAILABLE says what failed.
MORULA_API int morula_cuda_probe(int index);

#ifdef __cplusplus
}
#endif

#endif
