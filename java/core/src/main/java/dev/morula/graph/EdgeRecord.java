package dev.morula.graph;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** Room for the edges of one record of a shard, used for one record after the other. */
public final class EdgeRecord implements AutoCloseable {
    private final Matrix pairs;
    private final Matrix values;
    private final byte[] bytes;
    private int count;

    /** Room for {@code most} edges. */
    public EdgeRecord(int most) {
        this.pairs = Matrix.allocate(ElementType.I64, 1, most);
        this.values = Matrix.allocate(ElementType.F32, 1, most);
        this.bytes = new byte[most * Long.BYTES];
    }

    /** Smaller neuron * 2^32 + larger neuron of each edge (I64); {@link #count()} of them are there. */
    public Matrix pairs() {
        return pairs;
    }

    /** The correlation of each edge (F32). */
    public Matrix values() {
        return values;
    }

    /** How many edges were read. */
    public int count() {
        return count;
    }

    void setCount(int count) {
        this.count = count;
    }

    /** Where bytes pass through on their way from the file. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        pairs.close();
        values.close();
    }
}
