// Neurons whose samples are far apart, in a sample-major layer as PyTorch dumps it: moments, standardised rows, and
// projections on directions.
//   z = (s a - mu) / norm(s a - mu), as in standardise_loops.cpp;  p = V^T z, 256 samples a float32 chain
// Shapes: layer samples x neurons of 2- or 4-byte elements.
//
// A stage of 256 samples x 512 neurons is copied into cache first, as float32 and with rows of an odd number of cache
// lines: rows of a layer are often a power of two apart and would all fall into the same few sets of the cache.
//
// Moments go through the layer once. The sum is compensated over all samples. Squares are summed around the mean of
// each 256 samples and joined (Chan, Golub, LeVeque 1979), which only ever adds positive terms; all of that is measured
// from a neuron's first sample, so that a small variation around a large mean loses nothing.
//
// Variants: plain loops in independent lanes, vectorised by the compiler for each tier.
// Benchmark: dev.morula.standardise.MomentsBenchmark.
#include <math.h>

#include "activations/transpose_tile.h"
#include "kernel/elements.h"
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t piece = MORULA_PIECE;
constexpr int64_t lanes = 16;
constexpr int64_t ahead = 4;  // samples
constexpr int64_t stage_stride = staged_neurons + lanes;

// stage[k][l] = samples from..from+length-1 of neurons first..first+count-1, then zeros up to a multiple of 16 neurons.
void fill_stage(float* stage, const morula_layer* layer, int64_t first, int64_t count, int64_t from, int64_t length) {
    const int64_t bytes = element_bytes(layer->type);
    const char* row = static_cast<const char*>(layer->values) + (from * layer->neurons + first) * bytes;
    for (int64_t k = 0; k < length; k++, row += layer->neurons * bytes, stage += stage_stride) {
        if (k + ahead < length) {  // rows are far apart, so the processor does not see the next one coming
            const char* next = row + ahead * layer->neurons * bytes;
            for (int64_t b = 0; b < count * bytes; b += 64) __builtin_prefetch(next + b, 0, 2);
        }
        if (layer->type == MORULA_F32) {
            __builtin_memcpy(stage, row, static_cast<size_t>(count * bytes));
        } else {
            const auto* in = reinterpret_cast<const uint16_t*>(row);
            for (int64_t l = 0; l < count; l++) {
                uint16_t half;
                __builtin_memcpy(&half, in + l, sizeof half);
                stage[l] = layer->type == MORULA_F16 ? float_of_half(half) : float_of_bfloat(half);
            }
        }
        for (int64_t l = count; l % lanes != 0; l++) stage[l] = 0;
    }
}

// What is known of 16 neurons after some samples; d is a sample minus the neuron's first one.
struct Columns {
    double origin[lanes];                // the first sample
    double sum[lanes], lost[lanes];      // sum + lost: that of all samples
    double mean[lanes], squares[lanes];  // mean of d so far, and the sum of squares around it
    float smallest[lanes], largest[lanes], bad[lanes];
};

void begin(Columns* c, const float* stage) {
    *c = Columns{};
    for (int64_t l = 0; l < lanes; l++) {
        c->origin[l] = static_cast<double>(stage[l]);
        c->smallest[l] = INFINITY;
        c->largest[l] = -INFINITY;
    }
}

// The squares of one stage around its own mean are joined to those before. `mean` is rounded: what the deviations from
// it add up to says where the real one is.
void join(Columns* c, double* mean, const float* stage, int64_t before, int64_t length) {
    double squares[lanes] = {}, rest[lanes] = {};
    const double n = static_cast<double>(length), m = static_cast<double>(before);
    for (int64_t l = 0; l < lanes; l++) mean[l] /= n;
    for (int64_t k = 0; k < length; k++) {
#pragma omp simd
        for (int64_t l = 0; l < lanes; l++) {
            const double d = static_cast<double>(stage[k * stage_stride + l]) - c->origin[l] - mean[l];
            squares[l] += d * d;
            rest[l] += d;
        }
    }
    for (int64_t l = 0; l < lanes; l++) {
        const double step = mean[l] - c->mean[l] + rest[l] / n;
        c->squares[l] += squares[l] - rest[l] * rest[l] / n + step * step * (n * m / (n + m));
        c->mean[l] += step * (n / (n + m));
    }
}

void add_stage(Columns* c, const float* stage, int64_t before, int64_t length) {
    if (before == 0) begin(c, stage);
    double stage_sum[lanes] = {};
    Columns s = *c;
    for (int64_t k = 0; k < length; k++) {
#pragma omp simd
        for (int64_t l = 0; l < lanes; l++) {
            const double x = static_cast<double>(stage[k * stage_stride + l]);
            const double t = s.sum[l] + x, z = t - s.sum[l];
            s.lost[l] += (s.sum[l] - (t - z)) + (x - z);
            s.sum[l] = t;
            stage_sum[l] += x - s.origin[l];
            const float value = stage[k * stage_stride + l];
            s.smallest[l] = value < s.smallest[l] ? value : s.smallest[l];
            s.largest[l] = value > s.largest[l] ? value : s.largest[l];
            s.bad[l] += value - value;  // 0 for a finite one, else NaN
        }
    }
    *c = s;
    join(c, stage_sum, stage, before, length);
}

int64_t first_nonfinite(const morula_layer* layer, int64_t neuron) {
    for (int64_t k = 0; k < layer->samples; k++) {
        double x;
        read_elements(&x, layer->values, layer->type, k * layer->neurons + neuron, 1, 1);
        if (x - x != 0) return k;
    }
    return -1;
}

// 2^-exponent of x > 0.
double power_of_two_scale(double x) {
    int exponent;
    frexp(x, &exponent);
    return ldexp(1.0, -exponent);
}

// Scaling by a power of two is exact, so it can come last: elements of up to 4 bytes do not overflow when squared.
void finish(morula_moments* m, const Columns& c, int64_t l, const morula_layer* layer, int64_t neuron, int metric) {
    *m = morula_moments{0, 0, 1, 0, 0, 0, MORULA_NEURON_VARYING, -1};
    if (c.bad[l] != 0) {
        m->state = MORULA_NEURON_NON_FINITE;
        m->first_nonfinite = static_cast<double>(first_nonfinite(layer, neuron));
        return;
    }
    const bool constant = c.smallest[l] == c.largest[l], zero = constant && c.smallest[l] == 0;
    if (constant) {
        m->state = zero ? MORULA_NEURON_NEVER_ACTIVE : MORULA_NEURON_CONSTANT;
        m->mean = zero ? 0 : static_cast<double>(c.smallest[l]);  // never -0
        if (zero || metric == MORULA_PEARSON) return;
    }
    const double n = static_cast<double>(layer->samples);
    const double high = (c.sum[l] + c.lost[l]) / n, low = (fma(-high, n, c.sum[l]) + c.lost[l]) / n;
    const double squares = constant ? 0 : c.squares[l];
    m->scale = power_of_two_scale(static_cast<double>(fmaxf(c.largest[l], -c.smallest[l])));
    m->mean = high;
    m->deviation = sqrt(squares / n);
    if (metric == MORULA_COSINE) {
        m->inverse_norm = 1 / (sqrt(squares + n * high * high) * m->scale);
    } else {
        m->mean_high = high * m->scale;
        m->mean_low = low * m->scale;
        m->inverse_norm = 1 / (sqrt(squares) * m->scale);
    }
}

void column_moments(morula_moments* moments, float* stage, const morula_layer* layer, int64_t first, int64_t count,
                    int metric) {
    Columns columns[staged_neurons / lanes];
    for (int64_t from = 0; from < layer->samples; from += piece) {
        const int64_t length = layer->samples - from < piece ? layer->samples - from : piece;
        fill_stage(stage, layer, first, count, from, length);
        for (int64_t l = 0; l < count; l += lanes) add_stage(columns + l / lanes, stage + l, from, length);
    }
    for (int64_t l = 0; l < count; l++) {
        finish(moments + l, columns[l / lanes], l % lanes, layer, first + l, metric);
    }
}

// Standardises 16 neurons of the stage in place.
void standardise_stage(float* stage, const morula_layer* layer, int64_t first, int64_t count, int64_t length) {
    double scale[lanes] = {}, high[lanes] = {}, low[lanes] = {}, inverse_norm[lanes] = {};
    for (int64_t l = 0; l < count; l++) {
        const morula_moments& m = layer->moments[first + l];
        scale[l] = m.scale, high[l] = m.mean_high, low[l] = m.mean_low, inverse_norm[l] = m.inverse_norm;
    }
    for (int64_t k = 0; k < length; k++, stage += stage_stride) {
#pragma omp simd
        for (int64_t l = 0; l < lanes; l++) {
            const double deviation = static_cast<double>(stage[l]) * scale[l] - high[l] - low[l];
            stage[l] = static_cast<float>(deviation * inverse_norm[l]);
        }
    }
}

// Turns 16 neurons of the stage round, each to its row.
void turn(float* rows, const float* stage, const int32_t* slots, int64_t count, int64_t stride) {
    float turned[lanes * tile_edge];
    for (int64_t k = 0; k < piece; k += tile_edge) {
        full_tile(reinterpret_cast<uint32_t*>(turned), tile_edge,
                  reinterpret_cast<const uint32_t*>(stage + k * stage_stride), stage_stride);
        for (int64_t l = 0; l < count; l++) {
            if (slots[l] >= 0) __builtin_memcpy(rows + slots[l] * stride + k, turned + l * tile_edge, 64);
        }
    }
}

void standardise_columns(float* rows, float* stage, const morula_layer* layer, const morula_neurons* neurons,
                         int64_t from, int64_t stride) {
    const int64_t rest = layer->samples - from, length = rest < 0 ? 0 : rest < piece ? rest : piece;
    fill_stage(stage, layer, neurons->first, neurons->count, from, length);
    for (int64_t l = 0; l < neurons->count; l += lanes) {
        const int64_t count = neurons->count - l < lanes ? neurons->count - l : lanes;
        standardise_stage(stage + l, layer, neurons->first + l, count, length);
        for (int64_t k = length; k < piece; k++) {
            __builtin_memset(stage + k * stage_stride + l, 0, lanes * sizeof(float));
        }
        turn(rows, stage + l, neurons->slots + l, count, stride);
    }
}

// Vectors of neurons, and how many directions are multiplied with two of them at a time: all sums stay in registers.
#if defined(__AVX512F__)
typedef float Vector __attribute__((vector_size(64)));
constexpr int block = 12;
#elif defined(__AVX2__)
typedef float Vector __attribute__((vector_size(32)));
constexpr int block = 6;
#else
typedef float Vector __attribute__((vector_size(16)));
constexpr int block = 6;
#endif
constexpr int64_t width = sizeof(Vector) / sizeof(float);

inline Vector load(const float* p) {
    Vector v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

// sums[r][l] += sum over k of directions[r][k] stage[k][l] for `count` directions and two vectors of neurons.
template <int count>
void multiply(float* sums, const float* directions, const float* stage, int64_t length) {
    Vector sum[count][2] = {};
    for (int64_t k = 0; k < length; k++) {
        const Vector a = load(stage + k * stage_stride), b = load(stage + k * stage_stride + width);
#pragma GCC unroll 12
        for (int r = 0; r < count; r++) {
            const Vector direction = directions[r * piece + k] - Vector{};
            sum[r][0] += direction * a;
            sum[r][1] += direction * b;
        }
    }
    for (int r = 0; r < count; r++) {
        for (int half = 0; half < 2; half++) {
            float* at = sums + r * staged_neurons + half * width;
            const Vector added = load(at) + sum[r][half];
            __builtin_memcpy(at, &added, sizeof added);
        }
    }
}

// sums (rank x staged_neurons) += directions (rank x a piece) times the stage.
void project_columns(float* sums, float* stage, const float* directions, const morula_layer* layer, int64_t first,
                     int64_t count, int64_t from, int64_t rank) {
    const int64_t rest = layer->samples - from, length = rest < piece ? rest : piece;
    fill_stage(stage, layer, first, count, from, length);
    for (int64_t l = 0; l < count; l += lanes) {
        standardise_stage(stage + l, layer, first + l, count - l < lanes ? count - l : lanes, length);
    }
    for (int64_t l = 0; l < count; l += 2 * width) {
        for (int64_t r = 0; r < rank; r += block) {
            const float* d = directions + r * piece;
            float* s = sums + r * staged_neurons + l;
            if (r + block <= rank) {
                multiply<block>(s, d, stage + l, length);
                continue;
            }
            for (int64_t single = 0; single < rank - r; single++) {
                multiply<1>(s + single * staged_neurons, d + single * piece, stage + l, length);
            }
        }
    }
}

}  // namespace

void install_columns(Table& table) {
    table.column_moments = column_moments;
    table.standardise_columns = standardise_columns;
    table.project_columns = project_columns;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
