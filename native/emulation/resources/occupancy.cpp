#include "resources/occupancy.h"

#include <cuda_occupancy.h>

#include <stdexcept>

namespace morula::resources {
namespace {

constexpr int kib = 1024;

// Of the A100, H100 and B200, from NVIDIA's table of compute capabilities.
cudaOccDeviceProp device(int architecture) {
    cudaOccDeviceProp properties;
    properties.computeMajor = architecture / 10;
    properties.computeMinor = architecture % 10;
    properties.maxThreadsPerBlock = 1024;
    properties.maxThreadsPerMultiprocessor = 2048;
    properties.regsPerBlock = properties.regsPerMultiprocessor = 65536;
    properties.warpSize = 32;
    properties.sharedMemPerBlock = 48 * kib;
    properties.reservedSharedMemPerBlock = 1 * kib;
    properties.sharedMemPerMultiprocessor = static_cast<size_t>(architecture == 80 ? 164 : 228) * kib;
    properties.sharedMemPerBlockOptin = static_cast<size_t>(architecture == 80 ? 163 : 227) * kib;
    properties.numSms = architecture == 80 ? 108 : architecture == 90 ? 132 : 148;
    return properties;
}

}  // namespace

int blocks_per_multiprocessor(int architecture, int threads, int registers, int shared_bytes) {
    const cudaOccDeviceProp properties = device(architecture);
    cudaOccFuncAttributes kernel;
    kernel.maxThreadsPerBlock = threads;
    kernel.numRegs = registers;
    kernel.sharedSizeBytes = static_cast<size_t>(shared_bytes);
    kernel.maxDynamicSharedSizeBytes = static_cast<size_t>(227) * kib;
    kernel.partitionedGCConfig = PARTITIONED_GC_OFF;
    kernel.shmemLimitConfig = FUNC_SHMEM_LIMIT_OPTIN;
    kernel.numBlockBarriers = 1;
    const cudaOccDeviceState state;
    cudaOccResult result;
    if (cudaOccMaxActiveBlocksPerMultiprocessor(&result, &properties, &kernel, &state, threads, 0) !=
        CUDA_OCC_SUCCESS) {
        throw std::runtime_error("cuda_occupancy.h takes no such kernel");
    }
    return result.activeBlocksPerMultiprocessor;
}

}  // namespace morula::resources
