// Work that is recorded and repeated: what it does, with what is in memory by then, and what cannot be recorded.
#include <functional>
#include <thread>

#include "training.h"

using namespace morula_tests;

namespace {

// What calls put on the device, once for every repetition.
class Recording {
  public:
    Recording(morula_cuda_context* context, const std::function<int()>& calls) : context_(context) {
        CHECK(morula_cuda_record_begin(context) == MORULA_OK);
        CHECK(calls() == MORULA_OK);
        CHECK(morula_cuda_record_end(context, &recording_) == MORULA_OK);
    }
    ~Recording() { morula_cuda_recording_destroy(recording_); }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    void repeat() const { CHECK(morula_cuda_repeat(context_, recording_) == MORULA_OK); }

  private:
    morula_cuda_context* const context_;
    morula_cuda_recording* recording_ = nullptr;
};

}  // namespace

CUDA_TEST(recorded_work_is_done_when_it_is_repeated) {
    constexpr int64_t count = 1000;
    DeviceBuffer<float> sum(context, filled(count, 1.0f)), term(context, filled(count, 2.0f));
    const auto add = [&] { return morula_cuda_add(context, sum, sum, term, 0, count, MORULA_IDENTITY); };
    const Recording recording(context, add);
    CHECK_SAME(sum.get(), filled(count, 1.0f));
    recording.repeat();
    recording.repeat();
    CHECK_SAME(sum.get(), filled(count, 5.0f));
    CHECK(add() == MORULA_OK);
    term.put(filled(count, 10.0f));
    recording.repeat();
    CHECK_SAME(sum.get(), filled(count, 17.0f));
    const Recording clearing(context, [&] { return morula_cuda_clear(context, sum, count * 4); });
    CHECK_SAME(sum.get(), filled(count, 17.0f));
    clearing.repeat();
    CHECK_SAME(sum.get(), filled(count, 0.0f));
}

// Kernels of every kind of launch: products in parts and column sums, which share the context's scratch with whatever
// was put on the stream before, a convolution, whose parts are added, and batch norm.
CUDA_TEST(recorded_kernels_are_those_of_calls) {
    constexpr int64_t batch = 2100, inputs = 19, outputs = 7, side = 6, channels = 3, filters = 5;
    const std::vector<float> inp = normal_numbers(batch * inputs, 1), dout = normal_numbers(batch * outputs, 2),
                             weight = normal_numbers(outputs * inputs, 3),
                             images = normal_numbers(9 * 36 * channels, 4);
    DeviceBuffer<float> d_inp(context, inp), d_dout(context, dout), d_weight(context, weight),
        d_images(context, images), dweight(context, outputs * inputs), dbias(context, outputs),
        dinp(context, batch * inputs), filter(context, normal_numbers(filters * 9 * channels, 5)),
        seen(context, 9 * 36 * filters), parts(context, 3 * outputs);
    DeviceBuffer<double> sums(context, 2 * inputs);
    const morula_linear to_weight{batch, inputs, outputs, {0, outputs, 0, inputs}};
    const morula_linear to_input{batch, inputs, outputs, {0, batch, 0, inputs}};
    const morula_convolution filtering{9, side, side, channels, filters, 3, 1, 1, {0, 9, 0, filters}};
    const morula_channels all{batch, inputs, {0, batch, 0, inputs}};
    const auto calls = [&] {
        int status = morula_cuda_linear_backward_weight(context, dweight, dbias, d_dout, d_inp, &to_weight);
        if (status == MORULA_OK) {
            status = morula_cuda_linear_backward_input(context, dinp, d_dout, d_weight, d_inp, &to_input, MORULA_RELU);
        }
        if (status == MORULA_OK) {
            status = morula_cuda_convolution_forward(context, seen, d_images, filter, nullptr, nullptr, &filtering,
                                                     MORULA_RELU);
        }
        if (status == MORULA_OK) status = morula_cuda_batch_norm_sums(context, sums, d_inp, &all);
        return status == MORULA_OK ? morula_cuda_add_parts(context, parts, 3, outputs, 0, outputs) : status;
    };
    parts.put(normal_numbers(3 * outputs, 6));
    CHECK(calls() == MORULA_OK);
    const std::vector<float> expected[] = {dweight.get(), dbias.get(), dinp.get(), seen.get(), parts.get()};
    const std::vector<double> expected_sums = sums.get();
    const Recording recording(context, calls);
    for (DeviceBuffer<float>* buffer : {&dweight, &dbias, &dinp, &seen}) {
        buffer->put(filled(static_cast<int64_t>(buffer->get().size())));
    }
    sums.put(filled(2 * inputs, 0.5));
    parts.put(normal_numbers(3 * outputs, 6));
    recording.repeat();
    CHECK_SAME(dweight.get(), expected[0]);
    CHECK_SAME(dbias.get(), expected[1]);
    CHECK_SAME(dinp.get(), expected[2]);
    CHECK_SAME(seen.get(), expected[3]);
    CHECK_SAME(parts.get(), expected[4]);
    CHECK(sums.get() == expected_sums);
}

CUDA_TEST(repeated_dropout_draws_anew) {
    constexpr int64_t count = 700;
    const morula_dropout_draw draw{3, 0, 0, count};
    DeviceBuffer<float> inp(context, normal_numbers(count, 1)), out(context, count);
    DeviceBuffer<int64_t> step(context, std::vector<int64_t>{0});
    const auto call = [&] { return morula_cuda_dropout(context, out, inp, step, &draw, 0.5); };
    const Recording recording(context, call);
    std::vector<float> last = inp.get();
    for (const int64_t number : {1, 2}) {
        step.put(std::vector<int64_t>{number});
        CHECK(call() == MORULA_OK);
        const std::vector<float> expected = out.get();
        CHECK(expected != last);
        out.put(filled(count));
        recording.repeat();
        CHECK_SAME(out.get(), expected);
        last = expected;
    }
}

CUDA_TEST(what_cannot_be_recorded) {
    DeviceBuffer<float> buffer(context, filled(8, 1.0f)), spare(context, filled(8, 1.0f));
    float number = 0;
    void* memory = nullptr;
    const std::vector<std::function<int()>> calls = {
        [&] { return morula_cuda_alloc(context, &memory, 4); },
        [&] { return morula_cuda_free(context, spare, 32); },
        [&] { return morula_cuda_upload(context, buffer, &number, 4); },
        [&] { return morula_cuda_download(context, &number, buffer, 4); },
        [&] { return morula_cuda_synchronize(context); },
    };
    for (const std::function<int()>& call : calls) {
        morula_cuda_recording* recording = nullptr;
        CHECK(morula_cuda_record_begin(context) == MORULA_OK);
        CHECK(call() == MORULA_UNAVAILABLE);
        CHECK(morula_cuda_relu(context, buffer, buffer, 0, 8) == MORULA_OK);
        CHECK(morula_cuda_record_end(context, &recording) == MORULA_UNAVAILABLE && recording == nullptr);
    }
    CHECK(morula_cuda_relu(context, buffer, buffer, 0, 8) == MORULA_OK);
    CHECK_SAME(buffer.get(), filled(8, 1.0f));
}

CUDA_TEST(recordings_begin_and_end) {
    morula_cuda_recording* recording = nullptr;
    CHECK(morula_cuda_record_end(context, &recording) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_record_begin(context) == MORULA_OK);
    CHECK(morula_cuda_record_begin(context) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_cuda_record_end(context, &recording) == MORULA_OK);
    CHECK(morula_cuda_repeat(context, recording) == MORULA_OK);  // of nothing
    morula_cuda_recording_destroy(recording);
    morula_cuda_recording_destroy(nullptr);
}

CUDA_TEST(other_threads_are_not_recorded) {
    DeviceBuffer<float> mine(context, filled(8, 1.0f)), other(context, filled(8, 1.0f));
    const auto twice = [&](float* buffer) { return morula_cuda_add(context, buffer, buffer, buffer, 0, 8, 0); };
    const Recording recording(context, [&] {
        std::thread([&] { CHECK(twice(other) == MORULA_OK && other.get() == filled(8, 2.0f)); }).join();
        return twice(mine);
    });
    recording.repeat();
    CHECK_SAME(other.get(), filled(8, 2.0f));
    CHECK_SAME(mine.get(), filled(8, 2.0f));
}

CUDA_TEST(a_failed_allocation_is_not_the_next_calls_failure) {
    morula_cuda_context* boundless = nullptr;
    CHECK(morula_cuda_context_create(&boundless, 0, INT64_MAX) == MORULA_OK);
    void* memory = nullptr;
    CHECK(morula_cuda_alloc(boundless, &memory, int64_t{1} << 50) == MORULA_OUT_OF_MEMORY);
    DeviceBuffer<float> buffer(context, filled(8, 1.0f));
    CHECK(morula_cuda_relu(context, buffer, buffer, 0, 8) == MORULA_OK);
    morula_cuda_context_destroy(boundless);
}
