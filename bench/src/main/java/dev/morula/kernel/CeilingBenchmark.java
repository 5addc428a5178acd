package dev.morula.kernel;

import dev.morula.RandomMatrix;
import dev.morula.Rates;
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
 * What this machine can do at best, to hold kernels against: OpenBLAS' product of large square matrices, and a copy of
 * memory. Each thread has a part of the rows. OpenBLAS chooses its own instructions, so there is no tier.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class CeilingBenchmark {

    /** Two factors, n x n. */
    @State(Scope.Benchmark)
    public static class Square {
        @Param("4096")
        int n;

        @Param("1")
        int threads;

        private Kernels kernels;
        private Workers workers;
        private Matrix left;
        private Matrix right;
        private Matrix out;

        @Setup
        public void setUp() {
            kernels = Kernels.cpu();
            workers = new Workers(threads);
            left = RandomMatrix.of(n, n);
            right = RandomMatrix.of(n, n);
            out = Matrix.allocate(ElementType.F32, n, n);
        }

        @TearDown
        public void tearDown() {
            List.of(left, right, out).forEach(Matrix::close);
            workers.close();
            kernels.close();
        }
    }

    /** A matrix to copy. It shows the speed of memory only where it is several times as large as the last cache. */
    @State(Scope.Benchmark)
    public static class Large {
        private static final int MEBIBYTE_OF_NUMBERS = 1 << 18;

        @Param("256")
        int mebibytes;

        @Param("1")
        int threads;

        private Workers workers;
        private Matrix source;
        private Matrix target;

        @Setup
        public void setUp() {
            workers = new Workers(threads);
            // not zeros: all pages never written are one to Linux, and that stays in cache
            source = RandomMatrix.of(mebibytes, MEBIBYTE_OF_NUMBERS);
            target = Matrix.allocate(ElementType.F32, mebibytes, MEBIBYTE_OF_NUMBERS);
        }

        @TearDown
        public void tearDown() {
            List.of(source, target).forEach(Matrix::close);
            workers.close();
        }
    }

    @Benchmark
    public void product(Square square, Rates.Arithmetic arithmetic) {
        List<Block> parts = parts(square.left, square.workers);
        square.workers.forEach(parts.size(), (part, worker) -> {
            Block rows = parts.get((int) part);
            square.kernels.product(
                    square.out.slice(rows.firstRow(), rows.rows()),
                    square.left.slice(rows.firstRow(), rows.rows()),
                    square.right);
        });
        arithmetic.multiplyAdds((long) square.n * square.n * square.n);
    }

    @Benchmark
    public void copy(Large large, Rates.Traffic traffic) {
        List<Block> parts = parts(large.source, large.workers);
        large.workers.forEach(parts.size(), (part, worker) -> {
            Block rows = parts.get((int) part);
            long first = rows.firstRow() * large.source.columns();
            large.source.copyTo(first, large.target, first, rows.rows() * large.source.columns());
        });
        traffic.reads(large.source);
        traffic.writes(large.target);
    }

    /** The rows of each thread. */
    private static List<Block> parts(Matrix matrix, Workers workers) {
        return Block.split(matrix.rows(), 1, workers.count(), matrix.rows());
    }
}
