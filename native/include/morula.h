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

// ---- activations ----------------------------------------------------------------------------------------------------

// A block of rows x columns elements of element_bytes (2, 4 or 8); strides count elements.
typedef struct morula_transposition {
    int64_t rows, columns, in_stride, out_stride, element_bytes;
} morula_transposition;

// out[c * out_stride + r] = in[r * in_stride + c]; in need not be aligned to its elements.
MORULA_API int morula_transpose(morula_context* context, void* out, const void* in, const morula_transposition* block);

#ifdef __cplusplus
}
#endif

#endif
