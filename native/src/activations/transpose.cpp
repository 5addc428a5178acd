// Entry point of the transposition of a block; transpose_ref.cpp tells the rest.
#include "kernel/context.h"

extern "C" int morula_transpose(morula_context* context, void* out, const void* in, const morula_transposition* block) {
    using namespace morula;
    if (block->rows < 0 || block->columns < 0 || block->in_stride < block->columns || block->out_stride < block->rows) {
        return fail(MORULA_INVALID_ARGUMENT,
                    "a block of %lld x %lld cannot lie in rows of %lld and become rows of %lld",
                    static_cast<long long>(block->rows), static_cast<long long>(block->columns),
                    static_cast<long long>(block->in_stride), static_cast<long long>(block->out_stride));
    }
    switch (block->element_bytes) {
        case 2:
            context->kernels.transpose2(static_cast<uint16_t*>(out), static_cast<const uint16_t*>(in), block);
            return MORULA_OK;
        case 4:
            context->kernels.transpose4(static_cast<uint32_t*>(out), static_cast<const uint32_t*>(in), block);
            return MORULA_OK;
        case 8:
            context->kernels.transpose8(static_cast<uint64_t*>(out), static_cast<const uint64_t*>(in), block);
            return MORULA_OK;
        default:
            return fail(MORULA_INVALID_ARGUMENT, "elements of %lld bytes cannot be transposed: 2, 4 or 8 are known",
                        static_cast<long long>(block->element_bytes));
    }
}
