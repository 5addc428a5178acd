// The emulated runtime's state: streams with work that waits, and device memory. One lock guards all of it, so that one
// kernel runs at a time, on the thread of the host that waits for it.
#ifndef MORULA_EMULATION_STREAMS_H
#define MORULA_EMULATION_STREAMS_H

#include <cuda_runtime.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "device_memory.h"

namespace morula::emulation {

// Work that a capture keeps instead of doing it.
struct Capture {
    std::thread::id thread;  // the one that began it
    std::vector<std::function<void()>> work;
    bool valid = true;  // until something is asked for that cannot be kept
};

struct Stream {
    std::deque<std::function<void()>> waiting;
    uint64_t queued = 0, done = 0;  // pieces of work, so far
    std::string failure;            // of a kernel; nothing runs on this stream any more
    std::optional<Capture> capture;
};

struct Event {
    cudaStream_t stream = nullptr;
    uint64_t after = 0;  // so many pieces of its work
};

struct Runtime {
    std::mutex lock;
    DeviceMemory memory;
    std::map<cudaStream_t, Stream> streams{{nullptr, {}}};
    std::map<cudaEvent_t, Event> events;
    std::map<void*, size_t> pinned;             // bytes of host memory
    std::map<const void*, int> dynamic_shared;  // bytes above 48 KiB that a kernel asked for
};

Runtime& runtime();

// Keeps what cudaGetLastError() gives and cudaGetErrorString() says, for the calling thread.
__attribute__((format(printf, 2, 3))) cudaError_t report(cudaError_t error, const char* format, ...);

// With the lock held: adds a piece of work, or has a capture keep it; runs work until so much of it is done.
cudaError_t add_work(cudaStream_t stream, std::function<void()> work);
cudaError_t finish(cudaStream_t stream, uint64_t until = UINT64_MAX);
cudaError_t finish_all();
// Adds a piece of work that waits until another stream is so far.
cudaError_t add_wait(cudaStream_t stream, Event event);
// An error, and the end of the capture, if the stream is captured, or the calling thread captures one: `what` cannot be
// kept, and waiting for what is kept would last forever.
cudaError_t refuse_captured(cudaStream_t stream, const char* what);
cudaError_t refuse_capturing(const char* what);

}  // namespace morula::emulation

#endif
