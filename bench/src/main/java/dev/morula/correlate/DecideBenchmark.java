package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Decision;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Decides 256 pairs on one thread, 16 a row, the way survivors come; the time is that of one pair. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBenchmark {
    private static final int ROWS = 16;
    private static final int COLUMNS = 16;
    private static final int PAIRS = ROWS * COLUMNS;

    @Param({"portable", "best"})
    public String tier;

    @Param("10000")
    public int samples;

    private Kernels kernels;
    private BenchmarkLayer layer;
    private Matrix neurons;
    private Matrix clones;
    private Matrix survivors;
    private Matrix pairs;
    private Matrix values;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        try (Workers workers = new Workers(1)) {
            layer = new BenchmarkLayer(ROWS + COLUMNS, samples, kernels, workers);
        }
        neurons = Matrix.allocate(ElementType.I32, 1, ROWS + COLUMNS);
        neurons.write(0, IntStream.range(0, ROWS + COLUMNS).toArray(), 0, ROWS + COLUMNS);
        clones = Matrix.allocate(ElementType.I32, 1, ROWS + COLUMNS); // neuron 0 again and again
        survivors = Matrix.allocate(ElementType.I64, 1, PAIRS);
        pairs = Matrix.allocate(ElementType.I64, 1, PAIRS);
        values = Matrix.allocate(ElementType.F32, 1, PAIRS);
        long[] all = new long[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            all[pair] = (long) (pair / COLUMNS) << 32 | ROWS + pair % COLUMNS;
        }
        survivors.write(0, all, 0, PAIRS);
    }

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public Decision inFloat64() {
        return decide(neurons);
    }

    /** Pairs of one neuron with itself: at threshold 1 each of them is a tie. */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public Decision inDoubleDouble() {
        return decide(clones);
    }

    private Decision decide(Matrix list) {
        survivors.copyTo(0, pairs, 0, PAIRS);
        return kernels.decide(pairs, values, PAIRS, layer.standardised().view(), new Selection(list, 1, Sign.SIGNED));
    }

    @TearDown
    public void close() {
        layer.close();
        neurons.close();
        clones.close();
        survivors.close();
        pairs.close();
        values.close();
        kernels.close();
    }
}
