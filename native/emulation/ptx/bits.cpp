// Bits: logic, shifts, fields, and moves between registers.
#include <algorithm>
#include <bit>

#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

void bit_and(Thread& t, const Instruction& i) { t.set(i, 0, t.get<uint64_t>(i, 1) & t.get<uint64_t>(i, 2)); }
void bit_or(Thread& t, const Instruction& i) { t.set(i, 0, t.get<uint64_t>(i, 1) | t.get<uint64_t>(i, 2)); }
void bit_xor(Thread& t, const Instruction& i) { t.set(i, 0, t.get<uint64_t>(i, 1) ^ t.get<uint64_t>(i, 2)); }
void not_predicate(Thread& t, const Instruction& i) { t.set(i, 0, t.get<uint64_t>(i, 1) ^ 1); }

template <class T>
void narrow(Thread& t, const Instruction& i, Handler handler) {
    handler(t, i);
    t.set(i, 0, t.get<T>(i, 0));
}

template <class T, Handler handler>
void logic(Thread& t, const Instruction& i) {
    narrow<T>(t, i, handler);
}

template <class T>
void complement(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<T>(~t.get<T>(i, 1)));
}

template <class T>
void move(Thread& t, const Instruction& i) {
    t.set(i, 0, t.get<T>(i, 1));
}

// elements smaller ones make one, the first the lowest
template <class T>
void pack(Thread& t, const Instruction& i) {
    const int bits = 8 * static_cast<int>(sizeof(T)) / i.elements;
    uint64_t all = 0;
    for (int k = i.elements; k > 0; k--) all = all << bits | (t.get<uint64_t>(i, k) & ((uint64_t{1} << bits) - 1));
    t.set(i, 0, all);
}

template <class T>
void unpack(Thread& t, const Instruction& i) {
    const int bits = 8 * static_cast<int>(sizeof(T)) / i.elements;
    const uint64_t all = t.get<uint64_t>(i, i.elements);
    for (int k = 0; k < i.elements; k++) t.set(i, k, all >> (k * bits) & ((uint64_t{1} << bits) - 1));
}

template <class T>
void shift_left(Thread& t, const Instruction& i) {
    const uint32_t by = t.get<uint32_t>(i, 2);
    t.set(i, 0, by >= 8 * sizeof(T) ? T(0) : static_cast<T>(t.get<T>(i, 1) << by));
}

template <class T>
void shift_right(Thread& t, const Instruction& i) {
    const uint32_t by = t.get<uint32_t>(i, 2), most = 8 * sizeof(T) - 1;
    const T value = t.get<T>(i, 1);
    if (std::is_signed_v<T> || by <= most) {
        t.set(i, 0, static_cast<T>(value >> std::min(by, most)));
    } else {
        t.set(i, 0, T(0));
    }
}

// shf: the upper (left) or lower (right) half of a pair shifted.
enum Funnel : uint32_t { funnel_right = 1, funnel_clamp = 2 };
void funnel_shift(Thread& t, const Instruction& i) {
    const uint64_t pair = static_cast<uint64_t>(t.get<uint32_t>(i, 2)) << 32 | t.get<uint32_t>(i, 1);
    const uint32_t by =
        (i.detail & funnel_clamp) != 0 ? std::min(t.get<uint32_t>(i, 3), 32u) : t.get<uint32_t>(i, 3) % 32;
    t.set(i, 0, static_cast<uint32_t>((i.detail & funnel_right) != 0 ? pair >> by : pair << by >> 32));
}

void any_logic(Thread& t, const Instruction& i) {
    const uint32_t a = t.get<uint32_t>(i, 1), b = t.get<uint32_t>(i, 2), c = t.get<uint32_t>(i, 3);
    const uint32_t table = t.get<uint32_t>(i, 4);
    uint32_t result = 0;
    for (uint32_t row = 0; row < 8; row++) {
        if ((table >> row & 1) == 0) continue;
        result |= ((row & 4) != 0 ? a : ~a) & ((row & 2) != 0 ? b : ~b) & ((row & 1) != 0 ? c : ~c);
    }
    t.set(i, 0, result);
}

void permute_bytes(Thread& t, const Instruction& i) {
    const uint64_t bytes = static_cast<uint64_t>(t.get<uint32_t>(i, 2)) << 32 | t.get<uint32_t>(i, 1);
    const uint32_t selectors = t.get<uint32_t>(i, 3);
    uint32_t result = 0;
    for (int k = 0; k < 4; k++) {
        const uint32_t selector = selectors >> (4 * k) & 15;
        uint32_t byte = static_cast<uint32_t>(bytes >> (8 * (selector & 7))) & 255;
        if ((selector & 8) != 0) byte = (byte & 128) != 0 ? 255 : 0;  // its sign
        result |= byte << (8 * k);
    }
    t.set(i, 0, result);
}

template <class T>
void extract_field(Thread& t, const Instruction& i) {
    constexpr int width = 8 * sizeof(T);
    const int from = static_cast<int>(t.get<uint32_t>(i, 2) & 255),
              length = static_cast<int>(t.get<uint32_t>(i, 3) & 255);
    const auto bit = [&](int k) { return static_cast<uint64_t>(t.get<T>(i, 1)) >> std::min(k, width - 1) & 1; };
    const uint64_t sign = !std::is_signed_v<T> || length == 0 ? 0 : bit(from + length - 1);
    uint64_t result = 0;
    for (int k = 0; k < width; k++) result |= (k < length && from + k < width ? bit(from + k) : sign) << k;
    t.set(i, 0, static_cast<T>(result));
}

template <class T>
void insert_field(Thread& t, const Instruction& i) {
    constexpr int width = 8 * sizeof(T);
    const int from = static_cast<int>(t.get<uint32_t>(i, 3) & 255),
              length = static_cast<int>(t.get<uint32_t>(i, 4) & 255);
    uint64_t result = t.get<T>(i, 2);
    for (int k = 0; k < length && from + k < width; k++) {
        const uint64_t bit = uint64_t{1} << (from + k);
        result = (result & ~bit) | ((t.get<uint64_t>(i, 1) >> k & 1) != 0 ? bit : 0);
    }
    t.set(i, 0, static_cast<T>(result));
}

template <class T>
void highest_bit(Thread& t, const Instruction& i) {
    using U = std::make_unsigned_t<T>;
    const T value = t.get<T>(i, 1);
    const U bits = static_cast<U>(std::is_signed_v<T> && value < T(0) ? ~value : value);
    const uint32_t zeros = static_cast<uint32_t>(std::countl_zero(bits));
    const bool shift_amount = i.detail != 0;
    t.set(i, 0, bits == 0 ? UINT32_MAX : shift_amount ? zeros : 8 * static_cast<uint32_t>(sizeof(T)) - 1 - zeros);
}

template <class T>
void leading_zeros(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<uint32_t>(std::countl_zero(static_cast<std::make_unsigned_t<T>>(t.get<T>(i, 1)))));
}

template <class T>
void count_bits(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<uint32_t>(std::popcount(static_cast<std::make_unsigned_t<T>>(t.get<T>(i, 1)))));
}

template <class T>
void reverse_bits(Thread& t, const Instruction& i) {
    uint64_t result = 0;
    const int width = 8 * sizeof(T);
    for (int k = 0; k < width; k++) result |= (t.get<uint64_t>(i, 1) >> k & 1) << (width - 1 - k);
    t.set(i, 0, static_cast<T>(result));
}

template <Handler handler>
Handler logic_handler(Type type) {
    if (type == Type::predicate) return handler;
    return for_integer(type, [](auto zero) -> Handler { return logic<std::make_unsigned_t<decltype(zero)>, handler>; });
}

Handler move_handler(Opcode* opcode, const Instruction& i) {
    const Type type = opcode->take_type();
    if (type == Type::predicate) return move<uint64_t>;
    return for_number(type, [&](auto zero) -> Handler {
        using T = decltype(zero);
        if (i.elements == 1) return move<T>;
        // {a, b} = c or a = {b, c}: which, the parser says
        return i.detail == 0 ? unpack<T> : pack<T>;
    });
}

Handler shift_handler(Opcode* opcode) {
    const bool left = opcode->is("shl");
    return for_integer(opcode->take_type(), [=](auto zero) -> Handler {
        return left ? shift_left<decltype(zero)> : shift_right<decltype(zero)>;
    });
}

Handler field_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("bfind")) i->detail = opcode->take("shiftamt");
    const std::string& operation = opcode->operation();
    return for_integer(opcode->take_type(), [&](auto zero) -> Handler {
        using T = decltype(zero);
        if (operation == "bfe") return extract_field<T>;
        if (operation == "bfi") return insert_field<T>;
        if (operation == "bfind") return highest_bit<T>;
        if (operation == "clz") return leading_zeros<T>;
        if (operation == "popc") return count_bits<T>;
        if (operation == "brev") return reverse_bits<T>;
        return nullptr;
    });
}

}  // namespace

Handler bit_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("and")) return logic_handler<bit_and>(opcode->take_type());
    if (opcode->is("or")) return logic_handler<bit_or>(opcode->take_type());
    if (opcode->is("xor")) return logic_handler<bit_xor>(opcode->take_type());
    if (opcode->is("mov")) return move_handler(opcode, *i);
    if (opcode->is("shl") || opcode->is("shr")) return shift_handler(opcode);
    if (opcode->is("not")) {
        const Type type = opcode->take_type();
        if (type == Type::predicate) return not_predicate;
        return for_integer(type, [](auto zero) -> Handler { return complement<decltype(zero)>; });
    }
    if (opcode->is("shf")) {
        i->detail =
            (opcode->take("r") ? uint32_t{funnel_right} : 0) | (opcode->take("clamp") ? uint32_t{funnel_clamp} : 0);
        opcode->take_any({"l", "wrap", "b32"});
        return funnel_shift;
    }
    if (opcode->is("lop3") && opcode->take("b32")) return any_logic;
    if (opcode->is("prmt") && opcode->take("b32")) return permute_bytes;
    return field_handler(opcode, i);
}

}  // namespace morula::emulation::ptx
