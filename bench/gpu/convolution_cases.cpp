// The convolutions of ResNet-20 on 32 x 32 images, and adding up parts of a gradient.
#include <algorithm>

#include "bench.h"

namespace morula_bench {
namespace {

struct Layer {
    int64_t inputs, outputs, size, kernel, stride;
};

void convolution_case(Bench& bench, int64_t batch, const Layer& layer) {
    const int64_t padding = layer.kernel / 2, out_size = (layer.size + 2 * padding - layer.kernel) / layer.stride + 1;
    const int64_t taps = layer.kernel * layer.kernel, positions = batch * layer.size * layer.size;
    const int64_t out_positions = batch * out_size * out_size, weights = taps * layer.inputs * layer.outputs;
    const int64_t inp_size = positions * layer.inputs, out_numbers = out_positions * layer.outputs;
    const auto shape = [&](const morula_block& block) {
        return morula_convolution{batch,        layer.size,   layer.size, layer.inputs, layer.outputs,
                                  layer.kernel, layer.stride, padding,    block};
    };
    const auto work = [&](int64_t places) {
        return Work{6 * static_cast<double>(places * weights), Arithmetic::tf32,
                    4 * static_cast<double>(inp_size + out_numbers + weights)};
    };
    const morula_convolution forward = shape({0, batch, 0, layer.outputs});
    const morula_convolution to_weight = shape({0, batch, 0, taps * layer.inputs});
    const morula_convolution to_input = shape({0, batch, 0, layer.inputs});
    const Array<float> inp(bench, inp_size), out(bench, out_numbers), weight(bench, weights);
    const Array<float> bias(bench, layer.outputs), dinp(bench, inp_size), dweight(bench, weights);
    const Array<float> workspace(
        bench, std::max({morula_cuda_convolution_workspace(&forward, MORULA_CONVOLUTION_FORWARD),
                         morula_cuda_convolution_workspace(&to_weight, MORULA_CONVOLUTION_BACKWARD_WEIGHT),
                         morula_cuda_convolution_workspace(&to_input, MORULA_CONVOLUTION_BACKWARD_INPUT)}));
    const std::string sizes = product_of({batch, layer.size, layer.size}) + ", " + std::to_string(layer.inputs) +
                              " to " + std::to_string(layer.outputs) + " channels, kernel " +
                              std::to_string(layer.kernel) + ", stride " + std::to_string(layer.stride);
    bench.measure("morula_cuda_convolution_forward", sizes, work(out_positions), [&] {
        return morula_cuda_convolution_forward(bench.context(), out, inp, weight, bias, workspace, &forward,
                                               MORULA_IDENTITY);
    });
    bench.measure("morula_cuda_convolution_backward_weight", sizes, work(out_positions), [&] {
        return morula_cuda_convolution_backward_weight(bench.context(), dweight, nullptr, out, inp, workspace,
                                                       &to_weight);
    });
    bench.measure("morula_cuda_convolution_backward_input", sizes, work(positions), [&] {
        return morula_cuda_convolution_backward_input(bench.context(), dinp, out, weight, workspace, &to_input);
    });
}

void add_parts_case(Bench& bench) {
    const int64_t parts = 8, size = bench.size(1 << 21, 50);
    const Array<float> sums(bench, parts * size);
    bench.measure(
        "morula_cuda_add_parts", product_of({parts, size}),
        {static_cast<double>((parts - 1) * size), Arithmetic::plain, 4 * static_cast<double>((parts + 1) * size)},
        [&] { return morula_cuda_add_parts(bench.context(), sums, parts, size, 0, size); });
}

}  // namespace

void convolution_cases(Bench& bench) {
    const std::vector<Layer> layers =
        bench.is_tiny()
            ? std::vector<Layer>{{3, 5, 6, 3, 2}}
            : std::vector<Layer>{{3, 16, 32, 3, 1},  {16, 16, 32, 3, 1}, {16, 32, 32, 3, 2}, {16, 32, 32, 1, 2},
                                 {32, 32, 16, 3, 1}, {32, 64, 16, 3, 2}, {64, 64, 8, 3, 1},  {64, 64, 32, 3, 1}};
    for (const int64_t batch : {bench.size(128, 2), bench.size(1024, 3)}) {
        if (batch == 1024 && !bench.is_whole()) break;
        for (const Layer& layer : layers) bench.group("convolution", [&] { convolution_case(bench, batch, layer); });
    }
    bench.group("add_parts", [&] { add_parts_case(bench); });
}

}  // namespace morula_bench
