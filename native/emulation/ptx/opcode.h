// What an opcode says, and the handlers for it.
#ifndef MORULA_EMULATION_PTX_OPCODE_H
#define MORULA_EMULATION_PTX_OPCODE_H

#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include "ptx/module.h"

namespace morula::emulation::ptx {

enum class Type { none, b8, u8, s8, b16, u16, s16, b32, u32, s32, b64, u64, s64, f32, f64, f16, bf16, predicate };

// "add.rn.f32" is the operation add with modifiers, of which a handler takes those that it honours. One that nobody
// took makes the instruction unknown.
class Opcode {
  public:
    explicit Opcode(const std::string& text);

    const std::string& operation() const { return parts_[0]; }
    bool is(const char* operation) const { return parts_[0] == operation; }
    bool take(const char* modifier);
    void take_any(std::initializer_list<const char*> modifiers);
    void take_prefixed(const char* prefix);
    Type take_type();  // the next one; none if there is no more
    bool all_taken() const;
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::vector<std::string> parts_;
    std::vector<bool> taken_;
};

// Each returns the handler of opcodes of its kind, or nullptr.
Handler integer_handler(Opcode* opcode, Instruction* instruction);
Handler bit_handler(Opcode* opcode, Instruction* instruction);
Handler float_handler(Opcode* opcode, Instruction* instruction);
Handler comparison_handler(Opcode* opcode, Instruction* instruction);
Handler conversion_handler(Opcode* opcode, Instruction* instruction);
Handler memory_handler(Opcode* opcode, Instruction* instruction);
Handler atomic_handler(Opcode* opcode, Instruction* instruction);
Handler control_handler(Opcode* opcode, Instruction* instruction);
Handler warp_handler(Opcode* opcode, Instruction* instruction);
Handler tensor_handler(Opcode* opcode, Instruction* instruction);

// Calls f(T()) for the type that a register of that type holds; nullptr if there is none.
template <class F>
Handler for_integer(Type type, F f) {
    switch (type) {
        case Type::b8:
        case Type::u8:
            return f(uint8_t());
        case Type::s8:
            return f(int8_t());
        case Type::b16:
        case Type::u16:
            return f(uint16_t());
        case Type::s16:
            return f(int16_t());
        case Type::b32:
        case Type::u32:
            return f(uint32_t());
        case Type::s32:
            return f(int32_t());
        case Type::b64:
        case Type::u64:
            return f(uint64_t());
        case Type::s64:
            return f(int64_t());
        default:
            return nullptr;
    }
}

template <class F>
Handler for_number(Type type, F f) {
    if (type == Type::f32) return f(float());
    if (type == Type::f64) return f(double());
    return for_integer(type, f);
}

// Of a vector's element or a scalar, as bits.
int size_of(Type type);

// The memory that an address operand names, once it was found to be the thread's to use.
char* memory(Thread& thread, const Instruction& instruction, int operand, int address, size_t bytes, bool write,
             bool atomic);

}  // namespace morula::emulation::ptx

#endif
