package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.data.Values;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("device")
class TrainingTest {
    private static final NetworkDefinition NETWORK =
            Presets.multilayerPerceptron(Blobs.SIDE * Blobs.SIDE, List.of(16, 65), Blobs.CLASSES);

    @TempDir
    Path folder;

    /** A network in training, and all that it takes. */
    private static final class Run implements AutoCloseable {
        final Kernels kernels;
        final Workers workers;
        final Network network;
        final FittedPreparation preparation;
        final Samples samples;
        final Optional<Samples> validation;
        final Training training;

        Run(Backend backend, int threads, DataSet data, DataSet held, TrainingOptions options) {
            kernels = backend.open();
            workers = new Workers(threads);
            network = Network.initialise(NETWORK, 1);
            preparation = Preparation.DEFAULT.fit(data, kernels, workers);
            samples = Samples.of(data, preparation, NETWORK, kernels, workers);
            validation =
                    Optional.ofNullable(held).map(some -> Samples.of(some, preparation, NETWORK, kernels, workers));
            training = new Training(kernels, workers, network, samples, validation, options);
        }

        Run(DataSet data, TrainingOptions options) {
            this(Backend.PORTABLE, 2, data, null, options);
        }

        Evaluation evaluate(DataSet data) {
            try (Samples unseen = Samples.of(data, preparation, NETWORK, kernels, workers)) {
                return new Evaluator(kernels, workers).evaluate(network, unseen, new Loss.CrossEntropy(0));
            }
        }

        List<Float> weights() {
            List<Float> weights = new ArrayList<>();
            for (Parameter parameter : network.parameters()) {
                for (long row = 0; row < parameter.values().rows(); row++) {
                    for (float weight : parameter.values().row(row)) {
                        weights.add(weight);
                    }
                }
            }
            return weights;
        }

        @Override
        public void close() {
            training.close();
            validation.ifPresent(Samples::close);
            samples.close();
            preparation.close();
            network.close();
            workers.close();
            kernels.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void reachesZeroTrainErrorOnSeparableDataAndStopsThere(Backend backend) {
        TrainingOptions options = options().goal(new Goal.ZeroTrainError()).build();
        try (Run run = new Run(backend, 2, Blobs.of(101, 1), null, options)) {
            TrainingResult result = run.training.run(TrainingListener.NONE);
            assertThat(result.goalReached()).isTrue();
            assertThat(result.train())
                    .isEqualTo(new Evaluation(101, 101, result.train().loss()));
            assertThat(result.epochs()).hasSize(4);
            assertThat(run.evaluate(Blobs.of(50, 2)).error()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void repeatsBitForBit(Backend backend) {
        for (int threads = 1; threads <= 2; threads++) {
            assertThat(trained(backend, threads, 7)).isEqualTo(trained(backend, threads, 7));
        }
        assertThat(trained(backend, 1, 7)).isNotEqualTo(trained(backend, 1, 8));
    }

    private static List<Float> trained(Backend backend, int threads, long seed) {
        try (Run run = new Run(
                backend, threads, Blobs.of(101, 1), null, options().seed(seed).build())) {
            run.training.run(TrainingListener.NONE);
            return run.weights();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd,lr=0.05,momentum=0.9,weight-decay=5e-4", "adam,lr=1e-3", "sgd,lr=0.1"})
    void whatIsRestoredGoesOnBitForBit(String optimizer) {
        TrainingOptions options =
                options().optimizer(Optimizer.parse(optimizer)).build();
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        List<Float> expected;
        try (Run whole = new Run(Blobs.of(101, 1), options)) {
            whole.training.next(TrainingListener.NONE);
            whole.training.next(TrainingListener.NONE);
            whole.training.save(checkpoint, Map.of("net", NETWORK.name()));
            whole.training.run(TrainingListener.NONE);
            expected = whole.weights();
        }
        try (Run resumed = new Run(Blobs.of(101, 1), options)) {
            assertThat(resumed.training.restore(checkpoint)).hasSize(2);
            TrainingResult result = resumed.training.run(TrainingListener.NONE);
            assertThat(result.epochs()).hasSize(4);
            assertThat(resumed.weights()).isEqualTo(expected);
        }
    }

    @Test
    void aCheckpointOfAnotherNetworkIsRefused() {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        try (Run run = new Run(Blobs.of(101, 1), options().build())) {
            run.training.next(TrainingListener.NONE);
            run.training.save(checkpoint, Map.of());
        }
        TrainingOptions adam =
                options().optimizer(Optimizer.parse("adam,lr=1e-3")).build();
        try (Run run = new Run(Blobs.of(101, 1), adam)) {
            assertThatThrownBy(() -> run.training.restore(checkpoint))
                    .hasMessageContaining("has no tensor \"optimizer.0.weight.exp_avg\"");
        }
    }

    @Test
    void stopsAtALoss() {
        TrainingOptions options = options().goal(new Goal.LossAtMost(0.5)).build();
        try (Run run = new Run(Blobs.of(101, 1), options)) {
            TrainingResult result = run.training.run(TrainingListener.NONE);
            List<EpochReport> epochs = result.epochs();
            assertThat(result.goalReached()).isTrue();
            assertThat(epochs.get(epochs.size() - 1).trainLoss()).isLessThanOrEqualTo(0.5);
            assertThat(epochs.subList(0, epochs.size() - 1))
                    .isNotEmpty()
                    .allSatisfy(epoch -> assertThat(epoch.trainLoss()).isGreaterThan(0.5));
        }
    }

    /** Labels of the validation samples are turned round, so the error on them rises as the network learns. */
    @Test
    void stopsEarlyAndGoesBackToTheBestEpoch() {
        DataSet blobs = Blobs.of(40, 3);
        int[] wrong = blobs.labels().clone();
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = (wrong[i] + 1) % Blobs.CLASSES;
        }
        DataSet held = new DataSet("held", blobs.shape(), Blobs.CLASSES, blobs.values(), wrong);
        TrainingOptions options =
                options().epochs(30).goal(new Goal.LeastValidationError(2)).build();
        try (Run run = new Run(Backend.PORTABLE, 2, Blobs.of(101, 1), held, options)) {
            TrainingResult result = run.training.run(TrainingListener.NONE);
            assertThat(result.goalReached()).isTrue();
            double least = result.epochs().stream()
                    .mapToDouble(EpochReport::validationError)
                    .min()
                    .orElseThrow();
            int best = result.epochs().stream()
                    .filter(epoch -> epoch.validationError() == least)
                    .findFirst()
                    .orElseThrow()
                    .epoch();
            assertThat(result.epochs()).hasSize(best + 2);
            assertThat(run.evaluate(held).error()).isEqualTo(least);
        }
        assertThatThrownBy(() -> new Run(Blobs.of(5, 1), options))
                .hasMessage("stopping early takes validation samples, and there are none");
    }

    @Test
    void goesOnAtTheLastRateAndSaysWhenTheGoalIsMissed() {
        DataSet images = Blobs.of(60, 1);
        int[] contradiction = images.labels().clone();
        byte[] pixels = ((Values.Bytes) images.values()).pixels().clone();
        System.arraycopy(pixels, 0, pixels, Blobs.SIDE * Blobs.SIDE, Blobs.SIDE * Blobs.SIDE);
        contradiction[1] = (contradiction[0] + 1) % Blobs.CLASSES; // the same image, another label
        DataSet impossible =
                new DataSet("impossible", images.shape(), Blobs.CLASSES, new Values.Bytes(pixels), contradiction);
        TrainingOptions options =
                options().goal(new Goal.ZeroTrainError()).maxEpochs(6).build();
        TrainingResult result = train(impossible, options, TrainingListener.NONE);
        assertThat(result.goalReached()).isFalse();
        assertThat(result.train().wrong()).isPositive();
        assertThat(result.epochs()).hasSize(6);
        double last = result.epochs().get(3).rate();
        assertThat(last).isPositive().isLessThan(result.epochs().get(2).rate());
        assertThat(result.epochs().subList(4, 6))
                .allSatisfy(epoch -> assertThat(epoch.rate()).isEqualTo(last));
    }

    @Test
    void namesEpochAndStepWhenItDiverges() {
        TrainingOptions options = options().optimizer(new Sgd(1e20, 0.9, 0)).build();
        assertThatThrownBy(() -> train(Blobs.of(60, 1), options, TrainingListener.NONE))
                .isInstanceOf(MorulaException.class)
                .hasMessageMatching("training diverged: the loss was \\S+ in epoch 1, step \\d of 4, at rate .*");
    }

    @Test
    void tellsTheListenerEveryStepAndEpoch() {
        List<String> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void stepDone(int epoch, int step, int steps) {
                heard.add(epoch + ": " + step + "/" + steps);
            }

            @Override
            public void epochDone(EpochReport report) {
                heard.add("epoch " + report.epoch());
            }
        };
        train(Blobs.of(33, 1), options().epochs(2).build(), listener);
        assertThat(heard)
                .containsExactly("1: 1/3", "1: 2/3", "1: 3/3", "epoch 1", "2: 1/3", "2: 2/3", "2: 3/3", "epoch 2");
    }

    @Test
    void refusesImagesThatDoNotFitTheNetwork() {
        Shape square = new Shape(1, 2, 2);
        DataSet small =
                new DataSet("small", square, 2, new Values.Bytes(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}), new int[2]);
        assertThatThrownBy(() -> train(small, options().build(), TrainingListener.NONE))
                .hasMessageContaining(
                        "small: samples are 1 x 2 x 2 once prepared (set), but the network takes 36 features");
        DataSet flat = new DataSet("flat", square, 2, new Values.Bytes(new byte[4]), new int[1]);
        assertThatThrownBy(() -> train(flat, options().build(), TrainingListener.NONE))
                .hasMessageContaining("flat: all numbers are equal");
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().batch(16).epochs(4).seed(1);
    }

    private static TrainingResult train(DataSet images, TrainingOptions options, TrainingListener listener) {
        try (Run run = new Run(images, options)) {
            return run.training.run(listener);
        }
    }
}
