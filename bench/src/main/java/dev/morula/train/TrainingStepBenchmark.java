package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.prepare.Samples;
import java.util.Arrays;
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
 * One step of a preset with 10 outputs on a batch of 128 that is ready in memory: forward, loss, backward, momentum and
 * weight decay. bench/peers/train_step.py does the same work with PyTorch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrainingStepBenchmark {
    private static final int BATCH = 128;
    private static final int CLASSES = 10;
    private static final double RATE = 1e-4; // low enough for millions of steps on one batch

    @Param("mlp:784-256-256-4096")
    String net;

    /** Channels, height and width of a sample. */
    @Param("1x28x28")
    String sample;

    @Param("best")
    String tier;

    @Param("2")
    int threads;

    private Kernels kernels;
    private Workers workers;
    private Network network;
    private Samples samples;
    private TrainingStep step;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(threads);
        int[] sizes =
                Arrays.stream(sample.split("x")).mapToInt(Integer::parseInt).toArray();
        network = Network.initialise(Presets.parse(net, new Shape(sizes[0], sizes[1], sizes[2]), CLASSES), 1);
        TrainingOptions options =
                TrainingOptions.builder().optimizer(new Sgd(RATE, 0.9, 5e-4)).build();
        step = new TrainingStep(kernels, workers, network, options, BATCH);
        Shape input = network.definition().input();
        samples = new Samples(
                RandomMatrix.of((long) BATCH * input.positions(), input.channels()),
                RandomMatrix.labels(BATCH, CLASSES));
    }

    @Benchmark
    public double step() {
        return step.run(samples, RATE).loss();
    }

    @TearDown
    public void tearDown() {
        step.close();
        samples.close();
        network.close();
        workers.close();
        kernels.close();
    }
}
