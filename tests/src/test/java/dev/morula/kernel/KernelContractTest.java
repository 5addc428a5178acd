package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernels of standardise and correlate promise each for itself, in every tier. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class KernelContractTest {
    private static final double[] CUTS = {-1.1, -0.3, 0, 0.3, 0.8, 1.1};

    @Parameter
    private Backend backend;

    /** Panels that fill no strip, on the diagonal, across it, beside it; samples that fill no chain. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 2, 2",
        "3, 0, 3, 33",
        "33, 0, 33, 255",
        "77, 40, 101, 257",
        "77, 77, 50, 513",
        "127, 0, 128, 1021",
        "128, 200, 1, 1200"
    })
    void aTileListsWhatPassesTheCutAndNothingFarBelowIt(int leftRows, int right, int rightRows, int samples) {
        try (PackedLayer layer = new PackedLayer(backend, Math.max(leftRows, right + rightRows), samples)) {
            Panel leftPanel = layer.pack(Side.LEFT, 0, leftRows);
            Panel rightPanel = layer.pack(Side.RIGHT, right, rightRows);
            double bound = layer.kernels.tileBound(leftPanel.error(), rightPanel.error(), samples);
            assertThat(bound).isLessThan(backend.packsBfloat16() ? 0.01 : 5e-5);
            for (Sign sign : Sign.values()) {
                for (double cut : CUTS) {
                    boolean[][] listed = listed(layer, leftPanel, rightPanel, sign, cut);
                    for (int i = 0; i < leftRows; i++) {
                        for (int j = Math.max(i + 1, right); j < right + rightRows; j++) {
                            double r = layer.correlation(i, j);
                            double compared = sign == Sign.ABSOLUTE ? Math.abs(r) : r;
                            if (Math.abs(compared - cut) > bound) {
                                assertThat(listed[i][j]).isEqualTo(compared > cut);
                            }
                        }
                    }
                }
            }
            leftPanel.packed().close();
            rightPanel.packed().close();
        }
    }

    /** Which pairs are listed; fails if one is listed twice or is not of this tile's upper half. */
    private static boolean[][] listed(PackedLayer layer, Panel left, Panel right, Sign sign, double cut) {
        int end = (int) (right.position() + right.rows());
        boolean[][] listed = new boolean[(int) left.rows()][end];
        for (int[] pair : layer.pairs(left, right, sign, cut, (int) (left.rows() * right.rows()))) {
            assertThat(pair[0]).isBetween(0, (int) left.rows() - 1);
            assertThat(pair[1]).isBetween((int) Math.max(right.position(), pair[0] + 1), end - 1);
            assertThat(listed[pair[0]][pair[1]]).isFalse();
            listed[pair[0]][pair[1]] = true;
        }
        return listed;
    }

    @Test
    void aListThatIsTooSmallIsAnOverflowNotALoss() {
        try (PackedLayer layer = new PackedLayer(backend, 40, 50)) {
            Panel left = layer.pack(Side.LEFT, 0, 40);
            Panel right = layer.pack(Side.RIGHT, 0, 40);
            assertThatThrownBy(() -> layer.pairs(left, right, Sign.SIGNED, -2, 779))
                    .hasMessageContaining("780 pairs passed the cut, the list holds 779");
            assertThat(layer.pairs(left, right, Sign.SIGNED, -2, 780)).hasSize(780);
        }
    }

    @Test
    void aTileThatIsTooLargeIsRefused() {
        try (PackedLayer layer = new PackedLayer(backend, 2, 5)) {
            Panel panel = layer.pack(Side.LEFT, 0, 2);
            long most = layer.kernels.panelSizes().right();
            Panel tooLarge = new Panel(panel.packed(), 0, most + 1, 0);
            assertThatThrownBy(() -> layer.pairs(panel, tooLarge, Sign.SIGNED, 0, 10))
                    .hasMessageContaining("x " + (most + 1) + " neurons: this ");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 2", "7, 3, 17", "9, 3, 511", "10, 100, 513", "5, 1, 1021"})
    void standardisedRowsAreAveragedGroupByGroup(int neurons, int size, int samples) {
        int groups = (neurons + size - 1) / size;
        try (PackedLayer layer = new PackedLayer(backend, neurons + 3, samples);
                Matrix members = PackedLayer.neurons(3, neurons);
                Matrix means = Matrix.allocate(ElementType.F32, groups, samples)) {
            layer.kernels.standardise(means, layer.view(), members, size);
            for (int group = 0; group < groups; group++) {
                int count = Math.min(size, neurons - group * size);
                float[] row = means.row(group);
                for (int k = 0; k < samples; k++) {
                    double sum = 0;
                    for (int member = 0; member < count; member++) {
                        sum += layer.unit(3 + group * size + member)[k];
                    }
                    assertThat((double) row[k]).isCloseTo(sum / count, within(1e-7));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 17", "64, 33, 100", "17, 255, 1021"})
    void productsAreThoseOfFloat64(int m, int n, int k) {
        Random random = new Random(1);
        double[][] a = random(m, k, random);
        double[][] b = random(n, k, random);
        try (Kernels kernels = backend.open();
                Matrix left = Matrices.of(a, ElementType.F32);
                Matrix right = Matrices.of(b, ElementType.F32);
                Matrix out = Matrix.allocate(ElementType.F32, m, n)) {
            kernels.product(out, left, right);
            for (int i = 0; i < m; i++) {
                float[] row = out.row(i);
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += a[i][l] * b[j][l];
                    }
                    assertThat((double) row[j]).isCloseTo(sum, within(k * 0x1p-24));
                }
            }
        }
    }

    /** From -1 to 1. */
    private static double[][] random(int rows, int columns, Random random) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int k = 0; k < columns; k++) {
                row[k] = 2 * random.nextFloat() - 1;
            }
        }
        return matrix;
    }
}
