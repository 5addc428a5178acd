// What nvcc said of each kernel, and what its PTX and machine code show.
#ifndef MORULA_RESOURCES_KERNEL_FIGURES_H
#define MORULA_RESOURCES_KERNEL_FIGURES_H

#include <map>
#include <string>

#include "resources/machine_code.h"

namespace morula::resources {

struct Figures {
    int threads = 1024;           // most of a block, by __launch_bounds__
    bool dynamic_shared = false;  // and so more shared memory than is known here
    struct OfArchitecture {
        int registers = 0, shared_bytes = 0;
        Instructions instructions;
    };
    std::map<int, OfArchitecture> by_architecture;
};

// By file ("train/pool") and mangled name; from what compile_kernels.cmake left in the folder.
std::map<std::pair<std::string, std::string>, Figures> read_figures(const std::string& folder);

}  // namespace morula::resources

#endif
