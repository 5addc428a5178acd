// Counts instructions in the machine code of kernels, by what is known of its encoding on sm_80 to sm_100: words of 16
// bytes, of which bits 0-8 are the operation and, for accesses of memory, bits 73-75 their width.
#ifndef MORULA_RESOURCES_MACHINE_CODE_H
#define MORULA_RESOURCES_MACHINE_CODE_H

#include <map>
#include <string>

namespace morula::resources {

struct Instructions {
    int tensor = 0;      // HMMA
    int wide_loads = 0;  // of 128 bits: LDG, LDS, LDSM, and LDGSTS where its width is known
};

// By mangled name of kernel. Throws std::runtime_error for a file that is no cubin.
std::map<std::string, Instructions> count_instructions(const std::string& cubin_path);

}  // namespace morula::resources

#endif
