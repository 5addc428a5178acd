#include "copy_async.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

#include "checker.h"
#include "copies.h"

namespace morula::emulation {
namespace {

struct Copy {
    void* target;
    const void* source;
    int bytes, valid;
    uintptr_t site;
};

}  // namespace

struct PendingCopies {
    std::vector<std::vector<Copy>> groups{1};  // the last one is open
};

namespace {

std::vector<std::vector<Copy>>& groups() {
    Fiber* const thread = running->fiber;
    if (thread->copies == nullptr) thread->copies = new PendingCopies;
    return thread->copies->groups;
}

// All but the newest `pending`, oldest first.
std::vector<std::vector<Copy>> take_groups(int pending) {
    const checker::Pause pause;
    auto& all = groups();
    const auto end = all.end() - std::min<std::ptrdiff_t>(pending + 1, static_cast<std::ptrdiff_t>(all.size()));
    std::vector<std::vector<Copy>> taken(std::make_move_iterator(all.begin()), std::make_move_iterator(end));
    all.erase(all.begin(), end);
    return taken;
}

void arrive(const Copy& copy) {
    const size_t valid = static_cast<size_t>(copy.valid), bytes = static_cast<size_t>(copy.bytes);
    checker::access(copy.target, bytes, checker::Access::write, copy.site);
    if (valid > 0) std::memcpy(copy.target, copy.source, valid);
    std::memset(static_cast<char*>(copy.target) + valid, 0, bytes - valid);
}

}  // namespace

void drop_copies(Fiber* thread) {
    delete thread->copies;
    thread->copies = nullptr;
}

void copy_async(void* target, const void* source, int bytes, int valid, uintptr_t site) {
    if (site == 0) site = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
    const uintptr_t step = static_cast<uintptr_t>(bytes);
    if (reinterpret_cast<uintptr_t>(target) % step != 0 || reinterpret_cast<uintptr_t>(source) % step != 0) {
        fail("cp.async: an address is not a multiple of %d", bytes);
    }
    if (valid < 0 || valid > bytes) fail("cp.async: %d valid bytes of %d", valid, bytes);
    if (valid > 0) checker::access(source, static_cast<size_t>(valid), checker::Access::read, site);
    checker::access(target, static_cast<size_t>(bytes), checker::Access::write, site);
    std::memset(target, 0xff, static_cast<size_t>(bytes));
    const checker::Pause pause;
    groups().back().push_back({target, source, bytes, valid, site});
}

void cp_async_commit() {
    const checker::Pause pause;
    groups().emplace_back();
}

void cp_async_wait(int pending) {
    for (const std::vector<Copy>& group : take_groups(pending)) {
        for (const Copy& copy : group) arrive(copy);
    }
}

}  // namespace morula::emulation
