package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.data.DataSet;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("device")
class ActivationRecorderTest {
    private static final int SAMPLES = 300; // more than one batch
    private static final NetworkDefinition NETWORK =
            Presets.multilayerPerceptron(Blobs.SIDE * Blobs.SIDE, List.of(17, 33), Blobs.CLASSES);

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void streamsWhatTheLayerPutsOut(Backend backend) {
        DataSet images = Blobs.of(SAMPLES, 5);
        try (Kernels kernels = backend.open();
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
        Tap tap = Tap.of(network.definition(), Integer.toString(layer));
        new ActivationRecorder(kernels, workers).record(network, samples, Map.of(tap, (first, block) -> {
            assertThat(first).isEqualTo(rows.size());
            rows.addAll(List.of(Floats.doubles(block)));
        }));
        return rows;
    }

    /** The read-out of what was recorded is what the network puts out, so it is the right layer in the right order. */
    @Test
    void imagesAreRecordedInTheOrderOfFlatten() {
        Shape image = new Shape(3, 8, 8);
        NetworkDefinition definition = Presets.parse("conv-L2-H5", image, 4);
        Random random = new Random(1);
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Network network = Network.initialise(definition, 1);
                Samples samples = new Samples(
                        Floats.random(7 * image.positions(), 3, random), Floats.integers(0, 1, 2, 3, 0, 1, 2));
                Inference inference = Inference.of(kernels, workers, network, 7)) {
            double[][] logits = Floats.doubles(inference.run(samples.inputs()));
            Map<String, double[][]> recorded = new HashMap<>();
            Map<Tap, ActivationSink> sinks = new HashMap<>();
            for (String name : List.of("4", "last", "module:9")) {
                sinks.put(Tap.of(definition, name), (first, block) -> recorded.put(name, Floats.doubles(block)));
            }
            new ActivationRecorder(kernels, workers).record(network, samples, sinks);
            assertThat(recorded.get("4")).isDeepEqualTo(recorded.get("last"));
            assertThat(recorded.get("module:9")).isNotEqualTo(recorded.get("4"));
            double[][] weight = Floats.doubles(network.parameter("13", "weight").values());
            double[] bias = Floats.doubles(network.parameter("13", "bias").values())[0];
            for (int sample = 0; sample < 7; sample++) {
                for (int output = 0; output < 4; output++) {
                    double sum = bias[output];
                    for (int i = 0; i < weight[output].length; i++) {
                        sum += weight[output][i] * recorded.get("last")[sample][i];
                    }
                    assertThat(sum).isCloseTo(logits[sample][output], within(1e-5));
                }
            }
        }
    }

    private static FittedPreparation preparation(DataSet images, Kernels kernels, Workers workers) {
        return Preparation.DEFAULT.fit(images, kernels, workers);
    }
}
