package dev.morula.graph;

import dev.morula.data.OutputFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Writes a shard: the edges whose smaller neuron is in a range of rows, in no particular order. Holds one record of them
 * in memory, 65,536 edges. The file appears under its name with {@link #commit()}; closed before that, nothing is left.
 */
public final class ShardWriter implements AutoCloseable {
    static final int RECORD_EDGES = 1 << 16;

    private final OutputFile file;
    private final ShardFormat format;
    private final Matrix pairs;
    private final Matrix values;
    private final byte[] bytes;
    private final Runnable committed;
    private int buffered;
    private long written;

    private ShardWriter(OutputFile file, ShardFormat format, Runnable committed) {
        this.file = file;
        this.format = format;
        this.committed = committed;
        this.pairs = Matrix.allocate(ElementType.I64, 1, format.recordEdges());
        this.values = Matrix.allocate(ElementType.F32, 1, format.recordEdges());
        this.bytes = new byte[format.recordEdges() * Long.BYTES];
    }

    /** Begins to write {@code target}, whose folder must exist. */
    public static ShardWriter create(Path target, ShardHeader header) {
        return create(target, header, RECORD_EDGES, () -> {});
    }

    /** Runs {@code committed} when the file has its name. */
    static ShardWriter create(Path target, ShardHeader header, int recordEdges, Runnable committed) {
        ShardFormat format = ShardFormat.of(header, recordEdges);
        OutputFile file = OutputFile.create(target);
        byte[] start = format.start();
        file.write(start, start.length);
        return new ShardWriter(file, format, committed);
    }

    /**
     * Appends the first {@code count} edges of {@code edgePairs} (I64, smaller neuron * 2^32 + larger neuron) and {@code
     * edgeValues} (F32). Threads may add at the same time.
     */
    public synchronized void add(Matrix edgePairs, Matrix edgeValues, long count) {
        for (long from = 0; from < count; ) {
            int length = (int) Math.min(count - from, format.recordEdges() - buffered);
            edgePairs.copyTo(from, pairs, buffered, length);
            edgeValues.copyTo(from, values, buffered, length);
            buffered += length;
            from += length;
            if (buffered == format.recordEdges()) {
                writeRecord();
            }
        }
    }

    /** Edges added so far. */
    public synchronized long edges() {
        return written + buffered;
    }

    /** The checksum stands before what it is of, so the numbers are read twice. */
    private void writeRecord() {
        CRC32C checksum = format.checksum(format.records(written));
        pairs.readBytes(0, bytes, buffered);
        checksum.update(bytes, 0, buffered * Long.BYTES);
        values.readBytes(0, bytes, buffered);
        checksum.update(bytes, 0, buffered * Float.BYTES);
        ByteBuffer stated = ShardFormat.littleEndian(ShardFormat.CHECKSUM_BYTES).putInt((int) checksum.getValue());
        file.write(stated.array(), ShardFormat.CHECKSUM_BYTES);
        pairs.readBytes(0, bytes, buffered);
        file.write(bytes, buffered * Long.BYTES);
        values.readBytes(0, bytes, buffered);
        file.write(bytes, buffered * Float.BYTES);
        written += buffered;
        buffered = 0;
    }

    /** Completes the file, forces it to the disk and gives it its name. */
    public synchronized void commit() {
        if (buffered > 0) {
            writeRecord();
        }
        file.write(format.end(written), ShardFormat.END_BYTES);
        file.commit();
        committed.run();
    }

    @Override
    public synchronized void close() {
        pairs.close();
        values.close();
        file.close();
    }
}
