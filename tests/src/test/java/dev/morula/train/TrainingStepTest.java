package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.prepare.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of a whole step, read off a step of plain gradient descent, against central differences in float64. */
@Tag("device")
class TrainingStepTest {
    private static final NetworkDefinition NETWORK = Presets.multilayerPerceptron(17, List.of(33, 3, 129), 5);
    private static final int BATCH = 7;
    private static final double STEP = 1e-6;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void everyParametersGradientAgreesWithCentralDifferences(Backend backend) {
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(2);
                Network network = Network.initialise(NETWORK, 3);
                Samples samples = samples();
                TrainingStep step = new TrainingStep(
                        kernels,
                        workers,
                        network,
                        TrainingOptions.builder().optimizer(new Sgd(1, 0, 0)).build(),
                        BATCH)) {
            List<double[][]> before = values(network);
            TrainingStep.Outcome outcome = step.run(samples, 1);
            List<double[][]> after = values(network);
            ReferenceNetwork reference = new ReferenceNetwork(before, samples);
            assertThat(outcome.loss() / BATCH).isCloseTo(reference.loss(), within(1e-5));
            for (int parameter = 0; parameter < before.size(); parameter++) {
                check(reference, before.get(parameter), after.get(parameter), "parameter " + parameter);
            }
        }
    }

    /** Compares some of the elements, which is all of them for a small parameter. */
    private static void check(ReferenceNetwork reference, double[][] before, double[][] after, String name) {
        for (int element = 0; element < before.length * before[0].length; element += 1 + before[0].length / 20) {
            int row = element / before[0].length;
            int column = element % before[0].length;
            double gradient = before[row][column] - after[row][column];
            assertThat(gradient)
                    .as("%s, %d, %d", name, row, column)
                    .isCloseTo(reference.slope(before[row], column, STEP), within(2e-6));
        }
    }

    private static List<double[][]> values(Network network) {
        List<double[][]> values = new ArrayList<>();
        network.parameters().forEach(parameter -> values.add(Floats.doubles(parameter.values())));
        return values;
    }

    private static Samples samples() {
        Random random = new Random(4);
        return new Samples(
                Floats.random(BATCH, NETWORK.input().size(), random),
                Floats.integers(random.ints(BATCH, 0, NETWORK.outputs()).toArray()));
    }
}
