package dev.morula.network;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Layers one after the other, each with a name that its parameters' names begin with. */
public record Sequence(List<Named> layers) implements Layer {
    /** A layer and its name; an empty name adds nothing to the names of the parameters inside. */
    public record Named(String name, Layer layer) {}

    public Sequence {
        layers = List.copyOf(layers);
        Set<String> names = new HashSet<>();
        for (Named named : layers) {
            if (!named.name.isEmpty() && !names.add(named.name)) {
                throw MorulaException.usage("there are two layers of the name %s", named.name);
            }
        }
    }

    /** Layers named 0, 1, 2, ..., as PyTorch's {@code nn.Sequential} names them. */
    public static Sequence of(List<? extends Layer> layers) {
        List<Named> named = new ArrayList<>();
        for (Layer layer : layers) {
            named.add(new Named(Integer.toString(named.size()), layer));
        }
        return new Sequence(named);
    }

    /** The same. */
    public static Sequence of(Layer... layers) {
        return of(List.of(layers));
    }

    @Override
    public Shape output(Shape input) {
        Shape shape = input;
        for (Named named : layers) {
            shape = named.layer.output(shape);
        }
        return shape;
    }

    @Override
    public String toString() {
        return "sequence of " + layers.size() + " layers";
    }
}
