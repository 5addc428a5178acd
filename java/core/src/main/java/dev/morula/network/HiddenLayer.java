package dev.morula.network;

import dev.morula.network.Sequence.Named;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer or convolution but the read-out, with what belongs to it: the batch norm and ReLU that come right after it.
 *
 * @param units neurons, or channels of a convolution
 * @param paths of the product and of what belongs to it, in this order
 */
public record HiddenLayer(int units, List<String> paths) {
    public HiddenLayer {
        paths = List.copyOf(paths);
    }

    /** All of a network, in their order. */
    public static List<HiddenLayer> of(NetworkDefinition network) {
        List<HiddenLayer> products = new ArrayList<>();
        add(products, "", network.layers());
        return products.subList(0, products.size() - 1);
    }

    /** The path of the linear layer or convolution itself. */
    public String product() {
        return paths.get(0);
    }

    /** The path of the last of the layers that belong together: what it puts out is what a unit says. */
    public String last() {
        return paths.get(paths.size() - 1);
    }

    /** Whether it is on a residual block's way round its body, and so beside other layers rather than between them. */
    public boolean isShortcut() {
        return List.of(product().split("\\.")).contains(Residual.SHORTCUT);
    }

    private static void add(List<HiddenLayer> products, String path, Layer layer) {
        if (layer instanceof Residual residual) {
            add(products, path, residual.body());
            residual.shortcut()
                    .ifPresent(inner -> add(products, NetworkDefinition.join(path, Residual.SHORTCUT), inner));
        } else if (layer instanceof Concatenation concatenation) {
            add(products, path, concatenation.body());
        } else if (layer instanceof Sequence sequence) {
            for (int index = 0; index < sequence.layers().size(); index++) {
                Named named = sequence.layers().get(index);
                add(products, NetworkDefinition.join(path, named.name()), named.layer());
                if (named.layer() instanceof Linear linear) {
                    products.add(new HiddenLayer(linear.outputs(), paths(sequence.layers(), index, path)));
                } else if (named.layer() instanceof Convolution convolution) {
                    products.add(new HiddenLayer(convolution.outputs(), paths(sequence.layers(), index, path)));
                }
            }
        }
    }

    private static List<String> paths(List<Named> layers, int product, String path) {
        List<String> paths = new ArrayList<>();
        int index = product;
        do {
            paths.add(NetworkDefinition.join(path, layers.get(index).name()));
            index++;
        } while (index < layers.size()
                && (layers.get(index).layer() instanceof BatchNorm
                        || layers.get(index).layer() instanceof Relu));
        return paths;
    }
}
