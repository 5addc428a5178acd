package dev.morula.train;

import dev.morula.BenchmarkKernels;
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

/** Loss and gradient of a batch of 128. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class SoftmaxCrossEntropyBenchmark {
    private static final int BATCH = 128;

    @Param("10")
    int classes;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private Matrix logits;
    private Matrix dlogits;
    private Matrix losses;
    private Matrix predicted;
    private Matrix labels;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        logits = Matrix.allocate(ElementType.F32, BATCH, classes);
        dlogits = Matrix.allocate(ElementType.F32, BATCH, classes);
        losses = Matrix.allocate(ElementType.F32, BATCH, 1);
        predicted = Matrix.allocate(ElementType.I32, BATCH, 1);
        labels = Matrix.allocate(ElementType.I32, BATCH, 1);
    }

    @Benchmark
    public void lossAndGradient() {
        kernels.losses().softmaxCrossEntropy(dlogits, losses, predicted, logits, labels);
    }

    @TearDown
    public void tearDown() {
        logits.close();
        dlogits.close();
        losses.close();
        predicted.close();
        labels.close();
        kernels.close();
    }
}
