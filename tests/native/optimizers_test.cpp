#include "support.h"

namespace morula_tests {
namespace {

morula_block part(int64_t rows, int64_t columns) {
    return {rows / 3, rows - rows / 3, columns / 5, columns - columns / 5};  // reaches the last row and column
}

bool inside(const morula_block& block, int64_t row, int64_t column) {
    return row >= block.first_row && column >= block.first_column;
}

// What one step makes of p = 1 and a velocity of 2.
void test_sgd(Context& context, int64_t rows, int64_t stride, const morula_block& block, double momentum, int variant) {
    Buffer<float> parameter(rows * stride), velocity(rows * stride), gradient(block.rows * block.columns);
    for (float& p : parameter) p = 1;
    for (float& v : velocity) v = 2;
    Random().fill(gradient);
    const morula_sgd rule{0.5, momentum, 0.125};
    float* const remembered = momentum > 0 ? static_cast<float*>(velocity) : nullptr;
    CHECK(morula_sgd_step(context, parameter, remembered, gradient, &rule, variant, stride, &block) == MORULA_OK);
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < stride; column++) {
            const bool changed = inside(block, row, column);
            const int64_t packed = (row - block.first_row) * block.columns + column - block.first_column;
            const double g = changed ? gradient[packed] + 0.125 : 0;
            const double v = changed && momentum > 0 ? momentum * 2 + g : 2;
            const double plain = momentum > 0 ? v : g;
            const double step = variant == MORULA_NESTEROV ? g + momentum * v : plain;
            CHECK_CLOSE(velocity[row * stride + column], v, 1e-6);
            CHECK_CLOSE(parameter[row * stride + column], changed ? 1 - 0.5 * step : 1, 1e-6);
        }
    }
}

// The second step from p = 1, a mean of 0.25 and a mean square of 0.5.
void test_adam(Context& context, int64_t rows, int64_t stride, const morula_block& block, double decay,
               double decoupled) {
    Buffer<float> parameter(rows * stride), mean(rows * stride), square(rows * stride);
    Buffer<float> gradient(block.rows * block.columns);
    for (float& p : parameter) p = 1;
    for (float& m : mean) m = 0.25;
    for (float& s : square) s = 0.5;
    Random().fill(gradient);
    const morula_adam rule{0.125, 0.5, 0.75, 0.0625, decay, decoupled, 1 - 0.25, 1 - 0.5625};
    CHECK(morula_adam_step(context, parameter, mean, square, gradient, &rule, stride, &block) == MORULA_OK);
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < stride; column++) {
            double p = 1, m = 0.25, s = 0.5;
            if (inside(block, row, column)) {
                const double g =
                    gradient[(row - block.first_row) * block.columns + column - block.first_column] + decay * p;
                m = 0.5 * m + 0.5 * g;
                s = 0.75 * s + 0.25 * g * g;
                p -= 0.125 * decoupled * p + 0.125 * (m / 0.75) / (std::sqrt(s / 0.4375) + 0.0625);
            }
            CHECK_CLOSE(mean[row * stride + column], m, 1e-6);
            CHECK_CLOSE(square[row * stride + column], s, 1e-6);
            CHECK_CLOSE(parameter[row * stride + column], p, 1e-6);
        }
    }
}

void test_block(Context& context, int64_t rows, int64_t stride, const morula_block& block) {
    test_sgd(context, rows, stride, block, 0, MORULA_MOMENTUM);
    test_sgd(context, rows, stride, block, 0.25, MORULA_MOMENTUM);
    test_sgd(context, rows, stride, block, 0.25, MORULA_NESTEROV);
    test_adam(context, rows, stride, block, 0.25, 0);
    test_adam(context, rows, stride, block, 0, 0.25);
}

void test_refusals(Context& context) {
    Buffer<float> parameter(6), gradient(6);
    const morula_sgd rule{0.5, 0.25, 0};
    const morula_block block{0, 2, 0, 3}, wide{0, 2, 1, 3};
    CHECK(morula_sgd_step(context, parameter, nullptr, gradient, &rule, MORULA_MOMENTUM, 3, &block) ==
          MORULA_INVALID_ARGUMENT);
    const morula_adam adam{};
    CHECK(morula_adam_step(context, parameter, parameter, parameter, gradient, &adam, 3, &wide) ==
          MORULA_INVALID_ARGUMENT);
}

void test_orthogonal(Context& context, int64_t rows, int64_t columns) {
    Buffer<float> matrix(rows * columns);
    Random().fill(matrix);
    CHECK(morula_orthogonal_factor(context, matrix, rows, columns, 2) == MORULA_OK);
    const bool wide = rows <= columns;
    const int64_t vectors = wide ? rows : columns, length = wide ? columns : rows;
    const auto at = [&](int64_t vector, int64_t i) -> double {
        return wide ? matrix[vector * columns + i] : matrix[i * columns + vector];
    };
    for (int64_t a = 0; a < vectors; a++) {
        for (int64_t b = 0; b <= a; b++) {
            double product = 0;
            for (int64_t i = 0; i < length; i++) product += at(a, i) * at(b, i);
            CHECK_CLOSE(product, a == b ? 4 : 0, 1e-4);
        }
    }
}

}  // namespace

void test_optimizers(Context& context) {
    constexpr int64_t shapes[][2] = {{1, 1}, {3, 17}, {17, 3}, {65, 100}, {129, 257}};
    for (const auto& [rows, columns] : shapes) {
        test_block(context, rows, columns, part(rows, columns));
        test_block(context, rows, columns, {0, rows, 0, columns});
        test_orthogonal(context, rows, columns);
    }
    test_refusals(context);
}

}  // namespace morula_tests
