package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Matrix;
import dev.morula.network.Convolution;
import dev.morula.network.Layer;
import dev.morula.network.Linear;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Relu;
import dev.morula.network.Sequence;
import dev.morula.network.Sequence.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes operations of a network's layers. A ReLU becomes part of the layer before it where that saves a pass over memory,
 * unless what that layer puts out is asked for.
 */
final class Operations {
    private final Network network;
    private final Phase phase;
    private final String tapped;
    private final Consumer<Matrix> tap;

    private Operations(Network network, Phase phase, String tapped, Consumer<Matrix> tap) {
        this.network = network;
        this.phase = phase;
        this.tapped = tapped;
        this.tap = tap;
    }

    /** All of {@code network}, for a site whose input is a sample of it; backward works only with TRAINING. */
    static Operation of(Network network, Site site, Phase phase) {
        return new Operations(network, phase, null, null)
                .sequence(network.definition().layers().layers(), "", site);
    }

    /**
     * {@code network} in evaluation, as far as it takes to show the output of the layer at path {@code tapped} to {@code tap}.
     */
    static Operation upTo(Network network, Site site, String tapped, Consumer<Matrix> tap) {
        List<Named> layers = new ArrayList<>();
        for (Named named : network.definition().layers().layers()) {
            layers.add(named);
            if (tapped.equals(named.name()) || tapped.startsWith(named.name() + ".")) {
                break;
            }
        }
        return new Operations(network, Phase.EVALUATION, tapped, tap).sequence(layers, "", site);
    }

    private Operation sequence(List<Named> layers, String path, Site site) {
        List<Operation> operations = new ArrayList<>();
        Site here = site;
        Activation made = Activation.IDENTITY; // what made the input, if its mask is left to the layer that reads it
        for (int index = 0; index < layers.size(); index++) {
            Named named = layers.get(index);
            String inner = NetworkDefinition.join(path, named.name());
            Activation fused = fused(layers, index, inner);
            operations.add(tapped(operation(named.layer(), inner, here, made, fused), inner));
            here = here.after(named.layer());
            made = named.layer() instanceof Linear ? fused : Activation.IDENTITY;
            if (fused == Activation.RELU) {
                index++;
                String relu = NetworkDefinition.join(path, layers.get(index).name());
                operations.set(operations.size() - 1, tapped(operations.get(operations.size() - 1), relu));
            }
        }
        return operations.size() == 1 ? operations.get(0) : new SequenceOperation(operations);
    }

    /** RELU if the layer at {@code index} is followed by one that it computes in passing. */
    private Activation fused(List<Named> layers, int index, String path) {
        boolean followed = index + 1 < layers.size() && layers.get(index + 1).layer() instanceof Relu;
        if (!followed || path.equals(tapped)) {
            return Activation.IDENTITY;
        }
        return fuses(
                        layers.get(index).layer(),
                        index + 2 < layers.size() ? layers.get(index + 2).layer() : null)
                ? Activation.RELU
                : Activation.IDENTITY;
    }

    /** A linear layer leaves the mask of its ReLU to the layer that reads it, which must be one that does that. */
    private boolean fuses(Layer layer, Layer reader) {
        return layer instanceof Linear && (reader instanceof Linear || phase == Phase.EVALUATION);
    }

    private Operation tapped(Operation operation, String path) {
        return path.equals(tapped) ? new TappedOperation(operation, tap) : operation;
    }

    private Operation operation(Layer layer, String path, Site site, Activation made, Activation fused) {
        if (layer instanceof Linear) {
            return new LinearOperation(site, parameter(path, "weight"), parameter(path, "bias"), fused, made);
        } else if (layer instanceof Convolution convolution) {
            return new ConvolutionOperation(convolution, site, parameter(path, "weight"), parameter(path, "bias"));
        } else if (layer instanceof Sequence sequence) {
            return sequence(sequence.layers(), path, site);
        }
        throw new IllegalStateException(layer + " is not there yet");
    }

    private Parameter parameter(String path, String name) {
        return network.parameter(path, name);
    }
}
