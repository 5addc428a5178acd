package dev.morula.correlate;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
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

/** The matrix of all correlations of a layer that is measured already. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatrixBenchmark {
    @Param("1024")
    public int neurons;

    @Param("1000")
    public int samples;

    @Param("2")
    public int threads;

    private Kernels kernels;
    private Workers workers;
    private BenchmarkLayer layer;

    @Setup
    public void open() {
        kernels = Kernels.cpu();
        workers = new Workers(threads);
        layer = new BenchmarkLayer(neurons, samples, kernels, workers);
    }

    @Benchmark
    public float matrix() {
        try (Matrix matrix = CorrelationMatrix.of(layer.standardised(), kernels, workers, Progress.NONE)) {
            return matrix.row(0)[neurons - 1];
        }
    }

    @TearDown
    public void close() {
        layer.close();
        workers.close();
        kernels.close();
    }
}
