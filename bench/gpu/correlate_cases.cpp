// activations, standardise and correlate by all samples, N = 10,000. What takes a layer takes it from host memory: its
// values cross the link once, which is what binds then.
#include <cmath>

#include "bench.h"

namespace morula_bench {
namespace {

constexpr int64_t number_bytes = 4;  // of a float32

// A layer in host memory, neuron-major, of random numbers that repeat, with moments that standardise them.
struct HostLayer {
    HostLayer(int64_t neurons, int64_t samples)
        : values(static_cast<size_t>(neurons * samples)),
          moments(static_cast<size_t>(neurons),
                  {0, 0, 0.5, 2 / std::sqrt(static_cast<double>(samples) / 3), 0, 0, MORULA_NEURON_VARYING, -1}),
          view{values.data(), moments.data(), MORULA_F32, neurons, samples, MORULA_NEURON_MAJOR} {
        const std::vector<float> some = random_numbers(1 << 18 | 1, 2);  // an odd number: no two rows are equal
        for (size_t i = 0; i < values.size(); i++) values[i] = some[i % some.size()];
    }
    HostLayer(const HostLayer&) = delete;
    HostLayer& operator=(const HostLayer&) = delete;
    double size() const { return static_cast<double>(view.neurons * view.samples); }

    std::vector<float> values;
    std::vector<morula_moments> moments;
    morula_layer view;
};

std::vector<int32_t> first_neurons(int64_t count) {
    std::vector<int32_t> list;
    for (int64_t i = 0; i < count; i++) list.push_back(static_cast<int32_t>(i));
    return list;
}

void transpose_case(Bench& bench) {
    const int64_t rows = bench.size(10000, 33), columns = bench.size(32768, 40);
    const double size = static_cast<double>(rows * columns);
    const Array<float> inp(bench, rows * columns), out(bench, rows * columns);
    const morula_transposition block{rows, columns, columns, rows, number_bytes};
    bench.measure("morula_cuda_transpose", product_of({rows, columns}), {0, Arithmetic::plain, 2 * number_bytes * size},
                  [&] { return morula_cuda_transpose(bench.context(), out, inp, &block); });
}

void moments_case(Bench& bench, HostLayer& layer) {
    const double size = layer.size();
    bench.measure("morula_cuda_moments_of", product_of({layer.view.neurons, layer.view.samples}),
                  {13 * size, Arithmetic::plain, 3 * number_bytes * size, number_bytes * size}, [&] {
                      return morula_cuda_moments_of(bench.context(), layer.moments.data(), layer.values.data(),
                                                    MORULA_F32, layer.view.neurons, layer.view.samples, MORULA_PEARSON);
                  });
}

void standardise_case(Bench& bench, const HostLayer& layer) {
    const int64_t count = layer.view.neurons, samples = MORULA_PIECE * bench.size(10, 1);
    const double size = static_cast<double>(count * samples);
    const std::vector<int32_t> slots = first_neurons(count);
    const morula_neurons neurons{slots.data(), 0, count};
    const Array<float> rows(bench, count * samples);
    bench.measure("morula_cuda_standardise_piece", product_of({count, samples}),
                  {4 * size, Arithmetic::plain, 2 * number_bytes * size, number_bytes * size}, [&] {
                      return morula_cuda_standardise_piece(bench.context(), rows, &layer.view, &neurons, 0, samples);
                  });
}

// A panel, and a tile of it with itself as if the two lay apart, in which no pair passes.
void panel_cases(Bench& bench, const HostLayer& layer) {
    const int64_t rows = layer.view.neurons, samples = layer.view.samples;
    const double size = layer.size(), pairs = static_cast<double>(rows) * static_cast<double>(rows);
    const Array<char> panel(bench, morula_cuda_packed_bytes(bench.context(), MORULA_LEFT, rows, samples));
    const Array<char> workspace(bench, morula_cuda_tile_workspace_bytes(bench.context()));
    const std::vector<int32_t> neurons = first_neurons(rows);
    double error = 0;
    const auto pack = [&] {
        return morula_cuda_pack(bench.context(), panel, &error, &layer.view, neurons.data(), rows, MORULA_LEFT);
    };
    require(pack());
    bench.measure("morula_cuda_pack", product_of({rows, samples}),
                  {6 * size, Arithmetic::plain, (number_bytes + 2) * size, number_bytes * size}, pack);
    const morula_tile tile{panel, nullptr, panel, 0, rows, rows, rows, samples, MORULA_SIGNED, nullptr};
    std::vector<int64_t> found(1);
    int64_t count = 0;
    bench.measure("morula_cuda_correlate_tile", product_of({rows, rows, samples}),
                  {2 * pairs * static_cast<double>(samples), Arithmetic::bfloat16, 4 * size}, [&] {
                      return morula_cuda_correlate_tile(bench.context(), found.data(), &count, workspace, &tile, 2, 1);
                  });
}

// Pairs of few neurons, as near to each other as those of a list that tiles wrote.
void decide_case(Bench& bench, const HostLayer& layer) {
    const int64_t rows = bench.size(209, 5), wanted = bench.size(10000, 7);
    std::vector<int64_t> listed;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = i + 1; j < rows && static_cast<int64_t>(listed.size()) < wanted; j++) {
            listed.push_back(i << 32 | j);
        }
    }
    std::vector<int64_t> pairs = listed, open(listed.size());
    std::vector<float> values(listed.size());
    const std::vector<int32_t> neurons = first_neurons(rows);
    const morula_selection selection{neurons.data(), 0.9, MORULA_SIGNED};
    const double count = static_cast<double>(listed.size()), samples = static_cast<double>(layer.view.samples);
    bench.measure("morula_cuda_decide",
                  product_of({static_cast<int64_t>(count)}) + " pairs of " + product_of({rows, layer.view.samples}),
                  {2 * count * samples, Arithmetic::plain, 16 * count * samples,
                   number_bytes * static_cast<double>(rows) * samples},
                  [&] {
                      pairs = listed;  // the call leaves the edges alone
                      int64_t counts[2] = {static_cast<int64_t>(listed.size()), 0};
                      return morula_cuda_decide(bench.context(), pairs.data(), values.data(), open.data(), counts,
                                                &layer.view, &selection);
                  });
}

}  // namespace

void correlate_cases(Bench& bench) {
    bench.group("transpose", [&] { transpose_case(bench); });
    HostLayer layer(bench.size(4096, 130), bench.size(10000, 700));
    bench.group("moments", [&] { moments_case(bench, layer); });
    bench.group("standardise", [&] { standardise_case(bench, layer); });
    bench.group("panels", [&] { panel_cases(bench, layer); });
    bench.group("decide", [&] { decide_case(bench, layer); });
}

}  // namespace morula_bench
