// Stacks for fibers, and the switch between them.
#ifndef MORULA_EMULATION_FIBER_H
#define MORULA_EMULATION_FIBER_H

#include <cstddef>

#include "device.h"

namespace morula::emulation {

constexpr int most_threads = 1024;  // a block

// Stacks of the threads of a block, each above a page that faults; and the stack of the host's thread that runs them.
class Stacks {
  public:
    Stacks();
    ~Stacks();
    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;

    // Gives the first `count` fibers a stack each.
    void assign(Fiber* fibers, int count);
    // Remembers the calling thread's stack, to which the fibers return.
    void enter_from_host(Fiber* host);

    char* begin() const { return memory_; }
    char* end() const;

  private:
    char* memory_;
    int guarded_ = 0;
};

// Lets the next switch to the fiber start `entry`, which never returns.
void start(Fiber* fiber, void (*entry)());

// Leaves `from` and goes on with `to`. A fiber that is `last_time` left never goes on.
enum class Leave { for_now, last_time };
void switch_fiber(Fiber* from, Fiber* to, Leave leave);

// First thing in a new fiber.
void entered_fiber();

}  // namespace morula::emulation

#endif
