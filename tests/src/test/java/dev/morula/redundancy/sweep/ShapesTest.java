package dev.morula.redundancy.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.redundancy.SweepSummary.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule on made-up groups, with each of the three verdicts. */
class ShapesTest {
    private static final String SEEN = "seen";
    private static final String NOT_SEEN = "not seen";
    private static final String NOT_MEASURED = "not measured";

    private static Shape shape(String claim, MadeUpGroup... groups) {
        return Shapes.of(Stream.of(groups).map(MadeUpGroup::group).toList()).stream()
                .filter(shape -> shape.claim().contains(claim))
                .reduce((one, other) -> {
                    throw new AssertionError("two shapes claim " + claim);
                })
                .orElseThrow();
    }

    private static void assertVerdict(String verdict, String claim, MadeUpGroup... groups) {
        Shape shape = shape(claim, groups);
        assertThat(shape.verdict()).as(shape.evidence()).isEqualTo(verdict);
        assertThat(shape.evidence()).isNotBlank().doesNotContain("NaN", "null");
    }

    private static MadeUpGroup wide(int width) {
        return MadeUpGroup.with("width", "" + width);
    }

    @Test
    void nothingIsMeasuredOfNothing() {
        assertThat(Shapes.of(List.of())).hasSizeGreaterThan(12).allSatisfy(shape -> {
            assertThat(shape.verdict()).isEqualTo(NOT_MEASURED);
            assertThat(shape.evidence()).startsWith("takes ");
        });
        assertThat(Shapes.of(List.of(wide(8).group())))
                .allSatisfy(shape -> assertThat(shape.verdict()).isEqualTo(NOT_MEASURED));
    }

    @Test
    void theLaw() {
        String claim = "power -1/2";
        assertVerdict(SEEN, claim, wide(64).law(-0.41, -0.45, -0.42));
        assertVerdict(SEEN, claim, wide(64).law(-0.8, -1.1, -0.49));
        assertVerdict(SEEN, claim, wide(64).law(-0.6, null, null));
        assertVerdict(NOT_SEEN, claim, wide(64).law(-0.3, -0.4, -0.2));
        assertVerdict(NOT_SEEN, claim, wide(64).law(-0.3, -0.4, -0.2), wide(128).law(-0.5, -0.6, -0.4));
        assertVerdict(NOT_MEASURED, claim, wide(64).law(-0.5, -1.2, -0.1));
        assertVerdict(NOT_MEASURED, claim, MadeUpGroup.with("weightDecay", "0").law(-0.5, -0.6, -0.4));
    }

    private static MadeUpGroup chunked(int width) {
        return wide(width).chunk(width, 0.0, null);
    }

    @Test
    void clonesGrowLinearly() {
        String claim = "linearly";
        assertVerdict(
                SEEN,
                claim,
                chunked(128).critical(16),
                chunked(32).critical(16),
                chunked(64).critical(17));
        assertVerdict(
                SEEN,
                claim,
                chunked(16),
                chunked(32).critical(16),
                chunked(64).critical(16),
                chunked(128).critical(16));
        assertVerdict(
                NOT_SEEN,
                claim,
                chunked(32).critical(8),
                chunked(64).critical(16),
                chunked(128).critical(32));
        assertVerdict(NOT_SEEN, claim, chunked(32).critical(16), chunked(64).critical(16), chunked(128));
        assertVerdict(NOT_SEEN, claim, chunked(32), chunked(64), chunked(128));
        assertVerdict(NOT_MEASURED, claim, chunked(32).critical(16), chunked(64).critical(16));
        assertVerdict(NOT_MEASURED, claim, wide(32), wide(64), wide(128));
        assertVerdict(
                NOT_MEASURED,
                claim,
                wide(32).chunk(32, 0.006, null),
                chunked(64).critical(16),
                chunked(128).critical(16));
    }

    private static MadeUpGroup decayed(String decay, double... trainErrors) {
        return curve(MadeUpGroup.with("width", "64", "weightDecay", decay), trainErrors);
    }

    /** Train errors of chunks of 16, 32 and 64 neurons. */
    private static MadeUpGroup curve(MadeUpGroup group, double... trainErrors) {
        return group.chunk(16, trainErrors[0], null)
                .chunk(32, trainErrors[1], null)
                .chunk(64, trainErrors[2], null);
    }

    @Test
    void noKneeWithoutWeightDecay() {
        String claim = "without weight decay";
        assertVerdict(SEEN, claim, decayed("0.002", 0.001, 0, 0), decayed("0", 0.3, 0.1, 0));
        assertVerdict(NOT_SEEN, claim, decayed("0.002", 0.001, 0, 0), decayed("0", 0.3, 0.001, 0));
        assertVerdict(NOT_MEASURED, claim, decayed("0.002", 0.3, 0.2, 0), decayed("0", 0.3, 0.1, 0));
        assertVerdict(NOT_MEASURED, claim, decayed("0.002", 0.001, 0, 0));
    }

    private static MadeUpGroup trained(String goal, double... trainErrors) {
        return curve(MadeUpGroup.with("width", "64", "goal", goal), trainErrors);
    }

    @Test
    void noClonesBeforeZeroTrainError() {
        String claim = "stopped early";
        MadeUpGroup late = trained("zero-train-error", 0.001, 0, 0);
        assertVerdict(SEEN, claim, late, trained("loss-at-most-0.1", 0.3, 0.2, 0.05));
        assertVerdict(NOT_SEEN, claim, late, trained("loss-at-most-0.1", 0.06, 0.054, 0.05));
        assertVerdict(NOT_MEASURED, claim, late, trained("schedule-done", 0.3, 0.2, 0.05));
    }

    @Test
    void chunksOfTheCriticalWidthExplainAll() {
        String claim = "R^2";
        assertVerdict(
                SEEN, claim, wide(64).chunk(16, 0.1, 0.97).chunk(64, 0.0, 0.99).critical(32));
        assertVerdict(
                NOT_SEEN,
                claim,
                wide(64).chunk(16, 0.1, 0.9).chunk(64, 0.0, 1.0).critical(32));
        assertVerdict(NOT_MEASURED, claim, wide(64).chunk(16, 0.1, 0.9).chunk(64, 0.0, 1.0));
        assertVerdict(NOT_MEASURED, claim, wide(64).chunk(16, 0.1, null).critical(16));
    }

    @Test
    void wideNetworksAndEnsembles() {
        String claim = "ensemble";
        assertVerdict(SEEN, claim, wide(64).errors(0.05, 0.001, 0.049));
        assertVerdict(NOT_SEEN, claim, wide(64).errors(0.05, 0.001, 0.04));
        assertVerdict(NOT_MEASURED, claim, wide(64).errors(0.05, 0.001, null));
    }

    /** {@code set} gives a group a value and its standard error. */
    private interface Value {
        MadeUpGroup set(MadeUpGroup group, double mean, Double error);
    }

    private static void assertRises(String claim, Value value) {
        assertVerdict(SEEN, claim, value.set(wide(32), 1, 0.1), value.set(wide(16), 0.5, 0.1));
        assertVerdict(
                SEEN, claim, value.set(wide(16), 1, 0.1), value.set(wide(32), 0.9, 0.1), value.set(wide(64), 2, 0.1));
        assertVerdict(NOT_SEEN, claim, value.set(wide(16), 1, 0.1), value.set(wide(32), 1.2, 0.1));
        assertVerdict(
                NOT_SEEN, claim, value.set(wide(16), 1, 0.1), value.set(wide(32), 3, 0.1), value.set(wide(64), 2, 0.1));
        assertVerdict(NOT_MEASURED, claim, value.set(wide(16), 1, null), value.set(wide(32), 3, 0.1));
        assertVerdict(
                NOT_MEASURED,
                claim,
                value.set(MadeUpGroup.with("width", "16", "init", "he"), 1, 0.1),
                value.set(MadeUpGroup.with("width", "32", "init", "glorot"), 3, 0.1));
    }

    @Test
    void unitsByWidth() {
        assertRises("similar units rise", MadeUpGroup::similarUnits);
        assertRises("ablation curve rises", MadeUpGroup::removable);
        assertRises("compressability", MadeUpGroup::compressability);
    }

    @Test
    void randomLabelsLowerTheArea() {
        String claim = "random labels";
        MadeUpGroup given = MadeUpGroup.with("width", "8", "labels", "as-given").removable(0.5, 0.01);
        assertVerdict(
                SEEN,
                claim,
                given,
                MadeUpGroup.with("width", "8", "labels", "random").removable(0.4, 0.01));
        assertVerdict(
                NOT_SEEN,
                claim,
                given,
                MadeUpGroup.with("width", "8", "labels", "random").removable(0.49, 0.01));
        assertVerdict(
                NOT_MEASURED,
                claim,
                given,
                MadeUpGroup.with("width", "8", "labels", "noise=0.2").removable(0.4, 0.01));
        assertVerdict(
                NOT_MEASURED,
                claim,
                given,
                MadeUpGroup.with("width", "16", "labels", "random").removable(0.4, 0.01));
    }

    @Test
    void heAgainstGlorot() {
        String claim = "Glorot";
        MadeUpGroup he = MadeUpGroup.with("init", "he").similarUnits(5, 0.5);
        assertVerdict(SEEN, claim, he, MadeUpGroup.with("init", "glorot").similarUnits(3, 0.5));
        assertVerdict(NOT_SEEN, claim, he, MadeUpGroup.with("init", "glorot").similarUnits(6, 0.5));
        assertVerdict(NOT_MEASURED, claim, he, MadeUpGroup.with("init", "lecun").similarUnits(1, 0.5));
    }

    @Test
    void featuresOfTheSyntheticTask() {
        String claim = "synthetic";
        MadeUpGroup few =
                MadeUpGroup.with("width", "64", "data", "teacher:d=10,m=32").similarUnits(8, null);
        MadeUpGroup narrow =
                MadeUpGroup.with("width", "8", "data", "teacher:d=10,m=32").similarUnits(0, null);
        String many = "teacher:m=32,d=10000";
        assertVerdict(SEEN, claim, few, narrow, MadeUpGroup.with("data", many).similarUnits(0.01, null));
        assertVerdict(
                NOT_SEEN, claim, few, narrow, MadeUpGroup.with("data", many).similarUnits(1, null));
        assertVerdict(NOT_SEEN, claim, narrow, MadeUpGroup.with("data", many).similarUnits(0.01, null));
        assertVerdict(NOT_MEASURED, claim, few, narrow);
    }

    private static MadeUpGroup deep(int depth) {
        return MadeUpGroup.with("depth", "" + depth);
    }

    @Test
    void curvesAlmostIndependentOfDepth() {
        String claim = "hardly depend";
        assertVerdict(SEEN, claim, deep(2).accuracies(0.5, 0.8), deep(4).accuracies(0.54, 0.83, 0.9, 0.95));
        assertVerdict(NOT_SEEN, claim, deep(2).accuracies(0.5, 0.99), deep(4).accuracies(0.3, 0.83, 0.9, 0.95));
        assertVerdict(NOT_MEASURED, claim, deep(2).accuracies(0.5, null), deep(4).accuracies(null, 0.8));
        assertVerdict(NOT_MEASURED, claim, deep(2).accuracies(0.5, 0.8));
    }

    @Test
    void effectiveDepthSaturates() {
        String claim = "stops growing";
        assertVerdict(
                SEEN,
                claim,
                deep(4).depth("0.03", 4.0, null),
                deep(12).depth("0.03", 6.5, null),
                deep(8).depth("0.03", 6.0, null));
        assertVerdict(NOT_SEEN, claim, deep(8).depth("0.03", 6.0, null), deep(12).depth("0.03", 7.5, null));
        assertVerdict(NOT_SEEN, claim, deep(6).depth("0.03", 6.0, null), deep(7).depth("0.03", 6.0, null));
        assertVerdict(NOT_MEASURED, claim, deep(8).depth("0.03", 6.0, null), deep(12).depth("0.03", null, null));
        assertVerdict(NOT_MEASURED, claim, deep(8).depth("0.03", 6.0, null), deep(12).depth("0.1", 6.0, null));
    }

    @Test
    void effectiveDepthRisesWithNoise() {
        String claim = "label noise";
        Consumer<MadeUpGroup> seen = noisy -> assertVerdict(SEEN, claim, labelled("as-given", 4.0, 0.1), noisy);
        seen.accept(labelled("noise=0.2", 5.0, 0.1));
        seen.accept(labelled("noise=0.2", null, null));
        assertVerdict(NOT_SEEN, claim, labelled("as-given", 4.0, 0.1), labelled("noise=0.2", 4.2, 0.1));
        assertVerdict(NOT_SEEN, claim, labelled("as-given", 4.0, null), labelled("noise=0.2", 4.4, null));
        assertVerdict(NOT_MEASURED, claim, labelled("as-given", null, null), labelled("noise=0.2", 4.0, 0.1));
        assertVerdict(NOT_MEASURED, claim, labelled("as-given", 4.0, 0.1), labelled("random", 5.0, 0.1));
    }

    /** Evidence is the count, one comparison that agrees with the verdict and two that do not; the rest is listed. */
    @Test
    void evidenceIsShortAndComparisonsAreComplete() {
        MadeUpGroup[] groups = new MadeUpGroup[8];
        for (int k = 0; k < groups.length; k++) {
            double power = k % 2 == 0 || k == 1 ? -0.5 : -0.1;
            groups[k] = wide(8 << k).law(power, power - 0.05, power + 0.05).named(Map.of("width", "" + (8 << k)));
        }
        Shape law = shape("power -1/2", groups);
        assertThat(law.evidence())
                .isEqualTo(
                        "5 of 8 comparisons. Yes: width 512: exponent -0.500 [-0.550, -0.450]. No: width 256: exponent "
                                + "-0.100 [-0.150, -0.0500]; width 1024: exponent -0.100 [-0.150, -0.0500].");
        assertThat(law.comparisons())
                .hasSize(8)
                .startsWith("yes: width 8: exponent -0.500 [-0.550, -0.450]")
                .endsWith("no: width 1024: exponent -0.100 [-0.150, -0.0500]");
        assertThat(shape("power -1/2", wide(8).law(-0.1, -0.2, 0.0)).evidence())
                .isEqualTo("0 of 1 comparison. No: width 8: exponent -0.100 [-0.200, 0.00].");
        assertThat(shape("power -1/2").comparisons()).isEmpty();
    }

    @Test
    void evidenceHasTheVariantsName() {
        MadeUpGroup one = wide(16).similarUnits(1, 0.1);
        MadeUpGroup other = wide(32).similarUnits(3, 0.1);
        one.named(new TreeMap<>(Map.of("width", "16", "variant", "stopped")));
        other.named(new TreeMap<>(Map.of("width", "32", "variant", "stopped")));
        assertThat(shape("similar units rise", one, other).evidence())
                .isEqualTo("1 of 1 comparison. Yes: stopped: 1.00 (0.10) and 3.00 (0.10) at width 16 and 32.");
        MadeUpGroup decayed =
                MadeUpGroup.with("weightDecay", "0.002", "depth", "2").accuracies(0.5, 0.8);
        MadeUpGroup deeper =
                MadeUpGroup.with("weightDecay", "0.002", "depth", "4").accuracies(0.5, 0.8);
        assertThat(shape("hardly depend", decayed, deeper).evidence())
                .isEqualTo("1 of 1 comparison. Yes: depth 2 and 4, weight decay 0.002: mean difference 0.000.");
    }

    private static MadeUpGroup labelled(String labels, Double depth, Double error) {
        return MadeUpGroup.with("depth", "8", "labels", labels).depth("0.03", depth, error);
    }
}
