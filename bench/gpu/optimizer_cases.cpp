// The optimisers' steps on all parameters of a network.
#include "bench.h"

namespace morula_bench {
namespace {

constexpr double sgd_bytes = 20, sgd_flops = 6, adam_bytes = 28, adam_flops = 12;  // a number
constexpr morula_sgd sgd{1e-4, 0.9, 5e-4};
constexpr morula_adam adam{1e-4, 0.9, 0.999, 1e-8, 0, 0.01, 0.5, 0.5};

Work work_of(int64_t numbers, double bytes, double flops) {
    const double size = static_cast<double>(numbers);
    return {flops * size, Arithmetic::plain, bytes * size};
}

// Squares are taken for Adam's, so that no root is of a negative number.
Array<float> ones(const Bench& bench, int64_t count) {
    return Array<float>(bench, std::vector<float>(static_cast<size_t>(count), 1));
}

// Parameters of these sizes, one after the other in a few arrays, each aligned to 16 bytes.
void network_case(Bench& bench, const char* name, const std::vector<int64_t>& sizes) {
    int64_t all = 0, numbers = 0;
    for (const int64_t size : sizes) all += (size + 3) / 4 * 4;
    const Array<float> parameter(bench, all), first(bench, all), second = ones(bench, all), gradient(bench, all);
    std::vector<morula_cuda_parameter> momentum, moments;
    int64_t at = 0;
    for (const int64_t size : sizes) {
        momentum.push_back({parameter + at, first + at, nullptr, gradient + at, size});
        moments.push_back({parameter + at, first + at, second + at, gradient + at, size});
        at += (size + 3) / 4 * 4;
        numbers += size;
    }
    const int64_t count = static_cast<int64_t>(sizes.size());
    const std::string text =
        std::string(name) + ", " + product_of({count}) + " parameters, " + product_of({numbers}) + " numbers";
    bench.measure("morula_cuda_sgd_steps", text, work_of(numbers, sgd_bytes, sgd_flops), [&] {
        return morula_cuda_sgd_steps(bench.context(), momentum.data(), count, &sgd, MORULA_MOMENTUM);
    });
    bench.measure("morula_cuda_adam_steps", text, work_of(numbers, adam_bytes, adam_flops),
                  [&] { return morula_cuda_adam_steps(bench.context(), moments.data(), count, &adam); });
}

// Weights of ResNet-20 with ten outputs, and its batch norms' scales and shifts.
std::vector<int64_t> resnet20() {
    std::vector<int64_t> sizes = {9 * 3 * 16, 16, 16};
    for (const int64_t width : {16, 32, 64}) {
        for (int64_t layer = 0; layer < 6; layer++) {
            const int64_t inputs = layer == 0 && width > 16 ? width / 2 : width;
            sizes.insert(sizes.end(), {9 * inputs * width, width, width});
            if (inputs != width) sizes.insert(sizes.end(), {inputs * width, width, width});
        }
    }
    sizes.insert(sizes.end(), {640, 10});
    return sizes;
}

}  // namespace

void optimizer_cases(Bench& bench) {
    if (bench.is_tiny()) {
        bench.group("optimizer", [&] { network_case(bench, "tiny", {5, 12, 3}); });
        return;
    }
    bench.group("optimizer", [&] { network_case(bench, "one matrix", {8192 * 256}); });
    bench.group("optimizer", [&] { network_case(bench, "one matrix", {65536 * 256}); });
    bench.group("optimizer", [&] { network_case(bench, "ResNet-20", resnet20()); });
    for (const int64_t width : {8192, 65536}) {
        bench.group("optimizer", [&] {
            network_case(bench, "MLP", {784 * 256, 256, 256 * 256, 256, 256 * width, width, width * 10, 10});
        });
    }
}

}  // namespace morula_bench
