#include "support.h"

namespace morula_tests {
namespace {

// The block ends with both buffers and begins at an odd byte, as one may in a mapped file.
template <class T>
void test_transpose(Context& context, int64_t rows, int64_t columns, int64_t in_stride, int64_t out_stride) {
    constexpr int64_t size = sizeof(T);
    Buffer<unsigned char> in(((rows - 1) * in_stride + columns) * size);
    Buffer<T> out((columns - 1) * out_stride + rows);
    unsigned value = 1;
    for (unsigned char& byte : in) byte = static_cast<unsigned char>((value = value * 1664525 + 1013904223) >> 24);
    const morula_transposition block{rows, columns, in_stride, out_stride, size};
    CHECK(morula_transpose(context, out, in, &block) == MORULA_OK);
    for (int64_t c = 0; c < columns; c++) {
        for (int64_t r = 0; r < rows; r++) {
            CHECK(std::memcmp(out + c * out_stride + r, in + (r * in_stride + c) * size, sizeof(T)) == 0);
        }
    }
}

}  // namespace

void test_activations(Context& context) {
    constexpr int64_t sizes[] = {1, 2, 3, 15, 17, 64, 255, 300, 521};
    for (const int64_t rows : sizes) {
        for (const int64_t columns : sizes) {
            test_transpose<uint16_t>(context, rows, columns, columns, rows);
            test_transpose<uint32_t>(context, rows, columns, columns + 3, rows + 5);
            test_transpose<uint64_t>(context, rows, columns, columns + 1, rows);
        }
    }
    const morula_transposition wrong{1, 1, 1, 1, 3};
    CHECK(morula_transpose(context, nullptr, nullptr, &wrong) == MORULA_INVALID_ARGUMENT);
}

}  // namespace morula_tests
