// The only file of the benchmark that names the CUDA runtime and cuBLAS.
#include "ceilings.h"

#include <cuda_runtime.h>
#include <dlfcn.h>
#include <library_types.h>

#include <stdexcept>

namespace morula_bench {
namespace {

void check(cudaError_t error) {
    if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
}

// Memory that copies need not be staged from.
class Pinned {
  public:
    explicit Pinned(size_t bytes) { check(cudaMallocHost(&memory_, bytes)); }
    ~Pinned() { cudaFreeHost(memory_); }
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;
    void* get() const { return memory_; }

  private:
    void* memory_ = nullptr;
};

double copies_a_second(const Bench& bench, void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
    int64_t calls;
    return 1 / bench.median_seconds(
                   [&] {
                       check(cudaMemcpyAsync(to, from, bytes, kind, nullptr));
                       check(cudaStreamSynchronize(nullptr));
                       return MORULA_OK;
                   },
                   &calls);
}

void measure_copies(Ceilings& ceilings, const Bench& bench) {
    const int64_t bytes = bench.size(int64_t{1} << 30, 1 << 12), link_bytes = bench.size(int64_t{1} << 28, 1 << 12);
    const Array<char> from(bench, bytes), to(bench, bytes);
    const Pinned host(static_cast<size_t>(link_bytes));
    const size_t size = static_cast<size_t>(bytes), link = static_cast<size_t>(link_bytes);
    require(morula_cuda_synchronize(bench.context()));
    const double link_size = static_cast<double>(link_bytes);
    ceilings.memory =
        2.0 * static_cast<double>(bytes) * copies_a_second(bench, to, from, size, cudaMemcpyDeviceToDevice);
    ceilings.to_host = link_size * copies_a_second(bench, host.get(), from, link, cudaMemcpyDeviceToHost);
    ceilings.to_device = link_size * copies_a_second(bench, to, host.get(), link, cudaMemcpyHostToDevice);
}

// The part of cuBLAS that is used, declared here since the toolkit may come without its header (cublas_api.h).
class Cublas {
  public:
    Cublas() {
        for (const char* name : {"libcublas.so.13", "libcublas.so.12"}) {
            if (library_ == nullptr) library_ = dlopen(name, RTLD_NOW | RTLD_LOCAL);  // stays until the end
        }
        if (library_ == nullptr) throw std::runtime_error("neither libcublas.so.13 nor libcublas.so.12 can be loaded");
        const auto create = function<int(void**)>("cublasCreate_v2");
        multiply_ = function<Multiply>("cublasGemmEx");
        if (create(&handle_) != 0) throw std::runtime_error("cuBLAS gives no handle");
    }
    ~Cublas() { function<int(void*)>("cublasDestroy_v2")(handle_); }
    Cublas(const Cublas&) = delete;
    Cublas& operator=(const Cublas&) = delete;

    // out = left^T right, all `size` x `size` by columns, out in float32.
    void multiply(float* out, const void* left, const void* right, int size, cudaDataType type, int compute) const {
        constexpr int transposed = 1, as_stored = 0, usual_algorithm = -1;
        const float one = 1, zero = 0;
        if (multiply_(handle_, transposed, as_stored, size, size, size, &one, left, type, size, right, type, size,
                      &zero, out, CUDA_R_32F, size, compute, usual_algorithm) != 0) {
            throw std::runtime_error("cuBLAS refuses a product");
        }
        check(cudaStreamSynchronize(nullptr));
    }

  private:
    using Multiply = int(void*, int, int, int, int, int, const void*, const void*, cudaDataType, int, const void*,
                         cudaDataType, int, const void*, void*, cudaDataType, int, int, int);
    template <class Function>
    Function* function(const char* name) const {
        auto* found = reinterpret_cast<Function*>(dlsym(library_, name));
        if (found == nullptr) throw std::runtime_error(std::string("cuBLAS has no ") + name);
        return found;
    }
    void *library_ = nullptr, *handle_ = nullptr;
    Multiply* multiply_ = nullptr;
};

template <class T>
double flops_a_second(const Bench& bench, const Cublas& cublas, cudaDataType type, int compute) {
    constexpr int size = 8192;
    const Array<T> left(bench, int64_t{size} * size), right(bench, int64_t{size} * size);
    const Array<float> out(bench, int64_t{size} * size);
    require(morula_cuda_synchronize(bench.context()));
    int64_t calls;
    const auto call = [&] {
        cublas.multiply(out, static_cast<T*>(left), static_cast<T*>(right), size, type, compute);
        return MORULA_OK;
    };
    return 2.0 * size * size * size / bench.median_seconds(call, &calls);
}

void measure_products(Ceilings& ceilings, const Bench& bench) {
    constexpr int in_float32 = 68, in_tf32 = 77;  // CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_FAST_TF32
    const Cublas cublas;
    ceilings.bfloat16 = flops_a_second<uint16_t>(bench, cublas, CUDA_R_16BF, in_float32);
    ceilings.tf32 = flops_a_second<float>(bench, cublas, CUDA_R_32F, in_tf32);
    ceilings.float32 = flops_a_second<float>(bench, cublas, CUDA_R_32F, in_float32);
}

}  // namespace

Ceilings measure_ceilings(const Bench& bench, std::string* remark) {
    Ceilings ceilings;
    measure_copies(ceilings, bench);
    if (bench.is_tiny()) {
        *remark = "sizes are tiny";
        return ceilings;
    }
    try {
        measure_products(ceilings, bench);
    } catch (const std::runtime_error& error) {
        *remark = error.what();
    }
    return ceilings;
}

}  // namespace morula_bench
