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

/** The strongest partners of each neuron of a layer that is measured already. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class StrongestBenchmark {
    @Param("best")
    public String tier;

    @Param("2048")
    public int neurons;

    @Param("1000")
    public int samples;

    @Param({"10", "100"})
    public int most;

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
        try (StrongestSearch.Found found =
                StrongestSearch.run(layer.standardised(), StrongestQuery.of(most), kernels, workers, Progress.NONE)) {
            return found.partners().entries();
        }
    }

    @TearDown
    public void close() {
        layer.close();
        workers.close();
        kernels.close();
    }
}
