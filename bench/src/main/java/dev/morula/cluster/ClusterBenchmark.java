package dev.morula.cluster;

import dev.morula.correlate.EdgeList;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.RandomEdges;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Clusters a random graph on one thread; {@code -p edges=50000000 -p neurons=500000} is a wide layer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClusterBenchmark {
    @Param({"cover", "components", "average"})
    public String method;

    @Param("10000")
    public int neurons;

    @Param("1000000")
    public long edges;

    private CorrelationGraph graph;

    @Setup
    public void open() {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1);
                EdgeList list = RandomEdges.of(neurons, edges)) {
            graph = CorrelationGraph.of(list, neurons, kernels, workers);
        }
    }

    @Benchmark
    public int cluster() {
        return Clustering.named(method).cluster(graph, 2).count();
    }

    @TearDown
    public void close() {
        graph.close();
    }
}
