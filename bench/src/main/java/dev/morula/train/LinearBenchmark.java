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
import dev.morula.network.Shape;
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

/** The three products of a linear layer, cut into blocks as in training, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinearBenchmark {
    /** batch x inputs x outputs. */
    @Param({"128x784x256", "128x256x8192", "128x8192x10", "256x512x512", "256x128x128"})
    String layer;

    @Param({"portable", "best"})
    String tier;

    private final Workers workers = new Workers(1);
    private Site site;
    private Kernels kernels;
    private long batch;
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
        batch = Long.parseLong(sizes[0]);
        Shape input = Shape.features(Integer.parseInt(sizes[1]));
        site = new Site(kernels, workers, new Scratch(workers.count()), batch, input, false);
        weight = RandomMatrix.of(Long.parseLong(sizes[2]), Long.parseLong(sizes[1]));
        bias = RandomMatrix.of(1, weight.rows());
        inp = RandomMatrix.of(batch, weight.columns());
        out = RandomMatrix.of(batch, weight.rows());
        multiplyAdds = batch * weight.rows() * weight.columns();
        dinp = Matrix.allocate(ElementType.F32, batch, weight.columns());
        dweight = Matrix.allocate(ElementType.F32, weight.rows(), weight.columns());
        dbias = Matrix.allocate(ElementType.F32, 1, weight.rows());
    }

    @Benchmark
    public void forward(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(batch, weight.rows(), weight.columns(), site)) {
            kernels.products().linearForward(out, inp, weight, bias, Activation.RELU, block);
        }
        arithmetic.multiplyAdds(multiplyAdds);
    }

    @Benchmark
    public void backwardWeight(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(weight.rows(), weight.columns(), batch, site)) {
            kernels.products().linearBackwardWeight(dweight, dbias, out, inp, block);
        }
        arithmetic.multiplyAdds(multiplyAdds);
    }

    @Benchmark
    public void backwardInput(Rates.Arithmetic arithmetic) {
        for (Block block : WorkSplit.product(batch, weight.columns(), weight.rows(), site)) {
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
