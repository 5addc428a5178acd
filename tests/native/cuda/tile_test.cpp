// Tiles: which pairs pass. Rows of small integers have exact products, and so exactly one right list; those of a layer
// are compared with correlations in float64, within the bound.
#include <algorithm>

#include "layer.h"
#include "morula_cuda_correlate.h"

using namespace morula_tests;

namespace {

// Rows of integers from -3 to 3.
std::vector<float> integer_rows(int64_t rows, int64_t columns, unsigned seed) {
    std::vector<float> values = normal_numbers(rows * columns, seed);
    for (float& value : values) value = std::rint(std::fmax(-3.0f, std::fmin(3.0f, 1.5f * value)));
    return values;
}

class Panel {
  public:
    Panel(morula_cuda_context* context, int64_t rows, int64_t samples)
        : memory_(context, morula_cuda_packed_bytes(context, MORULA_LEFT, rows, samples)) {}
    Panel(morula_cuda_context* context, const float* rows, int64_t count, int64_t columns)
        : Panel(context, count, columns) {
        CHECK(morula_cuda_pack_rows(context, memory_, rows, count, columns, MORULA_LEFT) == MORULA_OK);
    }
    unsigned char* memory() { return memory_; }

  private:
    DeviceBuffer<unsigned char> memory_;
};

struct Case {
    int64_t left_position, left_rows, right_position, right_rows, columns;
};

// Rows for all positions of a case, the negated ones independent of the others.
struct Rows {
    explicit Rows(const Case& c)
        : columns(c.columns),
          positions(std::max(c.left_position + c.left_rows, c.right_position + c.right_rows)),
          values(integer_rows(positions, columns, 1)),
          negated(integer_rows(positions, columns, 2)) {}

    static double product(const float* a, const float* b, int64_t count) {
        double sum = 0;
        for (int64_t k = 0; k < count; k++) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        return sum;
    }
    double product(const std::vector<float>& left, int64_t i, int64_t j) const {
        return product(left.data() + i * columns, values.data() + j * columns, columns);
    }

    int64_t columns, positions;
    std::vector<float> values, negated;
};

std::vector<int64_t> expected_pairs(const Rows& rows, const morula_tile& tile, double cut) {
    std::vector<int64_t> pairs;
    for (int64_t i = tile.left_position; i < tile.left_position + tile.left_rows; i++) {
        for (int64_t j = std::max(i + 1, tile.right_position); j < tile.right_position + tile.right_rows; j++) {
            const double threshold = tile.thresholds == nullptr ? 0 : std::min(tile.thresholds[i], tile.thresholds[j]);
            const auto passes = [&](const std::vector<float>& left) {
                const double product = rows.product(left, i, j);
                return (tile.sign == MORULA_ABSOLUTE ? std::fabs(product) : product) >= threshold + cut;
            };
            if (passes(rows.values) || (tile.negated != nullptr && passes(rows.negated))) pairs.push_back(i << 32 | j);
        }
    }
    return pairs;
}

// The list of a tile, sorted; the device's memory is exactly as large as it has to be.
std::vector<int64_t> pairs_of(morula_cuda_context* context, const morula_tile& tile, double cut, int64_t capacity) {
    DeviceBuffer<unsigned char> workspace(context, morula_cuda_tile_workspace_bytes(context));
    std::vector<int64_t> pairs(static_cast<size_t>(capacity));
    int64_t count = -1;
    CHECK(morula_cuda_correlate_tile(context, pairs.data(), &count, workspace, &tile, cut, capacity) == MORULA_OK);
    pairs.resize(static_cast<size_t>(count));
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

void test_tile(morula_cuda_context* context, const Case& c) {
    const Rows rows(c);
    Panel left(context, rows.values.data() + c.left_position * c.columns, c.left_rows, c.columns);
    Panel negated(context, rows.negated.data() + c.left_position * c.columns, c.left_rows, c.columns);
    Panel right(context, rows.values.data() + c.right_position * c.columns, c.right_rows, c.columns);
    std::vector<double> thresholds;
    for (int64_t k = 0; k < rows.positions; k++) thresholds.push_back(static_cast<double>(k % 7) * 4);
    const double cut = std::rint(std::sqrt(static_cast<double>(c.columns)));  // about a third passes; many are ties
    for (const int64_t sign : {MORULA_SIGNED, MORULA_ABSOLUTE}) {
        for (const int variant : {0, 1, 2}) {
            const morula_tile tile{left.memory(),  variant == 1 ? negated.memory() : nullptr,
                                   right.memory(), c.left_position,
                                   c.left_rows,    c.right_position,
                                   c.right_rows,   c.columns,
                                   sign,           variant == 2 ? thresholds.data() : nullptr};
            const std::vector<int64_t> expected = expected_pairs(rows, tile, cut);
            const int64_t capacity = static_cast<int64_t>(expected.size());
            CHECK(pairs_of(context, tile, cut, capacity) == expected);
            if (capacity == 0) continue;
            DeviceBuffer<unsigned char> workspace(context, morula_cuda_tile_workspace_bytes(context));
            std::vector<int64_t> few(static_cast<size_t>(capacity - 1), -1);
            int64_t count = -1;
            CHECK(morula_cuda_correlate_tile(context, few.data(), &count, workspace, &tile, cut, capacity - 1) ==
                  MORULA_OVERFLOW);
            CHECK(count == 0 && few == std::vector<int64_t>(few.size(), -1));
        }
    }
}

}  // namespace

CUDA_TEST(tiles_of_exact_products) {
    for (const Case& c : {Case{0, 1, 1, 1, 2}, Case{0, 2, 1, 5, 3}, Case{3, 31, 20, 33, 70}, Case{0, 129, 64, 67, 33},
                          Case{100, 40, 0, 60, 35}, Case{0, 130, 130, 257, 19}}) {
        test_tile(context, c);
    }
}

CUDA_TEST(tiles_of_long_rows) {  // one chain exactly, a sample more, and several
    for (const int64_t columns : {512, 513, 1601}) test_tile(context, {0, 37, 20, 45, columns});
}

CUDA_TEST(tiles_at_large_positions) {
    const Case c{(int64_t{1} << 30) + 5, 10, (int64_t{1} << 30) + 9, 12, 6};
    const std::vector<float> rows = integer_rows(30, c.columns, 3);
    Panel left(context, rows.data(), c.left_rows, c.columns), right(context, rows.data(), c.right_rows, c.columns);
    const morula_tile tile{left.memory(),    nullptr,      right.memory(), c.left_position, c.left_rows,
                           c.right_position, c.right_rows, c.columns,      MORULA_SIGNED,   nullptr};
    std::vector<int64_t> expected;
    for (int64_t i = 0; i < c.left_rows; i++) {
        for (int64_t j = 0; j < c.right_rows; j++) {
            const int64_t first = c.left_position + i, second = c.right_position + j;
            if (second > first) expected.push_back(first << 32 | second);
        }
    }
    CHECK(pairs_of(context, tile, -1000, 120) == expected);
}

// In one chain every sample of 1 after the first 512 would be lost: 2^24 + 1 rounds to 2^24.
CUDA_TEST(chains_end_at_512_samples) {
    const int64_t columns = 1024;
    std::vector<float> left(1024, 1), right(1024, 1);
    std::fill(left.begin(), left.begin() + 512, 256.0f);
    std::fill(right.begin(), right.begin() + 512, 128.0f);
    Panel left_panel(context, left.data(), 1, columns), right_panel(context, right.data(), 1, columns);
    const morula_tile tile{left_panel.memory(), nullptr, right_panel.memory(), 0, 1, 1, 1, columns,
                           MORULA_SIGNED,       nullptr};
    CHECK(pairs_of(context, tile, 0x1p24 + 512, 1) == std::vector<int64_t>{1});
}

// Tiles with more pairs than the workspace has room for are split, across either side; no pair is lost or doubled.
CUDA_TEST(tiles_beyond_the_workspace) {
    for (const auto& [left, right] : {std::pair<int64_t, int64_t>{1056, 1040}, {700, 1600}, {1600, 700}}) {
        const std::vector<float> ones(static_cast<size_t>(std::max(left, right)), 1), others(ones.size(), -1);
        Panel left_panel(context, ones.data(), left, 1), negated(context, others.data(), left, 1);
        Panel right_panel(context, ones.data(), right, 1);
        const morula_tile tile{left_panel.memory(), negated.memory(), right_panel.memory(), 0, left, left, right, 1,
                               MORULA_SIGNED,       nullptr};
        std::vector<int64_t> expected;
        for (int64_t i = 0; i < left; i++) {
            for (int64_t j = left; j < left + right; j++) expected.push_back(i << 32 | j);
        }
        CHECK(pairs_of(context, tile, 0.5, left * right) == expected);
        DeviceBuffer<unsigned char> workspace(context, morula_cuda_tile_workspace_bytes(context));
        std::vector<int64_t> few(static_cast<size_t>(left * right - 1));
        int64_t count = -1;
        CHECK(morula_cuda_correlate_tile(context, few.data(), &count, workspace, &tile, 0.5, left * right - 1) ==
              MORULA_OVERFLOW);
        CHECK(count == 0);
    }
}

// A part of a panel is a panel, as the header says: how a tile that overflows is split.
CUDA_TEST(tiles_split_at_rows) {
    const int64_t rows = 300, columns = 40;
    const std::vector<float> values = integer_rows(rows, columns, 4);
    Panel panel(context, values.data(), rows, columns);
    std::vector<int64_t> parts, whole;
    for (int64_t part = 0; part < rows; part += 128) {
        const unsigned char* begin = panel.memory() + morula_cuda_packed_bytes(context, MORULA_RIGHT, part, columns);
        const morula_tile tile{
            panel.memory(), nullptr,       begin,  0, rows, part, std::min<int64_t>(128, rows - part),
            columns,        MORULA_SIGNED, nullptr};
        const std::vector<int64_t> found = pairs_of(context, tile, 12, rows * rows);
        parts.insert(parts.end(), found.begin(), found.end());
    }
    const morula_tile tile{panel.memory(), nullptr, panel.memory(), 0, rows, 0, rows, columns, MORULA_SIGNED, nullptr};
    whole = pairs_of(context, tile, 12, rows * rows);
    std::sort(parts.begin(), parts.end());
    CHECK(!whole.empty() && parts == whole);
}

// Correlations of a layer: what is clearly above the cut is listed, what is clearly below it is not.
CUDA_TEST(tiles_of_a_layer) {
    const Layer layer(150, 700, MORULA_F32, MORULA_NEURON_MAJOR, 5);
    const int64_t samples = 700, neurons = 150;
    std::vector<int32_t> list;
    for (int32_t i = 0; i < neurons; i++) list.push_back(neurons - 1 - i);
    Panel left(context, 70, samples), right(context, 100, samples);
    double left_error = 0, right_error = 0;
    CHECK(morula_cuda_pack(context, left.memory(), &left_error, layer.view(), list.data(), 70, MORULA_LEFT) ==
          MORULA_OK);
    CHECK(morula_cuda_pack(context, right.memory(), &right_error, layer.view(), list.data() + 50, 100, MORULA_RIGHT) ==
          MORULA_OK);
    const morula_tile tile{left.memory(), nullptr, right.memory(), 0, 70, 50, 100, samples, MORULA_SIGNED, nullptr};
    const double bound = morula_cuda_tile_bound(context, left_error, right_error, samples), cut = 0.25;
    CHECK(bound < 0.005);
    const std::vector<int64_t> found = pairs_of(context, tile, cut, 7000);
    int64_t certain = 0;
    for (int64_t i = 0; i < 70; i++) {
        for (int64_t j = 50; j < neurons; j++) {
            const double r = layer.correlation(list[static_cast<size_t>(i)], list[static_cast<size_t>(j)]);
            const bool listed = std::binary_search(found.begin(), found.end(), i << 32 | j);
            if (j > i && r >= cut + bound) certain++, CHECK(listed);
            if (j <= i || r < cut - bound) CHECK(!listed);
        }
    }
    CHECK(certain > 50 && std::adjacent_find(found.begin(), found.end()) == found.end());
}

CUDA_TEST(tiles_beyond_what_a_panel_holds) {
    const morula_tile tile{nullptr, nullptr, nullptr, 0, 4097, 0, 1, 10, MORULA_SIGNED, nullptr};
    int64_t count = -1;
    CHECK(morula_cuda_correlate_tile(context, nullptr, &count, nullptr, &tile, 0, 0) == MORULA_INVALID_ARGUMENT);
}
