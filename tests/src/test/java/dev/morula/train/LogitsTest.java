package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
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

@Tag("device")
class LogitsTest {
    private static final int SAMPLES = 300; // more than one batch

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void areWhatTheReadOutGivesForEverySample(Backend backend) {
        NetworkDefinition definition = Presets.multilayerPerceptron(13, List.of(17, 33), 5);
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(2);
                Network network = Network.initialise(definition, 1);
                Samples samples =
                        new Samples(Floats.random(SAMPLES, 13, new Random(2)), Floats.integers(new int[SAMPLES]));
                Matrix logits = Logits.of(network, samples, kernels, workers)) {
            List<double[][]> parameters = new ArrayList<>();
            network.parameters().forEach(parameter -> parameters.add(Floats.doubles(parameter.values())));
            ReferenceNetwork reference = new ReferenceNetwork(parameters, samples);
            double[][] inputs = Floats.doubles(samples.inputs());
            double[][] actual = Floats.doubles(logits);
            assertThat(actual).hasDimensions(SAMPLES, 5);
            for (int sample = 0; sample < SAMPLES; sample++) {
                assertThat(actual[sample]).containsExactly(reference.output(inputs[sample], 3), within(1e-5));
            }
        }
    }
}
