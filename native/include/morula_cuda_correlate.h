// activations -> standardise -> correlate on a GPU: the calls of morula.h, with the same arguments and meaning but for
// what is said here.
//
// Where things lie
//   - Host memory: a layer (values and moments), lists of neurons, slots, thresholds, a tile's pairs, those to decide,
//     and what a call returns of errors, counts and correlations. A layer may be a mapped file that is far larger than
//     the device's memory: it is sent in pieces, the next one being copied while kernels work on the one before.
//   - Device memory (morula_cuda_alloc): packed panels, a tile's workspace, rows of pieces, a basis and projections on
//     it, pairs to refine and their sums, and what is transposed.
//
// Layers are taken in either order and of any type. Calls that return something to the host wait for it; the others
// return when their work is on the stream. One thread keeps the device waiting while it gathers a layer's values: two
// do better. What stays on the host, since it would cost more to send than to do: sifting, the strongest partners, and
// double-double.
#ifndef MORULA_CUDA_CORRELATE_H
#define MORULA_CUDA_CORRELATE_H

#include "morula_cuda.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- activations ----

// As morula_transpose; out and in are device memory, aligned to their elements.
MORULA_API int morula_cuda_transpose(morula_cuda_context* context, void* out, const void* in,
                                     const morula_transposition* block);

// ---- standardise ----

// As morula_moments_of, with which it agrees but for the last bits of its float64 numbers. All is host memory.
MORULA_API int morula_cuda_moments_of(morula_cuda_context* context, morula_moments* moments, const void* values,
                                      int type, int64_t neurons, int64_t samples, int metric);

// As morula_standardise_piece; rows is device memory. Only the values of neurons that have a slot are sent.
MORULA_API int morula_cuda_standardise_piece(morula_cuda_context* context, float* rows, const morula_layer* layer,
                                             const morula_neurons* neurons, int64_t first_sample, int64_t samples);

// ---- correlate ----

// As morula_panel_rows: the most rows of a panel.
MORULA_API void morula_cuda_panel_rows(const morula_cuda_context* context, int64_t* sizes);

// As morula_packed_bytes. Rows are padded to a multiple of 128, and a panel of 128 k rows is the first part of any
// larger one: row 128 k of a panel lies as many bytes behind its beginning as a panel of 128 k rows has.
MORULA_API int64_t morula_cuda_packed_bytes(const morula_cuda_context* context, int side, int64_t rows,
                                            int64_t samples);

// As morula_tile_workspace_bytes: device memory, for one thread at a time.
MORULA_API int64_t morula_cuda_tile_workspace_bytes(const morula_cuda_context* context);

// As morula_pack, into a panel in device memory, in bfloat16. At most as many rows as morula_cuda_panel_rows says.
MORULA_API int morula_cuda_pack(morula_cuda_context* context, void* panel, double* error, const morula_layer* layer,
                                const int32_t* neurons, int64_t rows, int side);

// As morula_tile_bound.
MORULA_API double morula_cuda_tile_bound(const morula_cuda_context* context, double left_error, double right_error,
                                         int64_t samples);

// As morula_correlate_tile: panels and workspace are device memory, thresholds and pairs host memory. The pairs are
// those of any run, each once, but in no particular order. A tile that has more pairs than the
// workspace holds is split and done again. Negated panels need no more room.
MORULA_API int morula_cuda_correlate_tile(morula_cuda_context* context, int64_t* pairs, int64_t* count, void* workspace,
                                          const morula_tile* tile, double cut, int64_t capacity);

// Decides counts[0] pairs of positions in float64: pairs and values keep the counts[0] edges among them, as
// morula_correlate_decide does; `open`, with room for all, gets the counts[1] pairs that float64 leaves open, for
// morula_correlate_decide.
MORULA_API int morula_cuda_decide(morula_cuda_context* context, int64_t* pairs, float* values, int64_t* open,
                                  int64_t* counts, const morula_layer* layer, const morula_selection* selection);

// ---- correlate: screening ----

// As morula_project, without its workspace: projections and the basis' rows are device memory.
MORULA_API int morula_cuda_project(morula_cuda_context* context, float* projections, const morula_layer* layer,
                                   const morula_neurons* neurons, const morula_basis* basis, int64_t rows);

// As morula_projection_error, of which it is a third or so.
MORULA_API double morula_cuda_projection_error(const morula_cuda_context* context, const morula_basis* basis,
                                               int64_t samples);

// As morula_screen_rows, in numbers that bfloat16 holds; all is host memory.
MORULA_API int morula_cuda_screen_rows(morula_cuda_context* context, float* rows, double* largest,
                                       const float* projections, const morula_screen* screen, int64_t count, int side);

// As morula_pack_rows, from host memory into a panel in device memory. A number that bfloat16 does not hold is
// MORULA_INVALID_ARGUMENT.
MORULA_API int morula_cuda_pack_rows(morula_cuda_context* context, void* panel, const float* rows, int64_t count,
                                     int64_t columns, int side);

// As morula_screen_bound.
MORULA_API double morula_cuda_screen_bound(const morula_cuda_context* context, const morula_screen* screen,
                                           double largest);

// As morula_refine; sums, pairs and rows are device memory. The bound is morula_refine_bound.
MORULA_API int morula_cuda_refine(morula_cuda_context* context, double* sums, const int64_t* pairs, int64_t count,
                                  const float* rows, int64_t samples);

#ifdef __cplusplus
}
#endif

#endif
