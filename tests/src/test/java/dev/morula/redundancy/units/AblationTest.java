package dev.morula.redundancy.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Golden;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.ActivationSink;
import dev.morula.train.Floats;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AblationTest {
    private static final int SAMPLES = 300;
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);
    private static final NetworkDefinition MLP = Presets.multilayerPerceptron(6, List.of(13, 20), 4);

    @AfterAll
    static void close() {
        WORKERS.close();
        KERNELS.close();
    }

    /** Against a network in float64 whose units are masked after their ReLU. */
    @Test
    void countsLabelsThatStayTheSame() {
        try (Network network = Network.initialise(MLP, 3);
                Samples samples = samples(6)) {
            AblationCurve curve = Ablation.run(network, samples, 3, 11, KERNELS, WORKERS);
            int[] whole = predicted(network, samples, List.of(new int[0], new int[0]));
            assertThat(curve.points()).hasSize(7);
            for (int part = 0; part <= 6; part++) {
                AblationPoint point = curve.points().get(part);
                assertThat(point.share()).isEqualTo(part / 6.0);
                double mean = 0;
                for (int draw = 0; draw < 3; draw++) {
                    List<int[]> silent = Ablation.units(network, 11, part, draw);
                    assertThat(silent.get(0)).hasSize(part * 13 / 6).doesNotHaveDuplicates();
                    assertThat(silent.get(1)).hasSize(part * 20 / 6).doesNotHaveDuplicates();
                    mean += agreement(whole, predicted(network, samples, silent)) / 3;
                }
                assertThat(point.agreement()).as("part %d", part).isCloseTo(mean, within(1e-12));
                assertThat(point.agreementStdError() == null).isEqualTo(part == 0 || part == 6);
            }
            assertThat(curve.points().get(0).agreement()).isEqualTo(1);
            assertThat(curve.points().get(3).agreement()).isBetween(0.1, 0.99); // so that the above says something
        }
    }

    private static double agreement(int[] whole, int[] ablated) {
        int same = 0;
        for (int n = 0; n < whole.length; n++) {
            same += whole[n] == ablated[n] ? 1 : 0;
        }
        return (double) same / whole.length;
    }

    private static int[] predicted(Network network, Samples samples, List<int[]> silent) {
        double[][] inputs = Floats.doubles(samples.inputs());
        List<Parameter> parameters = network.parameters();
        int[] predicted = new int[inputs.length];
        for (int n = 0; n < inputs.length; n++) {
            double[] values = inputs[n];
            for (int layer = 0; layer < 3; layer++) {
                values = linear(
                        values,
                        Floats.doubles(parameters.get(2 * layer).values()),
                        Floats.doubles(parameters.get(2 * layer + 1).values())[0]);
                if (layer < 2) {
                    for (int unit = 0; unit < values.length; unit++) {
                        values[unit] = Math.max(0, values[unit]);
                    }
                    for (int unit : silent.get(layer)) {
                        values[unit] = 0;
                    }
                }
            }
            for (int k = 1; k < values.length; k++) {
                predicted[n] = values[k] > values[predicted[n]] ? k : predicted[n];
            }
        }
        return predicted;
    }

    private static double[] linear(double[] inputs, double[][] weight, double[] bias) {
        double[] outputs = bias.clone();
        for (int o = 0; o < outputs.length; o++) {
            for (int i = 0; i < inputs.length; i++) {
                outputs[o] += weight[o][i] * inputs[i];
            }
        }
        return outputs;
    }

    /** Where a tap shows a hidden layer's units, those that were chosen are 0, and in the first layer no others change. */
    @ParameterizedTest
    @ValueSource(strings = {"mlp-L2-H9", "conv-L2-H4", "resnet8:0.25", "wrn10-1", "densenet10-3", "alexnet-cifar:0.05"})
    void silentUnitsAreZeroInEveryKindOfNetwork(String text) {
        Shape image = new Shape(3, 16, 16);
        NetworkDefinition definition = Presets.parse(text, image, 4);
        try (Network network = shifted(Network.initialise(definition, 1));
                Samples samples = samples(definition.input());
                Network ablated = Silencing.of(network, Ablation.units(network, 5, 2, 0))) {
            List<Tap> taps = Tap.hidden(definition);
            Map<Tap, double[][]> before = record(network, samples, taps);
            Map<Tap, double[][]> after = record(ablated, samples, taps);
            List<int[]> silent = Ablation.units(network, 5, 2, 0);
            assertThat(silent).hasSameSizeAs(taps);
            for (int layer = 0; layer < taps.size(); layer++) {
                int positions = taps.get(layer).shape().positions();
                Set<Integer> chosen = new HashSet<>();
                for (int unit : silent.get(layer)) {
                    chosen.add(unit);
                }
                double[][] values = after.get(taps.get(layer));
                for (int n = 0; n < values.length; n++) {
                    for (int i = 0; i < values[n].length; i++) {
                        if (chosen.contains(i / positions)) {
                            assertThat(values[n][i]).isZero();
                        } else if (layer == 0) {
                            assertThat(values[n][i]).isEqualTo(before.get(taps.get(layer))[n][i]);
                        }
                    }
                }
                assertThat(chosen).hasSize(2 * taps.get(layer).shape().channels() / 6);
                assertThat(before.get(taps.get(layer))[0]).as("layer %d", layer).matches(AblationTest::isNotAllZero);
            }
        }
    }

    private static boolean isNotAllZero(double[] values) {
        for (double value : values) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    /** All biases, shifts and means moved off 0, where they begin. */
    private static Network shifted(Network network) {
        for (Parameter parameter : network.parameters()) {
            if (parameter.spec().shape().size() == 1) {
                float[] values = parameter.values().row(0);
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.25f + 0.5f * (i % 3);
                }
                parameter.values().write(0, values, 0, values.length);
            }
        }
        return network;
    }

    private static Map<Tap, double[][]> record(Network network, Samples samples, List<Tap> taps) {
        Map<Tap, List<double[]>> rows = new HashMap<>();
        Map<Tap, ActivationSink> sinks = new HashMap<>();
        for (Tap tap : taps) {
            rows.put(tap, new ArrayList<>());
            sinks.put(tap, (first, block) -> rows.get(tap).addAll(List.of(Floats.doubles(block))));
        }
        new ActivationRecorder(KERNELS, WORKERS).record(network, samples, sinks);
        Map<Tap, double[][]> values = new HashMap<>();
        rows.forEach((tap, each) -> values.put(tap, each.toArray(new double[0][])));
        return values;
    }

    private static Samples samples(int features) {
        return new Samples(Floats.random(SAMPLES, features, new Random(2)), Floats.integers(new int[SAMPLES]));
    }

    private static Samples samples(Shape shape) {
        Matrix inputs = Floats.random(5 * shape.positions(), shape.channels(), new Random(2));
        return new Samples(inputs, Floats.integers(new int[5]));
    }

    @Test
    void dependsOnTheSeedAlone() {
        try (Network network = Network.initialise(MLP, 3);
                Workers one = new Workers(1);
                Samples samples = samples(6)) {
            AblationCurve curve = Ablation.run(network, samples, 2, 1, KERNELS, WORKERS);
            assertThat(Ablation.units(network, 1, 3, 1).get(1))
                    .isNotEqualTo(Ablation.units(network, 1, 3, 0).get(1));
            assertThat(Ablation.run(network, samples, 2, 1, KERNELS, one)).isEqualTo(curve);
            assertThat(Ablation.run(network, samples, 2, 2, KERNELS, one)).isNotEqualTo(curve);
        }
    }

    @Test
    void aNetworkWithoutNumbersAgreesWithNothing() {
        try (Network network = Network.initialise(MLP, 3);
                Samples samples = samples(6)) {
            network.parameters().get(4).values().write(0, new float[] {Float.NaN}, 0, 1);
            AblationCurve curve = Ablation.run(network, samples, 1, 1, KERNELS, WORKERS);
            assertThat(curve.points())
                    .allSatisfy(point -> assertThat(point.agreement()).isZero());
            assertThat(curve.removable()).isZero();
            assertThat(curve.prunability()).isNull();
        }
    }

    @Test
    void needsADraw() {
        try (Network network = Network.initialise(MLP, 3);
                Samples samples = samples(6)) {
            assertThatThrownBy(() -> Ablation.run(network, samples, 0, 1, KERNELS, WORKERS))
                    .isInstanceOf(MorulaException.class)
                    .hasMessage("ablation: 0 draws; there must be at least 1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void areaAndPrunabilityAreWhatNumpyComputes(int number) {
        double[] scores = Golden.values("curve" + number + "/scores");
        double[] expected = Golden.values("curve" + number + "/expected");
        List<AblationPoint> points = new ArrayList<>();
        for (int part = 0; part < scores.length; part++) {
            points.add(new AblationPoint(part / 6.0, scores[part], null));
        }
        AblationCurve curve = new AblationCurve(points);
        assertThat(curve.removable()).isCloseTo(expected[0], within(1e-14));
        if (Double.isNaN(expected[1])) {
            assertThat(curve.prunability()).isNull();
        } else {
            assertThat(curve.prunability()).isCloseTo(expected[1], within(1e-14));
        }
    }
}
