// Times every kernel of the CUDA backend through its C ABI and holds it against what the device can do:
//
//   morula_gpu_benchmark [--quick | --tiny] [--only PART] [--table FILE]
//
// JSON lines go to standard output (output.h), a Markdown table to FILE. --only: the calls whose names contain PART.
// --quick: a third of the timings, and batches of 128 alone. Exit codes: 0, 1 if a call failed, 2 for bad usage, 5
// without a device. bench/gpu.sh builds and runs it; bench/README.md says what the figures mean.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "ceilings.h"
#include "output.h"

namespace {

using namespace morula_bench;

enum ExitCode { done = 0, failed = 1, bad_usage = 2, no_device = 5 };

struct Arguments {
    Scale scale = Scale::whole;
    std::string only, table;
    bool is_valid = true;
};

Arguments parse(int count, char** words) {
    Arguments arguments;
    for (int i = 1; i < count; i++) {
        const std::string word = words[i];
        const char* value = i + 1 < count ? words[i + 1] : nullptr;
        if (word == "--tiny" || word == "--quick") {
            arguments.scale = word == "--tiny" ? Scale::tiny : Scale::quick;
        } else if ((word == "--only" || word == "--table") && value != nullptr) {
            (word == "--only" ? arguments.only : arguments.table) = value;
            i++;
        } else {
            std::fprintf(stderr,
                         "%s: no option, or one without its value; there are --quick, --tiny, --only PART and "
                         "--table FILE\n",
                         word.c_str());
            arguments.is_valid = false;
        }
    }
    return arguments;
}

void put(const std::string& lines) {
    std::fputs(lines.c_str(), stdout);
    std::fflush(stdout);
}

void run_cases(Bench& bench) {
    bench.group("memory", [&] { memory_cases(bench); });
    bench.group("correlate", [&] { correlate_cases(bench); });
    bench.group("screen", [&] { screen_cases(bench); });
    bench.group("products", [&] { product_cases(bench); });
    bench.group("convolutions", [&] { convolution_cases(bench); });
    bench.group("layers", [&] { layer_cases(bench); });
    bench.group("pools", [&] { pool_cases(bench); });
    bench.group("optimizers", [&] { optimizer_cases(bench); });
    bench.group("samples", [&] { sample_cases(bench); });
    bench.group("steps", [&] { step_cases(bench); });
}

// The products again, without cuBLAS: from which size on it wins is to be seen here.
void measure_own_products(Bench& bench, const Arguments& arguments, const Bench::Report& report) {
    bench.group("own products", [&] {
        setenv("MORULA_CUDA_BLAS", "none", 1);
        morula_cuda_context* created = nullptr;
        require(morula_cuda_context_create(&created, 0, 0));
        const std::unique_ptr<morula_cuda_context, void (*)(morula_cuda_context*)> own(created,
                                                                                       morula_cuda_context_destroy);
        Bench own_bench(created, arguments.scale, arguments.only, report);
        product_cases(own_bench);
        if (own_bench.has_failed()) throw std::runtime_error("a product without cuBLAS failed");
    });
}

int run(const Arguments& arguments, morula_cuda_context* context) {
    put(device_line(context));
    Ceilings ceilings;
    std::vector<Measurement> all;
    const Bench::Report report = [&](const Measurement& found) {
        put(kernel_line(found, ceilings));
        all.push_back(found);
    };
    Bench bench(context, arguments.scale, arguments.only, report);
    std::string remark;
    ceilings = measure_ceilings(bench, &remark);
    put(ceiling_lines(ceilings, remark));
    run_cases(bench);
    if (uses_blas(context)) measure_own_products(bench, arguments, report);
    if (!arguments.table.empty()) {
        std::ofstream file(arguments.table);
        if (!(file << table(all, ceilings))) {
            std::fprintf(stderr, "%s cannot be written\n", arguments.table.c_str());
            return failed;
        }
    }
    return bench.has_failed() ? failed : done;
}

}  // namespace

int main(int count, char** words) {
    const Arguments arguments = parse(count, words);
    if (!arguments.is_valid) return bad_usage;
    int devices = 0;
    morula_cuda_context* context = nullptr;
    if (morula_cuda_device_count(&devices) != MORULA_OK || morula_cuda_context_create(&context, 0, 0) != MORULA_OK) {
        std::fprintf(stderr, "%s\n", morula_cuda_last_error());
        return no_device;
    }
    int status = failed;
    try {
        status = run(arguments, context);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    morula_cuda_context_destroy(context);
    return status;
}
