// Rows for the screen in bfloat16, made on the host: they are few numbers, and come from projections that it has.
#include "correlate/screen_rows.h"
#include "correlate/tensor_rounding.h"
#include "morula_cuda_correlate.h"

extern "C" {

int morula_cuda_screen_rows(morula_cuda_context*, float* rows, double* largest, const float* projections,
                            const morula_screen* screen, int64_t count, int side) {
    morula::make_screen_rows(rows, largest, projections, screen, count, side, morula::Storage::bfloat);
    return MORULA_OK;
}

double morula_cuda_screen_bound(const morula_cuda_context*, const morula_screen* screen, double largest) {
    const double columns = static_cast<double>(screen->rank + morula::folded);
    return morula::screen_bound(screen, largest, morula::cuda::tensor_roundings(columns));
}

}  // extern "C"
