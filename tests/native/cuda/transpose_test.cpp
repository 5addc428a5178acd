// Transposed blocks of odd sizes, of every size of element, inside larger matrices.
#include "morula_cuda_correlate.h"
#include "support.h"

using namespace morula_tests;

namespace {

template <class T>
void test_block(morula_cuda_context* context, int64_t rows, int64_t columns, int64_t more_in, int64_t more_out) {
    const morula_transposition block{rows, columns, columns + more_in, rows + more_out, sizeof(T)};
    std::vector<T> in(static_cast<size_t>((rows - 1) * block.in_stride + columns));
    for (size_t k = 0; k < in.size(); k++) in[k] = static_cast<T>(k * 2654435761u + 12345);
    const std::vector<T> before(static_cast<size_t>((columns - 1) * block.out_stride + rows), 77);
    DeviceBuffer<T> device_in(context, in), out(context, before);
    CHECK(morula_cuda_transpose(context, static_cast<T*>(out), static_cast<T*>(device_in), &block) == MORULA_OK);
    std::vector<T> expected = before;
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < columns; c++) {
            expected[static_cast<size_t>(c * block.out_stride + r)] = in[static_cast<size_t>(r * block.in_stride + c)];
        }
    }
    CHECK(out.get() == expected);
}

}  // namespace

CUDA_TEST(transposed_blocks) {
    for (const auto& [rows, columns] : {std::pair{1, 1}, {2, 5}, {31, 33}, {129, 67}, {64, 32}, {1, 100}}) {
        test_block<uint16_t>(context, rows, columns, 0, 3);
        test_block<uint32_t>(context, rows, columns, 5, 0);
        test_block<uint64_t>(context, rows, columns, 1, 2);
    }
}

CUDA_TEST(transpositions_that_cannot_be) {
    const morula_transposition odd{3, 3, 3, 3, 3}, narrow{3, 3, 2, 3, 4}, nothing{0, 3, 3, 3, 4};
    CHECK(morula_cuda_transpose(context, nullptr, nullptr, &odd) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_transpose(context, nullptr, nullptr, &narrow) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_transpose(context, nullptr, nullptr, &nothing) == MORULA_OK);
}
