package dev.morula.redundancy;

import dev.morula.RandomMatrix;
import dev.morula.Rates;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
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

/** Class means of 2,000 samples, distances from them and projections on them, by one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClassBenchmark {
    private static final int SAMPLES = 2000;

    @Param({"512", "8192"})
    int neurons;

    @Param({"10", "100"})
    int classes;

    private Kernels kernels;
    private Matrix values;
    private Matrix labels;
    private Matrix sums;
    private Matrix distances;
    private Matrix centre;
    private Matrix projections;

    @Setup
    public void setUp() {
        kernels = Kernels.cpu();
        values = RandomMatrix.of(SAMPLES, neurons);
        labels = RandomMatrix.labels(SAMPLES, classes);
        sums = Matrix.allocate(ElementType.F64, classes, neurons);
        distances = Matrix.allocate(ElementType.F64, SAMPLES, 1);
        centre = Matrix.allocate(ElementType.F64, 1, neurons);
        projections = Matrix.allocate(ElementType.F64, SAMPLES, classes);
        kernels.classes().sums(sums, values, labels, 0, neurons);
    }

    @Benchmark
    public void sums(Rates.Traffic traffic) {
        kernels.classes().sums(sums, values, labels, 0, neurons);
        traffic.reads(values, labels);
        traffic.writes(sums);
    }

    @Benchmark
    public void distances(Rates.Traffic traffic) {
        kernels.classes().distances(distances, values, labels, sums);
        traffic.reads(values, labels, sums);
        traffic.writes(distances);
    }

    @Benchmark
    public void project(Rates.Traffic traffic) {
        kernels.classes().project(projections, values, centre, sums);
        traffic.reads(values, sums);
        traffic.writes(projections);
    }

    @TearDown
    public void tearDown() {
        List.of(values, labels, sums, distances, centre, projections).forEach(Matrix::close);
        kernels.close();
    }
}
