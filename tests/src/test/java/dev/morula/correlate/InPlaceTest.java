package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers of samples x neurons, correlated as they lie: the same moments and the same edges as neuron-major ones. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class InPlaceTest {
    @Parameter
    private Backend backend;

    @ParameterizedTest
    @ValueSource(ints = {2, 17, 256, 257, 1021})
    void findsTheEdgesOfAnyNumberOfSamples(int samples) {
        agrees(TestLayers.lowRank(547, samples, 4, 0.4, samples), ElementType.F32, 0.7);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32"})
    void readsElementsOfTwoAndFourBytes(ElementType type) {
        double[][] layer = TestLayers.map(
                TestLayers.lowRank(130, 300, 3, 0.4, 6), x -> Math.max(-15, Math.min(15, Math.rint(x * 8) / 8)));
        agrees(layer, type, 0.5);
    }

    @Test
    void findsClonesExactly() {
        double[][] layer = TestLayers.withClones(TestLayers.lowRank(300, 301, 4, 0.5, 2));
        agrees(layer, ElementType.F32, 1);
        agrees(layer, ElementType.F32, -1);
    }

    @Test
    void standsASmallVariationAroundALargeMean() {
        double[][] layer = TestLayers.map(
                TestLayers.lowRank(61, 597, 3, 0.4, 5), x -> 1e6 + Math.rint(x * 4) * Math.ulp((float) 1e6));
        agrees(layer, ElementType.F32, 0.6);
    }

    @Test
    void standsAFirstStageUnlikeTheRest() {
        double[][] layer = TestLayers.lowRank(61, 1500, 3, 0.4, 5);
        for (double[] neuron : layer) {
            Arrays.fill(neuron, 0, 300, 0);
            for (int k = 300; k < neuron.length; k++) {
                neuron[k] = (float) (1000 + neuron[k]);
            }
        }
        agrees(layer, ElementType.F32, 0.9999);
    }

    @Test
    void constantAndNeverActiveNeuronsHaveNoEdges() {
        double[][] layer = TestLayers.lowRank(600, 33, 2, 0.3, 8);
        Arrays.fill(layer[7], 0);
        Arrays.fill(layer[20], 3.5);
        Arrays.fill(layer[599], 0);
        agrees(layer, ElementType.F32, 0.5);
    }

    @Test
    void namesTheFirstValueThatIsNotFinite() {
        double[][] layer = TestLayers.gaussian(530, 300, 1);
        layer[527][288] = Double.NaN;
        layer[528][3] = Double.POSITIVE_INFINITY;
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(transposed(layer), ElementType.F32);
                StandardisedLayer measured =
                        StandardisedLayer.measureInPlace(values, Metric.PEARSON, kernels, workers, Progress.NONE)) {
            assertThatThrownBy(() -> measured.requireFinite("layer"))
                    .isInstanceOf(MorulaException.class)
                    .hasMessageContaining("neuron 527 is NaN or infinite at sample 288");
            assertThat(measured.correlated()).hasSize(528);
        }
    }

    private void agrees(double[][] layer, ElementType type, double threshold) {
        for (Metric metric : new Metric[] {Metric.PEARSON, Metric.COSINE}) {
            PairSet expected = new CorrelationOracle(layer, metric).edges(threshold, Sign.SIGNED);
            try (Kernels kernels = backend.open();
                    Workers workers = new Workers(2);
                    Matrix values = Matrices.of(layer, type);
                    Matrix samples = Matrices.of(transposed(layer), type);
                    StandardisedLayer usual =
                            StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                    StandardisedLayer inPlace =
                            StandardisedLayer.measureInPlace(samples, metric, kernels, workers, Progress.NONE)) {
                momentsAgree(inPlace, usual);
                for (PlanChoice plan : new PlanChoice[] {PlanChoice.BRUTE, PlanChoice.SCREEN}) {
                    CorrelationQuery query = CorrelationQuery.atLeast(threshold).withPlan(plan);
                    try (Correlation found = Correlator.run(inPlace, query, kernels, workers, Progress.NONE)) {
                        assertThat(PairSet.of(found.edges(), layer.length).differenceTo(expected))
                                .isEmpty();
                    }
                }
            }
        }
    }

    private static void momentsAgree(StandardisedLayer inPlace, StandardisedLayer usual) {
        assertThat(inPlace.correlated()).isEqualTo(usual.correlated());
        double relative = (inPlace.samples() + 8) * 0x1p-52;
        for (int neuron = 0; neuron < usual.neurons(); neuron++) {
            assertThat(inPlace.state(neuron)).isEqualTo(usual.state(neuron));
            assertThat(inPlace.mean(neuron)).isCloseTo(usual.mean(neuron), within(Math.ulp(usual.mean(neuron))));
            assertThat(inPlace.deviation(neuron))
                    .isCloseTo(usual.deviation(neuron), within(relative * usual.deviation(neuron)));
        }
    }

    private static double[][] transposed(double[][] layer) {
        double[][] samples = new double[layer[0].length][layer.length];
        for (int neuron = 0; neuron < layer.length; neuron++) {
            for (int k = 0; k < samples.length; k++) {
                samples[k][neuron] = layer[neuron][k];
            }
        }
        return samples;
    }
}
