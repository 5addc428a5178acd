package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Matrix;
import dev.morula.network.LocalResponseNorm;
import dev.morula.network.Shape;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Layers by definition, in float64, on matrices of one row a position and one column a channel. */
final class DoubleLayers {
    private static final double STEP = 1e-5;

    private DoubleLayers() {}

    /** By the batch's own mean and biased variance. */
    static double[][] batchNorm(double[][] x, double[] scale, double[] shift) {
        double[][] y = new double[x.length][scale.length];
        for (int c = 0; c < scale.length; c++) {
            double mean = mean(x, c);
            double deviation = Math.sqrt(squares(x, c) / x.length + 1e-5);
            for (int row = 0; row < x.length; row++) {
                y[row][c] = scale[c] * (x[row][c] - mean) / deviation + shift[c];
            }
        }
        return y;
    }

    static double mean(double[][] x, int channel) {
        double sum = 0;
        for (double[] row : x) {
            sum += row[channel];
        }
        return sum / x.length;
    }

    /** The sum of squared deviations from the mean. */
    static double squares(double[][] x, int channel) {
        double mean = mean(x, channel);
        double sum = 0;
        for (double[] row : x) {
            sum += (row[channel] - mean) * (row[channel] - mean);
        }
        return sum;
    }

    static double[][] relu(double[][] x) {
        return map(x, value -> Math.max(0, value));
    }

    interface Function {
        double of(double value);
    }

    static double[][] map(double[][] x, Function function) {
        double[][] y = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int c = 0; c < x[row].length; c++) {
                y[row][c] = function.of(x[row][c]);
            }
        }
        return y;
    }

    static double[][] add(double[][] left, double[][] right) {
        double[][] sum = new double[left.length][left[0].length];
        for (int row = 0; row < left.length; row++) {
            for (int c = 0; c < left[row].length; c++) {
                sum[row][c] = left[row][c] + right[row][c];
            }
        }
        return sum;
    }

    static double[][] concatenate(double[][] left, double[][] right) {
        double[][] both = new double[left.length][left[0].length + right[0].length];
        for (int row = 0; row < left.length; row++) {
            System.arraycopy(left[row], 0, both[row], 0, left[row].length);
            System.arraycopy(right[row], 0, both[row], left[row].length, right[row].length);
        }
        return both;
    }

    /** Windows of an image; numbers outside of it are {@code outside}. */
    record Windows(Shape input, int height, int width, int stride, int padding, double outside) {
        Shape output() {
            return new Shape(
                    input.channels(),
                    (input.height() + 2 * padding - height) / stride + 1,
                    (input.width() + 2 * padding - width) / stride + 1);
        }

        private double[] at(double[][] x, int sample, int row, int column, int channel) {
            double[] numbers = new double[height * width];
            for (int i = 0; i < numbers.length; i++) {
                int r = row * stride - padding + i / width;
                int c = column * stride - padding + i % width;
                boolean inside = r >= 0 && r < input.height() && c >= 0 && c < input.width();
                numbers[i] = inside ? x[sample * input.positions() + r * input.width() + c][channel] : outside;
            }
            return numbers;
        }
    }

    /** What {@code summary} says of every window. */
    static double[][] pool(double[][] x, Windows windows, ToDoubleFunction<double[]> summary) {
        Shape output = windows.output();
        int samples = x.length / windows.input.positions();
        double[][] y = new double[samples * output.positions()][output.channels()];
        for (int i = 0; i < y.length; i++) {
            int sample = i / output.positions();
            int position = i % output.positions();
            for (int c = 0; c < output.channels(); c++) {
                y[i][c] = summary.applyAsDouble(
                        windows.at(x, sample, position / output.width(), position % output.width(), c));
            }
        }
        return y;
    }

    static double[][] localResponseNorm(double[][] x, LocalResponseNorm layer) {
        double[][] y = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int c = 0; c < y[row].length; c++) {
                double sum = 0;
                int first = c - layer.size() / 2;
                for (int k = Math.max(0, first); k < Math.min(y[row].length, first + layer.size()); k++) {
                    sum += x[row][k] * x[row][k];
                }
                y[row][c] = x[row][c] / Math.pow(layer.bias() + layer.alpha() / layer.size() * sum, layer.beta());
            }
        }
        return y;
    }

    static double[][] flatten(double[][] x, Shape input) {
        int positions = input.positions();
        double[][] y = new double[x.length / positions][input.size()];
        for (int row = 0; row < x.length; row++) {
            for (int c = 0; c < input.channels(); c++) {
                y[row / positions][c * positions + row % positions] = x[row][c];
            }
        }
        return y;
    }

    /** The slope of {@code sum dout * layer(x)} along a number of {@code x}, or of what {@code layer} reads elsewhere. */
    static double slope(UnaryOperator<double[][]> layer, double[][] x, double[][] dout, double[] row, int column) {
        double value = row[column];
        row[column] = value + STEP;
        double[][] above = layer.apply(x);
        row[column] = value - STEP;
        double[][] below = layer.apply(x);
        row[column] = value;
        double slope = 0;
        for (int r = 0; r < dout.length; r++) {
            for (int c = 0; c < dout[r].length; c++) {
                slope += dout[r][c] * (above[r][c] - below[r][c]) / (2 * STEP);
            }
        }
        return slope;
    }

    /** Fails unless every number is within {@code tolerance}; in a loop, since there are many. */
    static void assertClose(String name, Matrix actual, double[][] expected, double tolerance) {
        double[][] values = Floats.doubles(actual);
        assertThat(values.length).as(name).isEqualTo(expected.length);
        for (int row = 0; row < values.length; row++) {
            assertThat(values[row].length).as(name).isEqualTo(expected[row].length);
            for (int c = 0; c < values[row].length; c++) {
                if (!(Math.abs(values[row][c] - expected[row][c]) <= tolerance)) {
                    assertThat(values[row][c])
                            .as("%s: %d, %d", name, row, c)
                            .isCloseTo(expected[row][c], within(tolerance));
                }
            }
        }
    }
}
