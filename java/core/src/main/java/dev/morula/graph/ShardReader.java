package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.data.InputFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads a shard record by record; several threads may, each into an {@link EdgeRecord} of its own. Opening it checks the
 * header, the end and the length of the file, reading a record that record. Whatever is damaged or missing is an error of
 * kind INPUT that names the file.
 */
public final class ShardReader implements AutoCloseable {
    private final InputFile file;
    private final ShardFormat format;
    private final long edges;

    private ShardReader(InputFile file, ShardFormat format, long edges) {
        this.file = file;
        this.format = format;
        this.edges = edges;
    }

    public static ShardReader open(Path path) {
        InputFile file = InputFile.open(path);
        try {
            ShardFormat format = ShardFormat.read(file);
            return new ShardReader(file, format, edges(file, format));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static long edges(InputFile file, ShardFormat format) {
        if (file.size() >= format.headerBytes() + ShardFormat.END_BYTES) {
            ByteBuffer end = file.read(file.size() - ShardFormat.END_BYTES, ShardFormat.END_BYTES, "end");
            long edges = end.getLong(0);
            if (edges >= 0 && edges <= file.size() && Arrays.equals(end.array(), format.end(edges))) {
                if (format.fileBytes(edges) != file.size()) {
                    throw MorulaException.input(
                            "%s: is damaged: %,d edges take %,d bytes, but it has %,d",
                            file.path(), edges, format.fileBytes(edges), file.size());
                }
                return edges;
            }
        }
        throw MorulaException.input(
                "%s: is truncated or damaged: it does not end as an edge shard of its header does", file.path());
    }

    public Path path() {
        return file.path();
    }

    public ShardHeader header() {
        return format.header();
    }

    public long edges() {
        return edges;
    }

    public long records() {
        return format.records(edges);
    }

    /** The most edges that a record has. */
    public int recordEdges() {
        return format.recordEdges();
    }

    /** Reads record {@code number}, from 0 on, into {@code target}, which has room for {@link #recordEdges()}. */
    public void read(long number, EdgeRecord target) {
        long offset = format.offset(number);
        int count = (int) Math.min(format.recordEdges(), edges - number * format.recordEdges());
        long pairsOffset = offset + ShardFormat.CHECKSUM_BYTES;
        CRC32C checksum = format.checksum(number);
        file.read(offset, target.bytes(), ShardFormat.CHECKSUM_BYTES);
        int stated = ShardFormat.littleEndian(ShardFormat.CHECKSUM_BYTES)
                .put(target.bytes(), 0, ShardFormat.CHECKSUM_BYTES)
                .getInt(0);
        file.read(pairsOffset, target.bytes(), count * Long.BYTES);
        checksum.update(target.bytes(), 0, count * Long.BYTES);
        target.pairs().writeBytes(0, target.bytes(), count);
        file.read(pairsOffset + (long) count * Long.BYTES, target.bytes(), count * Float.BYTES);
        checksum.update(target.bytes(), 0, count * Float.BYTES);
        target.values().writeBytes(0, target.bytes(), count);
        target.setCount(count);
        if ((int) checksum.getValue() != stated) {
            throw MorulaException.input(
                    "%s: is damaged: record %,d of %,d does not match its checksum", path(), number + 1, records());
        }
    }

    /** Reads all records, so that any damage shows. */
    public void verify() {
        try (EdgeRecord record = new EdgeRecord(recordEdges())) {
            for (long number = 0; number < records(); number++) {
                read(number, record);
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
