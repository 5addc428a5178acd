package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.Convolution;
import dev.morula.network.Shape;
import java.util.ArrayList;
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

/** A convolution of a batch of 128 images, forward and back; bench/peers/compare_convolution.py holds PyTorch against it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark {
    private static final int BATCH = 128;

    /** inputs x outputs x size of the image x kernel x stride. */
    @Param({"64x64x32x3x1", "16x16x32x3x1", "64x64x8x3x1", "3x16x32x3x1", "16x32x32x3x2", "16x32x32x1x2"})
    String layer;

    @Param({"portable", "best"})
    String tier;

    @Param("1")
    int threads;

    private Kernels kernels;
    private long multiplyAdds;
    private int gradients;
    private Workers workers;
    private Scratch scratch;
    private Parameter weight;
    private Matrix inp;
    private Matrix dout;
    private ConvolutionOperation operation;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(threads);
        scratch = new Scratch(threads);
        String[] sizes = layer.split("x");
        int kernel = Integer.parseInt(sizes[3]);
        Convolution convolution = new Convolution(
                Integer.parseInt(sizes[0]),
                Integer.parseInt(sizes[1]),
                kernel,
                Integer.parseInt(sizes[4]),
                kernel / 2,
                false);
        Shape image = new Shape(convolution.inputs(), Integer.parseInt(sizes[2]), Integer.parseInt(sizes[2]));
        Shape output = convolution.output(image);
        weight = new Parameter(
                "weight",
                convolution.parameters(image).get(0),
                RandomMatrix.of(convolution.outputs(), kernel * kernel * image.channels()));
        inp = RandomMatrix.of(BATCH * image.positions(), image.channels());
        dout = RandomMatrix.of(BATCH * output.positions(), output.channels());
        boolean isFirst = image.channels() == 3; // as PyTorch, which computes no gradient of images either
        operation = new ConvolutionOperation(
                convolution, new Site(kernels, workers, scratch, BATCH, image, isFirst), weight, null);
        operation.forward(inp, Phase.TRAINING);
        multiplyAdds = dout.rows() * weight.values().rows() * weight.values().columns();
        gradients = isFirst ? 1 : 2;
    }

    @Benchmark
    public Matrix forward(Rates.Arithmetic arithmetic) {
        arithmetic.multiplyAdds(multiplyAdds);
        return operation.forward(inp, Phase.TRAINING);
    }

    /** Both gradients of the last forward pass. */
    @Benchmark
    public Matrix backward(Rates.Arithmetic arithmetic) {
        arithmetic.multiplyAdds(gradients * multiplyAdds);
        Pass pass = new Pass();
        Matrix dinp = operation.backward(dout, pass);
        pass.run(List.of());
        return dinp;
    }

    private final class Pass implements BackwardPass {
        private final List<Task> pending = new ArrayList<>();

        @Override
        public void run(List<Task> tasks) {
            List<Task> all = new ArrayList<>(tasks);
            all.addAll(pending);
            pending.clear();
            workers.forEach(all.size(), (part, worker) -> all.get((int) part).run(worker));
        }

        @Override
        public void later(List<Task> tasks) {
            pending.addAll(tasks);
        }

        @Override
        public void gradient(Parameter parameter, Block block, Matrix gradient) {
            // the optimiser's step has a benchmark of its own
        }
    }

    @TearDown
    public void tearDown() {
        operation.close();
        List.of(weight.values(), inp, dout).forEach(Matrix::close);
        scratch.close();
        workers.close();
        kernels.close();
    }
}
