package dev.morula.network;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The networks that have names. Each is a value built from layers; its parameters have the names of a PyTorch module. */
public final class Presets {
    private static final int TEACHER_UNITS = 32;

    /** What a preset is made for. */
    record Task(String name, Shape sample, int outputs) {
        /** A network of images. */
        NetworkDefinition of(Sequence layers) {
            return new NetworkDefinition(name, sample, layers);
        }

        /** A network of features. */
        NetworkDefinition ofFeatures(Sequence layers) {
            return new NetworkDefinition(name, Shape.features(sample.size()), layers);
        }
    }

    /** A form of text and the network that it stands for. */
    private record Preset(String example, String form, BiFunction<MatchResult, Task, NetworkDefinition> build) {
        Optional<NetworkDefinition> match(Task task) {
            Matcher matcher = Pattern.compile(form).matcher(task.name);
            return matcher.matches() ? Optional.of(build.apply(matcher.toMatchResult(), task)) : Optional.empty();
        }
    }

    private static final String COUNT = "([1-9]\\d{0,8})";
    private static final String FACTOR = "(?::(\\d{1,4}(?:\\.\\d{1,6})?))?";

    private static final List<Preset> ALL = List.of(
            new Preset("mlp:784-256-256-4096", "mlp:([1-9]\\d{0,8}(?:-[1-9]\\d{0,8})+)", Presets::mlp),
            new Preset("mlp-L8-H128", "mlp-L" + COUNT + "-H" + COUNT, Presets::deepMlp),
            new Preset("conv-L8-H64", "conv-L" + COUNT + "-H" + COUNT, ImagePresets::deepConvolution),
            new Preset("pmnist:512", "pmnist:" + COUNT, Presets::pmnist),
            new Preset("resnet20", "resnet(\\d{1,4})" + FACTOR, ImagePresets::resnet),
            new Preset("wrn28-2", "wrn(\\d{1,4})-(\\d{1,4})", ImagePresets::wideResnet),
            new Preset("densenet40-12", "densenet(\\d{1,4})-(\\d{1,4})", ImagePresets::densenet),
            new Preset("alexnet-cifar:0.5", "alexnet-cifar" + FACTOR, ImagePresets::alexnet),
            new Preset("teacher-student:d=10,m=4", "teacher-student:d=" + COUNT + ",m=" + COUNT, Presets::student));

    private Presets() {}

    /**
     * The network that {@code text} names, for samples of shape {@code sample} and a read-out of {@code outputs}.
     *
     * @throws MorulaException kind USAGE if there is none of that name, or it cannot take such samples
     */
    public static NetworkDefinition parse(String text, Shape sample, int outputs) {
        Task task = new Task(text, sample, outputs);
        for (Preset preset : ALL) {
            Optional<NetworkDefinition> network = preset.match(task);
            if (network.isPresent()) {
                return network.get();
            }
        }
        throw MorulaException.usage("network \"%s\": it must look like %s", text, forms());
    }

    /** A multilayer perceptron: linear layers of the given widths with ReLU, and a linear read-out. */
    public static NetworkDefinition multilayerPerceptron(int inputs, List<Integer> hidden, int outputs) {
        String widths = hidden.stream().map(width -> "-" + width).collect(Collectors.joining());
        return multilayerPerceptron(new Task("mlp:" + inputs + widths, Shape.features(inputs), outputs), hidden);
    }

    /** An example of each form. */
    public static List<String> examples() {
        return ALL.stream().map(Preset::example).toList();
    }

    private static String forms() {
        List<String> examples = examples();
        int last = examples.size() - 1;
        return String.join(", ", examples.subList(0, last)) + " or " + examples.get(last);
    }

    static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }

    /** Inputs and the widths of the hidden layers, each with ReLU. */
    private static NetworkDefinition mlp(MatchResult match, Task task) {
        List<Integer> widths = List.of(match.group(1).split("-")).stream()
                .map(Integer::valueOf)
                .toList();
        if (widths.get(0) != task.sample.size()) {
            throw MorulaException.usage(
                    "network \"%s\": has %d inputs, but a sample is %s, %d numbers",
                    task.name, widths.get(0), task.sample, task.sample.size());
        }
        return multilayerPerceptron(task, widths.subList(1, widths.size()));
    }

    private static NetworkDefinition multilayerPerceptron(Task task, List<Integer> hidden) {
        List<Layer> layers = new ArrayList<>();
        int inputs = task.sample.size();
        for (int width : hidden) {
            layers.add(Linear.of(inputs, width));
            layers.add(new Relu());
            inputs = width;
        }
        layers.add(Linear.of(inputs, task.outputs));
        return task.ofFeatures(Sequence.of(layers));
    }

    /** MLP-L-H of Galanti et al.: L times linear, batch norm and ReLU, then the read-out. */
    private static NetworkDefinition deepMlp(MatchResult match, Task task) {
        List<Layer> layers = new ArrayList<>();
        int inputs = task.sample.size();
        for (int layer = 0; layer < number(match, 1); layer++) {
            layers.addAll(List.of(Linear.of(inputs, number(match, 2)), new BatchNorm(number(match, 2)), new Relu()));
            inputs = number(match, 2);
        }
        layers.add(Linear.of(inputs, task.outputs));
        return task.ofFeatures(Sequence.of(layers));
    }

    /** The network of the pMNIST task (Doimo et al.): five hidden layers with batch norm. */
    private static NetworkDefinition pmnist(MatchResult match, Task task) {
        int width = number(match, 1);
        List<Layer> layers = new ArrayList<>();
        int inputs = task.sample.size();
        for (int layer = 0; layer < 5; layer++) {
            layers.addAll(List.of(Linear.withoutBias(inputs, width), new BatchNorm(width), new Relu()));
            inputs = width;
        }
        layers.add(Linear.of(inputs, task.outputs));
        return task.ofFeatures(Sequence.of(layers));
    }

    /** The student of the synthetic task: d inputs and one hidden layer of 32 m units. */
    private static NetworkDefinition student(MatchResult match, Task task) {
        if (number(match, 1) != task.sample.size()) {
            throw MorulaException.usage(
                    "network \"%s\": has %d inputs, but a sample has %d numbers",
                    task.name, number(match, 1), task.sample.size());
        }
        return multilayerPerceptron(task, List.of(TEACHER_UNITS * number(match, 2)));
    }
}
