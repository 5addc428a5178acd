// correlate by a screen: rows of few numbers, their tiles, and the candidates they leave.
#include <algorithm>
#include <numeric>

#include "bench.h"

namespace morula_bench {
namespace {

constexpr double number_bytes = 4;  // of a float32

// Some of a layer's neurons projected, as many together as a stage hands over; the layer comes over the link.
void project_case(Bench& bench) {
    const int64_t neurons = bench.size(512, 20), samples = bench.size(10000, 300), rank = bench.size(61, 5);
    const std::vector<float> values = random_numbers(neurons * samples, 6);
    const std::vector<morula_moments> moments(static_cast<size_t>(neurons),
                                              morula_moments{0, 0, 1, 0.01, 0, 0, MORULA_NEURON_VARYING, -1});
    std::vector<int32_t> slots(static_cast<size_t>(neurons));
    std::iota(slots.begin(), slots.end(), 0);
    const int64_t padded = (samples + MORULA_PIECE - 1) / MORULA_PIECE * MORULA_PIECE;
    const Array<float> directions(bench, rank * padded), projections(bench, neurons * rank);
    const morula_neurons all{slots.data(), 0, neurons};
    const morula_basis basis{directions, rank, rank, 0};
    const double size = static_cast<double>(neurons * samples);
    for (const int64_t order : {MORULA_NEURON_MAJOR, MORULA_SAMPLE_MAJOR}) {
        const morula_layer layer{values.data(), moments.data(), MORULA_F32, neurons, samples, order};
        bench.measure(
            "morula_cuda_project",
            product_of({neurons, samples, rank}) + (order == MORULA_NEURON_MAJOR ? ", neuron-major" : ", sample-major"),
            {2 * size * static_cast<double>(rank), Arithmetic::float32, 12 * size, number_bytes * size},
            [&] { return morula_cuda_project(bench.context(), projections, &layer, &all, &basis, neurons); });
    }
}

// Rows of the screen from projections, packed, and a tile of them in which no pair passes.
void tile_cases(Bench& bench) {
    const int64_t count = bench.size(4096, 20), rank = 61, columns = rank + 3;
    const double size = static_cast<double>(count * columns);
    std::vector<float> projections = random_numbers(count * rank, 3), rows(static_cast<size_t>(count * columns));
    for (float& projection : projections) projection *= 0.1f;  // rows of a norm below 1
    const morula_screen screen{rank, rank, 0, 0, 0};
    double largest = 0;
    const auto make = [&] {
        return morula_cuda_screen_rows(bench.context(), rows.data(), &largest, projections.data(), &screen, count,
                                       MORULA_LEFT);
    };
    require(make());
    bench.measure("morula_cuda_screen_rows", product_of({count, columns}) + ", by the host", {}, make);
    const Array<char> panel(bench, morula_cuda_packed_bytes(bench.context(), MORULA_LEFT, count, columns));
    const Array<char> workspace(bench, morula_cuda_tile_workspace_bytes(bench.context()));
    const auto pack = [&] {
        return morula_cuda_pack_rows(bench.context(), panel, rows.data(), count, columns, MORULA_LEFT);
    };
    require(pack());
    bench.measure("morula_cuda_pack_rows", product_of({count, columns}),
                  {6 * size, Arithmetic::plain, (number_bytes + 2) * size, number_bytes * size}, pack);
    const morula_tile tile{panel, nullptr, panel, 0, count, count, count, columns, MORULA_SIGNED, nullptr};
    std::vector<int64_t> found(1);
    int64_t passed = 0;
    bench.measure(
        "morula_cuda_correlate_tile", product_of({count, count, columns}),
        {2 * size * static_cast<double>(count), Arithmetic::bfloat16, 4 * size},
        [&] { return morula_cuda_correlate_tile(bench.context(), found.data(), &passed, workspace, &tile, 1e6, 1); });
}

// A million candidates over one piece. `near`: the right neurons of a left one lie within so many of it, as in lists
// that tiles write, or anywhere. Bytes are those without any cache.
void refine_case(Bench& bench, int64_t near) {
    const int64_t positions = bench.size(32768, 40), samples = MORULA_PIECE * bench.size(10, 1);
    const int64_t count = bench.size(1000000, 50);
    const std::vector<int32_t> left = random_indices(count, positions, 4), right = random_indices(count, near, 5);
    std::vector<int64_t> pairs;
    for (size_t p = 0; p < left.size(); p++) {
        pairs.push_back(int64_t{left[p]} << 32 | (left[p] + 1 + right[p]) % positions);
    }
    std::sort(pairs.begin(), pairs.end());
    const Array<int64_t> list(bench, pairs);
    const Array<double> sums(bench, std::vector<double>(pairs.size(), 0));
    const Array<float> rows(bench, positions * samples);
    const double terms = static_cast<double>(count * samples), listed = 24 * static_cast<double>(count);
    bench.measure("morula_cuda_refine",
                  product_of({count}) + " pairs of " + product_of({positions, samples}) + ", " + product_of({near}) +
                      " apart at most",
                  {2 * terms, Arithmetic::plain, 2 * number_bytes * terms + listed},
                  [&] { return morula_cuda_refine(bench.context(), sums, list, count, rows, samples); });
}

}  // namespace

void screen_cases(Bench& bench) {
    bench.group("projections", [&] { project_case(bench); });
    bench.group("screen tiles", [&] { tile_cases(bench); });
    for (const int64_t near : {bench.size(512, 5), bench.size(32767, 39)}) {
        bench.group("refine", [&] { refine_case(bench, near); });
    }
}

}  // namespace morula_bench
