// Copies and clearing. Copies go through the library's pinned buffers, from and to pageable memory as its callers have
// it, so their share of the link's ceiling says what that costs.
#include "bench.h"

namespace morula_bench {

void memory_cases(Bench& bench) {
    const int64_t bytes = bench.size(int64_t{1} << 28, 1 << 12);
    const double size = static_cast<double>(bytes);
    const Array<char> device(bench, bytes);
    std::vector<char> host(static_cast<size_t>(bytes), 1);
    const std::string sizes = product_of({bytes}) + " bytes";
    bench.measure("morula_cuda_upload", sizes, {0, Arithmetic::plain, 0, size, 0},
                  [&] { return morula_cuda_upload(bench.context(), device, host.data(), bytes); });
    bench.measure("morula_cuda_download", sizes, {0, Arithmetic::plain, 0, 0, size},
                  [&] { return morula_cuda_download(bench.context(), host.data(), device, bytes); });
    bench.measure("morula_cuda_clear", sizes, {0, Arithmetic::plain, size},
                  [&] { return morula_cuda_clear(bench.context(), device, bytes); });
}

}  // namespace morula_bench
