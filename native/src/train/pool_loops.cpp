// Pooling of every channel over windows of an image:
//
//   max, forward       out   = the largest number of the window; NaN if there is one
//   max, backward      dinp += dout where the window's first largest number is
//   average, forward   out   = sum of the window / its size, padding counted as 0
//   average, backward  dinp += dout / the window's size, all over the window
//
// Shapes: inp and dinp (samples * height * width) x channels, out and dout likewise with a row a window; whole samples
// at a time, since windows may overlap. The backward pass finds the largest numbers again, which takes no memory.
// Plain loops over channels in every tier: the work is memory-bound. Timed by PoolBenchmark.
#include "kernel/table.h"
#include "train/pool.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

constexpr int64_t strip = 256;  // channels at a time, where something is remembered of each

// A window's rows and columns inside the image; there is at least one of each.
struct Window {
    int64_t row, end_row, column, end_column;
};

int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

Window window_at(const morula_pool& shape, int64_t out_row, int64_t out_column) {
    const int64_t row = out_row * shape.stride - shape.padding, column = out_column * shape.stride - shape.padding;
    return {larger(row, 0), smaller(row + shape.window_height, shape.height), larger(column, 0),
            smaller(column + shape.window_width, shape.width)};
}

int64_t image_size(const morula_pool& shape) { return shape.height * shape.width * shape.channels; }

// Calls work(where the window's numbers are in out, the window) for every window of a sample.
template <class Work>
void for_each_window(const morula_pool& shape, int64_t sample, const Work& work) {
    const int64_t rows = pool_rows(shape), columns = pool_columns(shape);
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < columns; column++) {
            work(((sample * rows + row) * columns + column) * shape.channels, window_at(shape, row, column));
        }
    }
}

// Calls work(where the position's numbers are in an image) for every position of a window, row by row.
template <class Work>
void for_each_position(const morula_pool& shape, const Window& window, const Work& work) {
    for (int64_t row = window.row; row < window.end_row; row++) {
        for (int64_t column = window.column; column < window.end_column; column++) {
            work((row * shape.width + column) * shape.channels);
        }
    }
}

void fill(float* values, float value, int64_t count) {
    for (int64_t i = 0; i < count; i++) values[i] = value;
}

// NaN wins and stays: it is not smaller than anything, and nothing is larger.
void keep_larger(float* best, const float* values, int64_t channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
        const float value = values[c], before = best[c];
        best[c] = (value <= before) | (before != before) ? before : value;
    }
}

void max_pool(float* out, const float* inp, const morula_pool& shape) {
    for (int64_t s = shape.first_sample; s < shape.first_sample + shape.samples; s++) {
        const float* image = inp + s * image_size(shape);
        for_each_window(shape, s, [&](int64_t at, const Window& window) {
            fill(out + at, -__builtin_inff(), shape.channels);
            for_each_position(shape, window,
                              [&](int64_t from) { keep_larger(out + at, image + from, shape.channels); });
        });
    }
}

// Where a number is the largest, it takes what is left of the gradient.
void take(float* dinp, float* left, const float* inp, const float* best, int64_t channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
        const float value = inp[c], rest = left[c];
        const float given = value == best[c] ? rest : 0, kept = value == best[c] ? 0 : rest;
        dinp[c] += value != value ? rest : given;
        left[c] = value != value ? 0 : kept;
    }
}

void max_pool_backward(float* dinp, const float* dout, const float* inp, const float* out, const morula_pool& shape) {
    for (int64_t s = shape.first_sample; s < shape.first_sample + shape.samples; s++) {
        float* dimage = dinp + s * image_size(shape);
        const float* image = inp + s * image_size(shape);
        fill(dimage, 0, image_size(shape));
        for_each_window(shape, s, [&](int64_t at, const Window& window) {
            for (int64_t first = 0; first < shape.channels; first += strip) {
                const int64_t channels = smaller(strip, shape.channels - first);
                float left[strip];
                for (int64_t c = 0; c < channels; c++) left[c] = dout[at + first + c];
                for_each_position(shape, window, [&](int64_t from) {
                    take(dimage + from + first, left, image + from + first, out + at + first, channels);
                });
            }
        });
    }
}

void add(float* sum, const float* values, float factor, int64_t channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) sum[c] += values[c] * factor;
}

float share(const morula_pool& shape) { return 1.0f / static_cast<float>(shape.window_height * shape.window_width); }

void average_pool(float* out, const float* inp, const morula_pool& shape) {
    const float factor = share(shape);
    for (int64_t s = shape.first_sample; s < shape.first_sample + shape.samples; s++) {
        const float* image = inp + s * image_size(shape);
        for_each_window(shape, s, [&](int64_t at, const Window& window) {
            fill(out + at, 0, shape.channels);
            for_each_position(shape, window,
                              [&](int64_t from) { add(out + at, image + from, factor, shape.channels); });
        });
    }
}

void average_pool_backward(float* dinp, const float* dout, const morula_pool& shape) {
    const float factor = share(shape);
    for (int64_t s = shape.first_sample; s < shape.first_sample + shape.samples; s++) {
        float* dimage = dinp + s * image_size(shape);
        fill(dimage, 0, image_size(shape));
        for_each_window(shape, s, [&](int64_t at, const Window& window) {
            for_each_position(shape, window, [&](int64_t to) { add(dimage + to, dout + at, factor, shape.channels); });
        });
    }
}

}  // namespace

void install_pool(Table& table) {
    table.max_pool = max_pool;
    table.max_pool_backward = max_pool_backward;
    table.average_pool = average_pool;
    table.average_pool_backward = average_pool_backward;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
