package dev.morula.redundancy.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Summaries against values that were computed by hand. */
class GroupSummaryTest {
    private static final int[] LABELS = {1, 0, 1, 0};

    private static ChunkAnalysis chunk(int size, Double trainError, Double testError, Double r2) {
        return new ChunkAnalysis(size, trainError, null, testError, null, r2, null, null, null, null, null, null);
    }

    private static LayerAnalysis layer(int neurons, List<ChunkAnalysis> chunks, Double similar, Double ncc) {
        return new LayerAnalysis(
                neurons, 4, 0, 0, 0.0, 0.1, chunks, null, null, similar, null, null, null, ncc, null, null, null);
    }

    private static SeedResult seed(long seed, double testError, Analysis analysis, float[][] logits, float[][] wrong) {
        return new SeedResult(
                new Run("W4-s" + seed, seed, 3, 0.0, testError, true),
                analysis,
                logits == null ? null : Matrix.of(logits),
                wrong == null ? null : Matrix.of(wrong));
    }

    private static Analysis analysis(Map<String, LayerAnalysis> layers, NetworkAnalysis network, String depth) {
        Map<String, String> depths = new LinkedHashMap<>();
        depths.put("0.1", depth);
        return new Analysis(1, new LinkedHashMap<>(layers), network, depths, null, List.of());
    }

    private static Analysis ofLast(LayerAnalysis last) {
        return analysis(Map.of("last", last), null, null);
    }

    private static Kind kind(int width, SeedResult... seeds) {
        return new Kind(Map.of("width", "" + width, "init", "he"), Map.of("width", "" + width), List.of(seeds), LABELS);
    }

    private static Group summary(Kind kind, Kind... others) {
        List<Kind> all = new ArrayList<>(List.of(others));
        all.add(kind);
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2)) {
            return GroupSummary.of(kind, all, 1, kernels, workers);
        } finally {
            all.forEach(Kind::close);
        }
    }

    private static void assertEstimate(Estimate estimate, double mean, double standardError) {
        assertThat(estimate.mean()).isEqualTo(mean, within(1e-12));
        assertThat(estimate.standardError()).isEqualTo(standardError, within(1e-12));
    }

    /** Of each curve over chunks of 1, 2 and 4 neurons the train errors. */
    private static LayerAnalysis curve(double one, double two, Double r2) {
        return layer(4, List.of(chunk(1, one, 0.5, r2), chunk(2, two, 0.25, null), chunk(4, 0.0, 0.1, null)), 2.0, 0.9);
    }

    @Test
    void meansOverSeedsAndTheirStandardErrors() {
        Group group = summary(kind(
                4,
                seed(1, 0.1, ofLast(curve(0.2, 0.1, 0.5)), null, null),
                seed(2, 0.3, ofLast(curve(0.4, 0.3, null)), null, null)));
        assertThat(group.width()).isEqualTo(4);
        assertEstimate(group.testError(), 0.2, 0.1);
        assertThat(group.sizes()).extracting("size").containsExactly(1, 2, 4);
        assertEstimate(group.sizes().get(0).trainError(), 0.3, 0.1);
        assertEstimate(group.sizes().get(1).trainError(), 0.2, 0.1);
        assertThat(group.sizes().get(0).r2()).isEqualTo(new Estimate(0.5, null));
        assertThat(group.sizes().get(1).r2()).isEqualTo(Estimate.NONE);
        assertEstimate(group.similarUnits(), 2, 0);
        assertEstimate(group.layers().get("last").nccTrainAccuracy(), 0.9, 0);
        assertThat(group.errInf()).isNull();
        assertThat(group.criticalWidth()).isNull();
        assertThat(group.clones()).isNull();
        assertThat(group.law()).isNull();
    }

    @Test
    void theEnsembleAddsLogits() {
        // Sums are 2, 1, 1 and -1: the second of four is wrong. Alone the first network has one wrong, the second two.
        Group group = summary(kind(
                4,
                seed(1, 0.25, ofLast(curve(0.2, 0.1, null)), new float[][] {{3}, {2}, {2}, {-1}}, null),
                seed(2, 0.5, ofLast(curve(0.2, 0.1, null)), new float[][] {{-1}, {-1}, {-1}, {0}}, null)));
        assertThat(group.errInf()).isEqualTo(0.25);
        assertThat(group.errInfStdError()).isEqualTo(Math.sqrt(0.25 * 0.75 / 4), within(1e-12));
    }

    @Test
    void criticalWidthAndClonesAreOfTheMeanCurve() {
        // Mean train errors 0.5, 0, 0: 0.5 % is passed at 2^(0.495 / 0.5).
        Group group = summary(kind(
                4,
                seed(1, 0, ofLast(curve(0.4, 0, null)), null, null),
                seed(2, 0, ofLast(curve(0.6, 0, null)), null, null)));
        assertThat(group.criticalWidth().value()).isEqualTo(Math.pow(2, 0.99), within(1e-12));
        assertThat(group.clones()).isEqualTo(4 / Math.pow(2, 0.99), within(1e-12));
        assertThat(group.law()).as("no test errors of single samples").isNull();
    }

    @Test
    void theEnsembleOfClonesIsOfTheNearestWidth() {
        float[][] right = {{1}, {-1}, {1}, {-1}};
        float[][] wrong = {{-1}, {1}, {2}, {-2}};
        Kind near = kind(
                2,
                seed(1, 0, ofLast(layer(2, List.of(), null, null)), right, null),
                seed(2, 0, ofLast(layer(2, List.of(), null, null)), wrong, null),
                seed(3, 0, ofLast(layer(2, List.of(), null, null)), wrong, null),
                seed(4, 0, ofLast(layer(2, List.of(), null, null)), wrong, null),
                seed(5, 0, ofLast(layer(2, List.of(), null, null)), right, null));
        Kind far = kind(1, seed(1, 0, ofLast(layer(1, List.of(), null, null)), right, null));
        Kind otherwise = new Kind(
                Map.of("width", "2", "init", "glorot"),
                Map.of("width", "2"),
                List.of(seed(1, 0, ofLast(layer(2, List.of(), null, null)), right, null)),
                LABELS);
        Kind wide = kind(4, seed(1, 0, ofLast(curve(0.6, 0, null)), null, null));
        // Two clones: networks 1 and 2 tie at the first two samples, of which a sum of 0 means class 0; 3 and 4 fail at
        // both.
        Group group = summary(wide, far, near, otherwise);
        assertEstimate(group.ensembleError(), (0.25 + 0.5) / 2, 0.125);
    }

    @Test
    void tooFewSeedsMakeNoEnsemble() {
        Kind near = kind(2, seed(1, 0, ofLast(layer(2, List.of(), null, null)), new float[4][1], null));
        Kind wide = kind(4, seed(1, 0, ofLast(curve(0.6, 0, null)), null, null));
        assertThat(summary(wide, near).ensembleError()).isNull();
    }

    @Test
    void theLawNeedsThreeSizesFromTheCriticalWidthOn() {
        LayerAnalysis layer = layer(
                8,
                List.of(
                        chunk(1, 0.0, 0.5, null),
                        chunk(2, 0.0, 0.3, null),
                        chunk(4, 0.0, 0.2, null),
                        chunk(8, 0.0, 0.1, null)),
                null,
                null);
        float[][] shares = {
            {.6f, .6f, .6f, .6f},
            {.35f, .35f, .35f, .35f},
            {.225f, .225f, .225f, .225f},
            {.1625f, .1625f, .1625f, .1625f}
        };
        Group group = summary(kind(8, seed(1, 0.1, ofLast(layer), null, shares)));
        assertThat(group.criticalWidth().value()).isEqualTo(1);
        // 0.1 + 0.5 / size
        assertThat(group.law().exponent().value()).isEqualTo(-1, within(1e-3));
        assertThat(group.law().errInf().value()).isEqualTo(0.1, within(1e-3));
        assertThat(group.law().sizes()).isEqualTo(4);
        assertThat(group.lawOfEnsemble()).as("a single network").isNull();

        // Two networks that are right on every sample together, so that what falls is 0.1 + 0.5 / size, and not to 0.1.
        float[][] right = new float[LABELS.length][1];
        for (int sample = 0; sample < LABELS.length; sample++) {
            right[sample][0] = LABELS[sample] == 1 ? 1 : -1;
        }
        Group both = summary(
                kind(8, seed(1, 0.1, ofLast(layer), right, shares), seed(2, 0.1, ofLast(layer), right, shares)));
        assertThat(both.errInf()).isZero();
        assertThat(both.lawOfEnsemble().errInf().value()).isZero();
        assertThat(both.lawOfEnsemble().exponent().value()).isBetween(-0.8, -0.5);
    }

    @Test
    void networksAndLayers() {
        NetworkAnalysis one = new NetworkAnalysis(
                List.of(new AblationPoint(0, 1.0, null), new AblationPoint(0.5, 0.6, 0.1)), 0.7, 0.3, 1.0, 0.4);
        NetworkAnalysis other = new NetworkAnalysis(
                List.of(new AblationPoint(0, 1.0, null), new AblationPoint(0.5, 0.8, 0.1)), 0.9, null, 3.0, 0.6);
        Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
        layers.put("1", layer(4, null, 5.0, 0.5));
        layers.put("2", layer(4, null, 6.0, 0.8));
        layers.put("last", layer(4, null, 6.0, 0.8));
        Group group = summary(kind(
                4,
                seed(1, 0, analysis(layers, one, "2"), null, null),
                seed(2, 0, analysis(layers, other, "1"), null, null),
                seed(3, 0, analysis(layers, null, null), null, null)));
        assertEstimate(group.removable(), 0.8, 0.1);
        assertThat(group.prunability()).isEqualTo(new Estimate(0.3, null));
        assertEstimate(group.similarUnits(), 2, 1);
        assertEstimate(group.compressability(), 0.5, 0.1);
        assertThat(group.ablation()).extracting("agreement").containsExactly(1.0, 0.7);
        assertThat(group.layers().keySet()).containsExactly("1", "2", "last");
        assertEstimate(group.layers().get("2").similarUnits(), 6, 0);
        assertEstimate(group.effectiveDepth().get("0.1"), 1.5, 0.5);
    }

    @Test
    void projectionsOfShortcutsAreNotCountedInDepth() {
        Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
        layers.put("1", layer(4, null, 5.0, 0.5));
        layers.put("2", layer(4, null, 6.0, null));
        layers.put("3", layer(4, null, 6.0, 0.8));
        Group group = summary(kind(4, seed(1, 0, analysis(layers, null, "3"), null, null)));
        assertEstimate(new Estimate(group.effectiveDepth().get("0.1").mean(), 0.0), 2, 0);
        assertThat(group.layers().get("2").nccTrainAccuracy()).isEqualTo(Estimate.NONE);
    }

    @Test
    void networksThatWereNotAnalysedHaveErrorsAlone() {
        Group group = summary(kind(4, seed(1, 0.2, null, null, null)));
        assertThat(group.width()).isZero();
        assertThat(group.testError()).isEqualTo(new Estimate(0.2, null));
        assertThat(group.sizes()).isEmpty();
        assertThat(group.criticalWidth()).isNull();
        assertThat(group.similarUnits()).isEqualTo(Estimate.NONE);
    }

    @Test
    void refusesLogitsOfOtherSamples() {
        Kind kind = kind(
                4,
                seed(1, 0, ofLast(curve(0.2, 0.1, null)), new float[4][1], null),
                seed(2, 0, ofLast(curve(0.2, 0.1, null)), new float[3][1], null));
        assertThatThrownBy(() -> summary(kind))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("logits of a network are 3 x 1");
    }
}
