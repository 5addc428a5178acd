// Results as JSON, one object a line, and as a table.
#ifndef MORULA_BENCH_GPU_OUTPUT_H
#define MORULA_BENCH_GPU_OUTPUT_H

#include "bench.h"

namespace morula_bench {

// {"kind":"device",...}: device 0, as Morula sees it.
std::string device_line(const morula_cuda_context* context);

// {"kind":"ceiling","name":...,"unit":...,"rate":...,"why":...} a line; a rate is null where it was not measured.
std::string ceiling_lines(const Ceilings& ceilings, const std::string& remark);

// {"kind":"kernel",...}: what undefined values there are, are null; a call that failed has no figures but a failure.
std::string kernel_line(const Measurement& found, const Ceilings& ceilings);

// Markdown.
std::string table(const std::vector<Measurement>& found, const Ceilings& ceilings);

}  // namespace morula_bench

#endif
