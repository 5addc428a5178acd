// The scheduler is as unfair as the program permits: it stays with a warp until a barrier stops all of it, so that this
// warp is as far ahead of the others as it can be. Round-robin would hide missing barriers, as every shuffle lets the
// other warps catch up.
#include "scheduler.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "checker.h"
#include "copies.h"

namespace morula::emulation {

constinit thread_local Block* running = nullptr;

Worker::Worker() : fibers_(most_threads) { host_.index = -1; }

Worker::~Worker() {
    for (Fiber& thread : fibers_) drop_copies(&thread);
}

void Worker::prepare(const Launch& launch) {
    launch_ = &launch;
    grid = launch.grid;
    threads = launch.threads;
    count_ = static_cast<int>(threads.x * threads.y * threads.z);
    stacks_.assign(fibers_.data(), count_);
    stacks_.enter_from_host(&host_);
    for (int i = 0; i < count_; i++) {
        const unsigned index = static_cast<unsigned>(i);
        fibers_[index].index = i;
        fibers_[index].thread = {index % threads.x, index / threads.x % threads.y, index / (threads.x * threads.y)};
    }
    checker::ignore(stacks_.begin(), stacks_.end(), fibers_.data(), fibers_.data() + most_threads);
}

void Worker::run_block(unsigned number) {
    number_ = number;
    index = {number % grid.x, number / grid.x % grid.y, number / (grid.x * grid.y)};
    random_.seed(options().seed * 2654435761u + number);
    error_.clear();
    start_threads();
    checker::block_begins();
    Block* const outer = running;
    running = this;
    if (launch_->dynamic_shared > 0) dynamic_shared = shared(0, launch_->dynamic_shared, "dynamic shared memory");
    Fiber* const first = next();
    fiber = first;
    checker::thread_runs(static_cast<int>(number_), first->index);
    switch_fiber(&host_, first, Leave::for_now);
    checker::thread_runs(-1, -1);
    running = outer;
    checker::block_ends();
    free_shared();
    if (!error_.empty()) throw Error(error_);
}

void Worker::start_threads() {
    for (Warp& warp : warps_) warp = {};
    for (int i = 0; i < count_; i++) {
        Fiber& thread = fibers_[static_cast<size_t>(i)];
        thread.status = Status::ready;
        thread.site = "";
        drop_copies(&thread);
        start(&thread, enter_thread);
        warp_of(thread).ready |= 1u << (i % warp_size);
    }
    for (int i = count_; i % warp_size != 0; i++) warps_[i / warp_size].gone |= 1u << (i % warp_size);
    fiber = nullptr;
    live_ = count_;
    at_barrier_ = any_ = predicates_ = 0;
    all_ = 1;
}

void Worker::enter_thread() {
    entered_fiber();
    run_thread(worker()->launch());
    worker()->leave_kernel();
}

void Worker::leave_kernel() {
    const uint32_t bit = 1u << (fiber->index % warp_size);
    fiber->status = Status::done;
    warp_of(*fiber).ready &= ~bit;
    warp_of(*fiber).gone |= bit;
    live_--;
    if (at_barrier_ > 0) {
        for (const Fiber& other : fibers_) {
            if (other.index < count_ && other.status == Status::at_barrier) {
                fail("left the kernel while thread %d waits at %s", other.index, other.site);
            }
        }
    }
    leave_warp();
    Fiber* const to = next();
    if (to == nullptr && live_ > 0) deadlock();
    jump(to != nullptr ? to : &host_, Leave::last_time);
    std::abort();
}

// A __syncwarp no longer waits for the one that left; for other operations its value would be missing.
void Worker::leave_warp() {
    Warp& warp = warp_of(*fiber);
    const int lane = fiber->index % warp_size;
    Fiber* const lanes = fiber - lane;
    for (int i = 0; i < warp_size; i++) {
        const Fiber& other = lanes[i];
        if ((warp.waiting >> i & 1) == 0 || (other.mask >> lane & 1) == 0) continue;
        if (other.operation != Operation::sync) {
            fail("left the kernel while thread %d waits for it at %s", other.index, other.site);
        }
        if (all_came(warp, other.mask)) meet(&warp, lanes, other, nullptr);
    }
}

void Worker::jump(Fiber* to, Leave leave) {
    Fiber* const from = fiber;
    fiber = to == &host_ ? nullptr : to;
    checker::thread_runs(fiber != nullptr ? static_cast<int>(number_) : -1, to->index);
    switch_fiber(from, to, leave);
}

void Worker::abandon(std::string why) {
    error_ = std::move(why);
    jump(&host_, Leave::last_time);
    std::abort();
}

int Worker::pick(uint32_t bits) {
    if (options().order == Order::forward) return __builtin_ctz(bits);
    if (options().order == Order::reverse) return 31 - __builtin_clz(bits);
    const int shift = static_cast<int>(random_() % 32);
    const uint32_t rotated = (bits >> shift) | (bits << (-shift & 31));
    return (__builtin_ctz(rotated) + shift) % 32;
}

Fiber* Worker::next() {
    int warp = fiber != nullptr ? fiber->index / warp_size : -1;
    const bool change = warp < 0 || (options().order == Order::random && random_() % 8 == 0);
    if (change || warps_[warp].ready == 0) {
        uint32_t some = 0;
        for (int i = 0; i * warp_size < count_; i++) some |= static_cast<uint32_t>(warps_[i].ready != 0) << i;
        if (some == 0) return nullptr;
        warp = pick(some);
    }
    return &fibers_[static_cast<size_t>(warp * warp_size + pick(warps_[warp].ready))];
}

void Worker::go_on() {
    Fiber* const to = next();
    if (to == nullptr) deadlock();
    if (to != fiber) jump(to, Leave::for_now);
}

void Worker::wait_for_block(const char* site, int predicate) {
    if (live_ < count_) fail("__syncthreads at %s after %d threads left the kernel", site, count_ - live_);
    fiber->site = site;
    fiber->status = Status::at_barrier;
    warp_of(*fiber).ready &= ~(1u << (fiber->index % warp_size));
    any_ |= predicate != 0;
    all_ &= predicate != 0;
    predicates_ += predicate != 0;
    if (++at_barrier_ == live_) release_block();
    go_on();
}

void Worker::release_block() {
    for (int i = 0; i < count_; i++) {
        Fiber& thread = fibers_[static_cast<size_t>(i)];
        if (thread.site != fiber->site && std::strcmp(thread.site, fiber->site) != 0) {
            fail("__syncthreads at %s while thread %d waits at %s", fiber->site, thread.index, thread.site);
        }
        thread.status = Status::ready;
        warp_of(thread).ready |= 1u << (i % warp_size);
    }
    any = any_;
    all = all_;
    count = predicates_;
    any_ = predicates_ = at_barrier_ = 0;
    all_ = 1;
    checker::block_synchronised();
}

uint64_t Worker::wait_for_warp(Operation operation, uint32_t mask, const char* site, Together together) {
    Fiber* const me = fiber;
    const int lane = me->index % warp_size;
    Warp& warp = warp_of(*me);
    if ((mask >> lane & 1) == 0) fail("%s: mask %08x does not name the calling lane %d", site, mask, lane);
    if ((mask & warp.gone) != 0 && operation != Operation::sync) {
        fail("%s: mask %08x names lanes %08x that have left the kernel", site, mask, mask & warp.gone);
    }
    me->operation = operation;
    me->mask = mask;
    me->site = site;
    me->status = Status::at_warp_operation;
    warp.ready &= ~(1u << lane);
    warp.waiting |= 1u << lane;
    if (all_came(warp, mask)) meet(&warp, me - lane, *me, together);
    go_on();
    return me->result;
}

// All lanes of that thread's mask have come.
void Worker::meet(Warp* warp, Fiber* lanes, const Fiber& last, Together together) {
    const uint32_t here = last.mask & warp->waiting;
    for (int i = 0; i < warp_size; i++) {
        const Fiber& other = lanes[i];
        if ((here >> i & 1) == 0) continue;
        if (other.mask != last.mask || other.operation != last.operation ||
            (other.site != last.site && std::strcmp(other.site, last.site) != 0)) {
            fail("%s: thread %d, mask %08x, meets thread %d at %s, mask %08x", last.site, last.index, last.mask,
                 other.index, other.site, other.mask);
        }
    }
    if (together != nullptr) {
        Fiber* pointers[warp_size];
        for (int i = 0; i < warp_size; i++) pointers[i] = lanes + i;
        together(pointers);
    } else if (const int reader = complete(last.operation, here, lanes); reader >= 0) {
        fail("%s: lane %d reads a lane that mask %08x does not name", last.site, reader, last.mask);
    }
    for (int i = 0; i < warp_size; i++) {
        if ((here >> i & 1) != 0) lanes[i].status = Status::ready;
    }
    warp->waiting &= ~here;
    warp->ready |= here;
    if (last.operation == Operation::sync) checker::warp_synchronised(last.index / warp_size);
}

void Worker::deadlock() {
    const checker::Pause pause;
    std::string who;
    const char* last = "";
    for (const Fiber& thread : fibers_) {
        if (thread.index >= count_ || thread.status == Status::done || std::strcmp(thread.site, last) == 0) continue;
        last = thread.site;
        who += " [thread " + std::to_string(thread.index) + " waits at " + last +
               (thread.status == Status::at_barrier ? ", __syncthreads]" : ", warp operation]");
    }
    fail("deadlock:%.600s", who.c_str());
}

void sync_block(const char* site, int predicate) { worker()->wait_for_block(site, predicate); }

uint64_t warp_operation(Operation operation, uint32_t mask, uint64_t value, uint32_t argument, uint32_t width,
                        const char* site, Together together) {
    Fiber* const me = running->fiber;
    me->value = value;
    me->argument = argument;
    me->width = width;
    return worker()->wait_for_warp(operation, mask, site, together);
}

void fail(const char* format, ...) {
    const checker::Pause pause;
    char text[1024];
    int used = 0;
    Worker* const failed = worker();
    if (failed != nullptr) {
        const uint3 block = failed->index, thread = failed->fiber->thread;
        used = std::snprintf(text, sizeof text, "block (%u,%u,%u) thread (%u,%u,%u): ", block.x, block.y, block.z,
                             thread.x, thread.y, thread.z);
    }
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text + used, sizeof text - static_cast<size_t>(used), format, arguments);
    va_end(arguments);
    if (failed == nullptr) throw Error(text);
    failed->abandon(text);
}

}  // namespace morula::emulation
