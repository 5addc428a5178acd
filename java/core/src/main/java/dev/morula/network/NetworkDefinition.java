package dev.morula.network;

import dev.morula.MorulaException;
import dev.morula.network.Sequence.Named;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as a value: what a sample is, and the layers it goes through.
 *
 * @param name what it is called: for presets the text that {@link Presets#parse} reads
 * @param input the shape of a sample
 * @param layers first to last; the last of them is the read-out, a {@link Linear} layer
 */
public record NetworkDefinition(String name, Shape input, Sequence layers) {
    /**
     * A layer in its place.
     *
     * @param path as PyTorch's {@code named_modules} has it, such as {@code layer1.0.conv1}
     */
    public record Place(String path, Layer layer, Shape input, Shape output) {}

    /** A tensor of the network under its full name, such as {@code layer1.0.conv1.weight}. */
    public record NamedParameter(String name, ParameterSpec spec) {}

    public NetworkDefinition {
        List<Named> all = layers.layers();
        if (all.isEmpty() || !(all.get(all.size() - 1).layer() instanceof Linear)) {
            throw MorulaException.usage("network %s: its last layer must be a linear read-out", name);
        }
        layers.output(input); // refuses layers that do not fit each other
    }

    /** The read-out's width. */
    public int outputs() {
        return layers.output(input).size();
    }

    /** All layers but the sequences and blocks that hold them, in the order in which PyTorch registers them. */
    public List<Place> places() {
        List<Place> places = new ArrayList<>();
        addPlaces(places, "", layers, input);
        return places;
    }

    private static void addPlaces(List<Place> places, String path, Layer layer, Shape input) {
        if (layer instanceof Sequence sequence) {
            Shape shape = input;
            for (Named named : sequence.layers()) {
                addPlaces(places, join(path, named.name()), named.layer(), shape);
                shape = named.layer().output(shape);
            }
        } else if (layer instanceof Residual residual) {
            addPlaces(places, path, residual.body(), input);
            residual.shortcut()
                    .ifPresent(shortcut -> addPlaces(places, join(path, Residual.SHORTCUT), shortcut, input));
        } else if (layer instanceof Concatenation concatenation) {
            addPlaces(places, path, concatenation.body(), input);
        } else {
            places.add(new Place(path, layer, input, layer.output(input)));
        }
    }

    /** All tensors, in PyTorch's order. */
    public List<NamedParameter> parameters() {
        List<NamedParameter> parameters = new ArrayList<>();
        for (Place place : places()) {
            for (ParameterSpec spec : place.layer().parameters(place.input())) {
                parameters.add(new NamedParameter(join(place.path(), spec.name()), spec));
            }
        }
        return parameters;
    }

    /** {@code name} within {@code path}. */
    public static String join(String path, String name) {
        return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    }

    @Override
    public String toString() {
        return name;
    }
}
