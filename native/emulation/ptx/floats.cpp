// Arithmetic of floats. Approximate functions are as exact as the host's; the hardware's are not.
#include <cfenv>
#include <cmath>
#include <limits>

#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

enum Mode : uint32_t { flush = 1, saturate = 2, to_zero = 4, down = 8, up = 16, keep_nan = 32 };
constexpr uint32_t directed = to_zero | down | up;

template <class T>
T flushed(T value) {
    return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(T(0), value) : value;
}

class Rounding {
  public:
    explicit Rounding(uint32_t mode) {
        std::fesetround((mode & to_zero) != 0 ? FE_TOWARDZERO : (mode & down) != 0 ? FE_DOWNWARD : FE_UPWARD);
    }
    ~Rounding() { std::fesetround(FE_TONEAREST); }
    Rounding(const Rounding&) = delete;
    Rounding& operator=(const Rounding&) = delete;
};

struct Add {
    template <class T>
    static T of(T a, T b, T) {
        return a + b;
    }
};
struct Subtract {
    template <class T>
    static T of(T a, T b, T) {
        return a - b;
    }
};
struct Multiply {
    template <class T>
    static T of(T a, T b, T) {
        return a * b;
    }
};
struct MultiplyAdd {
    template <class T>
    static T of(T a, T b, T c) {
        return std::fma(a, b, c);
    }
};
struct Divide {
    template <class T>
    static T of(T a, T b, T) {
        return a / b;
    }
};
struct Minimum {
    template <class T>
    static T of(T a, T b, T) {
        return std::fmin(a, b);
    }
};
struct Maximum {
    template <class T>
    static T of(T a, T b, T) {
        return std::fmax(a, b);
    }
};
struct Absolute {
    template <class T>
    static T of(T a, T, T) {
        return std::fabs(a);
    }
};
struct Negate {
    template <class T>
    static T of(T a, T, T) {
        return -a;
    }
};
struct Root {
    template <class T>
    static T of(T a, T, T) {
        return std::sqrt(a);
    }
};
struct Reciprocal {
    template <class T>
    static T of(T a, T, T) {
        return T(1) / a;
    }
};
struct ReciprocalRoot {
    template <class T>
    static T of(T a, T, T) {
        return T(1) / std::sqrt(a);
    }
};
struct PowerOfTwo {
    template <class T>
    static T of(T a, T, T) {
        return std::exp2(a);
    }
};
struct Logarithm {
    template <class T>
    static T of(T a, T, T) {
        return std::log2(a);
    }
};
struct Sine {
    template <class T>
    static T of(T a, T, T) {
        return std::sin(a);
    }
};
struct Cosine {
    template <class T>
    static T of(T a, T, T) {
        return std::cos(a);
    }
};
struct Tangent {
    template <class T>
    static T of(T a, T, T) {
        return std::tanh(a);
    }
};
struct CopySign {
    template <class T>
    static T of(T sign, T value, T) {
        return std::copysign(value, sign);
    }
};

template <class Operation, class T, int sources>
void plain(Thread& t, const Instruction& i) {
    const T b = sources > 1 ? t.get<T>(i, 2) : T(0), c = sources > 2 ? t.get<T>(i, 3) : T(0);
    t.set(i, 0, Operation::of(t.get<T>(i, 1), b, c));
}

// With whatever modes the instruction has; the volatile operands keep the operation between the changes of rounding.
template <class Operation, class T, int sources>
void moded(Thread& t, const Instruction& i) {
    const auto source = [&](int k) {
        if (k > sources) return T(0);
        const T value = t.get<T>(i, k);
        return (i.detail & flush) != 0 ? flushed(value) : value;
    };
    volatile T a = source(1), b = source(2), c = source(3), result;
    if ((i.detail & directed) != 0) {
        const Rounding rounding(i.detail);
        result = Operation::of(T(a), T(b), T(c));
    } else {
        result = Operation::of(T(a), T(b), T(c));
    }
    T value = result;
    if ((i.detail & keep_nan) != 0 && (std::isnan(T(a)) || std::isnan(T(b))))
        value = std::numeric_limits<T>::quiet_NaN();
    if ((i.detail & flush) != 0) value = flushed(value);
    if ((i.detail & saturate) != 0) value = value > T(0) ? std::fmin(value, T(1)) : T(0);  // NaN: 0
    t.set(i, 0, value);
}

template <class Operation, int sources>
Handler handler_of(Opcode* opcode, Instruction* i) {
    const struct {
        const char* modifier;
        Mode mode;
    } modes[] = {{"ftz", flush}, {"sat", saturate}, {"rz", to_zero}, {"rm", down}, {"rp", up}, {"NaN", keep_nan}};
    opcode->take_any({"rn", "approx", "full"});
    for (const auto& [modifier, mode] : modes) {
        if (opcode->take(modifier)) i->detail |= mode;
    }
    const Type type = opcode->take_type();
    if (type == Type::f32) return i->detail == 0 ? plain<Operation, float, sources> : moded<Operation, float, sources>;
    if (type == Type::f64)
        return i->detail == 0 ? plain<Operation, double, sources> : moded<Operation, double, sources>;
    return nullptr;
}

template <class T>
void test_property(Thread& t, const Instruction& i) {
    const T value = t.get<T>(i, 1);
    const auto is = [&](int which) {
        switch (which) {
            case 0:
                return std::isfinite(value);
            case 1:
                return std::isinf(value);
            case 2:
                return !std::isnan(value);
            case 3:
                return std::isnan(value);
            case 4:
                return std::isnormal(value) || value == T(0);
            default:
                return std::fpclassify(value) == FP_SUBNORMAL;
        }
    };
    t.set(i, 0, static_cast<uint64_t>(is(static_cast<int>(i.detail))));
}

Handler property_handler(Opcode* opcode, Instruction* i) {
    for (const char* property : {"finite", "infinite", "number", "notanumber", "normal", "subnormal"}) {
        if (opcode->take(property)) break;
        i->detail++;
    }
    const Type type = opcode->take_type();
    return type == Type::f32 ? test_property<float> : type == Type::f64 ? test_property<double> : nullptr;
}

}  // namespace

Handler float_handler(Opcode* opcode, Instruction* i) {
    const struct {
        const char* operation;
        Handler (*handler)(Opcode*, Instruction*);
    } all[] = {{"add", handler_of<Add, 2>},
               {"sub", handler_of<Subtract, 2>},
               {"mul", handler_of<Multiply, 2>},
               {"fma", handler_of<MultiplyAdd, 3>},
               {"mad", handler_of<MultiplyAdd, 3>},
               {"div", handler_of<Divide, 2>},
               {"min", handler_of<Minimum, 2>},
               {"max", handler_of<Maximum, 2>},
               {"abs", handler_of<Absolute, 1>},
               {"neg", handler_of<Negate, 1>},
               {"sqrt", handler_of<Root, 1>},
               {"rcp", handler_of<Reciprocal, 1>},
               {"rsqrt", handler_of<ReciprocalRoot, 1>},
               {"ex2", handler_of<PowerOfTwo, 1>},
               {"lg2", handler_of<Logarithm, 1>},
               {"sin", handler_of<Sine, 1>},
               {"cos", handler_of<Cosine, 1>},
               {"tanh", handler_of<Tangent, 1>},
               {"copysign", handler_of<CopySign, 2>},
               {"testp", property_handler}};
    for (const auto& [operation, handler] : all) {
        if (opcode->is(operation)) return handler(opcode, i);
    }
    return nullptr;
}

}  // namespace morula::emulation::ptx
