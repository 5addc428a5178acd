// cuBLAS by dlopen. Its functions are declared here, as the toolkit may come without its header: cublas_v2.h of
// CUDA 13. Never run with the real library.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernel/cublas.h"

namespace morula::cuda {
namespace {

#ifdef __CUDACC__
constexpr const char* library_name = "libcublas.so.13";
#else
constexpr const char* library_name = "libcublas_emulated.so.13";  // absent, but for a test that brings one along
#endif

enum Operation { as_stored = 0, transposed = 1 };  // CUBLAS_OP_N, CUBLAS_OP_T

struct Library {
    int (*create)(void** handle) = nullptr;
    int (*destroy)(void* handle) = nullptr;
    int (*set_stream)(void* handle, cudaStream_t stream) = nullptr;
    int (*version)(void* handle, int* version) = nullptr;
    int (*product)(void* handle, int left, int right, int rows, int columns, int inner, const float* alpha,
                   const float* a, int a_stride, const float* b, int b_stride, const float* beta, float* c,
                   int c_stride) = nullptr;
    char problem[256] = "";  // why there is none
};

template <class Function>
bool find(void* handle, const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(dlsym(handle, name));
    return function != nullptr;
}

Library load() {
    Library library;
    void* handle = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);  // for good
    if (handle == nullptr) {
        std::snprintf(library.problem, sizeof library.problem, "%s", dlerror());
    } else if (!find(handle, "cublasCreate_v2", library.create) || !find(handle, "cublasDestroy_v2", library.destroy) ||
               !find(handle, "cublasSetStream_v2", library.set_stream) ||
               !find(handle, "cublasGetVersion_v2", library.version) ||
               !find(handle, "cublasSgemm_v2", library.product)) {
        std::snprintf(library.problem, sizeof library.problem, "%s lacks a function: %s", library_name, dlerror());
    }
    return library;
}

const Library& library() {
    static const Library loaded = load();
    return loaded;
}

}  // namespace

void open_blas(morula_cuda_context* context) {
    char* const name = context->blas_name;
    const size_t capacity = sizeof context->blas_name;
    const char* const wanted = std::getenv("MORULA_CUDA_BLAS");
    if (wanted != nullptr && std::strcmp(wanted, "none") == 0) {
        std::snprintf(name, capacity, "none (MORULA_CUDA_BLAS=none); products are Morula's own");
        return;
    }
    const Library& blas = library();
    int status = 0, version = 0;
    if (blas.problem[0] != '\0') {
        std::snprintf(name, capacity, "none (%s); products are Morula's own", blas.problem);
    } else if ((status = blas.create(&context->blas)) != 0) {
        context->blas = nullptr;
        std::snprintf(name, capacity, "none (%s gives no handle: cublasStatus %d); products are Morula's own",
                      library_name, status);
    } else if ((status = blas.set_stream(context->blas, context->stream)) != 0) {
        close_blas(context);
        std::snprintf(name, capacity, "none (%s takes no stream: cublasStatus %d); products are Morula's own",
                      library_name, status);
    } else {
        blas.version(context->blas, &version);
        std::snprintf(name, capacity, "%s, version %d, for large products", library_name, version);
    }
}

void close_blas(morula_cuda_context* context) {
    if (context->blas != nullptr) library().destroy(context->blas);
    context->blas = nullptr;
}

int blas_product(morula_cuda_context* context, float* out, int64_t out_stride, const MatrixFactor& left,
                 const MatrixFactor& right, int64_t rows, int64_t columns, int64_t inner) {
    MORULA_CUDA_TRY(refuse_recording("a product by cuBLAS"));
    const float one = 1, zero = 0;
    const auto size = [](int64_t n) { return static_cast<int>(n); };
    // It reads columns where we have rows, and so computes the transpose, out^T = right left^T.
    const std::lock_guard<std::mutex> lock(context->blas_mutex);
    const int status = library().product(context->blas, right.transposed ? as_stored : transposed,
                                         left.transposed ? transposed : as_stored, size(columns), size(rows),
                                         size(inner), &one, right.values, size(right.stride), left.values,
                                         size(left.stride), &zero, out, size(out_stride));
    if (status == 0) return MORULA_OK;
    return fail(MORULA_UNAVAILABLE, "a product by cuBLAS failed: cublasStatus %d", status);
}

}  // namespace morula::cuda

extern "C" const char* morula_cuda_blas(const morula_cuda_context* context) { return context->blas_name; }
