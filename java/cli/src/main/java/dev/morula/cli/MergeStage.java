package dev.morula.cli;

import dev.morula.graph.GraphAssembly;
import dev.morula.graph.ShardSet;
import dev.morula.graph.Triangle;
import dev.morula.kernel.PeakMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Checks that shards belong together and assembles their graph. */
final class MergeStage {
    private final Engine engine;

    MergeStage(Engine engine) {
        this.engine = engine;
    }

    /** Writes the graph to {@code out} and a summary beside it. */
    MergeSummary run(List<Path> files, Triangle triangle, Path out) {
        Stopwatch stopwatch = new Stopwatch();
        try (PeakMemory memory = PeakMemory.open();
                ShardSet shards = ShardSet.open(files)) {
            engine.requireMemory(
                    GraphAssembly.leastBytes(shards, triangle, engine.workers()),
                    String.format("assembling rows of %,d neurons", shards.neurons()));
            stopwatch.run(
                    "merge",
                    () -> GraphAssembly.write(
                            out,
                            shards,
                            triangle,
                            engine.matrixBytes(),
                            engine.kernels(),
                            engine.workers(),
                            engine.progress()));
            MergeSummary summary = new MergeSummary(
                    files.stream().map(Path::toString).toList(),
                    shards.settings(),
                    shards.neurons(),
                    shards.edges(),
                    out.toString(),
                    triangle.name().toLowerCase(Locale.ROOT),
                    engine.workers().count(),
                    memory.peakBytes(),
                    stopwatch.seconds());
            Json.write(RunFolder.summaryOf(out), summary);
            return summary;
        }
    }
}
