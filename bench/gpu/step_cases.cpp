// A training step of a perceptron, 784-256-256-10, call by call and as one recording: what the starts of its kernels
// take.
#include "bench.h"

namespace morula_bench {
namespace {

class Layer {
  public:
    Layer(const Bench& bench, int64_t batch, int64_t inputs, int64_t outputs)
        : out(bench, batch * outputs),
          dinp(bench, batch * inputs),
          weight_(bench, outputs * inputs),
          bias_(bench, outputs),
          dweight_(bench, outputs * inputs),
          dbias_(bench, outputs),
          shape_{batch, inputs, outputs, {0, batch, 0, outputs}} {}

    int forward(morula_cuda_context* context, const float* inp, int activation) const {
        return morula_cuda_linear_forward(context, out, inp, weight_, bias_, &shape_, activation);
    }

    int backward(morula_cuda_context* context, const float* dout, const float* inp, int activation) const {
        morula_linear shape = shape_;
        shape.block = {0, shape.outputs, 0, shape.inputs};
        const int status = morula_cuda_linear_backward_weight(context, dweight_, dbias_, dout, inp, &shape);
        shape.block = {0, shape.batch, 0, shape.inputs};
        if (status != MORULA_OK) return status;
        return morula_cuda_linear_backward_input(context, dinp, dout, weight_, inp, &shape, activation);
    }

    void list(std::vector<morula_cuda_parameter>& parameters) const {
        parameters.push_back({weight_, nullptr, nullptr, dweight_, shape_.outputs * shape_.inputs});
        parameters.push_back({bias_, nullptr, nullptr, dbias_, shape_.outputs});
    }

    double multiplications() const {
        return static_cast<double>(shape_.batch) * static_cast<double>(shape_.inputs * shape_.outputs);
    }

    const Array<float> out, dinp;

  private:
    const Array<float> weight_, bias_, dweight_, dbias_;
    const morula_linear shape_;
};

class Perceptron {
  public:
    Perceptron(const Bench& bench, int64_t batch, int64_t inputs, int64_t hidden, int64_t outputs)
        : context_(bench.context()),
          loss_shape_{batch, outputs, 0, batch},
          inp_(bench, batch * inputs),
          dout_(bench, batch * outputs),
          losses_(bench, batch),
          labels_(bench, random_indices(batch, outputs, 1)),
          predicted_(bench, std::vector<int32_t>(static_cast<size_t>(batch), 0)),
          first_(bench, batch, inputs, hidden),
          second_(bench, batch, hidden, hidden),
          third_(bench, batch, hidden, outputs) {
        for (const Layer* layer : {&first_, &second_, &third_}) layer->list(parameters_);
    }

    int step() const {
        int status = first_.forward(context_, inp_, MORULA_RELU);
        if (status == MORULA_OK) status = second_.forward(context_, first_.out, MORULA_RELU);
        if (status == MORULA_OK) status = third_.forward(context_, second_.out, MORULA_IDENTITY);
        if (status == MORULA_OK) {
            status = morula_cuda_softmax_cross_entropy(context_, dout_, losses_, predicted_, third_.out, labels_,
                                                       &loss_shape_, 0);
        }
        if (status == MORULA_OK) status = third_.backward(context_, dout_, second_.out, MORULA_RELU);
        if (status == MORULA_OK) status = second_.backward(context_, third_.dinp, first_.out, MORULA_RELU);
        if (status == MORULA_OK) status = first_.backward(context_, second_.dinp, inp_, MORULA_IDENTITY);
        if (status != MORULA_OK) return status;
        const morula_sgd plain{1e-6, 0, 0};
        return morula_cuda_sgd_steps(context_, parameters_.data(), static_cast<int64_t>(parameters_.size()), &plain,
                                     MORULA_MOMENTUM);
    }

    // Three products a layer, each of three in tf32.
    Work work() const {
        double multiplications = 0;
        for (const Layer* layer : {&first_, &second_, &third_}) multiplications += layer->multiplications();
        double numbers = 0;
        for (const morula_cuda_parameter& one : parameters_) numbers += static_cast<double>(one.count);
        return {18 * multiplications, Arithmetic::tf32, 5 * 4 * numbers};
    }

  private:
    morula_cuda_context* const context_;
    const morula_loss loss_shape_;
    const Array<float> inp_, dout_, losses_;
    const Array<int32_t> labels_, predicted_;
    const Layer first_, second_, third_;
    std::vector<morula_cuda_parameter> parameters_;
};

}  // namespace

void step_cases(Bench& bench) {
    const int64_t batch = bench.size(128, 4), inputs = bench.size(784, 7), hidden = bench.size(256, 5),
                  outputs = bench.size(10, 3);
    const Perceptron perceptron(bench, batch, inputs, hidden, outputs);
    const std::string sizes =
        "a step of " + product_of({inputs, hidden, hidden, outputs}) + ", batch " + product_of({batch});
    bench.measure("all calls", sizes, perceptron.work(), [&] { return perceptron.step(); });
    morula_cuda_recording* recording = nullptr;
    require(morula_cuda_record_begin(bench.context()));
    const int status = perceptron.step();
    const int ended = morula_cuda_record_end(bench.context(), &recording);
    require(status);
    require(ended);
    bench.measure("morula_cuda_repeat", sizes, perceptron.work(),
                  [&] { return morula_cuda_repeat(bench.context(), recording); });
    morula_cuda_recording_destroy(recording);
}

}  // namespace morula_bench
