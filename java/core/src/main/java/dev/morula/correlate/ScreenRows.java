package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import java.util.List;

/**
 * Rows of few numbers, made of projections, whose products are never below a correlation.
 *
 * @param projections neurons x at least the screen's rank
 * @param places which row of the projections each position has
 * @param absolute whether a strong negative correlation counts as a strong one
 */
record ScreenRows(Matrix projections, int[] places, Screen screen, double threshold, Sign absolute, Kernels kernels)
        implements PackedRows {
    @Override
    public long columns() {
        return screen.columns();
    }

    @Override
    public long packingBytes() {
        return columns() * Float.BYTES;
    }

    @Override
    public List<Sense> senses() {
        return absolute == Sign.ABSOLUTE ? List.of(Sense.values()) : List.of(Sense.CORRELATION);
    }

    @Override
    public Sign sign() {
        return Sign.SIGNED;
    }

    @Override
    public double pack(Matrix panel, long position, long rows, Side side, Sense sense) {
        Screen sensed = new Screen(screen.rank(), screen.deviation(), screen.projectionError(), sense);
        try (Matrix made = Matrix.allocate(ElementType.F32, rows, columns());
                Matrix projected = projected((int) position, (int) rows)) {
            double largest = kernels.screen().screenRows(made, projected, sensed, side);
            kernels.screen().packRows(panel, made, side);
            return largest;
        }
    }

    /** Projections of {@code rows} positions from {@code position} on; the caller closes them. */
    Matrix projected(int position, int rows) {
        Matrix projected = Matrix.allocate(ElementType.F32, rows, projections.columns());
        try (Matrix list = Matrix.allocate(ElementType.I32, rows, 1)) {
            list.write(0, places, position, rows);
            kernels.samples().gatherRows(projected, projections, list);
            return projected;
        }
    }

    @Override
    public double cut(double left, double right) {
        return threshold - kernels.screen().screenBound(screen, Math.max(left, right));
    }
}
