package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Block;
import dev.morula.kernel.ConvolutionShape;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.Convolution;
import dev.morula.network.ParameterSpec;
import dev.morula.network.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A convolution through the interface of operations, against the definition in float64. */
@Tag("device")
class ConvolutionOperationTest {
    private static final Shape IMAGE = new Shape(3, 17, 16);
    private static final Shape SMALL_IMAGE = new Shape(70, 3, 4);
    private static final int BATCH = 37;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void forwardAndBackwardAreTheDefinition(Backend backend) {
        for (int workers : new int[] {1, 2, 5}) {
            check(backend, workers, IMAGE, new Convolution(3, 9, 3, 1, 1, true));
            check(backend, workers, IMAGE, new Convolution(3, 9, 3, 2, 1, false));
            check(backend, workers, SMALL_IMAGE, new Convolution(70, 65, 3, 1, 1, true)); // shared out by columns too
            check(backend, workers, SMALL_IMAGE, new Convolution(70, 1, 1, 1, 0, true));
        }
    }

    /** A whole batch, then the smaller last one of an epoch. */
    private static void check(Backend backend, int threads, Shape image, Convolution layer) {
        try (Fixture fixture = new Fixture(backend, threads, image, layer, false)) {
            fixture.check(BATCH);
            fixture.check(1);
            fixture.check(BATCH - 8);
        }
    }

    @Test
    void theFirstLayerComputesNoInputGradient() {
        try (Fixture fixture = new Fixture(Backend.PORTABLE, 2, IMAGE, new Convolution(3, 9, 3, 1, 1, true), true)) {
            fixture.check(BATCH);
        }
    }

    @Test
    void repeatsBitForBit() {
        try (Fixture fixture = new Fixture(Backend.PORTABLE, 3, IMAGE, new Convolution(3, 9, 3, 1, 1, true), false)) {
            Map<String, double[][]> first = fixture.gradients(BATCH);
            Map<String, double[][]> second = fixture.gradients(BATCH);
            first.forEach((name, gradient) -> assertThat(Arrays.deepEquals(gradient, second.get(name)))
                    .as(name)
                    .isTrue());
        }
    }

    /** Runs tasks on the workers; those for later wait for the next run, as in training. */
    private static final class Pass implements BackwardPass {
        private final Workers workers;
        private final Map<String, double[][]> gradients = new HashMap<>();
        private final List<Task> pending = new ArrayList<>();

        Pass(Workers workers) {
            this.workers = workers;
        }

        @Override
        public void run(List<Task> tasks) {
            List<Task> all = new ArrayList<>(tasks);
            all.addAll(pending);
            pending.clear();
            workers.forEach(all.size(), (part, worker) -> all.get((int) part).run(worker));
        }

        @Override
        public void later(List<Task> tasks) {
            pending.addAll(tasks);
        }

        @Override
        public synchronized void gradient(Parameter parameter, Block block, Matrix gradient) {
            double[][] whole = gradients.computeIfAbsent(parameter.name(), name -> missing(parameter.values()));
            float[] values = new float[(int) (block.rows() * block.columns())];
            gradient.read(0, values, 0, values.length);
            for (int k = 0; k < values.length; k++) {
                int row = (int) (block.firstRow() + k / block.columns());
                int column = (int) (block.firstColumn() + k % block.columns());
                if (!Double.isNaN(whole[row][column])) {
                    throw new AssertionError(parameter.name() + " " + row + ", " + column + " is given twice");
                }
                whole[row][column] = values[k];
            }
        }

        private static double[][] missing(Matrix values) {
            double[][] whole = new double[(int) values.rows()][(int) values.columns()];
            for (double[] row : whole) {
                Arrays.fill(row, Double.NaN);
            }
            return whole;
        }
    }

    private static final class Fixture implements AutoCloseable {
        private final Random random = new Random(7);
        private final Kernels kernels;
        private final Workers workers;
        private final Scratch scratch;
        private final Convolution layer;
        private final ConvolutionShape shape;
        private final boolean isFirst;
        private final Parameter weight;
        private final Parameter bias;
        private final ConvolutionOperation operation;

        Fixture(Backend backend, int threads, Shape image, Convolution layer, boolean isFirst) {
            this.kernels = backend.open();
            this.workers = new Workers(threads);
            this.scratch = new Scratch(threads);
            this.layer = layer;
            this.isFirst = isFirst;
            shape = new ConvolutionShape(
                    image.height(),
                    image.width(),
                    layer.inputs(),
                    layer.outputs(),
                    layer.kernel(),
                    layer.stride(),
                    layer.padding());
            weight = parameter("weight", layer.outputs(), (int) shape.weightColumns());
            bias = layer.hasBias() ? parameter("bias", 1, layer.outputs()) : null;
            Site site = new Site(kernels, workers, scratch, BATCH, image, isFirst);
            operation = new ConvolutionOperation(layer, site, weight, bias);
        }

        private Parameter parameter(String name, int rows, int columns) {
            ParameterSpec spec = new ParameterSpec(name, List.of(rows, columns), ParameterSpec.Role.WEIGHT);
            return new Parameter(name, spec, Floats.random(rows, columns, random));
        }

        void check(int samples) {
            try (Matrix inp = Floats.random(samples * (int) shape.inputPositions(), layer.inputs(), random);
                    Matrix dout = Floats.random(samples * (int) shape.outputPositions(), layer.outputs(), random)) {
                double[] biases = bias == null ? null : Floats.doubles(bias.values())[0];
                ReferenceConvolution reference =
                        new ReferenceConvolution(shape, Floats.doubles(inp), Floats.doubles(weight.values()), biases);
                double[][] slopes = Floats.doubles(dout);
                long terms = Math.max(shape.weightColumns(), dout.rows());

                Floats.assertClose(Floats.doubles(operation.forward(inp, Phase.TRAINING)), reference.output(), terms);
                Pass pass = new Pass(workers);
                Matrix dinp = operation.backward(dout, pass);
                assertThat(pass.gradients).as("nothing waits for them").isEmpty();
                pass.run(List.of());

                assertThat(dinp == null).isEqualTo(isFirst);
                if (!isFirst) {
                    Floats.assertClose(Floats.doubles(dinp), reference.inputGradient(slopes), terms);
                }
                Floats.assertClose(pass.gradients.get("weight"), reference.weightGradient(slopes), terms);
                if (bias != null) {
                    Floats.assertClose(
                            pass.gradients.get("bias"), new double[][] {reference.biasGradient(slopes)}, terms);
                }
            }
        }

        Map<String, double[][]> gradients(int samples) {
            Random same = new Random(9);
            try (Matrix inp = Floats.random(samples * (int) shape.inputPositions(), layer.inputs(), same);
                    Matrix dout = Floats.random(samples * (int) shape.outputPositions(), layer.outputs(), same)) {
                operation.forward(inp, Phase.TRAINING);
                Pass pass = new Pass(workers);
                Matrix dinp = operation.backward(dout, pass);
                pass.run(List.of());
                pass.gradients.put("input", Floats.doubles(dinp));
                return pass.gradients;
            }
        }

        @Override
        public void close() {
            operation.close();
            weight.values().close();
            if (bias != null) {
                bias.values().close();
            }
            scratch.close();
            workers.close();
            kernels.close();
        }
    }
}
