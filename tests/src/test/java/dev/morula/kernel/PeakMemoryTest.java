package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeakMemoryTest {
    private static final int MEBIBYTES = 64;

    @Test
    void keepsThePeakAfterTheMemoryIsGone() throws InterruptedException {
        try (PeakMemory memory = PeakMemory.open()) {
            long before = PeakMemory.anonymousBytes();
            try (Matrix matrix = Matrix.allocate(ElementType.F32, MEBIBYTES, 1 << 18)) {
                float[] ones = new float[1 << 18];
                for (int row = 0; row < MEBIBYTES; row++) {
                    matrix.write((long) row << 18, ones, 0, ones.length); // memory counts once it is touched
                }
                Thread.sleep(200); // many sampling intervals
            }
            // half of it, since the collector may give memory back meanwhile
            assertThat(memory.peakBytes()).isGreaterThan(before + ((long) MEBIBYTES << 19));
            assertThat(memory.peakBytes()).isGreaterThan(PeakMemory.anonymousBytes());
        }
    }
}
