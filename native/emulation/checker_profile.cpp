#include "checker_profile.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "device.h"
#include "site.h"

namespace morula::emulation::checker {
namespace {

constexpr size_t sector_bytes = 32, banks = 32, bank_bytes = 4, wavefront_bytes = 128;

struct Event {
    uintptr_t address, site;
    size_t bytes;
    int thread;
    Space space;
    bool write;
};

struct Sums {
    Space space = Space::global;
    bool write = false;
    size_t bytes = 0;
    uint64_t requests = 0, real = 0, ideal = 0;
};

// A warp's n-th execution of an instruction is one request.
using Request = std::vector<const Event*>;

const bool wanted = std::getenv("MORULA_EMULATION_PROFILE") != nullptr;
std::vector<Event> of_block;
std::map<uintptr_t, Sums> by_site;

void add_sectors(const Request& request, Sums* sums) {
    std::set<uintptr_t> sectors, addresses;
    for (const Event* access : request) {
        const uintptr_t last = (access->address + access->bytes - 1) / sector_bytes;
        for (uintptr_t sector = access->address / sector_bytes; sector <= last; sector++) sectors.insert(sector);
        addresses.insert(access->address);
    }
    sums->real += sectors.size();
    sums->ideal += (addresses.size() * request[0]->bytes + sector_bytes - 1) / sector_bytes;
}

void add_wavefronts(const Request& request, Sums* sums) {
    const size_t bytes = request[0]->bytes;
    const size_t together = bytes <= bank_bytes ? warp_size : wavefront_bytes / bytes;  // lanes
    std::map<size_t, std::map<size_t, std::set<uintptr_t>>> words;                      // by group of lanes and bank
    for (const Event* access : request) {
        const size_t group = static_cast<size_t>(access->thread % warp_size) / together;
        for (size_t byte = 0; byte < bytes; byte += bank_bytes) {
            const uintptr_t word = (access->address + byte) / bank_bytes;
            words[group][word % banks].insert(word);
        }
    }
    for (const auto& [group, by_bank] : words) {
        size_t most = 0;
        for (const auto& [bank, different] : by_bank) most = std::max(most, different.size());
        sums->real += most;
        sums->ideal++;
    }
}

void print() {
    for (const auto& [site, sums] : by_site) {
        std::printf("%-40s %s %-5s %2zu bytes: %8zu requests, %9zu %s, at best %9zu\n", site_text(site).c_str(),
                    sums.space == Space::shared ? "shared" : "global", sums.write ? "store" : "load", sums.bytes,
                    static_cast<size_t>(sums.requests), static_cast<size_t>(sums.real),
                    sums.space == Space::shared ? "wavefronts" : "sectors", static_cast<size_t>(sums.ideal));
    }
}

}  // namespace

void profile_access(uintptr_t address, size_t bytes, Space space, bool write, int thread, uintptr_t site) {
    if (wanted) of_block.push_back({address, site, bytes, thread, space, write});
}

void profile_block_ends() {
    if (!wanted || of_block.empty()) return;
    [[maybe_unused]] static const int registered = std::atexit(print);
    std::map<std::tuple<uintptr_t, int>, uint64_t> times;  // by site and thread
    std::map<std::tuple<uintptr_t, int, uint64_t>, Request> requests;
    for (const Event& access : of_block) {
        const uint64_t time = times[{access.site, access.thread}]++;
        requests[{access.site, access.thread / warp_size, time}].push_back(&access);
    }
    for (const auto& [key, request] : requests) {
        Sums& sums = by_site[std::get<0>(key)];
        sums.space = request[0]->space;
        sums.write = request[0]->write;
        sums.bytes = request[0]->bytes;
        sums.requests++;
        request[0]->space == Space::shared ? add_wavefronts(request, &sums) : add_sectors(request, &sums);
    }
    of_block.clear();
}

}  // namespace morula::emulation::checker
