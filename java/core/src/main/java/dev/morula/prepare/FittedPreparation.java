package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;
import java.util.Optional;

/**
 * A {@link Preparation} with what it found in the train set, to be done to every split alike.
 *
 * @param shape of a sample as the data set has it
 * @param components the principal components, where the preparation asks for them
 */
public record FittedPreparation(
        Preparation preparation, Shape shape, Standardisation standardisation, Optional<PrincipalComponents> components)
        implements AutoCloseable {
    private static final int CHUNK = 256; // samples that are prepared together

    /** The shape of a prepared sample. */
    public Shape output() {
        return components.isPresent()
                ? Shape.features(components.get().count())
                : preparation.padded("preparation", shape);
    }

    /**
     * All samples of {@code data} as inputs of shape {@code input}: images for a network of images, and rows of features
     * for one of features, in which images come channel by channel, row by row, as PyTorch's {@code nn.Flatten} has them.
     *
     * @throws MorulaException of kind INPUT if the samples have another shape
     */
    public Samples samples(DataSet data, Shape input, Kernels kernels, Workers workers) {
        requireFit(data, input);
        StandardisedSamples source =
                new StandardisedSamples(data, preparation.padded(data.name(), shape), standardisation);
        Samples samples = Samples.allocate(data.count(), input);
        try {
            workers.forEach((data.count() + CHUNK - 1L) / CHUNK, (chunk, worker) -> {
                int first = (int) chunk * CHUNK;
                Samples part = samples.slice(first, Math.min(CHUNK, data.count() - first));
                prepare(part, source, first, input, kernels);
            });
            samples.labels().write(0, data.labels(), 0, data.count());
            return samples;
        } catch (RuntimeException | Error e) {
            samples.close();
            throw e;
        }
    }

    private void requireFit(DataSet data, Shape input) {
        if (!data.shape().equals(shape)) {
            throw MorulaException.input(
                    "%s: samples are %s, but those of the train set are %s", data.name(), data.shape(), shape);
        }
        boolean flattened = input.isFeatures() && input.size() == output().size();
        if (!flattened && !input.equals(output())) {
            throw MorulaException.input(
                    "%s: samples are %s once prepared (%s), but the network takes %s",
                    data.name(), output(), preparation, input);
        }
    }

    private void prepare(Samples part, StandardisedSamples source, int first, Shape input, Kernels kernels) {
        if (components.isEmpty()) {
            source.write(part.inputs(), first, input.positions());
            return;
        }
        try (Matrix rows = Matrix.allocate(ElementType.F32, part.count(), source.size())) {
            source.writeCentred(rows, first, components.get().means());
            components.get().project(part.inputs(), rows, kernels);
        }
    }

    @Override
    public void close() {
        components.ifPresent(PrincipalComponents::close);
    }
}
