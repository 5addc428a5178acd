// Contexts, device memory, and copies between host and device.
//
// Copies of pageable memory go through two pinned buffers in turn, so that the processor fills one while the device
// takes the other: an upload of n bytes takes about max(n / host copy rate, n / link rate), not their sum.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <new>

#include "kernel/cublas.h"
#include "kernel/cuda_context.h"

namespace morula::cuda {
namespace {

constexpr int64_t spared = 256 << 20;  // for the runtime itself, and the display of whoever sits at the machine

thread_local char last_error[512] = "";

// What calls free stays with the process, so that allocating it again costs nothing.
int keep_freed_memory(int device) {
    cudaMemPool_t pool = nullptr;
    MORULA_CUDA_TRY(check("the device's memory pool", cudaDeviceGetDefaultMemPool(&pool, device)));
    uint64_t all = UINT64_MAX;
    return check("the device's memory pool", cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &all));
}

int create(morula_cuda_context* context) {
    MORULA_CUDA_TRY(enter(context));
    MORULA_CUDA_TRY(check("a CUDA stream", cudaStreamCreate(&context->stream)));
    MORULA_CUDA_TRY(check("a CUDA stream", cudaStreamCreate(&context->copies)));
    for (int i = 0; i < 2; i++) {
        void* pinned = nullptr;
        MORULA_CUDA_TRY(check("pinned memory", cudaMallocHost(&pinned, staging_bytes)));
        context->staging[i] = static_cast<char*>(pinned);
        MORULA_CUDA_TRY(check("a CUDA event", cudaEventCreateWithFlags(&context->staged[i], cudaEventDisableTiming)));
        MORULA_CUDA_TRY(check("a CUDA event", cudaEventCreateWithFlags(&context->consumed[i], cudaEventDisableTiming)));
    }
    MORULA_CUDA_TRY(check("scratch memory", cudaMalloc(&context->scratch, scratch_bytes)));
    MORULA_CUDA_TRY(keep_freed_memory(context->device));
    open_blas(context);
    if (context->limit > 0) return MORULA_OK;
    size_t free = 0, total = 0;
    MORULA_CUDA_TRY(check("the device's free memory", cudaMemGetInfo(&free, &total)));
    context->limit = std::max<int64_t>(static_cast<int64_t>(free) - spared, 0);
    return MORULA_OK;
}

void release(morula_cuda_context* context) {
    cudaSetDevice(context->device);
    // Pinned memory goes at once, whatever is still copied from it.
    if (context->stream != nullptr) GPU_MUTANT(release_early, cudaStreamSynchronize(context->stream), cudaSuccess);
    for (int i = 0; i < 2; i++) {
        if (context->staged[i] != nullptr) cudaEventDestroy(context->staged[i]);
        if (context->consumed[i] != nullptr) cudaEventDestroy(context->consumed[i]);
        if (context->staging[i] != nullptr) cudaFreeHost(context->staging[i]);
    }
    close_blas(context);
    if (context->scratch != nullptr) cudaFree(context->scratch);
    if (context->copies != nullptr) cudaStreamDestroy(context->copies);
    if (context->stream != nullptr) cudaStreamDestroy(context->stream);
    delete context;
}

}  // namespace

int fail(int status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    return status;
}

int check(const char* what, cudaError_t error) {
    if (error == cudaSuccess) return MORULA_OK;
    cudaGetLastError();  // or the next launch would be said to have failed
    return fail(error == cudaErrorMemoryAllocation ? MORULA_OUT_OF_MEMORY : MORULA_UNAVAILABLE, "%s: %s (cudaError %d)",
                what, cudaGetErrorString(error), static_cast<int>(error));
}

int launched(const char* kernel) { return check(kernel, cudaGetLastError()); }

int enter(const morula_cuda_context* context) { return check("the CUDA device", cudaSetDevice(context->device)); }

int reserve(morula_cuda_context* context, int64_t bytes) {
    const int64_t before = context->used.fetch_add(bytes);
    if (before + bytes <= context->limit) return MORULA_OK;
    context->used -= bytes;
    return fail(MORULA_OUT_OF_MEMORY, "%lld bytes of device memory were asked for, but of %lld only %lld are left",
                static_cast<long long>(bytes), static_cast<long long>(context->limit),
                static_cast<long long>(std::max<int64_t>(context->limit - before, 0)));
}

int CallMemory::allocate(int64_t bytes) {
    MORULA_CUDA_TRY(refuse_recording("memory for a call"));
    MORULA_CUDA_TRY(reserve(context_, bytes));
    bytes_ = bytes;
    return check("device memory", cudaMallocAsync(&memory_, static_cast<size_t>(bytes), context_->stream));
}

CallMemory::~CallMemory() {
    if (memory_ != nullptr) cudaFreeAsync(memory_, context_->stream);
    context_->used -= bytes_;
}

int download_locked(morula_cuda_context* context, void* host, const void* device, int64_t bytes) {
    MORULA_CUDA_TRY(refuse_recording("a download"));
    const auto start = [&](int64_t from, int64_t turn) {
        const size_t part = static_cast<size_t>(std::min(staging_bytes, bytes - from));
        MORULA_CUDA_TRY(  // which the stream does after all copies from that buffer
            check("a download", cudaMemcpyAsync(context->staging[turn], static_cast<const char*>(device) + from, part,
                                                cudaMemcpyDeviceToHost, context->stream)));
        return check("a download",
                     GPU_MUTANT(download_record, cudaEventRecord(context->staged[turn], context->stream), cudaSuccess));
    };
    if (bytes > 0) MORULA_CUDA_TRY(start(0, 0));
    for (int64_t done = 0, turn = 0; done < bytes; done += staging_bytes, turn ^= 1) {
        if (done + staging_bytes < bytes) MORULA_CUDA_TRY(start(done + staging_bytes, turn ^ 1));
        MORULA_CUDA_TRY(
            check("a download", GPU_MUTANT(download_early, cudaEventSynchronize(context->staged[turn]), cudaSuccess)));
        std::memcpy(static_cast<char*>(host) + done, context->staging[turn],
                    static_cast<size_t>(std::min(staging_bytes, bytes - done)));
    }
    return MORULA_OK;
}

}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" {

const char* morula_cuda_last_error(void) { return last_error; }

int morula_cuda_context_create(morula_cuda_context** context, int device, int64_t memory_limit) {
    *context = nullptr;
    auto* created = new (std::nothrow) morula_cuda_context{};
    if (created == nullptr) return fail(MORULA_OUT_OF_MEMORY, "no memory for a context");
    created->device = device;
    created->limit = memory_limit;
    if (const int status = create(created); status != MORULA_OK) {
        release(created);
        return status;
    }
    *context = created;
    return MORULA_OK;
}

void morula_cuda_context_destroy(morula_cuda_context* context) {
    if (context != nullptr) release(context);
}

void morula_cuda_memory(const morula_cuda_context* context, int64_t* used, int64_t* limit) {
    *used = context->used;
    *limit = context->limit;
}

int morula_cuda_alloc(morula_cuda_context* context, void** memory, int64_t bytes) {
    MORULA_CUDA_TRY(refuse_recording("an allocation"));
    *memory = nullptr;
    MORULA_CUDA_TRY(enter(context));
    MORULA_CUDA_TRY(reserve(context, bytes));
    const int status = check("device memory", cudaMalloc(memory, static_cast<size_t>(bytes)));
    if (status != MORULA_OK) context->used -= bytes;
    return status;
}

int morula_cuda_free(morula_cuda_context* context, void* memory, int64_t bytes) {
    MORULA_CUDA_TRY(refuse_recording("freeing"));
    MORULA_CUDA_TRY(enter(context));
    MORULA_CUDA_TRY(check("device memory", cudaFree(memory)));  // waits for the work that may use it
    context->used -= bytes;
    return MORULA_OK;
}

int morula_cuda_upload(morula_cuda_context* context, void* device, const void* host, int64_t bytes) {
    MORULA_CUDA_TRY(refuse_recording("an upload"));
    MORULA_CUDA_TRY(enter(context));
    const std::lock_guard<std::mutex> lock(context->staging_mutex);
    for (int64_t done = 0, turn = 0; done < bytes; done += staging_bytes, turn ^= 1) {
        const size_t part = static_cast<size_t>(std::min(staging_bytes, bytes - done));
        MORULA_CUDA_TRY(check("an upload",
                              GPU_MUTANT(upload_overwrites, cudaEventSynchronize(context->staged[turn]), cudaSuccess)));
        std::memcpy(context->staging[turn], static_cast<const char*>(host) + done, part);
        MORULA_CUDA_TRY(check("an upload", cudaMemcpyAsync(static_cast<char*>(device) + done, context->staging[turn],
                                                           part, cudaMemcpyHostToDevice, context->stream)));
        MORULA_CUDA_TRY(
            check("an upload",
                  GPU_MUTANT(upload_record, cudaEventRecord(context->staged[turn], context->stream), cudaSuccess)));
    }
    return MORULA_OK;
}

int morula_cuda_download(morula_cuda_context* context, void* host, const void* device, int64_t bytes) {
    MORULA_CUDA_TRY(enter(context));
    const std::lock_guard<std::mutex> lock(context->staging_mutex);
    return download_locked(context, host, device, bytes);
}

int morula_cuda_clear(morula_cuda_context* context, void* device, int64_t bytes) {
    MORULA_CUDA_TRY(enter(context));
    return check("clearing", cudaMemsetAsync(device, 0, static_cast<size_t>(bytes), work_stream(context)));
}

int morula_cuda_synchronize(morula_cuda_context* context) {
    MORULA_CUDA_TRY(refuse_recording("waiting"));
    MORULA_CUDA_TRY(enter(context));
    return check("the device's work", GPU_MUTANT(synchronize, cudaStreamSynchronize(context->stream), cudaSuccess));
}

}  // extern "C"
