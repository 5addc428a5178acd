package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.data.NpyWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula compress --keep w*} on a network whose clones were planted. */
class CompressToCriticalWidthTest {
    private static final int SAMPLES = 60;
    private static final int WIDTH = 16;
    private static final int CLASSES = 3;
    private static final String NET = "mlp:" + (CLASSES - 1 + WIDTH) + "-" + WIDTH;

    @TempDir
    private Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    /** Class 0 is (0, 0), class 1 (1, 0), and class 2 (0, 1), in equal numbers; a little noise for each neuron follows. */
    private void writeSamples(String split, long seed) {
        Random random = new Random(seed);
        double[][] samples = new double[SAMPLES][CLASSES - 1 + WIDTH];
        int[] labels = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = i % CLASSES;
            for (int neuron = 0; neuron < WIDTH; neuron++) {
                samples[i][CLASSES - 1 + neuron] = 0.05f * random.nextFloat();
            }
            if (labels[i] > 0) {
                samples[i][labels[i] - 1] = 1;
            }
        }
        LayerFiles.npy(folder.resolve(split + "-x.npy"), samples, ElementType.F32);
        try (NpyWriter writer = NpyWriter.create(folder.resolve(split + "-y.npy"), ElementType.I32, SAMPLES)) {
            writer.append(labels);
            writer.commit();
        }
    }

    /** Every other neuron is the first feature, the rest are the second, with noise; the read-out adds up those of a class. */
    private void plant() {
        NetworkDefinition definition = Presets.parse(NET, Shape.features(CLASSES - 1 + WIDTH), CLASSES);
        double[][] hidden = new double[WIDTH][CLASSES - 1 + WIDTH];
        double[][] readOut = new double[CLASSES][WIDTH];
        for (int neuron = 0; neuron < WIDTH; neuron++) {
            hidden[neuron][neuron % 2] = 1;
            hidden[neuron][CLASSES - 1 + neuron] = 1;
            readOut[1 + neuron % 2][neuron] = 1;
        }
        double[][][] values = {hidden, {new double[WIDTH]}, readOut, {{0.5, 0, 0}}};
        try (Network network = Weights.read(run().resolve("model.safetensors"), definition)) {
            int index = 0;
            for (Parameter parameter : network.parameters()) {
                copy(values[index++], parameter.values());
            }
            Weights.write(run().resolve("model.safetensors"), network, Map.of());
        }
    }

    private static void copy(double[][] rows, Matrix target) {
        try (Matrix source = Matrices.of(rows, ElementType.F32)) {
            for (int row = 0; row < rows.length; row++) {
                float[] values = source.row(row);
                target.write((long) row * values.length, values, 0, values.length);
            }
        }
    }

    /** Chunks of 4 often lack one of the two types and those of 8 nearly never, so that w* is between, and no whole number. */
    @Test
    void keepsAsManyNeuronsAsACloneHas() {
        writeSamples("train", 1);
        writeSamples("test", 2);
        Run.of("train", "--net", NET, "--data", "npy:" + folder, "--prepare", "none", "--epochs", 1, "--out", run())
                .exits(0);
        plant();
        JsonNode last =
                Run.of("analyze", run(), "--json").exits(0).json().get("layers").get("last");
        double criticalWidth = last.get("criticalWidth").asDouble();
        assertThat(criticalWidth).isBetween(4.0, 8.0).isNotEqualTo(Math.rint(criticalWidth));

        JsonNode found = Run.of("compress", run(), "--keep", "w*", "--out", folder.resolve("small"), "--json")
                .exits(0)
                .json();
        assertThat(found.get("kept").asInt()).isEqualTo((int) Math.ceil(criticalWidth));
        assertThat(found.get("neurons").asInt()).isEqualTo(WIDTH);
        assertThat(found.get("testErrorAfter").asDouble()).isZero();
    }
}
