// Morula's kernels: the only header that Java sees.
//
// Conventions
//   - extern "C", plain pointers, int64 sizes; outputs, then inputs, then sizes; at most 8 parameters.
//   - Every engine call takes the context first and returns a status; 0 is success. After any other status
//     morula_last_error() says in a sentence what was wrong (thread-local, valid until the next failure in that
//     thread).
//   - Nothing here exits, prints, throws across the boundary, starts a thread or keeps memory that the caller handed
//   in.
//   - Matrices are row-major. "Layer" means raw activations, neuron-major: row i is neuron i over all samples.
#ifndef MORULA_H
#define MORULA_H

#include <stdint.h>

#if defined(_WIN32)
#define MORULA_API __declspec(dllexport)
#else
#define MORULA_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MORULA_OK = 0,
    MORULA_INVALID_ARGUMENT = 1,
    MORULA_OUT_OF_MEMORY = 2,
    MORULA_IO_ERROR = 3,
    MORULA_OVERFLOW = 4,     // a bounded output list was too small; nothing in it is to be used
    MORULA_UNAVAILABLE = 5,  // a tier or device that was asked for cannot be had here
};

// Element types, as dev.morula.kernel.ElementType numbers them.
enum { MORULA_F16 = 0, MORULA_BF16 = 1, MORULA_F32 = 2, MORULA_F64 = 3 };

// CPU tiers, each containing those before it.
enum { MORULA_TIER_PORTABLE = 0, MORULA_TIER_AVX2 = 1, MORULA_TIER_AVX512 = 2, MORULA_TIER_AMX = 3 };

typedef struct morula_context morula_context;

// ---- library -------------------------------------------------------------------------------------------------------

MORULA_API int morula_abi_version(void);
MORULA_API const char* morula_build_info(void);
MORULA_API const char* morula_last_error(void);

// The highest tier that this processor and operating system offer, whatever MORULA_TIER says.
MORULA_API int morula_hardware_tier(void);

// Version and build options of the OpenBLAS in use, and the core type it chose.
MORULA_API const char* morula_blas_config(void);
MORULA_API const char* morula_blas_core(void);

// ---- context -------------------------------------------------------------------------------------------------------

// A context for the given tier. tier < 0: the highest that the hardware offers and the environment variable MORULA_TIER
// (portable, avx2, avx512 or amx) allows. A tier above those, or an unknown MORULA_TIER, is MORULA_UNAVAILABLE.
MORULA_API int morula_context_create(morula_context** context, int tier);
MORULA_API void morula_context_destroy(morula_context* context);
MORULA_API int morula_context_tier(const morula_context* context);

// ---- memory (dev.morula.kernel.Matrix is the only caller)
// -------------------------------------------------------------

// Zeroed anonymous memory, aligned to 64 bytes at least, huge pages advised.
MORULA_API int morula_alloc(void** memory, int64_t bytes);

// Maps bytes [offset, offset + bytes) of a file, read-only; the offset need not be aligned. *base and *base_bytes are
// what morula_free takes, *memory is where the range begins. A range beyond the file's end is MORULA_IO_ERROR.
MORULA_API int morula_map(void** memory, void** base, int64_t* base_bytes, const char* path, int64_t offset,
                          int64_t bytes);

// Zeroed memory backed by an unlinked file in the given folder. Its disk space is reserved before this returns.
MORULA_API int morula_scratch(void** memory, const char* folder, int64_t bytes);

MORULA_API int morula_free(void* base, int64_t bytes);

// ---- train ---------------------------------------------------------------------------------------------------------
// A linear layer maps inp (batch x inputs) to out (batch x outputs): out = inp weight^T + bias, weight outputs x inputs
// as PyTorch keeps it, bias one number an output. Every call computes one rectangular block of its result, so that a
// layer's work can be shared out; the matrices are always passed whole.

enum { MORULA_IDENTITY = 0, MORULA_RELU = 1 };

typedef struct {
    int64_t first_row, rows, first_column, columns;
} morula_block;

typedef struct {
    int64_t batch, inputs, outputs;
    morula_block block;
} morula_linear;

// The block of out: activation(inp weight^T + bias).
MORULA_API int morula_linear_forward(morula_context* context, float* out, const float* inp, const float* weight,
                                     const float* bias, const morula_linear* shape, int activation);

// The block of dweight = dout^T inp, packed: rows x columns numbers, no gaps. dbias, the sums over the batch for the
// block's rows, may be null; it is packed too.
MORULA_API int morula_linear_backward_weight(morula_context* context, float* dweight, float* dbias, const float* dout,
                                             const float* inp, const morula_linear* shape);

// The block of dinp = dout weight; with MORULA_RELU it is 0 wherever inp, then the output of a ReLU, is not positive.
MORULA_API int morula_linear_backward_input(morula_context* context, float* dinp, const float* dout,
                                            const float* weight, const float* inp, const morula_linear* shape,
                                            int activation);

typedef struct {
    int64_t batch, classes, first_row, rows;
} morula_softmax;

// For the given rows of logits (batch x classes): losses[b] = -log softmax(logits[b])[labels[b]], predicted[b] = the
// first class with the largest logit, dlogits = gradient of the mean loss over the batch; dlogits may be null. A row
// with a logit that is not finite has loss and gradient NaN and the prediction -1.
MORULA_API int morula_softmax_cross_entropy(morula_context* context, float* dlogits, float* losses, int32_t* predicted,
                                            const float* logits, const int32_t* labels, const morula_softmax* shape);

typedef struct {
    double rate, momentum, weight_decay;
} morula_sgd;

// One step of stochastic gradient descent, as PyTorch defines it, on a block of the parameter, a matrix whose rows have
// `stride` numbers: g = gradient + weight_decay p; velocity = momentum velocity + g; p -= rate velocity. The gradient
// is packed: rows x columns numbers of the block.
MORULA_API int morula_sgd_step(morula_context* context, float* parameter, float* velocity, const float* gradient,
                               const morula_sgd* rule, int64_t stride, const morula_block* block);

// out (count x columns) = the rows of source (rows x columns) that indices names.
MORULA_API int morula_gather_rows(morula_context* context, float* out, const float* source, const int32_t* indices,
                                  int64_t count, int64_t rows, int64_t columns);

#ifdef __cplusplus
}
#endif

#endif
