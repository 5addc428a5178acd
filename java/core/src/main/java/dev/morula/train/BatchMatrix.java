package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** Memory for what an operation makes of one batch after the other; a batch that is smaller uses its first rows. */
final class BatchMatrix implements AutoCloseable {
    private Matrix held;
    private Matrix view;

    /** A matrix of this shape, whatever is in it; one that was handed out before is not to be used any more. */
    Matrix of(long rows, long columns) {
        if (view == null || view.rows() != rows || view.columns() != columns) {
            view = room(rows, columns).slice(0, rows);
        }
        return view;
    }

    /** One like {@code other}. */
    Matrix like(Matrix other) {
        return of(other.rows(), other.columns());
    }

    private Matrix room(long rows, long columns) {
        if (held == null || held.rows() < rows || held.columns() != columns) {
            close();
            held = Matrix.allocate(ElementType.F32, rows, columns);
        }
        return held;
    }

    @Override
    public void close() {
        if (held != null) {
            held.close();
        }
    }
}
