// Runs the threads of one block after another, on fibers of one thread of the host.
#ifndef MORULA_EMULATION_SCHEDULER_H
#define MORULA_EMULATION_SCHEDULER_H

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fiber.h"
#include "launch.h"

namespace morula::emulation {

enum class Order { forward, reverse, random };

struct Options {
    Order order;    // MORULA_EMULATION_ORDER: of the blocks, and of the threads of a block as far as barriers allow
    unsigned seed;  // MORULA_EMULATION_SEED, of the random order
    int workers;    // MORULA_EMULATION_WORKERS: threads of the host, each of which runs whole blocks
};
const Options& options();

class Worker : public Block {
  public:
    Worker();
    ~Worker();

    // For the launches of which this worker runs blocks.
    void prepare(const Launch& launch);
    // Runs the block of that number; throws an Error.
    void run_block(unsigned number);

    void wait_for_block(const char* site, int predicate);
    uint64_t wait_for_warp(Operation operation, uint32_t mask, const char* site, Together together);
    [[noreturn]] void abandon(std::string why);
    void* shared(int slot, size_t bytes, const char* name);

    const Launch& launch() const { return *launch_; }

  private:
    static constexpr int most_warps = most_threads / warp_size;
    struct Warp {  // one bit a lane
        uint32_t ready = 0, waiting = 0, gone = 0;
    };

    [[noreturn]] static void enter_thread();
    [[noreturn]] void leave_kernel();
    void start_threads();
    void free_shared();
    void jump(Fiber* to, Leave leave);
    Fiber* next();
    void go_on();
    int pick(uint32_t bits);
    void release_block();
    void meet(Warp* warp, Fiber* lanes, const Fiber& last, Together together);
    void leave_warp();
    static bool all_came(const Warp& warp, uint32_t mask) { return (mask & ~(warp.waiting | warp.gone)) == 0; }
    [[noreturn]] void deadlock();
    Warp& warp_of(const Fiber& thread) { return warps_[thread.index / warp_size]; }

    const Launch* launch_ = nullptr;
    Stacks stacks_;
    std::vector<Fiber> fibers_;
    Warp warps_[most_warps];
    Fiber host_;
    std::vector<void*> shared_;  // by slot
    int count_ = 0, live_ = 0, at_barrier_ = 0;
    int any_ = 0, all_ = 1, predicates_ = 0;  // of those at the barrier
    unsigned number_ = 0;
    std::mt19937 random_;
    std::string error_;
};

// The worker whose fiber runs on this thread; nullptr outside of kernels.
inline Worker* worker() { return static_cast<Worker*>(running); }

// Results of a warp operation for the lanes of `here` (warp.cpp). Returns a lane that reads one that is not there, or
// -1.
int complete(Operation operation, uint32_t here, Fiber* lanes);

}  // namespace morula::emulation

#endif
