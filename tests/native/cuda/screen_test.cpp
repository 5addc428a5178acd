// Rows for the screen: their products, computed by a tile, never miss a pair.
#include <algorithm>

#include "morula_cuda_correlate.h"
#include "support.h"

using namespace morula_tests;

namespace {

constexpr int64_t neurons = 60, samples = 24, rank = 9, columns = rank + 3;

// Rows of unit norm, of which the first samples are the projections.
struct Rows {
    Rows() : projections(neurons * rank) {
        const std::vector<float> random = normal_numbers(neurons * samples, 1);
        for (int64_t i = 0; i < neurons; i++) {
            double squares = 0;
            std::vector<double> row;
            for (int64_t k = 0; k < samples; k++) {
                const double x = (k < rank ? 3 : 1) * static_cast<double>(random[static_cast<size_t>(i * samples + k)]);
                row.push_back(x);
                squares += x * x;
            }
            for (double& x : row) x /= std::sqrt(squares);
            for (int64_t k = 0; k < rank; k++) {
                projections[static_cast<size_t>(i * rank + k)] = static_cast<float>(row[static_cast<size_t>(k)]);
            }
            z.push_back(row);
        }
    }
    double correlation(int64_t i, int64_t j) const {
        double sum = 0;
        for (int64_t k = 0; k < samples; k++) {
            sum +=
                z[static_cast<size_t>(i)][static_cast<size_t>(k)] * z[static_cast<size_t>(j)][static_cast<size_t>(k)];
        }
        return sum;
    }

    std::vector<std::vector<double>> z;
    std::vector<float> projections;
};

std::vector<float> screen_rows(const Rows& rows, const morula_screen& screen, int side, double* largest) {
    std::vector<float> made(neurons * columns);
    double squares = 0;
    CHECK(morula_cuda_screen_rows(nullptr, made.data(), &squares, rows.projections.data(), &screen, neurons, side) ==
          MORULA_OK);
    *largest = std::max(*largest, squares);
    return made;
}

double product(const float* a, const float* b) {
    double sum = 0;
    for (int64_t k = 0; k < columns; k++) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
    return sum;
}

}  // namespace

CUDA_TEST(screen_rows_miss_no_pair) {
    const Rows rows;
    for (const int64_t negated : {0, 1}) {
        const morula_screen screen{rank, rank, negated, 0, 0x1p-24};
        double largest = 0;
        const std::vector<float> left = screen_rows(rows, screen, MORULA_LEFT, &largest);
        const std::vector<float> right = screen_rows(rows, screen, MORULA_RIGHT, &largest);
        const double bound = morula_cuda_screen_bound(context, &screen, largest), threshold = 0.5;
        CHECK(bound > 0 && bound < 1e-4);
        DeviceBuffer<unsigned char> left_panel(context, morula_cuda_packed_bytes(context, 0, neurons, columns));
        DeviceBuffer<unsigned char> right_panel(context, morula_cuda_packed_bytes(context, 1, neurons, columns));
        DeviceBuffer<unsigned char> workspace(context, morula_cuda_tile_workspace_bytes(context));
        CHECK(morula_cuda_pack_rows(context, left_panel, left.data(), neurons, columns, MORULA_LEFT) == MORULA_OK);
        CHECK(morula_cuda_pack_rows(context, right_panel, right.data(), neurons, columns, MORULA_RIGHT) == MORULA_OK);
        const morula_tile tile{static_cast<unsigned char*>(left_panel),
                               nullptr,
                               static_cast<unsigned char*>(right_panel),
                               0,
                               neurons,
                               0,
                               neurons,
                               columns,
                               MORULA_SIGNED,
                               nullptr};
        std::vector<int64_t> pairs(neurons * neurons);
        int64_t count = 0, strong = 0;
        CHECK(morula_cuda_correlate_tile(context, pairs.data(), &count, workspace, &tile, threshold - bound,
                                         neurons * neurons) == MORULA_OK);
        std::sort(pairs.begin(), pairs.begin() + count);
        for (int64_t i = 0; i < neurons; i++) {
            for (int64_t j = i + 1; j < neurons; j++) {
                const double r = negated != 0 ? -rows.correlation(i, j) : rows.correlation(i, j);
                CHECK(product(&left[static_cast<size_t>(i * columns)], &right[static_cast<size_t>(j * columns)]) >= r);
                if (r < threshold) continue;
                strong++;
                CHECK(std::binary_search(pairs.begin(), pairs.begin() + count, i << 32 | j));
            }
        }
        CHECK(strong > 10 && count < neurons * (neurons - 1) / 2);
    }
}
