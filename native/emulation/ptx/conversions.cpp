// cvt, between any two types.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cfenv>
#include <cmath>
#include <limits>

#include "ptx/opcode.h"
#include "tensor_cores.h"

namespace morula::emulation::ptx {
namespace {

enum Mode : uint32_t { nearest = 1, to_zero = 2, down = 4, up = 8, flush = 16, saturate = 32, to_integer = 64 };

struct Half {
    uint16_t bits;
};
struct Bfloat {
    uint16_t bits;
};

double number(float value) { return value; }
double number(double value) { return value; }
double number(Half value) { return __half2float(__ushort_as_half(value.bits)); }
double number(Bfloat value) { return from_bits<float>(static_cast<uint64_t>(value.bits) << 16); }

int rounding(uint32_t mode) {
    if ((mode & to_zero) != 0) return FE_TOWARDZERO;
    if ((mode & down) != 0) return FE_DOWNWARD;
    return (mode & up) != 0 ? FE_UPWARD : FE_TONEAREST;
}

double to_whole(double value, uint32_t mode) {
    if ((mode & to_zero) != 0) return std::trunc(value);
    if ((mode & down) != 0) return std::floor(value);
    return (mode & up) != 0 ? std::ceil(value) : std::nearbyint(value);
}

// A float, rounded as the mode says; from an integer or a float of any width.
template <class S>
float to_float(S value, uint32_t mode) {
    volatile S source = value;
    std::fesetround(rounding(mode));
    volatile float result = static_cast<float>(source);
    std::fesetround(FE_TONEAREST);
    return result;
}

template <class D>
D narrow(float value, uint32_t mode) {
    const bool chop = (mode & to_zero) != 0;
    if constexpr (std::is_same_v<D, Half>) {
        return {__half_as_ushort(chop ? __float2half_rz(value) : __float2half_rn(value))};
    } else {
        return {__bfloat16_as_ushort(chop ? __float2bfloat16_rz(value) : __float2bfloat16_rn(value))};
    }
}

float limit(float value) { return value > 0.0f ? std::fmin(value, 1.0f) : 0.0f; }  // NaN: 0
float flushed(float value) { return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value) : value; }

// The nearest value of the integer type; 0 for NaN in those of 32 bits, as the hardware has it.
template <class D>
D to_integer_of(double value) {
    if (std::isnan(value)) return sizeof(D) == 8 ? std::numeric_limits<D>::min() : D(0);
    const double least = static_cast<double>(std::numeric_limits<D>::min());
    const double most = static_cast<double>(std::numeric_limits<D>::max());
    if (value <= least) return std::numeric_limits<D>::min();
    return value >= most ? std::numeric_limits<D>::max() : static_cast<D>(value);
}

template <class D, class S>
D clamp_integer(S value) {
    const __int128 wide = value, least = std::numeric_limits<D>::min(), most = std::numeric_limits<D>::max();
    return static_cast<D>(wide < least ? least : wide > most ? most : wide);
}

template <class D, class S>
void convert(Thread& t, const Instruction& i) {
    const uint32_t mode = i.detail;
    const S source = t.get<S>(i, 1);
    if constexpr (std::is_integral_v<D> && std::is_integral_v<S>) {
        t.set(i, 0, (mode & saturate) != 0 ? clamp_integer<D>(source) : static_cast<D>(source));
    } else if constexpr (std::is_integral_v<D>) {
        t.set(i, 0, to_integer_of<D>(to_whole(number(source), mode)));
    } else if constexpr (std::is_same_v<D, double>) {
        if constexpr (std::is_integral_v<S>) {
            t.set(i, 0, static_cast<double>(source));
        } else {
            t.set(i, 0, (mode & to_integer) != 0 ? to_whole(number(source), mode) : number(source));
        }
    } else {
        float value;
        if constexpr (std::is_integral_v<S> || std::is_same_v<S, double>) {
            value = to_float(source, mode);
        } else {
            value = static_cast<float>(number(source));
        }
        if ((mode & flush) != 0) value = flushed(value);
        if ((mode & to_integer) != 0) value = static_cast<float>(to_whole(value, mode));
        if ((mode & saturate) != 0) value = limit(value);
        if constexpr (std::is_same_v<D, float>) {
            t.set(i, 0, value);
        } else {
            t.set(i, 0, narrow<D>(value, mode));
        }
    }
}

// The first source becomes the upper half.
template <class D>
void convert_pair(Thread& t, const Instruction& i) {
    const D upper = narrow<D>(t.get<float>(i, 1), i.detail), lower = narrow<D>(t.get<float>(i, 2), i.detail);
    t.set(i, 0, static_cast<uint32_t>(upper.bits) << 16 | lower.bits);
}

void convert_to_tf32(Thread& t, const Instruction& i) { t.set(i, 0, round_to_tf32(t.get<float>(i, 1))); }

template <class F>
Handler for_any(Type type, F f) {
    if (type == Type::f16) return f(Half());
    if (type == Type::bf16) return f(Bfloat());
    return for_number(type, f);
}

void take_modes(Opcode* opcode, Instruction* i) {
    const struct {
        const char* modifier;
        uint32_t mode;
    } all[] = {{"rn", nearest},
               {"rz", to_zero},
               {"rm", down},
               {"rp", up},
               {"rni", nearest | to_integer},
               {"rzi", to_zero | to_integer},
               {"rmi", down | to_integer},
               {"rpi", up | to_integer},
               {"ftz", flush},
               {"sat", saturate}};
    for (const auto& [modifier, mode] : all) {
        if (opcode->take(modifier)) i->detail |= mode;
    }
}

}  // namespace

Handler conversion_handler(Opcode* opcode, Instruction* i) {
    if (!opcode->is("cvt")) return nullptr;
    if (opcode->text() == "cvt.rna.tf32.f32") {
        opcode->take_any({"rna", "tf32", "f32"});
        return convert_to_tf32;
    }
    take_modes(opcode, i);
    if (opcode->take("bf16x2") && opcode->take("f32")) return convert_pair<Bfloat>;
    if (opcode->take("f16x2") && opcode->take("f32")) return convert_pair<Half>;
    const Type target = opcode->take_type(), source = opcode->take_type();
    return for_any(target, [&](auto d) {
        return for_any(source, [&](auto s) -> Handler { return convert<decltype(d), decltype(s)>; });
    });
}

}  // namespace morula::emulation::ptx
