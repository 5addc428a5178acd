#include "layer.h"

namespace morula_tests {
namespace {

class Panel {
  public:
    Panel(Context& context, const Layer& layer, int32_t* neurons, int64_t rows, int side)
        : packed_(morula_packed_bytes(context, side, rows, layer.view()->samples), line) {
        CHECK(morula_pack(context, packed_, &error, layer.view(), neurons, rows, side) == MORULA_OK);
    }
    void* packed() { return packed_; }
    double error;

  private:
    Buffer<unsigned char> packed_;
};

// Pairs of a tile whose right position is above the left one.
int64_t pairs_of(const morula_tile& tile) {
    int64_t pairs = 0;
    for (int64_t i = tile.left_position; i < tile.left_position + tile.left_rows; i++) {
        for (int64_t j = tile.right_position; j < tile.right_position + tile.right_rows; j++) pairs += j > i;
    }
    return pairs;
}

void test_edges(const Layer& layer, const morula_tile& tile, double threshold, int64_t* pairs, const float* values,
                int64_t count) {
    int64_t expected = 0;
    for (int64_t i = tile.left_position; i < tile.left_position + tile.left_rows; i++) {
        for (int64_t j = tile.right_position; j < tile.right_position + tile.right_rows; j++) {
            const double r = layer.correlation(i, j);
            expected += j > i && (tile.sign == MORULA_ABSOLUTE ? std::fabs(r) : r) >= threshold;
        }
    }
    CHECK(count == expected);
    for (int64_t e = 0; e < count; e++) {
        CHECK_CLOSE(values[e], layer.correlation(pairs[e] >> 32, pairs[e] & 0x7fffffff), 1e-6);
    }
}

// All pairs into a list of exactly their number, then decided; and an overflow.
void test_tile(Context& context, const Layer& layer, morula_tile tile) {
    Buffer<int32_t> neurons(layer.view()->neurons);
    for (int64_t k = 0; k < neurons.count(); k++) neurons[k] = static_cast<int32_t>(k);
    Panel left(context, layer, neurons + tile.left_position, tile.left_rows, MORULA_LEFT);
    Panel right(context, layer, neurons + tile.right_position, tile.right_rows, MORULA_RIGHT);
    tile.left = left.packed();
    tile.right = right.packed();
    Buffer<unsigned char> workspace(morula_tile_workspace_bytes(context), line);
    const int64_t all = pairs_of(tile);
    Buffer<int64_t> pairs(all);
    Buffer<float> values(all);
    int64_t count, decided[2];
    CHECK(morula_correlate_tile(context, pairs, &count, workspace, &tile, -2, all) == MORULA_OK && count == all);
    const double threshold = 0.2500001;  // of sums of small integers: no tie
    const morula_selection selection{neurons, threshold, tile.sign};
    CHECK(morula_correlate_decide(context, pairs, values, &count, decided, layer.view(), &selection) == MORULA_OK);
    CHECK(decided[0] + decided[1] == all);
    test_edges(layer, tile, threshold, pairs, values, count);
    if (all == 0) return;
    Buffer<int64_t> too_few(all - 1);
    CHECK(morula_correlate_tile(context, too_few, &count, workspace, &tile, -2, all - 1) == MORULA_OVERFLOW);
}

// Thresholds beyond any correlation: a pair passes if one of its two lets everything pass.
void test_thresholds(Context& context, const Layer& layer, morula_tile tile) {
    const int64_t all = layer.view()->neurons;
    Buffer<int32_t> neurons(all);
    Buffer<double> thresholds(all);
    for (int64_t k = 0; k < all; k++) {
        neurons[k] = static_cast<int32_t>(k);
        thresholds[k] = k % 5 == 0 ? -INFINITY : 3;
    }
    Panel left(context, layer, neurons + tile.left_position, tile.left_rows, MORULA_LEFT);
    Panel right(context, layer, neurons + tile.right_position, tile.right_rows, MORULA_RIGHT);
    tile.left = left.packed();
    tile.right = right.packed();
    tile.thresholds = thresholds;
    Buffer<unsigned char> workspace(morula_tile_workspace_bytes(context), line);
    Buffer<int64_t> pairs(pairs_of(tile));
    int64_t count, expected = 0;
    for (int64_t i = tile.left_position; i < tile.left_position + tile.left_rows; i++) {
        for (int64_t j = tile.right_position; j < tile.right_position + tile.right_rows; j++) {
            expected += j > i && (i % 5 == 0 || j % 5 == 0);
        }
    }
    CHECK(morula_correlate_tile(context, pairs, &count, workspace, &tile, -0.5, pairs.count()) == MORULA_OK);
    CHECK(count == expected);
    for (int64_t p = 0; p < count; p++) CHECK((pairs[p] >> 32) % 5 == 0 || (pairs[p] & 0x7fffffff) % 5 == 0);
}

// The k strongest partners of each neuron, given all pairs, with room for one more.
void test_strongest(Context& context, const Layer& layer, int64_t k) {
    const int64_t neurons = layer.view()->neurons, capacity = k + 1;
    Buffer<morula_partner> partners(neurons * capacity);
    Buffer<int32_t> counts(neurons), indices(neurons * k);
    Buffer<float> least(neurons), values(neurons * k);
    Buffer<int64_t> pairs(neurons * (neurons - 1) / 2), starts(neurons);
    Buffer<float> correlations(pairs.count());
    int64_t count = 0;
    for (int64_t i = 0; i < neurons; i++) {
        counts[i] = 0;
        least[i] = -INFINITY;
        starts[i] = i * k;
        for (int64_t j = i + 1; j < neurons; j++, count++) {
            pairs[count] = i << 32 | j;
            correlations[count] = static_cast<float>(layer.correlation(i, j));
        }
    }
    const morula_strongest strongest{partners, counts, least, k, capacity, MORULA_SIGNED, 1e-7, 0, neurons};
    int64_t next = 0, full, compared[2] = {0, 0};
    while (next < count) {
        CHECK(morula_strongest_add(context, &strongest, &next, &full, pairs, correlations, count) == MORULA_OK);
        CHECK((full < 0) == (next == count));
        if (full < 0) break;
        CHECK(morula_strongest_decide(context, &strongest, compared, layer.view(), nullptr, 0, full) == MORULA_OK);
    }
    for (int64_t i = 0; i < neurons; i++) {
        CHECK(morula_strongest_decide(context, &strongest, compared, layer.view(), nullptr, 0, i) == MORULA_OK);
        CHECK(counts[i] == k);
    }
    CHECK(morula_strongest_collect(context, indices, values, starts, &strongest) == MORULA_OK);
    for (int64_t i = 0; i < neurons; i++) {
        double weakest = 2;
        for (int64_t p = i * k; p < (i + 1) * k; p++) {
            CHECK(p == i * k || indices[p - 1] < indices[p]);
            CHECK_CLOSE(values[p], layer.correlation(i, indices[p]), 1e-6);
            weakest = std::fmin(weakest, layer.correlation(i, indices[p]));
        }
        int64_t stronger = 0;
        for (int64_t j = 0; j < neurons; j++) stronger += j != i && layer.correlation(i, j) > weakest + 1e-12;
        CHECK(stronger < k);
    }
}

void test_product(Context& context, int64_t m, int64_t n, int64_t k) {
    Random random;
    Buffer<float> left(m * k), right(n * k), out(m * n);
    random.fill(left);
    random.fill(right);
    CHECK(morula_product(context, out, left, right, m, n, k) == MORULA_OK);
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t l = 0; l < k; l++) sum += static_cast<double>(left[i * k + l]) * right[j * k + l];
            CHECK_CLOSE(out[i * n + j], sum, 1e-4);
        }
    }
}

// The upper triangle in blocks of 5 neurons; the last neuron has no correlation.
void test_matrix(Context& context, Layer& layer) {
    const int64_t neurons = layer.view()->neurons;
    const double inverse_norm = layer.moments()[neurons - 1].inverse_norm;
    layer.moments()[neurons - 1].inverse_norm = 0;
    Buffer<float> matrix(neurons * neurons);
    for (int64_t row = 0; row < neurons; row += 5) {
        for (int64_t column = row; column < neurons; column += 5) {
            const int64_t rows = neurons - row < 5 ? neurons - row : 5;
            const morula_block block{row, rows, column, neurons - column < 5 ? neurons - column : 5};
            CHECK(morula_correlation_block(context, matrix, layer.view(), &block) == MORULA_OK);
        }
    }
    layer.moments()[neurons - 1].inverse_norm = inverse_norm;
    for (int64_t i = 0; i < neurons; i++) {
        for (int64_t j = 0; j < neurons; j++) {
            const float r = matrix[i * neurons + j];
            if (i == neurons - 1 || j == neurons - 1) {
                CHECK(std::isnan(r));
            } else {
                CHECK_CLOSE(r, i == j ? 1 : layer.correlation(i, j), 1e-7);
            }
        }
    }
}

}  // namespace

void test_correlate(Context& context) {
    int64_t most[3];
    morula_panel_rows(context, most);
    constexpr int64_t shapes[][3] = {{1, 2, 2}, {3, 5, 17}, {33, 70, 255}, {31, 47, 513}, {9, 49, 1021}};
    for (const auto& [left, right, samples] : shapes) {
        for (int type = MORULA_F16; type <= MORULA_F64; type++) {
            Layer layer(context, left + right, samples, type, MORULA_COSINE);
            test_tile(context, layer, {nullptr, nullptr, nullptr, 0, left, 0, right, samples, MORULA_SIGNED, nullptr});
            test_tile(context, layer,
                      {nullptr, nullptr, nullptr, 0, left, left, right, samples, MORULA_ABSOLUTE, nullptr});
            test_tile(context, layer,
                      {nullptr, nullptr, nullptr, right, left, 0, right, samples, MORULA_SIGNED, nullptr});
            test_thresholds(context, layer,
                            {nullptr, nullptr, nullptr, 0, left, 1, right, samples, MORULA_SIGNED, nullptr});
            test_matrix(context, layer);
            test_strongest(context, layer, 1);
            if (left + right > 6) test_strongest(context, layer, 5);
        }
    }
    Layer largest(context, most[0] + most[1], 7, MORULA_F32, MORULA_COSINE);
    test_tile(context, largest, {nullptr, nullptr, nullptr, 0, most[0], most[0], most[1], 7, MORULA_SIGNED, nullptr});
    test_product(context, 1, 1, 1);
    test_product(context, 33, 17, 255);
}

}  // namespace morula_tests
