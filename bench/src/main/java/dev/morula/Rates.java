package dev.morula;

import dev.morula.kernel.Matrix;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark's calls do, counted, so that JMH reports it a second beside the calls a second: where the unit of
 * throughput is the second, {@code gigaflop} are GFLOP/s and {@code gigabyte} GB/s. {@code bench/rates.py} holds them against
 * the ceilings that {@code CeilingBenchmark} measures.
 */
public final class Rates {
    private Rates() {}

    /** The arithmetic of products: two operations for each multiplication and addition that the definition has. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Arithmetic {
        public double gigaflop;

        /** A call that multiplies and adds so often. */
        public void multiplyAdds(long count) {
            gigaflop += 2e-9 * count;
        }
    }

    /**
     * The memory that a call must read and write at least, each number once, however often the kernel does. Vectors of one
     * number a channel beside matrices of a batch are not counted.
     */
    @AuxCounters
    @State(Scope.Thread)
    public static class Traffic {
        public double gigabyte;

        /** A call that reads all of these. */
        public void reads(Matrix... matrices) {
            count(matrices);
        }

        /** A call that writes all of these. */
        public void writes(Matrix... matrices) {
            count(matrices);
        }

        private void count(Matrix... matrices) {
            for (Matrix matrix : matrices) {
                gigabyte += 1e-9 * matrix.bytes();
            }
        }
    }
}
