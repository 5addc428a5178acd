// The memory of the emulated device, which the host can touch only while a kernel or a copy runs. Its functions are
// called under the runtime's lock.
#ifndef MORULA_EMULATION_DEVICE_MEMORY_H
#define MORULA_EMULATION_DEVICE_MEMORY_H

#include <cstddef>
#include <map>

namespace morula::emulation {

constexpr size_t device_bytes = size_t{4} << 30;

class DeviceMemory {
  public:
    // Filled with NaN (-1 as an integer), and ending where access faults; nullptr when the device is full.
    void* allocate(size_t bytes);
    // Whether that was an allocation.
    bool free(void* memory);
    // Whether all of the bytes are in one allocation, or any in some.
    bool contains(const void* memory, size_t bytes) const;
    bool touches(const void* memory, size_t bytes) const;
    size_t used() const { return used_; }

    // What follows may touch the memory, until the outermost scope ends.
    class Open {
      public:
        explicit Open(DeviceMemory* memory);
        ~Open();
        Open(const Open&) = delete;
        Open& operator=(const Open&) = delete;

      private:
        DeviceMemory* const memory_;
    };

  private:
    struct Allocation {
        char* pages;
        size_t page_bytes, bytes;
    };
    void protect(int protection);

    std::map<const char*, Allocation> allocations_;
    size_t used_ = 0;
    int open_ = 0;  // scopes
};

}  // namespace morula::emulation

#endif
