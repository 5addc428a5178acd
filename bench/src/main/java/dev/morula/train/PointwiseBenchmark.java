package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.Activation;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerKernels.DropoutDraw;
import dev.morula.kernel.LayerKernels.ResponseRule;
import dev.morula.kernel.Matrix;
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

/** Layers that pass over a batch once, on one thread, by rows of 96 channels; a copy is the measure. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class PointwiseBenchmark {
    private static final int CHANNELS = 96;
    private static final ResponseRule ALEXNET = new ResponseRule(5, 1e-4, 0.75, 2);

    /** In the L2 cache, and beyond it. */
    @Param({"640", "87040"})
    int rows;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private Matrix inp;
    private Matrix other;
    private Matrix out;
    private Matrix workspace;
    private Matrix step;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        inp = RandomMatrix.of(rows, CHANNELS);
        other = Matrix.allocate(ElementType.F32, rows, CHANNELS);
        out = Matrix.allocate(ElementType.F32, rows, CHANNELS);
        workspace = Matrix.allocate(ElementType.F32, 2, CHANNELS);
        step = Matrix.allocate(ElementType.I64, 1, 1);
        inp.copyTo(0, other, 0, count());
    }

    private long count() {
        return (long) rows * CHANNELS;
    }

    @Benchmark
    public void relu(Rates.Traffic traffic) {
        kernels.layers().relu(out, inp, 0, count());
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void reluBackward(Rates.Traffic traffic) {
        kernels.layers().reluBackward(out, inp, other, 0, count());
        traffic.reads(inp, other);
        traffic.writes(out);
    }

    @Benchmark
    public void add(Rates.Traffic traffic) {
        kernels.layers().add(out, inp, other, Activation.RELU, 0, count());
        traffic.reads(inp, other);
        traffic.writes(out);
    }

    @Benchmark
    public void dropout(Rates.Traffic traffic) {
        kernels.layers().dropout(out, inp, new DropoutDraw(1, step, 0.5), 0, count());
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void localResponseNorm(Rates.Traffic traffic) {
        kernels.layers().localResponseNorm(out, inp, ALEXNET, 0, rows);
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void localResponseNormBackward(Rates.Traffic traffic) {
        kernels.layers().localResponseNormBackward(out, workspace, other, inp, ALEXNET, 0, rows);
        traffic.reads(other, inp);
        traffic.writes(out);
    }

    @Benchmark
    public void copy(Rates.Traffic traffic) {
        inp.copyTo(0, out, 0, count());
        traffic.reads(inp);
        traffic.writes(out);
    }

    @TearDown
    public void tearDown() {
        List.of(inp, other, out, workspace, step).forEach(Matrix::close);
        kernels.close();
    }
}
