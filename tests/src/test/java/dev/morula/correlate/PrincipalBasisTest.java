package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directions are nearly orthonormal, by no less than they say, and those in which a layer varies. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Tiers#available")
class PrincipalBasisTest {
    @Parameter
    private Tier tier;

    /** Samples that fill no piece; more directions than the neurons, or the samples, span. */
    @ParameterizedTest
    @CsvSource({"2, 3, 1", "17, 5, 17", "40, 255, 29", "40, 257, 40", "64, 1021, 10", "100, 33, 100"})
    void deviationsAreThoseOfTheStoredRows(int neurons, int samples, int wanted) {
        double[][] layer = TestLayers.gaussian(neurons, samples, samples);
        withBasis(layer, wanted, (basis, standardised) -> {
            assertThat(basis.rank()).isBetween(1, Math.min(wanted, samples));
            double[][] rows = rowsOf(basis.first(basis.rank()), samples);
            double squares = 0;
            for (int i = 0; i < basis.rank(); i++) {
                for (int j = 0; j <= i; j++) {
                    double off = dot(rows[i], rows[j]) - (i == j ? 1 : 0);
                    squares += (i == j ? 1 : 2) * off * off;
                }
                double deviation = basis.first(i + 1).deviation();
                assertThat(deviation).isBetween(Math.sqrt(squares), Math.sqrt(squares) + 1e-9);
                assertThat(deviation).isLessThan(1e-5);
            }
        });
    }

    /** A layer of rank 5 has no more directions, and they hold all of its neurons, not only those sampled. */
    @ParameterizedTest
    @ValueSource(ints = {64, 300})
    void directionsOfALowRankLayerHoldItsNeurons(int samples) {
        double[][] signals = TestLayers.gaussian(5, samples, 1);
        double[][] weights = TestLayers.gaussian(60, 5, 2);
        double[][] layer = new double[60][samples];
        for (int i = 0; i < layer.length; i++) {
            for (int k = 0; k < samples; k++) {
                for (int s = 0; s < 5; s++) {
                    layer[i][k] += weights[i][s] * signals[s][k];
                }
            }
        }
        withBasis(layer, 20, (basis, standardised) -> {
            assertThat(basis.rank()).isEqualTo(5);
            try (Kernels kernels = Kernels.cpu(tier);
                    Workers workers = new Workers(1);
                    Matrix projections = Projections.of(
                            standardised, standardised.correlated(), basis.first(5), kernels, workers, Progress.NONE)) {
                for (int i = 0; i < layer.length; i++) {
                    double norm = 0;
                    for (float p : projections.row(i)) {
                        norm += (double) p * p;
                    }
                    assertThat(norm).isCloseTo(1, within(1e-5));
                }
            }
        });
    }

    private interface Check {
        void accept(PrincipalBasis basis, StandardisedLayer standardised);
    }

    /** Directions from the first half of the neurons. */
    private void withBasis(double[][] layer, int wanted, Check check) {
        int sampled = Math.max(wanted, layer.length / 2);
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, ElementType.F64);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
                PrincipalBasis basis = PrincipalBasis.of(standardised, sampled, wanted, kernels, workers)) {
            check.accept(basis, standardised);
        }
    }

    private static double[][] rowsOf(Basis basis, int samples) {
        double[][] rows = new double[(int) basis.rank()][samples];
        for (int r = 0; r < rows.length; r++) {
            for (int k = 0; k < samples; k++) {
                long piece = k / ScreenKernels.PIECE;
                rows[r][k] = basis.rows().row(piece * basis.stored() + r)[k % ScreenKernels.PIECE];
            }
        }
        return rows;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
