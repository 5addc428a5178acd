package dev.morula.redundancy.units;

import dev.morula.network.HiddenLayer;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.ParameterSpec;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Networks some of whose units are always 0. A unit is an output of a linear layer or convolution after the batch norm and
 * ReLU that come right after it, so it is 0 if all its own parameters are; running means do not matter where the scale is 0.
 * In a residual block that is what the block adds, not the sum.
 */
final class Silencing {
    private Silencing() {}

    /** A copy of {@code network} in which the units {@code silent.get(i)} of hidden layer i are 0. The caller closes it. */
    static Network of(Network network, List<int[]> silent) {
        Network copy = copy(network);
        List<HiddenLayer> layers = HiddenLayer.of(network.definition());
        for (int layer = 0; layer < layers.size(); layer++) {
            silence(copy, layers.get(layer), silent.get(layer));
        }
        return copy;
    }

    private static Network copy(Network network) {
        Network copy = Network.zeros(network.definition());
        List<Parameter> from = network.parameters();
        List<Parameter> to = copy.parameters();
        for (int i = 0; i < from.size(); i++) {
            ParameterSpec spec = from.get(i).spec();
            from.get(i).values().copyTo(0, to.get(i).values(), 0, (long) spec.rows() * spec.columns());
        }
        return copy;
    }

    private static void silence(Network network, HiddenLayer layer, int[] units) {
        Set<String> names = new HashSet<>();
        for (String path : layer.paths()) {
            names.add(NetworkDefinition.join(path, "weight"));
            names.add(NetworkDefinition.join(path, "bias"));
        }
        for (Parameter parameter : network.parameters()) {
            if (names.contains(parameter.name())) {
                silence(parameter, units);
            }
        }
    }

    /** A unit has a row of a weight, and an element of all else. */
    private static void silence(Parameter parameter, int[] units) {
        ParameterSpec spec = parameter.spec();
        int width = spec.shape().size() == 1 ? 1 : spec.columns();
        float[] zeros = new float[width];
        for (int unit : units) {
            parameter.values().write((long) unit * width, zeros, 0, width);
        }
    }
}
