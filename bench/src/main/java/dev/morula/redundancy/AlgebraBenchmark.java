package dev.morula.redundancy;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
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

/** The Gram matrix of a layer in float64, and its eigenvalues, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class AlgebraBenchmark {
    @Param("512")
    int neurons;

    @Param("2048")
    int samples;

    private Kernels kernels;
    private Workers workers;
    private Matrix layer;
    private Gram gram;
    private Matrix overwritten;
    private Matrix eigenvalues;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open("best");
        workers = new Workers(1);
        layer = RandomMatrix.of(samples, neurons);
        gram = Gram.of(layer, kernels, workers);
        overwritten = Matrix.allocate(ElementType.F64, neurons, neurons);
        eigenvalues = Matrix.allocate(ElementType.F64, 1, neurons);
    }

    @Benchmark
    public long gram() {
        try (Gram made = Gram.of(layer, kernels, workers)) {
            return made.samples();
        }
    }

    @Benchmark
    public Matrix eigenvalues() {
        gram.products().copyTo(0, overwritten, 0, (long) neurons * neurons);
        kernels.algebra().eigenvalues(eigenvalues, overwritten);
        return eigenvalues;
    }

    @TearDown
    public void tearDown() {
        eigenvalues.close();
        overwritten.close();
        gram.close();
        layer.close();
        workers.close();
        kernels.close();
    }
}
