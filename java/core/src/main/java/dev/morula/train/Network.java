package dev.morula.train;

import dev.morula.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/** A multilayer perceptron with its weights, which live outside the Java heap until {@link #close()}. */
public final class Network implements AutoCloseable {
    private final Architecture architecture;
    private final List<Linear> layers;

    private Network(Architecture architecture, List<Linear> layers) {
        this.architecture = architecture;
        this.layers = layers;
    }

    /** A network whose parameters are all 0, to be filled through {@link #parameters()}. */
    public static Network zeros(Architecture architecture) {
        List<Linear> layers = new ArrayList<>();
        int inputs = architecture.inputs();
        for (int width : architecture.hidden()) {
            layers.add(Linear.allocate(inputs, width));
            inputs = width;
        }
        layers.add(Linear.allocate(inputs, architecture.classes()));
        return new Network(architecture, List.copyOf(layers));
    }

    /** A network with random parameters that depend on {@code seed} alone, distributed as PyTorch's are by default. */
    public static Network initialise(Architecture architecture, long seed) {
        Network network = zeros(architecture);
        InitialValues values = new InitialValues(new Initialisation.PyTorch(), new RandomNumbers(seed));
        network.layers.forEach(layer -> layer.initialise(values));
        return network;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** All parameters in PyTorch's order: weight, then bias, layer by layer. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            Matrix weight = layers.get(layer).weight();
            Matrix bias = layers.get(layer).bias();
            int index = 2 * layer; // every other module of the Sequential is a ReLU
            parameters.add(new Parameter(index + ".weight", List.of(weight.rows(), weight.columns()), weight));
            parameters.add(new Parameter(index + ".bias", List.of(bias.columns()), bias));
        }
        return parameters;
    }

    /** First to last; the last one is the read-out. */
    List<Linear> layers() {
        return layers;
    }

    @Override
    public void close() {
        layers.forEach(Linear::close);
    }
}
