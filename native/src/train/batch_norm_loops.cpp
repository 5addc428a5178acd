// Batch normalisation of every channel, over all rows of a batch of n rows (Ioffe and Szegedy, 2015):
//
//   mean = sum x / n                  var = sum (x - mean)^2 / n                inverse = 1 / sqrt(var + epsilon)
//   y    = scale (x - mean) inverse + shift                                     maybe followed by a ReLU
//   dshift = sum dy                   dscale = inverse sum dy (x - mean)
//   dx   = scale inverse (dy - dshift / n - (x - mean) inverse dscale / n)
//
// Shapes: matrices are rows x channels, what belongs to a channel is 1 x channels. Sums are float64, of deviations from
// the first row: a mean far from 0 then costs no digits of the variance. Plain loops in every tier: all of it is
// memory-bound. Timed by BatchNormBenchmark.
#include "kernel/table.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t strip = 512;  // channels whose sums stay in the L1 cache

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

void clear(double* sums, int64_t count) {
    for (int64_t c = 0; c < count; c++) sums[c] = 0;
}

// Four rows at a time, since sums that are loaded and stored for every row would be most of the work.
void add_deviations(double* sum, double* squares, const float* inp, const float* origin, int64_t stride, int64_t rows,
                    int64_t columns) {
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        const float* x = inp + row * stride;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const double o = origin[c];
            const double d0 = x[c] - o, d1 = x[c + stride] - o, d2 = x[c + 2 * stride] - o, d3 = x[c + 3 * stride] - o;
            sum[c] += (d0 + d1) + (d2 + d3);
            squares[c] += (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
        }
    }
    for (; row < rows; row++) {
        const float* x = inp + row * stride;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const double d = static_cast<double>(x[c]) - origin[c];
            sum[c] += d;
            squares[c] += d * d;
        }
    }
}

void batch_norm_sums(double* sums, const float* inp, const morula_channels& shape) {
    const morula_block& block = shape.block;
    const int64_t end = block.first_column + block.columns;
    for (int64_t first = block.first_column; first < end; first += strip) {
        const int64_t columns = smaller(strip, end - first);
        clear(sums + first, columns);
        clear(sums + shape.channels + first, columns);
        add_deviations(sums + first, sums + shape.channels + first, inp + block.first_row * shape.channels + first,
                       inp + first, shape.channels, block.rows, columns);
    }
}

// The sum over the parts, in their order.
double total(const double* sums, int64_t parts, int64_t stride, int64_t column) {
    double sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += sums[part * stride + column];
    return sum;
}

void set_terms(float* terms, const morula_batch_norm& layer, int64_t channels, int64_t c, double mean,
               double variance) {
    const double inverse = 1 / __builtin_sqrt(variance + layer.epsilon);
    const double factor = layer.scale[c] * inverse;
    terms[c] = static_cast<float>(factor);
    terms[channels + c] = static_cast<float>(layer.shift[c] - mean * factor);
    terms[2 * channels + c] = static_cast<float>(mean);
    terms[3 * channels + c] = static_cast<float>(inverse);
}

void average(float* running, double value, double momentum) {
    *running = static_cast<float>((1 - momentum) * *running + momentum * value);
}

void batch_norm_training(float* terms, const double* sums, int64_t parts, const float* inp,
                         const morula_batch_norm& layer, const morula_channels& shape) {
    const morula_block& block = shape.block;
    const double n = static_cast<double>(shape.rows);
    for (int64_t c = block.first_column; c < block.first_column + block.columns; c++) {
        const double sum = total(sums, parts, 2 * shape.channels, c);
        const double squares = total(sums, parts, 2 * shape.channels, shape.channels + c);
        const double mean = inp[c] + sum / n, left = squares - sum * (sum / n);
        const double deviations = left < 0 ? 0 : left;  // only rounding makes it negative; NaN passes
        set_terms(terms, layer, shape.channels, c, mean, deviations / n);
        average(layer.mean + c, mean, layer.momentum);
        average(layer.variance + c, deviations / (n - 1), layer.momentum);
    }
}

void batch_norm_evaluation(float* terms, const morula_batch_norm& layer, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) set_terms(terms, layer, channels, c, layer.mean[c], layer.variance[c]);
}

void scale_shift(float* out, const float* inp, const float* factor, const float* constant, int64_t columns) {
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) out[c] = inp[c] * factor[c] + constant[c];
}

// NaN passes: a network that diverges must show it.
void scale_shift_relu(float* out, const float* inp, const float* factor, const float* constant, int64_t columns) {
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) {
        const float value = inp[c] * factor[c] + constant[c];
        out[c] = value < 0 ? 0 : value;
    }
}

void batch_norm_forward(float* out, const float* inp, const float* terms, const morula_channels& shape,
                        int activation) {
    const morula_block& block = shape.block;
    const auto finish = activation == MORULA_RELU ? scale_shift_relu : scale_shift;
    const float* factor = terms + block.first_column;
    for (int64_t row = 0; row < block.rows; row++) {
        const int64_t at = (block.first_row + row) * shape.channels + block.first_column;
        finish(out + at, inp + at, factor, factor + shape.channels, block.columns);
    }
}

// The gradient before the ReLU that made out, or, where there was none, dout as it is.
template <bool relu>
float masked(const float* dout, const float* out, int64_t at) {
    const float slope = dout[at];  // in any case: the portable tier cannot load under a mask
    return relu && out[at] <= 0 ? 0 : slope;
}

template <bool relu>
void add_slopes(double* sum, double* products, const float* dout, const float* inp, const float* out, const float* mean,
                int64_t stride, int64_t rows, int64_t columns) {
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        const int64_t r0 = row * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const float g0 = masked<relu>(dout, out, r0 + c), g1 = masked<relu>(dout, out, r1 + c),
                        g2 = masked<relu>(dout, out, r2 + c), g3 = masked<relu>(dout, out, r3 + c);
            sum[c] += (g0 + g1) + (g2 + g3);
            products[c] += (g0 * (inp[r0 + c] - mean[c]) + g1 * (inp[r1 + c] - mean[c])) +
                           (g2 * (inp[r2 + c] - mean[c]) + g3 * (inp[r3 + c] - mean[c]));
        }
    }
    for (; row < rows; row++) {
        const int64_t r = row * stride;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const float g = masked<relu>(dout, out, r + c);
            sum[c] += g;
            products[c] += g * (inp[r + c] - mean[c]);
        }
    }
}

void batch_norm_backward_sums(double* sums, const float* dout, const float* inp, const float* out, const float* terms,
                              const morula_channels& shape) {
    const morula_block& block = shape.block;
    const auto add = out == nullptr ? add_slopes<false> : add_slopes<true>;
    const int64_t end = block.first_column + block.columns;
    for (int64_t first = block.first_column; first < end; first += strip) {
        const int64_t columns = smaller(strip, end - first), at = block.first_row * shape.channels + first;
        clear(sums + first, columns);
        clear(sums + shape.channels + first, columns);
        add(sums + first, sums + shape.channels + first, dout + at, inp + at, out == nullptr ? nullptr : out + at,
            terms + 2 * shape.channels + first, shape.channels, block.rows, columns);
    }
}

void batch_norm_gradients(float* dscale, float* dshift, float* slopes, const double* sums, int64_t parts,
                          const float* terms, const morula_channels& shape) {
    const morula_block& block = shape.block;
    const int64_t channels = shape.channels;
    const double n = static_cast<double>(shape.rows);
    for (int64_t c = block.first_column; c < block.first_column + block.columns; c++) {
        const double sum = total(sums, parts, 2 * channels, c);
        const double products = total(sums, parts, 2 * channels, channels + c);
        const double factor = terms[c], inverse = terms[3 * channels + c];
        dshift[c] = static_cast<float>(sum);
        dscale[c] = static_cast<float>(products * inverse);
        slopes[c] = static_cast<float>(factor * sum / n);
        slopes[channels + c] = static_cast<float>(factor * inverse * inverse * products / n);
    }
}

template <bool relu>
void input_gradient(float* dinp, const float* dout, const float* inp, const float* out, const float* terms,
                    const float* slopes, const morula_channels& shape) {
    const morula_block& block = shape.block;
    const float *factor = terms + block.first_column, *mean = factor + 2 * shape.channels;
    const float *constant = slopes + block.first_column, *slope = constant + shape.channels;
    for (int64_t row = block.first_row; row < block.first_row + block.rows; row++) {
        const int64_t at = row * shape.channels + block.first_column;
#pragma omp simd
        for (int64_t c = 0; c < block.columns; c++) {
            const float g = masked<relu>(dout, out, at + c);
            dinp[at + c] = factor[c] * g - constant[c] - slope[c] * (inp[at + c] - mean[c]);
        }
    }
}

void batch_norm_backward_input(float* dinp, const float* dout, const float* inp, const float* out, const float* terms,
                               const float* slopes, const morula_channels& shape) {
    const auto compute = out == nullptr ? input_gradient<false> : input_gradient<true>;
    compute(dinp, dout, inp, out, terms, slopes, shape);
}

}  // namespace

void install_batch_norm(Table& table) {
    table.batch_norm_sums = batch_norm_sums;
    table.batch_norm_training = batch_norm_training;
    table.batch_norm_evaluation = batch_norm_evaluation;
    table.batch_norm_forward = batch_norm_forward;
    table.batch_norm_backward_sums = batch_norm_backward_sums;
    table.batch_norm_gradients = batch_norm_gradients;
    table.batch_norm_backward_input = batch_norm_backward_input;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
