package dev.morula.standardise;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerView;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * The moments of 256 neurons, and their standardised rows, on one thread: neuron-major, in three passes over a row and one;
 * and the moments of as many neurons whose samples come first, in one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class MomentsBenchmark {
    private static final int NEURONS = 256;

    @Param({"portable", "best"})
    public String tier;

    @Param({"F16", "F32"})
    public ElementType type;

    @Param("10000")
    public int samples;

    private Kernels kernels;
    private Matrix values;
    private Matrix columns;
    private Matrix moments;
    private Matrix members;
    private Matrix standardised;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        values = Matrix.allocate(type, NEURONS, samples);
        moments = Matrix.allocate(ElementType.F64, NEURONS, Kernels.MOMENTS);
        members = Matrix.allocate(ElementType.I32, 1, NEURONS);
        standardised = Matrix.allocate(ElementType.F32, NEURONS, samples);
        members.write(0, IntStream.range(0, NEURONS).toArray(), 0, NEURONS);
        Random random = new Random(1);
        byte[] row = new byte[samples * type.bytes()];
        for (int neuron = 0; neuron < NEURONS; neuron++) {
            random.nextBytes(row);
            for (int high = type.bytes() - 1; high < row.length; high += type.bytes()) {
                row[high] &= 0x3f; // from 0 to 2: no NaN, no infinity
            }
            values.writeBytes((long) neuron * samples, row, samples);
        }
        columns = Matrix.allocate(type, samples, NEURONS);
        kernels.transposeBlock(columns, values, Block.whole(NEURONS, samples));
        moments();
    }

    @Benchmark
    public void columnMoments() {
        kernels.columnMoments(moments, new LayerView(columns, moments, Order.SAMPLE_MAJOR), 0, Metric.PEARSON);
    }

    @Benchmark
    public void moments() {
        kernels.moments(moments, values, Metric.PEARSON);
    }

    @Benchmark
    public void standardise() {
        kernels.standardise(standardised, new LayerView(values, moments), members, 1);
    }

    @TearDown
    public void close() {
        values.close();
        columns.close();
        moments.close();
        members.close();
        standardised.close();
        kernels.close();
    }
}
