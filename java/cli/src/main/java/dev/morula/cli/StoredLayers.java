package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Activations;
import dev.morula.activations.Layout;
import dev.morula.data.SmallArrays;
import dev.morula.data.Split;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Layers of a network trained elsewhere, as files of activations.
 *
 * @param train for each layer, first to last, its activations on train samples
 * @param test the same on test samples, for some of the layers or none
 * @param labels of the train samples
 * @param testLabels null without test samples
 * @param weight of the read-out, outputs x neurons of the last layer; null if it is not known
 * @param bias null if there is none
 */
record StoredLayers(
        Map<String, String> train,
        Map<String, String> test,
        Layout layout,
        Path labels,
        Path testLabels,
        Path weight,
        Path bias) {
    StoredLayers {
        if (train.isEmpty()) {
            throw MorulaException.usage("--layer NAME=FILE: at least one layer is needed, or a run");
        } else if (labels == null) {
            throw MorulaException.usage("--labels FILE: the classes of the train samples are needed");
        } else if (!test.isEmpty() && testLabels == null) {
            throw MorulaException.usage("--test-labels FILE: the classes of the samples of --test-layer are needed");
        } else if (bias != null && weight == null) {
            throw MorulaException.usage("--readout-bias %s: there is no --readout-weight", bias);
        }
        for (String name : test.keySet()) {
            if (!train.containsKey(name)) {
                throw MorulaException.usage(
                        "--test-layer %s=%s: there is no --layer %s; there are %s",
                        name, test.get(name), name, train.keySet());
            }
        }
    }

    List<String> names() {
        return List.copyOf(train.keySet());
    }

    /** The layer that the read-out reads. */
    String last() {
        return names().get(train.size() - 1);
    }

    private void requireSameNeurons(String name, long neurons, Activations others) {
        if (others.neurons() != neurons) {
            throw MorulaException.input(
                    "--test-layer %s=%s: has %d neurons, but --layer %s=%s has %d",
                    name, test.get(name), others.neurons(), name, train.get(name), neurons);
        }
    }

    /** One layer; null if it is not there for test samples. The caller closes them. */
    Features features(String name, Split split, Engine engine) {
        String file = (split == Split.TRAIN ? train : test).get(name);
        if (file == null) {
            return null;
        }
        int[] classes = SmallArrays.labels(split == Split.TRAIN ? labels : testLabels, Integer.MAX_VALUE);
        Activations stored = Activations.open(List.of(file), layout);
        requireSameNeurons(
                name, Activations.open(List.of(train.get(name)), layout).neurons(), stored);
        Matrix activations = stored.floats(engine.kernels(), engine.workers());
        try {
            requireFinite(file, activations);
            return new Features(name, activations, classes, classes());
        } catch (RuntimeException | Error e) {
            activations.close();
            throw e;
        }
    }

    /** As many as the largest label of either split says. */
    private int classes() {
        int[] all = SmallArrays.labels(labels, Integer.MAX_VALUE);
        int[] others = testLabels == null ? all : SmallArrays.labels(testLabels, Integer.MAX_VALUE);
        return 1
                + Math.max(
                        Arrays.stream(all).max().orElseThrow(),
                        Arrays.stream(others).max().orElseThrow());
    }

    private static void requireFinite(String file, Matrix activations) {
        for (long sample = 0; sample < activations.rows(); sample++) {
            float[] row = activations.row(sample);
            for (int neuron = 0; neuron < row.length; neuron++) {
                if (!Float.isFinite(row[neuron])) {
                    throw MorulaException.input(
                            "%s: neuron %d is %s on sample %d; all activations must be finite in float32",
                            file, neuron, row[neuron], sample);
                }
            }
        }
    }

    /** The read-out, or null if it is not known. The caller closes it. */
    ReadOut readOut(long neurons) {
        if (weight == null) {
            return null;
        }
        Matrix matrix = SmallArrays.floats(weight);
        if (matrix.columns() != neurons) {
            matrix.close();
            throw MorulaException.input(
                    "%s: has %d columns; a read-out weight of outputs x %d is needed, since layer %s has as many neurons",
                    weight, matrix.columns(), neurons, last());
        }
        return new ReadOut(
                matrix, bias == null ? Matrix.of(new float[1][(int) matrix.rows()]) : SmallArrays.floats(bias));
    }
}
