#include "resources/kernel_figures.h"

#include <filesystem>
#include <fstream>
#include <regex>

namespace morula::resources {
namespace {

using All = std::map<std::pair<std::string, std::string>, Figures>;

std::string with_slash(std::string name) {  // train_pool: a stage has no underscore
    if (const size_t at = name.find('_'); at != std::string::npos) name[at] = '/';
    return name;
}

// What ptxas -v printed, for all architectures.
void read_report(const std::filesystem::path& path, const std::string& file, All* all) {
    static const std::regex entry("Compiling entry function '(.*)' for 'sm_([0-9]+)'");
    static const std::regex registers("Used ([0-9]+) registers"), shared("([0-9]+) bytes smem");
    std::ifstream report(path);
    Figures::OfArchitecture* current = nullptr;
    std::smatch match;
    for (std::string line; std::getline(report, line);) {
        if (std::regex_search(line, match, entry)) {
            current = &(*all)[{file, match[1]}].by_architecture[std::stoi(match[2])];
        } else if (current != nullptr && std::regex_search(line, match, registers)) {
            current->registers = std::stoi(match[1]);
            if (std::regex_search(line, match, shared)) current->shared_bytes = std::stoi(match[1]);
        }
    }
}

void read_ptx(const std::filesystem::path& path, const std::string& file, All* all) {
    static const std::regex entry("\\.entry ([A-Za-z0-9_$]+)"),
        threads("\\.maxntid ([0-9]+)(, ([0-9]+))?(, ([0-9]+))?");
    std::ifstream ptx(path);
    Figures* current = nullptr;
    std::smatch match;
    for (std::string line; std::getline(ptx, line);) {
        if (std::regex_search(line, match, entry)) {
            const auto found = all->find({file, match[1]});
            current = found == all->end() ? nullptr : &found->second;
        } else if (current != nullptr && std::regex_search(line, match, threads)) {
            current->threads = std::stoi(match[1]);
            for (const int i : {3, 5}) current->threads *= match[i].matched ? std::stoi(match[i]) : 1;
        } else if (current != nullptr && line.find("gpu_dynamic_shared_bytes") != std::string::npos) {
            current->dynamic_shared = true;
        }
    }
}

}  // namespace

All read_figures(const std::string& folder) {
    All all;
    for (const auto& report : std::filesystem::directory_iterator(folder)) {
        if (report.path().extension() != ".txt") continue;
        const std::string name = report.path().stem().string(), file = with_slash(name);
        read_report(report.path(), file, &all);
        read_ptx(folder + "/sm_90/" + name + ".ptx", file, &all);
        for (const int architecture : {80, 90, 100}) {
            const std::string cubin = folder + "/sm_" + std::to_string(architecture) + "/" + name + ".cubin";
            for (const auto& [kernel, instructions] : count_instructions(cubin)) {
                if (const auto found = all.find({file, kernel}); found != all.end()) {
                    found->second.by_architecture[architecture].instructions = instructions;
                }
            }
        }
    }
    return all;
}

}  // namespace morula::resources
