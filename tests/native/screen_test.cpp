#include <algorithm>
#include <vector>

#include "layer.h"

namespace morula_tests {
namespace {

constexpr int64_t piece = MORULA_PIECE;

int64_t pieces_of(int64_t samples) { return (samples + piece - 1) / piece; }

// A layer of the given order; what a sample-major one holds is the transpose of what `layer` does, in float32.
class Ordered {
  public:
    Ordered(const Layer& layer, int64_t order) : turned_(layer.view()->neurons * layer.view()->samples) {
        view_ = *layer.view();
        if (order == MORULA_NEURON_MAJOR) return;
        for (int64_t i = 0; i < view_.neurons; i++) {
            for (int64_t k = 0; k < view_.samples; k++) {
                turned_[k * view_.neurons + i] = static_cast<float>(layer.row(i)[k]);
            }
        }
        view_.values = turned_.begin();
        view_.order = order;
    }
    const morula_layer* view() const { return &view_; }

  private:
    Buffer<float> turned_;
    morula_layer view_;
};

double standardised(const Layer& layer, int64_t neuron, int64_t k) {
    return layer.row(neuron)[k] / std::sqrt(layer.covariance(neuron, neuron));  // by cosine
}

// Every third neuron goes nowhere, the others to slots from the last one down.
void test_standardise_piece(Context& context, const Layer& layer, int64_t order) {
    const Ordered ordered(layer, order);
    const int64_t neurons = layer.view()->neurons, first = neurons / 3, count = neurons - first;
    Buffer<int32_t> slots(count);
    int32_t used = 0;
    for (int64_t k = 0; k < count; k++) slots[k] = k % 3 == 2 ? -1 : used++;
    for (int32_t& slot : slots) slot = slot < 0 ? -1 : used - 1 - slot;
    const morula_neurons some{slots, first, count};
    Buffer<float> rows(used * piece);
    for (int64_t from = 0; from < layer.view()->samples; from += piece) {
        CHECK(morula_standardise_piece(context, rows, ordered.view(), &some, from, piece) == MORULA_OK);
        for (int64_t k = 0; k < count; k++) {
            if (slots[k] < 0) continue;
            for (int64_t s = 0; s < piece; s++) {
                const bool beyond = from + s >= layer.view()->samples;
                CHECK_CLOSE(rows[slots[k] * piece + s], beyond ? 0 : standardised(layer, first + k, from + s), 1e-7);
            }
        }
    }
    CHECK(morula_standardise_piece(context, rows, ordered.view(), &some, 0, piece + 1) == MORULA_INVALID_ARGUMENT);
}

// Standardised pieces of all neurons, then directions from them, and projections on those.
class Basis {
  public:
    Basis(Context& context, const Layer& layer, int64_t rank)
        : neurons_(layer.view()->neurons),
          pieces_(pieces_of(layer.view()->samples)),
          slots_(neurons_),
          rows_(pieces_ * neurons_ * piece),
          weights_(rank * neurons_) {
        for (int64_t i = 0; i < neurons_; i++) slots_[i] = static_cast<int32_t>(i);
        const morula_neurons all = every();
        for (int64_t p = 0; p < pieces_; p++) {
            float* rows = rows_ + p * neurons_ * piece;
            CHECK(morula_standardise_piece(context, rows, layer.view(), &all, p * piece, piece) == MORULA_OK);
        }
        find(context, rank);
    }

    morula_neurons every() { return {slots_, 0, neurons_}; }
    float* rows() { return rows_; }
    int64_t rank() const { return found_; }
    morula_basis first(int64_t rank) {
        return {basis_.data(), rank, found_, deviations_[static_cast<size_t>(rank - 1)]};
    }

  private:
    void find(Context& context, int64_t rank) {
        Buffer<float> gram(neurons_ * neurons_);
        std::fill(gram.begin(), gram.end(), 0.0f);
        for (int64_t p = 0; p < pieces_; p++) {
            for (int64_t from = 0; from < neurons_; from += 5) {
                const int64_t count = std::min<int64_t>(5, neurons_ - from);
                const float* rows = rows_ + p * neurons_ * piece;
                CHECK(morula_gram_add(context, gram, rows, from, count, neurons_) == MORULA_OK);
            }
        }
        CHECK(morula_principal(context, weights_, &found_, gram, neurons_, neurons_ + 1) == MORULA_INVALID_ARGUMENT);
        CHECK(morula_principal(context, weights_, &found_, gram, neurons_, rank) == MORULA_OK);
        CHECK(found_ >= 1 && found_ <= rank);
        Buffer<float> basis(pieces_ * found_ * piece);
        Buffer<double> deviations(found_);
        for (int64_t p = 0; p < pieces_; p++) {
            float* directions = basis + p * found_ * piece;
            const float* rows = rows_ + p * neurons_ * piece;
            CHECK(morula_combine(context, directions, weights_, rows, found_, neurons_) == MORULA_OK);
        }
        CHECK(morula_orthonormalise(context, basis, deviations, found_, pieces_) == MORULA_OK);
        basis_.assign(basis.begin(), basis.end());
        deviations_.assign(deviations.begin(), deviations.end());
        for (int64_t r = 0; r < found_; r++) CHECK(deviations[r] >= 0 && deviations[r] < 1e-5);
    }

    int64_t neurons_, pieces_, found_ = 0;
    Buffer<int32_t> slots_;
    Buffer<float> rows_, weights_;
    std::vector<float> basis_;
    std::vector<double> deviations_;
};

// All pairs whose bound reaches the threshold, in buffers of exactly the size that is asked for; none with a
// correlation of that much may be missing.
void test_screen(Context& context, const Layer& layer, Buffer<float>& projections, const morula_screen& screen,
                 double threshold) {
    const int64_t neurons = layer.view()->neurons, left = neurons / 2, right = neurons - left;
    const int64_t columns = screen.rank + 3;
    morula_screen mirrored = screen;
    mirrored.negated = 1;
    Buffer<float> left_rows(left * columns), right_rows(right * columns);
    Buffer<unsigned char> panel(morula_packed_bytes(context, MORULA_LEFT, left, columns), line);
    Buffer<unsigned char> negated(morula_packed_bytes(context, MORULA_LEFT, left, columns), line);
    Buffer<unsigned char> other(morula_packed_bytes(context, MORULA_RIGHT, right, columns), line);
    double largest[3];
    CHECK(morula_screen_rows(context, left_rows, largest, projections, &mirrored, left, MORULA_LEFT) == MORULA_OK);
    CHECK(morula_pack_rows(context, negated, left_rows, left, columns, MORULA_LEFT) == MORULA_OK);
    CHECK(morula_screen_rows(context, left_rows, largest + 1, projections, &screen, left, MORULA_LEFT) == MORULA_OK);
    CHECK(morula_pack_rows(context, panel, left_rows, left, columns, MORULA_LEFT) == MORULA_OK);
    CHECK(morula_screen_rows(context, right_rows, largest + 2, projections + left * screen.stride, &screen, right,
                             MORULA_RIGHT) == MORULA_OK);
    CHECK(morula_pack_rows(context, other, right_rows, right, columns, MORULA_RIGHT) == MORULA_OK);
    CHECK(largest[0] == largest[1]);
    const double cut = threshold - morula_screen_bound(context, &screen, std::fmax(largest[1], largest[2]));
    Buffer<unsigned char> workspace(morula_tile_workspace_bytes(context), line);
    Buffer<int64_t> pairs(2 * left * right);
    const morula_tile tile{panel, negated, other, 0, left, left, right, columns, MORULA_SIGNED, nullptr};
    int64_t count;
    CHECK(morula_correlate_tile(context, pairs, &count, workspace, &tile, cut, pairs.count()) == MORULA_OK);
    CHECK(std::is_sorted(pairs.begin(), pairs.begin() + count));
    CHECK(std::adjacent_find(pairs.begin(), pairs.begin() + count) == pairs.begin() + count);
    for (int64_t i = 0; i < left; i++) {
        for (int64_t j = left; j < neurons; j++) {
            if (std::fabs(layer.correlation(i, j)) < threshold + 1e-12) continue;
            CHECK(std::binary_search(pairs.begin(), pairs.begin() + count, i << 32 | j));
        }
    }
}

void test_projections(Context& context, const Layer& layer, Basis& basis, const morula_basis& directions) {
    const int64_t neurons = layer.view()->neurons, stride = directions.rank;
    const morula_neurons all = basis.every();
    for (int64_t order = MORULA_NEURON_MAJOR; order <= MORULA_SAMPLE_MAJOR; order++) {
        const Ordered ordered(layer, order);
        Buffer<float> projections(neurons * stride), workspace(neurons * piece);
        CHECK(morula_project(context, projections, workspace, ordered.view(), &all, &directions, neurons) == MORULA_OK);
        const double error = morula_projection_error(&directions, layer.view()->samples);
        for (int64_t rank : {stride, (stride + 1) / 2}) {  // a screen may use the first numbers only
            const morula_screen screen{rank, stride, 0, directions.deviation, error};
            test_screen(context, layer, projections, screen, 0.2500001);
        }
    }
}

// Every pair's product, piece by piece, then sifted into lists of exactly their number.
void test_refine(Context& context, const Layer& layer, Basis& basis) {
    const int64_t neurons = layer.view()->neurons, samples = layer.view()->samples;
    Buffer<int64_t> pairs(neurons * (neurons - 1) / 2), open(pairs.count());
    Buffer<double> sums(pairs.count());
    Buffer<float> values(pairs.count());
    int64_t filled = 0;
    for (int64_t i = 0; i < neurons; i++) {
        for (int64_t j = i + 1; j < neurons; j++) pairs[filled++] = i % 2 == 0 ? i << 32 | j : j << 32 | i;
    }
    std::fill(sums.begin(), sums.end(), 0.0);
    for (int64_t p = 0; p < pieces_of(samples); p++) {
        const float* rows = basis.rows() + p * neurons * piece;
        CHECK(morula_refine(context, sums, pairs, pairs.count(), rows, piece) == MORULA_OK);
    }
    CHECK(morula_refine(context, sums, pairs, pairs.count(), basis.rows(), piece - 1) == MORULA_INVALID_ARGUMENT);
    const double bound = morula_refine_bound(samples), threshold = 0.2500001;
    int64_t expected = 0, undecided = 0;
    for (int64_t p = 0; p < pairs.count(); p++) {
        const double r = layer.correlation(pairs[p] >> 32, pairs[p] & 0x7fffffff);
        CHECK_CLOSE(sums[p], r, bound);
        undecided += std::fabs(sums[p] - threshold) <= bound;
        expected += sums[p] - threshold > bound;
    }
    const morula_selection selection{basis.every().slots, threshold, MORULA_SIGNED};
    int64_t counts[2] = {pairs.count(), 0};
    CHECK(morula_sift(context, pairs, values, open, counts, sums, &selection, bound) == MORULA_OK);
    CHECK(counts[0] == expected && counts[1] == undecided);
    for (int64_t e = 0; e < counts[0]; e++) {
        CHECK(pairs[e] >> 32 < (pairs[e] & 0x7fffffff));
        CHECK_CLOSE(values[e], layer.correlation(pairs[e] >> 32, pairs[e] & 0x7fffffff), 1e-6);
    }
}

// Rows of few numbers in tiles of odd sizes, of more numbers than a chain has, and of the largest size.
void test_row_tile(Context& context, int64_t left, int64_t right, int64_t columns) {
    Buffer<float> left_rows(left * columns), right_rows(right * columns);
    Random random;
    for (Buffer<float>* rows : {&left_rows, &right_rows}) {
        for (float& x : *rows) x = static_cast<float>(std::rint(4 * random.next()));
    }
    Buffer<unsigned char> panel(morula_packed_bytes(context, MORULA_LEFT, left, columns), line);
    Buffer<unsigned char> other(morula_packed_bytes(context, MORULA_RIGHT, right, columns), line);
    CHECK(morula_pack_rows(context, panel, left_rows, left, columns, MORULA_LEFT) == MORULA_OK);
    CHECK(morula_pack_rows(context, other, right_rows, right, columns, MORULA_RIGHT) == MORULA_OK);
    int64_t expected = 0, count;
    const double cut = 2;  // products are integers, and exact
    for (int64_t i = 0; i < left; i++) {
        for (int64_t j = 0; j < right; j++) {
            double sum = 0;
            for (int64_t k = 0; k < columns; k++) {
                sum += static_cast<double>(left_rows[i * columns + k]) * right_rows[j * columns + k];
            }
            expected += sum >= cut;
        }
    }
    Buffer<unsigned char> workspace(morula_tile_workspace_bytes(context), line);
    Buffer<int64_t> pairs(expected);
    const morula_tile tile{panel, nullptr, other, 0, left, left, right, columns, MORULA_SIGNED, nullptr};
    CHECK(morula_correlate_tile(context, pairs, &count, workspace, &tile, cut, expected) == MORULA_OK);
    CHECK(count == expected);
}

}  // namespace

void test_screen(Context& context) {
    constexpr int64_t shapes[][3] = {{2, 2, 1}, {7, 17, 5}, {37, 255, 13}, {41, 257, 31}, {33, 600, 33}};
    for (const auto& [neurons, samples, rank] : shapes) {
        Layer layer(context, neurons, samples, MORULA_F32, MORULA_COSINE);
        test_standardise_piece(context, layer, MORULA_NEURON_MAJOR);
        test_standardise_piece(context, layer, MORULA_SAMPLE_MAJOR);
        Basis basis(context, layer, rank);
        test_projections(context, layer, basis, basis.first(basis.rank()));
        test_projections(context, layer, basis, basis.first((basis.rank() + 1) / 2));
        test_projections(context, layer, basis, {nullptr, (samples + 1) / 2, (samples + 1) / 2, 0});
        test_refine(context, layer, basis);
    }
    int64_t most[3];
    morula_panel_rows(context, most);
    for (int64_t columns : {1, 4, 31, 33, 64, 255, 257, 511, 513}) test_row_tile(context, 35, 51, columns);
    test_row_tile(context, 1, 1, 4);
    test_row_tile(context, most[0], most[1], 32);
    test_row_tile(context, most[0] - 1, most[1] - 1, 33);
}

}  // namespace morula_tests
