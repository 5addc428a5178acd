// ptx.cpp - run the PTX that nvcc really emits, on the emulator's scheduler. The same tests, but g++'s version of
// a kernel only lends its (identically mangled) name. Unknown instructions are errors, never guesses.
#include <dlfcn.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <unordered_map>

#include "check.h"
#include "cudaemu.h"

namespace cudaemu {
namespace {
enum T : uint8_t { none, b8, u8, s8, b16, u16, s16, b32, u32, s32, f32, b64, u64, s64, f64, pred, bf16 };
enum B : uint8_t {
    ABS,
    ADD,
    SUB,
    MUL,
    MAD,
    FMA,
    DIV,
    REM,
    MAX,
    MIN,
    NEG,
    AND,
    OR,
    XOR,
    NOT,
    SHL,
    SHR,
    SETP,
    SELP,
    MOV,
    CVT,
    CVTA,
    LD,
    ST,
    ATOM,
    BAR,
    WSYNC,
    SHFL,
    VOTE,
    BRA,
    RET,
    POPC,
    BFIND,
    CLZ,
    BREV,
    BFI,
    BFE,
    EX2,
    LG2,
    RCP,
    SQRT,
    RSQRT,
    MMA,
    WLOAD,
    WSTORE,
    WMMA,
    CPA,
    CPC,
    CPW
};
struct Opd {
    enum K : uint8_t { R, I, S, V, A, L } k = I;
    int r = -1;
    uint64_t v = 0;
    std::vector<Opd> e;
};  // reg, imm, special, vector, address, label
struct Ins {
    B b{};
    T t{}, t2{};
    int p = -1;
    bool pn = false;
    int vec = 1, line = 0;
    uint8_t cmp = 0, form = 0;
    bool shared = false, param = false;
    std::vector<Opd> o;
    std::string text;
};
struct Var {
    std::string name;
    uint32_t off, n;
};
struct Entry {
    std::vector<std::pair<std::string, T>> params;
    std::vector<uint32_t> poff;
    std::vector<Var> shared;
    uint32_t shared_bytes = 16;
    int slot = -1, regs = 0;
    std::vector<Ins> code;
};
std::map<std::string, Entry> entries;
const char* names[] = {"",    "b8",  "u8",  "s8",  "b16", "u16", "s16",  "b32", "u32",
                       "s32", "f32", "b64", "u64", "s64", "f64", "pred", "bf16"};
int size_of(T t) { return t <= none ? 0 : t <= s8 ? 1 : t <= s16 || t == bf16 ? 2 : t <= f32 ? 4 : t <= f64 ? 8 : 1; }
T type_of(const std::string& s) {
    for (int i = 1; i < 17; ++i)
        if (s == names[i]) return T(i);
    return none;
}
std::vector<std::string> split(const std::string& s, char c) {
    std::vector<std::string> v;
    std::stringstream ss(s);
    for (std::string x; std::getline(ss, x, c);) v.push_back(x);
    return v;
}
const char* specials[] = {"%tid.x",   "%tid.y",   "%tid.z",    "%ntid.x",   "%ntid.y",   "%ntid.z", "%ctaid.x",
                          "%ctaid.y", "%ctaid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z", "%laneid", "WARP_SZ"};

struct Parser {
    Entry* e;
    std::unordered_map<std::string, int> regs;
    std::unordered_map<std::string, int> labels;
    std::map<std::string, uint32_t> syms;
    [[noreturn]] void bad(int line, const std::string& s) {
        throw Error("ptx line " + std::to_string(line) + ": cannot run: " + s);
    }
    int reg(const std::string& s) {
        auto [it, n] = regs.emplace(s, int(regs.size()));
        (void)n;
        return it->second;
    }
    Opd operand(std::string s, int line) {
        Opd o;
        while (!s.empty() && isspace(s.back())) s.pop_back();
        while (!s.empty() && isspace(s[0])) s.erase(0, 1);
        if (s[0] == '{') {
            o.k = Opd::V;
            for (auto& x : split(s.substr(1, s.size() - 2), ',')) o.e.push_back(operand(x, line));
            return o;
        }
        if (s[0] == '[') {
            o.k = Opd::A;
            std::string in = s.substr(1, s.size() - 2);
            size_t plus = in.find('+');
            if (plus != std::string::npos) {
                o.v = uint64_t(strtoll(in.c_str() + plus + 1, nullptr, 0));
                in = in.substr(0, plus);
            }
            o.e.push_back(operand(in, line));
            return o;
        }
        for (int i = 0; i < 14; ++i)
            if (s == specials[i]) {
                o.k = Opd::S;
                o.v = uint64_t(i);
                return o;
            }
        if (s == "_") {
            o.k = Opd::R;
            o.r = -1;
            return o;
        }
        if (s[0] == '%') {
            o.k = Opd::R;
            o.r = reg(s);
            return o;
        }
        if (s[0] == '0' && (s[1] == 'f' || s[1] == 'F')) {
            o.v = strtoull(s.c_str() + 2, nullptr, 16);
            return o;
        }
        if (s[0] == '0' && (s[1] == 'd' || s[1] == 'D')) {
            o.v = strtoull(s.c_str() + 2, nullptr, 16);
            return o;
        }
        if (isdigit(s[0]) || s[0] == '-') {
            o.v = s[0] == '-' ? uint64_t(strtoll(s.c_str(), nullptr, 0)) : strtoull(s.c_str(), nullptr, 0);
            return o;
        }
        if (s[0] == '$') {
            o.k = Opd::L;
            o.v = uint64_t(reg(s));
            return o;
        }
        auto it = syms.find(s);
        if (it == syms.end()) bad(line, "operand " + s);
        o.v = it->second;
        return o;
    }
    void instruction(std::string s, int line) {
        Ins i;
        i.line = line;
        i.text = s;
        if (s[0] == '@') {
            size_t sp = s.find_first_of(" \t");
            std::string p = s.substr(1, sp - 1);
            if (p[0] == '!') {
                i.pn = true;
                p.erase(0, 1);
            }
            i.p = reg(p);
            s.erase(0, s.find_first_not_of(" \t", sp));
        }
        size_t sp = s.find_first_of(" \t");
        std::string op = s.substr(0, sp), rest = sp == std::string::npos ? "" : s.substr(sp + 1);
        auto m = split(op, '.');
        auto has = [&](const char* x) { return std::find(m.begin(), m.end(), x) != m.end(); };
        for (auto& x : m)
            if (T t = type_of(x)) {
                if (!i.t)
                    i.t = t;
                else
                    i.t2 = t;
            }
        static const std::map<std::string, B> base = {
            {"abs", ABS},   {"add", ADD},   {"sub", SUB},     {"mul", MUL},   {"mad", MAD},   {"fma", FMA},
            {"div", DIV},   {"rem", REM},   {"max", MAX},     {"min", MIN},   {"neg", NEG},   {"and", AND},
            {"or", OR},     {"xor", XOR},   {"not", NOT},     {"shl", SHL},   {"shr", SHR},   {"setp", SETP},
            {"selp", SELP}, {"mov", MOV},   {"cvt", CVT},     {"cvta", CVTA}, {"ld", LD},     {"st", ST},
            {"atom", ATOM}, {"red", ATOM},  {"shfl", SHFL},   {"vote", VOTE}, {"bra", BRA},   {"ret", RET},
            {"exit", RET},  {"popc", POPC}, {"bfind", BFIND}, {"clz", CLZ},   {"brev", BREV}, {"bfi", BFI},
            {"bfe", BFE},   {"ex2", EX2},   {"lg2", LG2},     {"rcp", RCP},   {"sqrt", SQRT}, {"rsqrt", RSQRT}};
        auto it = base.find(m[0]);
        if (it != base.end())
            i.b = it->second;
        else if (op == "bar.sync" || op == "barrier.sync")
            i.b = BAR;
        else if (op == "bar.warp.sync")
            i.b = WSYNC;
        else if (op == "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32") {
            i.b = MMA;
            i.form = 0;
        } else if (op == "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32") {
            i.b = MMA;
            i.form = 1;
        } else if (op.rfind("wmma.load.", 0) == 0 && has("m16n16k16") && has("bf16")) {
            i.b = WLOAD;
            i.form = uint8_t((m[2] == "b") | (has("col") << 1));
        } else if (op.rfind("wmma.store.d", 0) == 0 && has("m16n16k16") && has("f32") && has("row"))
            i.b = WSTORE;
        else if (op == "wmma.mma.sync.aligned.row.col.m16n16k16.f32.bf16.bf16.f32")
            i.b = WMMA;
        else if (op == "cp.async.cg.shared.global")
            i.b = CPA;
        else if (op == "cp.async.commit_group")
            i.b = CPC;
        else if (op == "cp.async.wait_group")
            i.b = CPW;
        else
            bad(line, op);
        i.shared = has("shared");
        i.param = has("param");
        i.vec = has("v4") ? 4 : has("v2") ? 2 : 1;
        if (i.b == SETP) {
            static const char* c[] = {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu"};
            i.cmp = 99;
            for (int k = 0; k < 12; ++k)
                if (m[1] == c[k]) i.cmp = uint8_t(k);
            if (i.cmp == 99 || m.size() > 3) bad(line, op);
        }
        if (i.b == MUL || i.b == MAD) i.form = has("wide") ? 1 : has("hi") ? 2 : 0;
        if (i.b == SHFL) i.form = has("idx") ? 0 : has("up") ? 1 : has("down") ? 2 : 3;
        if (i.b == VOTE) i.form = has("ballot") ? 0 : has("any") ? 1 : 2;
        if (i.b == ATOM) {
            static const char* c[] = {"add", "max", "min", "exch", "cas", "and", "or"};
            i.cmp = 99;
            for (int k = 0; k < 7; ++k)
                if (has(c[k])) i.cmp = uint8_t(k);
            i.form = m[0] == "red";
            if (i.cmp > 4) bad(line, op);
        }
        if (i.b == CVT) {
            i.form = 0;
            if (has("rna"))
                i.form = 1;
            else if (has("rzi"))
                i.form = 2;
            else if (has("rni"))
                i.form = 3;
            if (op == "cvt.rna.tf32.f32") {
                i.form = 1;
                i.t = b32;
                i.t2 = f32;
            }
        }
        if (i.b == BFIND) i.form = has("shiftamt");
        if (i.b == CVTA) i.form = has("to");
        // operands: split at commas outside brackets; d|p
        std::string cur;
        int depth = 0;
        std::vector<std::string> parts;
        for (char c : rest) {
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            if (c == ',' && !depth) {
                parts.push_back(cur);
                cur.clear();
            } else
                cur += c;
        }
        if (cur.find_first_not_of(" \t") != std::string::npos) parts.push_back(cur);
        for (auto& x : parts) {
            size_t bar = x.find('|');
            if (bar != std::string::npos) {
                i.o.push_back(operand(x.substr(0, bar), line));
                i.o.push_back(operand(x.substr(bar + 1), line));
            } else
                i.o.push_back(operand(x, line));
        }
        if (i.b == SHFL && i.o.size() == 5) {
            Opd dummy;
            dummy.k = Opd::R;
            i.o.insert(i.o.begin() + 1, dummy);
        }
        e->code.push_back(i);
    }
};

void parse(std::istream& in) {
    std::string l;
    int line = 0;
    std::unique_ptr<Parser> p;
    bool header = false, skip = false;
    std::vector<std::pair<int, std::string>> dummy;
    while (std::getline(in, l)) {
        ++line;
        size_t c = l.find("//");
        if (c != std::string::npos) l.erase(c);
        size_t a = l.find_first_not_of(" \t");
        if (a == std::string::npos) continue;
        l = l.substr(a);
        while (!l.empty() && (isspace(l.back()) || l.back() == ';')) l.pop_back();
        if (l.size() > 1 && l.back() == '}' && l.find(';') != std::string::npos)
            l.erase(l.rfind(';'));  // "...; }" of a nested scope
        if (l.empty()) continue;
        if (l.find(".entry") != std::string::npos) {
            std::string n = l.substr(l.find(".entry") + 7);
            n = n.substr(0, n.find('('));
            p.reset(new Parser);
            p->e = &entries[n];
            *p->e = Entry();
            header = true;
            continue;
        }
        if (l.find(".func") != std::string::npos) {
            skip = true;
            p.reset();
            continue;
        }
        if (skip) {
            if (l == "}") skip = false;
            continue;
        }
        if (!p) continue;
        if (header) {
            if (l.rfind(".param", 0) == 0) {
                if (l.back() == ',') l.pop_back();
                auto m = split(l, ' ');
                T t = type_of(m[1].substr(1));
                std::string n = m.back();
                if (n.back() == ']') throw Error("ptx: struct parameter " + n);
                uint32_t off = p->e->poff.empty() ? 0 : p->e->poff.back() + size_of(p->e->params.back().second);
                off = (off + size_of(t) - 1) / size_of(t) * size_of(t);
                p->e->params.push_back({n, t});
                p->e->poff.push_back(off);
                p->syms[n] = off;
            }
            if (l == "{") header = false;
            continue;
        }
        if (l == "}") {
            for (Ins& i : p->e->code)
                for (Opd& o : i.o)
                    if (o.k == Opd::L) {
                        for (auto& [n, r] : p->regs)
                            if (n[0] == '$' && uint64_t(r) == o.v) {
                                o.v = uint64_t(p->labels.at(n));
                                break;
                            }
                    }
            p->e->regs = int(p->regs.size());
            Ins end;
            end.b = RET;
            p->e->code.push_back(end);
            p->e->slot = new_slot(p->e->shared_bytes, "shared memory (PTX)");
            p.reset();
            continue;
        }
        if (l.rfind(".reg", 0) == 0 || l.rfind(".maxntid", 0) == 0 || l.rfind(".minnctapersm", 0) == 0 ||
            l.rfind(".pragma", 0) == 0 || l[0] == '{')
            continue;
        if (l.rfind(".shared", 0) == 0) {
            std::string n = l.substr(l.rfind(' ') + 1);
            size_t b = n.find('[');
            uint32_t bytes = uint32_t(atoi(n.c_str() + b + 1));
            n = n.substr(0, b);
            uint32_t off = (p->e->shared_bytes + 255) / 128 * 128;  // a gap between arrays
            p->e->shared.push_back({n, off, bytes});
            p->e->shared_bytes = off + bytes;
            p->syms[n] = off;
            continue;
        }
        if (l[0] == '$' && l.back() == ':') {
            p->labels[l.substr(0, l.size() - 1)] = int(p->e->code.size());
            continue;
        }
        if (l[0] == '.') throw Error("ptx line " + std::to_string(line) + ": " + l);
        p->instruction(l, line);
    }
}

struct Run {
    const Entry* e;
    const char* params;
};
template <class V>
V as(uint64_t u) {
    V v;
    memcpy(&v, &u, sizeof v);
    return v;
}
template <class V>
uint64_t bits(V v) {
    uint64_t u = 0;
    memcpy(&u, &v, sizeof v);
    return u;
}
template <class V>
bool compare(int c, V a, V b) {
    bool un = a != a || b != b;
    switch (c) {
        case 0:
            return a == b;
        case 1:
            return !un && a != b;
        case 2:
            return a < b;
        case 3:
            return a <= b;
        case 4:
            return a > b;
        case 5:
            return a >= b;
        case 6:
            return un || a == b;
        case 7:
            return un || a != b;
        case 8:
            return un || a < b;
        case 9:
            return un || a <= b;
        case 10:
            return un || a > b;
        default:
            return un || a >= b;
    }
}
int64_t sx(uint64_t v, T t) { return t == s32 ? int32_t(v) : t == s16 ? int16_t(v) : t == s8 ? int8_t(v) : int64_t(v); }
uint64_t trunc_to(uint64_t v, T t) {
    int n = size_of(t);
    return n == 8 || t == pred ? v : v & ((1ull << (8 * n)) - 1);
}
using FA = nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, 16, __nv_bfloat16, nvcuda::wmma::row_major>;
using FB = nvcuda::wmma::fragment<nvcuda::wmma::matrix_b, 16, 16, 16, __nv_bfloat16, nvcuda::wmma::col_major>;
using FC = nvcuda::wmma::fragment<nvcuda::wmma::accumulator, 16, 16, 16, float>;

void interpret(const void* pv) {
    const Run& run = *static_cast<const Run*>(pv);
    const Entry& e = *run.e;
    std::unique_ptr<uint64_t[]> regs(new uint64_t[size_t(e.regs) + 1]);
    for (int i = 0; i <= e.regs; ++i) regs[size_t(i)] = 0xdeadbeefdeadbeefull;
    char* const sh = e.shared.empty() ? nullptr : static_cast<char*>(shared_slot(e.slot));
    uint64_t* const R = regs.get();
    size_t pc = 0;
    auto special = [&](uint64_t k) -> uint64_t {
        const State& s = *g;
        switch (k) {
            case 0:
                return s.cur->tid.x;
            case 1:
                return s.cur->tid.y;
            case 2:
                return s.cur->tid.z;
            case 3:
                return s.block.x;
            case 4:
                return s.block.y;
            case 5:
                return s.block.z;
            case 6:
                return s.bid.x;
            case 7:
                return s.bid.y;
            case 8:
                return s.bid.z;
            case 9:
                return s.grid.x;
            case 10:
                return s.grid.y;
            case 11:
                return s.grid.z;
            case 12:
                return uint64_t(s.cur->lin & 31);
            default:
                return 32;
        }
    };
    auto in = [&](const Opd& o) -> uint64_t { return o.k == Opd::R ? R[o.r] : o.k == Opd::S ? special(o.v) : o.v; };
    auto out = [&](const Opd& o, uint64_t v) {
        if (o.r >= 0) R[o.r] = v;
    };
    auto pointer = [&](const Ins& i, const Opd& o, int n, bool write, bool atomic = false) -> char* {
        uint64_t a = in(o.e[0]) + o.v;
        if (i.shared) {
            uint32_t s = uint32_t(a);
            for (const Var& v : e.shared)
                if (s >= v.off && s + uint32_t(n) <= v.off + v.n) {
                    a = uint64_t(sh + s);
                    goto ok;
                }
            fail("ptx line %d: %s: shared address %u is outside every array", i.line, i.text.c_str(), s);
        ok:;
        }
        if (a % uint64_t(n)) fail("ptx line %d: %s: address is not %d-byte aligned", i.line, i.text.c_str(), n);
        check::access(a, size_t(n), write, atomic, uintptr_t(i.line));
        return reinterpret_cast<char*>(a);
    };
    for (;;) {
        const Ins& i = e.code[pc++];
        if (i.p >= 0 && ((R[i.p] & 1) != 0) == i.pn) continue;
        const auto& o = i.o;
        switch (i.b) {
            case MOV:
                if (o[0].k == Opd::V) {
                    uint64_t v = in(o[1]);
                    int n = 64 / int(o[0].e.size());
                    if (i.t == b32) n = 32 / int(o[0].e.size());
                    for (auto& x : o[0].e) {
                        out(x, n == 64 ? v : v & ((1ull << n) - 1));
                        v >>= n;
                    }
                } else if (o[1].k == Opd::V) {
                    uint64_t v = 0;
                    int n = (i.t == b32 ? 32 : 64) / int(o[1].e.size());
                    for (size_t k = o[1].e.size(); k--;) v = v << n | (in(o[1].e[k]) & ((1ull << n) - 1));
                    out(o[0], v);
                } else
                    out(o[0], trunc_to(in(o[1]), i.t));
                break;
            case LD: {
                if (i.param) {
                    out(o[0], 0);
                    uint64_t v = 0;
                    memcpy(&v, run.params + o[1].e[0].v + o[1].v, size_t(size_of(i.t)));
                    out(o[0], v);
                    break;
                }
                const int n = size_of(i.t);
                const char* p = pointer(i, o[1], n * i.vec, false);
                for (int k = 0; k < i.vec; ++k) {
                    uint64_t v = 0;
                    memcpy(&v, p + k * n, size_t(n));
                    if (i.t == s8 || i.t == s16 || i.t == s32) v = trunc_to(uint64_t(sx(v, i.t)), n < 4 ? b32 : i.t);
                    out(i.vec > 1 ? o[0].e[size_t(k)] : o[0], v);
                }
            } break;
            case ST: {
                const int n = size_of(i.t);
                char* p = pointer(i, o[0], n * i.vec, true);
                for (int k = 0; k < i.vec; ++k) {
                    uint64_t v = in(i.vec > 1 ? o[1].e[size_t(k)] : o[1]);
                    memcpy(p + k * n, &v, size_t(n));
                }
            } break;
            case ADD:
            case SUB:
            case MUL:
            case MAD:
            case FMA:
            case DIV:
            case REM:
            case MAX:
            case MIN: {
                if (i.t == f32) {
                    float a = as<float>(in(o[1])), b = as<float>(in(o[2])), r;
                    switch (i.b) {
                        case ADD:
                            r = a + b;
                            break;
                        case SUB:
                            r = a - b;
                            break;
                        case MUL:
                            r = a * b;
                            break;
                        case DIV:
                            r = a / b;
                            break;
                        case MAX:
                            r = fmaxf(a, b);
                            break;
                        case MIN:
                            r = fminf(a, b);
                            break;
                        default:
                            r = fmaf(a, b, as<float>(in(o[3])));
                    }
                    out(o[0], bits(r));
                } else if (i.t == f64) {
                    double a = as<double>(in(o[1])), b = as<double>(in(o[2])), r;
                    switch (i.b) {
                        case ADD:
                            r = a + b;
                            break;
                        case SUB:
                            r = a - b;
                            break;
                        case MUL:
                            r = a * b;
                            break;
                        case DIV:
                            r = a / b;
                            break;
                        case MAX:
                            r = fmax(a, b);
                            break;
                        case MIN:
                            r = fmin(a, b);
                            break;
                        default:
                            r = fma(a, b, as<double>(in(o[3])));
                    }
                    out(o[0], bits(r));
                } else {
                    const bool sg = i.t == s32 || i.t == s64 || i.t == s16;
                    const uint64_t ua = trunc_to(in(o[1]), i.t), ub = trunc_to(in(o[2]), i.t);
                    const int64_t a = sg ? sx(ua, i.t) : int64_t(ua), b = sg ? sx(ub, i.t) : int64_t(ub);
                    uint64_t r = 0;
                    switch (i.b) {
                        case ADD:
                            r = ua + ub;
                            break;
                        case SUB:
                            r = ua - ub;
                            break;
                        case MUL:
                        case MAD:
                            r = i.form == 2 ? uint64_t(size_of(i.t) == 8
                                                           ? uint64_t((sg ? __int128(a) * b
                                                                          : __int128((unsigned __int128)(ua)*ub)) >>
                                                                      64)
                                                           : uint64_t(a * b) >> 32)
                                            : uint64_t(a) * uint64_t(b);
                            if (i.b == MAD) r += in(o[3]);
                            break;
                        case DIV:
                            if (!b) fail("ptx line %d: division by zero", i.line);
                            r = sg ? uint64_t(a / b) : ua / ub;
                            break;
                        case REM:
                            if (!b) fail("ptx line %d: division by zero", i.line);
                            r = sg ? uint64_t(a % b) : ua % ub;
                            break;
                        case MAX:
                            r = sg ? uint64_t(std::max(a, b)) : std::max(ua, ub);
                            break;
                        case MIN:
                            r = sg ? uint64_t(std::min(a, b)) : std::min(ua, ub);
                            break;
                        default:
                            break;
                    }
                    out(o[0], i.form == 1 ? r : trunc_to(r, i.t));
                }
            } break;
            case ABS:
                if (i.t == f32)
                    out(o[0], in(o[1]) & 0x7fffffffu);
                else
                    out(o[0], trunc_to(uint64_t(std::llabs(sx(in(o[1]), i.t))), i.t));
                break;
            case NEG:
                if (i.t == f32)
                    out(o[0], (in(o[1]) ^ 0x80000000u) & 0xffffffffu);
                else
                    out(o[0], trunc_to(uint64_t(-sx(in(o[1]), i.t)), i.t));
                break;
            case AND:
                out(o[0], trunc_to(in(o[1]) & in(o[2]), i.t));
                break;
            case OR:
                out(o[0], trunc_to(in(o[1]) | in(o[2]), i.t));
                break;
            case XOR:
                out(o[0], trunc_to(in(o[1]) ^ in(o[2]), i.t));
                break;
            case NOT:
                out(o[0], i.t == pred ? !(in(o[1]) & 1) : trunc_to(~in(o[1]), i.t));
                break;
            case SHL: {
                uint64_t s = in(o[2]) & 0xffffffffu;
                out(o[0], s >= uint64_t(size_of(i.t) * 8) ? 0 : trunc_to(in(o[1]) << s, i.t));
            } break;
            case SHR: {
                uint64_t s = std::min<uint64_t>(in(o[2]) & 0xffffffffu, uint64_t(size_of(i.t) * 8));
                const bool sg = i.t == s32 || i.t == s64;
                uint64_t v = trunc_to(in(o[1]), i.t);
                out(o[0], sg ? trunc_to(uint64_t(sx(v, i.t) >> std::min<uint64_t>(s, 63)), i.t) : s >= 64 ? 0 : v >> s);
            } break;
            case SETP: {
                bool r;
                uint64_t a = in(o[1]), b = in(o[2]);
                if (i.t == f32)
                    r = compare(i.cmp, as<float>(a), as<float>(b));
                else if (i.t == f64)
                    r = compare(i.cmp, as<double>(a), as<double>(b));
                else if (i.t == s32 || i.t == s64 || i.t == s16)
                    r = compare(i.cmp, sx(trunc_to(a, i.t), i.t), sx(trunc_to(b, i.t), i.t));
                else
                    r = compare(i.cmp, trunc_to(a, i.t), trunc_to(b, i.t));
                out(o[0], r);
            } break;
            case SELP:
                out(o[0], trunc_to((in(o[3]) & 1) ? in(o[1]) : in(o[2]), i.t));
                break;
            case CVT: {
                uint64_t v = in(o[1]);
                if (i.form == 1) {
                    out(o[0], bits(nvcuda::wmma::__float_to_tf32(as<float>(v))));
                    break;
                }
                const bool fs = i.t2 == f32 || i.t2 == f64, fd = i.t == f32 || i.t == f64;
                double d = i.t2 == f32                    ? as<float>(v)
                           : i.t2 == f64                  ? as<double>(v)
                           : (i.t2 == s32 || i.t2 == s64) ? double(sx(trunc_to(v, i.t2), i.t2))
                                                          : double(trunc_to(v, i.t2));
                if (!fs && !fd)
                    out(o[0],
                        trunc_to((i.t2 == s32 || i.t2 == s16 || i.t2 == s8) ? uint64_t(sx(trunc_to(v, i.t2), i.t2))
                                                                            : trunc_to(v, i.t2),
                                 i.t));
                else if (fd)
                    out(o[0], i.t == f32
                                  ? bits(!fs && size_of(i.t2) == 8 ? float(i.t2 == s64 ? float(int64_t(v)) : float(v))
                                                                   : float(d))
                                  : bits(d));
                else
                    out(o[0], trunc_to(uint64_t(int64_t(i.form == 3 ? std::nearbyint(d) : std::trunc(d))), i.t));
            } break;
            case CVTA:
                if (!i.shared)
                    out(o[0], in(o[1]));
                else if (i.form)
                    out(o[0], in(o[1]) - uint64_t(sh));
                else
                    out(o[0], in(o[1]) + uint64_t(sh));
                break;
            case ATOM: {
                const size_t d = i.form ? 0 : 1;
                const int n = size_of(i.t);
                char* p = pointer(i, o[d], n, true, true);
                uint64_t old = 0, v = in(o[d + 1]), r = 0;
                memcpy(&old, p, size_t(n));
                switch (i.cmp) {
                    case 0:
                        r = i.t == f32   ? bits(as<float>(old) + as<float>(v))
                            : i.t == f64 ? bits(as<double>(old) + as<double>(v))
                                         : old + v;
                        break;
                    case 1:
                        r = i.t == s32 ? uint64_t(std::max(sx(old, i.t), sx(v, i.t))) : std::max(old, v);
                        break;
                    case 2:
                        r = i.t == s32 ? uint64_t(std::min(sx(old, i.t), sx(v, i.t))) : std::min(old, v);
                        break;
                    case 3:
                        r = v;
                        break;
                    default:
                        r = old == trunc_to(v, i.t) ? in(o[d + 2]) : old;
                }
                memcpy(p, &r, size_t(n));
                if (!i.form) out(o[0], old);
            } break;
            case BAR: {
                char site[32];
                snprintf(site, sizeof site, "ptx line %d", i.line);
                sync_block(site);
            } break;
            case WSYNC:
                collective(Op::sync, uint32_t(in(o[0])), 0, 0, 32, "bar.warp.sync");
                break;
            case SHFL: {
                uint32_t c = uint32_t(in(o[4])), b = uint32_t(in(o[3]));
                int width = 32 - int(c >> 8 & 31);
                static const Op op[] = {Op::shfl_idx, Op::shfl_up, Op::shfl_down, Op::shfl_xor};
                out(o[0], collective(op[i.form], uint32_t(in(o[5])), in(o[2]), b, uint32_t(width), i.text.c_str()));
                if (o[1].r >= 0) out(o[1], 1);
            } break;
            case VOTE: {
                static const Op op[] = {Op::ballot, Op::any, Op::all};
                out(o[0], collective(op[i.form], uint32_t(in(o[2])), in(o[1]) & 1, 0, 32, i.text.c_str()));
            } break;
            case BRA:
                pc = size_t(o[0].v);
                break;
            case RET:
                return;
            case POPC:
                out(o[0], uint64_t(__builtin_popcountll(trunc_to(in(o[1]), i.t))));
                break;
            case CLZ:
                out(o[0], uint64_t(__builtin_clzll(trunc_to(in(o[1]), i.t) << (64 - size_of(i.t) * 8) |
                                                   1ull << (63 - size_of(i.t) * 8 + (size_of(i.t) == 8)))));
                break;
            case BREV: {
                uint32_t v = uint32_t(in(o[1])), r = 0;
                for (int k = 0; k < 32; ++k) r |= (v >> k & 1) << (31 - k);
                out(o[0], r);
            } break;
            case BFIND: {
                uint32_t v = uint32_t(in(o[1]));
                if (i.t != u32) fail("ptx line %d: %s", i.line, i.text.c_str());
                out(o[0], !v ? 0xffffffffu : i.form ? uint32_t(__builtin_clz(v)) : 31u - uint32_t(__builtin_clz(v)));
            } break;
            case BFI: {
                uint32_t a = uint32_t(in(o[1])), b = uint32_t(in(o[2])), s = uint32_t(in(o[3])) & 255,
                         n = uint32_t(in(o[4])) & 255;
                for (uint32_t k = 0; k < n && s + k < 32; ++k) b = (b & ~(1u << (s + k))) | ((a >> k & 1) << (s + k));
                out(o[0], b);
            } break;
            case EX2:
                out(o[0], bits(exp2f(as<float>(in(o[1])))));
                break;
            case LG2:
                out(o[0], bits(log2f(as<float>(in(o[1])))));
                break;
            case RCP:
                out(o[0], bits(1.f / as<float>(in(o[1]))));
                break;
            case SQRT:
                out(o[0], bits(sqrtf(as<float>(in(o[1])))));
                break;
            case RSQRT:
                out(o[0], bits(1.f / sqrtf(as<float>(in(o[1])))));
                break;
            case MMA: {
                float d[4];
                uint32_t a[4], b[2];
                for (size_t k = 0; k < 4; ++k) {
                    a[k] = uint32_t(in(o[1].e[k]));
                    d[k] = as<float>(in(o[3].e[k]));
                }
                for (size_t k = 0; k < 2; ++k) b[k] = uint32_t(in(o[2].e[k]));
                i.form ? mma_m16n8k16_bf16(d, a, b) : mma_m16n8k8_tf32(d, a, b);
                for (size_t k = 0; k < 4; ++k) out(o[0].e[k], bits(d[k]));
            } break;
            case WLOAD: {
                collective(Op::mma, 0xffffffffu, 0, 0, 32, i.text.c_str());
                const uint64_t ld = in(o[2]);
                const bool isb = i.form & 1, col = i.form & 2;
                for (int x = 0; x < 4; ++x) {
                    uint64_t w = 0;
                    for (int h = 0; h < 2; ++h) {
                        int r, c;
                        isb ? FB::where(lane(), x * 2 + h, r, c) : FA::where(lane(), x * 2 + h, r, c);
                        Ins j = i;
                        Opd q = o[1];
                        q.v += (col ? uint64_t(c) * ld + uint64_t(r) : uint64_t(r) * ld + uint64_t(c)) * 2;
                        uint16_t v;
                        memcpy(&v, pointer(j, q, 2, false), 2);
                        w |= uint64_t(v) << (16 * h);
                    }
                    out(o[0].e[size_t(x)], w);
                }
            } break;
            case WSTORE: {
                collective(Op::mma, 0xffffffffu, 0, 0, 32, i.text.c_str());
                const uint64_t ld = in(o[2]);
                for (int x = 0; x < 8; ++x) {
                    int r, c;
                    FC::where(lane(), x, r, c);
                    Opd q = o[0];
                    q.v += (uint64_t(r) * ld + uint64_t(c)) * 4;
                    uint64_t v = in(o[1].e[size_t(x)]);
                    memcpy(pointer(i, q, 4, true), &v, 4);
                }
            } break;
            case WMMA: {
                FA a;
                FB b;
                FC c, d;
                for (int x = 0; x < 4; ++x) {
                    uint32_t u = uint32_t(in(o[1].e[size_t(x)])), v = uint32_t(in(o[2].e[size_t(x)]));
                    memcpy(&a.x[x * 2], &u, 4);
                    memcpy(&b.x[x * 2], &v, 4);
                }
                for (int x = 0; x < 8; ++x) c.x[x] = as<float>(in(o[3].e[size_t(x)]));
                nvcuda::wmma::mma_sync(d, a, b, c);
                for (int x = 0; x < 8; ++x) out(o[0].e[size_t(x)], bits(d.x[x]));
            } break;
            case CPA: {
                Ins j = i;
                j.shared = true;
                char* d = pointer(j, o[0], 16, true);
                int valid = o.size() > 3 ? int(in(o[3])) : 16;
                const char* s = reinterpret_cast<const char*>(in(o[1].e[0]) + o[1].v);
                if (valid) {
                    j.shared = false;
                    pointer(j, o[1], 16, false);
                }
                cudaemu::cp_async16(d, s, valid);
            } break;
            case CPC:
                async_commit();
                break;
            case CPW:
                cp_async_wait(int(in(o[0])));
                break;
            default:
                fail("ptx line %d: %s", i.line, i.text.c_str());
        }
    }
}
}  // namespace

void ptx_load(const char* path) {
    std::ifstream in(path);
    if (!in) throw Error(std::string("no PTX file ") + path);
    parse(in);
}
void ptx_launch(dim3 grid, dim3 block, size_t dyn, void* kernel, const char* params) {
    if (entries.empty()) {
        const char* f = getenv("CUDAEMU_PTX_FILE");
        ptx_load(f ? f : "kernels.ptx");
    }
    Dl_info d;
    if (!dladdr(kernel, &d) || !d.dli_sname) throw Error("kernel has no symbol: link with -rdynamic");
    auto it = entries.find(d.dli_sname);
    if (it == entries.end()) throw Error(std::string("no PTX entry ") + d.dli_sname);
    Run r{&it->second, params};
    launch(grid, block, dyn, interpret, &r);
}
}  // namespace cudaemu
