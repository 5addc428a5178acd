package dev.morula.redundancy.compress;

import dev.morula.MorulaException;
import dev.morula.kernel.Matrix;
import dev.morula.network.BatchNorm;
import dev.morula.network.Dropout;
import dev.morula.network.Layer;
import dev.morula.network.Linear;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Relu;
import dev.morula.network.Sequence;
import dev.morula.network.Sequence.Named;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks with fewer neurons in the last hidden layer. All parameters keep their names. */
public final class NarrowNetwork {
    private static final Pattern MLP = Pattern.compile("(mlp:.*-)\\d+");

    private NarrowNetwork() {}

    /**
     * {@code network} with the neurons, and the read-out, of {@code folding}. The caller closes it.
     *
     * @throws MorulaException kind INPUT if its last hidden layer is not made by a linear layer
     */
    public static Network of(Network network, Folding folding) {
        NetworkDefinition wide = network.definition();
        Network narrow = Network.zeros(definition(wide, folding.kept().length));
        Map<String, Parameter> before = new HashMap<>();
        network.parameters().forEach(parameter -> before.put(parameter.name(), parameter));
        for (Parameter parameter : narrow.parameters()) {
            fill(parameter, before.get(parameter.name()), folding);
        }
        fillReadOut(narrow, folding);
        return narrow;
    }

    /**
     * {@code wide} with {@code width} neurons in the last hidden layer. A multilayer perceptron becomes the preset of its new
     * widths; what else comes out of a preset is none, and is called so.
     */
    public static NetworkDefinition definition(NetworkDefinition wide, int width) {
        List<Named> layers = new ArrayList<>(wide.layers().layers());
        int product = lastHidden(wide);
        for (int index = product; index < layers.size(); index++) {
            Named named = layers.get(index);
            layers.set(index, new Named(named.name(), narrow(named.layer(), index == product, width)));
        }
        Matcher mlp = MLP.matcher(wide.name());
        String name = mlp.matches() ? mlp.group(1) + width : wide.name() + " with " + width + " neurons kept";
        return new NetworkDefinition(name, wide.input(), new Sequence(layers));
    }

    /** Whether {@link #definition} gives a preset that goes by its name. */
    public static boolean hasName(NetworkDefinition wide) {
        return MLP.matcher(wide.name()).matches();
    }

    private static Layer narrow(Layer layer, boolean isProduct, int width) {
        if (layer instanceof Linear linear) {
            return isProduct
                    ? new Linear(linear.inputs(), width, linear.hasBias())
                    : new Linear(width, linear.outputs(), linear.hasBias());
        }
        return layer instanceof BatchNorm ? new BatchNorm(width) : layer;
    }

    /** Where the linear layer is that makes the last hidden layer. */
    private static int lastHidden(NetworkDefinition network) {
        List<Named> layers = network.layers().layers();
        for (int index = layers.size() - 2; index >= 0; index--) {
            Layer layer = layers.get(index).layer();
            if (layer instanceof Linear) {
                return index;
            } else if (!(layer instanceof BatchNorm || layer instanceof Relu || layer instanceof Dropout)) {
                throw MorulaException.input(
                        "%s: its last hidden layer comes from a %s; only one that a linear layer makes, with batch norm,"
                                + " ReLU and dropout after it, can be given fewer neurons",
                        network, layer);
            }
        }
        throw MorulaException.input("%s: has no hidden layer that could be given fewer neurons", network);
    }

    private static void fill(Parameter target, Parameter source, Folding folding) {
        Matrix to = target.values();
        Matrix from = source.values();
        int[] kept = folding.kept();
        if (to.rows() == from.rows() && to.columns() == from.columns()) {
            from.copyTo(0, to, 0, from.rows() * from.columns());
        } else if (to.rows() == kept.length && to.columns() == from.columns()) { // a neuron's weights are a row
            for (int k = 0; k < kept.length; k++) {
                from.copyTo(kept[k] * from.columns(), to, k * from.columns(), from.columns());
            }
        } else if (from.rows() == 1) { // one number a neuron
            for (int k = 0; k < kept.length; k++) {
                from.copyTo(kept[k], to, k, 1);
            }
        }
    }

    private static void fillReadOut(Network narrow, Folding folding) {
        List<Parameter> parameters = narrow.parameters();
        int last = parameters.size() - 1;
        if (!parameters.get(last).name().endsWith("bias")) {
            throw MorulaException.input(
                    "%s: its read-out has no bias, which the dropped neurons' means would go into",
                    narrow.definition());
        }
        Matrix weight = parameters.get(last - 1).values();
        for (int output = 0; output < folding.weight().length; output++) {
            weight.write(output * weight.columns(), folding.weight()[output], 0, folding.kept().length);
        }
        parameters.get(last).values().write(0, folding.bias(), 0, folding.bias().length);
    }
}
