package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.data.StoredArray;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network's parameters in a safetensors file, under the names and shapes that PyTorch's {@code nn.Sequential} has. */
public final class Weights {
    private Weights() {}

    /** Writes all parameters and the strings {@code metadata}. */
    public static void write(Path file, Network network, Map<String, String> metadata) {
        List<Tensor> tensors = network.parameters().stream()
                .map(parameter -> new Tensor(parameter.name(), parameter.shape(), parameter.values()))
                .toList();
        SafetensorsWriter.write(file, tensors, metadata);
    }

    /**
     * Reads a network of the given architecture; every parameter must be there as F32 and have the right shape, and there
     * must be no other.
     */
    public static Network read(Path file, Architecture architecture) {
        SafetensorsFile stored = SafetensorsFile.open(file);
        Network network = Network.zeros(architecture);
        try {
            network.parameters().forEach(parameter -> read(stored.tensor(parameter.name()), parameter, architecture));
            requireNoOther(file, stored, network);
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private static void requireNoOther(Path file, SafetensorsFile stored, Network network) {
        Set<String> others = new LinkedHashSet<>(stored.names());
        network.parameters().forEach(parameter -> others.remove(parameter.name()));
        if (!others.isEmpty()) {
            throw MorulaException.input(
                    "%s: has a tensor \"%s\", for which %s has no place",
                    file, others.iterator().next(), network.architecture());
        }
    }

    private static void read(StoredArray tensor, Parameter parameter, Architecture architecture) {
        if (tensor.type() != ElementType.F32 || !tensor.shape().equals(parameter.shape())) {
            throw MorulaException.input(
                    "%s: has shape %s of %s, but %s needs %s of F32",
                    tensor.name(), tensor.shape(), tensor.type(), architecture, parameter.shape());
        }
        try (Matrix values = tensor.map()) {
            values.copyTo(0, parameter.values(), 0, tensor.count());
        }
    }
}
