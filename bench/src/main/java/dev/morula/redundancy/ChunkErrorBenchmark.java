package dev.morula.redundancy;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.RandomNumbers;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.chunks.ChunkErrors;
import dev.morula.redundancy.chunks.ChunkSizes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** Errors of 100 chunks of each size of a layer, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkErrorBenchmark {
    private static final int SAMPLES = 1000;
    private static final int DRAWS = 100;

    @Param({"128", "512"})
    int neurons;

    @Param({"1", "10"})
    int outputs;

    @Param("best")
    String tier;

    private Kernels kernels;
    private Workers workers;
    private Features features;
    private ReadOut readOut;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(1);
        RandomNumbers random = new RandomNumbers(1);
        int classes = Math.max(2, outputs);
        int[] labels =
                IntStream.range(0, SAMPLES).map(k -> random.nextBelow(classes)).toArray();
        features = new Features("layer", RandomMatrix.of(SAMPLES, neurons), labels, classes);
        readOut = new ReadOut(RandomMatrix.of(outputs, neurons), RandomMatrix.of(1, outputs));
    }

    @Benchmark
    public List<ChunkErrors> errors() {
        return ChunkErrors.of(features, readOut, ChunkSizes.of(neurons), DRAWS, 1, kernels, workers);
    }

    @TearDown
    public void tearDown() {
        List.of(features.activations(), readOut.weight(), readOut.bias()).forEach(Matrix::close);
        workers.close();
        kernels.close();
    }
}
