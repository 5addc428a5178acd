// cudart_emu.cpp - the few CUDA runtime functions the host code uses, with NVIDIA's own declarations, for the
// emulated build. Device memory: right-aligned against a guard page and inaccessible to host code (PROT_NONE)
// except while a kernel or a copy runs. Work on a stream is queued until something waits for it.
#include <sys/mman.h>
#include <unistd.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>

#include "check.h"
#include "cudaemu.h"
namespace {
struct Block {
    char* map;
    size_t bytes, n;
};
std::map<char*, Block> heap;  // by user pointer
std::map<cudaStream_t, std::deque<std::function<void()>>> queues;
std::map<cudaEvent_t, cudaStream_t> recorded;
cudaError_t last = cudaSuccess;
int open_depth = 0;
cudaError_t err(cudaError_t e) {
    if (e) last = e;
    return e;
}
void guard(int prot) {
    for (auto& [p, b] : heap) mprotect(b.map, b.bytes - 4096, prot);
}
struct Open {
    Open() {
        if (!open_depth++) guard(PROT_READ | PROT_WRITE);
    }
    ~Open() {
        if (!--open_depth) guard(PROT_NONE);
    }
};
bool device_range(const void* p, size_t n) {
    auto it = heap.upper_bound(static_cast<char*>(const_cast<void*>(p)));
    if (it == heap.begin()) return false;
    --it;
    return static_cast<const char*>(p) + n <= it->first + it->second.n;
}
cudaError_t drain(cudaStream_t s) {
    auto& q = queues[s];
    try {
        while (!q.empty()) {
            auto f = std::move(q.front());
            q.pop_front();
            Open o;
            f();
        }
    } catch (const cudaemu::Error& e) {
        fprintf(stderr, "kernel failed: %s\n", e.what());
        q.clear();
        return err(cudaErrorLaunchFailure);
    }
    return cudaSuccess;
}
cudaError_t copy(void* d, const void* s, size_t n, cudaMemcpyKind k) {
    const bool dd = k == cudaMemcpyHostToDevice || k == cudaMemcpyDeviceToDevice,
               sd = k == cudaMemcpyDeviceToHost || k == cudaMemcpyDeviceToDevice;
    if (k == cudaMemcpyDefault || dd != device_range(d, n) || sd != device_range(s, n))
        return err(cudaErrorInvalidValue);
    Open o;
    memmove(d, s, n);
    if (dd) cudaemu::device_written(d, n);
    return cudaSuccess;
}
}  // namespace
namespace cudaemu {
void enqueue(cudaStream_t s, std::function<void()> f) { queues[s].push_back(std::move(f)); }
}  // namespace cudaemu
extern "C" {
cudaError_t cudaMalloc(void** p, size_t n) {
    const size_t bytes = (n + 15) / 16 * 16 / 4096 * 4096 + 3 * 4096;  // user pointer 16-aligned (a GPU gives 256)
    char* m = static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (m == MAP_FAILED) return err(cudaErrorMemoryAllocation);
    char* u = m + bytes - 4096 - (n + 15) / 16 * 16;
    memset(u, 0xff, n);
    mprotect(m + bytes - 4096, 4096, PROT_NONE);
    heap[u] = {m, bytes, n};
    cudaemu::check::region(u, n, "cudaMalloc", false);
    if (!open_depth) mprotect(m, bytes - 4096, PROT_NONE);
    *p = u;
    return cudaSuccess;
}
cudaError_t cudaFree(void* p) {
    if (!p) return cudaSuccess;
    auto it = heap.find(static_cast<char*>(p));
    if (it == heap.end()) return err(cudaErrorInvalidDevicePointer);
    for (auto& [s, q] : queues) drain(s);
    cudaemu::check::unregion(p);
    munmap(it->second.map, it->second.bytes);
    heap.erase(it);
    return cudaSuccess;
}
cudaError_t cudaMemcpy(void* d, const void* s, size_t n, cudaMemcpyKind k) {
    if (auto e = drain(nullptr)) return e;
    return copy(d, s, n, k);
}
cudaError_t cudaMemcpyAsync(void* d, const void* s, size_t n, cudaMemcpyKind k, cudaStream_t st) {
    queues[st].push_back([=] { copy(d, s, n, k); });
    return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* d, int v, size_t n, cudaStream_t st) {
    queues[st].push_back([=] {
        if (!device_range(d, n)) {
            err(cudaErrorInvalidValue);
            return;
        }
        memset(d, v, n);
        cudaemu::device_written(d, n);
    });
    return cudaSuccess;
}
cudaError_t cudaMemset(void* d, int v, size_t n) {
    cudaMemsetAsync(d, v, n, nullptr);
    return drain(nullptr);
}
cudaError_t cudaStreamCreate(cudaStream_t* s) {
    static uintptr_t id = 0x1000;
    *s = reinterpret_cast<cudaStream_t>(id += 16);
    return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t s) { return drain(s); }
cudaError_t cudaStreamSynchronize(cudaStream_t s) { return drain(s); }
cudaError_t cudaDeviceSynchronize() {
    for (auto& [s, q] : queues)
        if (auto e = drain(s)) return e;
    return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* e, unsigned) {
    static uintptr_t id = 0x2000;
    *e = reinterpret_cast<cudaEvent_t>(id += 16);
    return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventRecord(cudaEvent_t e, cudaStream_t st) {
    recorded[e] = st;
    return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t e) {
    auto it = recorded.find(e);
    return it == recorded.end() ? cudaSuccess : drain(it->second);
}
cudaError_t cudaMallocHost(void** p, size_t n) {
    *p = malloc(n);
    return *p ? cudaSuccess : err(cudaErrorMemoryAllocation);
}
cudaError_t cudaFreeHost(void* p) {
    free(p);
    return cudaSuccess;
}
cudaError_t cudaMemGetInfo(size_t* f, size_t* t) {
    *f = *t = size_t(4) << 30;
    return cudaSuccess;
}
cudaError_t cudaSetDevice(int d) { return d == 0 ? cudaSuccess : err(cudaErrorInvalidDevice); }
cudaError_t cudaGetDeviceCount(int* n) {
    *n = 1;
    return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* v) {
    *v = 13000;
    return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int) {
    *p = {};
    strcpy(p->name, "emulated device");
    p->major = 9;
    p->totalGlobalMem = size_t(4) << 30;
    p->multiProcessorCount = 1;
    return cudaSuccess;
}
cudaError_t cudaGetLastError() {
    auto e = last;
    last = cudaSuccess;
    return e;
}
cudaError_t cudaPeekAtLastError() { return last; }
const char* cudaGetErrorString(cudaError_t e) { return e ? "emulated CUDA error" : "no error"; }
}
