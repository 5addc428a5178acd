#include "site.h"

#include <dlfcn.h>

#include <cstdio>

namespace morula::emulation::checker {
namespace {

constexpr uintptr_t first_address = 1 << 22;  // nothing is loaded below; lines of PTX are
constexpr int most_levels = 3;                // of inlining

// The next line of output, without what addr2line adds to line numbers.
std::string next_line(FILE* output) {
    char line[512] = "";
    if (std::fgets(line, sizeof line, output) == nullptr) return "";
    const std::string text = line;
    return text.substr(0, text.find_first_of(" \n"));
}

}  // namespace

std::string site_text(uintptr_t site) {
    if (site < first_address) return "PTX line " + std::to_string(site);
    Dl_info module;
    if (dladdr(reinterpret_cast<void*>(site), &module) == 0) return "an unknown place";
    char command[1024];
    std::snprintf(command, sizeof command, "addr2line -s -i -e '%s' %#zx 2>/dev/null", module.dli_fname,
                  static_cast<size_t>(site - 1 - reinterpret_cast<uintptr_t>(module.dli_fbase)));
    FILE* const output = popen(command, "r");
    if (output == nullptr) return "an unknown place";
    std::string text = next_line(output);
    for (int level = 1; level < most_levels; level++) {
        const std::string outer = next_line(output);
        if (!outer.empty()) text += " in " + outer;
    }
    pclose(output);
    return text.empty() ? std::string(module.dli_fname) : text;
}

}  // namespace morula::emulation::checker
