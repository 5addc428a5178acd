// Runs a launch block by block, in the chosen order.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

#include "checker.h"
#include "scheduler.h"

namespace morula::emulation {
namespace {

int number(const char* variable, int fallback) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? fallback : std::atoi(text);
}

Order order() {
    const char* const text = std::getenv("MORULA_EMULATION_ORDER");
    if (text == nullptr || std::strcmp(text, "forward") == 0) return Order::forward;
    if (std::strcmp(text, "reverse") == 0) return Order::reverse;
    if (std::strcmp(text, "random") == 0) return Order::random;
    throw Error(std::string("MORULA_EMULATION_ORDER is \"") + text + "\"; it can be forward, reverse or random");
}

// Workers that wait for their next launch: their stacks cost more to make than most kernels to run.
class Pool {
  public:
    std::unique_ptr<Worker> take() {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (idle_.empty()) return std::make_unique<Worker>();
        std::unique_ptr<Worker> worker = std::move(idle_.back());
        idle_.pop_back();
        return worker;
    }
    void give(std::unique_ptr<Worker> worker) {
        const std::lock_guard<std::mutex> lock(mutex_);
        idle_.push_back(std::move(worker));
    }

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Worker>> idle_;
};

Pool& pool() {
    static Pool* const all = new Pool;  // never freed: threads may outlive the statics
    return *all;
}

std::vector<unsigned> blocks_in_order(const Launch& launch) {
    std::vector<unsigned> blocks(static_cast<size_t>(launch.grid.x) * launch.grid.y * launch.grid.z);
    std::iota(blocks.begin(), blocks.end(), 0u);
    if (options().order == Order::reverse) std::reverse(blocks.begin(), blocks.end());
    if (options().order == Order::random) std::shuffle(blocks.begin(), blocks.end(), std::mt19937(options().seed));
    return blocks;
}

// Every `step`-th block from `first` on.
void run_some(const Launch& launch, const std::vector<unsigned>& blocks, size_t first, size_t step) {
    std::unique_ptr<Worker> worker = pool().take();
    worker->prepare(launch);
    for (size_t i = first; i < blocks.size(); i += step) worker->run_block(blocks[i]);
    pool().give(std::move(worker));  // not after an exception, which leaves fibers where they stood
}

}  // namespace

const Options& options() {
    static const Options all{order(), static_cast<unsigned>(number("MORULA_EMULATION_SEED", 1)),
                             checker::present ? 1 : std::max(number("MORULA_EMULATION_WORKERS", 1), 1)};
    return all;
}

void run(const Launch& launch) {
    prepare_launch(launch);
    const std::vector<unsigned> blocks = blocks_in_order(launch);
    const size_t workers = std::min(static_cast<size_t>(options().workers), blocks.size());
    checker::launch_begins();
    if (workers == 1) {
        run_some(launch, blocks, 0, 1);
        checker::launch_ends();
        return;
    }
    std::vector<std::exception_ptr> failures(workers);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < workers; i++) {
        threads.emplace_back([&, i] {
            try {
                run_some(launch, blocks, i, workers);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace morula::emulation
