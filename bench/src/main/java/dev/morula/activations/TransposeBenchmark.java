package dev.morula.activations;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Transposes samples x neurons on one thread, into memory that was touched before and into memory that was not; times are
 * milliseconds a matrix. A copy of the same bytes is the bound.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TransposeBenchmark {
    @Param({"portable", "best"})
    public String tier;

    @Param({"F16", "F32"})
    public ElementType type;

    /** Samples x neurons; with 2047x16384 the rows of neurons begin at no cache line. */
    @Param("2048x16384")
    public String shape;

    private Kernels kernels;
    private Matrix in;
    private Matrix touched;
    private Block whole;

    @Setup(Level.Trial)
    public void fill() {
        String[] lengths = shape.split("x");
        whole = new Block(0, Long.parseLong(lengths[0]), 0, Long.parseLong(lengths[1]));
        kernels = BenchmarkKernels.open(tier);
        in = Matrix.allocate(type, whole.rows(), whole.columns());
        touched = Matrix.allocate(type, whole.columns(), whole.rows());
        byte[] sample = new byte[(int) whole.columns() * type.bytes()];
        for (int row = 0; row < whole.rows(); row++) {
            Arrays.fill(sample, (byte) row);
            in.writeBytes(row * whole.columns(), sample, (int) whole.columns());
        }
        kernels.transpose(touched, 0, in, whole);
    }

    @Benchmark
    public void intoTouchedMemory() {
        kernels.transpose(touched, 0, in, whole);
    }

    @Benchmark
    public void intoNewMemory() {
        try (Matrix fresh = Matrix.allocate(type, whole.columns(), whole.rows())) {
            kernels.transpose(fresh, 0, in, whole);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        in.close();
        touched.close();
        kernels.close();
    }
}
