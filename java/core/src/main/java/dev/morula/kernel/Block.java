package dev.morula.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A rectangle of a matrix: what one kernel call computes of its result. */
public record Block(long firstRow, long rows, long firstColumn, long columns) {
    /** Blocks wider than this are a multiple of it: one AVX-512 vector of floats. */
    private static final long VECTOR = 16;

    /** All of a {@code rows} x {@code columns} matrix. */
    public static Block whole(long rows, long columns) {
        return new Block(0, rows, 0, columns);
    }

    /**
     * Cuts a {@code rows} x {@code columns} matrix across its longer side into blocks of at most {@code most} elements
     * (or of one row or column, where that has more), and into at least {@code parts} where it is long enough.
     */
    public static List<Block> split(long rows, long columns, long parts, long most) {
        long length = Math.max(rows, columns);
        long width = Math.max(1, Math.min(ceilDiv(length, parts), most / Math.min(rows, columns)));
        if (width > VECTOR) {
            width -= width % VECTOR;
        }
        List<Block> blocks = new ArrayList<>();
        for (long first = 0; first < length; first += width) {
            long count = Math.min(width, length - first);
            blocks.add(rows > columns ? new Block(first, count, 0, columns) : new Block(0, rows, first, count));
        }
        return blocks;
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    void requireInside(Matrix matrix) {
        Objects.checkFromIndexSize(firstRow, rows, matrix.rows());
        Objects.checkFromIndexSize(firstColumn, columns, matrix.columns());
    }

    long[] descriptor() {
        return new long[] {firstRow, rows, firstColumn, columns};
    }
}
