package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
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

/** The three products of a linear layer on a batch of 128, cut into blocks as in training, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinearBenchmark {
    private static final int BATCH = 128;

    /** inputs x outputs. */
    @Param({"784x256", "256x8192", "8192x10"})
    String layer;

    @Param({"portable", "best"})
    String tier;

    private final Workers workers = new Workers(1);
    private Kernels kernels;
    private long multiplyAdds;
    private Matrix weight;
    private Matrix bias;
    private Matrix inp;
    private Matrix out;
    private Matrix dinp;
    private Matrix dweight;
    private Matrix dbias;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        String[] sizes = layer.split("x");
        weight = RandomMatrix.of(Long.parseLong(sizes[1]), Long.parseLong(sizes[0]));
        bias = RandomMatrix.of(1, weight.rows());
        inp = RandomMatrix.of(BATCH, weight.columns());
        out = RandomMatrix.of(BATCH, weight.rows());
        multiplyAdds = BATCH * weight.rows() * weight.columns();
        dinp = Matrix.allocate(ElementType.F32, BATCH, weight.columns());
        dweight = Matrix.allocate(ElementType.F32, weight.rows(), weight.columns());
        dbias = Matrix.allocate(ElementType.F32, 1, weight.rows());
    }

    @Benchmark
    public void forward(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(BATCH, weight.rows(), weight.columns(), workers)) {
            kernels.products().linearForward(out, inp, weight, bias, Activation.RELU, block);
        }
        arithmetic.multiplyAdds(multiplyAdds);
    }

    @Benchmark
    public void backwardWeight(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(weight.rows(), weight.columns(), BATCH, workers)) {
            kernels.products().linearBackwardWeight(dweight, dbias, out, inp, block);
        }
        arithmetic.multiplyAdds(multiplyAdds);
    }

    @Benchmark
    public void backwardInput(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(BATCH, weight.columns(), weight.rows(), workers)) {
            kernels.products().linearBackwardInput(dinp, out, weight, inp, Activation.RELU, block);
        }
        arithmetic.multiplyAdds(multiplyAdds);
    }

    @TearDown
    public void tearDown() {
        List.of(weight, bias, inp, out, dinp, dweight, dbias).forEach(Matrix::close);
        workers.close();
        kernels.close();
    }
}
