// A convolution for avx2 and avx512 that never writes patches of the image out; convolution_ref.cpp has the formulas,
// README.md the reasons and measurements.
//
// All three passes are products whose left factor is read where it lies: a row of the kernel covers neighbouring
// positions of a row of the image, so `kernel * channels` numbers without a gap. Images with a border are copied into a
// frame of zeros first, a few at a time, so that these runs go on across the border; weights are packed into panels of
// a few vectors of outputs. The innermost loops hold a tile of the result in registers: some positions by one panel in
// forward and input gradient, some columns of the weight by one panel of outputs in the weight gradient.
//
// The input gradient is again such a product, of the framed gradient of the output. With stride s, the positions of the
// input fall into s x s phases, each of which sees every s-th row and column of the kernel, in reverse.
#include "kernel/table.h"
#include "train/convolution.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {
namespace {

#ifdef MORULA_TIER_avx512
constexpr int64_t lanes = 16;
#define MOST_ROWS(vectors) (vectors == 2 ? 12 : 16)  // of 32 registers
#else
constexpr int64_t lanes = 8;
#define MOST_ROWS(vectors) (vectors == 2 ? 6 : 10)  // of 16 registers
#endif
static_assert(widest_panel % (2 * lanes) == 0, "panels of two vectors");

typedef float Vector __attribute__((vector_size(lanes * sizeof(float))));
typedef float Unaligned __attribute__((vector_size(lanes * sizeof(float)), aligned(sizeof(float)), may_alias));

Vector load(const float* values) { return *reinterpret_cast<const Unaligned*>(values); }

void store(float* target, Vector values) { *reinterpret_cast<Unaligned*>(target) = values; }

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// Images side by side, with these distances between rows and between images, in numbers.
struct Images {
    const float* values;
    int64_t row, image;
};

void fill(float* target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = 0;
}

void copy(float* target, const float* source, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) target[i] = source[i];
}

// One image of height x width positions, framed.
void frame_image(float* framed, const float* image, int64_t height, int64_t width, const Frame& frame) {
    const int64_t low = frame.low * frame.channels, line = frame.width * frame.channels;
    const int64_t kept = smaller(width * frame.channels, line - low);
    for (int64_t y = 0; y < frame.height; y++, framed += line) {
        if (y < frame.low || y >= frame.low + height || kept <= 0) {
            fill(framed, line);
            continue;
        }
        fill(framed, low);
        copy(framed + low, image + (y - frame.low) * width * frame.channels, kept);
        fill(framed + low + kept, line - low - kept);
    }
}

// `samples` images, framed in the workspace, or as they are if the frame adds nothing.
Images frame_images(float* workspace, const float* images, int64_t samples, int64_t height, int64_t width,
                    const Frame& frame) {
    const int64_t line = width * frame.channels, image = height * line;
    if (frame.low == 0 && frame.height <= height && frame.width <= width) return {images, line, image};
    for (int64_t b = 0; b < samples; b++) {
        frame_image(workspace + b * floats(frame), images + b * image, height, width, frame);
    }
    return {workspace, frame.width * frame.channels, floats(frame)};
}

// ---- products of runs of the image with packed weights: forward and input gradient ----

// What one position of the result is computed from: `runs` runs of `length` numbers, `row` apart; the next position's
// begin `step` later.
struct Window {
    int64_t runs, row, length, step;
};

// Where results go: positions `step` apart, this many columns each, after bias and activation.
struct Target {
    int64_t step, columns;
    const float* bias;
    int activation;
};

template <int vectors>
void finish(float* out, const Vector* sum, const Target& target) {
    Vector result[vectors];
    for (int v = 0; v < vectors; v++) {
        // written so that NaN passes: a network that diverges must show it
        result[v] = target.activation == MORULA_RELU ? (sum[v] < 0 ? Vector{} : sum[v]) : sum[v];
    }
    if (target.columns == vectors * lanes) {
        for (int v = 0; v < vectors; v++) store(out + v * lanes, result[v]);
    } else {
        copy(out, reinterpret_cast<const float*>(result), target.columns);
    }
}

template <int rows, int vectors>
void multiply(float* out, const float* source, const float* panel, const Window& window, const Target& target) {
    Vector sum[rows][vectors];
#pragma GCC unroll 16
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < vectors; v++) sum[row][v] = load(target.bias + v * lanes);
    }
    const int64_t step = window.step;
    for (int64_t run = 0; run < window.runs; run++, source += window.row) {
        for (int64_t k = 0; k < window.length; k++, panel += vectors * lanes) {
            Vector weight[vectors];
            for (int v = 0; v < vectors; v++) weight[v] = load(panel + v * lanes);
#pragma GCC unroll 16
            for (int row = 0; row < rows; row++) {
                const Vector factor = source[row * step + k] - Vector{};
                for (int v = 0; v < vectors; v++) sum[row][v] += factor * weight[v];
            }
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < rows; row++) finish<vectors>(out + row * target.step, sum[row], target);
}

// The same for a number of rows that is known when it runs.
template <int vectors, int rows = MOST_ROWS(vectors)>
void multiply(int64_t count, float* out, const float* source, const float* panel, const Window& window,
              const Target& target) {
    if constexpr (rows > 1) {
        if (count < rows) return multiply<vectors, rows - 1>(count, out, source, panel, window, target);
    }
    multiply<rows, vectors>(out, source, panel, window, target);
}

// A row of positions, cut into tiles of about one size.
template <int vectors>
void multiply_row(int64_t positions, float* out, const float* source, const float* panel, const Window& window,
                  const Target& target) {
    int64_t tiles = (positions + MOST_ROWS(vectors) - 1) / MOST_ROWS(vectors);
    for (int64_t first = 0; first < positions; tiles--) {
        const int64_t count = (positions - first + tiles - 1) / tiles;
        multiply<vectors>(count, out + first * target.step, source + first * window.step, panel, window, target);
        first += count;
    }
}

// A lattice of results: where the first is, positions in a row, rows, and the distances between rows and images.
struct Lattice {
    float* first;
    int64_t width, height, row, image;
};

template <int vectors>
void multiply_images(const Lattice& out, const Images& images, int64_t samples, int64_t row_step, const float* panel,
                     const Window& window, const Target& target) {
    for (int64_t b = 0; b < samples; b++) {
        for (int64_t y = 0; y < out.height; y++) {
            multiply_row<vectors>(out.width, out.first + b * out.image + y * out.row,
                                  images.values + b * images.image + y * row_step, panel, window, target);
        }
    }
}

// All columns of some images, one panel after the other; `packed` holds the panels. columns, bias and activation are
// those of the whole product.
void multiply_panels(const Lattice& out, const Images& images, int64_t samples, int64_t row_step, const float* packed,
                     const Window& window, const Target& target) {
    const int64_t depth = window.runs * window.length;
    for (int64_t column = 0; column < target.columns; column += 2 * lanes) {
        const int64_t columns = smaller(2 * lanes, target.columns - column);
        float bias[2 * lanes] = {};
        if (target.bias != nullptr) copy(bias, target.bias + column, columns);
        const Lattice part{out.first + column, out.width, out.height, out.row, out.image};
        const auto multiply_part = columns > lanes ? multiply_images<2> : multiply_images<1>;
        multiply_part(part, images, samples, row_step, packed + column * depth, window,
                      {target.step, columns, bias, target.activation});
    }
}

// Numbers of a row of the panel that begins at a column.
int64_t panel_width(int64_t column, int64_t columns) { return columns - column > lanes ? 2 * lanes : lanes; }

// Those of all panels together.
int64_t padded_to_vectors(int64_t columns) { return (columns + lanes - 1) / lanes * lanes; }

// panel[k][lane] = weight[lane][k] for some rows of the weight, zeros after them.
void pack_outputs(float* packed, const float* weight, int64_t depth, int64_t outputs) {
    for (int64_t first = 0; first < outputs; first += 2 * lanes) {
        const int64_t width = panel_width(first, outputs), count = smaller(width, outputs - first);
        for (int64_t k = 0; k < depth; k++, packed += width) {
            for (int64_t lane = 0; lane < count; lane++) packed[lane] = weight[(first + lane) * depth + k];
            fill(packed + count, width - count);
        }
    }
}

void convolution_forward(float* out, const float* inp, const float* weight, const float* bias, float* workspace,
                         const morula_convolution& shape, int activation) {
    const morula_block& block = shape.block;
    const Frame frame = input_frame(shape);
    const int64_t at_a_time = samples_at_a_time(frame, shape), depth = shape.kernel * shape.kernel * shape.inputs;
    const int64_t height = output_size(shape.height, shape), width = output_size(shape.width, shape);
    const int64_t line = width * shape.outputs, image = shape.height * shape.width * shape.inputs;
    float* packed = workspace + at_a_time * floats(frame);
    pack_outputs(packed, weight + block.first_column * depth, depth, block.columns);
    const Target target{shape.outputs, block.columns, bias == nullptr ? nullptr : bias + block.first_column,
                        activation};
    for (int64_t b = 0; b < block.rows; b += at_a_time) {
        const int64_t first = block.first_row + b, samples = smaller(at_a_time, block.rows - b);
        const Images images = frame_images(workspace, inp + first * image, samples, shape.height, shape.width, frame);
        const Lattice lattice{out + first * height * line + block.first_column, width, height, line, height * line};
        multiply_panels(lattice, images, samples, shape.stride * images.row, packed,
                        {shape.kernel, images.row, shape.kernel * shape.inputs, shape.stride * shape.inputs}, target);
    }
}

// ---- input gradient ----

// One dimension of a phase: the first row of the kernel that it sees, how many it sees, where in the frame its first
// position's outputs begin, and how many positions of the input it has.
struct Phase {
    int64_t tap, taps, begin, positions;
};

Phase phase_of(int64_t position, int64_t size, const morula_convolution& shape) {
    const int64_t tap = (position + shape.padding) % shape.stride;
    const int64_t taps = tap < shape.kernel ? (shape.kernel - tap - 1) / shape.stride + 1 : 0;
    const int64_t last = output_frame(shape).low + (position + shape.padding) / shape.stride;
    return {tap, taps, last - taps + 1, (size - position + shape.stride - 1) / shape.stride};
}

// panel[row, column, output][lane] = weight[output][row, column][lane] for a phase's rows and columns of the kernel,
// the last first, zeros after the block's inputs. Returns the end.
float* pack_phase(float* packed, const float* weight, const Phase& vertical, const Phase& horizontal,
                  const morula_convolution& shape) {
    const morula_block& block = shape.block;
    for (int64_t first = 0; first < block.columns; first += 2 * lanes) {
        const int64_t width = panel_width(first, block.columns), count = smaller(width, block.columns - first);
        for (int64_t tap = vertical.taps * horizontal.taps - 1; tap >= 0; tap--) {
            const int64_t ky = vertical.tap + tap / horizontal.taps * shape.stride;
            const int64_t kx = horizontal.tap + tap % horizontal.taps * shape.stride;
            for (int64_t o = 0; o < shape.outputs; o++, packed += width) {
                const int64_t row = (o * shape.kernel + ky) * shape.kernel + kx;
                copy(packed, weight + row * shape.inputs + block.first_column + first, count);
                fill(packed + count, width - count);
            }
        }
    }
    return packed;
}

// The panels of all phases.
void pack_inputs(float* packed, const float* weight, const morula_convolution& shape) {
    for (int64_t y = 0; y < shape.stride; y++) {
        for (int64_t x = 0; x < shape.stride; x++) {
            packed =
                pack_phase(packed, weight, phase_of(y, shape.height, shape), phase_of(x, shape.width, shape), shape);
        }
    }
}

void convolution_backward_input(float* dinp, const float* dout, const float* weight, float* workspace,
                                const morula_convolution& shape) {
    const morula_block& block = shape.block;
    const Frame frame = output_frame(shape);
    const int64_t at_a_time = samples_at_a_time(frame, shape), stride = shape.stride;
    const int64_t height = output_size(shape.height, shape), width = output_size(shape.width, shape);
    const int64_t line = shape.width * shape.inputs, image = height * width * shape.outputs;
    float* const packed = workspace + at_a_time * floats(frame);
    pack_inputs(packed, weight, shape);
    for (int64_t b = 0; b < block.rows; b += at_a_time) {
        const int64_t first = block.first_row + b, samples = smaller(at_a_time, block.rows - b);
        const Images images = frame_images(workspace, dout + first * image, samples, height, width, frame);
        float* const corner = dinp + first * shape.height * line + block.first_column;
        const float* panels = packed;
        for (int64_t phase = 0; phase < stride * stride; phase++) {
            const int64_t y = phase / stride, x = phase % stride;
            const Phase vertical = phase_of(y, shape.height, shape), horizontal = phase_of(x, shape.width, shape);
            const Window window{vertical.taps, images.row, horizontal.taps * shape.outputs, shape.outputs};
            const Images seen{images.values + vertical.begin * images.row + horizontal.begin * shape.outputs,
                              images.row, images.image};
            multiply_panels({corner + y * line + x * shape.inputs, horizontal.positions, vertical.positions,
                             stride * line, shape.height * line},
                            seen, samples, images.row, panels, window,
                            {stride * shape.inputs, block.columns, nullptr, MORULA_IDENTITY});
            panels += window.runs * window.length * padded_to_vectors(block.columns);
        }
    }
}

// ---- weight gradient ----

// The positions that a sum goes over, in the images and, packed one after the other, in a panel of dout.
struct Positions {
    int64_t samples, height, width, image, row, step;
};

// sums[row][lane] += sum over positions of source[position + row] panel[position][lane]
template <int rows, int vectors>
void accumulate(float* sums, int64_t pitch, const float* source, const float* panel, const Positions& positions) {
    Vector sum[rows][vectors] = {};
    for (int64_t b = 0; b < positions.samples; b++) {
        for (int64_t y = 0; y < positions.height; y++) {
            const float* values = source + b * positions.image + y * positions.row;
            for (int64_t x = 0; x < positions.width; x++, values += positions.step, panel += vectors * lanes) {
                Vector slope[vectors];
                for (int v = 0; v < vectors; v++) slope[v] = load(panel + v * lanes);
#pragma GCC unroll 16
                for (int row = 0; row < rows; row++) {
                    const Vector factor = values[row] - Vector{};
                    for (int v = 0; v < vectors; v++) sum[row][v] += factor * slope[v];
                }
            }
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < vectors; v++) {
            float* target = sums + row * pitch + v * lanes;
            store(target, load(target) + sum[row][v]);
        }
    }
}

template <int vectors, int rows = MOST_ROWS(vectors)>
void accumulate(int64_t count, float* sums, int64_t pitch, const float* source, const float* panel,
                const Positions& positions) {
    if constexpr (rows > 1) {
        if (count < rows) return accumulate<vectors, rows - 1>(count, sums, pitch, source, panel, positions);
    }
    accumulate<rows, vectors>(sums, pitch, source, panel, positions);
}

// The block's columns of the weight: one run a row of the kernel, cut into tiles of about one size.
template <int vectors>
void accumulate_columns(float* sums, int64_t pitch, const Images& images, const float* panel,
                        const Positions& positions, const morula_convolution& shape) {
    const int64_t run = shape.kernel * shape.inputs, first = shape.block.first_column;
    for (int64_t column = first, end = first + shape.block.columns; column < end;) {
        const int64_t left = smaller(end - column, run - column % run);
        const int64_t tiles = (left + MOST_ROWS(vectors) - 1) / MOST_ROWS(vectors);
        const int64_t count = (left + tiles - 1) / tiles;
        accumulate<vectors>(count, sums + (column - first) * pitch, pitch,
                            images.values + column / run * images.row + column % run, panel, positions);
        column += count;
    }
}

// panel[position][lane] = dout[position][lane], zeros after the last of `count` outputs.
void pack_slopes(float* panel, const float* dout, int64_t positions, int64_t outputs, int64_t count, int64_t width) {
    for (int64_t position = 0; position < positions; position++, panel += width) {
        copy(panel, dout + position * outputs, count);
        fill(panel + count, width - count);
    }
}

// In a sum of its own, since a chain over all positions of a batch would lose digits.
void add_to_bias(float* dbias, const float* panel, int64_t positions, int64_t count, int64_t width) {
    float sum[2 * lanes] = {};
    for (int64_t position = 0; position < positions; position++, panel += width) {
#pragma omp simd
        for (int64_t lane = 0; lane < width; lane++) sum[lane] += panel[lane];
    }
    for (int64_t lane = 0; lane < count; lane++) dbias[lane] += sum[lane];
}

// dweight[o][column] = sums[column][o]
void transpose(float* dweight, const float* sums, int64_t pitch, int64_t outputs, int64_t columns) {
    for (int64_t o = 0; o < outputs; o++) {
        for (int64_t column = 0; column < columns; column++) dweight[o * columns + column] = sums[column * pitch + o];
    }
}

void convolution_backward_weight(float* dweight, float* dbias, const float* dout, const float* inp, float* workspace,
                                 const morula_convolution& shape) {
    const morula_block& block = shape.block;
    const Frame frame = input_frame(shape);
    const int64_t at_a_time = samples_at_a_time(frame, shape), pitch = padded_to_panels(shape.outputs);
    const int64_t height = output_size(shape.height, shape), width = output_size(shape.width, shape);
    const int64_t image = shape.height * shape.width * shape.inputs;
    float* sums = workspace + at_a_time * floats(frame);
    float* panel = sums + block.columns * pitch;
    fill(sums, block.columns * pitch);
    if (dbias != nullptr) fill(dbias, shape.outputs);
    for (int64_t b = 0; b < block.rows; b += at_a_time) {
        const int64_t first = block.first_row + b, samples = smaller(at_a_time, block.rows - b);
        const Images images = frame_images(workspace, inp + first * image, samples, shape.height, shape.width, frame);
        const Positions positions{
            samples, height, width, images.image, shape.stride * images.row, shape.stride * shape.inputs};
        const int64_t count = samples * height * width;
        for (int64_t o = 0; o < shape.outputs; o += 2 * lanes) {
            const int64_t outputs = smaller(2 * lanes, shape.outputs - o), lane_count = panel_width(o, shape.outputs);
            pack_slopes(panel, dout + first * height * width * shape.outputs + o, count, shape.outputs, outputs,
                        lane_count);
            const auto accumulate_part = outputs > lanes ? accumulate_columns<2> : accumulate_columns<1>;
            accumulate_part(sums + o, pitch, images, panel, positions, shape);
            if (dbias != nullptr) add_to_bias(dbias + o, panel, count, outputs, lane_count);
        }
    }
    transpose(dweight, sums, pitch, shape.outputs, block.columns);
}

}  // namespace

void install_convolution(Table& table) {
    table.convolution_forward = convolution_forward;
    table.convolution_backward_weight = convolution_backward_weight;
    table.convolution_backward_input = convolution_backward_input;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
