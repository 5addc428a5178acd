package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.data.DataSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Tap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationRecorderTest {
    private static final int SAMPLES = 300; // more than one batch
    private static final NetworkDefinition NETWORK =
            Presets.multilayerPerceptron(Blobs.SIDE * Blobs.SIDE, List.of(17, 33), Blobs.CLASSES);

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void streamsWhatTheLayerPutsOut(Tier tier) {
        DataSet images = Blobs.of(SAMPLES, 5);
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Network network = Network.initialise(NETWORK, 1);
                Samples samples =
                        Samples.of(images, preparation(images, kernels, workers), NETWORK, kernels, workers)) {
            List<double[][]> parameters = new ArrayList<>();
            network.parameters().forEach(parameter -> parameters.add(Floats.doubles(parameter.values())));
            ReferenceNetwork reference = new ReferenceNetwork(parameters, samples);
            double[][] inputs = Floats.doubles(samples.inputs());
            for (int layer = 1; layer <= 2; layer++) {
                List<double[]> recorded = record(kernels, workers, network, samples, layer);
                assertThat(recorded).hasSize(SAMPLES);
                for (int sample = 0; sample < SAMPLES; sample++) {
                    assertThat(recorded.get(sample))
                            .containsExactly(reference.output(inputs[sample], layer), within(1e-5));
                }
            }
        }
    }

    private static List<double[]> record(
            Kernels kernels, Workers workers, Network network, Samples samples, int layer) {
        List<double[]> rows = new ArrayList<>();
        new ActivationRecorder(kernels, workers)
                .record(network, samples, Tap.of(NETWORK, Integer.toString(layer)), (first, block) -> {
                    assertThat(first).isEqualTo(rows.size());
                    rows.addAll(List.of(Floats.doubles(block)));
                });
        return rows;
    }

    private static FittedPreparation preparation(DataSet images, Kernels kernels, Workers workers) {
        return Preparation.DEFAULT.fit(images, kernels, workers);
    }
}
