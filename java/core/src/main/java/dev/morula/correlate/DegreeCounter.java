package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;

/** Counts the partners of every neuron and keeps no edge: 8 bytes a neuron, however many edges there are. */
public final class DegreeCounter implements EdgeSink, AutoCloseable {
    private final Kernels kernels;
    private final Matrix degrees;

    public DegreeCounter(int neurons, Kernels kernels) {
        this.kernels = kernels;
        this.degrees = Matrix.allocate(ElementType.I64, 1, neurons);
    }

    @Override
    public synchronized boolean add(Matrix pairs, Matrix values, long count) {
        kernels.csrCount(degrees, pairs, count);
        return true;
    }

    /** Partners of every neuron, so far. */
    public synchronized long[] degrees() {
        long[] counted = new long[Math.toIntExact(degrees.columns())];
        degrees.read(0, counted, 0, counted.length);
        return counted;
    }

    @Override
    public void close() {
        degrees.close();
    }
}
