// Pooling against plain loops that go from window to window, where the kernels backward go from position to position.
#include <algorithm>

#include "training.h"

using namespace morula_tests;

namespace {

// Overlapping windows, with gaps between them, at the border, oblong, as large as the image, of one number.
constexpr morula_pool shapes[] = {
    {1, 1, 1, 1, 1, 1, 0, 0, 1},  {3, 8, 8, 2, 2, 2, 0, 0, 3},  {5, 7, 9, 3, 3, 2, 1, 1, 2},
    {65, 5, 4, 3, 2, 1, 1, 0, 2}, {2, 9, 9, 2, 2, 3, 0, 2, 2},  {40, 8, 8, 8, 8, 8, 0, 0, 3},
    {1, 6, 31, 2, 5, 1, 1, 0, 1}, {4, 10, 6, 5, 4, 2, 2, 1, 1}, {3, 4, 4, 2, 2, 2, 0, 1, 0}};

int64_t pooled(int64_t length, int64_t window, const morula_pool& shape) {
    return (length + 2 * shape.padding - window) / shape.stride + 1;
}

struct Sizes {
    int64_t inp, out, first_inp, first_out;  // of a sample; before the first sample of the call
};

Sizes sizes_of(const morula_pool& shape) {
    const int64_t inp = shape.height * shape.width * shape.channels;
    const int64_t out = pooled(shape.height, shape.window_height, shape) *
                        pooled(shape.width, shape.window_width, shape) * shape.channels;
    return {inp, out, shape.first_sample * inp, shape.first_sample * out};
}

int64_t all_samples(const morula_pool& shape) { return shape.first_sample + shape.samples + 1; }

// Calls work(number of out, the numbers of inp in its window, row by row) for the call's samples.
template <class Work>
void for_each_window(const morula_pool& shape, const Work& work) {
    const Sizes sizes = sizes_of(shape);
    const int64_t columns = pooled(shape.width, shape.window_width, shape);
    for (int64_t i = sizes.first_out; i < sizes.first_out + shape.samples * sizes.out; i++) {
        const int64_t sample = i / sizes.out, c = i % shape.channels, at = i % sizes.out / shape.channels;
        const int64_t top = at / columns * shape.stride - shape.padding;
        const int64_t left = at % columns * shape.stride - shape.padding;
        std::vector<int64_t> numbers;
        for (int64_t y = top; y < top + shape.window_height; y++) {
            for (int64_t x = left; x < left + shape.window_width; x++) {
                if (y < 0 || y >= shape.height || x < 0 || x >= shape.width) continue;
                numbers.push_back(sample * sizes.inp + (y * shape.width + x) * shape.channels + c);
            }
        }
        work(i, numbers);
    }
}

// The first of the largest, or the first that is not a number.
int64_t largest(const std::vector<float>& inp, const std::vector<int64_t>& numbers) {
    const auto is_nan = [&](int64_t i) { return std::isnan(inp[i]); };
    const auto nan = std::find_if(numbers.begin(), numbers.end(), is_nan);
    if (nan != numbers.end()) return *nan;
    return *std::max_element(numbers.begin(), numbers.end(), [&](int64_t a, int64_t b) { return inp[a] < inp[b]; });
}

// Few different numbers, so that there are ties; some that are not finite.
std::vector<float> numbers_with_ties(int64_t count) {
    std::vector<float> numbers = normal_numbers(count, 1);
    for (float& number : numbers) number = std::round(2 * number);
    for (int64_t i = 0; i < count; i += 29) numbers[i] = i % 2 == 0 ? not_a_number() : -INFINITY;
    return numbers;
}

void check_gradient(const morula_pool& shape, const std::vector<float>& actual, const std::vector<double>& expected) {
    const Sizes sizes = sizes_of(shape);
    for (int64_t i = 0; i < static_cast<int64_t>(actual.size()); i++) {
        const bool done = i >= sizes.first_inp && i < sizes.first_inp + shape.samples * sizes.inp;
        CHECK_CLOSE(actual[i], done ? expected[i] : untouched, 1e-5);
    }
}

}  // namespace

CUDA_TEST(max_pool) {
    for (const morula_pool& shape : shapes) {
        const Sizes sizes = sizes_of(shape);
        const std::vector<float> inp = numbers_with_ties(all_samples(shape) * sizes.inp),
                                 dout = normal_numbers(all_samples(shape) * sizes.out, 2);
        std::vector<float> expected = filled(all_samples(shape) * sizes.out);
        std::vector<double> slopes(inp.size());
        for_each_window(shape, [&](int64_t i, const std::vector<int64_t>& numbers) {
            expected[i] = inp[largest(inp, numbers)];
            slopes[largest(inp, numbers)] += dout[i];
        });
        DeviceBuffer<float> device_inp(context, inp), device_dout(context, dout),
            out(context, filled(all_samples(shape) * sizes.out)), dinp(context, filled(all_samples(shape) * sizes.inp));
        CHECK(morula_cuda_max_pool(context, out, device_inp, &shape) == MORULA_OK);
        CHECK_SAME(out.get(), expected);
        CHECK(morula_cuda_max_pool_backward(context, dinp, device_dout, device_inp, out, &shape) == MORULA_OK);
        check_gradient(shape, dinp.get(), slopes);
    }
}

CUDA_TEST(average_pool) {
    for (const morula_pool& shape : shapes) {
        const Sizes sizes = sizes_of(shape);
        const std::vector<float> inp = normal_numbers(all_samples(shape) * sizes.inp, 1),
                                 dout = normal_numbers(all_samples(shape) * sizes.out, 2);
        std::vector<double> expected(dout.size(), untouched), slopes(inp.size());
        const double window = static_cast<double>(shape.window_height * shape.window_width);
        for_each_window(shape, [&](int64_t i, const std::vector<int64_t>& numbers) {
            expected[i] = 0;
            for (const int64_t number : numbers) {
                expected[i] += inp[number] / window;
                slopes[number] += dout[i] / window;
            }
        });
        DeviceBuffer<float> device_inp(context, inp), device_dout(context, dout),
            out(context, filled(all_samples(shape) * sizes.out)), dinp(context, filled(all_samples(shape) * sizes.inp));
        CHECK(morula_cuda_average_pool(context, out, device_inp, &shape) == MORULA_OK);
        const std::vector<float> actual = out.get();
        for (size_t i = 0; i < actual.size(); i++) CHECK_CLOSE(actual[i], expected[i], 1e-5);
        CHECK(morula_cuda_average_pool_backward(context, dinp, device_dout, &shape) == MORULA_OK);
        check_gradient(shape, dinp.get(), slopes);
    }
}

CUDA_TEST(pools_refuse) {
    const morula_pool large{1, 4, 4, 5, 5, 1, 0, 0, 1}, padded{1, 4, 4, 2, 2, 1, 2, 0, 1};
    for (const morula_pool* shape : {&large, &padded}) {
        CHECK(morula_cuda_max_pool(context, nullptr, nullptr, shape) == MORULA_INVALID_ARGUMENT);
        CHECK(morula_cuda_max_pool_backward(context, nullptr, nullptr, nullptr, nullptr, shape) ==
              MORULA_INVALID_ARGUMENT);
        CHECK(morula_cuda_average_pool(context, nullptr, nullptr, shape) == MORULA_INVALID_ARGUMENT);
        CHECK(morula_cuda_average_pool_backward(context, nullptr, nullptr, shape) == MORULA_INVALID_ARGUMENT);
    }
}
