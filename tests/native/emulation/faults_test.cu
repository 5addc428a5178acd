// The emulation notices what is wrong: each fault is reported by the layers that can see it, and by no other.
//   faults_test source | checker | ptx | sanitizer
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "faults.cuh"

namespace {

enum class Layer { source, checker, ptx };
Layer layer;
int failures = 0;

void verify(bool holds, const char* name, const std::string& what) {
    if (holds) return;
    failures++;
    std::fprintf(stderr, "%s: %s\n", name, what.c_str());
}

using Values = std::vector<float>;

// A stream, and memory of 64 floats on either side of its kernels.
class Device {
  public:
    Device() {
        cudaStreamCreate(&stream);
        cudaMalloc(reinterpret_cast<void**>(&out), 64 * sizeof(float));
        cudaMalloc(reinterpret_cast<void**>(&in), 64 * sizeof(float));
        Values values(64);
        for (int i = 0; i < 64; i++) values[static_cast<size_t>(i)] = static_cast<float>(i);
        cudaMemcpy(in, values.data(), 64 * sizeof(float), cudaMemcpyHostToDevice);
    }
    ~Device() {
        cudaStreamDestroy(stream);
        cudaFree(in);
        cudaFree(out);
        cudaGetLastError();  // of a stream that failed
    }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    Values get(size_t count) const {
        Values values(count);
        cudaMemcpy(values.data(), out, count * sizeof(float), cudaMemcpyDeviceToHost);
        return values;
    }

    cudaStream_t stream = nullptr;
    float* out = nullptr;
    float* in = nullptr;
};

// What the runtime says after the launch; empty if all went well.
std::string message(const Device& device, const std::function<void(const Device&)>& launch) {
    launch(device);
    cudaError_t error = cudaGetLastError();
    if (error == cudaSuccess) error = cudaStreamSynchronize(device.stream);
    return error == cudaSuccess ? "" : cudaGetErrorString(error);
}

constexpr bool in_source = true, not_in_source = false;

// The layers whose message must contain the text; the others must find nothing.
void expect_fault(const char* name, bool by_source, const char* text,
                  const std::function<void(const Device&)>& launch) {
    const Device device;
    const std::string said = message(device, launch);
    const bool expected = by_source || layer != Layer::source;
    verify(expected ? said.find(text) != std::string::npos : said.empty(), name,
           (expected ? "expected \"" + std::string(text) + "\" in" : "expected no") + " message: \"" + said + "\"");
}

void expect_values(const char* name, const Values& expected, const std::function<void(const Device&)>& launch) {
    const Device device;
    verify(message(device, launch).empty(), name, "failed: " + message(device, launch));
    verify(device.get(expected.size()) == expected, name, "computed other values");
}

Values descending() {
    Values values;
    for (int i = 0; i < 32; i++) values.push_back(static_cast<float>(31 - i));
    return values;
}

void test_barriers() {
    expect_values("a warp with a barrier", descending(),
                  [](const Device& d) { GPU_LAUNCH((reverse_warp<Barrier::warp>), 1, 32, 0, d.stream, d.out); });
    expect_fault("a warp without", not_in_source, "race (read after write)",
                 [](const Device& d) { GPU_LAUNCH((reverse_warp<Barrier::none>), 1, 32, 0, d.stream, d.out); });
    expect_fault("a shuffle is no barrier", not_in_source, "race (read after write)",
                 [](const Device& d) { GPU_LAUNCH((reverse_warp<Barrier::shuffle>), 1, 32, 0, d.stream, d.out); });
    expect_fault("a barrier with threads that left", in_source, "left the kernel",
                 [](const Device& d) { GPU_LAUNCH(barrier_with_the_gone, 1, 64, 0, d.stream, d.out); });
    if (layer == Layer::source) {
        const Device device;
        message(device, [](const Device& d) { GPU_LAUNCH((reverse_warp<Barrier::none>), 1, 32, 0, d.stream, d.out); });
        verify(device.get(32) != descending(), "a warp without", "the values came out right");
    }
}

void test_warps() {
    Values halves(16, 120.0f);
    halves.resize(32, 376.0f);
    expect_values("halves", halves, [](const Device& d) { GPU_LAUNCH(sum_halves, 1, 32, 0, d.stream, d.out); });
    expect_fault("a mask without the caller", in_source, "does not name the calling lane",
                 [](const Device& d) { GPU_LAUNCH(foreign_mask, 1, 32, 0, d.stream, d.out); });
    expect_fault("a shuffle with threads that left", in_source, "left the kernel",
                 [](const Device& d) { GPU_LAUNCH(shuffle_with_the_gone, 1, 32, 0, d.stream, d.out); });
    expect_fault("lanes that skip a vote", in_source, "deadlock",
                 [](const Device& d) { GPU_LAUNCH(lanes_that_skip_a_vote, 1, 32, 0, d.stream, d.out); });
}

void test_memory() {
    expect_fault("blocks that overlap", not_in_source, "race (write after write)",
                 [](const Device& d) { GPU_LAUNCH(blocks_that_overlap, 2, 32, 0, d.stream, d.out); });
    for (const auto kernel : {count_without_atomics, count_with_atomics}) {
        const auto launch = [kernel](const Device& d) {
            cudaMemsetAsync(d.out, 0, 4, d.stream);
            GPU_LAUNCH(kernel, 8, 32, 0, d.stream, d.out);
        };
        if (kernel == count_with_atomics) {
            expect_values("a count with atomics", {8}, launch);
        } else {
            expect_fault("a count without atomics", not_in_source, "race", launch);
        }
    }
    if (layer != Layer::ptx) {  // nvcc may read what it does not use, such as padding
        expect_fault("a read of what nobody wrote", not_in_source, "uninitialised read",
                     [](const Device& d) { GPU_LAUNCH(read_of_nothing, 1, 32, 0, d.stream, d.out); });
    }
    if (layer == Layer::source) return;  // which may crash, or corrupt what is not the device's
    expect_fault("an overrun of shared memory", in_source, "out of bounds",
                 [](const Device& d) { GPU_LAUNCH(shared_overrun, 1, 32, 32 * 4, d.stream, d.out, 32); });
    expect_fault("an overrun of device memory", in_source, "out of bounds",
                 [](const Device& d) { GPU_LAUNCH(device_overrun, 1, 96, 0, d.stream, d.out, d.in, 64); });
    expect_fault("an odd address", in_source, layer == Layer::ptx ? "multiple" : "misaligned",
                 [](const Device& d) { GPU_LAUNCH(odd_address, 1, 32, 0, d.stream, d.out); });
}

void test_asynchronous_copies() {
    Values copied;
    for (int i = 0; i < 32; i++) copied.push_back(i < 20 ? static_cast<float>(i) : 0.0f);
    expect_values("a copy", copied,
                  [](const Device& d) { GPU_LAUNCH((copy_by_four<Wait::all>), 1, 32, 0, d.stream, d.out, d.in); });
    const Device device;
    message(device, [](const Device& d) { GPU_LAUNCH((copy_by_four<Wait::none>), 1, 32, 0, d.stream, d.out, d.in); });
    verify(std::isnan(device.get(1)[0]), "a copy without a wait", "its values were there");
}

void test_runtime() {
    expect_fault("too many threads", in_source, "1 x 1 x 1 blocks of 1056 x 1 x 1 threads",
                 [](const Device& d) { GPU_LAUNCH(sum_halves, 1, 1056, 0, d.stream, d.out); });
    expect_fault("too much shared memory", in_source, "dynamic shared memory",
                 [](const Device& d) { GPU_LAUNCH(sum_halves, 1, 32, 50000, d.stream, d.out); });
    if (layer == Layer::ptx) {  // where alone the bounds stand
        expect_fault("more threads than the kernel's bounds", in_source,
                     "a block of 64 threads, where __launch_bounds__ is 32",
                     [](const Device& d) { GPU_LAUNCH(of_one_warp, 1, 64, 0, d.stream, d.out); });
    }
    const Device device, other;
    GPU_LAUNCH(sum_halves, 1, 32, 0, device.stream, device.out);
    verify(std::isnan(device.get(1)[0]), "a missing wait", "the kernel had run");

    GPU_LAUNCH(foreign_mask, 1, 32, 0, device.stream, device.out);
    cudaEvent_t event = nullptr;
    cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
    cudaEventRecord(event, device.stream);
    cudaStreamWaitEvent(other.stream, event, 0);
    verify(cudaStreamSynchronize(other.stream) == cudaErrorLaunchFailure, "a wait for an event", "nothing ran");
    verify(device.get(32)[31] == 376.0f, "a wait for an event", "the first kernel has not run");
    verify(cudaMemcpyAsync(device.out, device.in, 4, cudaMemcpyDeviceToDevice, device.stream) == cudaErrorLaunchFailure,
           "after a failure", "the stream took more work");
    cudaEventDestroy(event);
    verify(cudaMemcpyAsync(device.out + 60, device.in, 20, cudaMemcpyDeviceToDevice, nullptr) == cudaErrorInvalidValue,
           "a copy past the end", "was accepted");
    cudaGetLastError();
}

// Copies in to out, then makes a kernel's sums of it, on a stream that is captured.
cudaGraph_t captured(const Device& device) {
    cudaGraph_t graph = nullptr;
    cudaStreamBeginCapture(device.stream, cudaStreamCaptureModeThreadLocal);
    cudaMemcpyAsync(device.out, device.in, 64 * sizeof(float), cudaMemcpyDeviceToDevice, device.stream);
    GPU_LAUNCH(sum_halves, 1, 32, 0, device.stream, device.out);
    verify(cudaStreamEndCapture(device.stream, &graph) == cudaSuccess, "a capture", "failed");
    return graph;
}

void test_graphs() {
    const Device device, other;
    cudaMemset(device.out, 0, 64 * sizeof(float));
    const cudaGraph_t graph = captured(device);
    cudaGraphExec_t executable = nullptr;
    verify(cudaGraphInstantiate(&executable, graph, 0) == cudaSuccess, "a graph", "cannot be made executable");
    cudaGraphDestroy(graph);
    cudaStreamSynchronize(device.stream);
    verify(device.get(1)[0] == 0, "a capture", "its work was done");
    for (int round = 0; round < 2; round++) {
        cudaMemset(device.out, 0, 64 * sizeof(float));
        verify(cudaGraphLaunch(executable, other.stream) == cudaSuccess, "a graph", "was not launched");
        verify(device.get(1)[0] == 0, "a graph's missing wait", "its work was done");
        cudaStreamSynchronize(other.stream);
        const Values values = device.get(33);
        verify(values[0] == 120.0f && values[31] == 376.0f && values[32] == 32.0f, "a graph", "made other values");
    }
    cudaGraphExecDestroy(executable);
}

// What a capture cannot keep is refused, and so is the graph.
void expect_refused(const char* name, const std::function<cudaError_t(const Device&)>& call) {
    const Device device;
    cudaGraph_t graph = nullptr;
    cudaStreamBeginCapture(device.stream, cudaStreamCaptureModeThreadLocal);
    verify(call(device) == cudaErrorStreamCaptureUnsupported, name, "was not refused");
    GPU_LAUNCH(sum_halves, 1, 32, 0, device.stream, device.out);
    verify(cudaGetLastError() == cudaErrorStreamCaptureInvalidated, name, "left the capture valid");
    verify(cudaStreamEndCapture(device.stream, &graph) == cudaErrorStreamCaptureInvalidated && graph == nullptr, name,
           "gave a graph");
    GPU_LAUNCH(sum_halves, 1, 32, 0, device.stream, device.out);
    cudaGetLastError();
    verify(cudaStreamSynchronize(device.stream) == cudaSuccess && device.get(1)[0] == 120.0f, name,
           "left a stream that does nothing");
}

void test_refused_captures() {
    expect_refused("an allocation in a capture", [](const Device&) {
        void* memory = nullptr;
        return cudaMalloc(&memory, 4);
    });
    expect_refused("a wait in a capture", [](const Device& d) { return cudaStreamSynchronize(d.stream); });
    expect_refused("a wait for all in a capture", [](const Device&) { return cudaDeviceSynchronize(); });
    expect_refused("a copy in a capture, waited for",
                   [](const Device& d) { return cudaMemcpy(d.out, d.in, 4, cudaMemcpyDeviceToDevice); });
    const Device device;
    cudaGraph_t graph = nullptr;
    cudaStreamBeginCapture(device.stream, cudaStreamCaptureModeThreadLocal);
    std::thread([&graph, &device] {
        const Device others;  // which another thread may allocate
        GPU_LAUNCH(sum_halves, 1, 32, 0, others.stream, others.out);
        verify(others.get(1)[0] != 120.0f && cudaStreamSynchronize(others.stream) == cudaSuccess &&
                   others.get(1)[0] == 120.0f,
               "another thread's work", "was captured");
        verify(cudaStreamEndCapture(device.stream, &graph) == cudaErrorStreamCaptureWrongThread,
               "another thread's capture", "was ended");
    }).join();
    verify(cudaStreamEndCapture(device.stream, &graph) == cudaSuccess, "a capture beside others' work", "failed");
    cudaGraphDestroy(graph);
    verify(cudaStreamEndCapture(device.stream, &graph) == cudaErrorIllegalState, "no capture", "was ended");
    cudaGetLastError();
}

void test_host_threads() {
    std::vector<std::thread> threads;
    std::vector<int> right(4);
    for (size_t i = 0; i < right.size(); i++) {
        threads.emplace_back([i, &right] {
            for (int round = 0; round < 20; round++) {
                const Device device;
                const bool faulty = i == 0;
                const std::string said = message(device, [faulty](const Device& d) {
                    GPU_LAUNCH((faulty ? foreign_mask : sum_halves), 1, 32, 0, d.stream, d.out);
                });
                right[i] += faulty ? said.find("does not name") != std::string::npos
                                   : said.empty() && device.get(1)[0] == 120.0f;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    verify(right == std::vector<int>(4, 20), "threads of the host", "results or errors went to the wrong one");
}

int overrun_under_sanitizer() {
    const Device device;
    message(device, [](const Device& d) { GPU_LAUNCH(shared_overrun, 1, 32, 32 * 4, d.stream, d.out, 32); });
    std::fprintf(stderr, "the overrun went unnoticed\n");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "source";
    if (name == "sanitizer") return overrun_under_sanitizer();
    layer = name == "ptx" ? Layer::ptx : name == "checker" ? Layer::checker : Layer::source;
    test_barriers();
    test_warps();
    test_memory();
    test_asynchronous_copies();
    test_runtime();
    test_graphs();
    test_refused_captures();
    test_host_threads();
    std::printf("%d unexpected results\n", failures);
    return failures > 0;
}
