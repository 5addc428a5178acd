// Stands in for cuBLAS on the emulated device: the functions that kernel/cublas.cu loads, with cuBLAS's signatures and
// conventions, computed on the host. What is not computed, for instance since a size is wrong, is an error.
#include <cuda_runtime.h>

#include <vector>

namespace {

cudaStream_t stream = nullptr;

// op(matrix) has rows x columns; stored by columns, `stride` apart.
struct Factor {
    std::vector<float> values;
    int stride;
    bool transposed;

    Factor(const float* device, int operation, int rows, int columns, int stride_)
        : stride(stride_), transposed(operation == 1) {
        const size_t height = size_t(transposed ? columns : rows), width = size_t(transposed ? rows : columns);
        values.resize((width - 1) * size_t(stride) + height);
        cudaMemcpyAsync(values.data(), device, values.size() * sizeof(float), cudaMemcpyDeviceToHost, stream);
    }
    float at(int row, int column) const {
        return values[transposed ? size_t(row) * size_t(stride) + size_t(column)
                                 : size_t(column) * size_t(stride) + size_t(row)];
    }
};

}  // namespace

extern "C" {

int cublasCreate_v2(void** handle) {
    *handle = &stream;
    return 0;
}
int cublasDestroy_v2(void*) { return 0; }
int cublasSetStream_v2(void*, cudaStream_t given) {
    stream = given;
    return 0;
}
int cublasGetVersion_v2(void*, int* version) {
    *version = 130000;
    return 0;
}

int cublasSgemm_v2(void*, int a_operation, int b_operation, int m, int n, int k, const float* alpha, const float* a,
                   int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
    constexpr int invalid_value = 7;
    const int a_height = a_operation == 0 ? m : k, b_height = b_operation == 0 ? k : n;
    if (*alpha != 1 || *beta != 0 || lda < a_height || ldb < b_height || ldc < m) return invalid_value;
    const Factor left(a, a_operation, m, k, lda), right(b, b_operation, k, n, ldb);
    if (cudaStreamSynchronize(stream) != cudaSuccess) return invalid_value;
    for (int j = 0; j < n; j++) {
        std::vector<float> column(static_cast<size_t>(m), 0.0f);
        for (int t = 0; t < k; t++) {
            const float factor = right.at(t, j);
            for (int i = 0; i < m; i++) column[size_t(i)] += left.at(i, t) * factor;
        }
        cudaMemcpyAsync(c + size_t(j) * size_t(ldc), column.data(), column.size() * sizeof(float),
                        cudaMemcpyHostToDevice, stream);
        if (cudaStreamSynchronize(stream) != cudaSuccess) return invalid_value;
    }
    return 0;
}

}  // extern "C"
