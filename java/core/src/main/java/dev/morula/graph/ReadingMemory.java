package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import java.nio.file.Path;

/** Anonymous memory that reading a graph may take. */
final class ReadingMemory implements MatrixAllocator {
    private final Path file;
    private long left;

    ReadingMemory(Path file, long bytes) {
        this.file = file;
        this.left = bytes;
    }

    /** Counts {@code bytes} as taken, or fails with kind RESOURCES. */
    void take(long bytes) {
        if (bytes > left) {
            throw MorulaException.resources(
                    "%s: %,d bytes of memory are left for reading it, but %,d are needed; allow more with --memory",
                    file, left, bytes);
        }
        left -= bytes;
    }

    @Override
    public Matrix allocate(ElementType type, long rows, long columns) {
        take(rows * columns * type.bytes());
        return Matrix.allocate(type, rows, columns);
    }
}
