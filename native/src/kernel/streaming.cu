// Pieces take turns in two pinned buffers and two of device memory. A pinned buffer is filled again once it was copied
// (staged), one of the device is copied to once the kernels that read it are done (consumed).
#include "kernel/streaming.h"

namespace morula::cuda {

int Streaming::begin(int64_t largest_piece) {
    piece_ = round_up(largest_piece, 256);
    MORULA_CUDA_TRY(landing_.allocate(2 * piece_));
    for (int i = 0; i < 2; i++) {  // nothing is copied there before the context's stream has come to the allocation
        MORULA_CUDA_TRY(
            check("streaming",
                  GPU_MUTANT(streaming_begins, cudaEventRecord(context_->consumed[i], context_->stream), cudaSuccess)));
    }
    return MORULA_OK;
}

int Streaming::room(char** host) {
    *host = context_->staging[turn_];
    return check("streaming",
                 GPU_MUTANT(streaming_refills, cudaEventSynchronize(context_->staged[turn_]), cudaSuccess));
}

int Streaming::send(int64_t bytes, const char** device) {
    char* const target = landing_.at<char>(turn_ * piece_);
    *device = target;
    const cudaStream_t copies = context_->copies;
    MORULA_CUDA_TRY(check(
        "streaming",
        GPU_MUTANT(streaming_overwrites, cudaStreamWaitEvent(copies, context_->consumed[turn_], 0), cudaSuccess)));
    MORULA_CUDA_TRY(check("streaming", cudaMemcpyAsync(target, context_->staging[turn_], static_cast<size_t>(bytes),
                                                       cudaMemcpyHostToDevice, copies)));
    MORULA_CUDA_TRY(check("streaming",
                          GPU_MUTANT(streaming_staged, cudaEventRecord(context_->staged[turn_], copies), cudaSuccess)));
    return check(
        "streaming",
        GPU_MUTANT(streaming_early, cudaStreamWaitEvent(context_->stream, context_->staged[turn_], 0), cudaSuccess));
}

int Streaming::consumed() {
    MORULA_CUDA_TRY(check(
        "streaming",
        GPU_MUTANT(streaming_consumed, cudaEventRecord(context_->consumed[turn_], context_->stream), cudaSuccess)));
    turn_ ^= 1;
    return MORULA_OK;
}

}  // namespace morula::cuda
