// ReLU, addition, dropout and movements, against plain loops, over ranges that begin anywhere.
#include <algorithm>

#include "training.h"

using namespace morula_tests;

namespace {

constexpr int64_t counts[] = {0, 1, 2, 31, 257, 1024, 1030};

std::vector<float> numbers_with_edges(int64_t count, unsigned seed) {
    std::vector<float> numbers = normal_numbers(count, seed);
    if (count > 3) {
        numbers[0] = 0;
        numbers[1] = not_a_number();
        numbers[2] = INFINITY;
    }
    return numbers;
}

// Runs over every count and several beginnings: run(first, count, size of the matrices).
template <class Run>
void for_each_range(const Run& run) {
    for (const int64_t count : counts) {
        for (const int64_t first : {0, 1, 4}) run(first, count, first + count + 3);
    }
}

float rectified(float value) { return value < 0 ? 0 : value; }

}  // namespace

CUDA_TEST(relu) {
    for_each_range([&](int64_t first, int64_t count, int64_t size) {
        const std::vector<float> inp = numbers_with_edges(size, 1);
        DeviceBuffer<float> device_inp(context, inp), out(context, filled(size));
        CHECK(morula_cuda_relu(context, out, device_inp, first, count) == MORULA_OK);
        std::vector<float> expected = filled(size);
        for (int64_t i = first; i < first + count; i++) expected[i] = rectified(inp[i]);
        CHECK_SAME(out.get(), expected);
    });
    CHECK(morula_cuda_relu(context, nullptr, nullptr, -1, 2) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(relu_backward) {
    for_each_range([&](int64_t first, int64_t count, int64_t size) {
        const std::vector<float> dout = normal_numbers(size, 1), out = numbers_with_edges(size, 2);
        DeviceBuffer<float> device_dout(context, dout), device_out(context, out), dinp(context, filled(size));
        CHECK(morula_cuda_relu_backward(context, dinp, device_dout, device_out, first, count) == MORULA_OK);
        std::vector<float> expected = filled(size);
        for (int64_t i = first; i < first + count; i++) expected[i] = out[i] <= 0 ? 0 : dout[i];
        CHECK_SAME(dinp.get(), expected);
    });
}

CUDA_TEST(add) {
    for (const int activation : {MORULA_IDENTITY, MORULA_RELU}) {
        for_each_range([&](int64_t first, int64_t count, int64_t size) {
            const std::vector<float> left = numbers_with_edges(size, 1), right = normal_numbers(size, 2);
            DeviceBuffer<float> out(context, left), device_right(context, right);
            CHECK(morula_cuda_add(context, out, out, device_right, first, count, activation) == MORULA_OK);
            std::vector<float> expected = left;
            for (int64_t i = first; i < first + count; i++) {
                expected[i] = activation == MORULA_RELU ? rectified(left[i] + right[i]) : left[i] + right[i];
            }
            CHECK_SAME(out.get(), expected);
        });
    }
}

namespace {

// Philox 4x32-10, word by word as in the paper.
std::vector<uint32_t> philox(std::vector<uint32_t> counter, uint32_t key0, uint32_t key1) {
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = 0xd2511f53ull * counter[0], product1 = 0xcd9e8d57ull * counter[2];
        counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
                   static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)};
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
    return counter;
}

bool dropped(int64_t i, const morula_dropout_draw& draw, double probability) {
    const uint64_t counter = static_cast<uint64_t>(i / 256 * 64 + i % 64), step = static_cast<uint64_t>(draw.step),
                   seed = static_cast<uint64_t>(draw.seed);
    const std::vector<uint32_t> words = philox({static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32),
                                                static_cast<uint32_t>(step), static_cast<uint32_t>(step >> 32)},
                                               static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
    return words[static_cast<size_t>(i / 64 % 4)] < probability * 4294967296.0;
}

}  // namespace

CUDA_TEST(dropout) {
    // The known answer of Random123's kat_vectors, so that the reference is one.
    CHECK((philox({0, 0, 0, 0}, 0, 0) == std::vector<uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    for (const int64_t first : {0, 1, 63, 64, 300, 511}) {
        for (const int64_t count : {0, 1, 200, 256, 1500}) {
            const int64_t size = first + count + 300;
            const morula_dropout_draw draw{-5, (int64_t{1} << 40) + 9, first, count};
            DeviceBuffer<int64_t> step(context, std::vector<int64_t>{draw.step});
            std::vector<float> inp = normal_numbers(size, 1), expected = filled(size);
            inp[first] = not_a_number();
            DeviceBuffer<float> device_inp(context, inp), out(context, expected);
            CHECK(morula_cuda_dropout(context, out, device_inp, step, &draw, 0.25) == MORULA_OK);
            for (int64_t i = first; i < first + count; i++) {
                expected[i] = inp[i] * (dropped(i, draw, 0.25) ? 0 : static_cast<float>(1 / 0.75));
            }
            CHECK_SAME(out.get(), expected);
        }
    }
    const morula_dropout_draw draw{1, 1, 0, 1};
    CHECK(morula_cuda_dropout(context, nullptr, nullptr, nullptr, &draw, 1) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(copy_channels) {
    const morula_channel_copy shapes[] = {{7, 3, 5, 1, 4, 2, 33},      {12, 4, 16, 8, 8, 1, 70}, {1, 0, 1, 0, 1, 0, 1},
                                          {300, 0, 257, 0, 257, 0, 3}, {8, 4, 6, 0, 4, 0, 5},    {4, 0, 4, 0, 0, 0, 9}};
    for (const morula_channel_copy& shape : shapes) {
        const int64_t rows = shape.first_row + shape.rows + 2;
        const std::vector<float> inp = normal_numbers(rows * shape.inp_channels, 1);
        std::vector<float> expected = filled(rows * shape.out_channels);
        DeviceBuffer<float> device_inp(context, inp), out(context, expected);
        CHECK(morula_cuda_copy_channels(context, out, device_inp, &shape) == MORULA_OK);
        for (int64_t row = shape.first_row; row < shape.first_row + shape.rows; row++) {
            for (int64_t c = 0; c < shape.count; c++) {
                expected[row * shape.out_channels + shape.out_first + c] =
                    inp[row * shape.inp_channels + shape.inp_first + c];
            }
        }
        CHECK_SAME(out.get(), expected);
    }
    const morula_channel_copy wide{4, 2, 4, 0, 3, 0, 1};
    CHECK(morula_cuda_copy_channels(context, nullptr, nullptr, &wide) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(transpose_samples) {
    const morula_sample_transposition shapes[] = {{1, 1, 0, 1},    {2, 5, 1, 3},   {31, 33, 0, 2}, {3, 1024, 1, 2},
                                                  {129, 67, 0, 1}, {64, 32, 2, 1}, {1, 40, 0, 4},  {5, 5, 1, 0}};
    for (const morula_sample_transposition& shape : shapes) {
        const int64_t size = shape.rows * shape.columns, all = size * (shape.first_sample + shape.samples + 1);
        const std::vector<float> inp = normal_numbers(all, 1);
        std::vector<float> expected = filled(all);
        DeviceBuffer<float> device_inp(context, inp), out(context, expected);
        CHECK(morula_cuda_transpose_samples(context, out, device_inp, &shape) == MORULA_OK);
        for (int64_t i = shape.first_sample * size; i < (shape.first_sample + shape.samples) * size; i++) {
            const int64_t sample = i / size, row = i % size / shape.columns, column = i % shape.columns;
            expected[sample * size + column * shape.rows + row] = inp[sample * size + row * shape.columns + column];
        }
        CHECK_SAME(out.get(), expected);
    }
}
