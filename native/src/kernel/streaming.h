// Host memory on its way to kernels, piece by piece: while the device works on one piece, the next is copied on a
// stream of its own, and the host fills the one after that.
//
//   Streaming streaming(context);
//   MORULA_CUDA_TRY(streaming.begin(bytes of the largest piece));
//   for each piece:
//       MORULA_CUDA_TRY(streaming.room(&host));               // then write the piece there
//       MORULA_CUDA_TRY(streaming.send(bytes, &device));      // then launch what reads it, on the context's stream
//       MORULA_CUDA_TRY(streaming.consumed());
#ifndef MORULA_KERNEL_STREAMING_H
#define MORULA_KERNEL_STREAMING_H

#include "kernel/cuda_context.h"

namespace morula::cuda {

class Streaming {
  public:
    // Holds the context's pinned buffers until it goes.
    explicit Streaming(morula_cuda_context* context)
        : context_(context), lock_(context->staging_mutex), landing_(context) {}

    int begin(int64_t largest_piece);  // at most staging_bytes
    int room(char** host);
    int send(int64_t bytes, const char** device);
    int consumed();
    int download(void* host, const void* device, int64_t bytes) {
        return download_locked(context_, host, device, bytes);
    }

  private:
    morula_cuda_context* const context_;
    const std::lock_guard<std::mutex> lock_;
    CallMemory landing_;  // two pieces
    int64_t piece_ = 0;
    int turn_ = 0;
};

}  // namespace morula::cuda

#endif
