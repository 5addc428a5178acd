// Holds the resources of the kernels against the table in native/src/README.md, or writes it:
//   resources check | update README.md FOLDER NVCC_VERSION
// Figures of another nvcc are not compared: they would differ for no fault of ours. That nothing spills is checked
// where the kernels are compiled (compile_kernels.cmake).
#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

#include "resources/kernel_figures.h"
#include "resources/occupancy.h"

using namespace morula::resources;

namespace {

const std::string table_begins = "<!-- written by nvcc ", table_ends = "<!-- end of the table -->";

// Without namespaces and parameters.
std::string readable(const std::string& mangled) {
    int status = 0;
    char* const text = abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status);
    std::string name = status == 0 ? text : mangled;
    std::free(text);
    name = std::regex_replace(name, std::regex("\\(anonymous namespace\\)::|_INTERNAL_[A-Za-z0-9_]*::|morula::|cuda::"),
                              "");
    name = std::regex_replace(name, std::regex("^void |\\([A-Za-z]+\\)(?=-?[0-9])"), "");
    int depth = 0;
    for (size_t i = 0; i < name.size(); i++) {
        depth += (name[i] == '<') - (name[i] == '>');
        if (depth == 0 && name[i] == '(') return name.substr(0, i);
    }
    return name;
}

// "48 / 48 / 50", or "48" where all are the same.
template <class F>
std::string by_architecture(const Figures& figures, F figure) {
    std::string text, first;
    bool same = true;
    for (const auto& [architecture, of] : figures.by_architecture) {
        const std::string one = std::to_string(figure(architecture, of));
        if (first.empty()) first = one;
        same &= one == first;
        text += (text.empty() ? "" : " / ") + one;
    }
    return same ? first : text;
}

std::string row(const std::string& file, const std::string& kernel, const Figures& figures) {
    using Of = Figures::OfArchitecture;
    const std::string blocks = by_architecture(figures, [&](int architecture, const Of& of) {
        return blocks_per_multiprocessor(architecture, figures.threads, of.registers, of.shared_bytes);
    });
    const char* const dynamic = figures.dynamic_shared ? " + dynamic" : "";
    const char* const at_most = figures.dynamic_shared ? "at most " : "";
    return "| " + file + " | `" + readable(kernel) + "` | " + std::to_string(figures.threads) + " | " +
           by_architecture(figures, [](int, const Of& of) { return of.registers; }) + " | " +
           by_architecture(figures, [](int, const Of& of) { return of.shared_bytes; }) + dynamic + " | " + at_most +
           blocks + " | " + by_architecture(figures, [](int, const Of& of) { return of.instructions.tensor; }) + " | " +
           by_architecture(figures, [](int, const Of& of) { return of.instructions.wide_loads; }) + " |\n";
}

std::string table(const std::string& folder) {
    std::string text =
        "| file | kernel | threads | registers | shared bytes | blocks a multiprocessor | tensor instructions | loads "
        "of 128 "
        "bits |\n|---|---|---|---|---|---|---|---|\n";
    for (const auto& [key, figures] : read_figures(folder)) text += row(key.first, key.second, figures);
    return text;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + " cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

void print_differences(const std::string& was, const std::string& is) {
    const auto lines = [](const std::string& text) {
        std::vector<std::string> all;
        for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
            all.push_back(text.substr(at, text.find('\n', at) - at));
        }
        return all;
    };
    const auto print = [&](char sign, const std::string& from, const std::string& other) {
        for (const std::string& line : lines(from)) {
            if (("\n" + other).find("\n" + line + "\n") == std::string::npos)
                std::printf("%c %s\n", sign, line.c_str());
        }
    };
    print('-', was, is);
    print('+', is, was);
}

int run(const std::string& action, const std::string& path, const std::string& folder, const std::string& version) {
    const std::string text = contents(path), is = table(folder);
    const size_t mark = text.find(table_begins), begin = text.find('\n', mark) + 1, end = text.find(table_ends);
    if (mark == std::string::npos || end == std::string::npos) throw std::runtime_error(path + " has no table");
    if (action == "update") {
        std::ofstream(path) << text.substr(0, mark) << table_begins << version << " -->\n" << is << text.substr(end);
        return 0;
    }
    const size_t named = mark + table_begins.size();
    if (text.compare(named, version.size(), version) != 0) {
        std::printf("the table is not of nvcc %s: only that nothing spills was checked\n", version.c_str());
        return 0;
    }
    const std::string was = text.substr(begin, end - begin);
    if (was == is) return 0;
    print_differences(was, is);
    std::printf("%s has other figures; if these are meant, make morula_cuda_resources writes them\n", path.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: resources check|update README.md FOLDER NVCC_VERSION\n");
        return 2;
    }
    try {
        return run(argv[1], argv[2], argv[3], argv[4]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
