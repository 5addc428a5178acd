// Captured streams and the graphs that come of them: pieces of work, with their arguments by value, that a launch puts
// on a stream one after the other. As with streams, nothing is done before something waits for it.
#include "streams.h"

using namespace morula::emulation;

namespace {

using Lock = std::lock_guard<std::mutex>;
using Work = std::vector<std::function<void()>>;

Work* work_of(cudaGraph_t graph) { return reinterpret_cast<Work*>(graph); }
Work* work_of(cudaGraphExec_t graph) { return reinterpret_cast<Work*>(graph); }

}  // namespace

extern "C" {

// What other threads do is not captured, nor forbidden to them.
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
    const Lock lock(runtime().lock);
    if (mode != cudaStreamCaptureModeThreadLocal) {
        return report(cudaErrorInvalidValue, "mode %d of capture is not emulated", static_cast<int>(mode));
    }
    const auto found = runtime().streams.find(stream);
    if (stream == nullptr || found == runtime().streams.end()) {
        return report(cudaErrorStreamCaptureUnsupported, "no stream that can be captured");
    }
    if (found->second.capture) return report(cudaErrorIllegalState, "the stream is being captured");
    found->second.capture = Capture{std::this_thread::get_id(), {}};
    return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
    const Lock lock(runtime().lock);
    *graph = nullptr;
    const auto found = runtime().streams.find(stream);
    if (found == runtime().streams.end() || !found->second.capture) {
        return report(cudaErrorIllegalState, "the stream is not being captured");
    }
    if (found->second.capture->thread != std::this_thread::get_id()) {
        return report(cudaErrorStreamCaptureWrongThread, "another thread began the capture");
    }
    Capture capture = std::move(*found->second.capture);
    found->second.capture.reset();
    if (!capture.valid) return report(cudaErrorStreamCaptureInvalidated, "the capture is no longer valid");
    *graph = reinterpret_cast<cudaGraph_t>(new Work(std::move(capture.work)));
    return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
    *executable = reinterpret_cast<cudaGraphExec_t>(new Work(*work_of(graph)));
    return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t stream) {
    const Lock lock(runtime().lock);
    if (const cudaError_t refused = refuse_captured(stream, "cudaGraphLaunch, which is not emulated,")) return refused;
    for (const std::function<void()>& piece : *work_of(graph)) {
        if (const cudaError_t error = add_work(stream, piece)) return error;
    }
    return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
    delete work_of(graph);
    return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) {
    delete work_of(graph);
    return cudaSuccess;
}

}  // extern "C"
