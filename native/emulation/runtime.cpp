// The functions of the CUDA runtime that host code uses, on the emulated device, under NVIDIA's own declarations.
#include <cuda_runtime.h>
#include <sys/mman.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "checker.h"
#include "streams.h"

using namespace morula::emulation;

namespace {

using Lock = std::lock_guard<std::mutex>;

constexpr int emulated_version = 13000;

thread_local cudaError_t last_error = cudaSuccess, described = cudaSuccess;
thread_local char description[1024] = "";

// Whether the sides of a copy are where its kind says.
bool is_valid(const void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
    const DeviceMemory& memory = runtime().memory;
    const auto fits = [&](const void* side, bool on_device) {
        return on_device ? memory.contains(side, bytes) : !memory.touches(side, bytes);
    };
    switch (kind) {
        case cudaMemcpyHostToDevice:
            return fits(target, true) && fits(source, false);
        case cudaMemcpyDeviceToHost:
            return fits(target, false) && fits(source, true);
        case cudaMemcpyDeviceToDevice:
            return fits(target, true) && fits(source, true);
        default:
            return false;
    }
}

cudaError_t queue_copy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    if (!is_valid(target, source, bytes, kind)) {
        return report(cudaErrorInvalidValue,
                      "a copy of %zu bytes of kind %d, of which a side is elsewhere or too small", bytes,
                      static_cast<int>(kind));
    }
    return add_work(stream, [=] {
        std::memmove(target, source, bytes);
        if (kind != cudaMemcpyDeviceToHost) checker::written(target, bytes);
    });
}

cudaError_t queue_fill(void* target, int value, size_t bytes, cudaStream_t stream) {
    if (!runtime().memory.contains(target, bytes)) {
        return report(cudaErrorInvalidValue, "%zu bytes to fill are not all device memory", bytes);
    }
    return add_work(stream, [=] {
        std::memset(target, value, bytes);
        checker::written(target, bytes);
    });
}

template <class Handle>
Handle new_handle() {
    static uintptr_t next = 0;
    return reinterpret_cast<Handle>(next += 16);
}

}  // namespace

namespace morula::emulation {

cudaError_t report(cudaError_t error, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(description, sizeof description, format, arguments);
    va_end(arguments);
    return last_error = described = error;
}

}  // namespace morula::emulation

extern "C" {

cudaError_t cudaMalloc(void** memory, size_t bytes) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_capturing("cudaMalloc")) return refused;
    *memory = runtime().memory.allocate(bytes);
    if (*memory != nullptr) return cudaSuccess;
    return report(cudaErrorMemoryAllocation, "%zu bytes are more than is left of the emulated device", bytes);
}

cudaError_t cudaFree(void* memory) {
    if (memory == nullptr) return cudaSuccess;
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_capturing("cudaFree")) return refused;
    const cudaError_t error = finish_all();
    if (!runtime().memory.free(memory)) {
        return report(cudaErrorInvalidValue, "what is to be freed is no allocation of device memory");
    }
    return error;
}

// The pool, which hands on what the stream's work before this still uses, is modelled as memory that changes until the
// stream has come here.
cudaError_t cudaMallocAsync(void** memory, size_t bytes, cudaStream_t stream) {
    const cudaError_t error = cudaMalloc(memory, bytes);
    if (error != cudaSuccess) return error;
    const Lock lock(runtime().lock);
    return add_work(stream, [memory = *memory, bytes] { std::memset(memory, 0xff, bytes); });
}

cudaError_t cudaFreeAsync(void* memory, cudaStream_t stream) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaFreeAsync, which is not emulated,")) return refused;
    if (!runtime().memory.contains(memory, 0)) {
        return report(cudaErrorInvalidValue, "what is to be freed is no allocation of device memory");
    }
    return add_work(stream, [=] { runtime().memory.free(memory); });
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
    *pool = nullptr;
    return cudaSetDevice(device);
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) { return cudaSuccess; }

// Pages of its own, so that a copy from or to memory that was freed meanwhile crashes.
cudaError_t cudaMallocHost(void** memory, size_t bytes) {
    const Lock lock(runtime().lock);
    void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return report(cudaErrorMemoryAllocation, "%zu bytes of host memory", bytes);
    runtime().pinned[*memory = pages] = bytes;
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) {
    const Lock lock(runtime().lock);
    const auto found = runtime().pinned.find(memory);
    if (found == runtime().pinned.end()) return report(cudaErrorInvalidValue, "what is to be freed is not pinned");
    munmap(memory, found->second);
    runtime().pinned.erase(found);
    return cudaSuccess;
}

cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_capturing("cudaMemcpy")) return refused;
    const cudaError_t error = queue_copy(target, source, bytes, kind, nullptr);
    return error != cudaSuccess ? error : finish(nullptr);
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    const Lock lock(runtime().lock);
    return queue_copy(target, source, bytes, kind, stream);
}

cudaError_t cudaMemset(void* target, int value, size_t bytes) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_capturing("cudaMemset")) return refused;
    const cudaError_t error = queue_fill(target, value, bytes, nullptr);
    return error != cudaSuccess ? error : finish(nullptr);
}

cudaError_t cudaMemsetAsync(void* target, int value, size_t bytes, cudaStream_t stream) {
    const Lock lock(runtime().lock);
    return queue_fill(target, value, bytes, stream);
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
    const Lock lock(runtime().lock);
    *stream = new_handle<cudaStream_t>();
    runtime().streams[*stream];
    return cudaSuccess;
}

// No stream waits for the one without a name, or it for them, whatever the flags.
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) { return cudaStreamCreate(stream); }

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaStreamDestroy")) return refused;
    const cudaError_t error = finish(stream);
    runtime().streams.erase(stream);
    return error;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaStreamSynchronize")) return refused;
    return finish(stream);
}

cudaError_t cudaDeviceSynchronize() {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_capturing("cudaDeviceSynchronize")) return refused;
    return finish_all();
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
    const Lock lock(runtime().lock);
    *event = new_handle<cudaEvent_t>();
    runtime().events[*event];
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    const Lock lock(runtime().lock);
    runtime().events.erase(event);
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaEventRecord, which is not emulated,")) return refused;
    const auto found = runtime().streams.find(stream);
    if (found == runtime().streams.end()) return report(cudaErrorInvalidResourceHandle, "no such stream");
    runtime().events[event] = {stream, found->second.queued};
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    const Lock lock(runtime().lock);
    const Event recorded = runtime().events[event];
    if (runtime().streams.count(recorded.stream) == 0) return cudaSuccess;  // gone, with all of its work done
    return finish(recorded.stream, recorded.after);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaStreamWaitEvent, which is not emulated,"))
        return refused;
    return add_wait(stream, runtime().events[event]);
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
    const Lock lock(runtime().lock);
    *total = device_bytes;
    *free = device_bytes - runtime().memory.used();
    return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
    return device == 0 ? cudaSuccess : report(cudaErrorInvalidDevice, "device %d; there is one, 0", device);
}

cudaError_t cudaGetDeviceCount(int* count) {
    *count = 1;
    return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
    *version = emulated_version;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
    if (const cudaError_t error = cudaSetDevice(device)) return error;
    *properties = {};
    std::strcpy(properties->name, "emulated device");
    properties->major = 9;
    properties->totalGlobalMem = device_bytes;
    properties->multiProcessorCount = 4;
    return cudaSuccess;
}

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) {
        return report(cudaErrorInvalidValue, "attribute %d of a kernel is not emulated", static_cast<int>(attribute));
    }
    const Lock lock(runtime().lock);
    runtime().dynamic_shared[kernel] = value;
    return cudaSuccess;
}

cudaError_t cudaGetLastError() {
    const cudaError_t error = last_error;
    last_error = cudaSuccess;
    return error;
}

cudaError_t cudaPeekAtLastError() { return last_error; }

const char* cudaGetErrorString(cudaError_t error) {
    if (error == cudaSuccess) return "no error";
    return error == described ? description : "an error of the emulated CUDA runtime";
}

}  // extern "C"
