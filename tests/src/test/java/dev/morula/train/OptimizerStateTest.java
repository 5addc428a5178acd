package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.network.ParameterSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerStateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sgd,lr=0.1|",
                "sgd,lr=0.1,momentum=0.9|0.weight.momentum_buffer 0.bias.momentum_buffer",
                "adamw,lr=0.1|0.weight.exp_avg 0.weight.exp_avg_sq 0.bias.exp_avg 0.bias.exp_avg_sq"
            })
    void remembersWhatPyTorchRemembers(String optimizer, String names) {
        try (Run run = new Run(optimizer)) {
            List<String> expected = names == null ? List.of() : List.of(names.split(" "));
            assertThat(run.state.tensors().keySet()).containsExactlyElementsOf(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd,lr=0.1",
                "sgd,lr=0.1,momentum=0.9,weight-decay=0.01,nesterov",
                "adam,lr=0.1,weight-decay=0.01",
                "adamw,lr=0.1"
            })
    void goesOnBitForBit(String optimizer) {
        try (Run run = new Run(optimizer);
                Run resumed = new Run(optimizer)) {
            run.steps(3);
            resumed.resume(run);
            run.steps(4);
            resumed.steps(4);
            assertThat(resumed.state.steps()).isEqualTo(7);
            for (int i = 0; i < run.parameters.size(); i++) {
                assertThat(Floats.doubles(resumed.parameters.get(i).values()))
                        .isDeepEqualTo(Floats.doubles(run.parameters.get(i).values()));
            }
        }
    }

    /** Six steps that torch.optim made in float64. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd,lr=0.1",
                "sgd,lr=0.1,momentum=0.9,weight-decay=0.01",
                "sgd,lr=0.1,momentum=0.9,weight-decay=0.01,nesterov",
                "adam,lr=0.1",
                "adam,lr=0.1,beta1=0.8,beta2=0.9,eps=0.01,weight-decay=0.1",
                "adamw,lr=0.1",
                "adamw,lr=0.1,weight-decay=0.1"
            })
    void agreesWithPyTorch(String text) {
        Optimizer optimizer = Optimizer.parse(text);
        double[][] expected = PyTorchGolden.values(text);
        try (Kernels kernels = Kernels.cpu();
                Matrix values = Floats.zeros(3, 5);
                Matrix start = PyTorchGolden.tensor("start");
                Matrix gradients = PyTorchGolden.tensor("gradients")) {
            start.copyTo(0, values, 0, 15);
            Parameter parameter =
                    new Parameter("p", new ParameterSpec("weight", List.of(3, 5), ParameterSpec.Role.WEIGHT), values);
            try (OptimizerState state = new OptimizerState(kernels, optimizer, List.of(parameter))) {
                for (int step = 0; step < 6; step++) {
                    Gradient first = new Gradient(parameter, new Block(0, 2, 0, 5), gradients.slice(3 * step, 2));
                    Gradient second = new Gradient(parameter, new Block(2, 1, 0, 5), gradients.slice(3 * step + 2, 1));
                    state.startStep();
                    state.step(List.of(first, second), optimizer.rate());
                }
            }
            for (int row = 0; row < 3; row++) {
                assertThat(Floats.doubles(values)[row]).containsExactly(expected[row], within(2e-6));
            }
        }
    }

    /** A linear layer's parameters, with random gradients that depend on the step alone. */
    private static final class Run implements AutoCloseable {
        private final Kernels kernels = Kernels.cpu();
        private final Optimizer optimizer;
        private final List<Parameter> parameters;
        private final OptimizerState state;

        Run(String text) {
            optimizer = Optimizer.parse(text);
            Random random = new Random(1);
            parameters = List.of(
                    new Parameter(
                            "0.weight",
                            new ParameterSpec("x", List.of(7, 17), ParameterSpec.Role.WEIGHT),
                            Floats.random(7, 17, random)),
                    new Parameter(
                            "0.bias",
                            new ParameterSpec("x", List.of(7), ParameterSpec.Role.BIAS),
                            Floats.random(1, 7, random)));
            state = new OptimizerState(kernels, optimizer, parameters);
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                state.startStep();
                Random random = new Random(state.steps());
                for (Parameter parameter : parameters) {
                    int rows = (int) parameter.values().rows();
                    int columns = (int) parameter.values().columns();
                    try (Matrix gradient = Floats.random(rows, columns, random)) {
                        Block whole = Block.whole(rows, columns);
                        state.step(List.of(new Gradient(parameter, whole, gradient)), optimizer.rate() / state.steps());
                    }
                }
            }
        }

        void resume(Run other) {
            for (int i = 0; i < parameters.size(); i++) {
                copy(other.parameters.get(i).values(), parameters.get(i).values());
            }
            other.state
                    .tensors()
                    .forEach((name, tensor) -> copy(tensor, state.tensors().get(name)));
            state.resume(other.state.steps());
        }

        private static void copy(Matrix from, Matrix to) {
            from.copyTo(0, to, 0, to.rows() * to.columns());
        }

        @Override
        public void close() {
            state.close();
            parameters.forEach(parameter -> parameter.values().close());
            kernels.close();
        }
    }
}
