// Layers between products, but for pooling: matrices of rows x channels, as large as those of a batch of 128 images of
// 32 x 32 positions, or of 128 samples of a wide layer.
#include "bench.h"

namespace morula_bench {
namespace {

struct Shape {
    int64_t rows, channels;
    int64_t size() const { return rows * channels; }
    std::string text() const { return product_of({rows, channels}); }
};

// So many bytes and flops a number of a matrix.
Work moved(const Shape& shape, double bytes, double flops = 0) {
    const double size = static_cast<double>(shape.size());
    return {flops * size, Arithmetic::plain, bytes * size};
}

// What a call reads and writes for each channel.
Work of_channels(const Shape& shape, double bytes) {
    return {0, Arithmetic::plain, bytes * static_cast<double>(shape.channels)};
}

// Gradients are those of a ReLU behind the norm. Terms and gradients of parameters take what a launch takes.
void batch_norm_cases(Bench& bench, const Shape& shape) {
    morula_cuda_context* const context = bench.context();
    const Array<float> inp(bench, shape.size()), out(bench, shape.size()), dout(bench, shape.size());
    const Array<float> dinp(bench, shape.size()), terms(bench, 4 * shape.channels), slopes(bench, 2 * shape.channels);
    const Array<float> scale(bench, shape.channels), shift(bench, shape.channels), mean(bench, shape.channels);
    const Array<float> variance(bench, std::vector<float>(static_cast<size_t>(shape.channels), 1));
    const Array<double> sums(bench, 2 * shape.channels);
    const morula_channels all{shape.rows, shape.channels, {0, shape.rows, 0, shape.channels}};
    const morula_batch_norm layer{scale, shift, mean, variance, 1e-5, 0.1};
    const std::string sizes = shape.text();
    bench.measure("morula_cuda_batch_norm_sums", sizes, moved(shape, 4, 4),
                  [&] { return morula_cuda_batch_norm_sums(context, sums, inp, &all); });
    bench.measure("morula_cuda_batch_norm_training", sizes, of_channels(shape, 16 + 24 + 16),
                  [&] { return morula_cuda_batch_norm_training(context, terms, sums, 1, inp, &layer, &all); });
    bench.measure("morula_cuda_batch_norm_evaluation", sizes, of_channels(shape, 16 + 16),
                  [&] { return morula_cuda_batch_norm_evaluation(context, terms, &layer, shape.channels); });
    bench.measure("morula_cuda_batch_norm_forward", sizes, moved(shape, 8, 2),
                  [&] { return morula_cuda_batch_norm_forward(context, out, inp, terms, &all, MORULA_RELU); });
    bench.measure("morula_cuda_batch_norm_backward_sums", sizes, moved(shape, 12, 4),
                  [&] { return morula_cuda_batch_norm_backward_sums(context, sums, dout, inp, out, terms, &all); });
    bench.measure("morula_cuda_batch_norm_gradients", sizes, of_channels(shape, 16 + 16 + 16), [&] {
        return morula_cuda_batch_norm_gradients(context, scale, shift, slopes, sums, 1, terms, &all);
    });
    bench.measure("morula_cuda_batch_norm_backward_input", sizes, moved(shape, 16, 4), [&] {
        return morula_cuda_batch_norm_backward_input(context, dinp, dout, inp, out, terms, slopes, &all);
    });
}

void local_response_cases(Bench& bench) {
    const Shape shape{bench.size(128 * 16 * 16, 11), bench.size(256, 13)};
    const int64_t window = 9;
    const Array<float> inp(bench, shape.size()), out(bench, shape.size()), dinp(bench, shape.size());
    const Array<float> workspace(bench, 2 * shape.channels);
    const morula_local_response layer{shape.channels, window, 0, shape.rows};
    const morula_response_rule rule{1e-3, 0.75, 1};
    bench.measure("morula_cuda_local_response_norm", shape.text(), moved(shape, 8, 2 * window + 20),
                  [&] { return morula_cuda_local_response_norm(bench.context(), out, inp, &layer, &rule); });
    bench.measure("morula_cuda_local_response_norm_backward", shape.text(), moved(shape, 12, 4 * window + 40), [&] {
        return morula_cuda_local_response_norm_backward(bench.context(), dinp, workspace, out, inp, &layer, &rule);
    });
}

void pointwise_cases(Bench& bench, const Shape& shape) {
    morula_cuda_context* const context = bench.context();
    const int64_t count = shape.size();
    const Array<float> inp(bench, count), other(bench, count), out(bench, count);
    const Array<int64_t> step(bench, std::vector<int64_t>{1});
    const morula_dropout_draw draw{1, 1, 0, count};
    bench.measure("morula_cuda_dropout", shape.text(), moved(shape, 8),
                  [&] { return morula_cuda_dropout(context, out, inp, step, &draw, 0.5); });
    bench.measure("morula_cuda_relu", shape.text(), moved(shape, 8),
                  [&] { return morula_cuda_relu(context, out, inp, 0, count); });
    bench.measure("morula_cuda_relu_backward", shape.text(), moved(shape, 12),
                  [&] { return morula_cuda_relu_backward(context, out, inp, other, 0, count); });
    bench.measure("morula_cuda_add", shape.text(), moved(shape, 12, 1),
                  [&] { return morula_cuda_add(context, out, inp, other, 0, count, MORULA_RELU); });
}

// As in DenseNet-40-12: the channels that there are, into a matrix with room for more.
void movement_cases(Bench& bench) {
    const Shape shape{bench.size(128 * 32 * 32, 14), bench.size(64, 10)};
    const int64_t wider = shape.channels + 12, positions = shape.rows / bench.size(128, 2);
    const Array<float> inp(bench, shape.size()), out(bench, shape.rows * wider);
    const morula_channel_copy copy{wider, 0, shape.channels, 0, shape.channels, 0, shape.rows};
    const morula_sample_transposition turn{positions, shape.channels, 0, bench.size(128, 2)};
    bench.measure("morula_cuda_copy_channels", shape.text(), moved(shape, 8),
                  [&] { return morula_cuda_copy_channels(bench.context(), out, inp, &copy); });
    bench.measure("morula_cuda_transpose_samples", shape.text(), moved(shape, 8),
                  [&] { return morula_cuda_transpose_samples(bench.context(), out, inp, &turn); });
}

}  // namespace

void layer_cases(Bench& bench) {
    const std::vector<Shape> shapes =
        bench.is_tiny() ? std::vector<Shape>{{7, 9}}
                        : std::vector<Shape>{{128 * 32 * 32, 16}, {128 * 32 * 32, 64}, {128, 512}, {128, 65536}};
    for (const Shape& shape : shapes) {
        bench.group("batch norm", [&] { batch_norm_cases(bench, shape); });
        bench.group("pointwise", [&] { pointwise_cases(bench, shape); });
    }
    bench.group("local response", [&] { local_response_cases(bench); });
    bench.group("movement", [&] { movement_cases(bench); });
}

}  // namespace morula_bench
