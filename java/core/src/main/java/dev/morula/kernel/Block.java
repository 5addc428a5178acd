package dev.morula.kernel;

import java.util.Objects;

/** Rows {@code row} to {@code row + rows - 1} and columns {@code column} to {@code column + columns - 1} of a matrix. */
public record Block(long row, long rows, long column, long columns) {
    void requireInside(Matrix matrix) {
        Objects.checkFromIndexSize(row, rows, matrix.rows());
        Objects.checkFromIndexSize(column, columns, matrix.columns());
    }
}
