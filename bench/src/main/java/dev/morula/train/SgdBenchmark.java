package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.Block;
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

/** The optimiser's step on two million parameters, on one thread: 42 MB to read or write. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class SgdBenchmark {
    private static final int ROWS = 8192;
    private static final int COLUMNS = 256;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private Matrix parameter;
    private Matrix velocity;
    private Matrix gradient;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        parameter = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
        velocity = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
        gradient = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
    }

    @Benchmark
    public void step() {
        kernels.optimizers().sgdStep(parameter, velocity, gradient, 1e-4, 0.9, 5e-4, Block.whole(ROWS, COLUMNS));
    }

    @TearDown
    public void tearDown() {
        parameter.close();
        velocity.close();
        gradient.close();
        kernels.close();
    }
}
