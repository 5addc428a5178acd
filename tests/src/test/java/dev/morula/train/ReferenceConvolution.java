package dev.morula.train;

import dev.morula.kernel.ConvolutionShape;

/** A convolution and its gradients in float64, straight from the definition. */
final class ReferenceConvolution {
    private final ConvolutionShape shape;
    private final double[][] inp;
    private final double[][] weight;
    private final double[] bias;

    /** {@code bias} may be null. */
    ReferenceConvolution(ConvolutionShape shape, double[][] inp, double[][] weight, double[] bias) {
        this.shape = shape;
        this.inp = inp;
        this.weight = weight;
        this.bias = bias;
    }

    /** A row of the input, a row of the output, and the first column of the weight that connects them. */
    private interface Connection {
        void visit(int from, int to, int column);
    }

    private void forEachConnection(Connection connection) {
        int height = (int) shape.outputHeight();
        int width = (int) shape.outputWidth();
        int samples = inp.length / (int) shape.inputPositions();
        for (int to = 0; to < samples * height * width; to++) {
            for (int tap = 0; tap < shape.kernel() * shape.kernel(); tap++) {
                long y = to / width % height * shape.stride() + tap / shape.kernel() - shape.padding();
                long x = to % width * shape.stride() + tap % shape.kernel() - shape.padding();
                if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                    long sample = to / (height * width);
                    long from = (sample * shape.height() + y) * shape.width() + x;
                    connection.visit((int) from, to, tap * (int) shape.inputs());
                }
            }
        }
    }

    double[][] output() {
        int samples = inp.length / (int) shape.inputPositions();
        double[][] out = new double[samples * (int) shape.outputPositions()][(int) shape.outputs()];
        for (double[] row : out) {
            for (int o = 0; o < row.length; o++) {
                row[o] = bias == null ? 0 : bias[o];
            }
        }
        forEachConnection((from, to, column) -> {
            for (int o = 0; o < shape.outputs(); o++) {
                for (int i = 0; i < shape.inputs(); i++) {
                    out[to][o] += inp[from][i] * weight[o][column + i];
                }
            }
        });
        return out;
    }

    double[][] weightGradient(double[][] dout) {
        double[][] dweight = new double[(int) shape.outputs()][(int) shape.weightColumns()];
        forEachConnection((from, to, column) -> {
            for (int o = 0; o < shape.outputs(); o++) {
                for (int i = 0; i < shape.inputs(); i++) {
                    dweight[o][column + i] += dout[to][o] * inp[from][i];
                }
            }
        });
        return dweight;
    }

    double[] biasGradient(double[][] dout) {
        double[] dbias = new double[(int) shape.outputs()];
        for (double[] row : dout) {
            for (int o = 0; o < row.length; o++) {
                dbias[o] += row[o];
            }
        }
        return dbias;
    }

    double[][] inputGradient(double[][] dout) {
        double[][] dinp = new double[inp.length][(int) shape.inputs()];
        forEachConnection((from, to, column) -> {
            for (int o = 0; o < shape.outputs(); o++) {
                for (int i = 0; i < shape.inputs(); i++) {
                    dinp[from][i] += dout[to][o] * weight[o][column + i];
                }
            }
        });
        return dinp;
    }
}
