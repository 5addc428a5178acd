package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.morula.MorulaException;
import dev.morula.data.DataSource;
import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.train.Network;
import dev.morula.train.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula analyze}: of a run, and of the same layers in files. */
class AnalyzeCommandTest {
    private static final int TRAINED = 400;
    private static final String FEW_CHUNKS = "--chunks 7 --chunks-r2 3";

    @TempDir
    private static Path folder;

    @TempDir
    private Path own;

    private static Path run() {
        return folder.resolve("run");
    }

    @BeforeAll
    static void train() {
        assertThat(morula("train --net mlp:784-24-16 --data mnist-mini --epochs 6 --keep-every 3 --train-size "
                                + TRAINED + " --out " + run())
                        .exitCode())
                .isZero();
    }

    /** Options that hold no spaces. */
    private static Run morula(String line) {
        return Run.of((Object[]) line.split(" "));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private JsonNode analyse(String options) throws IOException {
        Path out = own.resolve("analysis");
        Run run = morula("analyze " + FEW_CHUNKS + " --out " + out + " " + options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return json(out.resolve("analysis.json"));
    }

    @Test
    void ofTheWholeLayerItHasTheErrorsThatTrainingFound() throws IOException {
        JsonNode last = analyse(run().toString()).path("layers").path("last");
        JsonNode training = json(run().resolve("run.json")).path("training");

        assertThat(last.path("trainError").asDouble())
                .isCloseTo(training.path("trainError").asDouble(), within(1e-12));
        assertThat(last.path("testError").asDouble())
                .isCloseTo(training.path("testError").asDouble(), within(1e-12));
        assertThat(last.path("chunks").findValuesAsText("size")).containsExactly("1", "2", "4", "8", "16");
        assertThat(last.path("chunks").path(4).path("testError")).isEqualTo(last.path("testError"));
        for (JsonNode chunk : last.path("chunks")) {
            assertThat(chunk.path("r2").isNull())
                    .as("the whole layer explains itself")
                    .isEqualTo(chunk.path("size").asInt() == 16);
        }
    }

    @Test
    void itSaysWhatTheNetworkDidAfterEachEpochThatWasKept() throws IOException {
        JsonNode analysis = analyse(run().toString());
        JsonNode epochs = analysis.path("epochs");

        assertThat(epochs.findValuesAsText("epoch")).containsExactly("3", "6");
        assertThat(epochs.path(1).path("chunks"))
                .as("the last epoch's weights are those of the run")
                .isEqualTo(analysis.path("layers").path("last").path("chunks"));
        assertThat(epochs.path(0).path("trainError").asDouble())
                .isGreaterThan(epochs.path(1).path("trainError").asDouble());
    }

    @Test
    void ofAllLayersItHasDepthAndAblation() throws IOException {
        JsonNode analysis = analyse("--layers all --depth-error 0,0.999 " + run());
        JsonNode layers = analysis.path("layers");

        assertThat(layers.fieldNames()).toIterable().containsExactly("1", "2", "last");
        assertThat(layers.path("1").path("chunks").isNull()).isTrue();
        assertThat(analysis.path("effectiveDepth").path("0.999").asText()).isEqualTo("1");
        assertThat(analysis.path("effectiveDepth").path("0").isNull()).isTrue();
        assertThat(analysis.path("network").path("ablation")).hasSize(7);
        assertThat(analysis.path("network").path("similarUnits").asDouble())
                .isCloseTo(
                        (layers.path("1").path("similarUnits").asDouble()
                                        + layers.path("2").path("similarUnits").asDouble())
                                / 2,
                        within(1e-12));
        assertThat(layers.path("2").path("similarUnits")) // the same neurons after the ReLU
                .isEqualTo(layers.path("last").path("similarUnits"));
        assertThat(layers.path("2").path("cdnv")) // but before it where depth is measured
                .isNotEqualTo(layers.path("last").path("cdnv"));
    }

    @Test
    void layersInFilesGiveWhatTheRunGives() throws IOException {
        JsonNode ofRun = analyse(run().toString()).path("layers").path("last");
        writeLabels(Split.TRAIN, "y.npy", TRAINED);
        writeLabels(Split.TEST, "yt.npy", Integer.MAX_VALUE);
        for (Split split : Split.values()) {
            String name = split.name().toLowerCase(Locale.ROOT);
            assertThat(morula("activations " + run() + " --layer last --split " + name + " --out " + own.resolve(name)
                                    + ".npy")
                            .exitCode())
                    .isZero();
        }
        writeReadOut();

        JsonNode ofFiles = analyse("--layer h=" + own.resolve("train.npy") + " --test-layer h="
                        + own.resolve("test.npy") + " --labels " + own.resolve("y.npy") + " --test-labels "
                        + own.resolve("yt.npy") + " --readout-weight " + own.resolve("w.npy") + " --readout-bias "
                        + own.resolve("b.npy"))
                .path("layers")
                .path("h");

        assertThat(ofFiles).isEqualTo(ofRun);
    }

    private void writeLabels(Split split, String name, int most) {
        int[] labels = DataSource.parse("mnist-mini").load(split).labels();
        int[] some = Arrays.copyOf(labels, Math.min(most, labels.length));
        try (NpyWriter writer = NpyWriter.create(own.resolve(name), ElementType.I32, some.length)) {
            writer.append(some);
            writer.commit();
        }
    }

    private void writeReadOut() {
        NetworkDefinition definition = Presets.parse("mlp:784-24-16", new Shape(1, 28, 28), 10);
        try (Network network = Weights.read(run().resolve("model.safetensors"), definition)) {
            Npy.write(own.resolve("w.npy"), TrainedRun.readOut(network).weight());
            Npy.write(own.resolve("b.npy"), TrainedRun.readOut(network).bias());
        }
    }

    @Test
    void itIsTheSameForAnyNumberOfThreads() throws IOException {
        JsonNode one = analyse("--layers all --threads 1 " + run());
        JsonNode three = analyse("--layers all --threads 3 " + run());

        assertThat(three).isEqualTo(one);
        assertThat(analyse("--layers all --seed 2 " + run())).isNotEqualTo(one);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Path nowhere = own.resolve("nowhere");
        assertThat(morula("analyze --out " + nowhere).err())
                .contains("--layer NAME=FILE: at least one layer is needed");
        assertThat(morula("analyze " + run() + " --labels y.npy").err()).contains("is a run, which knows its layers");
        assertThat(morula("analyze " + run().resolve("run.json")).err())
                .contains("run.json is a file, and a run is a folder; layers in files are given as --layer NAME=");
        assertThat(morula("analyze --layer h=h.npy").err()).contains("--out DIR: analyses of files need a folder");
        assertThat(morula("analyze --layer h=h.npy --labels y.npy --test-layer g=g.npy --test-labels y.npy --out "
                                + nowhere)
                        .err())
                .contains("--test-layer g=g.npy: there is no --layer g; there are [h]");
        assertThat(morula("analyze --chunks 0 " + run()).exitCode()).isEqualTo(MorulaException.Kind.USAGE.exitCode());
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void labelsOfAnotherLengthAreRefused() throws IOException {
        assertThat(morula("activations " + run() + " --layer last --out " + own.resolve("h.npy"))
                        .exitCode())
                .isZero();
        writeLabels(Split.TRAIN, "y.npy", TRAINED - 1);

        Run refused = morula("analyze --layer h=" + own.resolve("h.npy") + " --labels " + own.resolve("y.npy")
                + " --out " + own.resolve("none"));

        assertThat(refused.exitCode()).isEqualTo(MorulaException.Kind.INPUT.exitCode());
        assertThat(refused.err()).contains("layer h: 400 samples have 399 labels; there must be one a sample");
        assertThat(own.resolve("none")).doesNotExist();
    }
}
