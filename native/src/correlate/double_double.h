// Arithmetic on unevaluated sums of two doubles: about 104 bits (Dekker 1971, Knuth; see Hida, Li, Bailey 2001).
// Only to be compiled with -ffp-contract=off: a fused multiply-add in the wrong place breaks the error terms.
#ifndef MORULA_CORRELATE_DOUBLE_DOUBLE_H
#define MORULA_CORRELATE_DOUBLE_DOUBLE_H

#include <cmath>

namespace morula {

struct DoubleDouble {
    double high, low;
};

inline DoubleDouble fast_two_sum(double a, double b) {
    const double s = a + b;
    return {s, b - (s - a)};
}

inline DoubleDouble two_sum(double a, double b) {
    const double s = a + b, z = s - a;
    return {s, (a - (s - z)) + (b - z)};
}

inline DoubleDouble two_product(double a, double b) {
    const double p = a * b;
    return {p, std::fma(a, b, -p)};
}

inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    DoubleDouble s = two_sum(a.high, b.high);
    const DoubleDouble t = two_sum(a.low, b.low);
    s = fast_two_sum(s.high, s.low + t.high);
    return fast_two_sum(s.high, s.low + t.low);
}

inline DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }

inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }

inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble p = two_product(a.high, b.high);
    return fast_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

inline DoubleDouble operator/(DoubleDouble a, double b) {
    const double q1 = a.high / b;
    const DoubleDouble r1 = a - two_product(q1, b);
    const double q2 = r1.high / b;
    const DoubleDouble r2 = r1 - two_product(q2, b);
    return fast_two_sum(q1, q2) + DoubleDouble{r2.high / b, 0};
}

inline DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
    const double q1 = a.high / b.high;
    const DoubleDouble r1 = a - b * DoubleDouble{q1, 0};
    const double q2 = r1.high / b.high;
    const DoubleDouble r2 = r1 - b * DoubleDouble{q2, 0};
    return fast_two_sum(q1, q2) + DoubleDouble{r2.high / b.high, 0};
}

inline DoubleDouble square_root(DoubleDouble a) {
    if (a.high <= 0) return {0, 0};
    const double x = std::sqrt(a.high);
    const DoubleDouble rest = a - two_product(x, x);
    return fast_two_sum(x, rest.high / (2 * x));
}

}  // namespace morula

#endif
