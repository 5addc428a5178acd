package dev.morula.network;

import dev.morula.MorulaException;
import dev.morula.network.NetworkDefinition.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in a network where activations are read off.
 *
 * @param name how it was asked for
 * @param path of the layer whose output it is
 * @param shape of a sample there
 */
public record Tap(String name, String path, Shape shape) {
    private static final String LAST = "last";
    private static final String MODULE = "module:";

    /**
     * The tap that {@code name} means: {@code last}, which is what the read-out reads; a hidden layer, counted from 1, after
     * its batch norm and ReLU where those come next; or {@code module:PATH}, a layer's own output under PyTorch's name for
     * it.
     */
    public static Tap of(NetworkDefinition network, String name) {
        List<Place> places = network.places();
        if (name.equals(LAST)) {
            return tap(LAST, beforeReadOut(network));
        } else if (name.startsWith(MODULE)) {
            String path = name.substring(MODULE.length());
            return find(network, path)
                    .map(place -> tap(name, place))
                    .orElseThrow(() -> MorulaException.usage(
                            "layer \"%s\": %s has no module %s; it has %s", name, network, path, paths(places)));
        }
        List<Tap> hidden = hidden(network);
        return number(name, hidden.size())
                .map(number -> hidden.get(number - 1))
                .orElseThrow(() -> MorulaException.usage(
                        "layer \"%s\": it must be 1 to %d (a hidden layer of %s), last or module:PATH",
                        name, hidden.size(), network));
    }

    private static Optional<Integer> number(String name, int most) {
        return name.matches("\\d{1,9}") && Integer.parseInt(name) >= 1 && Integer.parseInt(name) <= most
                ? Optional.of(Integer.valueOf(name))
                : Optional.empty();
    }

    /** All hidden layers: each linear layer and convolution but the read-out. */
    public static List<Tap> hidden(NetworkDefinition network) {
        List<Tap> taps = new ArrayList<>();
        for (HiddenLayer layer : HiddenLayer.of(network)) {
            taps.add(new Tap(
                    Integer.toString(taps.size() + 1),
                    layer.last(),
                    find(network, layer.last()).orElseThrow().output()));
        }
        return taps;
    }

    private static Optional<Place> find(NetworkDefinition network, String path) {
        return network.places().stream()
                .filter(place -> place.path().equals(path))
                .findFirst();
    }

    private static Place beforeReadOut(NetworkDefinition network) {
        List<Place> places = network.places();
        if (places.size() < 2) {
            throw MorulaException.usage("%s has a read-out alone, and no hidden layer", network);
        }
        return places.get(places.size() - 2);
    }

    private static Tap tap(String name, Place place) {
        return new Tap(name, place.path(), place.output());
    }

    private static String paths(List<Place> places) {
        return String.join(", ", places.stream().map(Place::path).toList());
    }
}
