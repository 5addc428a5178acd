package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One test for each term of the bounds of products over all samples, fast or refined, and of projections: rows that lose
 * as much as the term allows. Two equal rows have a correlation of 1, so none of these pairs may be lost at threshold 1.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Tiers#available")
class ProductBoundTest {
    private static final double UNIT = 0x1p-24;

    @Parameter
    private Tier tier;

    private Kernels kernels;
    private Workers workers;

    @BeforeEach
    void open() {
        kernels = Kernels.cpu(tier);
        workers = new Workers(1);
    }

    @AfterEach
    void close() {
        kernels.close();
        workers.close();
    }

    /** 1 / sqrt(255) lies just below the middle of two bfloat16 numbers: the product of the packed rows is 0.9961. */
    @Test
    void packingErrorOfTheFastProduct() {
        double[] row = new double[255];
        Arrays.fill(row, 1);
        assertTheTwinsAreFound(row);
    }

    /** What packing says it lost covers what rounding to float32 loses, and to bfloat16 where that is what is packed. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 31, 255, 1021})
    void packingErrorIsNotBelowTheRealOne(int samples) {
        double[][] layer = TestLayers.gaussian(1, samples, samples);
        try (Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised = measure(values);
                Positions positions = new Positions(new int[] {0});
                Matrix panel = Matrix.allocate(ElementType.I64, 1, kernels.packedBytes(Side.LEFT, 1, samples))) {
            double error = kernels.pack(panel, standardised.view(), positions.list(), Side.LEFT);
            double norm = Math.sqrt(Arrays.stream(layer[0]).map(x -> x * x).sum());
            double lost = Arrays.stream(layer[0])
                    .map(x -> x / norm)
                    .map(z -> z - rounded(z))
                    .map(off -> off * off)
                    .sum();
            assertThat(error).isBetween(Math.sqrt(lost), tier == Tier.AMX ? 0x1p-8 : 2 * UNIT);
        }
    }

    private double rounded(double z) {
        int bits = Float.floatToRawIntBits((float) z);
        return tier == Tier.AMX
                ? Float.intBitsToFloat((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000)
                : Float.intBitsToFloat(bits);
    }

    @Test
    void additionsOfTheFastProduct() {
        assertTheTwinsAreFound(ShrinkingSum.row());
    }

    /** z rounded to float32 is too small on every sample. */
    @Test
    void roundingOfTheRefinedRows() {
        for (int samples = 3; samples < 200; samples++) {
            double z = 1 / Math.sqrt(samples);
            if ((float) z < z * (1 - 0x1p-26)) {
                double[] row = new double[samples];
                Arrays.fill(row, 1);
                assertTheTwinsAreFound(row);
            }
        }
    }

    /** A pair whose refined product is nearer to the threshold than its bound is decided in higher precision. */
    @Test
    void pairsNearTheThresholdAreNotDecidedInFloat32() {
        double[] offsets = {9e-7, -9e-7, 3e-7, -3e-7, 1e-7, -1e-7, 1e-9, -1e-9};
        double[][] layer = TestLayers.planted(80, 300, 0.5, offsets, 1);
        try (Matrix values = Matrices.of(layer, ElementType.F64);
                StandardisedLayer standardised = measure(values);
                Correlation found =
                        Correlator.run(standardised, CorrelationQuery.atLeast(0.5), kernels, workers, Progress.NONE)) {
            assertThat(found.inFloat64() + found.inDoubleDouble()).isGreaterThanOrEqualTo(80);
            PairSet expected = new CorrelationOracle(layer, Metric.COSINE).edges(0.5, Sign.SIGNED);
            assertThat(PairSet.of(found.edges(), layer.length).differenceTo(expected))
                    .isEmpty();
        }
    }

    /** The first 61 numbers of a row themselves, but rounded to float32. */
    @Test
    void roundingOfTheRowsInAProjection() {
        double[] row = new double[61];
        Arrays.fill(row, 1);
        double[] real = new double[61];
        Arrays.fill(real, 1 / Math.sqrt(61));
        assertThat((float) real[0]).isNotEqualTo(real[0]);
        assertProjectionErrorIsBounded(row, Basis.coordinates(61), real);
    }

    /**
     * A direction that is the row itself: the first 256 samples bring the sum to nearly 1, and what each 256 behind them
     * add is less than half a unit of its last place.
     */
    @Test
    void additionsInAProjection() {
        int pieces = 101;
        double[] row = new double[pieces * ScreenKernels.PIECE];
        Arrays.fill(row, Math.sqrt(0x1.fcp-26 / ScreenKernels.PIECE));
        double rest =
                Arrays.stream(row).skip(ScreenKernels.PIECE).map(x -> x * x).sum();
        Arrays.fill(row, 0, ScreenKernels.PIECE, 0);
        row[0] = Math.sqrt(1 - rest);
        double[] direction = Arrays.stream(row).map(x -> (float) x).toArray();
        float[][] stored = new float[pieces][ScreenKernels.PIECE];
        double real = 0;
        double square = 0;
        for (int k = 0; k < row.length; k++) {
            stored[k / ScreenKernels.PIECE][k % ScreenKernels.PIECE] = (float) direction[k];
            real += row[k] * direction[k];
            square += direction[k] * direction[k];
        }
        try (Matrix rows = Matrix.of(stored)) {
            Basis basis = new Basis(rows, 1, 1, Math.abs(square - 1) + 1e-12);
            assertProjectionErrorIsBounded(row, basis, new double[] {real});
        }
    }

    private void assertProjectionErrorIsBounded(double[] row, Basis basis, double[] real) {
        try (Matrix values = Matrices.of(new double[][] {row}, ElementType.F64);
                StandardisedLayer standardised = measure(values);
                Matrix projections =
                        Projections.of(standardised, new int[] {0}, basis, kernels, workers, Progress.NONE)) {
            float[] computed = projections.row(0);
            double squares = 0;
            for (int k = 0; k < real.length; k++) {
                squares += (computed[k] - real[k]) * (computed[k] - real[k]);
            }
            assertThat(Math.sqrt(squares))
                    .isPositive()
                    .isLessThanOrEqualTo(kernels.screen().projectionError(basis, row.length));
        }
    }

    /** Where there are very many samples, roundings multiply: more than the sum of them is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 8, 1L << 20, 1L << 24, 1L << 30, 1L << 34})
    void boundsGrowAsRoundingsMultiply(long samples) {
        long chain = tier == Tier.AMX ? 512 : 256;
        double product = Math.expm1((Math.min(samples, chain) + samples / chain) * Math.log1p(UNIT));
        assertThat(kernels.tileBound(0, 0, samples)).isBetween(product, 1.1 * product);
        try (Matrix none = Matrix.allocate(ElementType.F32, 1, ScreenKernels.PIECE)) {
            double projection = Math.expm1((256 + samples / 256) * Math.log1p(UNIT));
            assertThat(kernels.screen().projectionError(new Basis(none, 1, 1, 0), samples))
                    .isBetween(projection, 1.1 * projection);
        }
    }

    private void assertTheTwinsAreFound(double[] row) {
        try (Matrix values = Matrices.of(new double[][] {row, row}, ElementType.F64);
                StandardisedLayer standardised = measure(values);
                Correlation found =
                        Correlator.run(standardised, CorrelationQuery.atLeast(1), kernels, workers, Progress.NONE)) {
            assertThat(found.edges().count()).isEqualTo(1);
        }
    }

    /** By cosine: rows of norm 1 are their own standardised rows. */
    private StandardisedLayer measure(Matrix values) {
        return StandardisedLayer.measure(values, Metric.COSINE, kernels, workers, Progress.NONE);
    }
}
