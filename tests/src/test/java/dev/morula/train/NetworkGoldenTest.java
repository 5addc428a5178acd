package dev.morula.train;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.data.SafetensorsFile;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Backends;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.ParameterSpec;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks against PyTorch in float64 (make_networks.py), on the same weights and batch. */
@Tag("device")
class NetworkGoldenTest {
    private static final int SAMPLES = 70;
    private static final int OUTPUTS = 4;
    private static final int KEPT = 300;
    private static final SafetensorsFile GOLDEN = SafetensorsFile.open(golden());

    private static final Map<String, Shape> CASES = Map.ofEntries(
            entry("mlp:12-9-7", new Shape(3, 2, 2)),
            entry("mlp-L3-H8", new Shape(3, 2, 2)),
            entry("mlp:48-96-130", new Shape(3, 4, 4)),
            entry("mlp-L4-H96", new Shape(3, 4, 4)),
            entry("pmnist:8", new Shape(10, 1, 1)),
            entry("conv-L2-H4", new Shape(3, 16, 16)),
            entry("resnet8:0.25", new Shape(3, 16, 16)),
            entry("resnet14:0.5", new Shape(1, 9, 7)),
            entry("wrn10-1", new Shape(3, 12, 12)),
            entry("densenet10-3", new Shape(3, 16, 16)),
            entry("alexnet-cifar:0.05", new Shape(3, 16, 16)));

    static Stream<Arguments> casesOfEveryTier() {
        return CASES.keySet().stream().sorted().flatMap(text -> Backends.available().stream()
                .map(backend -> Arguments.of(text, backend)));
    }

    @ParameterizedTest
    @MethodSource("casesOfEveryTier")
    void isWhatPyTorchMakesOfIt(String text, Backend backend) {
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(2);
                Scratch scratch = new Scratch(workers.count());
                Network network = Network.zeros(Presets.parse(text, CASES.get(text), OUTPUTS));
                Matrix inputs = inputs(network, CASES.get(text), draw(text));
                Matrix labels = labels();
                Matrix step = Matrix.allocate(ElementType.I64, 1, 1);
                Matrix dlogits = Floats.zeros(SAMPLES, OUTPUTS);
                LossOperation losses = new LossOperation(kernels, new Loss.CrossEntropy(0), SAMPLES);
                Inference inference = Inference.of(kernels, workers, network, SAMPLES)) {
            fill(network);
            assertClose(text + "/evaluation", flat(inference.run(inputs)), 1e-5);
            Site site = new Site(
                    kernels, workers, scratch, SAMPLES, network.definition().input(), true);
            try (Operation operation = Operations.forTraining(network, site, new Operations.Dropouts(1, step))) {
                Matrix logits = operation.forward(inputs, Phase.TRAINING);
                assertClose(text + "/training", flat(logits), 1e-5);
                double loss = losses.of(dlogits, logits, labels).loss() / SAMPLES;
                assertClose(text + "/loss", new double[] {loss}, 1e-5);
                Map<String, double[]> gradients = backward(operation, dlogits, workers, network);
                for (Parameter parameter : network.parameters()) {
                    check(text, parameter, gradients.get(parameter.name()));
                }
            }
        }
    }

    private static void check(String text, Parameter parameter, double[] gradient) {
        if (parameter.spec().role().isTrained()) {
            double[] all = inPyTorchsOrder(gradient, parameter.spec());
            int step = Math.max(1, all.length / KEPT);
            double[] kept = new double[(all.length + step - 1) / step];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = all[i * step];
            }
            assertClose(text + "/gradient." + parameter.name(), kept, 1e-4);
        } else {
            assertClose(text + "/after." + parameter.name(), flat(parameter.values()), 1e-5);
        }
    }

    private static Map<String, double[]> backward(
            Operation operation, Matrix dlogits, Workers workers, Network network) {
        Map<String, double[]> gradients = new HashMap<>();
        network.parameters()
                .forEach(p -> gradients.put(
                        p.name(), new double[p.spec().rows() * p.spec().columns()]));
        StepPass pass =
                new StepPass(workers, one -> put(gradients.get(one.parameter().name()), one));
        operation.backward(dlogits, pass);
        pass.finish();
        return gradients;
    }

    private static void put(double[] gradient, Gradient one) {
        Block block = one.block();
        float[] values = new float[(int) (block.rows() * block.columns())];
        one.values().read(0, values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            long row = block.firstRow() + i / block.columns();
            long column = block.firstColumn() + i % block.columns();
            gradient[(int) (row * one.parameter().spec().columns() + column)] += values[i];
        }
    }

    private static double[] inPyTorchsOrder(double[] values, ParameterSpec spec) {
        if (!ChannelOrder.differs(spec)) {
            return values;
        }
        try (Matrix ours = Floats.zeros(spec.rows(), spec.columns());
                Matrix theirs = Floats.zeros(spec.rows(), spec.columns())) {
            for (int i = 0; i < values.length; i++) {
                ours.write(i, new float[] {(float) values[i]}, 0, 1);
            }
            ChannelOrder.toPyTorch(theirs, ours, spec);
            return flat(theirs);
        }
    }

    private static void assertClose(String name, double[] actual, double relative) {
        double[] expected;
        try (Matrix stored = GOLDEN.tensor(name).map()) {
            expected = flat(stored);
        }
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        // Gradients that are 0 but for rounding, such as that of a bias before a batch norm, have nothing to be
        // relative to.
        assertThat(actual).as(name).containsExactly(expected, within(relative * largest + 1e-6));
    }

    private static void fill(Network network) {
        int seed = 0;
        for (Parameter parameter : network.parameters()) {
            ParameterSpec spec = parameter.spec();
            float[] values = new float[spec.rows() * spec.columns()];
            for (int i = 0; i < values.length; i++) {
                double number = number(seed, i);
                values[i] = (float)
                        switch (spec.role()) {
                            case WEIGHT -> number * 3 / Math.sqrt(spec.columns());
                            case SCALE, VARIANCE -> 1 + number;
                            case BIAS, SHIFT, MEAN -> number;
                        };
            }
            try (Matrix theirs = Floats.zeros(spec.rows(), spec.columns())) {
                theirs.write(0, values, 0, values.length);
                if (ChannelOrder.differs(spec)) {
                    ChannelOrder.fromPyTorch(parameter.values(), theirs, spec);
                } else {
                    theirs.copyTo(0, parameter.values(), 0, values.length);
                }
            }
            seed++;
        }
    }

    /** The samples of the script, in the order in which networks of images or of features want them. */
    private static Matrix inputs(Network network, Shape shape, int draw) {
        boolean features = network.definition().input().isFeatures();
        Matrix inputs = features
                ? Floats.zeros(SAMPLES, shape.size())
                : Floats.zeros((long) SAMPLES * shape.positions(), shape.channels());
        for (int i = 0; i < SAMPLES * shape.size(); i++) {
            int sample = i / shape.size();
            int channel = i % shape.size() / shape.positions();
            int position = i % shape.positions();
            int to = features ? i : (sample * shape.positions() + position) * shape.channels() + channel;
            inputs.write(to, new float[] {(float) (4 * number(draw, i))}, 0, 1);
        }
        return inputs;
    }

    private static int draw(String text) {
        try (Matrix stored = GOLDEN.tensor(text + "/inputs").map()) {
            return (int) stored.row(0)[0];
        }
    }

    private static Matrix labels() {
        return Floats.integers(
                IntStream.range(0, SAMPLES).map(sample -> sample % OUTPUTS).toArray());
    }

    private static double number(int seed, long index) {
        long mask = 0xFFFFFFFFL;
        long bits = (index * 2654435761L + seed * 40503L + 12345) & mask;
        bits = ((bits ^ bits >> 15) * 2246822519L) & mask;
        bits ^= bits >> 13;
        return bits / 0x1p32 - 0.5;
    }

    private static double[] flat(Matrix matrix) {
        if (matrix.type() != ElementType.F32) {
            throw new IllegalArgumentException("F32 alone");
        }
        float[] values = new float[(int) (matrix.rows() * matrix.columns())];
        matrix.read(0, values, 0, values.length);
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static Path golden() {
        try {
            return Path.of(
                    NetworkGoldenTest.class.getResource("networks.safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
