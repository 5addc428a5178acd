package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** However a graph is cut into shards, records and buckets: the file is that of the graph in memory, byte for byte. */
class GraphAssemblyProperties {
    private Path folder;
    private Kernels kernels;
    private Workers workers;

    @BeforeProperty
    void open() throws IOException {
        folder = Files.createTempDirectory("morula-assembly");
        kernels = Kernels.cpu();
        workers = new Workers(3);
    }

    @AfterProperty
    void close() throws IOException {
        workers.close();
        kernels.close();
        deleteFiles();
        Files.delete(folder);
    }

    private void deleteFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 100)
    void theFileIsThatOfTheGraph(
            @ForAll @IntRange(min = 1, max = 80) int neurons,
            @ForAll @DoubleRange(min = 0, max = 1) double density,
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 79) Integer> cuts,
            @ForAll @IntRange(min = 1, max = 300) int recordEdges,
            @ForAll @IntRange(min = 1, max = 2000) int bucketEntries,
            @ForAll Triangle triangle,
            @ForAll boolean wide,
            @ForAll long seed)
            throws IOException {
        Map<Long, Float> edges = TestGraphs.random(neurons, density, seed);
        long int32Entries = wide ? 1 : Long.MAX_VALUE;
        Path expected = folder.resolve("expected.npz");
        try (CorrelationGraph graph = TestGraphs.graph(neurons, edges, kernels, workers)) {
            GraphFile.write(expected, graph, triangle, int32Entries);
        }
        List<Integer> used =
                cuts.stream().filter(cut -> cut < neurons).distinct().sorted().toList();
        List<Path> files = TestShards.split(folder, neurons, edges, used, recordEdges);
        Collections.shuffle(files, new Random(seed));
        Path out = folder.resolve("assembled.npz");
        try (ShardSet shards = ShardSet.open(files)) {
            assertThat(shards.edges()).isEqualTo(edges.size());
            GraphAssembly.write(out, shards, triangle, bucketEntries, int32Entries, kernels, workers);
        }
        assertThat(out).hasSameBinaryContentAs(expected);
        deleteFiles();
    }

    /** Through the front door, in more records than there are threads. */
    @Property(tries = 4)
    void theLeastMemoryWillDo(@ForAll Triangle triangle, @ForAll long seed) throws IOException {
        int neurons = 900;
        Map<Long, Float> edges = TestGraphs.random(neurons, 0.5, seed);
        Path expected = folder.resolve("expected.npz");
        try (CorrelationGraph graph = TestGraphs.graph(neurons, edges, kernels, workers)) {
            GraphFile.write(expected, graph, triangle);
        }
        Path out = folder.resolve("assembled.npz");
        try (ShardSet shards = ShardSet.open(TestShards.split(folder, neurons, edges, List.of(1, 400), 10_000))) {
            long least = GraphAssembly.leastBytes(shards, triangle, workers);
            GraphAssembly.write(out, shards, triangle, least, kernels, workers, Progress.NONE);
        }
        assertThat(out).hasSameBinaryContentAs(expected);
        deleteFiles();
    }
}
