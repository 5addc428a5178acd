package dev.morula.data;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an .npz archive that {@code numpy.load} opens: every array uncompressed and aligned to 64 bytes, so that it can be
 * mapped in place, in zip64 form where it must be. The same content gives the same bytes.
 *
 * <p>The archive appears under its name with {@link #commit()}; closed before that, nothing is left of it.
 */
public final class NpzWriter implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER = 30;
    private static final int LOCAL_CRC = 14;
    private static final int ZIP64_FIELD = 20;
    private static final int EXTRA_HEADER = 4;
    private static final int PADDING_FIELD = 0xd935; // the extra field that Android's zipalign pads with
    private static final long ZIP64_FROM = 0xffffffffL;

    /** The earliest that java.util.zip writes without a field of its own that depends on the time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

    private final OutputFile file;
    private final CountingStream position;
    private final ZipOutputStream zip;
    private final CRC32 checksum = new CRC32();
    private ZipEntry entry;
    private long entryStart;

    NpzWriter(OutputFile file) {
        this.file = file;
        this.position = new CountingStream(new BufferedOutputStream(file.stream(), 1 << 16));
        this.zip = new ZipOutputStream(position);
        zip.setMethod(ZipOutputStream.STORED);
    }

    public static NpzWriter create(Path target) {
        return new NpzWriter(OutputFile.create(target));
    }

    /** Writes one vector: all elements of {@code parts}, which have one type, one matrix after the other, row by row. */
    public void write(String name, List<Matrix> parts) {
        writeVector(name, Elements.of(parts));
    }

    public void write(String name, int[] vector) {
        writeVector(name, Elements.of(vector));
    }

    public void write(String name, long[] vector) {
        writeVector(name, Elements.of(vector));
    }

    public void write(String name, float[] vector) {
        writeVector(name, Elements.of(vector));
    }

    private void writeVector(String name, Elements elements) {
        begin(name, elements.type(), elements.count());
        append(elements);
        end();
    }

    /** Writes a matrix as a 2-D array. */
    public void write(String name, Matrix matrix) {
        begin(name, matrix.type(), List.of(matrix.rows(), matrix.columns()));
        append(matrix);
        end();
    }

    /** Writes ASCII text as a scalar of NumPy's bytes type. */
    public void writeText(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        begin(name, NpyHeader.format("|S" + bytes.length, List.of()), bytes.length);
        append(bytes, bytes.length);
        end();
    }

    /** Begins a vector of {@code count} elements, which {@link #append} gives piece by piece and {@link #end} completes. */
    public void begin(String name, ElementType type, long count) {
        begin(name, type, List.of(count));
    }

    private void begin(String name, ElementType type, List<Long> shape) {
        long bytes = Shapes.count(name, shape) * type.bytes();
        begin(name, NpyHeader.format(NpyHeader.descr(type), shape), bytes);
    }

    private void begin(String name, byte[] header, long contentBytes) {
        entryStart = position.count;
        entry = entry(name + ".npy", header.length + contentBytes);
        checksum.reset();
        try {
            zip.putNextEntry(entry);
        } catch (IOException e) {
            throw file.failure(e);
        }
        append(header, header.length);
    }

    /** Appends all elements of {@code matrix}, row by row. */
    public void append(Matrix matrix) {
        append(Elements.of(List.of(matrix)));
    }

    /** Appends all elements of {@code matrix}, which is I32, to a vector of I64. */
    public void appendWidened(Matrix matrix) {
        append(Elements.widened(matrix));
    }

    private void append(Elements elements) {
        elements.forEachChunk(this::append);
    }

    private void append(byte[] bytes, int length) {
        checksum.update(bytes, 0, length);
        try {
            zip.write(bytes, 0, length);
        } catch (IOException e) {
            throw file.failure(e);
        }
    }

    /** Ends the array that was begun; all its elements must have been appended. */
    public void end() {
        entry.setCrc(checksum.getValue()); // closeEntry compares it and the size, and the directory repeats it
        byte[] crc = {
            (byte) checksum.getValue(),
            (byte) (checksum.getValue() >> 8),
            (byte) (checksum.getValue() >> 16),
            (byte) (checksum.getValue() >> 24)
        };
        try {
            zip.closeEntry();
            position.flush();
            file.overwrite(crc, entryStart + LOCAL_CRC);
        } catch (IOException e) {
            throw file.failure(e);
        }
    }

    private ZipEntry entry(String name, long size) {
        ZipEntry made = new ZipEntry(name);
        made.setTimeLocal(EPOCH);
        made.setSize(size);
        made.setCompressedSize(size);
        made.setCrc(0); // it stands before the content, and end() writes it
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        int zip64 = size >= ZIP64_FROM ? ZIP64_FIELD : 0;
        long unpadded = position.count + LOCAL_HEADER + nameBytes + zip64 + EXTRA_HEADER;
        made.setExtra(padding((int) (-unpadded & (ALIGNMENT - 1))));
        return made;
    }

    private static byte[] padding(int length) {
        byte[] field = new byte[EXTRA_HEADER + length];
        field[0] = (byte) PADDING_FIELD;
        field[1] = (byte) (PADDING_FIELD >> 8);
        field[2] = (byte) length;
        return field;
    }

    /** Completes the archive and gives it its name. */
    public void commit() {
        try {
            zip.finish();
            zip.flush();
        } catch (IOException e) {
            throw file.failure(e);
        }
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }

    /** Knows where in the file the next byte goes. */
    private static final class CountingStream extends OutputStream {
        private final OutputStream out;
        private long count;

        CountingStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
