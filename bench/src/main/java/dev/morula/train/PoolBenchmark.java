package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.PoolWindows;
import java.util.List;
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
 * Pooling of 128 images of 64 x 32 x 32 (34 MB) on one thread, by windows of 2 x 2 side by side or of 3 x 3 that overlap.
 * A copy of the images is the measure: it moves 67 MB, a forward pass 42 MB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolBenchmark {
    private static final int SAMPLES = 128;
    private static final int CHANNELS = 64;
    private static final int SIDE = 32;

    @Param({"2", "3"})
    int window;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private PoolWindows windows;
    private PoolWindows image;
    private Matrix inp;
    private Matrix dinp;
    private Matrix out;
    private Matrix means;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        windows = new PoolWindows(CHANNELS, SIDE, SIDE, window, window, 2, window / 3);
        image = PoolWindows.whole(CHANNELS, SIDE, SIDE);
        inp = RandomMatrix.of(SAMPLES * windows.positions(), CHANNELS);
        dinp = Matrix.allocate(ElementType.F32, inp.rows(), CHANNELS);
        out = Matrix.allocate(ElementType.F32, SAMPLES * windows.windows(), CHANNELS);
        means = Matrix.allocate(ElementType.F32, SAMPLES, CHANNELS);
        kernels.layers().maxPool(out, inp, windows, 0, SAMPLES);
    }

    @Benchmark
    public void max(Rates.Traffic traffic) {
        kernels.layers().maxPool(out, inp, windows, 0, SAMPLES);
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void maxBackward(Rates.Traffic traffic) {
        kernels.layers().maxPoolBackward(dinp, out, inp, out, windows, 0, SAMPLES);
        traffic.reads(out, inp);
        traffic.writes(dinp);
    }

    @Benchmark
    public void average(Rates.Traffic traffic) {
        kernels.layers().averagePool(out, inp, windows, 0, SAMPLES);
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void averageBackward(Rates.Traffic traffic) {
        kernels.layers().averagePoolBackward(dinp, out, windows, 0, SAMPLES);
        traffic.reads(out);
        traffic.writes(dinp);
    }

    @Benchmark
    public void globalAverage(Rates.Traffic traffic) {
        kernels.layers().averagePool(means, inp, image, 0, SAMPLES);
        traffic.reads(inp);
        traffic.writes(means);
    }

    @Benchmark
    public void copy(Rates.Traffic traffic) {
        inp.copyTo(0, dinp, 0, inp.rows() * CHANNELS);
        traffic.reads(inp);
        traffic.writes(dinp);
    }

    @TearDown
    public void tearDown() {
        List.of(inp, dinp, out, means).forEach(Matrix::close);
        kernels.close();
    }
}
