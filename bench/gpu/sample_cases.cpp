// What brings samples into a batch, from data sets as large as those that are usual.
#include "bench.h"

namespace morula_bench {
namespace {

void rows_case(Bench& bench, int64_t count) {
    const int64_t rows = bench.size(60000, 20), columns = bench.size(784, 33);
    const Array<float> source(bench, rows * columns), out(bench, count * columns);
    const Array<int32_t> indices(bench, random_indices(count, rows, 7));
    bench.measure("morula_cuda_gather_rows", product_of({count, columns}) + " of " + product_of({rows}),
                  {0, Arithmetic::plain, 8 * static_cast<double>(count * columns)},
                  [&] { return morula_cuda_gather_rows(bench.context(), out, source, indices, count, rows, columns); });
}

void images_case(Bench& bench, int64_t count) {
    const int64_t images = bench.size(50000, 9), size = bench.size(32, 6), channels = 3;
    const int64_t numbers = size * size * channels;
    const Array<float> source(bench, images * numbers), out(bench, count * numbers);
    const Array<int32_t> indices(bench, random_indices(count, images, 8)),
        moves(bench, random_indices(3 * count, 2, 9));
    const morula_images shape{count, images, size, size, channels, MORULA_ZEROS};
    bench.measure("morula_cuda_gather_images",
                  product_of({count, size, size, channels}) + " of " + product_of({images}),
                  {0, Arithmetic::plain, 8 * static_cast<double>(count * numbers)},
                  [&] { return morula_cuda_gather_images(bench.context(), out, source, indices, moves, &shape); });
}

}  // namespace

void sample_cases(Bench& bench) {
    for (const int64_t count : {bench.size(128, 3), bench.size(1024, 4)}) {
        bench.group("rows", [&] { rows_case(bench, count); });
        bench.group("images", [&] { images_case(bench, count); });
    }
}

}  // namespace morula_bench
