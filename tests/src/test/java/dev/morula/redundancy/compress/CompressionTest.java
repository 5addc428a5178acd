package dev.morula.redundancy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.data.Npy;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.ReadOut;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forward selection and folding against numpy's least squares, and networks that come of them. */
class CompressionTest {
    private static final int DEAD = 5;
    private static final int CONSTANT = 9;
    private static final int ORIGINAL = 3;
    private static final int COPY = 14;

    private Kernels kernels;
    private Workers workers;
    private Matrix layer;
    private ReadOut readOut;
    private Gram gram;

    @BeforeEach
    void open() {
        kernels = Kernels.cpu();
        workers = new Workers(2);
        layer = golden("layer.npy");
        readOut = new ReadOut(golden("weight.npy"), golden("bias.npy"));
        gram = Gram.of(layer, kernels, workers);
    }

    @AfterEach
    void close() {
        gram.close();
        readOut.weight().close();
        readOut.bias().close();
        layer.close();
        workers.close();
        kernels.close();
    }

    private static Matrix golden(String name) {
        try {
            return Npy.open(Path.of(CompressionTest.class.getResource(name).toURI()))
                    .map();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] doubles(String name) {
        try (Matrix stored = golden(name)) {
            double[] values = new double[Math.toIntExact(stored.rows() * stored.columns())];
            stored.read(0, values, 0, values.length);
            return values;
        }
    }

    @Test
    void theNeuronsKeptAreThoseOfTryingAll() {
        int[] expected = new int[9];
        try (Matrix stored = golden("kept.npy")) {
            stored.read(0, expected, 0, expected.length);
        }
        double[] explained = doubles("explained.npy");
        ForwardSelection selection = new ForwardSelection(gram, readOut, workers);
        assertThat(selection.keep(expected.length)).isEqualTo(expected.length);
        for (int count = 1; count <= expected.length; count++) {
            Folding folding = selection.fold(count);
            assertThat(folding.kept())
                    .containsExactly(
                            IntStream.of(expected).limit(count).sorted().toArray());
            assertThat(folding.explained()).isCloseTo(explained[count - 1], within(1e-9));
        }
    }

    @Test
    void foldedWeightsAreThoseOfLeastSquares() {
        double[] weight = doubles("folded_weight.npy");
        double[] bias = doubles("folded_bias.npy");
        ForwardSelection selection = new ForwardSelection(gram, readOut, workers);
        selection.keep(9);
        Folding folding = selection.fold(9);
        for (int output = 0; output < 3; output++) {
            assertThat(folding.bias()[output]).isCloseTo((float) bias[output], within(2e-6f));
            for (int k = 0; k < 9; k++) {
                assertThat(folding.weight()[output][k]).isCloseTo((float) weight[9 * output + k], within(1e-6f));
            }
        }
    }

    @Test
    void neuronsThatNothingIsLeftOfAreNotTaken() {
        ForwardSelection selection = new ForwardSelection(gram, readOut, workers);
        int all = selection.keep(1000);
        assertThat(all).isEqualTo(21); // all but the dead, the constant, and one of the two copies
        Folding folding = selection.fold(all);
        assertThat(folding.explained()).isCloseTo(1, within(1e-9));
        assertThat(folding.kept()).doesNotContain(DEAD, CONSTANT, COPY);
        Merges merges = Merges.of(gram, folding.kept(), workers);
        assertThat(merges.constant()).containsExactly(DEAD, CONSTANT);
        assertThat(merges.merged()).singleElement().satisfies(merge -> {
            assertThat(merge.neuron()).isEqualTo(COPY);
            assertThat(merge.representative()).isEqualTo(ORIGINAL);
            assertThat(merge.correlation()).isCloseTo(1, within(1e-12));
        });
        for (long sample = 0; sample < 10; sample++) { // nothing that matters was dropped, so the logits are the same
            float[] row = layer.row(sample);
            for (int output = 0; output < 3; output++) {
                double before = readOut.bias().row(0)[output];
                double after = folding.bias()[output];
                float[] weight = readOut.weight().row(output);
                for (int neuron = 0; neuron < row.length; neuron++) {
                    before += weight[neuron] * (double) row[neuron];
                }
                for (int k = 0; k < all; k++) {
                    after += folding.weight()[output][k] * (double) row[folding.kept()[k]];
                }
                assertThat(after).isCloseTo(before, within(1e-4));
            }
        }
    }

    /** Labels that the read-out gives itself: it makes no error, and a folding does where it changes a label. */
    private Features labelled() {
        int[] labels = new int[Math.toIntExact(layer.rows())];
        float[] bias = readOut.bias().row(0);
        for (int sample = 0; sample < labels.length; sample++) {
            labels[sample] = label(layer.row(sample), bias);
        }
        return new Features("golden", layer, labels, 3);
    }

    private int label(float[] row, float[] bias) {
        double best = Double.NEGATIVE_INFINITY;
        int label = -1;
        for (int output = 0; output < 3; output++) {
            float[] weight = readOut.weight().row(output);
            double logit = bias[output];
            for (int neuron = 0; neuron < row.length; neuron++) {
                logit += weight[neuron] * (double) row[neuron];
            }
            label = logit > best ? output : label;
            best = Math.max(best, logit);
        }
        return label;
    }

    @Test
    void theFewestNeuronsWithinABoundAreFound() {
        Features features = labelled();
        assertThat(ReadOutError.of(features, readOut, kernels, workers)).isZero();
        double[] errors = new double[22];
        ForwardSelection all = new ForwardSelection(gram, readOut, workers);
        all.keep(21);
        for (int count = 1; count <= 21; count++) {
            errors[count] = ReadOutError.of(features, all.fold(count), kernels, workers);
        }
        for (double bound : new double[] {0.3, 0.1, 0.05, 0.01, 0}) {
            Folding found = FewestNeurons.search(
                    new ForwardSelection(gram, readOut, workers),
                    bound,
                    folding -> ReadOutError.of(features, folding, kernels, workers));
            int count = found.kept().length;
            assertThat(errors[count]).isLessThanOrEqualTo(bound);
            assertThat(errors[count - 1])
                    .satisfiesAnyOf(error -> assertThat(error).isGreaterThan(bound), error -> assertThat(count)
                            .isEqualTo(1));
        }
        assertThat(FewestNeurons.search(new ForwardSelection(gram, readOut, workers), -1, folding -> 0)
                        .kept())
                .hasSize(21); // nothing will do, so all that helps is kept
        double dropped = ReadOutError.of(features, Folding.none(all.fold(12).kept(), readOut), kernels, workers);
        assertThat(dropped).isGreaterThan(errors[12]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void resultsDoNotDependOnTheNumberOfThreads(int threads) {
        try (Workers others = new Workers(threads);
                Gram same = Gram.of(layer, kernels, others)) {
            ForwardSelection one = new ForwardSelection(gram, readOut, workers);
            ForwardSelection other = new ForwardSelection(same, readOut, others);
            one.keep(12);
            other.keep(12);
            assertThat(other.fold(12)).usingRecursiveComparison().isEqualTo(one.fold(12));
        }
    }

    @Test
    void aReadOutOfAnotherWidthIsRefused() {
        try (Matrix weight = Matrix.allocate(ElementType.F32, 3, 23)) {
            ReadOut narrow = new ReadOut(weight, readOut.bias());
            assertThatThrownBy(() -> new ForwardSelection(gram, narrow, workers))
                    .isInstanceOf(MorulaException.class)
                    .hasMessage("the read-out takes 23 neurons, but the layer has 24");
        }
    }

    private static Samples inputs(int count, int features) {
        Random random = new Random(4);
        Samples samples = Samples.allocate(count, Shape.features(features));
        float[] values = new float[count * features];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) random.nextGaussian();
        }
        samples.inputs().write(0, values, 0, values.length);
        return samples;
    }

    private Matrix outputs(Network network, Samples samples) {
        String readOutPath = network.definition()
                .places()
                .get(network.definition().places().size() - 1)
                .path();
        return recorded(network, samples, Tap.of(network.definition(), "module:" + readOutPath));
    }

    private Matrix recorded(Network network, Samples samples, Tap tap) {
        Matrix values =
                Matrix.allocate(ElementType.F32, samples.count(), tap.shape().size());
        new ActivationRecorder(kernels, workers)
                .record(
                        network,
                        samples,
                        Map.of(
                                tap,
                                (first, block) -> block.copyTo(
                                        0, values, first * values.columns(), block.rows() * block.columns())));
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp:12-7-20", "mlp:12-20", "mlp-L2-H20", "pmnist:20"})
    void aNarrowNetworkPutsOutWhatTheFoldingSays(String preset) {
        NetworkDefinition definition = Presets.parse(preset, Shape.features(12), 3);
        try (Network network = Network.initialise(definition, 5);
                Samples samples = inputs(300, 12);
                Matrix activations = recorded(network, samples, Tap.of(definition, "last"));
                Gram products = Gram.of(activations, kernels, workers)) {
            List<Parameter> parameters = network.parameters();
            ReadOut last = new ReadOut(
                    parameters.get(parameters.size() - 2).values(),
                    parameters.get(parameters.size() - 1).values());
            ForwardSelection selection = new ForwardSelection(products, last, workers);
            Folding folding = selection.fold(selection.keep(6));
            ReadOut spread = folding.spread(20);
            try (Network narrow = NarrowNetwork.of(network, folding);
                    Matrix expected = Matrix.allocate(ElementType.F32, 300, 3);
                    Matrix weight = spread.weight();
                    Matrix bias = spread.bias();
                    Matrix actual = outputs(narrow, samples)) {
                kernels.product(expected, activations, weight);
                for (long sample = 0; sample < 300; sample++) {
                    for (int output = 0; output < 3; output++) {
                        assertThat(actual.row(sample)[output])
                                .isCloseTo(expected.row(sample)[output] + bias.row(0)[output], within(1e-5f));
                    }
                }
                assertThat(names(narrow)).isEqualTo(names(network));
                if (NarrowNetwork.hasName(definition)) {
                    NetworkDefinition again = Presets.parse(narrow.definition().name(), Shape.features(12), 3);
                    assertThat(again).isEqualTo(narrow.definition());
                }
            }
        }
    }

    private static List<String> names(Network network) {
        List<String> names = new ArrayList<>();
        network.parameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    @Test
    void networksWhoseLastHiddenLayerIsNoLinearOneAreRefused() {
        NetworkDefinition images = Presets.parse("resnet20", new Shape(3, 32, 32), 10);
        assertThatThrownBy(() -> NarrowNetwork.definition(images, 8))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("resnet20: its last hidden layer comes from a");
    }
}
