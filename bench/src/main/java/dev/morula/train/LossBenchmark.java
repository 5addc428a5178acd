package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
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

/** Losses and gradients of a batch of 128. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LossBenchmark {
    private static final int BATCH = 128;

    @Param({"10", "1000"})
    int classes;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private Matrix out;
    private Matrix dout;
    private Matrix losses;
    private Matrix predicted;
    private Matrix labels;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        out = RandomMatrix.of(BATCH, classes);
        dout = Matrix.allocate(ElementType.F32, BATCH, classes);
        losses = Matrix.allocate(ElementType.F32, BATCH, 1);
        predicted = Matrix.allocate(ElementType.I32, BATCH, 1);
        labels = RandomMatrix.labels(BATCH, classes);
    }

    @Benchmark
    public void crossEntropy(Rates.Traffic traffic) {
        kernels.losses().softmaxCrossEntropy(dout, losses, predicted, out, labels, 0);
        traffic.reads(out, labels);
        traffic.writes(dout, losses, predicted);
    }

    @Benchmark
    public void smoothedCrossEntropy(Rates.Traffic traffic) {
        kernels.losses().softmaxCrossEntropy(dout, losses, predicted, out, labels, 0.1);
        traffic.reads(out, labels);
        traffic.writes(dout, losses, predicted);
    }

    @Benchmark
    public void meanSquaredError(Rates.Traffic traffic) {
        kernels.losses().meanSquaredError(dout, losses, predicted, out, labels);
        traffic.reads(out, labels);
        traffic.writes(dout, losses, predicted);
    }

    @Benchmark
    public void squareHinge(Rates.Traffic traffic) {
        kernels.losses().squareHinge(dout, losses, predicted, out, labels);
        traffic.reads(out, labels);
        traffic.writes(dout, losses, predicted);
    }

    @TearDown
    public void tearDown() {
        out.close();
        dout.close();
        losses.close();
        predicted.close();
        labels.close();
        kernels.close();
    }
}
