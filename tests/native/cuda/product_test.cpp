// Products on tensor cores against float64, within the bound that the kernel states: of odd sizes, in small and large
// tiles, 16 bytes and 4 at a time, in one part and several; and what is not finite.
#include "morula_cuda_train.h"
#include "product_bounds.h"

using namespace morula_tests;

namespace {

struct Sizes {
    int64_t rows, columns, inner;
};

void check_product(morula_cuda_context* context, const Sizes& size, const std::vector<float>& left,
                   const std::vector<float>& right) {
    DeviceBuffer<float> device_left(context, left), device_right(context, right),
        device_out(context, size.rows * size.columns);
    CHECK(morula_cuda_product(context, device_out, device_left, device_right, size.rows, size.columns, size.inner) ==
          MORULA_OK);
    const std::vector<float> out = device_out.get();
    for (int64_t i = 0; i < size.rows; i++) {
        for (int64_t j = 0; j < size.columns; j++) {
            Sum sum;
            for (int64_t k = 0; k < size.inner; k++) sum.add(left[i * size.inner + k], right[j * size.inner + k]);
            CHECK(agrees(out[i * size.columns + j], sum, sum.value));
        }
    }
}

}  // namespace

CUDA_TEST(product_of_any_size) {
    constexpr Sizes sizes[] = {{1, 1, 1},    {2, 5, 3},      {31, 33, 17},   {64, 32, 16},  {65, 31, 20},
                               {7, 129, 67}, {130, 33, 301}, {33, 70, 1000}, {3, 40, 1025}, {20, 20, 2052}};
    for (const Sizes& size : sizes) {
        check_product(context, size, normal_numbers(size.rows * size.inner, 1),
                      normal_numbers(size.columns * size.inner, 2));
    }
}

CUDA_TEST(product_in_large_tiles) {
    constexpr Sizes sizes[] = {{1000, 505, 7}, {8130, 50, 36}, {1030, 450, 260}};
    for (const Sizes& size : sizes) {
        check_product(context, size, normal_numbers(size.rows * size.inner, 1),
                      normal_numbers(size.columns * size.inner, 2));
    }
}

// What the second half of a number contributes is far above the bound.
CUDA_TEST(product_of_long_fractions) {
    const float third = 1.0f / 3, long_one = 1 + 0x1p-12f + 0x1p-23f;
    check_product(context, {1, 2, 1}, {third}, {long_one, 3});
    check_product(context, {2, 1, 1}, {long_one, 0x1.fffffep0f}, {0x1.fffffep0f});
}

CUDA_TEST(product_of_what_is_not_finite) {
    const float infinity = HUGE_VALF, largest = std::numeric_limits<float>::max();
    for (const Sizes& size : {Sizes{3, 9, 6}, Sizes{67, 34, 300}}) {
        std::vector<float> left = normal_numbers(size.rows * size.inner, 3);
        std::vector<float> right = normal_numbers(size.columns * size.inner, 4);
        left[1] = infinity;               // row 0: infinities of either sign
        left[size.inner + 2] = NAN;       // row 1
        left[2 * size.inner] = largest;   // row 2: rounds to infinity as tf32
        right[5] = -infinity;             // column 0
        right[size.inner + 1] = 0;        // column 1: infinity times 0
        right[2 * size.inner] = 0.25f;    // column 2: finite
        right[3 * size.inner] = 4;        // column 3: too large
        right[4 * size.inner + 1] = 1;    // column 4: nothing but big parts beside an infinity
        right[5 * size.inner + 3] = NAN;  // column 5
        check_product(context, size, left, right);
    }
}

CUDA_TEST(product_without_terms) {
    DeviceBuffer<float> out(context, 6), nothing(context, 1);
    CHECK(morula_cuda_product(context, out, nothing, nothing, 2, 3, 0) == MORULA_OK);
    CHECK(out.get() == std::vector<float>(6, 0));
    CHECK(morula_cuda_product(context, out, nothing, nothing, 0, 3, 1) == MORULA_OK);
    CHECK(morula_cuda_product(context, out, nothing, nothing, 1, -3, 1) == MORULA_INVALID_ARGUMENT);
}
