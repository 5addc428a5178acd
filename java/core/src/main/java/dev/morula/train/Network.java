package dev.morula.train;

import dev.morula.RandomNumbers;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.NetworkDefinition.NamedParameter;
import dev.morula.network.NetworkDefinition.Place;
import dev.morula.network.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network's parameters, which live outside the Java heap until {@link #close()}. */
public final class Network implements AutoCloseable {
    private final NetworkDefinition definition;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private Network(NetworkDefinition definition) {
        this.definition = definition;
        for (NamedParameter named : definition.parameters()) {
            ParameterSpec spec = named.spec();
            Matrix values = Matrix.allocate(ElementType.F32, spec.rows(), spec.columns());
            parameters.put(named.name(), new Parameter(named.name(), spec, values));
        }
    }

    /** A network whose parameters are all 0, to be filled through {@link #parameters()}. */
    public static Network zeros(NetworkDefinition definition) {
        return new Network(definition);
    }

    /** A network with random parameters that depend on {@code seed} alone, distributed as PyTorch's are by default. */
    public static Network initialise(NetworkDefinition definition, long seed) {
        return initialise(definition, new Initialisation.PyTorch(), seed);
    }

    /** A network with random parameters that depend on {@code seed} alone. */
    public static Network initialise(NetworkDefinition definition, Initialisation initialisation, long seed) {
        Network network = zeros(definition);
        InitialValues values = new InitialValues(initialisation, new RandomNumbers(seed));
        for (Place place : definition.places()) {
            List<ParameterSpec> specs = place.layer().parameters(place.input());
            values.fill(
                    specs,
                    specs.stream()
                            .map(spec ->
                                    network.parameter(place.path(), spec.name()).values())
                            .toList());
        }
        return network;
    }

    public NetworkDefinition definition() {
        return definition;
    }

    /** All parameters in PyTorch's order. */
    public List<Parameter> parameters() {
        return new ArrayList<>(parameters.values());
    }

    /** Those that gradients change. */
    List<Parameter> trainedParameters() {
        return parameters.values().stream()
                .filter(parameter -> parameter.spec().role().isTrained())
                .toList();
    }

    /** The parameter {@code name} of the layer at {@code path}; null if the layer has none of that name. */
    Parameter parameter(String path, String name) {
        return parameters.get(NetworkDefinition.join(path, name));
    }

    @Override
    public void close() {
        parameters.values().forEach(parameter -> parameter.values().close());
    }
}
