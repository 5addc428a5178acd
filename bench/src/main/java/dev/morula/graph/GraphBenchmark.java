package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Assembles the rows of a graph from a list of edges: count, fill, sort. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class GraphBenchmark {
    @Param("10000")
    public int neurons;

    @Param("1000000")
    public long edges;

    @Param("2")
    public int threads;

    private Kernels kernels;
    private Workers workers;
    private EdgeList list;

    @Setup
    public void open() {
        kernels = Kernels.cpu();
        workers = new Workers(threads);
    }

    /** Before each call, since a graph consumes the list. */
    @Setup(Level.Invocation)
    public void list() {
        list = RandomEdges.of(neurons, edges);
    }

    @Benchmark
    public long assemble() {
        try (CorrelationGraph graph = CorrelationGraph.of(list, neurons, kernels, workers)) {
            return graph.entries();
        }
    }

    @TearDown
    public void close() {
        workers.close();
        kernels.close();
    }
}
