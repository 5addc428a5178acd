package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.Python;
import dev.morula.data.Npy;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network leaves as a file and comes back, here and in PyTorch. */
class WeightsTest {
    private static final NetworkDefinition NETWORK = Presets.multilayerPerceptron(17, List.of(33, 5), 3);

    /** Reads a state dictionary into the Sequential that it fits, and prints the logits of some samples. */
    private static final String LOGITS_BY_TORCH = """
            import sys, numpy, torch
            from safetensors.torch import load_file
            state = load_file(sys.argv[1])
            widths = [state["0.weight"].shape[1]] + [v.shape[0] for k, v in state.items() if k.endswith("weight")]
            layers = []
            for inputs, outputs in zip(widths, widths[1:]):
                layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
            network = torch.nn.Sequential(*layers[:-1])
            network.load_state_dict(state, strict=True)
            with torch.no_grad():
                logits = network(torch.from_numpy(numpy.load(sys.argv[2])))
            print(*(float(x) for x in logits.flatten()))
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"conv-L1-H3", "resnet8:0.2", "densenet7-2"})
    void convolutionsComeBackAsTheyWere(String net) {
        Path file = folder.resolve("weights.safetensors");
        NetworkDefinition definition = Presets.parse(net, new Shape(2, 13, 11), 5);
        try (Network network = Network.initialise(definition, 1)) {
            Weights.write(file, network, Map.of());
            try (Network read = Weights.read(file, definition)) {
                for (Parameter expected : network.parameters()) {
                    Parameter parameter = read.parameters().stream()
                            .filter(other -> other.name().equals(expected.name()))
                            .findFirst()
                            .orElseThrow();
                    assertThat(Floats.doubles(parameter.values())).isDeepEqualTo(Floats.doubles(expected.values()));
                }
            }
        }
    }

    @Test
    void comesBackAsItWas() {
        Path file = folder.resolve("weights.safetensors");
        try (Network network = Network.initialise(NETWORK, 1)) {
            Weights.write(file, network, Map.of("seed", "1"));
            assertThat(SafetensorsFile.open(file).metadata()).containsExactly(Map.entry("seed", "1"));
            assertThat(SafetensorsFile.open(file).names())
                    .containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
            try (Network read = Weights.read(file, NETWORK)) {
                assertThat(read.definition()).isEqualTo(NETWORK);
                for (int parameter = 0; parameter < 6; parameter++) {
                    Matrix values = read.parameters().get(parameter).values();
                    Matrix expected = network.parameters().get(parameter).values();
                    assertThat(Floats.doubles(values)).isDeepEqualTo(Floats.doubles(expected));
                }
            }
        }
    }

    @Test
    void refusesTheWeightsOfAnotherArchitecture() {
        Path file = folder.resolve("weights.safetensors");
        try (Network network = Network.zeros(NETWORK)) {
            Weights.write(file, network, Map.of());
        }
        refuses(
                file,
                Presets.multilayerPerceptron(17, List.of(34, 5), 3),
                file + ":0.weight: has shape [33, 17] of F32, but mlp:17-34-5 needs [34, 17] of F32");
        refuses(
                file,
                Presets.multilayerPerceptron(17, List.of(33, 5), 4),
                file + ":4.weight: has shape [3, 5] of F32, but mlp:17-33-5 needs [4, 5] of F32");
        refuses(
                file,
                Presets.multilayerPerceptron(17, List.of(33, 5, 3), 3),
                file + ": has no tensor \"6.weight\"; it has 0.weight, 0.bias, 2.weight, 2.bias, 4.weight, 4.bias");
        refuses(
                file,
                Presets.multilayerPerceptron(17, List.of(33), 5),
                file + ": has a tensor \"4.weight\", for which mlp:17-33 has no place");
    }

    @Test
    void refusesParametersOfAnotherType() {
        Path file = folder.resolve("double.safetensors");
        try (Matrix weight = Matrix.allocate(ElementType.F64, 2, 1);
                Matrix bias = Matrix.allocate(ElementType.F32, 2, 1)) {
            Tensor row = new Tensor("0.weight", List.of(1L, 2L), weight);
            SafetensorsWriter.write(file, List.of(row, Tensor.vector("0.bias", bias)), Map.of());
        }
        refuses(
                file,
                Presets.multilayerPerceptron(2, List.of(1), 2),
                file + ":0.weight: has shape [1, 2] of F64, but mlp:2-1 needs [1, 2] of F32");
    }

    private static void refuses(Path file, NetworkDefinition definition, String message) {
        assertThatThrownBy(() -> Weights.read(file, definition))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessage(message);
    }

    @Test
    void pyTorchReadsTheSameNetwork() {
        Python.require("torch, numpy, safetensors.torch");
        Path weights = folder.resolve("weights.safetensors");
        Path inputs = folder.resolve("inputs.npy");
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1);
                Network network = Network.initialise(NETWORK, 2);
                Matrix samples = Floats.random(29, NETWORK.input().size(), new Random(3));
                Inference inference = Inference.of(kernels, workers, network, samples.rows())) {
            Weights.write(weights, network, Map.of());
            Npy.write(inputs, samples);
            double[] logits = Arrays.stream(Floats.doubles(inference.run(samples)))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            double[] theirs = Arrays.stream(
                            Python.run(LOGITS_BY_TORCH, weights, inputs).trim().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(theirs).hasSize(29 * 3).containsExactly(logits, within(1e-4));
        }
    }
}
