// cudaemu.cpp - the emulator's scheduler. Compile WITHOUT -fsanitize=thread (with -DCUDAEMU_TSAN when
// the kernels are built with it); -fsanitize=address needs -DCUDAEMU_ASAN here or the same flag.
#include "cudaemu.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "check.h"
#if defined(__SANITIZE_ADDRESS__)
#define CUDAEMU_ASAN 1
#endif
#ifdef CUDAEMU_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef CUDAEMU_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" void __tsan_ignore_thread_begin();
extern "C" void __tsan_ignore_thread_end();
#endif

// ---- context switch: x86-64 System V, callee-saved registers only -------------------------------
extern "C" void cudaemu_switch(void** save, void* load);
#if defined(CUDAEMU_UCONTEXT)
#include <ucontext.h>
// sp holds a ucontext_t*; for speed comparison and other architectures
extern "C" void cudaemu_switch(void** save, void* load) {
    ucontext_t here;
    *save = &here;
    swapcontext(&here, static_cast<ucontext_t*>(load));
}
#elif defined(__x86_64__)
asm(R"(
.text
.globl cudaemu_switch
.type cudaemu_switch,@function
cudaemu_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size cudaemu_switch,.-cudaemu_switch
)");
#endif

namespace cudaemu {
thread_local State* g = nullptr;

Options& options() {
    static Options o = [] {
        Options r;
        if (const char* e = getenv("CUDAEMU_ORDER"))
            r.order = !strcmp(e, "reverse") ? Order::reverse : !strcmp(e, "random") ? Order::random : Order::forward;
        if (const char* e = getenv("CUDAEMU_SEED")) r.seed = unsigned(atoi(e));
        if (const char* e = getenv("CUDAEMU_WORKERS")) r.workers = atoi(e);
        return r;
    }();
    return o;
}

struct AsyncQueue {
    std::vector<std::vector<AsyncCopy>> group{1};
};
static AsyncQueue& queue() {
    Fiber* f = g->cur;
    if (!f->async) f->async = new AsyncQueue;
    return *static_cast<AsyncQueue*>(f->async);
}
void async_push(AsyncCopy c) { queue().group.back().push_back(c); }
void async_commit() { queue().group.emplace_back(); }
bool async_pop(int leave, AsyncCopy* c) {
    auto& q = queue().group;
    while (int(q.size()) - 1 > leave) {
        if (!q.front().empty()) {
            *c = q.front().back();
            q.front().pop_back();
            return true;
        }
        q.erase(q.begin());
    }
    return false;
}

struct Slot {
    size_t bytes;
    const char* name;
};
static std::vector<Slot>& slots() {
    static std::vector<Slot> s;
    return s;
}
int new_slot(size_t bytes, const char* name) {
    slots().push_back({bytes, name});
    return int(slots().size()) - 1;
}

constexpr size_t kGuard = 4096;

struct Worker : State {
    std::vector<Fiber> f;
    uint32_t ready[32] = {};  // by warp, one bit per lane
    size_t stack_bytes = 0, dyn_bytes = 0;
    int n = 0, live = 0, arrived = 0, blin = 0, acc_or = 0, acc_and = 1, acc_count = 0, phase = 0;
    void (*call)(const void*) = nullptr;
    const void* body = nullptr;
    std::vector<void*> shared, garbage;
    char* stacks = nullptr;
    void* main_sp = nullptr;
    Fiber host;  // stands for the OS thread's own stack
    size_t host_stack_bytes = 0;
    std::mt19937 rng;
    std::string error;
    char sync_obj[2], warp_obj[32], done_obj;  // addresses for TSan's happens-before
#ifdef CUDAEMU_UCONTEXT
    std::vector<ucontext_t> uc;
#endif
    ~Worker() {
        for (Fiber& c : f) delete static_cast<AsyncQueue*>(c.async);
        if (stacks) munmap(stacks, f.size() * stack_bytes);
    }
};
static Worker* W() { return static_cast<Worker*>(g); }

static void jump(Worker* w, Fiber* from, Fiber* to, bool dying = false) {
    w->cur = to == &w->host ? nullptr : to;
    check::thread(w->cur ? w->blin : -1, to->lin);
#ifdef CUDAEMU_ASAN
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(dying ? nullptr : &fake, to->stack,
                                   to == &w->host ? w->host_stack_bytes : w->stack_bytes);
#endif
#ifdef CUDAEMU_TSAN
    __tsan_switch_to_fiber(to->san, __tsan_switch_to_fiber_no_sync);
#endif
    cudaemu_switch(&from->sp, to->sp);
#ifdef CUDAEMU_ASAN
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
    (void)dying;
}

// Abandon the whole block and report from launch() as an exception on the host's stack.
void fail(const char* fmt, ...) {
    char buf[1024];
    Worker* w = W();
    Fiber* me = w ? w->cur : nullptr;
    int k = me ? snprintf(buf, sizeof buf, "block (%u,%u,%u) thread (%u,%u,%u): ", w->bid.x, w->bid.y, w->bid.z,
                          me->tid.x, me->tid.y, me->tid.z)
               : 0;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(buf + k, sizeof buf - size_t(k), fmt, ap);
    va_end(ap);
    if (!me) throw Error(buf);
    w->error = buf;
    jump(w, me, &w->host);
    abort();
}

static int pick(uint32_t bits, Worker* w) {
    if (options().order == Order::forward) return __builtin_ctz(bits);
    if (options().order == Order::reverse) return 31 - __builtin_clz(bits);
    const int r = int(w->rng() & 31);
    const uint32_t rot = (bits >> r) | (bits << (-r & 31));
    return (__builtin_ctz(rot) + r) & 31;
}
static void set_ready(Worker* w, Fiber& c) {
    c.st = St::ready;
    w->ready[c.lin >> 5] |= 1u << (c.lin & 31);
}
static void block(Worker* w, Fiber& c, St st) {
    c.st = st;
    w->ready[c.lin >> 5] &= ~(1u << (c.lin & 31));
}

// The scheduler keeps one bit per lane. It stays with a warp until a __syncthreads stops all of it, so that
// warp is as far ahead of the others as the program permits; random order also leaves it now and then.
static Fiber* next_ready(Worker* w) {
    const Options& o = options();
    const bool random = o.order == Order::random;
    int k = w->cur ? w->cur->lin >> 5 : -1;
    if (k < 0 || !w->ready[k] || (random && w->rng() % 8 == 0)) {
        uint32_t some = 0;
        for (int i = 0; i < (w->n + 31) / 32; ++i) some |= uint32_t(w->ready[i] != 0) << i;
        if (!some) return nullptr;
        k = pick(some, w);
    }
    return &w->f[size_t(k * 32 + pick(w->ready[k], w))];
}

[[noreturn]] static void deadlock(Worker* w) {
    char b[700] = "";
    size_t k = 0;
    const char* last = "";
    for (Fiber& c : w->f)
        if (c.st != St::done && strcmp(c.site, last) && k + 200 < sizeof b) {
            k += size_t(snprintf(b + k, 200, " [thread %d waits at %s, %s]", c.lin, c.site,
                                 c.st == St::at_block ? "__syncthreads" : "warp operation"));
            last = c.site;
        }
    fail("deadlock:%s", b);
}

static void park() {  // the current fiber waits: run another until someone makes it ready
    Worker* w = W();
    Fiber* me = w->cur;
    Fiber* to = next_ready(w);
    if (!to) deadlock(w);
    if (to != me) jump(w, me, to);
}

static void release_block(Worker* w) {
    if (w->live < w->n && options().strict)
        fail("__syncthreads at %s after %d threads left the kernel", w->cur->site, w->n - w->live);
    w->arrived = 0;
    w->pred_or = w->acc_or;
    w->pred_and = w->acc_and;
    w->pred_count = w->acc_count;
    w->acc_or = 0;
    w->acc_and = 1;
    w->acc_count = 0;
    w->phase ^= 1;
    for (Fiber& c : w->f)
        if (c.st == St::at_block) set_ready(w, c);
    check::block_epoch();
}

void sync_block(const char* site, int pred) {
    Worker* w = W();
    Fiber* me = w->cur;
    if (w->arrived)
        for (Fiber& c : w->f)
            if (c.st == St::at_block) {
                if (strcmp(c.site, site)) fail("__syncthreads at %s while thread %d waits at %s", site, c.lin, c.site);
                break;
            }
    me->site = site;
    block(w, *me, St::at_block);
#ifdef CUDAEMU_TSAN
    void* obj = &w->sync_obj[w->phase];
    __tsan_release(obj);
#endif
    w->acc_or |= pred != 0;
    w->acc_and &= pred != 0;
    w->acc_count += pred != 0;
    if (++w->arrived == w->live) release_block(w);
    park();
#ifdef CUDAEMU_TSAN
    __tsan_acquire(obj);
#endif
}

// All warp-level primitives: every lane leaves its value, the last one to come computes all results.
uint64_t collective(Op op, uint32_t mask, uint64_t val, uint32_t arg, uint32_t width, const char* site, Mma mma) {
    Worker* w = W();
    Fiber* me = w->cur;
    const int lane = me->lin & 31, base = me->lin & ~31, lanes = std::min(32, w->n - base);
    Fiber* f = &w->f[size_t(base)];
    if (!(mask >> lane & 1)) fail("%s: mask %08x does not name the calling lane %d", site, mask, lane);
    me->op = op;
    me->mask = mask;
    me->val = val;
    me->arg = arg;
    me->width = width;
    me->site = site;
    block(w, *me, St::at_warp);
    uint32_t here = 0, gone = 0;
    for (int l = 0; l < 32; ++l) {
        if (!(mask >> l & 1)) continue;
        if (l >= lanes || f[l].st == St::done) {
            gone |= 1u << l;
            continue;
        }
        if (f[l].st != St::at_warp) continue;
        if (f[l].mask != mask || f[l].op != op || strcmp(f[l].site, site))
            fail("%s: lane %d, mask %08x, meets lane %d at %s, mask %08x", site, lane, mask, l, f[l].site, f[l].mask);
        here |= 1u << l;
    }
#ifdef CUDAEMU_TSAN
    if (op == Op::sync) __tsan_release(&w->warp_obj[me->lin >> 5]);  // shuffles and votes order no memory
#endif
    if ((here | gone) == mask) {
        if (gone && options().strict && op != Op::sync)
            fail("%s: mask %08x names lanes %08x that have exited", site, mask, gone);
        uint64_t acc = op == Op::all ? 1 : op == Op::min ? ~0ull : 0;
        for (int l = 0; l < 32; ++l)
            if (here >> l & 1) {
                const uint64_t v = f[l].val;
                switch (op) {
                    case Op::ballot:
                        acc |= uint64_t(v != 0) << l;
                        break;
                    case Op::any:
                        acc |= v != 0;
                        break;
                    case Op::all:
                        acc &= v != 0;
                        break;
                    case Op::add:
                        acc = uint32_t(acc + v);
                        break;
                    case Op::min:
                        acc = std::min(acc, v);
                        break;
                    case Op::max:
                        acc = std::max(acc, v);
                        break;
                    default:
                        break;
                }
            }
        for (int l = 0; l < 32; ++l)
            if (here >> l & 1) {
                Fiber& o = f[l];
                o.res = acc;
                const int wd = int(o.width), seg = l & ~(wd - 1), a = int(o.arg);
                int src = l;
                switch (op) {
                    case Op::shfl_idx:
                        src = seg + (a & (wd - 1));
                        break;
                    case Op::shfl_up:
                        src = l - a < seg ? l : l - a;
                        break;
                    case Op::shfl_down:
                        src = l + a >= seg + wd ? l : l + a;
                        break;
                    case Op::shfl_xor:
                        src = (l ^ a) >= seg + wd ? l : l ^ a;
                        break;
                    case Op::match_any:
                        o.res = 0;
                        for (int k = 0; k < 32; ++k)
                            if ((here >> k & 1) && f[k].val == o.val) o.res |= 1u << k;
                        continue;
                    default:
                        continue;
                }
                if (here >> src & 1)
                    o.res = f[src].val;
                else
                    fail("%s: lane %d reads lane %d, which mask %08x does not name", site, l, src, mask);
            }
        if (mma) {
            Fiber* p[32];
            for (int l = 0; l < 32; ++l) p[l] = &f[l];
            mma(p);
        }
        for (int l = 0; l < 32; ++l)
            if (here >> l & 1) set_ready(w, f[l]);
        if (op == Op::sync) check::warp_epoch(base >> 5);
    }
    park();
#ifdef CUDAEMU_TSAN
    if (op == Op::sync) __tsan_acquire(&w->warp_obj[me->lin >> 5]);
#endif
    return me->res;
}

[[noreturn]] static void entry() {
#ifdef CUDAEMU_ASAN
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
    W()->call(W()->body);
    Worker* w = W();
    Fiber* me = w->cur;
    block(w, *me, St::done);
    --w->live;
#ifdef CUDAEMU_TSAN
    __tsan_release(&w->done_obj);
#endif
    if (w->arrived && options().strict)
        for (Fiber& c : w->f)
            if (c.st == St::at_block) fail("left the kernel while thread %d waits at %s", c.lin, c.site);
    if (w->live && w->arrived == w->live) release_block(w);
    Fiber* to = next_ready(w);
    if (!to && w->live) deadlock(w);
    jump(w, me, to ? to : &w->host, true);
    abort();
}

static void prepare(Worker* w, dim3 grid, dim3 block, size_t dyn, void (*call)(const void*), const void* body) {
    w->grid = grid;
    w->block = block;
    w->dyn_bytes = dyn;
    w->call = call;
    w->body = body;
    w->dyn = nullptr;
    w->n = int(block.x * block.y * block.z);
#if defined(CUDAEMU_ASAN) || defined(CUDAEMU_TSAN)
    w->stack_bytes = 256 << 10;
#else
    w->stack_bytes = 64 << 10;
#endif
    w->f.resize(size_t(w->n));
    w->shared.assign(slots().size(), nullptr);
    void* m = mmap(nullptr, size_t(w->n) * w->stack_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (m == MAP_FAILED) throw Error("no memory for stacks");
    w->stacks = static_cast<char*>(m);
    check::ignore(0, w->stacks, w->stacks + size_t(w->n) * w->stack_bytes);
    check::ignore(1, w->f.data(), w->f.data() + w->n);
    for (int i = 0; i < w->n; ++i) {
        Fiber& f = w->f[size_t(i)];
        f.stack = w->stacks + size_t(i) * w->stack_bytes;
        mprotect(f.stack, kGuard, PROT_NONE);  // a kernel that overruns its stack faults
        f.lin = i;
        f.tid = {unsigned(i) % block.x, unsigned(i) / block.x % block.y, unsigned(i) / (block.x * block.y)};
    }
    w->host.lin = -1;
#ifdef CUDAEMU_ASAN
    pthread_attr_t a;
    pthread_getattr_np(pthread_self(), &a);
    void* lo;
    pthread_attr_getstack(&a, &lo, &w->host_stack_bytes);
    w->host.stack = static_cast<char*>(lo);
    pthread_attr_destroy(&a);
#endif
#ifdef CUDAEMU_TSAN
    w->host.san = __tsan_get_current_fiber();
#endif
#ifdef CUDAEMU_UCONTEXT
    w->uc.resize(size_t(w->n));
#endif
}

static void* fresh(size_t bytes, const char* name) {  // exact size; NaN, or -1
    void* p = nullptr;
#ifdef CUDAEMU_TSAN
    __tsan_ignore_thread_begin();  // the poison is nobody's write
#endif
    if (posix_memalign(&p, 128, bytes ? bytes : 1)) throw Error("no memory");
    memset(p, 0xff, bytes);
#ifdef CUDAEMU_TSAN
    __tsan_ignore_thread_end();
#endif
    check::region(p, bytes, name, true);
    return p;
}
void* shared_slot(int slot) {
    Worker* w = W();
    void*& p = w->shared[size_t(slot)];
    if (!p) p = fresh(slots()[size_t(slot)].bytes, slots()[size_t(slot)].name);
    return p;
}
void* device_alloc(size_t bytes, const char* name) {
    void* p = malloc(bytes ? bytes : 1);
    if (!p) throw Error("no memory");
    memset(p, 0xff, bytes);
    check::region(p, bytes, name, false);
    return p;
}
void device_free(void* p) {
    if (p) {
        check::unregion(p);
        free(p);
    }
}
void device_written(void* p, size_t n) { check::written(p, n); }

static void run_block(Worker* w, unsigned b) {
    const Options& o = options();
    w->bid = {b % w->grid.x, b / w->grid.x % w->grid.y, b / (w->grid.x * w->grid.y)};
    w->blin = int(b);
    if (w->dyn_bytes) w->dyn = fresh(w->dyn_bytes, "dynamic shared memory");
    w->live = w->n;
    w->arrived = 0;
    w->error.clear();
    w->acc_or = 0;
    w->acc_and = 1;
    w->acc_count = 0;
    w->rng.seed(o.seed * 2654435761u + b);
    check::block_begin();
    for (Fiber& f : w->f) {
#ifdef CUDAEMU_ASAN
        __asan_unpoison_memory_region(f.stack + kGuard, w->stack_bytes - kGuard);
#endif
#ifdef CUDAEMU_UCONTEXT
        ucontext_t& u = w->uc[size_t(f.lin)];
        getcontext(&u);
        u.uc_stack.ss_sp = f.stack;
        u.uc_stack.ss_size = w->stack_bytes;
        u.uc_link = nullptr;
        makecontext(&u, &entry, 0);
        f.sp = &u;
#else
        void** s = reinterpret_cast<void**>(f.stack + w->stack_bytes - 16);
        *--s = nullptr;                          // keeps rsp + 8 a multiple of 16 on entry
        *--s = reinterpret_cast<void*>(&entry);  // where ret goes
        for (int k = 0; k < 6; ++k) *--s = nullptr;
        f.sp = s;
#endif
        f.site = "";
        delete static_cast<AsyncQueue*>(f.async);
        f.async = nullptr;
        set_ready(w, f);
#ifdef CUDAEMU_TSAN
        f.san = __tsan_create_fiber(0);
#endif
    }
    jump(w, &w->host, next_ready(w));
    check::block_end();
#ifdef CUDAEMU_TSAN
    for (Fiber& f : w->f) __tsan_destroy_fiber(f.san);
#endif
    for (void*& p : w->shared)
        if (p) {
            w->garbage.push_back(p);
            p = nullptr;
        }
    if (w->dyn) {
        w->garbage.push_back(w->dyn);
        w->dyn = nullptr;
    }
#ifndef CUDAEMU_TSAN  // TSan: no address is used by two blocks of a launch
    for (void* p : w->garbage) device_free(p);
    w->garbage.clear();
#endif
    if (!w->error.empty()) throw Error(w->error);
}

void launch(dim3 grid, dim3 block, size_t dyn, void (*call)(const void*), const void* body) {
    const Options& o = options();
    const unsigned blocks = grid.x * grid.y * grid.z, threads = block.x * block.y * block.z;
    if (!blocks || !threads || threads > 1024 || block.z > 64 || grid.y > 65535 || grid.z > 65535 || dyn > 227 * 1024)
        throw Error("invalid launch configuration");
    std::vector<unsigned> order(blocks);
    for (unsigned i = 0; i < blocks; ++i) order[i] = o.order == Order::reverse ? blocks - 1 - i : i;
    if (o.order == Order::random) std::shuffle(order.begin(), order.end(), std::mt19937(o.seed));
    check::launch_begin();
    auto work = [&](unsigned from, unsigned step) {
        Worker w;
        prepare(&w, grid, block, dyn, call, body);
        State* outer = g;
        g = &w;
        std::exception_ptr e;
        try {
            for (unsigned i = from; i < blocks; i += step) run_block(&w, order[i]);
        } catch (...) {
            e = std::current_exception();
        }
#ifdef CUDAEMU_TSAN
        __tsan_acquire(&w.done_obj);
#endif
        for (void* p : w.garbage) device_free(p);
        g = outer;
        if (e) std::rethrow_exception(e);
    };
    if (o.workers <= 1) {
        work(0, 1);
        check::launch_end();
        return;
    }
    std::vector<std::thread> t;
    std::vector<std::exception_ptr> e(static_cast<size_t>(o.workers));
    for (int i = 0; i < o.workers; ++i)
        t.emplace_back([&, i] {
            try {
                work(unsigned(i), unsigned(o.workers));
            } catch (...) {
                e[size_t(i)] = std::current_exception();
            }
        });
    for (auto& x : t) x.join();
    for (auto& x : e)
        if (x) std::rethrow_exception(x);
}
}  // namespace cudaemu
