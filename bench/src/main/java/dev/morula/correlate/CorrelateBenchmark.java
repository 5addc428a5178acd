package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.Kernels;
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

/**
 * The correlation stage on a layer that is measured already: all pairs, exact edges. bench/peers does the same with
 * NumPy, PyTorch and FAISS at {@code -p neurons=16384 -p samples=10000}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class CorrelateBenchmark {
    private static final double THRESHOLD = 0.9;

    @Param("best")
    public String tier;

    @Param("2048")
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
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(threads);
        layer = new BenchmarkLayer(neurons, samples, kernels, workers);
    }

    @Benchmark
    public long run() {
        CorrelationQuery query = CorrelationQuery.atLeast(THRESHOLD);
        try (Correlation found = Correlator.run(layer.standardised(), query, kernels, workers, Progress.NONE)) {
            return found.edges().count();
        }
    }

    @TearDown
    public void close() {
        layer.close();
        workers.close();
        kernels.close();
    }
}
