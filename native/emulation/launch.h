// A kernel's launch: where it is to run, and its arguments, converted and copied once, as the driver does it.
#ifndef MORULA_EMULATION_LAUNCH_H
#define MORULA_EMULATION_LAUNCH_H

#include <cuda_runtime.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

namespace morula::emulation {

struct Launch {
    dim3 grid, threads;
    size_t dynamic_shared;  // bytes
    void* kernel;
    void (*call)(const Launch&);   // runs one thread of the kernel as this compiler made it
    std::vector<char> parameters;  // as PTX lays them out: each at the next multiple of its alignment
};

// Puts a launch on a stream. A configuration that no device takes becomes the runtime's last error.
void enqueue(cudaStream_t stream, Launch launch);

// Runs all blocks; throws an Error (scheduler.cpp).
void run(const Launch& launch);

// What each thread of a launch does: launch.call (thread_source.cpp), or the kernel's PTX (ptx/thread_ptx.cpp), which
// is looked up first, where an Error may be thrown.
void prepare_launch(const Launch& launch);
void run_thread(const Launch& launch);

template <class... P>
struct Parameters {
    // where each parameter starts, and at the end the size of all
    static constexpr std::array<size_t, sizeof...(P) + 1> offsets() {
        std::array<size_t, sizeof...(P) + 1> starts{};
        size_t end = 0, i = 0;
        ((end = (end + alignof(P) - 1) / alignof(P) * alignof(P), starts[i++] = end, end += sizeof(P)), ...);
        starts[i] = end;
        return starts;
    }

    static std::vector<char> pack(const P&... values) {
        std::vector<char> bytes(offsets().back());
        size_t i = 0;
        (std::memcpy(bytes.data() + offsets()[i++], &values, sizeof values), ...);
        return bytes;
    }

    template <class T>
    static T read(const char* bytes) {
        T value;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }

    static void call(const Launch& launch) { call(launch, std::index_sequence_for<P...>()); }

    template <size_t... I>
    static void call(const Launch& launch, std::index_sequence<I...>) {
        reinterpret_cast<void (*)(P...)>(launch.kernel)(read<P>(launch.parameters.data() + offsets()[I])...);
    }
};

template <class... P, class... A>
void launch_kernel(dim3 grid, dim3 threads, size_t dynamic_shared, cudaStream_t stream, void (*kernel)(P...),
                   A&&... arguments) {
    enqueue(stream, {grid, threads, dynamic_shared, reinterpret_cast<void*>(kernel), Parameters<P...>::call,
                     Parameters<P...>::pack(static_cast<P>(arguments)...)});
}

}  // namespace morula::emulation

// As cuda_runtime.h declares it for nvcc: any pointer to a function.
template <class... P>
cudaError_t cudaFuncSetAttribute(void (*kernel)(P...), cudaFuncAttribute attribute, int value) {
    return cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), attribute, value);
}

#endif
