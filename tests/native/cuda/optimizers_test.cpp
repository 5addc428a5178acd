// The optimisers' steps on many parameters at once against float64 loops.
#include "training.h"

using namespace morula_tests;

namespace {

constexpr morula_sgd sgd{0.1, 0.9, 0.01}, plain_sgd{0.1, 0, 0.01};
constexpr morula_adam adam{0.02, 0.9, 0.999, 1e-8, 0.01, 0.1, 1 - 0.81, 1 - 0.998001};

// A parameter's number, what is remembered of it, and its gradient.
struct Number {
    double parameter, first, second, gradient;
};

Number descended(const Number& was, const morula_sgd& rule, int variant) {
    const double slope = was.gradient + rule.weight_decay * was.parameter;
    if (rule.momentum == 0) return {was.parameter - rule.rate * slope, was.first, was.second, was.gradient};
    const double velocity = rule.momentum * was.first + slope;
    const double step = variant == MORULA_NESTEROV ? slope + rule.momentum * velocity : velocity;
    return {was.parameter - rule.rate * step, velocity, was.second, was.gradient};
}

Number adapted(const Number& was, const morula_adam& rule) {
    const double slope = was.gradient + rule.weight_decay * was.parameter;
    const double mean = rule.beta1 * was.first + (1 - rule.beta1) * slope;
    const double square = rule.beta2 * was.second + (1 - rule.beta2) * slope * slope;
    const double change = rule.decoupled_weight_decay * was.parameter +
                          mean / rule.mean_correction / (std::sqrt(square / rule.square_correction) + rule.epsilon);
    return {was.parameter - rule.rate * change, mean, square, was.gradient};
}

// More parameters than a launch takes, of sizes around that of a block's share; one without numbers.
std::vector<int64_t> parameter_sizes() {
    std::vector<int64_t> sizes{1, 1023, 1024, 0, 1025, 2049, 10};
    while (sizes.size() < 70) sizes.push_back(static_cast<int64_t>(3 * sizes.size() % 37 + 1));
    return sizes;
}

std::vector<float> squares(int64_t count) {
    std::vector<float> numbers = normal_numbers(count, 4);
    for (float& number : numbers) number *= number;
    return numbers;
}

// Every parameter begins at the next multiple of so many numbers after the end of that before it and one more.
std::vector<int64_t> starts(int64_t multiple) {
    std::vector<int64_t> places{0};
    for (const int64_t count : parameter_sizes()) {
        places.push_back(places.back() + (count + multiple) / multiple * multiple);
    }
    return places;
}

enum Remembered { nothing, one, two };

// Makes a step on parameters that lie so, and compares each number with what expected(number) says it becomes.
template <class Steps, class Expected>
void test(morula_cuda_context* context, int64_t multiple, Remembered remembered, const Steps& steps,
          const Expected& expected) {
    const std::vector<int64_t> sizes = parameter_sizes(), at = starts(multiple);
    const int64_t size = at.back();
    const std::vector<float> parameter = normal_numbers(size, 1), first = normal_numbers(size, 2),
                             second = squares(size), gradient = normal_numbers(size, 3);
    DeviceBuffer<float> p(context, parameter), f(context, first), s(context, second), g(context, gradient);
    std::vector<morula_cuda_parameter> list;
    for (size_t i = 0; i < sizes.size(); i++) {
        list.push_back({p + at[i], remembered >= one ? f + at[i] : nullptr, remembered == two ? s + at[i] : nullptr,
                        g + at[i], sizes[i]});
    }
    CHECK(steps(list.data(), static_cast<int64_t>(list.size())) == MORULA_OK);
    const std::vector<float> new_parameter = p.get(), new_first = f.get(), new_second = s.get();
    size_t which = 0;
    for (int64_t i = 0; i < size; i++) {
        while (i >= at[which + 1]) which++;
        if (i - at[which] >= sizes[which]) {
            CHECK(new_parameter[i] == parameter[i] && new_first[i] == first[i] && new_second[i] == second[i]);
            continue;
        }
        const Number number = expected(Number{parameter[i], first[i], second[i], gradient[i]});
        CHECK_CLOSE(new_parameter[i], number.parameter, 1e-6 * (1 + std::fabs(number.parameter)));
        CHECK_CLOSE(new_first[i], number.first, 1e-6 * (1 + std::fabs(number.first)));
        CHECK_CLOSE(new_second[i], number.second, 1e-6 * (1 + std::fabs(number.second)));
    }
}

void test_sgd(morula_cuda_context* context, int64_t multiple, const morula_sgd& rule, int variant) {
    test(
        context, multiple, rule.momentum == 0 ? nothing : one,
        [&](const morula_cuda_parameter* list, int64_t count) {
            return morula_cuda_sgd_steps(context, list, count, &rule, variant);
        },
        [&](const Number& was) { return descended(was, rule, variant); });
}

}  // namespace

CUDA_TEST(sgd_steps) {
    for (const int64_t multiple : {1, 4}) {
        test_sgd(context, multiple, plain_sgd, MORULA_MOMENTUM);
        test_sgd(context, multiple, sgd, MORULA_MOMENTUM);
        test_sgd(context, multiple, sgd, MORULA_NESTEROV);
    }
    const std::vector<morula_cuda_parameter> forgetful{{nullptr, nullptr, nullptr, nullptr, 3}};
    CHECK(morula_cuda_sgd_steps(context, forgetful.data(), 1, &sgd, MORULA_MOMENTUM) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_sgd_steps(context, nullptr, 0, &sgd, MORULA_MOMENTUM) == MORULA_OK);
}

CUDA_TEST(adam_steps) {
    for (const int64_t multiple : {1, 4}) {
        test(
            context, multiple, two,
            [&](const morula_cuda_parameter* list, int64_t count) {
                return morula_cuda_adam_steps(context, list, count, &adam);
            },
            [](const Number& was) { return adapted(was, adam); });
    }
    CHECK(morula_cuda_adam_steps(context, nullptr, 0, &adam) == MORULA_OK);
}
