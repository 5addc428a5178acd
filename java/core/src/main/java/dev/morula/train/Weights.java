package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.data.StoredArray;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.ParameterSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A network's parameters in a safetensors file, under the names and shapes that PyTorch's modules have. */
public final class Weights {
    /** PyTorch counts a batch norm's batches, which changes nothing. */
    private static final String IGNORED = ".num_batches_tracked";

    private Weights() {}

    /** Writes all parameters and the strings {@code metadata}. */
    public static void write(Path file, Network network, Map<String, String> metadata) {
        List<Matrix> copies = new ArrayList<>();
        try {
            List<Tensor> tensors = new ArrayList<>();
            for (Parameter parameter : network.parameters()) {
                tensors.add(new Tensor(parameter.name(), shape(parameter.spec()), stored(parameter, copies)));
            }
            SafetensorsWriter.write(file, tensors, metadata);
        } finally {
            copies.forEach(Matrix::close);
        }
    }

    private static Matrix stored(Parameter parameter, List<Matrix> copies) {
        if (!ChannelOrder.differs(parameter.spec())) {
            return parameter.values();
        }
        Matrix copy = Matrix.allocate(
                ElementType.F32, parameter.spec().rows(), parameter.spec().columns());
        copies.add(copy);
        ChannelOrder.toPyTorch(copy, parameter.values(), parameter.spec());
        return copy;
    }

    private static List<Long> shape(ParameterSpec spec) {
        return spec.shape().stream().map(Integer::longValue).toList();
    }

    /**
     * Reads a network of the given definition; every parameter must be there as F32 and have the right shape, and there
     * must be no other.
     */
    public static Network read(Path file, NetworkDefinition definition) {
        SafetensorsFile stored = SafetensorsFile.open(file);
        Network network = Network.zeros(definition);
        try {
            network.parameters().forEach(parameter -> read(stored.tensor(parameter.name()), parameter, definition));
            requireNoOther(file, stored, network);
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private static void requireNoOther(Path file, SafetensorsFile stored, Network network) {
        Set<String> known = network.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        for (String name : stored.names()) {
            if (!known.contains(name) && !name.endsWith(IGNORED)) {
                throw MorulaException.input(
                        "%s: has a tensor \"%s\", for which %s has no place", file, name, network.definition());
            }
        }
    }

    private static void read(StoredArray tensor, Parameter parameter, NetworkDefinition definition) {
        List<Long> needed = shape(parameter.spec());
        if (tensor.type() != ElementType.F32 || !tensor.shape().equals(needed)) {
            throw MorulaException.input(
                    "%s: has shape %s of %s, but %s needs %s of F32",
                    tensor.name(), tensor.shape(), tensor.type(), definition, needed);
        }
        try (Matrix values =
                tensor.mapAs(parameter.spec().rows(), parameter.spec().columns())) {
            if (ChannelOrder.differs(parameter.spec())) {
                ChannelOrder.fromPyTorch(parameter.values(), values, parameter.spec());
            } else {
                values.copyTo(0, parameter.values(), 0, tensor.count());
            }
        }
    }
}
