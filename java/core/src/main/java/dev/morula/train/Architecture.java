package dev.morula.train;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A multilayer perceptron: linear layers with ReLU between them, and a linear read-out to the classes.
 *
 * @param inputs numbers a sample
 * @param hidden widths of the hidden layers, first to last
 * @param classes width of the read-out
 */
public record Architecture(int inputs, List<Integer> hidden, int classes) {
    private static final String FORM = "mlp:784-256-256-4096 (inputs, then the widths of the hidden layers)";
    private static final Pattern MLP = Pattern.compile("mlp:\\d{1,9}(-\\d{1,9})+");

    public Architecture {
        hidden = List.copyOf(hidden);
        if (inputs < 1 || hidden.isEmpty() || hidden.stream().anyMatch(width -> width < 1)) {
            throw MorulaException.usage(
                    "a network has at least one input and one hidden neuron a layer, not %s-%s", inputs, hidden);
        }
        if (classes < 2) {
            throw MorulaException.usage("a network tells at least 2 classes apart, not %d", classes);
        }
    }

    /** The network that {@code spec}, such as {@code mlp:784-256-256-4096}, describes. */
    public static Architecture parse(String spec, int classes) {
        if (!MLP.matcher(spec).matches()) {
            throw MorulaException.usage("network \"%s\": it must look like %s", spec, FORM);
        }
        List<Integer> widths = new ArrayList<>();
        for (String width : spec.substring("mlp:".length()).split("-")) {
            widths.add(Integer.valueOf(width));
        }
        if (widths.contains(0)) {
            throw MorulaException.usage("network \"%s\": a width of 0; it must look like %s", spec, FORM);
        }
        return new Architecture(widths.get(0), widths.subList(1, widths.size()), classes);
    }

    /** The hidden layer that {@code name} means, counted from 1: a number, or {@code last}. */
    public int hiddenLayer(String name) {
        if (name.equals("last")) {
            return hidden.size();
        }
        if (!name.matches("\\d{1,9}") || Integer.parseInt(name) < 1 || Integer.parseInt(name) > hidden.size()) {
            throw MorulaException.usage(
                    "layer \"%s\": it must be 1 to %d (a hidden layer of %s) or last", name, hidden.size(), this);
        }
        return Integer.parseInt(name);
    }

    /** Width of hidden layer {@code layer}, counted from 1. */
    public int width(int layer) {
        return hidden.get(layer - 1);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return "mlp:" + inputs + hidden.stream().map(width -> "-" + width).collect(Collectors.joining());
    }
}
