#include "output.h"

#include <cstdio>

namespace morula_bench {
namespace {

struct NamedCeiling {
    const char *name, *unit;
    std::optional<double> rate;
};

std::vector<NamedCeiling> named(const Ceilings& c) {
    return {{"copy in device memory", "bytes/s", c.memory}, {"copy to the device", "bytes/s", c.to_device},
            {"copy to the host", "bytes/s", c.to_host},     {"cuBLAS product in bfloat16", "flop/s", c.bfloat16},
            {"cuBLAS product in tf32", "flop/s", c.tf32},   {"cuBLAS product in float32", "flop/s", c.float32}};
}

std::string text(const std::string& value) {
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return quoted + "\"";
}

std::string number(double value, const char* format = "%.6g") {
    char digits[64];
    std::snprintf(digits, sizeof digits, format, value);
    return digits;
}

std::string number(const std::optional<double>& value) { return value ? number(*value) : "null"; }

// Null for what a call has nothing of.
std::string rate(double amount, double seconds) { return amount == 0 ? "null" : number(amount / seconds); }

// Figures joined to an object.
class Object {
  public:
    Object& add(const char* name, const std::string& value) {
        members_ += (members_.empty() ? "" : ",") + text(name) + ":" + value;
        return *this;
    }
    std::string line() const { return "{" + members_ + "}\n"; }

  private:
    std::string members_;
};

const char* arithmetic_name(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::float32:
            return "float32";
        case Arithmetic::tf32:
            return "tf32";
        case Arithmetic::bfloat16:
            return "bfloat16";
        default:
            return "plain";
    }
}

std::string time_text(double seconds) {
    return seconds < 1e-3 ? number(seconds * 1e6, "%.3g us")
           : seconds < 1  ? number(seconds * 1e3, "%.3g ms")
                          : number(seconds, "%.3g s");
}

// In the unit of the ceiling that binds.
std::string rate_text(const Measurement& found, const std::optional<Bound>& bound) {
    const Work& work = found.work;
    const bool product = bound ? bound->name == "product" : work.arithmetic != Arithmetic::plain;
    if (product) return number(work.flops / found.seconds / 1e12, "%.4g TFLOP/s");
    const double link = work.to_device > work.to_host ? work.to_device : work.to_host;
    const double bytes = bound && bound->name != "memory" ? link : work.bytes;
    if (bytes == 0) return "";
    return number(bytes / found.seconds / 1e9, "%.4g GB/s");
}

}  // namespace

std::string device_line(const morula_cuda_context* context) {
    morula_cuda_device device{};
    char name[256] = "";
    require(morula_cuda_describe(&device, name, sizeof name, 0));
    Object object;
    object.add("kind", text("device")).add("name", text(name));
    object.add("computeCapability", text(std::to_string(device.major) + "." + std::to_string(device.minor)));
    object.add("memoryBytes", std::to_string(device.memory_bytes));
    object.add("multiprocessors", std::to_string(device.multiprocessors));
    object.add("blas", text(morula_cuda_blas(context)));
    object.add("driverCudaVersion", std::to_string(morula_cuda_driver_version()));
    return object.add("runtimeCudaVersion", std::to_string(morula_cuda_runtime_version())).line();
}

std::string ceiling_lines(const Ceilings& ceilings, const std::string& remark) {
    std::string lines;
    for (const NamedCeiling& ceiling : named(ceilings)) {
        Object object;
        object.add("kind", text("ceiling")).add("name", text(ceiling.name)).add("unit", text(ceiling.unit));
        lines += object.add("rate", number(ceiling.rate)).add("why", ceiling.rate ? "null" : text(remark)).line();
    }
    return lines;
}

std::string kernel_line(const Measurement& found, const Ceilings& ceilings) {
    Object object;
    object.add("kind", text("kernel")).add("entry", text(found.entry)).add("sizes", text(found.sizes));
    if (!found.failure.empty()) return object.add("failure", text(found.failure)).line();
    const Work& work = found.work;
    const std::optional<Bound> bound = bound_of(work, ceilings);
    object.add("seconds", number(found.seconds)).add("calls", std::to_string(found.calls));
    object.add("flops", number(work.flops)).add("arithmetic", text(arithmetic_name(work.arithmetic)));
    object.add("bytes", number(work.bytes)).add("bytesToDevice", number(work.to_device));
    object.add("bytesToHost", number(work.to_host));
    object.add("teraflopsPerSecond", rate(1e-12 * work.flops, found.seconds));
    object.add("gigabytesPerSecond", rate(1e-9 * work.bytes, found.seconds));
    object.add("bound", bound ? text(bound->name) : "null");
    object.add("boundSeconds", bound ? number(bound->seconds) : "null");
    return object.add("share", bound ? number(bound->seconds / found.seconds) : "null").line();
}

std::string table(const std::vector<Measurement>& found, const Ceilings& ceilings) {
    std::string lines = "| ceiling | rate |\n| --- | ---: |\n";
    for (const NamedCeiling& ceiling : named(ceilings)) {
        const bool bytes = ceiling.unit[0] == 'b';
        lines += std::string("| ") + ceiling.name + " | " +
                 (!ceiling.rate ? "not measured"
                  : bytes       ? number(*ceiling.rate / 1e9, "%.4g GB/s")
                                : number(*ceiling.rate / 1e12, "%.4g TFLOP/s")) +
                 " |\n";
    }
    lines += "\n| call | sizes | time | rate | share of what binds |\n| --- | --- | ---: | ---: | --- |\n";
    for (const Measurement& m : found) {
        lines += "| " + m.entry.substr(m.entry.rfind("morula_cuda_", 0) == 0 ? 12 : 0) + " | " + m.sizes + " | ";
        if (!m.failure.empty()) {
            lines += "failed | | " + m.failure + " |\n";
            continue;
        }
        const std::optional<Bound> bound = bound_of(m.work, ceilings);
        lines += time_text(m.seconds) + " | " + rate_text(m, bound) + " | " +
                 (bound ? number(100 * bound->seconds / m.seconds, "%.3g %% of ") + bound->name : "not known") + " |\n";
    }
    return lines;
}

}  // namespace morula_bench
