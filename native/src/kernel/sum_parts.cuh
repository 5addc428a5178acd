// Adds up partial sums that a kernel left in the context's scratch: for every number of a result of rows x columns,
// those of `parts` matrices, in their order, handed to finish(row, column, sum).
//
//   flops       parts rows columns
//   least bytes 4 (parts + 1) rows columns: an H100 cannot beat bytes / 3.0e12 s (a bound); 2.8 us for a full scratch
//
// Emulated, never run on a GPU.
#ifndef MORULA_KERNEL_SUM_PARTS_CUH
#define MORULA_KERNEL_SUM_PARTS_CUH

#include "kernel/cuda_context.h"

namespace morula::cuda {

constexpr unsigned sum_threads = 256;

template <class Finish>
__global__ void __launch_bounds__(sum_threads)
    sum_parts(Finish finish, const float* parts, uint32_t count, uint32_t columns, uint32_t size) {
    const uint32_t at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= GPU_MUTANT(sum_parts_bound, size, size + 1)) return;
    float sum = parts[at];
    for (uint32_t part = 1; part < GPU_MUTANT(sum_parts_count, count, count - 1); part++) {
        sum += parts[size_t(part) * size + at];
    }
    finish(at / columns, at % columns, sum);
}

// The caller holds the scratch's mutex. parts rows columns <= scratch_floats.
template <class Finish>
int add_up_parts(morula_cuda_context* context, const Finish& finish, int64_t parts, int64_t rows, int64_t columns) {
    const int64_t size = rows * columns;
    GPU_LAUNCH((sum_parts<Finish>), unsigned(ceil_div(size, sum_threads)), sum_threads, 0, work_stream(context), finish,
               static_cast<const float*>(context->scratch), uint32_t(parts), uint32_t(columns), uint32_t(size));
    return launched("sum_parts");
}

}  // namespace morula::cuda

#endif
