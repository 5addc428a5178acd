package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.file.Path;

/** NumPy's .npy files. Reading maps them; {@link NpyWriter} streams arrays that are never whole in memory. */
public final class Npy {
    private Npy() {}

    /**
     * The array in {@code file}: f2, f4, f8, i4 or i8, of any shape.
     *
     * @throws MorulaException of kind INPUT if it is not one, not all there, or of another type
     */
    public static StoredArray open(Path file) {
        try (InputFile input = InputFile.open(file)) {
            String name = file.toString();
            NpyHeader header = NpyHeader.read(input.stream(0), name);
            ElementType type = header.type(name);
            requireBody(name, header, type.bytes(), input.size() - header.bytes());
            return new StoredArray(file, name, type, header.order(), header.shape(), header.bytes());
        } catch (IOException e) {
            throw InputFile.failure(file, e);
        }
    }

    /** Checks that the array that {@code header} claims, of elements of that size, is what follows it, {@code actual} bytes. */
    static void requireBody(String name, NpyHeader header, int elementBytes, long actual) {
        long expected = Shapes.count(name, header.shape()) * elementBytes;
        if (actual != expected) {
            throw MorulaException.input(
                    "%s: %s: shape %s of %s takes %d bytes, but %d follow the header",
                    name,
                    actual < expected ? "is truncated" : "has more bytes than its array",
                    Shapes.format(header.shape()),
                    header.descr(),
                    expected,
                    actual);
        }
    }

    /** Writes {@code matrix} (F16, F32, F64, I32 or I64) as a 2-D array. */
    public static void write(Path file, Matrix matrix) {
        try (NpyWriter writer = NpyWriter.create(file, matrix.type(), matrix.rows(), matrix.columns())) {
            writer.append(matrix);
            writer.commit();
        }
    }
}
