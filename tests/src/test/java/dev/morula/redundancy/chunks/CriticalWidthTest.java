package dev.morula.redundancy.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.redundancy.SweepSummary.Interval;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CriticalWidthTest {
    private static final int[] SIZES = {1, 2, 4, 8, 16};

    @Test
    void liesBetweenTheSizesWhereTheErrorCrosses() {
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.1, 0.009, 0.001, 0}, 0))
                .hasValueCloseTo(4 * Math.sqrt(2), within(1e-12)); // half way down
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.1, 0.006, 0.002, 0}, 0))
                .hasValueCloseTo(4 * Math.pow(2, 0.25), within(1e-12));
    }

    @Test
    void isATestedSizeThatIsJustGoodEnough() {
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.1, 0.005, 0, 0}, 0.005))
                .hasValueCloseTo(4.0, within(1e-12));
        assertThat(CriticalWidth.of(SIZES, new double[] {0.001, 0, 0, 0, 0}, 0)).hasValue(1);
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.005, 0.01, 0, 0}, 0))
                .hasValueCloseTo(2.0, within(1e-12)); // the smallest, though a larger one is worse
    }

    @Test
    void isNoneWithoutAGoodNetworkOrAGoodChunk() {
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.1, 0, 0, 0}, 0.0051))
                .isEmpty();
        assertThat(CriticalWidth.of(SIZES, new double[] {0.5, 0.1, 0.1, 0.0051, 0}, 0))
                .isEmpty();
        assertThat(CriticalWidth.of(SIZES, new double[] {1, 1, 1, 1, 1}, 1)).isEmpty();
        assertThat(CriticalWidth.of(new int[] {1}, new double[] {0}, 0)).isEmpty();
    }

    @Test
    void hasTheIntervalOfANaiveBootstrap() {
        double[][] curves = curves(12);
        Interval interval = CriticalWidth.bootstrap(SIZES, curves, 3);
        double[] means = new double[5];
        Arrays.setAll(means, size -> Arrays.stream(curves)
                .mapToDouble(curve -> curve[size])
                .average()
                .orElseThrow());
        assertThat(interval.value()).isCloseTo(CriticalWidth.of(SIZES, means, 0).orElseThrow(), within(1e-12));
        double[] draws = new double[20000];
        Random random = new Random(9);
        for (int draw = 0; draw < draws.length; draw++) {
            double[] drawn = new double[5];
            for (int k = 0; k < 12; k++) {
                double[] curve = curves[random.nextInt(12)];
                Arrays.setAll(drawn, size -> drawn[size] + curve[size] / 12);
            }
            draws[draw] = CriticalWidth.of(SIZES, drawn, 0).orElseThrow();
        }
        Arrays.sort(draws);
        double width = draws[19500] - draws[500];
        assertThat(interval.low()).isCloseTo(draws[500], within(0.1 * width));
        assertThat(interval.high()).isCloseTo(draws[19500], within(0.1 * width));
        assertThat(CriticalWidth.bootstrap(SIZES, curves, 3)).isEqualTo(interval);
        assertThat(CriticalWidth.bootstrap(SIZES, curves, 4)).isNotEqualTo(interval);
    }

    private static double[][] curves(int networks) {
        Random random = new Random(1);
        double[][] curves = new double[networks][];
        for (int network = 0; network < networks; network++) {
            curves[network] =
                    new double[] {0.4, 0.2, 0.01 + 0.005 * random.nextDouble(), 0.004 * random.nextDouble(), 0};
        }
        return curves;
    }

    @Test
    void hasNoBoundWhereResamplesHaveNoCriticalWidth() {
        double[][] curves = {{0.4, 0.003, 0.003, 0.003, 0.003}, {0.4, 0.004, 0.004, 0.004, 0.006}};
        Interval interval = CriticalWidth.bootstrap(SIZES, curves, 3);
        assertThat(interval.value()).isNotNull();
        assertThat(interval.low()).isNotNull();
        assertThat(interval.high()).isNull(); // a quarter of the resamples is the second network alone
        assertThat(CriticalWidth.bootstrap(SIZES, new double[][] {curves[1]}, 3))
                .isEqualTo(new Interval(null, null, null));
        Interval single = CriticalWidth.bootstrap(SIZES, new double[][] {curves[0]}, 3);
        assertThat(single.value()).isNotNull();
        assertThat(single.low()).isNull();
        assertThat(single.high()).isNull();
    }
}
