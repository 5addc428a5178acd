// The optimisers' steps against float64 loops, on blocks of a parameter, and on many parameters at once.
#include "training.h"

using namespace morula_tests;

namespace {

constexpr morula_sgd sgd{0.1, 0.9, 0.01}, plain_sgd{0.1, 0, 0.01};
constexpr morula_adam adam{0.02, 0.9, 0.999, 1e-8, 0.01, 0.1, 1 - 0.81, 1 - 0.998001};

struct Step {
    int64_t rows, stride;  // of the whole matrix
    morula_block block;
};

// The whole matrix, a part of it with and without 16-byte alignment, one row, one number, nothing.
constexpr Step steps[] = {{7, 5, {0, 7, 0, 5}},       {13, 12, {2, 9, 4, 8}}, {13, 12, {2, 9, 3, 5}},
                          {1, 1, {0, 1, 0, 1}},       {6, 1, {1, 4, 0, 1}},   {40, 300, {1, 37, 8, 288}},
                          {1, 1031, {0, 1, 0, 1031}}, {3, 8, {1, 0, 0, 8}},   {129, 67, {64, 65, 0, 67}}};

// Calls compare(place in the matrix, place in the packed gradient or -1 outside the block).
template <class Compare>
void for_each_number(const Step& step, const Compare& compare) {
    for (int64_t i = 0; i < step.rows * step.stride; i++) {
        const int64_t row = i / step.stride - step.block.first_row, column = i % step.stride - step.block.first_column;
        const bool within = row >= 0 && row < step.block.rows && column >= 0 && column < step.block.columns;
        compare(i, within ? row * step.block.columns + column : -1);
    }
}

double tolerance(double value) { return 1e-6 * (1 + std::fabs(value)); }

void test_sgd(morula_cuda_context* context, const Step& step, const morula_sgd& rule, int variant) {
    const int64_t size = step.rows * step.stride;
    const std::vector<float> parameter = normal_numbers(size, 1), velocity = normal_numbers(size, 2),
                             gradient = normal_numbers(step.block.rows * step.block.columns, 3);
    DeviceBuffer<float> p(context, parameter), v(context, velocity), g(context, gradient);
    const bool remembers = rule.momentum != 0;
    CHECK(morula_cuda_sgd_step(context, p, remembers ? static_cast<float*>(v) : nullptr, g, &rule, variant, step.stride,
                               &step.block) == MORULA_OK);
    const std::vector<float> new_parameter = p.get(), new_velocity = v.get();
    for_each_number(step, [&](int64_t i, int64_t packed) {
        if (packed < 0) {
            CHECK(new_parameter[i] == parameter[i] && new_velocity[i] == velocity[i]);
            return;
        }
        const double slope = gradient[packed] + rule.weight_decay * parameter[i];
        const double moved = remembers ? rule.momentum * velocity[i] + slope : velocity[i];
        const double ahead = variant == MORULA_NESTEROV ? slope + rule.momentum * moved : moved;
        CHECK_CLOSE(new_parameter[i], parameter[i] - rule.rate * (remembers ? ahead : slope), tolerance(parameter[i]));
        CHECK_CLOSE(new_velocity[i], moved, tolerance(moved));
    });
}

std::vector<float> squares(int64_t count) {
    std::vector<float> numbers = normal_numbers(count, 4);
    for (float& number : numbers) number *= number;
    return numbers;
}

void test_adam(morula_cuda_context* context, const Step& step) {
    const int64_t size = step.rows * step.stride;
    const std::vector<float> parameter = normal_numbers(size, 1), mean = normal_numbers(size, 2),
                             square = squares(size), gradient = normal_numbers(step.block.rows * step.block.columns, 3);
    DeviceBuffer<float> p(context, parameter), m(context, mean), s(context, square), g(context, gradient);
    CHECK(morula_cuda_adam_step(context, p, m, s, g, &adam, step.stride, &step.block) == MORULA_OK);
    const std::vector<float> new_parameter = p.get(), new_mean = m.get(), new_square = s.get();
    for_each_number(step, [&](int64_t i, int64_t packed) {
        if (packed < 0) {
            CHECK(new_parameter[i] == parameter[i] && new_mean[i] == mean[i] && new_square[i] == square[i]);
            return;
        }
        const double slope = gradient[packed] + adam.weight_decay * parameter[i];
        const double moved = adam.beta1 * mean[i] + (1 - adam.beta1) * slope;
        const double squared = adam.beta2 * square[i] + (1 - adam.beta2) * slope * slope;
        const double change =
            adam.decoupled_weight_decay * parameter[i] +
            moved / adam.mean_correction / (std::sqrt(squared / adam.square_correction) + adam.epsilon);
        CHECK_CLOSE(new_mean[i], moved, tolerance(moved));
        CHECK_CLOSE(new_square[i], squared, tolerance(squared));
        CHECK_CLOSE(new_parameter[i], parameter[i] - adam.rate * change, tolerance(adam.rate * change));
    });
}

}  // namespace

CUDA_TEST(sgd_step) {
    for (const Step& step : steps) {
        test_sgd(context, step, plain_sgd, MORULA_MOMENTUM);
        test_sgd(context, step, sgd, MORULA_MOMENTUM);
        test_sgd(context, step, sgd, MORULA_NESTEROV);
    }
    const morula_block wide{0, 1, 3, 6}, fine{0, 1, 0, 8};
    CHECK(morula_cuda_sgd_step(context, nullptr, nullptr, nullptr, &plain_sgd, 0, 8, &wide) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_sgd_step(context, nullptr, nullptr, nullptr, &sgd, 0, 8, &fine) == MORULA_INVALID_ARGUMENT);
}

CUDA_TEST(adam_step) {
    for (const Step& step : steps) test_adam(context, step);
    const morula_block wide{0, 1, 3, 6};
    CHECK(morula_cuda_adam_step(context, nullptr, nullptr, nullptr, nullptr, &adam, 8, &wide) ==
          MORULA_INVALID_ARGUMENT);
}

namespace {

// More parameters than a launch takes, of sizes around that of a block's share; one without numbers.
std::vector<int64_t> parameter_sizes() {
    std::vector<int64_t> sizes{1, 1023, 1024, 0, 1025, 2049, 10};
    while (sizes.size() < 70) sizes.push_back(static_cast<int64_t>(3 * sizes.size() % 37 + 1));
    return sizes;
}

// Every parameter lies `gap` numbers after the end of that before it.
struct Placed {
    std::vector<morula_cuda_parameter> list;
    int64_t size;
};

Placed placed(float* p, float* m, float* s, const float* g, int64_t multiple) {
    Placed all{{}, 0};
    for (const int64_t count : parameter_sizes()) {
        all.list.push_back({p + all.size, m + all.size, s == nullptr ? nullptr : s + all.size, g + all.size, count});
        all.size += (count + multiple) / multiple * multiple;
    }
    return all;
}

int step_alone(morula_cuda_context* context, const morula_cuda_parameter& one, const morula_block& block) {
    if (one.second_moment == nullptr) {
        return morula_cuda_sgd_step(context, one.parameter, one.first_moment, one.gradient, &sgd, MORULA_NESTEROV,
                                    one.count, &block);
    }
    return morula_cuda_adam_step(context, one.parameter, one.first_moment, one.second_moment, one.gradient, &adam,
                                 one.count, &block);
}

int step_together(morula_cuda_context* context, const std::vector<morula_cuda_parameter>& list) {
    const int64_t count = static_cast<int64_t>(list.size());
    return list[0].second_moment == nullptr ? morula_cuda_sgd_steps(context, list.data(), count, &sgd, MORULA_NESTEROV)
                                            : morula_cuda_adam_steps(context, list.data(), count, &adam);
}

// One step each, together or one after the other; all of what they have become.
std::vector<std::vector<float>> stepped(morula_cuda_context* context, bool with_adam, int64_t multiple, bool together) {
    const int64_t size = placed(nullptr, nullptr, nullptr, nullptr, multiple).size;
    DeviceBuffer<float> p(context, normal_numbers(size, 1)), m(context, normal_numbers(size, 2)),
        s(context, squares(size)), g(context, normal_numbers(size, 3));
    const Placed all = placed(p, m, with_adam ? static_cast<float*>(s) : nullptr, g, multiple);
    if (together) {
        CHECK(step_together(context, all.list) == MORULA_OK);
    } else {
        for (const morula_cuda_parameter& one : all.list) {
            CHECK(step_alone(context, one, {0, 1, 0, one.count}) == MORULA_OK);
        }
    }
    return {p.get(), m.get(), s.get()};
}

}  // namespace

CUDA_TEST(steps_together_are_those_alone) {
    for (const bool with_adam : {false, true}) {
        for (const int64_t multiple : {1, 4}) {
            CHECK(stepped(context, with_adam, multiple, true) == stepped(context, with_adam, multiple, false));
        }
    }
    const std::vector<morula_cuda_parameter> forgetful{{nullptr, nullptr, nullptr, nullptr, 3}};
    CHECK(morula_cuda_sgd_steps(context, forgetful.data(), 1, &sgd, MORULA_MOMENTUM) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_adam_steps(context, nullptr, 0, &adam) == MORULA_OK);
}
