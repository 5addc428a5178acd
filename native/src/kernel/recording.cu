// Work that is recorded once and then done again and again, in one launch: a CUDA graph, captured on a stream of its
// own.
//
// A small network's training step is some twenty kernels of a few microseconds each, and starting one takes the
// processor about as long. What is recorded holds addresses and numbers as they were. The recording goes on the
// context's stream, so that its kernels may use the context's scratch as those of any call do. Emulated, never run on a
// GPU.
#include "kernel/cuda_context.h"

namespace morula::cuda {
namespace {

struct Recorder {
    const morula_cuda_context* context = nullptr;  // null while nothing is recorded
    cudaStream_t stream = nullptr;
    bool refused = false;
};

thread_local Recorder recorder;  // one thread's calls alone are recorded

cudaGraphExec_t graph_of(morula_cuda_recording* recording) { return reinterpret_cast<cudaGraphExec_t>(recording); }

// What was put on the stream since record_begin, ready to be launched; the stream is gone in any case.
int end_capture(const Recorder& ended, cudaGraphExec_t* graph) {
    cudaGraph_t captured = nullptr;
    int status = check("recording", cudaStreamEndCapture(ended.stream, &captured));
    if (status == MORULA_OK && ended.refused) {
        status = fail(MORULA_UNAVAILABLE, "what was to be recorded waits for the device or allocates");
    }
    if (status == MORULA_OK) status = check("a CUDA graph", cudaGraphInstantiate(graph, captured, 0));
    if (captured != nullptr) cudaGraphDestroy(captured);
    cudaStreamDestroy(ended.stream);
    return status;
}

}  // namespace

cudaStream_t work_stream(const morula_cuda_context* context) {
    return GPU_MUTANT(recording_stream, recorder.context == context, false) ? recorder.stream : context->stream;
}

int refuse_recording(const char* what) {
    if (recorder.context == nullptr) return MORULA_OK;
    recorder.refused = true;
    return fail(MORULA_UNAVAILABLE, "%s cannot be recorded", what);
}

}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" {

int morula_cuda_record_begin(morula_cuda_context* context) {
    if (recorder.context != nullptr) return fail(MORULA_INVALID_ARGUMENT, "this thread is recording already");
    MORULA_CUDA_TRY(enter(context));
    cudaStream_t stream = nullptr;
    // not one that waits for the stream without a name, which other threads could not use then
    MORULA_CUDA_TRY(check("a CUDA stream", cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking)));
    const int status = check("recording", cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    if (status == MORULA_OK) {
        recorder = {context, stream, false};
    } else {
        cudaStreamDestroy(stream);
    }
    return status;
}

int morula_cuda_record_end(morula_cuda_context* context, morula_cuda_recording** recording) {
    *recording = nullptr;
    if (recorder.context != context) return fail(MORULA_INVALID_ARGUMENT, "this thread is not recording");
    const Recorder ended = recorder;
    recorder = {};
    cudaGraphExec_t graph = nullptr;
    MORULA_CUDA_TRY(end_capture(ended, &graph));
    *recording = reinterpret_cast<morula_cuda_recording*>(graph);
    return MORULA_OK;
}

int morula_cuda_repeat(morula_cuda_context* context, morula_cuda_recording* recording) {
    MORULA_CUDA_TRY(enter(context));
    MORULA_CUDA_TRY(refuse_recording("a recording"));
    return check("a CUDA graph", cudaGraphLaunch(graph_of(recording), context->stream));
}

void morula_cuda_recording_destroy(morula_cuda_recording* recording) {
    if (recording != nullptr) cudaGraphExecDestroy(graph_of(recording));
}

}  // extern "C"
