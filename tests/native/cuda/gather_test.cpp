// Gathering rows and moved, mirrored images, against plain loops; what indices and moves cannot mean is NaN.
#include <algorithm>
#include <array>

#include "training.h"

using namespace morula_tests;

CUDA_TEST(gather_rows) {
    for (const auto& [count, rows, columns] :
         {std::array<int64_t, 3>{1, 1, 1}, {40, 7, 33}, {9, 100, 784}, {3, 5, 1031}, {300, 2, 3}, {0, 4, 8}}) {
        const std::vector<float> source = normal_numbers(rows * columns, 1);
        std::vector<int32_t> indices;
        std::vector<float> expected;
        for (int64_t i = 0; i < count; i++) {
            const int64_t index = i % 5 == 2 ? rows : i % 5 == 3 ? -1 : 3 * i % rows;
            indices.push_back(static_cast<int32_t>(index));
            for (int64_t c = 0; c < columns; c++) {
                expected.push_back(index >= 0 && index < rows ? source[index * columns + c] : not_a_number());
            }
        }
        DeviceBuffer<float> device_source(context, source), out(context, filled(count * columns));
        DeviceBuffer<int32_t> device_indices(context, indices);
        CHECK(morula_cuda_gather_rows(context, out, device_source, device_indices, count, rows, columns) == MORULA_OK);
        CHECK_SAME(out.get(), expected);
    }
}

namespace {

int64_t reflected(int64_t at, int64_t length) { return at < 0 ? -at : at < length ? at : 2 * (length - 1) - at; }

// Number c of position (y, x) of an image that was moved and maybe mirrored.
float moved(const float* image, const int32_t* move, int64_t y, int64_t x, int64_t c, const morula_images& shape) {
    const int64_t row = y + move[0], column = (move[2] != 0 ? shape.width - 1 - x : x) + move[1];
    const bool outside = row < 0 || row >= shape.height || column < 0 || column >= shape.width;
    if (outside && shape.border == MORULA_ZEROS) return 0;
    return image[(reflected(row, shape.height) * shape.width + reflected(column, shape.width)) * shape.channels + c];
}

void test_images(morula_cuda_context* context, const morula_images& shape) {
    const int64_t size = shape.height * shape.width * shape.channels;
    const int32_t shorter = static_cast<int32_t>(std::min(shape.height, shape.width));
    const std::vector<float> source = normal_numbers(shape.images * size, 1);
    std::vector<int32_t> indices, moves;
    for (int32_t i = 0; i < shape.count; i++) {
        indices.push_back(i % 6 == 4 ? static_cast<int32_t>(shape.images) : static_cast<int32_t>(2 * i % shape.images));
        const int32_t far = i % 6 == 5 ? shorter : 0, span = 2 * shorter - 1;
        moves.insert(moves.end(), {3 * i % span - shorter + 1, far == 0 ? 5 * i % span - shorter + 1 : far, i / 2 % 2});
    }
    std::vector<float> expected;
    for (int64_t i = 0; i < shape.count * size; i++) {
        const int64_t image = i / size, at = i % size / shape.channels;
        const bool impossible = image % 6 >= 4;
        expected.push_back(impossible ? not_a_number()
                                      : moved(source.data() + indices[image] * size, moves.data() + 3 * image,
                                              at / shape.width, at % shape.width, i % shape.channels, shape));
    }
    DeviceBuffer<float> device_source(context, source), out(context, filled(shape.count * size));
    DeviceBuffer<int32_t> device_indices(context, indices), device_moves(context, moves);
    CHECK(morula_cuda_gather_images(context, out, device_source, device_indices, device_moves, &shape) == MORULA_OK);
    CHECK_SAME(out.get(), expected);
}

}  // namespace

CUDA_TEST(gather_images) {
    for (const int64_t border : {MORULA_ZEROS, MORULA_REFLECTED}) {
        test_images(context, {1, 1, 1, 1, 1, border});
        test_images(context, {40, 7, 5, 6, 3, border});
        test_images(context, {13, 3, 9, 4, 1, border});
        test_images(context, {6, 2, 32, 32, 3, border});
        test_images(context, {0, 2, 4, 4, 1, border});
    }
}
