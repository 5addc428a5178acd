package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.AveragePool;
import dev.morula.network.LocalResponseNorm;
import dev.morula.network.MaxPool;
import dev.morula.network.Shape;
import dev.morula.train.DoubleLayers.Windows;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers without parameters and what is composed of them: forward by definition, backward by central differences. */
@Tag("device")
class OperationsTest {
    private static final LocalResponseNorm RESPONSE = new LocalResponseNorm(5, 1e-1, 0.75, 2);
    private static final LocalResponseNorm OTHER_RESPONSE = new LocalResponseNorm(4, 0.3, 0.6, 1);

    /** Numbers of a matrix that central differences are taken along, when it has more. */
    private static final int PROBES = 60;

    /** An operation, the shape of its input, and what it computes. */
    private record Case(
            String name, Shape input, Function<Site, Operation> operation, UnaryOperator<double[][]> definition) {
        @Override
        public String toString() {
            return name + " of " + input;
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("ReLU", new Shape(3, 5, 7), ReluOperation::new, DoubleLayers::relu),
            new Case("ReLU", Shape.features(17_001), ReluOperation::new, DoubleLayers::relu),
            flatten(new Shape(5, 3, 7)),
            flatten(new Shape(1, 3, 7)),
            flatten(Shape.features(13)),
            flatten(new Shape(131, 13, 11)),
            maxPool(new Shape(3, 6, 7), 2, 2, 0),
            maxPool(new Shape(17, 7, 5), 3, 2, 1),
            maxPool(new Shape(300, 7, 11), 3, 1, 1),
            averagePool(new Shape(3, 6, 7), 2, 2, 0),
            averagePool(new Shape(17, 7, 5), 3, 2, 1),
            averagePool(new Shape(1, 5, 5), 2, 3, 0),
            globalAveragePool(new Shape(19, 7, 5)),
            globalAveragePool(Shape.features(3)),
            response(new Shape(17, 3, 3), RESPONSE),
            response(new Shape(17, 3, 3), OTHER_RESPONSE),
            response(new Shape(2, 5, 3), RESPONSE),
            response(new Shape(96, 13, 13), RESPONSE),
            new Case(
                    "sequence",
                    new Shape(3, 6, 7),
                    site -> new SequenceOperation(List.of(
                            new MaxPoolOperation(MaxPool.of(2), site),
                            new LocalResponseNormOperation(RESPONSE, site.after(MaxPool.of(2))))),
                    x -> DoubleLayers.localResponseNorm(maxima(x, new Shape(3, 6, 7), 2, 2, 0), RESPONSE)),
            new Case(
                    "residual",
                    new Shape(7, 5, 3),
                    site -> new ResidualOperation(
                            new LocalResponseNormOperation(RESPONSE, site), null, Activation.RELU, site),
                    x -> DoubleLayers.relu(DoubleLayers.add(DoubleLayers.localResponseNorm(x, RESPONSE), x))),
            new Case(
                    "residual with a shortcut",
                    new Shape(7, 6, 4),
                    site -> new ResidualOperation(
                            new MaxPoolOperation(MaxPool.of(2), site),
                            new AveragePoolOperation(AveragePool.of(2), site),
                            Activation.IDENTITY,
                            site),
                    x -> DoubleLayers.add(
                            maxima(x, new Shape(7, 6, 4), 2, 2, 0), means(x, new Shape(7, 6, 4), 2, 2, 0))),
            new Case(
                    "concatenation",
                    new Shape(65, 17, 13),
                    site -> new ConcatenationOperation(
                            new LocalResponseNormOperation(RESPONSE, site), site, new Shape(65, 17, 13)),
                    x -> DoubleLayers.concatenate(x, DoubleLayers.localResponseNorm(x, RESPONSE))));

    private static Case flatten(Shape input) {
        return new Case("flatten", input, FlattenOperation::new, x -> DoubleLayers.flatten(x, input));
    }

    private static Case maxPool(Shape input, int window, int stride, int padding) {
        return new Case(
                "max pool",
                input,
                site -> new MaxPoolOperation(new MaxPool(window, stride, padding), site),
                x -> maxima(x, input, window, stride, padding));
    }

    private static double[][] maxima(double[][] x, Shape input, int window, int stride, int padding) {
        Windows windows = new Windows(input, window, window, stride, padding, Double.NEGATIVE_INFINITY);
        return DoubleLayers.pool(
                x, windows, numbers -> Arrays.stream(numbers).max().orElseThrow());
    }

    private static Case averagePool(Shape input, int window, int stride, int padding) {
        return new Case(
                "average pool",
                input,
                site -> new AveragePoolOperation(new AveragePool(window, stride, padding), site),
                x -> means(x, input, window, stride, padding));
    }

    private static double[][] means(double[][] x, Shape input, int window, int stride, int padding) {
        Windows windows = new Windows(input, window, window, stride, padding, 0);
        return DoubleLayers.pool(
                x, windows, numbers -> Arrays.stream(numbers).average().orElseThrow());
    }

    private static Case globalAveragePool(Shape input) {
        Windows windows = new Windows(input, input.height(), input.width(), 1, 0, 0);
        return new Case(
                "global average pool",
                input,
                AveragePoolOperation::global,
                x -> DoubleLayers.pool(
                        x, windows, numbers -> Arrays.stream(numbers).average().orElseThrow()));
    }

    private static Case response(Shape input, LocalResponseNorm layer) {
        return new Case(
                "local response norm",
                input,
                site -> new LocalResponseNormOperation(layer, site),
                x -> DoubleLayers.localResponseNorm(x, layer));
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void forwardIsTheDefinitionAndBackwardItsSlope(Backend backend) {
        for (int threads : new int[] {1, 3}) {
            try (Kernels kernels = backend.open();
                    Workers workers = new Workers(threads);
                    Scratch scratch = new Scratch(threads)) {
                for (Case c : CASES) {
                    Site site = new Site(kernels, workers, scratch, 5, c.input, false);
                    try (Operation operation = c.operation.apply(site)) {
                        check(c, operation, workers, 5);
                        check(c, operation, workers, 2); // the last batch of an epoch
                        check(c, operation, workers, 5);
                    }
                }
            }
        }
    }

    private static void check(Case c, Operation operation, Workers workers, int samples) {
        Random random = new Random(samples);
        try (Matrix inp = Floats.random(samples * c.input.positions(), c.input.channels(), random)) {
            double[][] x = Floats.doubles(inp);
            double[][] y = c.definition.apply(x);
            DoubleLayers.assertClose(c.toString(), operation.forward(inp, Phase.EVALUATION), y, 2e-6);
            DoubleLayers.assertClose(c.toString(), operation.forward(inp, Phase.TRAINING), y, 2e-6);
            try (Matrix dout = Floats.random(y.length, y[0].length, random)) {
                double[][] slopes = Floats.doubles(dout);
                RecordingPass pass = new RecordingPass(workers);
                Matrix dinp = operation.backward(dout, pass);
                assertThat(dinp.rows()).isEqualTo(x.length);
                DoubleLayers.assertClose("dout is as it was", dout, slopes, 0);
                double[][] gradient = Floats.doubles(dinp);
                for (int[] probe : probes(x, random)) {
                    assertThat(gradient[probe[0]][probe[1]])
                            .as("%s: slope at %s", c, Arrays.toString(probe))
                            .isCloseTo(slope(c, x, slopes, samples, probe), within(5e-6));
                }
            }
        }
    }

    /** The slope along one number, by the numbers of its sample alone: no operation here mixes samples. */
    private static double slope(Case c, double[][] x, double[][] dout, int samples, int[] probe) {
        int sample = probe[0] / c.input.positions();
        double[][] own = rows(x, sample, c.input.positions());
        double[][] slopes = rows(dout, sample, dout.length / samples);
        return DoubleLayers.slope(c.definition, own, slopes, own[probe[0] % c.input.positions()], probe[1]);
    }

    private static double[][] rows(double[][] x, int sample, int rows) {
        return Arrays.copyOfRange(x, sample * rows, (sample + 1) * rows);
    }

    /** All places in a small matrix; some of a large one, its corners among them. */
    private static List<int[]> probes(double[][] x, Random random) {
        int columns = x[0].length;
        int count = x.length * columns;
        if (count <= PROBES * 10) {
            return IntStream.range(0, count)
                    .mapToObj(i -> new int[] {i / columns, i % columns})
                    .toList();
        }
        return IntStream.concat(
                        IntStream.of(0, columns - 1, count - columns, count - 1),
                        random.ints(count > 10_000 ? 4 : PROBES, 0, count))
                .mapToObj(i -> new int[] {i / columns, i % columns})
                .toList();
    }

    @Test
    void noGradientIsMadeOfAnInputThatNobodyAsksFor() {
        for (Case c : CASES) {
            try (Kernels kernels = Kernels.cpu();
                    Workers workers = new Workers(1);
                    Scratch scratch = new Scratch(1);
                    Operation operation = c.operation.apply(new Site(kernels, workers, scratch, 2, c.input, true));
                    Matrix inp = Floats.random(2 * c.input.positions(), c.input.channels(), new Random(1))) {
                Matrix out = operation.forward(inp, Phase.TRAINING);
                try (Matrix dout = Floats.zeros(out.rows(), out.columns())) {
                    assertThat(operation.backward(dout, new RecordingPass(workers)))
                            .isNull();
                }
            }
        }
    }

    @Test
    void notANumberGoesThrough() {
        for (Case c : CASES) {
            try (Kernels kernels = Kernels.cpu();
                    Workers workers = new Workers(1);
                    Scratch scratch = new Scratch(1);
                    Operation operation = c.operation.apply(new Site(kernels, workers, scratch, 1, c.input, false));
                    Matrix inp = Floats.random(c.input.positions(), c.input.channels(), new Random(1))) {
                inp.write(0, new float[] {Float.NaN}, 0, 1);
                double[][] out = Floats.doubles(operation.forward(inp, Phase.TRAINING));
                assertThat(Arrays.stream(out).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN))
                        .as(c.toString())
                        .isTrue();
            }
        }
    }
}
