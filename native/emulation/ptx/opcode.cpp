#include "ptx/opcode.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace morula::emulation::ptx {
namespace {

const std::map<std::string, Type> types{
    {"b8", Type::b8},     {"u8", Type::u8},         {"s8", Type::s8},   {"b16", Type::b16}, {"u16", Type::u16},
    {"s16", Type::s16},   {"b32", Type::b32},       {"u32", Type::u32}, {"s32", Type::s32}, {"b64", Type::b64},
    {"u64", Type::u64},   {"s64", Type::s64},       {"f32", Type::f32}, {"f64", Type::f64}, {"f16", Type::f16},
    {"bf16", Type::bf16}, {"pred", Type::predicate}};

}  // namespace

Opcode::Opcode(const std::string& text) : text_(text) {
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, '.');) parts_.push_back(part);
    taken_.assign(parts_.size(), false);
    taken_[0] = true;
}

bool Opcode::take(const char* modifier) {
    for (size_t i = 1; i < parts_.size(); i++) {
        if (taken_[i] || parts_[i] != modifier) continue;
        taken_[i] = true;
        return true;
    }
    return false;
}

void Opcode::take_any(std::initializer_list<const char*> modifiers) {
    for (const char* modifier : modifiers) take(modifier);
}

void Opcode::take_prefixed(const char* prefix) {
    for (size_t i = 1; i < parts_.size(); i++) {
        if (parts_[i].rfind(prefix, 0) == 0) taken_[i] = true;
    }
}

Type Opcode::take_type() {
    for (size_t i = 1; i < parts_.size(); i++) {
        const auto found = types.find(parts_[i]);
        if (taken_[i] || found == types.end()) continue;
        taken_[i] = true;
        return found->second;
    }
    return Type::none;
}

bool Opcode::all_taken() const {
    return std::all_of(taken_.begin(), taken_.end(), [](bool one) { return one; });
}

int size_of(Type type) {
    switch (type) {
        case Type::b8:
        case Type::u8:
        case Type::s8:
            return 1;
        case Type::b16:
        case Type::u16:
        case Type::s16:
        case Type::f16:
        case Type::bf16:
            return 2;
        case Type::b64:
        case Type::u64:
        case Type::s64:
        case Type::f64:
            return 8;
        default:
            return 4;
    }
}

}  // namespace morula::emulation::ptx
