#include "device_memory.h"

#include <sys/mman.h>

#include <cstring>

#include "checker.h"
#include "sanitizer.h"

namespace morula::emulation {
namespace {

constexpr size_t page = 4096;
constexpr size_t alignment = 16;  // less than a GPU's 256, so that more overruns reach the last page

size_t round_up(size_t bytes, size_t step) { return (bytes + step - 1) / step * step; }

}  // namespace

void* DeviceMemory::allocate(size_t bytes) {
    if (bytes > device_bytes - used_) return nullptr;
    const size_t aligned = round_up(bytes, alignment), page_bytes = round_up(aligned, page) + page;
    void* const mapped = mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    char* const pages = static_cast<char*>(mapped);
    char* const memory = pages + (page_bytes - page - aligned);
    std::memset(memory, 0xff, bytes);
    sanitizer::poison(pages, static_cast<size_t>(memory - pages));
    sanitizer::poison(memory + bytes, aligned - bytes);
    mprotect(pages + page_bytes - page, page, PROT_NONE);
    if (open_ == 0) mprotect(pages, page_bytes - page, PROT_NONE);
    allocations_[memory] = {pages, page_bytes, bytes};
    used_ += bytes;
    checker::add(memory, bytes, "device memory", checker::Space::global);
    return memory;
}

bool DeviceMemory::free(void* memory) {
    const auto found = allocations_.find(static_cast<char*>(memory));
    if (found == allocations_.end()) return false;
    const Allocation& allocation = found->second;
    checker::remove(memory);
    sanitizer::unpoison(allocation.pages, allocation.page_bytes);
    munmap(allocation.pages, allocation.page_bytes);
    used_ -= allocation.bytes;
    allocations_.erase(found);
    return true;
}

bool DeviceMemory::contains(const void* memory, size_t bytes) const {
    const char* const first = static_cast<const char*>(memory);
    auto after = allocations_.upper_bound(first);
    if (after == allocations_.begin()) return false;
    --after;
    return first + bytes <= after->first + after->second.bytes;
}

bool DeviceMemory::touches(const void* memory, size_t bytes) const {
    const char* const first = static_cast<const char*>(memory);
    auto after = allocations_.lower_bound(first + bytes);
    if (after == allocations_.begin()) return false;
    --after;
    return first < after->first + after->second.bytes;
}

void DeviceMemory::protect(int protection) {
    for (const auto& [memory, allocation] : allocations_) {
        mprotect(allocation.pages, allocation.page_bytes - page, protection);
    }
}

DeviceMemory::Open::Open(DeviceMemory* memory) : memory_(memory) {
    if (memory_->open_++ == 0) memory_->protect(PROT_READ | PROT_WRITE);
}

DeviceMemory::Open::~Open() {
    if (--memory_->open_ == 0) memory_->protect(PROT_NONE);
}

}  // namespace morula::emulation
