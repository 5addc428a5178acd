package dev.morula;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.activations.Activations;
import dev.morula.activations.Layout;
import dev.morula.cluster.Clusters;
import dev.morula.cluster.CoverClustering;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Npy;
import dev.morula.data.Split;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.network.BatchNorm;
import dev.morula.network.Convolution;
import dev.morula.network.GlobalAveragePool;
import dev.morula.network.Linear;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Relu;
import dev.morula.network.Residual;
import dev.morula.network.Sequence;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import dev.morula.standardise.StandardisedLayer;
import dev.morula.train.Initialisation;
import dev.morula.train.Network;
import dev.morula.train.Optimizer;
import dev.morula.train.Training;
import dev.morula.train.TrainingListener;
import dev.morula.train.TrainingOptions;
import dev.morula.train.TrainingResult;
import dev.morula.train.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README tells the truth: its Java runs as it stands there, and the paths it names exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void itsJavaRuns() throws IOException {
        Path input = folder.resolve("layer.npy");
        Path output = folder.resolve("edges.npz");
        writeLayer(input);
        int clusters = example(input, output);
        assertThat(clusters).isEqualTo(20);
        assertThat(output).isNotEmptyFile();
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains(stated("correlating"));
    }

    @Test
    void itsTrainingRuns() throws IOException {
        Path output = folder.resolve("mine.safetensors");
        assertThat(trainingExample(output)).isBetween(0.0, 0.9);
        assertThat(output).isNotEmptyFile();
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains(stated("training"));
    }

    /** What stands between the marks of that name in this file. */
    private static String stated(String name) throws IOException {
        String example = Files.readString(ROOT.resolve("tests/src/test/java/dev/morula/ReadmeTest.java"));
        String lines = example.substring(
                example.indexOf("// README: " + name + " begins\n"), example.indexOf("// README: " + name + " ends\n"));
        return lines.substring(lines.indexOf('\n') + 1, lines.lastIndexOf("\n"))
                .stripIndent()
                .strip();
    }

    private static double trainingExample(Path output) {
        // README: training begins
        DataSet digits = DataSource.parse("mnist-mini").load(Split.TRAIN).first(500);
        NetworkDefinition definition = new NetworkDefinition(
                "mine",
                digits.shape(),
                Sequence.of(
                        new Convolution(1, 8, 3, 2, 1, false),
                        new BatchNorm(8),
                        new Relu(),
                        new Residual(Sequence.of(Convolution.threeByThree(8, 8), new BatchNorm(8)), Optional.empty()),
                        new GlobalAveragePool(),
                        Linear.of(8, digits.classes())));
        TrainingOptions options = TrainingOptions.builder()
                .optimizer(Optimizer.parse("adamw,lr=3e-3"))
                .batch(50)
                .epochs(5)
                .build();
        try (Kernels kernels = Kernels.cpu();
                Workers workers = Workers.all();
                FittedPreparation preparation = Preparation.DEFAULT.fit(digits, kernels, workers);
                Samples samples = Samples.of(digits, preparation, definition, kernels, workers);
                Network network = Network.initialise(definition, new Initialisation.He(), 1);
                Training training = new Training(kernels, workers, network, samples, Optional.empty(), options)) {
            TrainingResult result = training.run(TrainingListener.NONE);
            Weights.write(output, network, Map.of("net", definition.name()));
            return result.train().error();
        }
        // README: training ends
    }

    private static int example(Path input, Path output) {
        // README: correlating begins
        try (Kernels kernels = Kernels.cpu();
                Workers workers = Workers.all();
                Matrix values = Activations.open(List.of(input.toString()), Layout.SAMPLES_FIRST)
                        .neuronMajor(Matrix::allocate, kernels, workers, bytes -> {});
                var layer = StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
                Correlation found =
                        Correlator.run(layer, CorrelationQuery.atLeast(0.9), kernels, workers, Progress.NONE);
                CorrelationGraph graph = CorrelationGraph.of(found.edges(), layer.neurons(), kernels, workers)) {
            Clusters clusters = new CoverClustering().cluster(graph, 2);
            GraphFile.write(output, graph, Triangle.FULL);
            return clusters.count();
        }
        // README: correlating ends
    }

    /** Twenty signals, each carried by three neurons. */
    private static void writeLayer(Path file) {
        Random random = new Random(1);
        float[][] layer = new float[200][60];
        for (float[] sample : layer) {
            for (int neuron = 0; neuron < 20; neuron++) {
                float signal = (float) random.nextGaussian();
                for (int copy = 0; copy < 3; copy++) {
                    sample[20 * copy + neuron] = (copy + 1) * signal + copy;
                }
            }
        }
        try (Matrix matrix = Matrix.of(layer)) {
            Npy.write(file, matrix);
        }
    }

    @Test
    void thePathsItNamesExist() throws IOException {
        for (String page : List.of("README.md", "CONTRIBUTING.md", "bench/README.md")) {
            Matcher names = Pattern.compile("[`(]((?:java|native|bench|tests|cmake)/[A-Za-z0-9_./-]*[A-Za-z0-9])[`)]")
                    .matcher(Files.readString(ROOT.resolve(page)));
            while (names.find()) {
                if (!names.group(1).contains("target/")) {
                    assertThat(ROOT.resolve(names.group(1))).as(page).exists();
                }
            }
        }
    }
}
