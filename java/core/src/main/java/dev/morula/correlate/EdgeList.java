package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Edges in no particular order, off-heap, in chunks. An edge is smaller neuron * 2^32 + larger neuron (I64) with its
 * correlation (F32). Threads may add at the same time.
 */
public final class EdgeList implements EdgeSink, AutoCloseable {
    /** Bytes an edge takes in the list. */
    public static final long BYTES = Long.BYTES + Float.BYTES;

    /** Bytes an edge takes while a graph is assembled from the list: in the list, and twice in the graph. */
    public static final long ASSEMBLY_BYTES = BYTES + 2L * (Integer.BYTES + Float.BYTES);

    private static final int CHUNK = 1 << 18;

    /** Up to a fixed number of edges, of which {@code count} are there. */
    public static final class Chunk implements AutoCloseable {
        private final Matrix pairs = Matrix.allocate(ElementType.I64, 1, CHUNK);
        private final Matrix values = Matrix.allocate(ElementType.F32, 1, CHUNK);
        private int count;

        public Matrix pairs() {
            return pairs;
        }

        public Matrix values() {
            return values;
        }

        public int count() {
            return count;
        }

        @Override
        public void close() {
            pairs.close();
            values.close();
        }
    }

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final long most;
    private long count;

    /** A list without bound. */
    public EdgeList() {
        this(Long.MAX_VALUE);
    }

    /** A list of at most {@code most} edges. */
    public EdgeList(long most) {
        this.most = most;
    }

    /**
     * Appends the first {@code added} edges of {@code pairs} (I64) and {@code values} (F32), or none of them, and says so
     * by false, if they would be too many.
     */
    @Override
    public synchronized boolean add(Matrix pairs, Matrix values, long added) {
        if (added > most - count) {
            return false;
        }
        for (long from = 0; from < added; ) {
            if (chunks.isEmpty() || chunks.getLast().count == CHUNK) {
                chunks.addLast(new Chunk());
            }
            Chunk last = chunks.getLast();
            long length = Math.min(added - from, CHUNK - last.count);
            pairs.copyTo(from, last.pairs, last.count, length);
            values.copyTo(from, last.values, last.count, length);
            last.count += (int) length;
            from += length;
        }
        count += added;
        return true;
    }

    public synchronized long count() {
        return count;
    }

    /** The chunks as they are now. */
    public synchronized List<Chunk> chunks() {
        return new ArrayList<>(chunks);
    }

    /** Takes the first chunk out, so that its memory can be freed as soon as it has been used; null when there is none. */
    public synchronized Chunk takeFirst() {
        return chunks.pollFirst();
    }

    @Override
    public synchronized void close() {
        chunks.forEach(Chunk::close);
        chunks.clear();
    }
}
