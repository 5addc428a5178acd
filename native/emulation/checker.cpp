// Finds races, accesses out of bounds, reads of what nobody wrote, and misaligned accesses in emulated kernels.
//
// Kernels are compiled with -fsanitize=thread but not linked with its library: the calls before every load and store
// come here (checker_hooks.cpp). All order between CUDA threads comes from barriers, so that a conflict is found in
// whichever order the fibers happened to run. This and the scheduler are compiled without that flag.
//
// Two readers of a cell are remembered, so that a race can be missed in theory; a __syncwarp of a part of a warp counts
// as one of the whole.
#include "checker.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker_profile.h"
#include "device.h"
#include "fiber.h"
#include "site.h"

namespace morula::emulation::checker {
namespace {

constexpr size_t near_bytes = 256;  // so far past the end is an overrun, farther is somewhere else
constexpr size_t most_findings = 20;

struct Who {
    uint32_t id = 0;  // 1 + most_threads * block + thread; 0: nobody
    uint32_t epoch = 0, warp_epoch = 0;
    bool atomic = false;

    uint32_t block() const { return (id - 1) / most_threads; }
    uint32_t thread() const { return (id - 1) % most_threads; }
    uint32_t warp() const { return thread() / warp_size; }
};

struct Cell {
    Who writer, reader, other_reader;
    uintptr_t write_site = 0, read_site = 0;
    bool initialised = false;
};

struct Region {
    uintptr_t begin, end;
    std::string name;
    Space space;
    std::vector<Cell> cells;
    size_t cell_bytes = 4;  // 1 once an access was smaller

    size_t cell_of(uintptr_t address) const { return (address - begin) / cell_bytes; }
    void split() {
        std::vector<Cell> bytes;
        for (size_t i = 0; i < end - begin; i++) bytes.push_back(cells[i / cell_bytes]);
        cells = std::move(bytes);
        cell_bytes = 1;
    }
};

struct Range {
    uintptr_t begin = 0, end = 0;
    bool contains(uintptr_t address) const { return address >= begin && address < end; }
};

std::map<uintptr_t, Region> regions;
Region* last_region = nullptr;
Range stacks, state;
thread_local int running_block = -1, running_thread = -1;
uint32_t epoch = 1, first_epoch = 1;
uint32_t warp_epochs[most_threads / warp_size];

enum class Code { of_the_host, of_nvcc };

struct Finding {
    std::string what, where_and_who;
    uintptr_t site, other_site;
};
std::vector<Finding> findings;
std::set<std::pair<uintptr_t, uintptr_t>> found;

uintptr_t number(const void* memory) { return reinterpret_cast<uintptr_t>(memory); }

void find(const char* what, uintptr_t site, uintptr_t other_site, std::string where_and_who) {
    if (findings.size() >= most_findings || !found.insert({site, other_site}).second) return;
    findings.push_back({what, std::move(where_and_who), site, other_site});
}

std::string text(const Who& who) {
    return "block " + std::to_string(who.block()) + " thread " + std::to_string(who.thread());
}

std::string element(const Region& region, size_t cell) {
    return region.name + " + " + std::to_string(cell * region.cell_bytes) + " bytes, ";
}

// Whether an earlier access is not ordered before this one.
bool clashes(const Who& earlier, const Who& now) {
    if (earlier.id == 0 || earlier.id == now.id || earlier.epoch < first_epoch) return false;
    if (earlier.atomic && now.atomic) return false;
    if (earlier.block() != now.block()) return true;  // blocks of a launch are never ordered
    if (earlier.epoch != now.epoch) return false;     // a __syncthreads lies between
    return earlier.warp() != now.warp() || earlier.warp_epoch == now.warp_epoch;
}

void write_cell(const Region& region, Cell* cell, size_t index, const Who& me, uintptr_t site) {
    if (clashes(cell->writer, me)) {
        find("race (write after write)", site, cell->write_site,
             element(region, index) + text(me) + " after " + text(cell->writer));
    }
    for (const Who& reader : {cell->reader, cell->other_reader}) {
        if (!clashes(reader, me)) continue;
        find("race (write after read)", site, cell->read_site,
             element(region, index) + text(me) + " after " + text(reader));
    }
    cell->writer = me;
    cell->write_site = site;
    cell->initialised = true;
}

void read_cell(const Region& region, Cell* cell, size_t index, const Who& me, uintptr_t site, Code code) {
    if (clashes(cell->writer, me)) {
        find("race (read after write)", site, cell->write_site,
             element(region, index) + text(me) + " after " + text(cell->writer));
    }
    if (!cell->initialised && code == Code::of_the_host)
        find("uninitialised read", site, 0, element(region, index) + text(me));
    if (cell->reader.id != me.id || cell->reader.epoch != me.epoch) {  // of different warps where possible
        const bool other_warp =
            cell->reader.id == 0 || cell->reader.block() != me.block() || cell->reader.warp() != me.warp();
        if (other_warp || cell->other_reader.epoch != me.epoch) cell->other_reader = cell->reader;
        cell->reader = me;
    }
    cell->read_site = site;
}

// The region that holds the address; nullptr if none does. Stops the kernel when one ends just before it.
Region* region_of(uintptr_t address, bool write, uintptr_t site) {
    if (last_region != nullptr && address >= last_region->begin && address < last_region->end) return last_region;
    auto after = regions.upper_bound(address);
    if (after == regions.begin()) return nullptr;
    Region& before = std::prev(after)->second;
    if (address < before.end) return last_region = &before;
    if (address < before.end + near_bytes) {
        fail("checker: out of bounds at %s: %s %zu bytes past the end of %s", site_text(site).c_str(),
             write ? "write" : "read", static_cast<size_t>(address - before.end), before.name.c_str());
    }
    return nullptr;
}

void access_region(Region* region, uintptr_t address, size_t bytes, Access access, uintptr_t site, int thread,
                   Code code) {
    const bool write = access == Access::write || access == Access::atomic_write;
    const bool atomic = access == Access::atomic_read || access == Access::atomic_write;
    if (address + bytes > region->end) {
        fail("checker: out of bounds at %s: %s across the end of %s", site_text(site).c_str(), write ? "write" : "read",
             region->name.c_str());
    }
    const Who me{static_cast<uint32_t>(running_block * most_threads + thread + 1), epoch,
                 warp_epochs[thread / warp_size], atomic};
    if ((address - region->begin) % region->cell_bytes != 0 || bytes % region->cell_bytes != 0) region->split();
    const size_t last = region->cell_of(address + bytes - 1);
    for (size_t i = region->cell_of(address); i <= last; i++) {
        if (write) {
            write_cell(*region, &region->cells[i], i, me, site);
        } else {
            read_cell(*region, &region->cells[i], i, me, site, code);
        }
    }
    if (!atomic) profile_access(address, bytes, region->space, write, thread, site);
}

void access_anywhere(uintptr_t address, size_t bytes, Access access, uintptr_t site, Code code) {
    if (running_thread < 0 || bytes == 0 || stacks.contains(address) || state.contains(address)) return;
    const bool write = access == Access::write || access == Access::atomic_write;
    const int thread = std::exchange(running_thread, -1);
    if (Region* const region = region_of(address, write, site)) {
        access_region(region, address, bytes, access, site, thread, code);
    } else if (write || code == Code::of_nvcc) {
        fail("checker: wild %s at %s: not in any device memory", write ? "write" : "read", site_text(site).c_str());
    }
    running_thread = thread;
}

}  // namespace

Pause::Pause() : thread_(std::exchange(running_thread, -1)) {}
Pause::~Pause() { running_thread = thread_; }

void access(const void* memory, size_t bytes, Access access, uintptr_t site) {
    access_anywhere(number(memory), bytes, access, site, Code::of_the_host);
}

void aligned_access(const void* memory, size_t bytes, Access access, uintptr_t site) {
    // gcc has no other call for 16 bytes that need be aligned to 8 alone; nvcc's code shows the rest.
    const size_t alignment = std::min<size_t>(bytes, 8);
    if (running_thread >= 0 && number(memory) % alignment != 0) {
        const Pause pause;
        find("misaligned", site, 0, "an address that is no multiple of " + std::to_string(alignment));
    }
    access_anywhere(number(memory), bytes, access, site, Code::of_the_host);
}

void device_access(const void* memory, size_t bytes, Access access, uintptr_t site) {
    access_anywhere(number(memory), bytes, access, site, Code::of_nvcc);
}

void add(const void* memory, size_t bytes, const char* name, Space space) {
    const uintptr_t begin = number(memory);
    Region region{begin, begin + bytes, name, space, {}};
    region.cells.resize((bytes + region.cell_bytes - 1) / region.cell_bytes);
    regions[begin] = std::move(region);
    last_region = nullptr;
}

void remove(const void* memory) {
    regions.erase(number(memory));
    last_region = nullptr;
}

void written(const void* memory, size_t bytes) {
    auto after = regions.upper_bound(number(memory));
    if (after == regions.begin() || bytes == 0) return;
    Region& region = std::prev(after)->second;
    const uintptr_t last = std::min(number(memory) + bytes, region.end) - 1;
    for (size_t i = region.cell_of(number(memory)); i <= region.cell_of(last); i++) region.cells[i].initialised = true;
}

void ignore(const void* stacks_begin, const void* stacks_end, const void* state_begin, const void* state_end) {
    stacks = {number(stacks_begin), number(stacks_end)};
    state = {number(state_begin), number(state_end)};
}

void thread_runs(int block, int thread) {
    running_block = block;
    running_thread = thread;
}

void block_begins() { epoch++; }
void block_ends() { profile_block_ends(); }
void block_synchronised() { epoch++; }
void warp_synchronised(int warp) { warp_epochs[warp]++; }

void launch_begins() {
    first_epoch = ++epoch;
    findings.clear();
    found.clear();
}

void launch_ends() {
    if (findings.empty()) return;
    std::string all = "checker:";
    for (const Finding& finding : findings) {
        all += " " + finding.what + " at " + site_text(finding.site) + ": " + finding.where_and_who;
        all += finding.other_site == 0 ? ";" : " (other access at " + site_text(finding.other_site) + ");";
    }
    findings.clear();
    throw Error(all);
}

}  // namespace morula::emulation::checker
