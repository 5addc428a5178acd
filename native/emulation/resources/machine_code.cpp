#include "resources/machine_code.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace morula::resources {
namespace {

enum Operation : uint64_t { hmma = 0x03c, ldsm = 0x03b, ldg = 0x181, lds = 0x184, ldgsts = 0x1ae };
constexpr uint64_t width_128 = 6;

template <class T>
T read(const std::vector<char>& bytes, size_t at) {
    T value;
    if (at + sizeof value > bytes.size()) throw std::runtime_error("a cubin that ends too early");
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

Instructions count(const std::vector<char>& bytes, size_t begin, size_t size) {
    Instructions sums;
    for (size_t at = begin; at + 16 <= begin + size; at += 16) {
        const uint64_t operation = read<uint64_t>(bytes, at) & 0x1ff, width = read<uint64_t>(bytes, at + 8) >> 9 & 7;
        if (operation == hmma) sums.tensor++;
        if (operation == ldsm) sums.wide_loads++;
        const bool load = operation == ldg || operation == lds || operation == ldgsts;
        if (load && width == width_128) sums.wide_loads++;
    }
    return sums;
}

}  // namespace

std::map<std::string, Instructions> count_instructions(const std::string& cubin_path) {
    std::ifstream file(cubin_path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const auto header = read<Elf64_Ehdr>(bytes, 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) throw std::runtime_error(cubin_path + " is no cubin");
    const auto section = [&](size_t i) { return read<Elf64_Shdr>(bytes, header.e_shoff + i * header.e_shentsize); };
    const size_t names = section(header.e_shstrndx).sh_offset;
    const std::string prefix = ".text.";
    std::map<std::string, Instructions> counts;
    for (size_t i = 0; i < header.e_shnum; i++) {
        const Elf64_Shdr one = section(i);
        const std::string name = bytes.data() + names + one.sh_name;
        if (name.rfind(prefix, 0) == 0) counts[name.substr(prefix.size())] = count(bytes, one.sh_offset, one.sh_size);
    }
    return counts;
}

}  // namespace morula::resources
