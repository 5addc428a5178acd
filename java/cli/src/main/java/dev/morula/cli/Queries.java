package dev.morula.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a run of {@code morula correlate} writes beside the graph; each may be null.
 *
 * @param degrees .npy: how many partners each neuron has
 * @param histogram .json: how all correlations are distributed
 * @param matrix .npy: all correlations
 * @param neurons .csv: a table of all neurons; needs the graph
 */
record Queries(Path degrees, Path histogram, Path matrix, Path neurons) {
    static final Queries NONE = new Queries(null, null, null, null);

    /** Whether answering takes the standardised layer, beside its edges. */
    boolean lookAtTheLayer() {
        return histogram != null || matrix != null;
    }

    List<Path> files() {
        return Stream.of(degrees, histogram, matrix, neurons)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The name of a file in JSON; null for none. */
    static String name(Path file) {
        return Objects.toString(file, null);
    }
}
