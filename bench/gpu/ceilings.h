// What the device can do at best: copies by the CUDA runtime, products by cuBLAS.
#ifndef MORULA_BENCH_GPU_CEILINGS_H
#define MORULA_BENCH_GPU_CEILINGS_H

#include "bench.h"

namespace morula_bench {

// cuBLAS is loaded when the program runs (libcublas.so.13 or .12); *remark says why products were not measured, and is
// empty if they were. With tiny sizes they are not: an emulated device's memory is no real one's.
Ceilings measure_ceilings(const Bench& bench, std::string* remark);

}  // namespace morula_bench

#endif
