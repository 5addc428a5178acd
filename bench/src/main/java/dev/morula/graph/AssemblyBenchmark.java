package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.correlate.RowRange;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

/** From edges to the graph's file: by shards and the assembly, and as the baseline by the graph in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class AssemblyBenchmark {
    @Param("10000")
    public int neurons;

    @Param("1000000")
    public long edges;

    @Param("2")
    public int threads;

    /** The graph is cut into about as many; each is another scan. */
    @Param({"1", "4"})
    public int buckets;

    private Kernels kernels;
    private Workers workers;
    private Path folder;
    private ShardSet shards;
    private EdgeList list;

    @Setup
    public void open() throws IOException {
        kernels = Kernels.cpu();
        workers = new Workers(threads);
        folder = Files.createTempDirectory("morula-benchmark");
        Path shard = folder.resolve("edges.shard");
        ShardHeader header = new ShardHeader("0", neurons, new RowRange(0, neurons), Map.of());
        try (ShardWriter writer = ShardWriter.create(shard, header);
                EdgeList all = RandomEdges.of(neurons, edges)) {
            all.chunks().forEach(chunk -> writer.add(chunk.pairs(), chunk.values(), chunk.count()));
            writer.commit();
        }
        shards = ShardSet.open(List.of(shard));
    }

    /** Before each call, since a graph consumes the list. */
    @Setup(Level.Invocation)
    public void list() {
        list = RandomEdges.of(neurons, edges);
    }

    @Benchmark
    public void inMemory() {
        try (CorrelationGraph graph = CorrelationGraph.of(list, neurons, kernels, workers)) {
            GraphFile.write(folder.resolve("edges.npz"), graph, Triangle.FULL);
        }
    }

    @Benchmark
    public void fromShards() {
        long memory = GraphAssembly.leastBytes(shards, Triangle.FULL, workers) + 2 * edges * 8 / buckets;
        GraphAssembly.write(
                folder.resolve("edges.npz"), shards, Triangle.FULL, memory, kernels, workers, Progress.NONE);
    }

    @TearDown(Level.Invocation)
    public void free() {
        list.close();
    }

    @TearDown
    public void close() throws IOException {
        shards.close();
        Files.deleteIfExists(folder.resolve("edges.npz"));
        Files.delete(folder.resolve("edges.shard"));
        Files.delete(folder);
        workers.close();
        kernels.close();
    }
}
