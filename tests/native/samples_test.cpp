#include <algorithm>

#include "support.h"

namespace morula_tests {
namespace {

int64_t reflected(int64_t at, int64_t length) { return at < 0 ? -at : std::min(at, 2 * (length - 1) - at); }

// Position (y, x) of the image that begins at `image`, beyond its border too.
float pixel(const float* image, int64_t y, int64_t x, int64_t channel, const morula_images& shape) {
    const bool outside = y < 0 || y >= shape.height || x < 0 || x >= shape.width;
    if (outside && shape.border == MORULA_ZEROS) return 0;
    const int64_t row = reflected(y, shape.height), column = reflected(x, shape.width);
    return image[(row * shape.width + column) * shape.channels + channel];
}

void test_gather_images(Context& context, const morula_images& shape) {
    const int64_t size = shape.height * shape.width * shape.channels;
    const int64_t most = std::min(shape.height, shape.width) - 1;
    Buffer<float> source(shape.images * size), out(shape.count * size);
    Buffer<int32_t> indices(shape.count), moves(3 * shape.count);
    Random random;
    random.fill(source);
    for (int32_t& index : indices) index = static_cast<int32_t>((random.next() + 1) / 2 * shape.images);
    for (int32_t& move : moves) move = static_cast<int32_t>(std::lround(random.next() * most));
    for (int64_t i = 0; i < shape.count; i++) moves[3 * i + 2] = static_cast<int32_t>(i % 2);
    CHECK(morula_gather_images(context, out, source, indices, moves, &shape) == MORULA_OK);
    for (int64_t k = 0; k < shape.count * size; k++) {
        const int64_t i = k / size, c = k % shape.channels, x = k / shape.channels % shape.width;
        const int64_t y = k % size / (shape.channels * shape.width);
        const int64_t column = (moves[3 * i + 2] != 0 ? shape.width - 1 - x : x) + moves[3 * i + 1];
        CHECK(out[k] == pixel(source + indices[i] * size, y + moves[3 * i], column, c, shape));
    }
    moves[0] = static_cast<int32_t>(most + 1);
    CHECK(morula_gather_images(context, out, source, indices, moves, &shape) == MORULA_INVALID_ARGUMENT);
    moves[0] = 0;
    indices[0] = static_cast<int32_t>(shape.images);
    CHECK(morula_gather_images(context, out, source, indices, moves, &shape) == MORULA_INVALID_ARGUMENT);
}

void test_principal_axes(Context& context, int64_t size, int64_t count) {
    Random random;
    Buffer<double> covariance(size * size), kept(size * size), axes(count * size), variances(count);
    for (int64_t i = 0; i < size; i++) {
        for (int64_t j = 0; j <= i; j++) kept[i * size + j] = kept[j * size + i] = random.next();
    }
    std::copy(kept.begin(), kept.end(), covariance.begin());
    CHECK(morula_principal_axes(context, axes, variances, covariance, size, count) == MORULA_OK);
    for (int64_t axis = 0; axis < count; axis++) {
        CHECK(axis == 0 || variances[axis] <= variances[axis - 1]);
        const double* vector = axes + axis * size;
        double square = 0;
        for (int64_t i = 0; i < size; i++) {
            double product = 0;
            for (int64_t j = 0; j < size; j++) product += kept[i * size + j] * vector[j];
            CHECK_CLOSE(product, variances[axis] * vector[i], 1e-12 * static_cast<double>(size));
            square += vector[i] * vector[i];
        }
        CHECK_CLOSE(square, 1, 1e-12 * static_cast<double>(size));
    }
    CHECK(morula_principal_axes(context, axes, variances, covariance, size, size + 1) == MORULA_INVALID_ARGUMENT);
}

}  // namespace

void test_samples(Context& context) {
    for (const int64_t border : {MORULA_ZEROS, MORULA_REFLECTED}) {
        test_gather_images(context, {1, 1, 1, 1, 1, border});
        test_gather_images(context, {7, 3, 5, 3, 1, border});
        test_gather_images(context, {40, 11, 7, 13, 3, border});
        test_gather_images(context, {9, 2, 32, 32, 3, border});
    }
    test_principal_axes(context, 1, 1);
    test_principal_axes(context, 17, 3);
    test_principal_axes(context, 67, 67);
}

}  // namespace morula_tests
