package dev.morula.redundancy;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.kernel.AlgebraKernels.ChunkFit;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.chunks.ChunkFits;
import dev.morula.redundancy.chunks.RandomChunks;
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

/** One chunk's ridge regression and the correlations of its residuals, from the Gram matrix, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkFitBenchmark {
    @Param("512")
    int neurons;

    /** Of a chunk. */
    @Param({"16", "256"})
    int size;

    @Param("best")
    String tier;

    private Kernels kernels;
    private Gram gram;
    private int[] chunk;
    private Matrix workspace;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        try (Workers workers = Workers.all();
                Matrix layer = RandomMatrix.of(2 * neurons, neurons)) {
            gram = Gram.of(layer, kernels, workers);
        }
        chunk = RandomChunks.of(neurons, size, 1, 1)[0];
        workspace = Matrix.allocate(ElementType.F64, 1, kernels.algebra().chunkFitWorkspace(neurons, size));
    }

    @Benchmark
    public ChunkFit fit() {
        return kernels.algebra().fitChunk(gram.products(), chunk, workspace, ChunkFits.ALPHA);
    }

    @TearDown
    public void tearDown() {
        gram.close();
        workspace.close();
        kernels.close();
    }
}
