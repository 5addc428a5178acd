package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.Python;
import dev.morula.data.Npy;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every preset and its PyTorch module read each other's weights and put out the same. */
class PresetWeightsTest {
    private static final int SAMPLES = 5;
    private static final int OUTPUTS = 10;

    /** Loads our weights and prints the logits; then the same for weights of its own, which it writes. */
    private static final String LOGITS_BY_TORCH = """
            import sys
            sys.path.insert(0, sys.argv[1])
            sys.dont_write_bytecode = True
            import networks, numpy, torch
            from safetensors.torch import load_file, save_file
            text, sample = sys.argv[2], tuple(int(size) for size in sys.argv[3].split("x"))
            torch.manual_seed(3)
            theirs = networks.network(text, sample, 10)
            for module in theirs.modules():
                if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                    module.running_mean.uniform_(-1, 1)
                    module.running_var.uniform_(0.5, 2)
            save_file(theirs.state_dict(), sys.argv[6])
            ours = networks.network(text, sample, 10)
            ours.load_state_dict(load_file(sys.argv[4]), strict=True)
            inputs = torch.from_numpy(numpy.load(sys.argv[5]))
            if not (text.startswith(("mlp", "pmnist", "teacher"))):
                inputs = inputs.reshape(-1, *sample)
            with torch.no_grad():
                for network in (ours, theirs):
                    print(*(float(x) for x in network.eval()(inputs).flatten()))
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "mlp:12-9-7, 3x2x2",
        "mlp-L3-H8, 3x2x2",
        "pmnist:8, 10x1x1",
        "'teacher-student:d=10,m=1', 10x1x1",
        "conv-L2-H4, 3x16x16",
        "resnet20:0.25, 3x16x16",
        "wrn10-2, 3x16x16",
        "densenet10-4, 3x16x16",
        "alexnet-cifar:0.1, 3x16x16"
    })
    void pyTorchAndMorulaReadEachOther(String text, String sample) {
        Python.require("torch, numpy, safetensors.torch");
        int[] sizes =
                Arrays.stream(sample.split("x")).mapToInt(Integer::parseInt).toArray();
        Shape shape = new Shape(sizes[0], sizes[1], sizes[2]);
        NetworkDefinition definition = Presets.parse(text, shape, OUTPUTS);
        Path ours = folder.resolve("ours.safetensors");
        Path theirs = folder.resolve("theirs.safetensors");
        Path samples = folder.resolve("samples.npy");
        try (Network network = Network.initialise(definition, new Initialisation.He(), 2);
                Matrix flat = Floats.random(SAMPLES, shape.size(), new Random(3))) {
            Weights.write(ours, network, Map.of());
            Npy.write(samples, flat);
            Path peers = Path.of("..", "bench", "peers").toAbsolutePath().normalize();
            String[] lines = Python.run(LOGITS_BY_TORCH, peers, text, sample, ours, samples, theirs)
                    .trim()
                    .split("\n");
            assertThat(numbers(lines[0])).containsExactly(logits(network, flat, shape), within(1e-4));
            try (Network read = Weights.read(theirs, definition)) {
                assertThat(numbers(lines[1])).containsExactly(logits(read, flat, shape), within(1e-4));
            }
        }
    }

    private static double[] logits(Network network, Matrix flat, Shape shape) {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Matrix inputs = inputs(network.definition(), flat, shape);
                Inference inference = Inference.of(kernels, workers, network, SAMPLES)) {
            return Arrays.stream(Floats.doubles(inference.run(inputs)))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }

    /** The samples as the network wants them: flat, or with channels last. */
    private static Matrix inputs(NetworkDefinition definition, Matrix flat, Shape shape) {
        int positions = definition.input().positions();
        Matrix inputs =
                Floats.zeros((long) SAMPLES * positions, definition.input().channels());
        for (int sample = 0; sample < SAMPLES; sample++) {
            float[] row = flat.row(sample);
            float[] last = new float[row.length];
            int channels = row.length / positions;
            for (int i = 0; i < row.length; i++) {
                last[i % positions * channels + i / positions] = row[i];
            }
            inputs.write((long) sample * shape.size(), last, 0, last.length);
        }
        return inputs;
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
