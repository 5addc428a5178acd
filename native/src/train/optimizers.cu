// The optimisers' steps on a GPU, on many parameters in one launch, which saves a small network most of its launches: a
// step on a bias of ten numbers costs as much as one on a million. The list of parameters travels with the launch, up
// to 64 of them; every block finds the one that its numbers belong to. optimizers_loops.cpp has the formulas.
//
// SGD moves 20 bytes a number (12 without momentum), Adam 28, for 3 to 12 flops: an H100 cannot need less than 6.7 us
// (4) and 9.3 us a million numbers; a bound. Emulated, never run on a GPU.
#include <algorithm>

#include "kernel/element_grid.cuh"
#include "morula_cuda_train.h"
#include "train/checks.h"
#include "train/optimizer_rules.cuh"

namespace morula::cuda {

constexpr int parameters_a_launch = 64;

// Blocks first_block[i] to first_block[i + 1] work on parameter i.
struct ParameterList {
    morula_cuda_parameter parameters[parameters_a_launch];
    unsigned first_block[parameters_a_launch + 1];
    int count;
};

namespace {

__device__ int parameter_of_block(const ParameterList& list) {
    int first = 0, end = list.count;  // it is within
    while (end - first > 1) {
        const int middle = (first + end) / 2;
        if (GPU_MUTANT(fused_block_search, list.first_block[middle] <= blockIdx.x,
                       list.first_block[middle] < blockIdx.x)) {
            first = middle;
        } else {
            end = middle;
        }
    }
    return first;
}

}  // namespace

template <Descent descent, int width>
__global__ void __launch_bounds__(block_threads) sgd_list(const __grid_constant__ ParameterList list, SgdRule rule) {
    const int which = parameter_of_block(list);
    const morula_cuda_parameter& all = list.parameters[which];
    const int64_t block = blockIdx.x - list.first_block[which];
    const int64_t place = (block * block_threads + threadIdx.x) * width,
                  left = GPU_MUTANT(sgd_list_count, all.count, all.count + 1) - place;
    if (left <= 0) return;
    Numbers<width> p = load<width>(all.parameter + place, left), v{};
    if (descent != Descent::plain) v = load<width>(all.first_moment + place, left);
    const Numbers<width> g = load<width>(all.gradient + place, left);
#pragma unroll
    for (int i = 0; i < width; i++) descend<descent>(p.value[i], v.value[i], g.value[i], rule);
    store<width>(all.parameter + place, p, left);
    if (descent != Descent::plain) store<width>(all.first_moment + place, v, left);
}

template <int width>
__global__ void __launch_bounds__(block_threads) adam_list(const __grid_constant__ ParameterList list, AdamRule rule) {
    const int which = parameter_of_block(list);
    const morula_cuda_parameter& all = list.parameters[which];
    const int64_t block = blockIdx.x - GPU_MUTANT(adam_list_block, list.first_block[which], 0);
    const int64_t place = (block * block_threads + threadIdx.x) * width, left = all.count - place;
    if (left <= 0) return;
    Numbers<width> p = load<width>(all.parameter + place, left), m = load<width>(all.first_moment + place, left),
                   s = load<width>(all.second_moment + place, left);
    const Numbers<width> g = load<width>(all.gradient + place, left);
#pragma unroll
    for (int i = 0; i < width; i++) adapt(p.value[i], m.value[i], s.value[i], g.value[i], rule);
    store<width>(all.parameter + place, p, left);
    store<width>(all.first_moment + place, m, left);
    store<width>(all.second_moment + place, GPU_MUTANT(adam_stores_square, s, m), left);
}

namespace {

template <int width>
auto sgd_list_kernel(Descent descent) {
    switch (descent) {
        case Descent::plain:
            return sgd_list<Descent::plain, width>;
        case Descent::momentum:
            return sgd_list<Descent::momentum, width>;
        default:
            return sgd_list<Descent::nesterov, width>;
    }
}

int common_width(const morula_cuda_parameter* parameters, int64_t count) {
    const bool aligned = std::all_of(parameters, parameters + count, [](const morula_cuda_parameter& p) {
        return vector_width({p.parameter, p.first_moment, p.second_moment, p.gradient}) == 4;
    });
    return aligned ? 4 : 1;
}

ParameterList parameter_list(const morula_cuda_parameter* parameters, int count, int width) {
    ParameterList list{};
    list.count = count;
    std::copy(parameters, parameters + count, list.parameters);
    for (int i = 0; i < count; i++) {
        const int64_t blocks = ceil_div(parameters[i].count, block_threads * width);
        list.first_block[i + 1] = list.first_block[i] + static_cast<unsigned>(blocks);
    }
    return list;
}

// Launches kernel_of_width(width) once for every 64 parameters.
template <class KernelOfWidth, class Rule>
int launch_lists(const morula_cuda_context* context, const char* name, const morula_cuda_parameter* parameters,
                 int64_t count, const Rule& rule, const KernelOfWidth& kernel_of_width) {
    const int width = common_width(parameters, count);
    for (int64_t first = 0; first < count; first += parameters_a_launch) {
        const int some = static_cast<int>(std::min<int64_t>(parameters_a_launch, count - first));
        const ParameterList list = parameter_list(parameters + first, some, width);
        MORULA_CUDA_TRY(
            launch(context, name, kernel_of_width(width), list.first_block[some], dim3(block_threads), list, rule));
    }
    return MORULA_OK;
}

}  // namespace
}  // namespace morula::cuda

using namespace morula;
using namespace morula::cuda;

extern "C" {

int morula_cuda_sgd_steps(morula_cuda_context* context, const morula_cuda_parameter* parameters, int64_t count,
                          const morula_sgd* rule, int variant) {
    for (int64_t i = 0; i < count; i++) MORULA_CUDA_TRY(check_sgd(fail, parameters[i].first_moment, *rule));
    MORULA_CUDA_TRY(enter(context));
    const Descent descent = rule->momentum == 0          ? Descent::plain
                            : variant == MORULA_NESTEROV ? Descent::nesterov
                                                         : Descent::momentum;
    return launch_lists(context, "sgd_steps", parameters, count, sgd_rule(*rule), [descent](int width) {
        return width == 4 ? sgd_list_kernel<4>(descent) : sgd_list_kernel<1>(descent);
    });
}

int morula_cuda_adam_steps(morula_cuda_context* context, const morula_cuda_parameter* parameters, int64_t count,
                           const morula_adam* rule) {
    MORULA_CUDA_TRY(enter(context));
    return launch_lists(context, "adam_steps", parameters, count, adam_rule(*rule),
                        [](int width) { return width == 4 ? adam_list<4> : adam_list<1>; });
}

}  // extern "C"
