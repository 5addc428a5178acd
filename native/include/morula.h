// Morula's kernels: with morula_train.h and morula_redundancy.h the only header that Java sees.
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
    MORULA_OUT_OF_MEMORY = 2,  // or of disk space
    MORULA_IO_ERROR = 3,
    MORULA_OVERFLOW = 4,     // a bounded output list was too small; nothing in it is to be used
    MORULA_UNAVAILABLE = 5,  // a tier or device that was asked for cannot be had here
};

// Element types, as dev.morula.kernel.ElementType numbers them.
enum { MORULA_F16 = 0, MORULA_BF16 = 1, MORULA_F32 = 2, MORULA_F64 = 3 };

// CPU tiers, each containing those before it.
enum { MORULA_TIER_PORTABLE = 0, MORULA_TIER_AVX2 = 1, MORULA_TIER_AVX512 = 2, MORULA_TIER_AMX = 3 };

typedef struct morula_context morula_context;

// ---- library ----

// The version of what these headers promise, for whoever loads a library that was built apart from it.
enum { MORULA_ABI = 1 };
MORULA_API int morula_abi_version(void);
MORULA_API const char* morula_build_info(void);
MORULA_API const char* morula_last_error(void);

// The highest tier that this processor and operating system offer, whatever MORULA_TIER says.
MORULA_API int morula_hardware_tier(void);

// Version and build options of the OpenBLAS in use, and the core type it chose.
MORULA_API const char* morula_blas_config(void);
MORULA_API const char* morula_blas_core(void);

// ---- context ----

// A context for the given tier. tier < 0: the highest that the hardware offers and the environment variable MORULA_TIER
// (portable, avx2, avx512 or amx) allows. A tier above those, or an unknown MORULA_TIER, is MORULA_UNAVAILABLE.
MORULA_API int morula_context_create(morula_context** context, int tier);
MORULA_API void morula_context_destroy(morula_context* context);
MORULA_API int morula_context_tier(const morula_context* context);

// ---- memory (dev.morula.kernel.Matrix is the only caller) ----

// Zeroed anonymous memory, aligned to 64 bytes at least, huge pages advised.
MORULA_API int morula_alloc(void** memory, int64_t bytes);

// Maps bytes [offset, offset + bytes) of a file, read-only; the offset need not be aligned. *base and *base_bytes are
// what morula_free takes, *memory is where the range begins. A range beyond the file's end is MORULA_IO_ERROR.
MORULA_API int morula_map(void** memory, void** base, int64_t* base_bytes, const char* path, int64_t offset,
                          int64_t bytes);

// Zeroed memory backed by an unlinked file in the given folder. Its disk space is reserved before this returns.
MORULA_API int morula_scratch(void** memory, const char* folder, int64_t bytes);

MORULA_API int morula_free(void* base, int64_t bytes);

// A rectangle of a matrix: what one call computes of its result.
typedef struct {
    int64_t first_row, rows, first_column, columns;
} morula_block;

// ---- activations ----

// A block of rows x columns elements of element_bytes (2, 4 or 8); strides count elements.
typedef struct morula_transposition {
    int64_t rows, columns, in_stride, out_stride, element_bytes;
} morula_transposition;

// out[c * out_stride + r] = in[r * in_stride + c]; in need not be aligned to its elements.
MORULA_API int morula_transpose(morula_context* context, void* out, const void* in, const morula_transposition* block);

// ---- standardise ----

// What is known of one neuron. Values are scaled by a power of two first, so that 1e300 and 1e-300 can be squared.
typedef struct morula_moments {
    double mean_high, mean_low;  // mean of scale * a as an unevaluated sum; 0 for the cosine metric
    double scale;                // a power of two with 1/2 <= scale * max abs(a) < 1
    double inverse_norm;         // 1 / norm(scale * a - mean); 0 for neurons that have no correlation (see state)
    double mean, deviation;      // of the values themselves: arithmetic mean, population standard deviation
    double state;                // one of the MORULA_NEURON_ constants
    double first_nonfinite;      // first sample that is NaN or infinite, or -1
} morula_moments;

enum {
    MORULA_NEURON_VARYING = 0,
    MORULA_NEURON_CONSTANT = 1,      // minimum equals maximum
    MORULA_NEURON_NEVER_ACTIVE = 2,  // 0 on every sample
    MORULA_NEURON_NON_FINITE = 3,
};

enum { MORULA_PEARSON = 0, MORULA_COSINE = 1 };

// Moments of the given rows, each of `samples` elements of `type`. Neurons without a correlation: constant and
// non-finite ones for Pearson, never-active and non-finite ones for cosine.
MORULA_API int morula_moments_of(morula_context* context, morula_moments* moments, const void* values, int type,
                                 int64_t neurons, int64_t samples, int metric);

// Ranks of the samples of each of the given rows, ties averaged and -0 equal to +0: 2 rank - (samples + 1) with rank
// from 1 to samples, which is an integer. A row with a NaN or an infinity becomes a row of NaN. ranks_type is
// MORULA_F32, for up to 2^24 + 1 samples, or MORULA_F64, up to 2^32 - 1. Needs memory for two sorted copies of a row.
MORULA_API int morula_rank(morula_context* context, void* ranks, int ranks_type, const void* values, int type,
                           int64_t neurons, int64_t samples);

// A layer with its moments, the subject of all that follows.
typedef struct morula_layer {
    const void* values;             // raw: neurons x samples, or samples x neurons
    const morula_moments* moments;  // one a neuron
    int64_t type, neurons, samples;
    int64_t order;  // MORULA_NEURON_MAJOR unless a kernel says that it takes the other, too
} morula_layer;

enum { MORULA_NEURON_MAJOR = 0, MORULA_SAMPLE_MAJOR = 1 };

// Some neurons of a layer, side by side. slots[k] says in which row the result for neuron first + k goes; -1: nowhere.
typedef struct morula_neurons {
    const int32_t* slots;
    int64_t first, count;
} morula_neurons;

// Moments of the neurons [first, first + count) of a sample-major layer of 2- or 4-byte elements; layer->moments is not
// read.
MORULA_API int morula_column_moments(morula_context* context, morula_moments* moments, const morula_layer* layer,
                                     int64_t first, int64_t count, int metric);

// Samples are handled in pieces of so many, zero beyond the last.
#define MORULA_PIECE 256

// rows[slot] (each `samples` numbers, a multiple of MORULA_PIECE) = standardised rows of some neurons, from
// first_sample on; zero beyond the layer's last sample. The layer may be in either order, sample-major with 2- or
// 4-byte elements.
MORULA_API int morula_standardise_piece(morula_context* context, float* rows, const morula_layer* layer,
                                        const morula_neurons* neurons, int64_t first_sample, int64_t samples);

// groups x samples: the mean standardised row z_i = (scale a_i - mean_i) inverse_norm_i of each group of neurons.
// Group g is members[g * size] to members[min(count, (g + 1) * size) - 1]; groups = ceil(count / size).
MORULA_API int morula_standardise(morula_context* context, float* means, const morula_layer* layer,
                                  const int32_t* members, int64_t count, int64_t size);

// ---- correlate ----

enum { MORULA_LEFT = 0, MORULA_RIGHT = 1 };
enum { MORULA_SIGNED = 0, MORULA_ABSOLUTE = 1 };

// The most rows of a left panel (sizes[0]) and of a right one (sizes[1]), and how many packed left panels are worth
// keeping at hand for each right one (sizes[2]): the more, the less often the right ones are packed.
MORULA_API void morula_panel_rows(const morula_context* context, int64_t* sizes);

// Bytes of a packed panel (side MORULA_LEFT or MORULA_RIGHT) and of the workspace of morula_correlate_tile.
MORULA_API int64_t morula_packed_bytes(const morula_context* context, int side, int64_t rows, int64_t samples);
MORULA_API int64_t morula_tile_workspace_bytes(const morula_context* context);

// Packs the standardised rows of the given neurons as this tier's product wants them. *error, rounded up: the largest
// norm of a packed row minus the real z_i.
MORULA_API int morula_pack(morula_context* context, void* panel, double* error, const morula_layer* layer,
                           const int32_t* neurons, int64_t rows, int side);

// A bound on abs(computed - real) for the product of two packed rows as morula_correlate_tile computes it, given the
// packing errors of both panels: a pair with correlation r is found by any cut <= r - bound.
MORULA_API double morula_tile_bound(const morula_context* context, double left_error, double right_error,
                                    int64_t samples);

// Two packed panels. Rows have positions in the list of neurons being correlated; a pair is looked at only when the
// right position is above the left one.
typedef struct morula_tile {
    const void *left, *negated, *right;  // negated: null, or another left panel of which either may pass the cut
    int64_t left_position, left_rows, right_position, right_rows, samples;
    int64_t sign;              // MORULA_SIGNED: product >= cut; MORULA_ABSOLUTE: abs(product) >= cut
    const double* thresholds;  // null, or one a position: the cut of a pair is then the lesser of its two, plus `cut`
} morula_tile;

// Appends left position << 32 | right position of every pair whose product passes the cut. More than `capacity` of them
// is MORULA_OVERFLOW: split the tile. With a negated panel the list must have room for twice as many; a pair that
// passes in both is listed once.
MORULA_API int morula_correlate_tile(morula_context* context, int64_t* pairs, int64_t* count, void* workspace,
                                     const morula_tile* tile, double cut, int64_t capacity);

// Which neurons are correlated (positions index this list) and what makes a pair an edge.
typedef struct morula_selection {
    const int32_t* neurons;
    double threshold;
    int64_t sign;
} morula_selection;

// Decides pairs, given as positions in `neurons`, against the real correlation: first in float64, then, where that
// leaves it open, in double-double (compiled once for all tiers, which therefore agree). On return
// pairs and values hold the edges alone: smaller neuron << 32 | larger neuron, and the correlation within 1e-6.
// decided[0] pairs were decided in float64, decided[1] in double-double.
MORULA_API int morula_correlate_decide(morula_context* context, int64_t* pairs, float* values, int64_t* count,
                                       int64_t* decided, const morula_layer* layer, const morula_selection* selection);

// ---- correlate: screening in few directions ----
// Products of few numbers, in low precision, that are never below a correlation: they rule most pairs of a layer out
// when it varies mainly in few directions. The others, the candidates, are refined: their real products are computed in
// float32, so that they are within 1e-6, and what even that leaves open is decided by morula_correlate_decide.

// Adds rows rows^T of one piece (neurons x MORULA_PIECE) to the given rows of gram (neurons x neurons), columns up to
// the diagonal.
MORULA_API int morula_gram_add(morula_context* context, float* gram, const float* rows, int64_t first, int64_t count,
                               int64_t neurons);

// weights (found x neurons): strongest first, combinations of the neurons that are orthonormal over the samples, at
// most `rank` of them. gram's lower triangle is read and overwritten.
MORULA_API int morula_principal(morula_context* context, float* weights, int64_t* found, float* gram, int64_t neurons,
                                int64_t rank);

// One piece of a basis: basis (rank x MORULA_PIECE) = weights (rank x neurons) rows (neurons x MORULA_PIECE).
MORULA_API int morula_combine(morula_context* context, float* basis, const float* weights, const float* rows,
                              int64_t rank, int64_t neurons);

// Makes the rows of a basis (pieces of rank x MORULA_PIECE) orthonormal. deviations[r - 1] >= norm_F(V^T V - I) of its
// first r rows as they are stored.
MORULA_API int morula_orthonormalise(morula_context* context, float* basis, double* deviations, int64_t rank,
                                     int64_t pieces);

// The first `rank` rows of a basis that was stored with stored_rank rows in each piece, and their deviation. Null rows
// stand for the first `rank` samples themselves, whose deviation is 0.
typedef struct morula_basis {
    const float* rows;
    int64_t rank, stored_rank;
    double deviation;
} morula_basis;

// Projections of some neurons' standardised rows: projections[slot] (each `rank` numbers). workspace: MORULA_PIECE
// floats for each of the first `rows` slots, which are those in use. The layer may be in either order.
MORULA_API int morula_project(morula_context* context, float* projections, float* workspace, const morula_layer* layer,
                              const morula_neurons* neurons, const morula_basis* basis, int64_t rows);

// The largest norm of a computed projection minus the real one.
MORULA_API double morula_projection_error(const morula_basis* basis, int64_t samples);

// How rows are made for the screen: from projections (any number of rows of `stride` numbers, of which the first `rank`
// are used), given the basis' deviation and the projections' error. negated: left rows give bounds on -r.
typedef struct morula_screen {
    int64_t rank, stride, negated;
    double deviation, projection_error;
} morula_screen;

// rows (count x (rank + 3)) in numbers that the tier's products take without rounding; *largest: the largest square of
// a row's norm.
MORULA_API int morula_screen_rows(morula_context* context, float* rows, double* largest, const float* projections,
                                  const morula_screen* screen, int64_t count, int side);

// Packs rows (count x columns) that this tier's products take without rounding, as morula_pack does a layer's.
MORULA_API int morula_pack_rows(morula_context* context, void* panel, const float* rows, int64_t count, int64_t columns,
                                int side);

// A product of two screen rows as morula_correlate_tile computes it, plus this, is not below the correlation (or minus
// the correlation, where negated); largest: that of morula_screen_rows over all of them.
MORULA_API double morula_screen_bound(const morula_context* context, const morula_screen* screen, double largest);

// sums[p] += product of candidate p over a piece of the samples; rows: positions x samples, a multiple of MORULA_PIECE.
// The result depends neither on the size of the pieces nor on the other candidates.
MORULA_API int morula_refine(morula_context* context, double* sums, const int64_t* pairs, int64_t count,
                             const float* rows, int64_t samples);

// A bound on abs(sum - real correlation) after all samples.
MORULA_API double morula_refine_bound(int64_t samples);

// Sifts counts[0] refined candidates, given as positions: pairs and values keep the counts[0] edges, as smaller neuron
// << 32 | larger neuron with their correlation; `open`, with room for all, gets the counts[1] pairs of positions whose
// sum is within `bound` of the threshold.
MORULA_API int morula_sift(morula_context* context, int64_t* pairs, float* values, int64_t* open, int64_t* counts,
                           const double* sums, const morula_selection* selection, double bound);

// ---- correlate: the strongest partners of each neuron ----
// Partners are ordered by correlation (or its absolute value), then by index. They come with correlations that are
// within an error of the real ones; a neuron keeps those that may be among its k strongest. Where that is more than k,
// the raw values decide: first in float64, then in double-double, where 2^-90 is a tie.

typedef struct morula_partner {
    int32_t neuron;
    float correlation;
} morula_partner;

typedef struct morula_strongest {
    morula_partner* partners;  // neurons x capacity, in no particular order
    int32_t* counts;           // how many each neuron has
    float* least;              // a partner below that is not among the k strongest: -inf until k are known
    int64_t k, capacity;       // capacity > k, or enough for all partners there can be
    int64_t sign;              // MORULA_SIGNED or MORULA_ABSOLUTE
    double error;              // of the correlations that come
    int64_t first_row, rows;   // the neurons that a call works for: threads take different ones
} morula_strongest;

// Takes pairs (neuron << 32 | neuron, each once) with their correlations from pair *next on, for both their ends. Where
// a neuron is in the way that has no room, it stops at that pair and says so in *full, which is -1 otherwise.
MORULA_API int morula_strongest_add(morula_context* context, const morula_strongest* strongest, int64_t* next,
                                    int64_t* full, const int64_t* pairs, const float* values, int64_t count);

// Lists those partners of a neuron (room for `capacity`) of which only the raw values can tell which are among its k
// strongest; none where that is clear.
MORULA_API int morula_strongest_contenders(morula_context* context, int32_t* contenders, int64_t* count,
                                           const morula_strongest* strongest, int64_t neuron);

// Leaves a neuron its k strongest partners. The layer's rows are those of the given neurons, ascending, among which it
// and its contenders must be; null for all. compared[0] and compared[1] grow by the correlations that were computed in
// float64 and in double-double.
MORULA_API int morula_strongest_decide(morula_context* context, const morula_strongest* strongest, int64_t* compared,
                                       const morula_layer* layer, const int32_t* neurons, int64_t count,
                                       int64_t neuron);

// Copies the partners of each neuron, in ascending order of their indices, to row_start[neuron] and behind.
MORULA_API int morula_strongest_collect(morula_context* context, int32_t* indices, float* values,
                                        const int64_t* row_start, const morula_strongest* strongest);

// out (m x n) = left (m x k) right (n x k)^T, through OpenBLAS.
MORULA_API int morula_product(morula_context* context, float* out, const float* left, const float* right, int64_t m,
                              int64_t n, int64_t k);

// A block of the matrix of all correlations (out, neurons x neurons) and its mirror image: within 1e-7 of the real
// ones, 1 on the diagonal, NaN in rows and columns of neurons that have no correlation. Needs memory for the block, and
// for 512 samples of its rows and columns, in float64.
MORULA_API int morula_correlation_block(morula_context* context, float* out, const morula_layer* layer,
                                        const morula_block* block);

// ---- graph ----

// Compressed sparse rows from edge lists: count, then prefix sums by the caller, then fill (row_next[i] moves from the
// start of row i to its end), then sort. Edges are smaller << 32 | larger neuron and are stored in both rows.
MORULA_API int morula_csr_count(morula_context* context, int64_t* degrees, const int64_t* edges, int64_t count);
MORULA_API int morula_csr_fill(morula_context* context, int32_t* indices, float* values, int64_t* row_next,
                               const int64_t* edges, const float* edge_values, int64_t count);
MORULA_API int morula_csr_sort(morula_context* context, int32_t* indices, float* values, const int64_t* row_start,
                               int64_t first_row, int64_t rows);

// The same for a graph that is assembled some rows at a time, from any number of threads on the same arrays.
enum { MORULA_BOTH_ENDS = 0, MORULA_SMALLER_END = 1 };  // the rows in which an edge is stored

typedef struct morula_csr_rows {
    int64_t first_row, rows, neurons, ends;
} morula_csr_rows;

// Adds one to degrees (one a neuron) for each end of each edge. The smaller neuron of every edge must be one of the
// given rows, and the larger one a neuron: anything else is MORULA_INVALID_ARGUMENT.
MORULA_API int morula_csr_count_rows(morula_context* context, int64_t* degrees, const int64_t* edges, int64_t count,
                                     const morula_csr_rows* rows);

// Puts the ends that lie in the given rows where row_next (one a given row) says, in no particular order.
MORULA_API int morula_csr_fill_rows(morula_context* context, int32_t* indices, float* values, int64_t* row_next,
                                    const int64_t* edges, const float* edge_values, int64_t count,
                                    const morula_csr_rows* rows);

#ifdef __cplusplus
}
#endif

#endif
