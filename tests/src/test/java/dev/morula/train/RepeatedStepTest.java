package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Backends;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Repetitions;
import dev.morula.kernel.Workers;
import dev.morula.network.BatchNorm;
import dev.morula.network.Convolution;
import dev.morula.network.Dropout;
import dev.morula.network.Flatten;
import dev.morula.network.Linear;
import dev.morula.network.MaxPool;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Relu;
import dev.morula.network.Residual;
import dev.morula.network.Sequence;
import dev.morula.network.Shape;
import dev.morula.prepare.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps of as many samples repeat what the first did where the samples are in the same matrices, and make all calls where
 * they never are: both must come to the same weights, bit for bit.
 */
@Tag("device")
class RepeatedStepTest {
    private static final int CLASSES = 3;
    private static final int EPOCHS = 4;
    private static final int[] BATCHES = {6, 6, 4};

    /** Once made and once recorded, each of both parts of a step of either size is repeated, the recorded one too. */
    private static final int MOST_REPETITIONS = 2 * (3 * EPOCHS - 2);

    private static final NetworkDefinition PERCEPTRON = new NetworkDefinition(
            "perceptron",
            Shape.features(5),
            Sequence.of(
                    Linear.of(5, 9),
                    new BatchNorm(9),
                    new Relu(),
                    new Dropout(0.3),
                    Linear.of(9, 7),
                    new Relu(),
                    Linear.of(7, CLASSES)));

    private static final NetworkDefinition CONVOLUTIONS = new NetworkDefinition(
            "convolutions",
            new Shape(2, 6, 6),
            Sequence.of(
                    Convolution.threeByThree(2, 3),
                    new BatchNorm(3),
                    new Relu(),
                    new Residual(Sequence.of(new Convolution(3, 3, 3, 1, 1, true), new Relu()), Optional.empty()),
                    MaxPool.of(2),
                    new Flatten(),
                    new Dropout(0.2),
                    Linear.of(27, CLASSES)));

    private static final List<NetworkDefinition> NETWORKS = List.of(PERCEPTRON, CONVOLUTIONS);
    private static final List<Optimizer> OPTIMIZERS =
            List.of(new Sgd(0.1, 0.9, 1e-3), new Adam(0.01, 0.9, 0.999, 1e-8, 1e-3, true));

    /** A network in training on random batches, which lie in the same matrices every time or never. */
    private static final class Run implements AutoCloseable {
        final Kernels kernels;
        final Workers workers = new Workers(2);
        final Network network;
        final TrainingStep step;
        final List<Samples> given = new ArrayList<>();
        final boolean sameMatrices;
        final List<Double> losses = new ArrayList<>();

        Run(Kernels kernels, NetworkDefinition definition, Optimizer optimizer, boolean sameMatrices) {
            this.kernels = kernels;
            this.sameMatrices = sameMatrices;
            network = Network.initialise(definition, 3);
            TrainingOptions options =
                    TrainingOptions.builder().optimizer(optimizer).seed(5).build();
            step = new TrainingStep(kernels, workers, network, options, BATCHES[0]);
        }

        void epochs(Runnable afterStep) {
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                for (int batch = 0; batch < BATCHES.length; batch++) {
                    step(BATCHES[batch], new Random(10 * epoch + batch), 0.1 / epoch, 1);
                    afterStep.run();
                }
            }
        }

        void step(int count, Random random, double rate, float scale) {
            Shape shape = network.definition().input();
            if (given.isEmpty() || !sameMatrices) {
                given.add(Samples.allocate(BATCHES[0], shape));
            }
            Samples samples = given.get(given.size() - 1).slice(0, count);
            float[] inputs = new float[count * shape.size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = scale * (float) random.nextGaussian();
            }
            samples.inputs().write(0, inputs, 0, inputs.length);
            samples.labels().write(0, random.ints(count, 0, CLASSES).toArray(), 0, count);
            losses.add(step.run(samples, rate).loss());
        }

        /** All numbers of the network, and the losses. */
        List<Object> outcome() {
            List<Object> all = new ArrayList<>(losses);
            all.addAll(numbers(network.parameters()));
            return all;
        }

        static List<Object> numbers(List<Parameter> parameters) {
            List<Object> all = new ArrayList<>();
            for (Parameter parameter : parameters) {
                for (long row = 0; row < parameter.values().rows(); row++) {
                    for (float number : parameter.values().row(row)) {
                        all.add(number);
                    }
                }
            }
            return all;
        }

        @Override
        public void close() {
            step.close();
            given.forEach(Samples::close);
            network.close();
            workers.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void repeatedStepsTrainAsOthersDo(Backend backend) {
        for (NetworkDefinition definition : NETWORKS) {
            for (Optimizer optimizer : OPTIMIZERS) {
                try (Kernels kernels = backend.open();
                        Run made = new Run(kernels, definition, optimizer, false);
                        Run repeated = new Run(kernels, definition, optimizer, true)) {
                    made.epochs(() -> {});
                    assertThat(Repetitions.of(kernels)).isZero();
                    repeated.epochs(() -> {});
                    assertThat(Repetitions.of(kernels)).isEqualTo(backend.tier() == null ? MOST_REPETITIONS : 0);
                    assertThat(repeated.outcome()).isEqualTo(made.outcome());
                }
            }
        }
    }

    /** Without a rate nothing but what is dropped can change the loss of the same samples. */
    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void everyStepDropsOtherNumbers(Backend backend) {
        try (Kernels kernels = backend.open();
                Run run = new Run(kernels, PERCEPTRON, OPTIMIZERS.get(0), true)) {
            for (int number = 0; number < 6; number++) {
                run.step(6, new Random(1), 0, 1);
            }
            assertThat(run.losses).doesNotHaveDuplicates();
        }
    }

    /** After every fifth step others take all of the device's memory, so that nothing comes back to where it was. */
    @Test
    void stepsWhoseMatricesHaveToMoveTrainAsOthersDo() {
        assumeTrue(Backends.available().contains(Backend.GPU), "no GPU, nor the emulated one");
        long memory = 1 << 20;
        for (NetworkDefinition definition : NETWORKS) {
            Optimizer optimizer = OPTIMIZERS.get(1);
            try (Kernels kernels = Kernels.cuda(0, memory);
                    Run made = new Run(kernels, definition, optimizer, false);
                    Run repeated = new Run(kernels, definition, optimizer, true);
                    Matrix inTheWay = Floats.zeros(1, 1500)) {
                made.epochs(() -> {});
                int[] steps = {0};
                repeated.epochs(() -> {
                    if (++steps[0] % 5 == 0) {
                        try (Matrix large = Matrix.allocate(ElementType.F32, 1, memory / Float.BYTES)) {
                            kernels.layers().relu(large, large, 0, large.columns());
                        }
                        kernels.layers().relu(inTheWay, inTheWay, 0, inTheWay.columns());
                    }
                });
                assertThat(Repetitions.of(kernels)).isPositive().isLessThan(MOST_REPETITIONS);
                assertThat(repeated.outcome()).isEqualTo(made.outcome());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aLossThatIsNotFiniteLeavesTheWeightsAlone(Backend backend) {
        for (int before = 0; before < 4; before++) {
            try (Kernels kernels = backend.open();
                    Run made = new Run(kernels, PERCEPTRON, OPTIMIZERS.get(1), false);
                    Run repeated = new Run(kernels, PERCEPTRON, OPTIMIZERS.get(1), true)) {
                for (Run run : List.of(made, repeated)) {
                    for (int number = 0; number < before; number++) {
                        run.step(4, new Random(number), 0.1, 1);
                    }
                    List<Object> weights = Run.numbers(run.network.trainedParameters());
                    run.step(4, new Random(20), 0.1, Float.NaN);
                    assertThat(run.losses.get(before)).isNaN();
                    assertThat(run.step.optimizer().steps()).isEqualTo(before);
                    assertThat(Run.numbers(run.network.trainedParameters())).isEqualTo(weights);
                    for (int number = 5; number < 9; number++) {
                        run.step(4, new Random(number), 0.1, 1);
                    }
                }
                assertThat(repeated.outcome()).isEqualTo(made.outcome());
            }
        }
    }
}
