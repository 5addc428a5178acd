// Loads, stores, atomic operations, and conversions between addresses. Every access is told to the checker.
#include <algorithm>
#include <cstring>

#include "checker.h"
#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

constexpr uint64_t array_mask = (uint64_t{1} << array_bits) - 1;

char* shared_address(const Thread& t, const Instruction& i, uint64_t address) {
    const uint64_t array = address >> array_bits;
    if (array == 0 || array > t.entry->shared.size()) {
        fail("%s: %#llx is no address in shared memory", i.text, static_cast<unsigned long long>(address));
    }
    return t.shared[array - 1] + (address & array_mask);
}

checker::Access kind(bool write, bool atomic) {
    if (write) return atomic ? checker::Access::atomic_write : checker::Access::write;
    return atomic ? checker::Access::atomic_read : checker::Access::read;
}

enum Detail : uint32_t { is_volatile = 1 };

template <class T>
void load(Thread& t, const Instruction& i) {
    const char* const from = memory(t, i, i.elements, 0, sizeof(T) * i.elements, false, i.detail == is_volatile);
    for (int k = 0; k < i.elements; k++) {
        T value;
        std::memcpy(&value, from + static_cast<size_t>(k) * sizeof(T), sizeof value);
        // extended to the register's width; who reads less of it cuts it off
        if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
            t.set(i, k, static_cast<int64_t>(value));
        } else {
            t.set(i, k, value);
        }
    }
}

template <class T>
void store(Thread& t, const Instruction& i) {
    char* const to = memory(t, i, 0, 0, sizeof(T) * i.elements, true, i.detail == is_volatile);
    for (int k = 0; k < i.elements; k++) {
        const T value = t.get<T>(i, k + 1);
        std::memcpy(to + static_cast<size_t>(k) * sizeof(T), &value, sizeof value);
    }
}

void take_space(Opcode* opcode, Instruction* i) {
    if (opcode->take("shared") || opcode->take("shared::cta")) i->space = Space::shared;
    if (opcode->take("param") || opcode->take("local")) i->space = Space::own;
    opcode->take_any({"global", "const"});
}

// Hints on caches, and the order among other blocks, change nothing here.
void take_hints(Opcode* opcode) {
    opcode->take_any({"nc", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "weak", "relaxed", "acquire", "release",
                      "acq_rel", "cta", "gpu", "sys"});
    opcode->take_prefixed("L1::");
    opcode->take_prefixed("L2::");
}

Handler access_handler(Opcode* opcode, Instruction* i) {
    const bool is_load = opcode->is("ld");
    take_space(opcode, i);
    if (opcode->take("volatile")) i->detail = is_volatile;
    take_hints(opcode);
    opcode->take_any({"v2", "v4", "v8"});  // the parser counted
    return for_number(opcode->take_type(),
                      [=](auto zero) -> Handler { return is_load ? load<decltype(zero)> : store<decltype(zero)>; });
}

void to_generic(Thread& t, const Instruction& i) {
    const uint64_t address = t.get<uint64_t>(i, 1);
    t.set(i, 0, i.space == Space::shared ? reinterpret_cast<uint64_t>(shared_address(t, i, address)) : address);
}

void to_shared(Thread& t, const Instruction& i) {
    const uint64_t address = t.get<uint64_t>(i, 1);
    for (size_t k = 0; k < t.entry->shared.size(); k++) {
        const uint64_t begin = reinterpret_cast<uint64_t>(t.shared[k]);
        if (address < begin || address > begin + std::max(t.entry->shared[k].bytes, size_t{1})) continue;
        t.set(i, 0, ((k + 1) << array_bits) + (address - begin));
        return;
    }
    fail("%s: the address is not in shared memory", i.text);
}

void copy_register(Thread& t, const Instruction& i) { t.set(i, 0, t.get<uint64_t>(i, 1)); }

Handler address_handler(Opcode* opcode, Instruction* i) {
    const bool to_space = opcode->take("to");
    take_space(opcode, i);
    opcode->take_any({"u64", "u32"});
    if (i->space != Space::shared) return copy_register;
    return to_space ? to_shared : to_generic;
}

struct Add {
    template <class T>
    static T of(T before, T value) {
        return static_cast<T>(before + value);
    }
};
struct Minimum {
    template <class T>
    static T of(T before, T value) {
        return std::min(before, value);
    }
};
struct Maximum {
    template <class T>
    static T of(T before, T value) {
        return std::max(before, value);
    }
};
struct Exchange {
    template <class T>
    static T of(T, T value) {
        return value;
    }
};
template <class T>
uint64_t bits(T value) {
    return to_bits(value);
}
struct And {
    template <class T>
    static T of(T before, T value) {
        return from_bits<T>(bits(before) & bits(value));
    }
};
struct Or {
    template <class T>
    static T of(T before, T value) {
        return from_bits<T>(bits(before) | bits(value));
    }
};
struct Xor {
    template <class T>
    static T of(T before, T value) {
        return from_bits<T>(bits(before) ^ bits(value));
    }
};

// One thread of the host runs all, so that nothing comes between.
template <class Operation, class T>
void update(Thread& t, const Instruction& i) {
    const int first = i.operands - 2;  // 0 for red, which keeps nothing
    char* const at = memory(t, i, first, 0, sizeof(T), true, true);
    T before;
    std::memcpy(&before, at, sizeof before);
    const T after = Operation::of(before, t.get<T>(i, first + 1));
    std::memcpy(at, &after, sizeof after);
    if (first > 0) t.set(i, 0, before);
}

template <class T>
void compare_and_swap(Thread& t, const Instruction& i) {
    char* const at = memory(t, i, 1, 0, sizeof(T), true, true);
    T before;
    std::memcpy(&before, at, sizeof before);
    if (const T value = t.get<T>(i, 3); before == t.get<T>(i, 2)) std::memcpy(at, &value, sizeof value);
    t.set(i, 0, before);
}

template <class Operation>
Handler update_handler(Type type) {
    return for_number(type, [](auto zero) -> Handler { return update<Operation, decltype(zero)>; });
}

}  // namespace

char* memory(Thread& t, const Instruction& i, int operand, int address, size_t bytes, bool write, bool atomic) {
    const uint64_t base = t.get<uint64_t>(i, operand), number = base + static_cast<uint64_t>(i.offset[address]);
    if (i.space == Space::own) return reinterpret_cast<char*>(number);
    const bool shared = i.space == Space::shared && address == 0;
    char* const at = shared ? shared_address(t, i, number & UINT32_MAX) : reinterpret_cast<char*>(number);
    if (reinterpret_cast<uintptr_t>(at) % bytes != 0) {
        fail("%s: an address that is no multiple of %zu", i.text, bytes);
    }
    checker::device_access(at, bytes, kind(write, atomic), static_cast<uintptr_t>(i.line));
    return at;
}

Handler memory_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("ld") || opcode->is("st")) return access_handler(opcode, i);
    return opcode->is("cvta") ? address_handler(opcode, i) : nullptr;
}

Handler atomic_handler(Opcode* opcode, Instruction* i) {
    if (!opcode->is("atom") && !opcode->is("red")) return nullptr;
    take_space(opcode, i);
    take_hints(opcode);
    if (opcode->take("cas")) {
        return for_integer(opcode->take_type(), [](auto zero) -> Handler { return compare_and_swap<decltype(zero)>; });
    }
    const struct {
        const char* modifier;
        Handler (*handler)(Type);
    } all[] = {{"add", update_handler<Add>},       {"min", update_handler<Minimum>}, {"max", update_handler<Maximum>},
               {"exch", update_handler<Exchange>}, {"and", update_handler<And>},     {"or", update_handler<Or>},
               {"xor", update_handler<Xor>}};
    for (const auto& [modifier, handler] : all) {
        if (opcode->take(modifier)) return handler(opcode->take_type());
    }
    return nullptr;
}

}  // namespace morula::emulation::ptx
