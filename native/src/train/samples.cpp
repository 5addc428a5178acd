// What brings samples into a batch and into shape. Nothing here is once a tier: gathering images waits for memory, and
// the eigenvectors are LAPACK's. Timed by GatherBenchmark.
#include <lapack.h>

#include <cstring>
#include <new>
#include <vector>

#include "kernel/context.h"

namespace {

using morula::fail;

long long shown(int64_t n) { return static_cast<long long>(n); }

// Reflects a row or column about the first and the last one, which are not repeated.
int64_t reflected(int64_t at, int64_t length) {
    if (at < 0) return -at;
    return at < length ? at : 2 * (length - 1) - at;
}

// Row `y` of the padded image; null where it is all zeros.
const float* source_row(const float* image, int64_t y, const morula_images& shape) {
    if (shape.border == MORULA_REFLECTED) {
        y = reflected(y, shape.height);
    } else if (y < 0 || y >= shape.height) {
        return nullptr;
    }
    return image + y * shape.width * shape.channels;
}

// Positions `begin` to `end` of a row of out: position x is position first + step x of the padded row.
void gather_positions(float* out, const float* row, int64_t first, int64_t step, int64_t begin, int64_t end,
                      const morula_images& shape) {
    const int64_t channels = shape.channels;
    for (int64_t x = begin; x < end; x++) {
        const int64_t at = first + step * x;
        const bool zero = shape.border == MORULA_ZEROS && (at < 0 || at >= shape.width);
        const float* from = row + reflected(at, shape.width) * channels;
        for (int64_t c = 0; c < channels; c++) out[x * channels + c] = zero ? 0 : from[c];
    }
}

// The same for a whole row that is not mirrored: what comes from inside the image is one piece.
void copy_row(float* out, const float* row, int64_t first, const morula_images& shape) {
    const int64_t channels = shape.channels;
    const int64_t begin = first < 0 ? -first : 0, end = first > 0 ? shape.width - first : shape.width;
    gather_positions(out, row, first, 1, 0, begin, shape);
    std::memcpy(out + begin * channels, row + (first + begin) * channels,
                static_cast<size_t>((end - begin) * channels) * sizeof(float));
    gather_positions(out, row, first, 1, end, shape.width, shape);
}

void gather_image(float* out, const float* image, const int32_t* move, const morula_images& shape) {
    const int64_t row_floats = shape.width * shape.channels;
    for (int64_t y = 0; y < shape.height; y++, out += row_floats) {
        const float* row = source_row(image, y + move[0], shape);
        if (row == nullptr) {
            std::memset(out, 0, static_cast<size_t>(row_floats) * sizeof(float));
        } else if (move[2] != 0) {
            gather_positions(out, row, shape.width - 1 + move[1], -1, 0, shape.width, shape);
        } else {
            copy_row(out, row, move[1], shape);
        }
    }
}

int check_images(const int32_t* indices, const int32_t* moves, const morula_images& shape) {
    const int64_t shorter = shape.height < shape.width ? shape.height : shape.width;
    for (int64_t i = 0; i < shape.count; i++) {
        if (indices[i] < 0 || indices[i] >= shape.images) {
            return fail(MORULA_INVALID_ARGUMENT, "gather_images: index %d, but there are %lld images", indices[i],
                        shown(shape.images));
        }
        for (int side = 0; side < 2; side++) {
            const int64_t move = moves[3 * i + side];
            if (move <= -shorter || move >= shorter) {
                return fail(MORULA_INVALID_ARGUMENT,
                            "gather_images: image %lld is moved by %lld, but its shorter side has %lld positions",
                            shown(i), shown(move), shown(shorter));
            }
        }
    }
    return MORULA_OK;
}

}  // namespace

extern "C" {

int morula_gather_images(morula_context*, float* out, const float* source, const int32_t* indices, const int32_t* moves,
                         const morula_images* shape) {
    const int status = check_images(indices, moves, *shape);
    if (status != MORULA_OK) return status;
    const int64_t size = shape->height * shape->width * shape->channels;
    for (int64_t i = 0; i < shape->count; i++) {
        gather_image(out + i * size, source + indices[i] * size, moves + 3 * i, *shape);
    }
    return MORULA_OK;
}

int morula_principal_axes(morula_context*, double* axes, double* variances, double* covariance, int64_t size,
                          int64_t count) {
    if (count < 1 || count > size || size > INT32_MAX) {
        return fail(MORULA_INVALID_ARGUMENT, "principal_axes: %lld axes of %lld features: 1 to as many can be had",
                    shown(count), shown(size));
    }
    const int n = static_cast<int>(size), first = n - static_cast<int>(count) + 1;
    const auto width = static_cast<size_t>(size);
    std::vector<double> values, vectors, work(1);
    std::vector<int> support, integers(1);
    const double none = 0, tolerance = 0;
    int found = 0, status = 0, length = -1, integer_length = -1;
    try {
        values.resize(width);
        vectors.resize(width * static_cast<size_t>(count));
        support.resize(2 * width);
        for (int call = 0; call < 2; call++) {  // the first one asks how much work space is wanted
            dsyevr_("V", "I", "U", &n, covariance, &n, &none, &none, &first, &n, &tolerance, &found, values.data(),
                    vectors.data(), &n, support.data(), work.data(), &length, integers.data(), &integer_length, &status
#ifdef LAPACK_FORTRAN_STRLEN_END
                    ,
                    1, 1, 1
#endif
            );
            if (status != 0) return fail(MORULA_INVALID_ARGUMENT, "LAPACK's dsyevr ended with status %d", status);
            if (call == 1) break;
            length = static_cast<int>(work[0]);
            integer_length = integers[0];
            work.resize(static_cast<size_t>(length));
            integers.resize(static_cast<size_t>(integer_length));
        }
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for %lld principal axes of %lld features", shown(count),
                    shown(size));
    }
    for (int64_t axis = 0; axis < count; axis++) {  // LAPACK gives the weakest first
        const auto from = static_cast<size_t>(count - 1 - axis);
        variances[axis] = values[from];
        std::memcpy(axes + axis * size, vectors.data() + from * width, width * sizeof(double));
    }
    return MORULA_OK;
}

}  // extern "C"
