package dev.morula.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that make {@link Queries}. */
final class QueryOptions {
    @Option(
            names = "--degrees",
            paramLabel = "FILE",
            description = "also write how many partners each neuron has (.npy, int64); without --out no edge is stored")
    private Path degrees;

    @Option(
            names = "--histogram",
            paramLabel = "FILE",
            description = "also write how all correlations are distributed (.json); of layers wider than 8,192 neurons "
                    + "from a sample, with confidence intervals")
    private Path histogram;

    @Option(
            names = "--matrix",
            paramLabel = "FILE",
            description = "also write the matrix of all correlations (.npy, float32), if it fits the memory")
    private Path matrix;

    @Option(names = "--neurons", paramLabel = "FILE", description = "also write a table of all neurons (.csv)")
    private Path neurons;

    Queries queries() {
        return new Queries(degrees, histogram, matrix, neurons);
    }
}
