package dev.morula.kernel;

import dev.morula.MorulaException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A row-major matrix of one {@link ElementType} outside the Java heap, with long indices: the only holder of bulk
 * numbers in Morula. It is allocated (zeroed), mapped read-only from a file, or backed by an unlinked scratch file.
 *
 * <p>{@link #close()} frees the memory; any use afterwards throws {@link IllegalStateException}. Closing waits for native
 * calls that are using the matrix in other threads. A matrix that was forgotten is freed when it is garbage collected.
 * A slice is a view of rows that lives exactly as long as the matrix it was cut from: closing either closes both.
 */
public final class Matrix implements AutoCloseable {
    private final Memory memory;
    private final long address;
    private final ElementType type;
    private final long rows;
    private final long columns;

    private Matrix(Memory memory, long address, ElementType type, long rows, long columns) {
        this.memory = memory;
        this.address = address;
        this.type = type;
        this.rows = rows;
        this.columns = columns;
    }

    /** A zeroed matrix in anonymous memory. */
    public static Matrix allocate(ElementType type, long rows, long columns) {
        Memory memory = Memory.allocate(byteSize(type, rows, columns));
        return new Matrix(memory, memory.address(), type, rows, columns);
    }

    /**
     * A read-only view of {@code rows * columns} elements that begin at byte {@code offset} of {@code file}; any offset
     * will do. A file that cannot be read or ends before them is bad input.
     */
    public static Matrix map(Path file, long offset, ElementType type, long rows, long columns) {
        Memory memory = Memory.map(file, offset, byteSize(type, rows, columns));
        return new Matrix(memory, memory.address(), type, rows, columns);
    }

    /**
     * A zeroed matrix in an unlinked file in {@code folder}, whose disk space is reserved first; fails with kind RESOURCES
     * where there is too little of it.
     */
    public static Matrix scratch(Path folder, ElementType type, long rows, long columns) {
        Memory memory = Memory.scratch(folder, byteSize(type, rows, columns));
        return new Matrix(memory, memory.address(), type, rows, columns);
    }

    /** The matrix {@code values}, copied. */
    public static Matrix of(float[][] values) {
        Matrix matrix = allocate(ElementType.F32, values.length, values[0].length);
        for (int row = 0; row < values.length; row++) {
            matrix.write(row * matrix.columns, values[row], 0, values[row].length);
        }
        return matrix;
    }

    private static long byteSize(ElementType type, long rows, long columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "a matrix has at least one row and column, not " + rows + " x " + columns);
        }
        try {
            return Math.multiplyExact(Math.multiplyExact(rows, columns), type.bytes());
        } catch (ArithmeticException e) {
            throw MorulaException.resources("a matrix of %d x %d %s is larger than any memory", rows, columns, type);
        }
    }

    public ElementType type() {
        return type;
    }

    public long rows() {
        return rows;
    }

    public long columns() {
        return columns;
    }

    /** Size of the elements in bytes. */
    public long bytes() {
        return rows * columns * type.bytes();
    }

    /** A view of {@code count} rows from {@code first} on. */
    public Matrix slice(long first, long count) {
        Objects.checkFromIndexSize(first, count, rows);
        memory.requireOpen();
        return new Matrix(memory, address + first * columns * type.bytes(), type, count, columns);
    }

    /** The same elements in other rows: as many in all. Like a slice, it lives as long as this. */
    public Matrix reshape(long newRows, long newColumns) {
        if (newRows < 1 || newColumns < 1 || newRows * newColumns != rows * columns) {
            throw new IllegalArgumentException(
                    rows + " x " + columns + " elements are not " + newRows + " x " + newColumns);
        }
        memory.requireOpen();
        return new Matrix(memory, address, type, newRows, newColumns);
    }

    /** Copies {@code length} elements, counted row by row from element {@code from}, into {@code target}. */
    public void read(long from, float[] target, int offset, int length) {
        access(from, target.length, offset, length, ElementType.F32);
        memory.read(at(from), target, offset, length);
    }

    public void read(long from, double[] target, int offset, int length) {
        access(from, target.length, offset, length, ElementType.F64);
        memory.read(at(from), target, offset, length);
    }

    public void read(long from, int[] target, int offset, int length) {
        access(from, target.length, offset, length, ElementType.I32);
        memory.read(at(from), target, offset, length);
    }

    public void read(long from, long[] target, int offset, int length) {
        access(from, target.length, offset, length, ElementType.I64);
        memory.read(at(from), target, offset, length);
    }

    /** Copies {@code length} numbers of {@code source} to element {@code to} and those after it. */
    public void write(long to, float[] source, int offset, int length) {
        access(to, source.length, offset, length, ElementType.F32);
        memory.write(at(to), source, offset, length);
    }

    public void write(long to, double[] source, int offset, int length) {
        access(to, source.length, offset, length, ElementType.F64);
        memory.write(at(to), source, offset, length);
    }

    public void write(long to, int[] source, int offset, int length) {
        access(to, source.length, offset, length, ElementType.I32);
        memory.write(at(to), source, offset, length);
    }

    public void write(long to, long[] source, int offset, int length) {
        access(to, source.length, offset, length, ElementType.I64);
        memory.write(at(to), source, offset, length);
    }

    /** The bytes of {@code length} elements from element {@code from} on, in this machine's order (little-endian). */
    public void readBytes(long from, byte[] target, int length) {
        access(from, target.length / type.bytes(), 0, length, type);
        memory.read(at(from), target, length * type.bytes());
    }

    /** Sets {@code length} elements from element {@code to} on from their bytes in this machine's order (little-endian). */
    public void writeBytes(long to, byte[] source, int length) {
        access(to, source.length / type.bytes(), 0, length, type);
        memory.write(at(to), source, length * type.bytes());
    }

    /** Copies {@code length} elements from element {@code from} on to element {@code to} on of {@code target}, of the same type. */
    public void copyTo(long from, Matrix target, long to, long length) {
        Objects.checkFromIndexSize(from, length, rows * columns);
        Objects.checkFromIndexSize(to, length, target.rows * target.columns);
        if (type != target.type) {
            throw new IllegalArgumentException("cannot copy " + type + " to " + target.type);
        }
        Memory.copy(memory, at(from), target.memory, target.at(to), length * type.bytes());
    }

    /** Row {@code row} of an F32 matrix, copied. */
    public float[] row(long row) {
        Objects.checkIndex(row, rows);
        float[] values = new float[Math.toIntExact(columns)];
        read(row * columns, values, 0, values.length);
        return values;
    }

    private void access(long element, int arrayLength, int offset, int length, ElementType expected) {
        Objects.checkFromIndexSize(offset, length, arrayLength);
        Objects.checkFromIndexSize(element, (long) length, rows * columns);
        if (type != expected) {
            throw new IllegalArgumentException("the matrix holds " + type + ", not " + expected);
        }
    }

    private long at(long element) {
        return address + element * type.bytes();
    }

    /** Where the first element is; only valid while the {@link #memory()} is in use. */
    long address() {
        return address;
    }

    boolean isAllOfItsMemory() {
        return memory.isAll(address, bytes());
    }

    /** Whether this and {@code other} are the same elements. */
    boolean isSameAs(Matrix other) {
        return memory == other.memory && address == other.address && bytes() == other.bytes();
    }

    Memory memory() {
        return memory;
    }

    /** Frees the memory, once no native call uses it any more. A second call does nothing. */
    @Override
    public void close() {
        memory.close();
    }
}
