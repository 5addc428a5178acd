package dev.morula.redundancy.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.train.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Power laws against SciPy's least squares (make_golden.py), planted ones, and intervals against a naive bootstrap. */
class ChunkLawTest {
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        KERNELS.close();
        WORKERS.close();
    }

    private static SeedCurves golden() {
        int[] sizes = ChunkGolden.column("law.sizes");
        float[][][] shares = new float[4][sizes.length][];
        try (Matrix all = ChunkGolden.matrix("law.shares")) {
            for (int row = 0; row < all.rows(); row++) {
                shares[row / sizes.length][row % sizes.length] = all.row(row);
            }
        }
        return new SeedCurves(sizes, shares);
    }

    @Test
    void isThatOfSciPy() {
        PowerLaw law = ChunkLaw.fit(golden(), 1, 1, KERNELS, WORKERS);
        isFit(law, ChunkGolden.doubles("law.joint"));
        assertThat(law.sizes()).isEqualTo(5);
    }

    private static void isFit(PowerLaw law, double[][] expected) {
        assertThat(law.exponent().value()).isCloseTo(expected[0][0], within(1e-5));
        assertThat(law.errInf().value()).isCloseTo(expected[1][0], within(1e-6));
        assertThat(law.factor()).isCloseTo(expected[2][0], within(1e-5));
    }

    /** 62 of 2,000 samples wrong: 0.031, as in the golden file. */
    @Test
    void ofAnErrInfThatIsGivenIsThatOfSciPy() {
        SeedCurves golden = golden();
        float[][][] repeated = new float[4][5][2000];
        float[][] logits = new float[2000][1];
        int[] labels = new int[2000];
        for (int sample = 0; sample < 2000; sample++) {
            labels[sample] = sample % 2;
            logits[sample][0] = (labels[sample] == 1) == (sample < 62) ? -1 : 1;
            for (int curve = 0; curve < 20; curve++) {
                repeated[curve / 5][curve % 5][sample] = golden.sharesWrong()[curve / 5][curve % 5][sample % 400];
            }
        }
        try (Matrix network = Matrix.of(logits)) {
            EnsembleError ensemble = new EnsembleError(List.of(network, network, network, network), labels);
            SeedCurves curves = new SeedCurves(golden.sizes(), repeated);
            PowerLaw law = ChunkLaw.fit(curves, ensemble, 1, 1, KERNELS, WORKERS);
            isFit(law, ChunkGolden.doubles("law.given"));
            double deviation = Math.sqrt(0.031 * 0.969 / 2000);
            assertThat(law.errInf().low()).isCloseTo(0.031 - 1.96 * deviation, within(0.15 * deviation));
            assertThat(law.errInf().high()).isCloseTo(0.031 + 1.96 * deviation, within(0.15 * deviation));
            assertThatThrownBy(() -> ChunkLaw.fit(golden, ensemble, 1, 1, KERNELS, WORKERS))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static SeedCurves planted(int networks, int[] sizes, DoubleUnaryOperator error) {
        float[][][] shares = new float[networks][sizes.length][10];
        for (float[][] network : shares) {
            for (int size = 0; size < sizes.length; size++) {
                Arrays.fill(network[size], (float) error.applyAsDouble(sizes[size]));
            }
        }
        return new SeedCurves(sizes, shares);
    }

    @Test
    void findsWhatWasPlantedBeyondTheCriticalWidth() {
        int[] sizes = ChunkSizes.of(512);
        PowerLaw law = ChunkLaw.fit(
                planted(3, sizes, size -> size < 20 ? 0.9 : 0.05 + 0.3 / Math.sqrt(size)), 20.5, 1, KERNELS, WORKERS);
        assertThat(law.exponent().value()).isCloseTo(-0.5, within(1e-4));
        assertThat(law.errInf().value()).isCloseTo(0.05, within(1e-5));
        assertThat(law.factor()).isCloseTo(0.3, within(1e-4));
        assertThat(law.sizes()).isEqualTo(5);
    }

    @Test
    void saysByTheIntervalThatErrInfIsAtItsBound() {
        int[] sizes = ChunkSizes.of(256);
        PowerLaw law = ChunkLaw.fit(planted(3, sizes, size -> 0.4 - 0.04 * Math.log(size)), 8, 1, KERNELS, WORKERS);
        assertThat(law.errInf().value()).isZero();
        assertThat(law.errInf().low()).isZero();
        assertThat(law.exponent().value()).isBetween(-1.0, 0.0);
    }

    @Test
    void isNoneForFewerThanThreeSizesOrErrorsThatDoNotFall() {
        int[] sizes = {1, 2, 4, 8};
        assertThat(ChunkLaw.fit(planted(3, sizes, size -> 1 / size), 2.1, 1, KERNELS, WORKERS))
                .isNull();
        assertThat(ChunkLaw.fit(planted(3, sizes, size -> 0.1), 1, 1, KERNELS, WORKERS))
                .isNull();
        assertThat(ChunkLaw.fit(planted(3, sizes, size -> 0.1 * size), 1, 1, KERNELS, WORKERS))
                .isNull();
        assertThat(ChunkLaw.fit(planted(3, sizes, size -> 0), 1, 1, KERNELS, WORKERS))
                .isNull();
        PowerLaw single = ChunkLaw.fit(planted(1, sizes, size -> 1 / size), 1, 1, KERNELS, WORKERS);
        assertThat(single.exponent().value()).isCloseTo(-1, within(1e-5));
        assertThat(single.exponent().low()).isNull();
        assertThat(single.errInf().high()).isNull();
    }

    /** Resamples both networks and samples, all sizes alike. */
    @Test
    void hasTheIntervalOfANaiveBootstrap() {
        SeedCurves golden = golden();
        PowerLaw law = ChunkLaw.fit(golden, 1, 7, KERNELS, WORKERS);
        double[] weights = Arrays.stream(golden.errors())
                .mapToDouble(error -> Math.pow(error.standardError(), -2))
                .toArray();
        double[] sizes = Arrays.stream(golden.sizes()).asDoubleStream().toArray();
        Random random = new Random(5);
        PowerLawFit[] fits = new PowerLawFit[4000];
        for (int draw = 0; draw < fits.length; draw++) {
            int[] networks = random.ints(4, 0, 4).toArray();
            int[] samples = random.ints(400, 0, 400).toArray();
            double[] errors = new double[5];
            for (int size = 0; size < 5; size++) {
                for (int network : networks) {
                    for (int sample : samples) {
                        errors[size] += golden.sharesWrong()[network][size][sample] / 1600;
                    }
                }
            }
            fits[draw] = PowerLawFit.of(sizes, errors, weights);
        }
        hasBounds(law.exponent(), Arrays.stream(fits).mapToDouble(PowerLawFit::exponent));
        hasBounds(law.errInf(), Arrays.stream(fits).mapToDouble(PowerLawFit::errInf));
    }

    private static void hasBounds(Interval interval, DoubleStream draws) {
        double[] sorted = draws.sorted().toArray();
        double tolerance = 0.15 * (sorted[3900] - sorted[100]);
        assertThat(interval.low()).isCloseTo(sorted[100], within(tolerance));
        assertThat(interval.high()).isCloseTo(sorted[3900], within(tolerance));
    }

    @Test
    void dependsOnTheSeedAlone() {
        SeedCurves curves = golden();
        try (Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            PowerLaw law = ChunkLaw.fit(curves, 1, 7, KERNELS, one);
            assertThat(ChunkLaw.fit(curves, 1, 7, KERNELS, three)).isEqualTo(law);
            assertThat(ChunkLaw.fit(curves, 1, 8, KERNELS, one)).isNotEqualTo(law);
        }
    }

    @Test
    void ensemblesAreResampledWithTheirNetworks() {
        List<Matrix> logits = new ArrayList<>();
        Random random = new Random(4);
        for (int network = 0; network < 4; network++) {
            logits.add(Floats.random(400, 3, random));
        }
        EnsembleError ensemble =
                new EnsembleError(logits, random.ints(400, 0, 3).toArray());
        Interval errInf =
                ChunkLaw.fit(planted(4, 400), ensemble, 1, 1, KERNELS, WORKERS).errInf();
        assertThat(errInf.value()).isEqualTo(ensemble.error().mean());
        assertThat(errInf.low()).isLessThan(errInf.value());
        assertThat(errInf.high()).isGreaterThan(errInf.value());
        logits.forEach(Matrix::close);
    }

    private static SeedCurves planted(int networks, int samples) {
        float[][][] shares = new float[networks][3][samples];
        for (float[][] network : shares) {
            Arrays.fill(network[0], 0.9f);
            Arrays.fill(network[1], 0.8f);
            Arrays.fill(network[2], 0.75f);
        }
        return new SeedCurves(new int[] {2, 4, 8}, shares);
    }
}
