package dev.morula.standardise;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.util.Random;
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

/** The ranks of 64 neurons on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class RankBenchmark {
    private static final int NEURONS = 64;

    @Param({"F16", "F32", "F64"})
    public ElementType type;

    @Param("10000")
    public int samples;

    private Kernels kernels;
    private Matrix values;
    private Matrix ranks;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open("best");
        values = Matrix.allocate(type, NEURONS, samples);
        ranks = Matrix.allocate(ElementType.F32, NEURONS, samples);
        Random random = new Random(1);
        byte[] row = new byte[samples * type.bytes()];
        for (int neuron = 0; neuron < NEURONS; neuron++) {
            random.nextBytes(row);
            for (int high = type.bytes() - 1; high < row.length; high += type.bytes()) {
                row[high] &= 0x3f; // from 0 to 2: no NaN, no infinity
            }
            values.writeBytes((long) neuron * samples, row, samples);
        }
    }

    @Benchmark
    public void rank() {
        kernels.rank(ranks, values);
    }

    @TearDown
    public void close() {
        values.close();
        ranks.close();
        kernels.close();
    }
}
