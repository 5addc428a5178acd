#include "streams.h"

#include <algorithm>

#include "device.h"
#include "launch.h"
#include "scheduler.h"

namespace morula::emulation {
namespace {

constexpr size_t shared_bytes = 48 << 10, opt_in_shared_bytes = 227 << 10;

bool is_valid(const Launch& launch) {
    const dim3 grid = launch.grid, threads = launch.threads;
    const uint64_t block = static_cast<uint64_t>(threads.x) * threads.y * threads.z;
    return grid.x > 0 && grid.x <= INT32_MAX && grid.y > 0 && grid.y <= 65535 && grid.z > 0 && grid.z <= 65535 &&
           block > 0 && block <= 1024 && threads.z <= 64;
}

cudaError_t check_launch(const Launch& launch) {
    const dim3 grid = launch.grid, threads = launch.threads;
    if (!is_valid(launch)) {
        return report(cudaErrorInvalidConfiguration, "no device runs %u x %u x %u blocks of %u x %u x %u threads",
                      grid.x, grid.y, grid.z, threads.x, threads.y, threads.z);
    }
    const auto found = runtime().dynamic_shared.find(launch.kernel);
    const size_t most =
        found == runtime().dynamic_shared.end() ? shared_bytes : std::max<size_t>(shared_bytes, found->second);
    if (launch.dynamic_shared > std::min(most, opt_in_shared_bytes)) {
        return report(cudaErrorInvalidValue,
                      "%zu bytes of dynamic shared memory were asked for; without cudaFuncSetAttribute there are %zu",
                      launch.dynamic_shared, most);
    }
    return cudaSuccess;
}

// Work may be done when it is added, or not until something waits for it: late in the forward order, so that a missing
// wait reads what was there before; at once in the reverse one, where one that should have come before reads too early.
bool runs_at_once() {
    static std::mt19937 random(options().seed);
    return options().order == Order::reverse || (options().order == Order::random && random() % 2 == 0);
}

cudaError_t failure(const Stream& stream) {
    return stream.failure.empty() ? cudaSuccess : report(cudaErrorLaunchFailure, "%s", stream.failure.c_str());
}

}  // namespace

Runtime& runtime() {
    static Runtime* const all = new Runtime;  // never freed: threads may outlive the statics
    return *all;
}

cudaError_t add_work(cudaStream_t stream, std::function<void()> work) {
    const auto found = runtime().streams.find(stream);
    if (found == runtime().streams.end()) return report(cudaErrorInvalidResourceHandle, "no such stream");
    Stream& queue = found->second;
    if (const cudaError_t failed = failure(queue)) return failed;
    if (queue.capture) {
        if (!queue.capture->valid) return report(cudaErrorStreamCaptureInvalidated, "the capture is no longer valid");
        queue.capture->work.push_back(std::move(work));
        return cudaSuccess;
    }
    queue.waiting.push_back(std::move(work));
    queue.queued++;
    return runs_at_once() ? finish(stream) : cudaSuccess;
}

namespace {

cudaError_t invalidate(Capture& capture, const char* what) {
    capture.valid = false;
    return report(cudaErrorStreamCaptureUnsupported, "%s while a stream is captured", what);
}

}  // namespace

cudaError_t refuse_captured(cudaStream_t stream, const char* what) {
    const auto found = runtime().streams.find(stream);
    if (found == runtime().streams.end() || !found->second.capture) return cudaSuccess;
    return invalidate(*found->second.capture, what);
}

cudaError_t refuse_capturing(const char* what) {
    for (auto& [stream, queue] : runtime().streams) {
        if (queue.capture && queue.capture->thread == std::this_thread::get_id()) {
            return invalidate(*queue.capture, what);
        }
    }
    return cudaSuccess;
}

cudaError_t finish(cudaStream_t stream, uint64_t until) {
    const auto found = runtime().streams.find(stream);
    if (found == runtime().streams.end()) return report(cudaErrorInvalidResourceHandle, "no such stream");
    Stream& queue = found->second;
    if (queue.waiting.empty() || queue.done >= until) return failure(queue);
    const DeviceMemory::Open open(&runtime().memory);
    try {
        for (; !queue.waiting.empty() && queue.done < until; queue.done++) {
            const std::function<void()> work = std::move(queue.waiting.front());
            queue.waiting.pop_front();
            work();
        }
    } catch (const Error& error) {
        queue.failure = error.what();
        queue.waiting.clear();
    }
    return failure(queue);
}

cudaError_t finish_all() {
    cudaError_t first = cudaSuccess;
    for (const auto& [stream, queue] : runtime().streams) {
        if (const cudaError_t error = finish(stream); first == cudaSuccess) first = error;
    }
    return first;
}

cudaError_t add_wait(cudaStream_t stream, Event event) {
    if (event.stream == stream || runtime().streams.count(event.stream) == 0) return cudaSuccess;
    return add_work(stream, [event] {
        if (runtime().streams.count(event.stream) == 0 || finish(event.stream, event.after) == cudaSuccess) return;
        throw Error(runtime().streams[event.stream].failure);
    });
}

void enqueue(cudaStream_t stream, Launch launch) {
    const std::lock_guard<std::mutex> lock(runtime().lock);
    if (check_launch(launch) != cudaSuccess) return;
    add_work(stream, [launch = std::move(launch)] { run(launch); });
}

}  // namespace morula::emulation
