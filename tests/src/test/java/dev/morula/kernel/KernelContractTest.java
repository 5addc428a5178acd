package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What the correlation kernels promise each for itself, in every tier. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Tiers#available")
class KernelContractTest {
    @Parameter
    private Tier tier;

    @Test
    void momentsAreThoseOfFloat64() {
        int samples = 1003;
        Random random = new Random(1);
        float[][] layer = new float[9][samples];
        for (int i = 0; i < layer.length; i++) {
            for (int k = 0; k < samples; k++) {
                layer[i][k] = (float) (100 * i + random.nextGaussian());
            }
        }
        try (Kernels kernels = Kernels.cpu(tier);
                Matrix values = Matrix.of(layer);
                Matrix moments = Matrix.allocate(ElementType.F64, layer.length, Kernels.MOMENTS)) {
            kernels.moments(moments, values, Metric.PEARSON);
            double[] fields = new double[layer.length * Kernels.MOMENTS];
            moments.read(0, fields, 0, fields.length);
            for (int i = 0; i < layer.length; i++) {
                double mean = 0;
                for (float x : layer[i]) {
                    mean += (double) x / samples;
                }
                double squares = 0;
                for (float x : layer[i]) {
                    squares += (x - mean) * (x - mean);
                }
                assertThat(fields[i * Kernels.MOMENTS + 4]).isCloseTo(mean, within(1e-10));
                assertThat(fields[i * Kernels.MOMENTS + 5]).isCloseTo(Math.sqrt(squares / samples), within(1e-10));
            }
        }
    }

    @Test
    void packedProductsStayWithinTheBoundTheyPromise() {
        int neurons = 40;
        int samples = 1200;
        try (Layer layer = new Layer(tier, neurons, samples)) {
            Panel left = layer.pack(Side.LEFT);
            Panel right = layer.pack(Side.RIGHT);
            double bound = layer.kernels.tileBound(left.error(), right.error(), samples);
            for (int i = 0; i < neurons; i++) {
                for (int j = i + 1; j < neurons; j++) {
                    double r = layer.correlation(i, j);
                    assertThat(layer.passes(left, right, i, j, r - bound)).isTrue();
                    assertThat(layer.passes(left, right, i, j, r + bound + 1e-6))
                            .isFalse();
                }
            }
            assertThat(bound).isLessThan(tier == Tier.AMX ? 0.006 : 5e-5);
        }
    }

    @Test
    void aListThatIsTooSmallIsAnOverflowNotALoss() {
        try (Layer layer = new Layer(tier, 40, 50);
                Matrix pairs = Matrix.allocate(ElementType.I64, 1, 779);
                Matrix room = Matrix.allocate(ElementType.I64, 1, 780)) {
            Tile tile = new Tile(layer.pack(Side.LEFT), layer.pack(Side.RIGHT), 50, Sign.SIGNED);
            assertThatThrownBy(() -> layer.kernels.correlateTile(pairs, layer.workspace, tile, -2))
                    .hasMessageContaining("780 pairs passed the cut, the list holds 779");
            assertThat(layer.kernels.correlateTile(room, layer.workspace, tile, -2))
                    .isEqualTo(780);
        }
    }

    /** A small random layer, packed whole. */
    private static final class Layer implements AutoCloseable {
        final Kernels kernels;
        final Matrix values;
        final Matrix moments;
        final Matrix neurons;
        final Matrix workspace;
        final Matrix left;
        final Matrix right;
        final double[][] unit;
        private final Matrix found;

        Layer(Tier tier, int neurons, int samples) {
            kernels = Kernels.cpu(tier);
            Random random = new Random(2);
            float[][] rows = new float[neurons][samples];
            float[] shared = new float[samples];
            for (int k = 0; k < samples; k++) {
                shared[k] = (float) random.nextGaussian();
            }
            unit = new double[neurons][];
            for (float[] row : rows) {
                for (int k = 0; k < samples; k++) {
                    row[k] = (float) (shared[k] + random.nextGaussian());
                }
            }
            for (int i = 0; i < neurons; i++) {
                unit[i] = unit(rows[i]);
            }
            values = Matrix.of(rows);
            moments = Matrix.allocate(ElementType.F64, neurons, Kernels.MOMENTS);
            kernels.moments(moments, values, Metric.PEARSON);
            this.neurons = Matrix.allocate(ElementType.I32, 1, neurons);
            int[] all = new int[neurons];
            for (int i = 0; i < neurons; i++) {
                all[i] = i;
            }
            this.neurons.write(0, all, 0, neurons);
            workspace = bytes(kernels.tileWorkspaceBytes());
            left = bytes(kernels.packedBytes(Side.LEFT, neurons, samples));
            right = bytes(kernels.packedBytes(Side.RIGHT, neurons, samples));
            found = Matrix.allocate(ElementType.I64, 1, (long) neurons * neurons);
        }

        Panel pack(Side side) {
            Matrix panel = side == Side.LEFT ? left : right;
            double error = kernels.pack(panel, new LayerView(values, moments), neurons, side);
            return new Panel(panel, 0, unit.length, error);
        }

        double correlation(int i, int j) {
            double sum = 0;
            for (int k = 0; k < unit[i].length; k++) {
                sum += unit[i][k] * unit[j][k];
            }
            return sum;
        }

        boolean passes(Panel left, Panel right, int i, int j, double cut) {
            long count =
                    kernels.correlateTile(found, workspace, new Tile(left, right, unit[0].length, Sign.SIGNED), cut);
            long[] pairs = new long[(int) count];
            found.read(0, pairs, 0, pairs.length);
            for (long pair : pairs) {
                if (pair == ((long) i << 32 | j)) {
                    return true;
                }
            }
            return false;
        }

        private static double[] unit(float[] row) {
            double mean = 0;
            for (float x : row) {
                mean += (double) x / row.length;
            }
            double squares = 0;
            double[] unit = new double[row.length];
            for (int k = 0; k < row.length; k++) {
                unit[k] = row[k] - mean;
                squares += unit[k] * unit[k];
            }
            for (int k = 0; k < row.length; k++) {
                unit[k] /= Math.sqrt(squares);
            }
            return unit;
        }

        private static Matrix bytes(long bytes) {
            return Matrix.allocate(ElementType.I64, 1, (bytes + 7) / 8);
        }

        @Override
        public void close() {
            kernels.close();
            for (Matrix matrix : new Matrix[] {values, moments, neurons, workspace, left, right, found}) {
                matrix.close();
            }
        }
    }
}
