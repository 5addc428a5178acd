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
import dev.morula.network.BatchNorm;
import dev.morula.network.ParameterSpec;
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

/**
 * Batch norm with its ReLU on one thread: of few features, of many, and of images whose numbers fit no cache. A copy of the
 * same numbers, which reads and writes each once, is the measure: forward moves 1.5 times as much where the second reading
 * finds nothing in cache, backward 3.5 times.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchNormBenchmark {
    /** rows x channels. */
    @Param({"256x64", "256x8192", "131072x64"})
    String batch;

    @Param({"portable", "best"})
    String tier;

    private final Workers workers = new Workers(1);
    private final Scratch scratch = new Scratch(1);
    private Kernels kernels;
    private List<Parameter> parameters;
    private BatchNormOperation operation;
    private Matrix inp;
    private Matrix dout;
    private Matrix out;
    private Matrix copy;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        int rows = Integer.parseInt(batch.split("x")[0]);
        int channels = Integer.parseInt(batch.split("x")[1]);
        parameters = List.of(
                parameter("weight", channels),
                parameter("bias", channels),
                parameter("running_mean", channels),
                parameter("running_var", channels));
        operation = new BatchNormOperation(
                new BatchNorm(channels),
                new Site(kernels, workers, scratch, rows, Shape.features(channels), false),
                parameters.get(0),
                parameters.get(1),
                parameters.get(2),
                parameters.get(3),
                Activation.RELU);
        inp = RandomMatrix.of(rows, channels);
        dout = Matrix.allocate(ElementType.F32, rows, channels);
        copy = Matrix.allocate(ElementType.F32, rows, channels);
        inp.copyTo(0, dout, 0, (long) rows * channels);
        out = operation.forward(inp, Phase.TRAINING);
    }

    private static Parameter parameter(String name, int channels) {
        return new Parameter(
                name,
                new ParameterSpec(name, List.of(channels), ParameterSpec.Role.SCALE),
                Matrix.allocate(ElementType.F32, 1, channels));
    }

    @Benchmark
    public void forward(Rates.Traffic traffic) {
        operation.forward(inp, Phase.TRAINING);
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void evaluation(Rates.Traffic traffic) {
        operation.forward(inp, Phase.EVALUATION);
        traffic.reads(inp);
        traffic.writes(out);
    }

    @Benchmark
    public void backward(Rates.Traffic traffic) {
        Matrix dinp = operation.backward(dout, new InlinePass());
        traffic.reads(dout, inp, out);
        traffic.writes(dinp);
    }

    @Benchmark
    public void copy(Rates.Traffic traffic) {
        inp.copyTo(0, copy, 0, inp.rows() * inp.columns());
        traffic.reads(inp);
        traffic.writes(copy);
    }

    @TearDown
    public void tearDown() {
        operation.close();
        parameters.forEach(parameter -> parameter.values().close());
        List.of(inp, dout, copy).forEach(Matrix::close);
        scratch.close();
        workers.close();
        kernels.close();
    }

    /** Runs everything at once and makes nothing of the gradients. */
    static final class InlinePass implements BackwardPass {
        @Override
        public void run(List<Task> tasks) {
            tasks.forEach(task -> task.run(0));
        }

        @Override
        public void later(List<Task> tasks) {
            run(tasks);
        }

        @Override
        public void gradient(Parameter parameter, Block block, Matrix gradient) {
            // a benchmark of the layer, not of the optimiser
        }
    }
}
