package dev.morula.train;

import dev.morula.BenchmarkKernels;
import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Labelling;
import dev.morula.data.Split;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import java.util.Optional;
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
 * Eight seeds of one network of the pMNIST task, side by side, one thread each: the parity of digits from their first 10
 * whitened principal components, 10,000 samples. bench/peers/pmnist.py trains the same with PyTorch, one after the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class SeedsBenchmark {
    private static final int SEEDS = 8;

    @Param("64")
    int width;

    @Param("1")
    int epochs;

    @Param("best")
    String tier;

    @Param("2")
    int threads;

    private Kernels kernels;
    private Workers workers;
    private NetworkDefinition definition;
    private Samples samples;

    @Setup
    public void setUp() {
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(threads);
        DataSet digits = DataSource.parse("mnist-mini").load(Split.TRAIN);
        DataSet parity = Labelling.parse("parity").apply(digits, Split.TRAIN);
        try (FittedPreparation preparation =
                Preparation.parse("set,pca=10,whitened").fit(parity, kernels, workers)) {
            definition = Presets.parse("pmnist:" + width, preparation.output(), 1);
            samples = Samples.of(parity, preparation, definition, kernels, workers);
        }
    }

    @Benchmark
    public void train() {
        workers.forEach(SEEDS, (seed, worker) -> train(seed + 1));
    }

    private void train(long seed) {
        boolean wide = width >= 512; // diverges at the full rate
        TrainingOptions options = TrainingOptions.builder()
                .optimizer(new Sgd(wide ? 0.05 : 0.1, 0.9, 2e-3))
                .schedule(Schedule.parse(wide ? "cosine,warm-up=5" : "cosine"))
                .loss(new Loss.SquareHinge())
                .batch(256)
                .epochs(epochs)
                .seed(seed)
                .build();
        try (Workers alone = new Workers(1);
                Network network = Network.initialise(definition, new Initialisation.He(), seed);
                Training training = new Training(kernels, alone, network, samples, Optional.empty(), options)) {
            training.run(TrainingListener.NONE);
        }
    }

    @TearDown
    public void tearDown() {
        samples.close();
        workers.close();
        kernels.close();
    }
}
