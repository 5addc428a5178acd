// Linear layers and plain products, by Morula's own kernels or, where the context has it, with cuBLAS for large ones.
// Our own make a product in nearly float32 of three in tf32, and all three count as flops: a third of the rate is what
// may be held against cuBLAS' in float32, whose flops are those of the definition.
#include "bench.h"

namespace morula_bench {
namespace {

double product(int64_t a, int64_t b) { return static_cast<double>(a) * static_cast<double>(b); }

// A product of rows x inner and inner x columns.
Work product_work(const Bench& bench, int64_t rows, int64_t columns, int64_t inner) {
    const double once = 2 * product(rows, columns) * static_cast<double>(inner);
    const double bytes = 4 * (product(rows, inner) + product(columns, inner) + product(rows, columns));
    if (uses_blas(bench.context())) return {once, Arithmetic::float32, bytes};
    return {3 * once, Arithmetic::tf32, bytes};
}

std::string sizes_text(const Bench& bench, const std::vector<int64_t>& sizes) {
    return product_of(sizes) + (uses_blas(bench.context()) ? ", with cuBLAS" : ", by Morula alone");
}

void linear_case(Bench& bench, int64_t batch, int64_t inputs, int64_t outputs) {
    const Array<float> inp(bench, batch * inputs), weight(bench, outputs * inputs), bias(bench, outputs);
    const Array<float> out(bench, batch * outputs);
    const std::string sizes = sizes_text(bench, {batch, inputs, outputs});
    const Work work = product_work(bench, batch, outputs, inputs);
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
    bench.measure("morula_cuda_product", sizes_text(bench, {rows, columns, inner}),
                  product_work(bench, rows, columns, inner),
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
