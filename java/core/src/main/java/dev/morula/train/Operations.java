package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Matrix;
import dev.morula.network.AveragePool;
import dev.morula.network.BatchNorm;
import dev.morula.network.Concatenation;
import dev.morula.network.Convolution;
import dev.morula.network.Dropout;
import dev.morula.network.Flatten;
import dev.morula.network.GlobalAveragePool;
import dev.morula.network.Layer;
import dev.morula.network.Linear;
import dev.morula.network.LocalResponseNorm;
import dev.morula.network.MaxPool;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Relu;
import dev.morula.network.Residual;
import dev.morula.network.Sequence;
import dev.morula.network.Sequence.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes operations of a network's layers. A ReLU becomes part of the layer before it where that saves a pass over memory,
 * unless what that layer puts out is asked for.
 */
final class Operations {
    /** An odd number without a pattern, so that seeds of different trainings and layers do not meet. */
    private static final long DROPOUT_STRIDE = 0x9e3779b97f4a7c15L;

    private final Network network;
    private final Dropouts dropouts;
    private final Map<String, Consumer<Matrix>> taps;
    private int dropoutLayers;

    /**
     * What dropout draws by.
     *
     * @param seed that of the training
     * @param step holds (I64) how many batches were trained on before the one that comes
     */
    record Dropouts(long seed, Matrix step) {}

    private Operations(Network network, Dropouts dropouts, Map<String, Consumer<Matrix>> taps) {
        this.network = network;
        this.dropouts = dropouts;
        this.taps = taps;
    }

    /** All of {@code network}, to be trained at a site whose input is a sample of it. */
    static Operation forTraining(Network network, Site site, Dropouts dropouts) {
        return new Operations(network, dropouts, Map.of())
                .sequence(network.definition().layers().layers(), "", site);
    }

    /** All of {@code network}, for {@link Phase#EVALUATION} alone. */
    static Operation forEvaluation(Network network, Site site) {
        return new Operations(network, null, Map.of())
                .sequence(network.definition().layers().layers(), "", site);
    }

    /** {@code network} in evaluation, as far as it takes to show the outputs of the layers at the paths of {@code taps}. */
    static Operation upTo(Network network, Site site, Map<String, Consumer<Matrix>> taps) {
        List<Named> layers = network.definition().layers().layers();
        int last = 0;
        for (int index = 0; index < layers.size(); index++) {
            String name = layers.get(index).name();
            boolean holdsTap =
                    taps.keySet().stream().anyMatch(path -> path.equals(name) || path.startsWith(name + "."));
            last = holdsTap ? index : last;
        }
        return new Operations(network, null, taps).sequence(layers.subList(0, last + 1), "", site);
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
        if (!followed || taps.containsKey(path)) {
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
        boolean evaluationOnly = dropouts == null;
        return layer instanceof BatchNorm
                || layer instanceof Residual
                || layer instanceof Linear && (evaluationOnly || reader instanceof Linear);
    }

    private Operation tapped(Operation operation, String path) {
        return taps.containsKey(path) ? new TappedOperation(operation, taps.get(path)) : operation;
    }

    private Operation operation(Layer layer, String path, Site site, Activation made, Activation fused) {
        if (layer instanceof Linear) {
            return new LinearOperation(site, parameter(path, "weight"), parameter(path, "bias"), fused, made);
        } else if (layer instanceof Convolution convolution) {
            return new ConvolutionOperation(convolution, site, parameter(path, "weight"), parameter(path, "bias"));
        } else if (layer instanceof BatchNorm norm) {
            return batchNorm(norm, path, site, fused);
        } else if (layer instanceof Sequence sequence) {
            return sequence(sequence.layers(), path, site);
        } else if (layer instanceof Residual residual) {
            return residual(residual, path, site, fused);
        } else if (layer instanceof Concatenation concatenation) {
            Operation body = sequence(concatenation.body().layers(), path, site);
            return new ConcatenationOperation(body, site, concatenation.body().output(site.input()));
        }
        return withoutParameters(layer, site);
    }

    private Operation withoutParameters(Layer layer, Site site) {
        if (layer instanceof Relu) {
            return new ReluOperation(site);
        } else if (layer instanceof Dropout dropout) {
            return new DropoutOperation(dropout, site, dropoutSeed(), dropouts == null ? null : dropouts.step());
        } else if (layer instanceof MaxPool pool) {
            return new MaxPoolOperation(pool, site);
        } else if (layer instanceof AveragePool pool) {
            return new AveragePoolOperation(pool, site);
        } else if (layer instanceof GlobalAveragePool) {
            return AveragePoolOperation.global(site);
        } else if (layer instanceof LocalResponseNorm norm) {
            return new LocalResponseNormOperation(norm, site);
        } else if (layer instanceof Flatten) {
            return new FlattenOperation(site);
        }
        throw new IllegalStateException("no operation for " + layer);
    }

    private Operation batchNorm(BatchNorm norm, String path, Site site, Activation fused) {
        return new BatchNormOperation(
                norm,
                site,
                parameter(path, "weight"),
                parameter(path, "bias"),
                parameter(path, "running_mean"),
                parameter(path, "running_var"),
                fused);
    }

    private Operation residual(Residual residual, String path, Site site, Activation fused) {
        Operation body = sequence(residual.body().layers(), path, site);
        Operation shortcut = residual.shortcut()
                .map(layers -> sequence(layers.layers(), NetworkDefinition.join(path, Residual.SHORTCUT), site))
                .orElse(null);
        return new ResidualOperation(body, shortcut, fused, site);
    }

    /** Each layer draws for itself. */
    private long dropoutSeed() {
        long seed = dropouts == null ? 0 : dropouts.seed();
        return seed + (long) dropoutLayers++ * DROPOUT_STRIDE;
    }

    private Parameter parameter(String path, String name) {
        return network.parameter(path, name);
    }
}
