package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.AdamRule;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.OptimizerKernels;
import dev.morula.kernel.SgdRule;
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
 * The optimisers' steps on two million parameters, on one thread: 8.4 MB for the parameters, for their gradients and for
 * each thing remembered of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class OptimizerBenchmark {
    private static final int ROWS = 8192;
    private static final int COLUMNS = 256;

    @Param({"portable", "best"})
    String tier;

    private Kernels kernels;
    private Matrix parameter;
    private Matrix velocity;
    private Matrix square;
    private Matrix gradient;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        parameter = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
        square = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
        velocity = Matrix.allocate(ElementType.F32, ROWS, COLUMNS);
        gradient = RandomMatrix.of(ROWS, COLUMNS); // not zeros: see CeilingBenchmark
    }

    @Benchmark
    public void sgdWithoutMomentum(Rates.Traffic traffic) {
        kernels.optimizers().sgdSteps(step(null, null), new SgdRule(1e-4, 0, 5e-4, false));
        traffic.reads(parameter, gradient);
        traffic.writes(parameter);
    }

    @Benchmark
    public void sgd(Rates.Traffic traffic) {
        kernels.optimizers().sgdSteps(step(velocity, null), new SgdRule(1e-4, 0.9, 5e-4, false));
        traffic.reads(parameter, velocity, gradient);
        traffic.writes(parameter, velocity);
    }

    @Benchmark
    public void nesterov(Rates.Traffic traffic) {
        kernels.optimizers().sgdSteps(step(velocity, null), new SgdRule(1e-4, 0.9, 5e-4, true));
        traffic.reads(parameter, velocity, gradient);
        traffic.writes(parameter, velocity);
    }

    @Benchmark
    public void adam(Rates.Traffic traffic) {
        kernels.optimizers().adamSteps(step(velocity, square), new AdamRule(1e-4, 0.9, 0.999, 1e-8, 5e-4, true, 1));
        traffic.reads(parameter, velocity, square, gradient);
        traffic.writes(parameter, velocity, square);
    }

    private List<OptimizerKernels.Step> step(Matrix first, Matrix second) {
        return List.of(new OptimizerKernels.Step(parameter, first, second, gradient, Block.whole(ROWS, COLUMNS)));
    }

    @TearDown
    public void tearDown() {
        parameter.close();
        velocity.close();
        square.close();
        gradient.close();
        kernels.close();
    }
}
