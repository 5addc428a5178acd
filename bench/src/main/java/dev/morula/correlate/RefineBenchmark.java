package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Sifted;
import dev.morula.kernel.Sign;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Candidates on one thread: products over a piece of 256 samples, and sifting. The time is that of one pair. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class RefineBenchmark {
    private static final int PAIRS = 1 << 15;

    @Param({"portable", "best"})
    public String tier;

    /** Rows that the pairs are of: 512 take half a megabyte, 8,192 more than a second-level cache has. */
    @Param({"512", "8192"})
    public int positions;

    private Kernels kernels;
    private Matrix rows;
    private Matrix pairs;
    private Matrix sums;
    private Matrix sifted;
    private Matrix values;
    private Matrix open;
    private Selection selection;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        Random random = new Random(1);
        rows = Matrix.allocate(ElementType.F32, positions, ScreenKernels.PIECE);
        float[] row = new float[ScreenKernels.PIECE];
        int[] neurons = new int[positions];
        for (int i = 0; i < positions; i++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextFloat() / row.length;
            }
            rows.write((long) i * row.length, row, 0, row.length);
            neurons[i] = i;
        }
        long[] drawn = random.longs(PAIRS, 0, (long) positions * (positions - 1))
                .sorted()
                .map(pair -> pair / (positions - 1) << 32 | pair % (positions - 1))
                .toArray();
        pairs = longs(drawn);
        sifted = longs(drawn);
        open = longs(drawn);
        sums = Matrix.allocate(ElementType.F64, 1, PAIRS);
        sums.write(0, random.doubles(PAIRS, -1, 1).toArray(), 0, PAIRS);
        values = Matrix.allocate(ElementType.F32, 1, PAIRS);
        Matrix list = Matrix.allocate(ElementType.I32, 1, positions);
        list.write(0, neurons, 0, positions);
        selection = new Selection(list, 0.9, Sign.SIGNED);
    }

    private static Matrix longs(long[] numbers) {
        Matrix matrix = Matrix.allocate(ElementType.I64, 1, numbers.length);
        matrix.write(0, numbers, 0, numbers.length);
        return matrix;
    }

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public void refine() {
        kernels.screen().refine(sums, pairs, PAIRS, rows);
    }

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public Sifted sift() {
        pairs.copyTo(0, sifted, 0, PAIRS);
        return kernels.screen().sift(sifted, values, open, sums, PAIRS, selection, 1e-6);
    }

    @TearDown
    public void close() {
        rows.close();
        pairs.close();
        sums.close();
        sifted.close();
        values.close();
        open.close();
        selection.neurons().close();
        kernels.close();
    }
}
