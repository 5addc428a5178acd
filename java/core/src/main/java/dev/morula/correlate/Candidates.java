package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pairs that could not be ruled out, off-heap, in chunks. Each worker fills a chunk of its own, so that what it found in
 * one tile stays together.
 */
final class Candidates implements AutoCloseable {
    /** Bytes that a candidate takes: its positions, and the sum of its products. */
    static final long BYTES = Long.BYTES + Double.BYTES;

    static final int CHUNK = 1 << 15;

    private static final double[] ZEROS = new double[CHUNK];

    /** Up to {@link #CHUNK} pairs of positions (I64) and their sums (F64), zero at first. */
    static final class Chunk implements AutoCloseable {
        final Matrix pairs = Matrix.allocate(ElementType.I64, 1, CHUNK);
        final Matrix sums = Matrix.allocate(ElementType.F64, 1, CHUNK);
        int count;

        @Override
        public void close() {
            pairs.close();
            sums.close();
        }
    }

    private final long capacity;
    private final Chunk[] current;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Chunk> spare = new ArrayList<>();
    private final AtomicLong count = new AtomicLong();

    /** Room for {@code capacity} pairs and one tile more for each of the workers. */
    Candidates(long capacity, int workers) {
        this.capacity = capacity;
        this.current = new Chunk[workers];
    }

    /** Appends the first {@code added} of {@code pairs}. */
    void add(Matrix pairs, long added, int worker) {
        for (long from = 0; from < added; ) {
            Chunk chunk = current[worker];
            if (chunk == null || chunk.count == CHUNK) {
                chunk = current[worker] = take();
            }
            long length = Math.min(added - from, CHUNK - chunk.count);
            pairs.copyTo(from, chunk.pairs, chunk.count, length);
            chunk.count += (int) length;
            from += length;
        }
        count.addAndGet(added);
    }

    private synchronized Chunk take() {
        Chunk chunk = spare.isEmpty() ? new Chunk() : spare.remove(spare.size() - 1);
        chunks.add(chunk);
        return chunk;
    }

    boolean isFull() {
        return count.get() >= capacity;
    }

    long count() {
        return count.get();
    }

    /** All chunks; not while workers add. */
    List<Chunk> chunks() {
        return chunks;
    }

    /** Drops all pairs and keeps the memory. */
    void clear() {
        for (Chunk chunk : chunks) {
            chunk.count = 0;
            chunk.sums.write(0, ZEROS, 0, CHUNK);
        }
        spare.addAll(chunks);
        chunks.clear();
        java.util.Arrays.fill(current, null);
        count.set(0);
    }

    @Override
    public void close() {
        chunks.forEach(Chunk::close);
        spare.forEach(Chunk::close);
    }
}
