// PTX that nvcc wrote, made ready to be run: every operand is a register of 64 bits. Constants, names and special
// registers are registers too, filled when a thread starts.
#ifndef MORULA_EMULATION_PTX_MODULE_H
#define MORULA_EMULATION_PTX_MODULE_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "device.h"

namespace morula::emulation::ptx {

struct Thread;
struct Instruction;
using Handler = void (*)(Thread& thread, const Instruction& instruction);

constexpr int most_operands = 16;

enum class Space : uint8_t { generic, shared, own };  // own: of the thread, such as its parameters

struct Instruction {
    Handler handler = nullptr;
    int32_t operand[most_operands] = {};  // registers; those of a vector one after another
    int32_t operands = 0;
    int32_t predicate = -1;  // register, or always
    bool unless = false;     // the predicate holds
    Space space = Space::generic;
    uint8_t elements = 1;    // of a vector
    uint32_t detail = 0;     // for the handler
    int64_t offset[2] = {};  // of addresses
    const Instruction* target = nullptr;
    int line = 0;
    const char* text = "";
};

enum class Special {
    thread_x,
    thread_y,
    thread_z,
    threads_x,
    threads_y,
    threads_z,
    block_x,
    block_y,
    block_z,
    blocks_x,
    blocks_y,
    blocks_z,
    lane,
    warp,
    lanes_below,
    lanes_to_here,
    lanes_above,
    lanes_from_here,
    warp_size,
    dynamic_shared_size,
    parameters,  // their address
    local        // the address of the thread's own memory
};

// Shared addresses are (1 + the array's number) << array_bits, plus the byte: nothing reaches from one into another.
constexpr int array_bits = 20;

struct SharedArray {
    int slot;
    size_t bytes;
};

struct Entry {
    std::string name;
    std::string error;  // why it cannot be run; then there is no code
    std::vector<Instruction> code;
    std::vector<uint64_t> registers;  // as they are when a thread starts, but for the special ones
    struct Filled {
        int32_t which;
        Special by;
        int64_t offset;
    };
    std::vector<Filled> special;
    std::vector<SharedArray> shared;
    size_t local_bytes = 0;
    uint64_t most_threads = UINT64_MAX;  // of a block, by __launch_bounds__
};

using Module = std::map<std::string, Entry>;  // by mangled name

// Adds the kernels of a file. Throws an Error for text that is no PTX; what a kernel cannot be run for is in its entry.
void parse(const std::string& path, Module* module);

struct Thread {
    uint64_t* registers;
    const Instruction* next;
    const Entry* entry;
    char* const* shared;  // memory of the entry's arrays

    template <class T>
    T get(const Instruction& instruction, int operand) const {
        return from_bits<T>(registers[instruction.operand[operand]]);
    }
    template <class T>
    void set(const Instruction& instruction, int operand, T value) {
        registers[instruction.operand[operand]] = to_bits(value);
    }
    bool holds(const Instruction& instruction, int operand) const {
        return (registers[instruction.operand[operand]] & 1) != 0;
    }
};

}  // namespace morula::emulation::ptx

#endif
