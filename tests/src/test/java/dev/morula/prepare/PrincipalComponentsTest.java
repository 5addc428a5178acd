package dev.morula.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.data.DataSet;
import dev.morula.data.DataSets;
import dev.morula.data.Values;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;
import dev.morula.train.Floats;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Principal components against those that Jacobi's method finds in float64. */
@Tag("device")
class PrincipalComponentsTest {
    private static final double TOLERANCE = 1e-5; // gaps between variances are a tenth of them

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void areTheDefinition(Backend backend) {
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(2)) {
            for (int[] size : new int[][] {{2, 1, 1}, {30, 7, 3}, {2500, 17, 17}, {400, 140, 5}}) {
                DataSet train = data(size[0], size[1], 1);
                DataSet test = data(9, size[1], 2);
                for (String spread : new String[] {"", ",whitened"}) {
                    Preparation preparation = Preparation.parse("none,pca=" + size[2] + spread);
                    double[][] expected = expected(train, test, size[2], !spread.isEmpty());
                    Shape input = Shape.features(size[2]);
                    try (FittedPreparation fitted = preparation.fit(train, kernels, workers);
                            Samples samples = fitted.samples(test, input, kernels, workers)) {
                        assertThat(fitted.output()).isEqualTo(input);
                        double[][] actual = Floats.doubles(samples.inputs());
                        for (int sample = 0; sample < expected.length; sample++) {
                            assertThat(actual[sample])
                                    .as("%s of %d x %d, sample %d", preparation, size[0], size[1], sample)
                                    .containsExactly(expected[sample], within(TOLERANCE * scale(expected)));
                        }
                    }
                }
            }
        }
    }

    private static double scale(double[][] numbers) {
        double largest = 1;
        for (double[] row : numbers) {
            for (double number : row) {
                largest = Math.max(largest, Math.abs(number));
            }
        }
        return largest;
    }

    private static double[][] expected(DataSet train, DataSet test, int count, boolean whitened) {
        int size = train.shape().size();
        double[] means = new double[size];
        double[][] covariance = new double[size][size];
        for (int sample = 0; sample < train.count(); sample++) {
            double[] numbers = DataSets.numbers(train, sample);
            for (int k = 0; k < size; k++) {
                means[k] += numbers[k] / train.count();
            }
        }
        for (int sample = 0; sample < train.count(); sample++) {
            double[] numbers = DataSets.numbers(train, sample);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    covariance[i][j] += (numbers[i] - means[i]) * (numbers[j] - means[j]) / (train.count() - 1);
                }
            }
        }
        double[][] vectors = jacobi(covariance);
        double[][] expected = new double[test.count()][count];
        for (int component = 0; component < count; component++) {
            int strongest = strongest(covariance);
            double factor = sign(vectors, strongest) / (whitened ? Math.sqrt(covariance[strongest][strongest]) : 1);
            for (int sample = 0; sample < test.count(); sample++) {
                double[] numbers = DataSets.numbers(test, sample);
                for (int k = 0; k < size; k++) {
                    expected[sample][component] += (numbers[k] - means[k]) * vectors[k][strongest] * factor;
                }
            }
            covariance[strongest][strongest] = -1;
        }
        return expected;
    }

    private static int strongest(double[][] diagonal) {
        int strongest = 0;
        for (int k = 1; k < diagonal.length; k++) {
            strongest = diagonal[k][k] > diagonal[strongest][strongest] ? k : strongest;
        }
        return strongest;
    }

    private static double sign(double[][] vectors, int column) {
        double largest = 0;
        for (double[] row : vectors) {
            largest = Math.abs(row[column]) > Math.abs(largest) ? row[column] : largest;
        }
        return Math.signum(largest);
    }

    /** Makes {@code matrix} diagonal by rotations; the eigenvectors are the columns of what is returned. */
    private static double[][] jacobi(double[][] matrix) {
        int size = matrix.length;
        double[][] vectors = new double[size][size];
        for (int k = 0; k < size; k++) {
            vectors[k][k] = 1;
        }
        for (int sweep = 0; sweep < 12; sweep++) {
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    double angle = 0.5 * Math.atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]);
                    double c = Math.cos(angle);
                    double s = Math.sin(angle);
                    for (int k = 0; k < size; k++) {
                        rotate(matrix[k], p, q, c, s);
                        rotate(vectors[k], p, q, c, s);
                    }
                    for (int k = 0; k < size; k++) {
                        double above = matrix[p][k];
                        matrix[p][k] = c * above - s * matrix[q][k];
                        matrix[q][k] = s * above + c * matrix[q][k];
                    }
                }
            }
        }
        return vectors;
    }

    private static void rotate(double[] row, int p, int q, double c, double s) {
        double left = row[p];
        row[p] = c * left - s * row[q];
        row[q] = s * left + c * row[q];
    }

    /** Features that are mixed, of spreads that differ by a tenth and more. */
    private static DataSet data(int count, int size, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[count * size];
        double[] independent = new double[size];
        for (int sample = 0; sample < count; sample++) {
            for (int k = 0; k < size; k++) {
                independent[k] = random.nextGaussian() * Math.pow(0.9, k);
            }
            for (int k = 0; k < size; k++) {
                double mixed = independent[k] + 0.3 * independent[(k + 1) % size];
                numbers[sample * size + k] = (float) (0.5 * k + mixed);
            }
        }
        return new DataSet("mixed", Shape.features(size), 2, new Values.Floats(numbers), new int[count]);
    }

    @Test
    void areTheSameForAnyNumberOfThreads() {
        DataSet train = data(3000, 300, 1);
        Preparation preparation = Preparation.parse("set,pca=4");
        try (Kernels kernels = Kernels.cpu();
                Workers one = new Workers(1);
                Workers three = new Workers(3);
                FittedPreparation fitted = preparation.fit(train, kernels, one);
                FittedPreparation again = preparation.fit(train, kernels, three)) {
            PrincipalComponents components = fitted.components().orElseThrow();
            PrincipalComponents others = again.components().orElseThrow();
            assertThat(Floats.doubles(others.weight())).isDeepEqualTo(Floats.doubles(components.weight()));
            assertThat(others.means()).isEqualTo(components.means());
        }
    }

    @Test
    void refusesMoreThanThereAre() {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1)) {
            assertThatThrownBy(() -> Preparation.parse("none,pca=4").fit(data(4, 10, 1), kernels, workers))
                    .hasMessageContaining("mixed: 4 samples of 10 numbers have at most 3 principal components, not 4");
            float[] numbers = {1, 1, 2, 2, 4, 4, 5, 5};
            DataSet line = new DataSet("line", Shape.features(2), 2, new Values.Floats(numbers), new int[4]);
            assertThatThrownBy(() -> Preparation.parse("none,pca=2,whitened").fit(line, kernels, workers))
                    .hasMessageContaining("line: only 1 principal components vary by more than rounding");
        }
    }
}
