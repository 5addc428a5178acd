package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.data.StoredArray.Order;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One array of an {@link NpzFile}. */
public final class NpzArray {
    private static final int SMALL = 1 << 20;

    private final Path file;
    private final String name;
    private final ZipEntries.Entry entry;
    private final NpyHeader header;

    private NpzArray(Path file, String name, ZipEntries.Entry entry, NpyHeader header) {
        this.file = file;
        this.name = name;
        this.entry = entry;
        this.header = header;
    }

    static NpzArray open(InputFile file, String name, ZipEntries.Entry entry) throws IOException {
        String owner = file.path() + ":" + name;
        try (EntryStream stream = new EntryStream(file, entry)) {
            return new NpzArray(file.path(), owner, entry, NpyHeader.read(stream.bytes, owner));
        }
    }

    /** The element type; an error of kind INPUT if it is none that Morula reads. */
    public ElementType type() {
        return header.type(name);
    }

    /** The lengths of the dimensions. */
    public List<Long> shape() {
        return header.shape();
    }

    /** Number of elements. */
    public long count() {
        return Shapes.count(name, header.shape());
    }

    /**
     * The elements of a non-empty vector (n x 1) or matrix in C order: mapped read-only if the archive stores them
     * uncompressed and aligned (then without reading its checksum), else read into a matrix of {@code allocator}.
     */
    public Matrix matrix(MatrixAllocator allocator) {
        ElementType type = type();
        requireBody(type);
        StoredArray stored =
                new StoredArray(file, name, type, header.order(), header.shape(), entry.offset() + header.bytes());
        if (header.order() == Order.FORTRAN && header.shape().size() > 1) {
            throw MorulaException.input("%s: is in Fortran order; numpy.ascontiguousarray mends that", name);
        }
        return entry.method() == ZipEntries.STORED && stored.isAligned() ? stored.map() : copy(stored, allocator);
    }

    private Matrix copy(StoredArray stored, MatrixAllocator allocator) {
        List<Long> shape = header.shape();
        if (shape.size() > 2 || count() == 0) {
            return stored.map(); // which says what is wrong with the shape
        }
        Matrix target = allocator.allocate(
                stored.type(), shape.isEmpty() ? 1 : shape.get(0), shape.size() < 2 ? 1 : shape.get(1));
        try (InputFile input = InputFile.open(file);
                EntryStream stream = new EntryStream(input, entry)) {
            stream.skipHeader(header);
            byte[] buffer = new byte[Elements.CHUNK_BYTES];
            int size = stored.type().bytes();
            for (long at = 0; at < count(); at += buffer.length / size) {
                int length = (int) Math.min(buffer.length / size, count() - at);
                stream.read(buffer, length * size);
                target.writeBytes(at, buffer, length);
            }
            stream.requireEnd();
            return target;
        } catch (IOException e) {
            target.close();
            throw failure(e);
        } catch (RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** The numbers of a small I32 or I64 array. */
    public long[] integers() {
        ElementType type = type();
        if (type.isFloating()) {
            throw MorulaException.input("%s: has elements of type %s; whole numbers are needed", name, header.descr());
        }
        requireBody(type);
        ByteBuffer bytes = ByteBuffer.wrap(small()).order(ByteOrder.LITTLE_ENDIAN);
        long[] values = new long[bytes.capacity() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == ElementType.I32 ? bytes.getInt() : bytes.getLong();
        }
        return values;
    }

    /** The text of a scalar of NumPy's bytes type, as {@code numpy.bytes_("csr")} is. */
    public String text() {
        if (!header.descr().matches("\\|S\\d+") || !header.shape().isEmpty()) {
            throw MorulaException.input(
                    "%s: has type \"%s\" and shape %s; one bytes scalar is needed",
                    name, header.descr(), Shapes.format(header.shape()));
        }
        return new String(small(), StandardCharsets.US_ASCII);
    }

    private void requireBody(ElementType type) {
        Npy.requireBody(name, header, type.bytes(), entry.bytes() - header.bytes());
    }

    private byte[] small() {
        long bytes = entry.bytes() - header.bytes();
        if (bytes < 0 || bytes > SMALL) {
            throw MorulaException.input("%s: has %d bytes; a small array is needed", name, bytes);
        }
        try (InputFile input = InputFile.open(file);
                EntryStream stream = new EntryStream(input, entry)) {
            stream.skipHeader(header);
            byte[] content = new byte[(int) bytes];
            stream.read(content, content.length);
            stream.requireEnd();
            return content;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private MorulaException failure(IOException e) {
        return MorulaException.input("%s: is damaged: %s", name, e.getMessage() == null ? e : e.getMessage());
    }
}
