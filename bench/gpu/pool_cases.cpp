// Pooling, of windows that do not overlap, and losses.
#include "bench.h"

namespace morula_bench {
namespace {

void pool_case(Bench& bench, int64_t samples, int64_t size, int64_t channels, int64_t window) {
    morula_cuda_context* const context = bench.context();
    const morula_pool shape{channels, size, size, window, window, window, 0, 0, samples};
    const int64_t numbers = samples * size * size * channels, windows = numbers / (window * window);
    const Array<float> inp(bench, numbers), dinp(bench, numbers), out(bench, windows), dout(bench, windows);
    const std::string sizes = product_of({samples, size, size, channels}) + ", windows of " + std::to_string(window);
    const double once = 4 * static_cast<double>(numbers + windows);
    bench.measure("morula_cuda_max_pool", sizes, {0, Arithmetic::plain, once},
                  [&] { return morula_cuda_max_pool(context, out, inp, &shape); });
    bench.measure("morula_cuda_max_pool_backward", sizes, {0, Arithmetic::plain, 2 * once},
                  [&] { return morula_cuda_max_pool_backward(context, dinp, dout, inp, out, &shape); });
    bench.measure("morula_cuda_average_pool", sizes, {0, Arithmetic::plain, once},
                  [&] { return morula_cuda_average_pool(context, out, inp, &shape); });
    bench.measure("morula_cuda_average_pool_backward", sizes, {0, Arithmetic::plain, once},
                  [&] { return morula_cuda_average_pool_backward(context, dinp, dout, &shape); });
}

void loss_case(Bench& bench, int64_t batch, int64_t outputs) {
    morula_cuda_context* const context = bench.context();
    const Array<float> out(bench, batch * outputs), dout(bench, batch * outputs), losses(bench, batch);
    const Array<int32_t> labels(bench, random_indices(batch, outputs, 6)), predicted(bench, batch);
    const morula_loss shape{batch, outputs, 0, batch};
    const std::string sizes = product_of({batch, outputs});
    const double size = static_cast<double>(batch * outputs);
    const Work work{50 * size, Arithmetic::plain, 8 * size};
    bench.measure("morula_cuda_softmax_cross_entropy", sizes, work, [&] {
        return morula_cuda_softmax_cross_entropy(context, dout, losses, predicted, out, labels, &shape, 0);
    });
    bench.measure("morula_cuda_mean_squared_error", sizes, work, [&] {
        return morula_cuda_mean_squared_error(context, dout, losses, predicted, out, labels, &shape);
    });
    bench.measure("morula_cuda_square_hinge", sizes, work,
                  [&] { return morula_cuda_square_hinge(context, dout, losses, predicted, out, labels, &shape); });
}

}  // namespace

void pool_cases(Bench& bench) {
    const int64_t samples = bench.size(128, 2), size = bench.size(32, 4), channels = bench.size(64, 5);
    bench.group("pool", [&] { pool_case(bench, samples, size, channels, 2); });
    bench.group("pool", [&] { pool_case(bench, samples, bench.size(8, 3), channels, bench.size(8, 3)); });
    bench.group("loss", [&] { loss_case(bench, samples, 10); });
    bench.group("loss", [&] { loss_case(bench, bench.size(1024, 3), bench.size(1000, 40)); });
}

}  // namespace morula_bench
