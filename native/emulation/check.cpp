// check.cpp - a race, bounds and initialisation checker for emulated kernels, and a memory-access profile.
// The kernels are compiled with -fsanitize=thread but NOT linked with libtsan: the compiler's calls before
// every load and store come here. Because all order between CUDA threads comes from barriers, a conflict is
// found whatever order the fibers happened to run in. One OS thread (workers = 1). Compile this file and
// cudaemu.cpp without -fsanitize=thread, with -DCUDAEMU_CHECK.
#include "check.h"

#include <unistd.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "cudaemu.h"

namespace cudaemu::check {
struct Who {
    uint32_t tid = 0, epoch = 0, warp_epoch = 0, atomic = 0;
};  // tid: block * 1024 + thread + 1
struct Cell {
    Who w, r1, r2;
    uintptr_t wpc = 0, rpc = 0;
    bool init = false;
};
struct Region {
    size_t n;
    std::string name;
    bool shared;
    std::vector<Cell> cell;
};  // a cell for each 4 bytes

static std::map<uintptr_t, Region> regions;
static uintptr_t last_lo, last_hi, own[2][2];  // own: the fibers' stacks and state
static Region* last;
static int blk = -1, thr = -1;
static uint32_t epoch = 1, first_epoch = 1, wepoch[32];
static std::set<std::string> seen;
static std::vector<std::string> errors;
static bool profiling = getenv("CUDAEMU_PROFILE") != nullptr;
struct Ev {
    uintptr_t pc, addr;
    uint16_t thread;
    uint8_t size;
    bool shared, write;
};
static std::vector<Ev> log;
struct Stat {
    uint64_t warp_ops = 0, real = 0, ideal = 0, lanes = 0;
    unsigned size = 0;
    bool shared = false, write = false;
};
static std::map<uintptr_t, Stat> stats;

static std::string where(uintptr_t pc) {
    if (pc < 1000000) return "ptx line " + std::to_string(pc);
    extern char exe __asm__("__executable_start");
    char cmd[256], out[512] = "";
    snprintf(cmd, sizeof cmd, "addr2line -s -e /proc/%d/exe %#lx 2>/dev/null", int(getpid()),
             long(pc - 1 - reinterpret_cast<uintptr_t>(&exe)));
    if (FILE* p = popen(cmd, "r")) {
        if (!fgets(out, sizeof out, p)) out[0] = 0;
        pclose(p);
    }
    for (char* c = out; *c; ++c)
        if (*c == '\n') *c = 0;
    return out;
}
static std::string who(uint32_t tid) {
    return "block " + std::to_string((tid - 1) >> 10) + " thread " + std::to_string((tid - 1) & 1023);
}
static void report(const char* kind, uintptr_t pc, uintptr_t other, const std::string& text) {
    const std::string key = std::string(kind) + std::to_string(pc) + std::to_string(other);
    if (errors.size() > 20 || !seen.insert(key).second) return;
    errors.push_back(std::string(kind) + " at " + where(pc) + ": " + text +
                     (other ? " (other access at " + where(other) + ")" : ""));
}
void region(void* p, size_t n, const char* name, bool shared) {
    regions[reinterpret_cast<uintptr_t>(p)] = Region{n, name, shared, std::vector<Cell>((n + 3) / 4)};
    last = nullptr;
}
void unregion(void* p) {
    regions.erase(reinterpret_cast<uintptr_t>(p));
    last = nullptr;
}
void written(void* p, size_t n) {
    auto it = regions.upper_bound(reinterpret_cast<uintptr_t>(p));
    if (it == regions.begin()) return;
    --it;
    size_t off = reinterpret_cast<uintptr_t>(p) - it->first;
    for (size_t i = off / 4; i < std::min((off + n + 3) / 4, it->second.cell.size()); ++i)
        it->second.cell[i].init = true;
}
void ignore(int k, void* lo, void* hi) {
    own[k][0] = reinterpret_cast<uintptr_t>(lo);
    own[k][1] = reinterpret_cast<uintptr_t>(hi);
}
void thread(int b, int t) {
    blk = b;
    thr = t;
}
void block_epoch() { ++epoch; }
void warp_epoch(int w) { ++wepoch[w]; }
void block_begin() { ++epoch; }
void launch_begin() {
    first_epoch = ++epoch;
    errors.clear();
    seen.clear();
}
static void flush();
void block_end() {
    if (profiling) flush();
}
void launch_end() {
    if (errors.empty()) return;
    std::string s = "checker:";
    for (auto& e : errors) s += "\n  " + e;
    errors.clear();
    throw Error(s);
}

static bool clash(const Who& a, uint32_t tid, bool atomic) {
    if (!a.tid || a.tid == tid || a.epoch < first_epoch || (a.atomic && atomic)) return false;
    const uint32_t ab = (a.tid - 1) >> 10, b = (tid - 1) >> 10;
    if (ab != b) return true;            // blocks of a launch are never ordered
    if (a.epoch != epoch) return false;  // a __syncthreads lies between
    const uint32_t aw = ((a.tid - 1) & 1023) >> 5, w = ((tid - 1) & 1023) >> 5;
    return aw != w || a.warp_epoch == wepoch[w];
}
void access(uintptr_t a, size_t n, bool write, bool atomic, uintptr_t pc) {
    if (thr < 0) return;
    if ((a >= own[0][0] && a < own[0][1]) || (a >= own[1][0] && a < own[1][1])) return;
    if (!last || a < last_lo || a >= last_hi) {
        auto it = regions.upper_bound(a);
        if (it == regions.begin() || a >= std::prev(it)->first + std::prev(it)->second.n) {
            // stop at once: the access itself would corrupt something else
            if (it != regions.begin() && a < std::prev(it)->first + std::prev(it)->second.n + 256)
                fail("checker: out of bounds at %s: %s %ld bytes past the end of %s", where(pc).c_str(),
                     write ? "write" : "read", long(a - std::prev(it)->first - std::prev(it)->second.n),
                     std::prev(it)->second.name.c_str());
            if (write) fail("checker: wild write at %s: not in any device buffer", where(pc).c_str());
            return;
        }
        --it;
        last = &it->second;
        last_lo = it->first;
        last_hi = it->first + it->second.n;
    }
    Region& r = *last;
    const uint32_t tid = uint32_t(blk) * 1024 + uint32_t(thr) + 1;
    if (a + n > last_hi) fail("checker: out of bounds at %s: crosses the end of %s", where(pc).c_str(), r.name.c_str());
    if (a % std::min<size_t>(n, 16) && (n & (n - 1)) == 0)
        report("misaligned", pc, 0, std::to_string(n) + "-byte access in " + r.name);
    const Who me{tid, epoch, wepoch[thr >> 5], atomic};
    for (size_t i = (a - last_lo) / 4; i < std::min((a - last_lo + n + 3) / 4, r.cell.size()); ++i) {
        Cell& c = r.cell[i];
        if (clash(c.w, tid, atomic))
            report(write ? "race (write after write)" : "race (read after write)", pc, c.wpc,
                   r.name + "[" + std::to_string(i * 4) + " bytes] " + who(tid) + " after " + who(c.w.tid));
        if (write) {
            for (const Who* q : {&c.r1, &c.r2})
                if (clash(*q, tid, atomic))
                    report("race (write after read)", pc, c.rpc,
                           r.name + "[" + std::to_string(i * 4) + " bytes] " + who(tid) + " after " + who(q->tid));
            c.w = me;
            c.wpc = pc;
            c.init = true;
        } else {
            if (!c.init)
                report("uninitialised read", pc, 0, r.name + "[" + std::to_string(i * 4) + " bytes] by " + who(tid));
            if (c.r1.tid != tid || c.r1.epoch != epoch) {  // keep two readers, of different warps where possible
                if ((c.r1.tid - 1) >> 5 != (tid - 1) >> 5 || c.r2.epoch != epoch) c.r2 = c.r1;
                c.r1 = me;
            }
            c.rpc = pc;
        }
        if (atomic) c.init = true;
    }
    if (profiling && !atomic) log.push_back({pc, a, uint16_t(thr), uint8_t(n), r.shared, write});
}

static void flush() {  // one warp's n-th execution of an instruction = one memory request
    std::unordered_map<uint64_t, uint32_t> times;
    std::map<std::tuple<uintptr_t, int, uint32_t>, std::vector<const Ev*>> req;
    for (const Ev& e : log) req[{e.pc, e.thread >> 5, times[e.pc * 1024 + e.thread]++}].push_back(&e);
    for (auto& [k, v] : req) {
        Stat& s = stats[std::get<0>(k)];
        const unsigned size = v[0]->size;
        s.size = size;
        s.shared = v[0]->shared;
        s.write = v[0]->write;
        ++s.warp_ops;
        s.lanes += v.size();
        if (!s.shared) {
            std::set<uintptr_t> sec;
            std::set<uintptr_t> bytes;
            for (auto* e : v) {
                for (uintptr_t b = e->addr / 32; b <= (e->addr + e->size - 1) / 32; ++b) sec.insert(b);
                bytes.insert(e->addr);
            }
            s.real += sec.size();
            s.ideal += (bytes.size() * size + 31) / 32;
        } else {
            const unsigned group = size <= 4 ? 32 : 128 / size;  // lanes served together
            std::map<int, std::map<uintptr_t, std::set<uintptr_t>>> ph;
            for (auto* e : v)
                for (unsigned o = 0; o < size; o += 4)
                    ph[int((e->thread & 31) / group)][(e->addr + o) / 4 % 32].insert((e->addr + o) / 4);
            for (auto& [p, banks] : ph) {
                size_t m = 0;
                for (auto& [b, w] : banks) m = std::max(m, w.size());
                s.real += m;
                s.ideal += 1;
            }
        }
    }
    log.clear();
}
void profile_report() {
    for (auto& [pc, s] : stats)
        printf("%-22s %-6s %-5s %2u B  warp-requests %7lu  %s %8lu  ideal %8lu  x%.2f\n", where(pc).c_str(),
               s.shared ? "shared" : "global", s.write ? "store" : "load", s.size, s.warp_ops,
               s.shared ? "wavefronts" : "sectors   ", s.real, s.ideal, double(s.real) / double(s.ideal));
    stats.clear();
}
}  // namespace cudaemu::check

using cudaemu::check::access;
#define PC reinterpret_cast<uintptr_t>(__builtin_return_address(0))
#define RW(n)                                                                                               \
    void __tsan_read##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, false, false, PC); }           \
    void __tsan_write##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, true, false, PC); }           \
    void __tsan_unaligned_read##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, false, false, PC); } \
    void __tsan_unaligned_write##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, true, false, PC); } \
    void __tsan_volatile_read##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, false, true, PC); }   \
    void __tsan_volatile_write##n(void* p) { access(reinterpret_cast<uintptr_t>(p), n, true, true, PC); }
#define ATOMIC(bits, T)                                                                      \
    T __tsan_atomic##bits##_load(const volatile T* p, int) {                                 \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, false, true, PC);                   \
        return *p;                                                                           \
    }                                                                                        \
    void __tsan_atomic##bits##_store(volatile T* p, T v, int) {                              \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        *p = v;                                                                              \
    }                                                                                        \
    T __tsan_atomic##bits##_exchange(volatile T* p, T v, int) {                              \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        T o = *p;                                                                            \
        *p = v;                                                                              \
        return o;                                                                            \
    }                                                                                        \
    T __tsan_atomic##bits##_fetch_add(volatile T* p, T v, int) {                             \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        T o = *p;                                                                            \
        *p = o + v;                                                                          \
        return o;                                                                            \
    }                                                                                        \
    T __tsan_atomic##bits##_fetch_or(volatile T* p, T v, int) {                              \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        T o = *p;                                                                            \
        *p = o | v;                                                                          \
        return o;                                                                            \
    }                                                                                        \
    T __tsan_atomic##bits##_fetch_and(volatile T* p, T v, int) {                             \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        T o = *p;                                                                            \
        *p = o & v;                                                                          \
        return o;                                                                            \
    }                                                                                        \
    bool __tsan_atomic##bits##_compare_exchange_strong(volatile T* p, T* e, T v, int, int) { \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        if (*p == *e) {                                                                      \
            *p = v;                                                                          \
            return true;                                                                     \
        }                                                                                    \
        *e = *p;                                                                             \
        return false;                                                                        \
    }                                                                                        \
    T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T e, T v, int, int) {        \
        access(reinterpret_cast<uintptr_t>(p), bits / 8, true, true, PC);                    \
        T o = *p;                                                                            \
        if (o == e) *p = v;                                                                  \
        return o;                                                                            \
    }
extern "C" {
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
RW(1) RW(2) RW(4) RW(8) RW(16) void __tsan_read_range(void* p, unsigned long n) {
    access(reinterpret_cast<uintptr_t>(p), n, false, false, PC);
}
void __tsan_write_range(void* p, unsigned long n) { access(reinterpret_cast<uintptr_t>(p), n, true, false, PC); }
void* __tsan_memcpy(void* d, const void* s, unsigned long n) {  // clang; GCC calls memcpy itself, which goes unseen
    access(reinterpret_cast<uintptr_t>(s), n, false, false, PC);
    access(reinterpret_cast<uintptr_t>(d), n, true, false, PC);
    return memcpy(d, s, n);
}
void* __tsan_memmove(void* d, const void* s, unsigned long n) {
    access(reinterpret_cast<uintptr_t>(s), n, false, false, PC);
    access(reinterpret_cast<uintptr_t>(d), n, true, false, PC);
    return memmove(d, s, n);
}
void* __tsan_memset(void* d, int v, unsigned long n) {
    access(reinterpret_cast<uintptr_t>(d), n, true, false, PC);
    return memset(d, v, n);
}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}
void __tsan_atomic_thread_fence(int) {}
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
}
