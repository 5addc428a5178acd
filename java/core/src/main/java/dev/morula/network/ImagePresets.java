package dev.morula.network;

import static dev.morula.network.Presets.number;

import dev.morula.MorulaException;
import dev.morula.network.Presets.Task;
import dev.morula.network.Sequence.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;

/** The presets that read images. */
final class ImagePresets {
    private ImagePresets() {}

    /** {@code channels} times the width factor of {@code group}, which is 1 where it is left out. */
    private static int scaled(int channels, MatchResult match, int group) {
        double factor = match.group(group) == null ? 1 : Double.parseDouble(match.group(group));
        return Math.toIntExact(Math.max(1, Math.round(channels * factor)));
    }

    /** CONV-L-H of Galanti et al.: the image is halved twice, then L convolutions keep its size. */
    static NetworkDefinition deepConvolution(MatchResult match, Task task) {
        int channels = number(match, 2);
        List<Layer> layers = new ArrayList<>();
        addConvolution(layers, new Convolution(task.sample().channels(), channels, 2, 2, 0, true));
        addConvolution(layers, new Convolution(channels, channels, 2, 2, 0, true));
        for (int layer = 0; layer < number(match, 1); layer++) {
            addConvolution(layers, new Convolution(channels, channels, 3, 1, 1, true));
        }
        layers.add(new Flatten());
        int features = Sequence.of(layers).output(task.sample()).size();
        layers.add(Linear.of(features, task.outputs()));
        return task.of(Sequence.of(layers));
    }

    private static void addConvolution(List<Layer> layers, Convolution convolution) {
        layers.addAll(List.of(convolution, new BatchNorm(convolution.outputs()), new Relu()));
    }

    /** ResNet-20, -32, -44, -56, ... for 32 x 32 images (He et al., 2016), with projections where the shape changes. */
    static NetworkDefinition resnet(MatchResult match, Task task) {
        int depth = number(match, 1);
        if (depth < 8 || (depth - 2) % 6 != 0) {
            throw MorulaException.usage(
                    "network \"%s\": the depth is %d, but must be 6 n + 2: 8, 14, 20, ... 56", task.name(), depth);
        }
        int width = scaled(16, match, 2);
        List<Named> layers = new ArrayList<>(List.of(
                new Named("conv1", Convolution.threeByThree(task.sample().channels(), width)),
                new Named("bn1", new BatchNorm(width)),
                new Named("relu", new Relu())));
        int inputs = width;
        for (int stage = 0; stage < 3; stage++) {
            List<Layer> blocks = new ArrayList<>();
            for (int block = 0; block < (depth - 2) / 6; block++) {
                blocks.add(basicBlock(inputs, width << stage, stage > 0 && block == 0 ? 2 : 1));
                inputs = width << stage;
            }
            layers.add(new Named("layer" + (stage + 1), Sequence.of(blocks)));
        }
        layers.add(new Named("pool", new GlobalAveragePool()));
        layers.add(new Named("fc", Linear.of(inputs, task.outputs())));
        return task.of(new Sequence(layers));
    }

    private static Sequence basicBlock(int inputs, int outputs, int stride) {
        Sequence body = new Sequence(List.of(
                new Named("conv1", new Convolution(inputs, outputs, 3, stride, 1, false)),
                new Named("bn1", new BatchNorm(outputs)),
                new Named("relu1", new Relu()),
                new Named("conv2", Convolution.threeByThree(outputs, outputs)),
                new Named("bn2", new BatchNorm(outputs))));
        Optional<Sequence> shortcut = inputs == outputs && stride == 1
                ? Optional.empty()
                : Optional.of(
                        Sequence.of(new Convolution(inputs, outputs, 1, stride, 0, false), new BatchNorm(outputs)));
        return new Sequence(List.of(new Named("", new Residual(body, shortcut)), new Named("relu2", new Relu())));
    }

    /**
     * Wide ResNet (Zagoruyko and Komodakis, 2016) of depth 6 n + 4 and width factor k. As in Doimo et al. there is no ReLU
     * between the last batch norm and the average pool.
     */
    static NetworkDefinition wideResnet(MatchResult match, Task task) {
        int depth = number(match, 1);
        int factor = number(match, 2);
        if (depth < 10 || (depth - 4) % 6 != 0 || factor < 1) {
            throw MorulaException.usage(
                    "network \"%s\": depth %d and factor %d, but they must be 6 n + 4 (10, 16, 22, 28, ...) and at least 1",
                    task.name(), depth, factor);
        }
        List<Named> layers = new ArrayList<>();
        layers.add(new Named("conv1", Convolution.threeByThree(task.sample().channels(), 16)));
        int inputs = 16;
        for (int stage = 0; stage < 3; stage++) {
            int outputs = (16 << stage) * factor;
            List<Layer> blocks = new ArrayList<>();
            for (int block = 0; block < (depth - 4) / 6; block++) {
                blocks.add(preActivationBlock(inputs, outputs, stage > 0 && block == 0 ? 2 : 1));
                inputs = outputs;
            }
            layers.add(new Named("block" + (stage + 1), Sequence.of(blocks)));
        }
        layers.add(new Named("bn1", new BatchNorm(inputs)));
        layers.add(new Named("pool", new GlobalAveragePool()));
        layers.add(new Named("fc", Linear.of(inputs, task.outputs())));
        return task.of(new Sequence(layers));
    }

    /** Where the shape changes, the shortcut is a projection of what batch norm and ReLU make of the input. */
    private static Sequence preActivationBlock(int inputs, int outputs, int stride) {
        List<Named> activation = List.of(new Named("bn1", new BatchNorm(inputs)), new Named("relu1", new Relu()));
        List<Named> products = List.of(
                new Named("conv1", new Convolution(inputs, outputs, 3, stride, 1, false)),
                new Named("bn2", new BatchNorm(outputs)),
                new Named("relu2", new Relu()),
                new Named("conv2", Convolution.threeByThree(outputs, outputs)));
        if (inputs == outputs && stride == 1) {
            return new Sequence(
                    List.of(new Named("", new Residual(concatenated(activation, products), Optional.empty()))));
        }
        Sequence projection =
                new Sequence(List.of(new Named("", new Convolution(inputs, outputs, 1, stride, 0, false))));
        Residual residual = new Residual(new Sequence(products), Optional.of(projection));
        return concatenated(activation, List.of(new Named("", residual)));
    }

    private static Sequence concatenated(List<Named> first, List<Named> second) {
        List<Named> all = new ArrayList<>(first);
        all.addAll(second);
        return new Sequence(all);
    }

    /** DenseNet (Huang et al., 2017) of depth 3 n + 4 without bottlenecks: three dense blocks of n layers. */
    static NetworkDefinition densenet(MatchResult match, Task task) {
        int depth = number(match, 1);
        int growth = number(match, 2);
        if (depth < 7 || (depth - 4) % 3 != 0 || growth < 1) {
            throw MorulaException.usage(
                    "network \"%s\": depth %d and growth %d, but they must be 3 n + 4 (7, 10, ... 40) and at least 1",
                    task.name(), depth, growth);
        }
        int channels = 16;
        List<Named> layers = new ArrayList<>();
        layers.add(new Named("conv1", Convolution.threeByThree(task.sample().channels(), channels)));
        for (int stage = 1; stage <= 3; stage++) {
            List<Layer> dense = new ArrayList<>();
            for (int layer = 0; layer < (depth - 4) / 3; layer++) {
                dense.add(denseLayer(channels, growth));
                channels += growth;
            }
            layers.add(new Named("dense" + stage, Sequence.of(dense)));
            if (stage < 3) {
                layers.add(new Named("transition" + stage, transition(channels)));
            }
        }
        layers.add(new Named("bn1", new BatchNorm(channels)));
        layers.add(new Named("pool", new GlobalAveragePool()));
        layers.add(new Named("fc", Linear.of(channels, task.outputs())));
        return task.of(new Sequence(layers));
    }

    private static Concatenation denseLayer(int channels, int growth) {
        return new Concatenation(new Sequence(List.of(
                new Named("bn1", new BatchNorm(channels)),
                new Named("relu1", new Relu()),
                new Named("conv1", Convolution.threeByThree(channels, growth)))));
    }

    private static Sequence transition(int channels) {
        return new Sequence(List.of(
                new Named("bn1", new BatchNorm(channels)),
                new Named("relu1", new Relu()),
                new Named("conv1", new Convolution(channels, channels, 1, 1, 0, false)),
                new Named("pool", AveragePool.of(2))));
    }

    /** The small AlexNet of Casper et al.: two convolutions of 96 and 256 channels and layers of 384 and 192 units, times m. */
    static NetworkDefinition alexnet(MatchResult match, Task task) {
        int first = scaled(96, match, 1);
        int second = scaled(256, match, 1);
        List<Named> layers = new ArrayList<>(List.of(
                new Named("conv1", new Convolution(task.sample().channels(), first, 5, 1, 2, true)),
                new Named("relu1", new Relu()),
                new Named("pool1", new MaxPool(3, 2, 1)),
                new Named("norm1", new LocalResponseNorm(9, 1e-3, 0.75, 1)),
                new Named("conv2", new Convolution(first, second, 5, 1, 2, true)),
                new Named("relu2", new Relu()),
                new Named("norm2", new LocalResponseNorm(9, 1e-3, 0.75, 1)),
                new Named("pool2", new MaxPool(3, 2, 1)),
                new Named("flatten", new Flatten())));
        int features = new Sequence(layers).output(task.sample()).size();
        int third = scaled(384, match, 1);
        int fourth = scaled(192, match, 1);
        layers.addAll(List.of(
                new Named("fc1", Linear.of(features, third)),
                new Named("relu3", new Relu()),
                new Named("fc2", Linear.of(third, fourth)),
                new Named("relu4", new Relu()),
                new Named("fc3", Linear.of(fourth, task.outputs()))));
        return task.of(new Sequence(layers));
    }
}
