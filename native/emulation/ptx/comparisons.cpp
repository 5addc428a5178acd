// setp and selp.
#include <cmath>

#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

struct Equal {
    template <class T>
    static bool of(T a, T b) {
        return a == b;
    }
};
struct NotEqual {
    template <class T>
    static bool of(T a, T b) {
        return a < b || a > b;  // and so not for NaN
    }
};
struct Less {
    template <class T>
    static bool of(T a, T b) {
        return a < b;
    }
};
struct LessOrEqual {
    template <class T>
    static bool of(T a, T b) {
        return a <= b;
    }
};
struct Greater {
    template <class T>
    static bool of(T a, T b) {
        return a > b;
    }
};
struct GreaterOrEqual {
    template <class T>
    static bool of(T a, T b) {
        return a >= b;
    }
};
struct Numbers {
    template <class T>
    static bool of(T a, T b) {
        return a == a && b == b;
    }
};
// Of comparisons that hold for NaN too.
template <class Comparison>
struct OrUnordered {
    template <class T>
    static bool of(T a, T b) {
        return !Numbers::of(a, b) || Comparison::of(a, b);
    }
};
struct NotNumbers {
    template <class T>
    static bool of(T a, T b) {
        return !Numbers::of(a, b);
    }
};

enum Combine : uint32_t { alone, with_and, with_or, with_xor };
constexpr uint32_t combine_mask = 3, second_result = 4, flush = 8;

template <class T>
T source(const Thread& t, const Instruction& i, int k) {
    const T value = t.get<T>(i, k);
    if constexpr (std::is_floating_point_v<T>) {
        if ((i.detail & flush) != 0 && std::fpclassify(value) == FP_SUBNORMAL) return std::copysign(T(0), value);
    }
    return value;
}

template <class Comparison, class T>
void compare(Thread& t, const Instruction& i) {
    const int first = (i.detail & second_result) != 0 ? 2 : 1;
    const bool result = Comparison::of(source<T>(t, i, first), source<T>(t, i, first + 1));
    const uint32_t how = i.detail & combine_mask;
    const bool other = how != alone && t.holds(i, first + 2);
    const auto combined = [&](bool one) -> uint64_t {
        return how == with_and ? one && other : how == with_or ? one || other : how == with_xor ? one != other : one;
    };
    const uint64_t yes = combined(result), no = combined(!result);
    t.set(i, 0, yes);
    if ((i.detail & second_result) != 0) t.set(i, 1, no);
}

template <class Comparison>
Handler handler_of(Type type) {
    return for_number(type, [](auto zero) -> Handler { return compare<Comparison, decltype(zero)>; });
}

template <class T>
void select(Thread& t, const Instruction& i) {
    t.set(i, 0, t.get<T>(i, t.holds(i, 3) ? 1 : 2));
}

Handler set_predicate(Opcode* opcode, Instruction* i) {
    const struct {
        const char* modifier;
        Handler (*handler)(Type);
    } all[] = {{"eq", handler_of<Equal>},
               {"ne", handler_of<NotEqual>},
               {"lt", handler_of<Less>},
               {"le", handler_of<LessOrEqual>},
               {"gt", handler_of<Greater>},
               {"ge", handler_of<GreaterOrEqual>},
               {"lo", handler_of<Less>},
               {"ls", handler_of<LessOrEqual>},
               {"hi", handler_of<Greater>},
               {"hs", handler_of<GreaterOrEqual>},
               {"equ", handler_of<OrUnordered<Equal>>},
               {"neu", handler_of<OrUnordered<NotEqual>>},
               {"ltu", handler_of<OrUnordered<Less>>},
               {"leu", handler_of<OrUnordered<LessOrEqual>>},
               {"gtu", handler_of<OrUnordered<Greater>>},
               {"geu", handler_of<OrUnordered<GreaterOrEqual>>},
               {"num", handler_of<Numbers>},
               {"nan", handler_of<NotNumbers>}};
    i->detail = opcode->take("and") ? with_and : opcode->take("or") ? with_or : opcode->take("xor") ? with_xor : alone;
    if (opcode->take("ftz")) i->detail |= flush;
    const int sources = i->detail % second_result == alone ? 2 : 3;
    if (i->operands == sources + 2) i->detail |= second_result;
    for (const auto& [modifier, handler] : all) {
        if (opcode->take(modifier)) return handler(opcode->take_type());
    }
    return nullptr;
}

}  // namespace

Handler comparison_handler(Opcode* opcode, Instruction* i) {
    if (opcode->is("setp")) return set_predicate(opcode, i);
    if (!opcode->is("selp")) return nullptr;
    return for_number(opcode->take_type(), [](auto zero) -> Handler { return select<decltype(zero)>; });
}

}  // namespace morula::emulation::ptx
