// Linear layers on a GPU: out = activation(inp weight^T + bias), dweight = dout^T inp, dinp = dout weight, masked; the
// products and their bounds are those of kernel/tensor_product.cuh, bias, ReLU and mask are fused into them.
#include "morula_cuda_train.h"
#include "train/column_sums.h"
#include "train/matrix_product.h"
#include "train/product_checks.h"

using namespace morula::cuda;
using morula::products::check_linear;

extern "C" {

int morula_cuda_linear_forward(morula_cuda_context* context, float* out, const float* inp, const float* weight,
                               const float* bias, const morula_linear* shape, int activation) {
    MORULA_CUDA_TRY(check_linear(fail, "linear_forward", *shape, shape->batch, shape->outputs));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const LayerResult result{out + block.first_row * shape->outputs + block.first_column, shape->outputs,
                             bias + block.first_column, nullptr, activation == MORULA_RELU};
    return matrix_product(context, result, {inp + block.first_row * shape->inputs, shape->inputs, false},
                          {weight + block.first_column * shape->inputs, shape->inputs, false}, block.rows,
                          block.columns, shape->inputs);
}

int morula_cuda_linear_backward_weight(morula_cuda_context* context, float* dweight, float* dbias, const float* dout,
                                       const float* inp, const morula_linear* shape) {
    MORULA_CUDA_TRY(check_linear(fail, "linear_backward_weight", *shape, shape->outputs, shape->inputs));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const LayerResult result{dweight, block.columns, nullptr, nullptr, false};
    MORULA_CUDA_TRY(matrix_product(context, result, {dout + block.first_row, shape->outputs, true},
                                   {inp + block.first_column, shape->inputs, true}, block.rows, block.columns,
                                   shape->batch));
    if (dbias == nullptr) return MORULA_OK;
    return column_sums(context, dbias, dout + block.first_row, shape->outputs, shape->batch, block.rows);
}

int morula_cuda_linear_backward_input(morula_cuda_context* context, float* dinp, const float* dout, const float* weight,
                                      const float* inp, const morula_linear* shape, int activation) {
    MORULA_CUDA_TRY(check_linear(fail, "linear_backward_input", *shape, shape->batch, shape->inputs));
    MORULA_CUDA_TRY(enter(context));
    const morula_block& block = shape->block;
    const int64_t corner = block.first_row * shape->inputs + block.first_column;
    const LayerResult result{dinp + corner, shape->inputs, nullptr, activation == MORULA_RELU ? inp + corner : nullptr,
                             false};
    return matrix_product(context, result, {dout + block.first_row * shape->outputs, shape->outputs, false},
                          {weight + block.first_column, shape->inputs, true}, block.rows, block.columns,
                          shape->outputs);
}

int morula_cuda_product(morula_cuda_context* context, float* out, const float* left, const float* right, int64_t m,
                        int64_t n, int64_t k) {
    for (const int64_t size : {m, n, k}) {
        if (size < 0 || size > INT32_MAX) {
            return fail(MORULA_INVALID_ARGUMENT, "product: a size is %lld, but must be from 0 to 2^31 - 1",
                        static_cast<long long>(size));
        }
    }
    MORULA_CUDA_TRY(enter(context));
    return matrix_product(context, {out, n, nullptr, nullptr, false}, {left, k, false}, {right, k, false}, m, n, k);
}

}  // extern "C"
