package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.data.Values;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
    private static final NetworkDefinition NETWORK =
            Presets.multilayerPerceptron(Blobs.SIDE * Blobs.SIDE, List.of(16, 65), Blobs.CLASSES);

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void reachesZeroTrainErrorOnSeparableDataAndStopsThere(Tier tier) {
        TrainingOptions options = options().goal(Goal.ZERO_TRAIN_ERROR).build();
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Network network = Network.initialise(NETWORK, 1)) {
            DataSet images = Blobs.of(101, 1);
            TrainingResult result =
                    new Trainer(kernels, workers).train(network, images, options, TrainingListener.NONE);
            assertThat(result.goalReached()).isTrue();
            assertThat(result.train())
                    .isEqualTo(new Evaluation(101, 101, result.train().loss()));
            assertThat(result.epochs()).hasSize(4);
            Evaluation unseen =
                    new Evaluator(kernels, workers).evaluate(network, Blobs.of(50, 2), result.preparation());
            assertThat(unseen.error()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void repeatsBitForBit(Tier tier) {
        for (int threads = 1; threads <= 2; threads++) {
            assertThat(trained(tier, threads, 7)).isEqualTo(trained(tier, threads, 7));
        }
        assertThat(trained(tier, 1, 7)).isNotEqualTo(trained(tier, 1, 8));
    }

    private static List<Float> trained(Tier tier, int threads, long seed) {
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(threads);
                Network network = Network.initialise(NETWORK, 1)) {
            new Trainer(kernels, workers)
                    .train(network, Blobs.of(101, 1), options().seed(seed).build(), TrainingListener.NONE);
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
                options().goal(Goal.ZERO_TRAIN_ERROR).maxEpochs(6).build();
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
        DataSet small = new DataSet(
                "small", new Shape(1, 2, 2), 2, new Values.Bytes(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}), new int[] {0, 1
                });
        assertThatThrownBy(() -> train(small, options().build(), TrainingListener.NONE))
                .hasMessageContaining(
                        "small: samples are 1 x 2 x 2 once prepared (set), but the network takes 36 features");
        DataSet flat = new DataSet("flat", new Shape(1, 2, 2), 2, new Values.Bytes(new byte[4]), new int[1]);
        assertThatThrownBy(() -> train(flat, options().build(), TrainingListener.NONE))
                .hasMessageContaining("flat: all numbers are equal");
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().batch(16).epochs(4).seed(1);
    }

    private static TrainingResult train(DataSet images, TrainingOptions options, TrainingListener listener) {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Network network = Network.initialise(NETWORK, 1)) {
            return new Trainer(kernels, workers).train(network, images, options, listener);
        }
    }
}
