package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a network's parameters as they were after its best epoch. */
final class BestWeights implements AutoCloseable {
    private final Network network;
    private final Map<String, Matrix> copies = new LinkedHashMap<>();
    private double error = Double.POSITIVE_INFINITY;
    private int epoch;

    BestWeights(Network network) {
        this.network = network;
    }

    /** Keeps the network as it is if {@code newError} is less than any before. */
    void offer(double newError, int newEpoch) {
        if (newError < error) {
            error = newError;
            epoch = newEpoch;
            for (Parameter parameter : network.parameters()) {
                copy(parameter.values(), copies.computeIfAbsent(parameter.name(), name -> like(parameter.values())));
            }
        }
    }

    /** The best epoch so far, or 0. */
    int epoch() {
        return epoch;
    }

    double error() {
        return error;
    }

    /** The parameters after the best epoch, by name; none before one was offered. */
    Map<String, Matrix> copies() {
        return copies;
    }

    /** Goes on from a best epoch of another time, whose parameters the caller fills in. */
    Map<String, Matrix> resume(double itsError, int itsEpoch) {
        error = itsError;
        epoch = itsEpoch;
        network.parameters().forEach(parameter -> copies.put(parameter.name(), like(parameter.values())));
        return copies;
    }

    /** Makes the network the best there was; false if none was offered. */
    boolean restore() {
        for (Parameter parameter : network.parameters()) {
            if (!copies.isEmpty()) {
                copy(copies.get(parameter.name()), parameter.values());
            }
        }
        return !copies.isEmpty();
    }

    private static Matrix like(Matrix values) {
        return Matrix.allocate(ElementType.F32, values.rows(), values.columns());
    }

    private static void copy(Matrix from, Matrix to) {
        from.copyTo(0, to, 0, from.rows() * from.columns());
    }

    @Override
    public void close() {
        copies.values().forEach(Matrix::close);
    }
}
