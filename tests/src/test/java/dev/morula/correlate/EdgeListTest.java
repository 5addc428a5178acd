package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EdgeListTest {
    private static final int BATCH = 1009;
    private static final int BATCHES = 600; // two chunks and a bit

    /** Batch b has the edges b * BATCH to (b + 1) * BATCH - 1, each with its own number as its value. */
    private static long addBatches(EdgeList edges) {
        AtomicLong added = new AtomicLong();
        try (Workers workers = new Workers(4)) {
            workers.forEach(BATCHES, (batch, worker) -> {
                long[] pairs = new long[BATCH];
                float[] values = new float[BATCH];
                Arrays.setAll(pairs, k -> batch * BATCH + k);
                for (int k = 0; k < BATCH; k++) {
                    values[k] = pairs[k];
                }
                try (Matrix somePairs = Matrix.allocate(ElementType.I64, 1, BATCH);
                        Matrix someValues = Matrix.allocate(ElementType.F32, 1, BATCH)) {
                    somePairs.write(0, pairs, 0, BATCH);
                    someValues.write(0, values, 0, BATCH);
                    added.addAndGet(edges.add(somePairs, someValues, BATCH) ? BATCH : 0);
                }
            });
        }
        return added.get();
    }

    @Test
    void losesNothingThatThreadsAddAtTheSameTime() {
        try (EdgeList edges = new EdgeList()) {
            assertThat(addBatches(edges)).isEqualTo(BATCHES * BATCH).isEqualTo(edges.count());
            long[] found = new long[BATCHES * BATCH];
            int length = 0;
            for (EdgeList.Chunk chunk : edges.chunks()) {
                float[] values = new float[chunk.count()];
                chunk.pairs().read(0, found, length, chunk.count());
                chunk.values().read(0, values, 0, chunk.count());
                for (float value : values) {
                    assertThat((long) value).isEqualTo(found[length++]); // exact below 2^24
                }
            }
            Arrays.sort(found);
            for (int k = 0; k < found.length; k++) {
                assertThat(found[k]).isEqualTo(k);
            }
        }
    }

    @Test
    void isNeverLongerThanAllowed() {
        try (EdgeList edges = new EdgeList(100 * BATCH + 1)) {
            assertThat(addBatches(edges)).isEqualTo(100 * BATCH).isEqualTo(edges.count());
        }
    }

    @Test
    void theFirstChunkIsTakenOutWithItsMemory() {
        EdgeList edges = new EdgeList();
        addBatches(edges);
        List<EdgeList.Chunk> chunks = edges.chunks();
        assertThat(chunks).hasSize(3);
        try (EdgeList.Chunk first = edges.takeFirst()) {
            assertThat(first).isSameAs(chunks.get(0));
            assertThat(edges.chunks()).isEqualTo(chunks.subList(1, 3));
            edges.close();
            assertThat(first.pairs().slice(0, 1)).isNotNull(); // still open
        }
        assertThat(edges.takeFirst()).isNull();
    }
}
