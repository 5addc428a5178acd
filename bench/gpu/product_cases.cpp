// Linear layers and plain products. Flops are those of three products in tf32, by which Morula's own kernels make one
// in nearly float32: what counts as arithmetic of the definition is a third of it.
#include "bench.h"

namespace morula_bench {
namespace {

double product(int64_t a, int64_t b) { return static_cast<double>(a) * static_cast<double>(b); }

// A product of rows x inner and inner x columns.
Work product_work(int64_t rows, int64_t columns, int64_t inner) {
    return {6 * product(rows, columns) * static_cast<double>(inner), Arithmetic::tf32,
            4 * (product(rows, inner) + product(columns, inner) + product(rows, columns))};
}

void linear_case(Bench& bench, int64_t batch, int64_t inputs, int64_t outputs) {
    const Array<float> inp(bench, batch * inputs), weight(bench, outputs * inputs), bias(bench, outputs);
    const Array<float> out(bench, batch * outputs);
    const std::string sizes = product_of({batch, inputs, outputs});
    const Work work = product_work(batch, outputs, inputs);
    const morula_linear forward{batch, inputs, outputs, {0, batch, 0, outputs}};
    const morula_linear to_weight{batch, inputs, outputs, {0, outputs, 0, inputs}};
    const morula_linear to_input{batch, inputs, outputs, {0, batch, 0, inputs}};
    bench.measure("morula_cuda_linear_forward", sizes, work, [&] {
        return morula_cuda_linear_forward(bench.context(), out, inp, weight, bias, &forward, MORULA_RELU);
    });
    const Array<float> dweight(bench, outputs * inputs), dbias(bench, outputs), dinp(bench, batch * inputs);
    const Array<float> dout(bench, batch * outputs);
    bench.measure("morula_cuda_linear_backward_weight", sizes, work, [&] {
        return morula_cuda_linear_backward_weight(bench.context(), dweight, dbias, dout, inp, &to_weight);
    });
    bench.measure("morula_cuda_linear_backward_input", sizes, work, [&] {
        return morula_cuda_linear_backward_input(bench.context(), dinp, dout, weight, inp, &to_input, MORULA_RELU);
    });
}

void product_case(Bench& bench, int64_t rows, int64_t columns, int64_t inner) {
    const Array<float> left(bench, rows * inner), right(bench, columns * inner), out(bench, rows * columns);
    bench.measure("morula_cuda_product", product_of({rows, columns, inner}), product_work(rows, columns, inner),
                  [&] { return morula_cuda_product(bench.context(), out, left, right, rows, columns, inner); });
}

}  // namespace

// The layers of 784-256-256-8192-10 and 784-256-256-65536-10.
void product_cases(Bench& bench) {
    struct Layer {
        int64_t inputs, outputs;
    };
    const std::vector<Layer> layers =
        bench.is_tiny() ? std::vector<Layer>{{33, 21}} : std::vector<Layer>{{784, 256}, {256, 256},   {256, 8192},
                                                                            {8192, 10}, {256, 65536}, {65536, 10}};
    for (const int64_t batch : {bench.size(128, 5), bench.size(1024, 6)}) {
        if (batch == 1024 && !bench.is_whole()) break;
        for (const Layer& layer : layers) {
            bench.group("linear", [&] { linear_case(bench, batch, layer.inputs, layer.outputs); });
        }
    }
    bench.group("product", [&] { product_case(bench, bench.size(4096, 9), bench.size(4096, 7), bench.size(4096, 5)); });
    bench.group("product", [&] { product_case(bench, bench.size(1024, 3), bench.size(1024, 5), bench.size(9984, 9)); });
}

}  // namespace morula_bench
