// Arithmetic of integers, which wraps (this file is compiled with -fwrapv).
#include <algorithm>

#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

template <class T, int bytes = sizeof(T)>
struct Twice;
template <class T>
struct Twice<T, 1> {
    using type = std::conditional_t<std::is_signed_v<T>, int16_t, uint16_t>;
};
template <class T>
struct Twice<T, 2> {
    using type = std::conditional_t<std::is_signed_v<T>, int32_t, uint32_t>;
};
template <class T>
struct Twice<T, 4> {
    using type = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
};
template <class T>
struct Twice<T, 8> {
    using type = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
};
template <class T>
using Wide = typename Twice<T>::type;

template <class T>
T divisor(const Instruction& instruction, T value) {
    if (value == 0) fail("%s: division by zero", instruction.text);
    return value;
}

template <class T>
constexpr int bits_of = 8 * sizeof(T);

// Each is a function of an instruction's sources.
struct Add {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return static_cast<T>(a + b);
    }
};
struct Subtract {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return static_cast<T>(a - b);
    }
};
struct Divide {
    template <class T>
    static T of(const Instruction& i, T a, T b) {
        return static_cast<T>(a / divisor(i, b));
    }
};
struct Remainder {
    template <class T>
    static T of(const Instruction& i, T a, T b) {
        return static_cast<T>(a % divisor(i, b));
    }
};
struct Minimum {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return std::min(a, b);
    }
};
struct Maximum {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return std::max(a, b);
    }
};
struct MultiplyLow {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return static_cast<T>(static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b));
    }
};
struct MultiplyHigh {
    template <class T>
    static T of(const Instruction&, T a, T b) {
        return static_cast<T>((static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b)) >> bits_of<T>);
    }
};

template <class Operation, class T>
void binary(Thread& t, const Instruction& i) {
    t.set(i, 0, Operation::of(i, t.get<T>(i, 1), t.get<T>(i, 2)));
}

template <class Operation, class T>
void binary_and_add(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<T>(Operation::of(i, t.get<T>(i, 1), t.get<T>(i, 2)) + t.get<T>(i, 3)));
}

template <class T>
void multiply_wide(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<Wide<T>>(t.get<T>(i, 1)) * static_cast<Wide<T>>(t.get<T>(i, 2)));
}

template <class T>
void multiply_wide_and_add(Thread& t, const Instruction& i) {
    const Wide<T> product = static_cast<Wide<T>>(t.get<T>(i, 1)) * static_cast<Wide<T>>(t.get<T>(i, 2));
    t.set(i, 0, product + t.get<Wide<T>>(i, 3));
}

template <class T>
void negate(Thread& t, const Instruction& i) {
    t.set(i, 0, static_cast<T>(-t.get<T>(i, 1)));
}

template <class T>
void absolute(Thread& t, const Instruction& i) {
    const T value = t.get<T>(i, 1);
    t.set(i, 0, static_cast<T>(value < T(0) ? -value : value));
}

template <class Operation>
Handler binary_handler(Type type) {
    return for_integer(type, [](auto zero) -> Handler { return binary<Operation, decltype(zero)>; });
}

enum class Part { low, high, wide };

Part take_part(Opcode* opcode) {
    if (opcode->take("wide")) return Part::wide;
    if (opcode->take("hi")) return Part::high;
    opcode->take("lo");
    return Part::low;
}

Handler product_handler(Opcode* opcode, bool add) {
    const Part part = take_part(opcode);
    const Type type = opcode->take_type();
    return for_integer(type, [=](auto zero) -> Handler {
        using T = decltype(zero);
        if (part == Part::wide) {
            if constexpr (sizeof(T) < 8) return add ? multiply_wide_and_add<T> : multiply_wide<T>;
            return nullptr;
        }
        if (part == Part::high) return add ? binary_and_add<MultiplyHigh, T> : binary<MultiplyHigh, T>;
        return add ? binary_and_add<MultiplyLow, T> : binary<MultiplyLow, T>;
    });
}

}  // namespace

Handler integer_handler(Opcode* opcode, Instruction*) {
    if (opcode->is("mul")) return product_handler(opcode, false);
    if (opcode->is("mad")) return product_handler(opcode, true);
    Handler (*of_type)(Type) = nullptr;
    if (opcode->is("add")) of_type = binary_handler<Add>;
    if (opcode->is("sub")) of_type = binary_handler<Subtract>;
    if (opcode->is("div")) of_type = binary_handler<Divide>;
    if (opcode->is("rem")) of_type = binary_handler<Remainder>;
    if (opcode->is("min")) of_type = binary_handler<Minimum>;
    if (opcode->is("max")) of_type = binary_handler<Maximum>;
    if (of_type != nullptr) return of_type(opcode->take_type());
    if (opcode->is("neg")) {
        return for_integer(opcode->take_type(), [](auto zero) -> Handler { return negate<decltype(zero)>; });
    }
    if (opcode->is("abs")) {
        return for_integer(opcode->take_type(), [](auto zero) -> Handler { return absolute<decltype(zero)>; });
    }
    return nullptr;
}

}  // namespace morula::emulation::ptx
