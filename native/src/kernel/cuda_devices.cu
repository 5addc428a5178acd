// The smallest complete CUDA kernel, and what doctor shows of a GPU: a device counts as usable once this kernel's
// result came back right.
//
//   y_i = a x_i + y_i,   x, y: float32 vectors of an odd length, so that the last block is a partial one
//
// Variants: none; it is a check, not a stage, so no benchmark times it. The reference is probe_reference below.
#include <cstdio>
#include <vector>

#include "kernel/cuda_context.h"

using namespace morula::cuda;

namespace {

constexpr int probe_length = 100003;
constexpr int block_threads = 256;
constexpr float probe_scale = 2.5f;

// A vector in device memory, freed with its scope.
class DeviceVector {
  public:
    explicit DeviceVector(size_t length) : bytes_(length * sizeof(float)) {}
    ~DeviceVector() { cudaFree(data_); }
    DeviceVector(const DeviceVector&) = delete;
    DeviceVector& operator=(const DeviceVector&) = delete;

    cudaError_t allocate_and_fill(const std::vector<float>& source) {
        const cudaError_t error = cudaMalloc(reinterpret_cast<void**>(&data_), bytes_);
        return error != cudaSuccess ? error : cudaMemcpy(data_, source.data(), bytes_, cudaMemcpyHostToDevice);
    }
    cudaError_t read(std::vector<float>& target) const {
        return cudaMemcpy(target.data(), data_, bytes_, cudaMemcpyDeviceToHost);
    }
    float* data() const { return data_; }

  private:
    float* data_ = nullptr;
    const size_t bytes_;
};

float probe_reference(float scale, float x, float y) { return scale * x + y; }

}  // namespace

__global__ void __launch_bounds__(block_threads) morula_probe(float* y, const float* x, float scale, int length) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (GPU_MUTANT(probe_end, i < length, true)) y[i] += scale * x[i];
}

namespace {

cudaError_t run_probe(std::vector<float>& y, const std::vector<float>& x) {
    DeviceVector device_y(y.size()), device_x(x.size());
    cudaError_t error = device_y.allocate_and_fill(y);
    if (error == cudaSuccess) error = device_x.allocate_and_fill(x);
    if (error != cudaSuccess) return error;
    const int blocks = (probe_length + block_threads - 1) / block_threads;
    GPU_LAUNCH(morula_probe, blocks, block_threads, 0, nullptr, device_y.data(), device_x.data(), probe_scale,
               probe_length);
    error = cudaGetLastError();
    return error != cudaSuccess ? error : device_y.read(y);
}

}  // namespace

extern "C" {

int morula_cuda_abi_version(void) { return MORULA_ABI; }

int morula_cuda_driver_version(void) {
    int version = 0;
    return cudaDriverGetVersion(&version) == cudaSuccess ? version : 0;
}

int morula_cuda_runtime_version(void) { return CUDART_VERSION; }

int morula_cuda_device_count(int* count) {
    *count = 0;
    const cudaError_t error = cudaGetDeviceCount(count);
    if (error == cudaSuccess) return MORULA_OK;
    *count = 0;
    return error == cudaErrorNoDevice ? MORULA_OK : check("CUDA devices cannot be listed", error);
}

int morula_cuda_describe(morula_cuda_device* device, char* name, int64_t name_capacity, int index) {
    cudaDeviceProp properties;
    const cudaError_t error = cudaGetDeviceProperties(&properties, index);
    if (error != cudaSuccess) return check("the CUDA device cannot be described", error);
    *device = {properties.major, properties.minor, static_cast<int64_t>(properties.totalGlobalMem),
               properties.multiProcessorCount};
    std::snprintf(name, static_cast<size_t>(name_capacity), "%s", properties.name);
    return MORULA_OK;
}

int morula_cuda_probe(int index) {
    // Small integers: every product and sum is exact, with or without fused multiply-add.
    std::vector<float> x(probe_length), y(probe_length), expected(probe_length);
    for (int i = 0; i < probe_length; i++) {
        x[i] = static_cast<float>(i % 1021 - 510);
        y[i] = static_cast<float>(i % 255);
        expected[i] = probe_reference(probe_scale, x[i], y[i]);
    }
    cudaError_t error = cudaSetDevice(index);
    if (error == cudaSuccess) error = run_probe(y, x);
    if (error != cudaSuccess) return check("the probe kernel did not run", error);
    for (int i = 0; i < probe_length; i++) {
        if (y[i] != expected[i]) {
            return fail(MORULA_UNAVAILABLE, "the probe kernel computed %g at element %d, not %g", y[i], i, expected[i]);
        }
    }
    return MORULA_OK;
}

}  // extern "C"
